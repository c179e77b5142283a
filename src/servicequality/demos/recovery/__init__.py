"""Demos of chapter 7, recovery: one module for each."""

from servicequality.demos.recovery.paradox_machine import paradox_machine

__all__ = ["paradox_machine"]
