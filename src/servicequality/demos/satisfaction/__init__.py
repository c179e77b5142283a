"""Demos of chapter 6, satisfaction: one module for each."""

from servicequality.demos.satisfaction.how_many_to_ask import how_many_to_ask
from servicequality.demos.satisfaction.kano_lab import kano_lab
from servicequality.demos.satisfaction.satisfied_and_gone import satisfied_and_gone
from servicequality.demos.satisfaction.worth_of_retention import worth_of_retention

__all__ = ["how_many_to_ask", "kano_lab", "satisfied_and_gone", "worth_of_retention"]
