"""Demos of chapter 1, what service quality is: one module for each."""

from servicequality.demos.quality_definitions.inside_the_lines import inside_the_lines
from servicequality.demos.quality_definitions.moments_of_truth import moments_of_truth
from servicequality.demos.quality_definitions.what_and_how import what_and_how
from servicequality.demos.quality_definitions.who_moved_my_score import who_moved_my_score

__all__ = ["inside_the_lines", "moments_of_truth", "what_and_how", "who_moved_my_score"]
