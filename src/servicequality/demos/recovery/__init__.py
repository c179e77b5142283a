"""Demos of chapter 7, recovery: one module for each."""

from servicequality.demos.recovery.guarantee_designer import guarantee_designer
from servicequality.demos.recovery.iceberg import iceberg
from servicequality.demos.recovery.paradox_machine import paradox_machine
from servicequality.demos.recovery.recovery_desk import recovery_desk

__all__ = ["guarantee_designer", "iceberg", "paradox_machine", "recovery_desk"]
