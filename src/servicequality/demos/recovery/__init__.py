"""Demos of chapter 7, recovery: one module for each."""

from servicequality.demos.recovery.iceberg import iceberg
from servicequality.demos.recovery.paradox_machine import paradox_machine

__all__ = ["iceberg", "paradox_machine"]
