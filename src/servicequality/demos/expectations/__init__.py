"""Demos of chapter 5, expectations: one module for each."""

from servicequality.demos.expectations.accordion import accordion

__all__ = ["accordion"]
