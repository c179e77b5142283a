"""Demos of chapter 1, what service quality is: one module for each."""

from servicequality.demos.quality_definitions.what_and_how import what_and_how

__all__ = ["what_and_how"]
