"""Demos of chapter 3, managing the gaps: one module for each."""

from servicequality.demos.gap_management.where_the_quality_leaks import where_the_quality_leaks

__all__ = ["where_the_quality_leaks"]
