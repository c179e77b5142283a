"""Demos of chapter 7, recovery: one module for each."""

from servicequality.demos.recovery.iceberg import iceberg

__all__ = ["iceberg"]
