"""Demos of chapter 2, measuring with SERVQUAL: one module for each."""

from servicequality.demos.servqual.alpha_microscope import alpha_microscope
from servicequality.demos.servqual.gap_scorer import gap_scorer
from servicequality.demos.servqual.move_the_crosshair import move_the_crosshair
from servicequality.demos.servqual.three_rulers import three_rulers

__all__ = ["alpha_microscope", "gap_scorer", "move_the_crosshair", "three_rulers"]
