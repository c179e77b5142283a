"""Demos of chapter 2, measuring with SERVQUAL: one module for each."""

from servicequality.demos.servqual.gap_scorer import gap_scorer

__all__ = ["gap_scorer"]
