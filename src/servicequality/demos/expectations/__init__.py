"""Demos of chapter 5, expectations: one module for each."""

from servicequality.demos.expectations.accordion import accordion
from servicequality.demos.expectations.ask_or_read import ask_or_read
from servicequality.demos.expectations.average_trap import average_trap
from servicequality.demos.expectations.moving_bar import moving_bar
from servicequality.demos.expectations.promise_dial import promise_dial

__all__ = ["accordion", "ask_or_read", "average_trap", "moving_bar", "promise_dial"]
