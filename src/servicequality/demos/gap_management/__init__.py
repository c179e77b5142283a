"""Demos of chapter 3, managing the gaps: one module for each."""

from servicequality.demos.gap_management.blueprint_lab import blueprint_lab
from servicequality.demos.gap_management.chasing_the_best import chasing_the_best
from servicequality.demos.gap_management.control_room import control_room
from servicequality.demos.gap_management.spend_the_budget import spend_the_budget
from servicequality.demos.gap_management.where_the_quality_leaks import where_the_quality_leaks

__all__ = [
    "blueprint_lab",
    "chasing_the_best",
    "control_room",
    "spend_the_budget",
    "where_the_quality_leaks",
]
