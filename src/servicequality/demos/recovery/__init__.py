"""Demos of chapter 7, recovery: one module for each."""

from servicequality.demos.recovery.iceberg import iceberg
from servicequality.demos.recovery.paradox_machine import paradox_machine
from servicequality.demos.recovery.recovery_desk import recovery_desk

__all__ = ["iceberg", "paradox_machine", "recovery_desk"]
