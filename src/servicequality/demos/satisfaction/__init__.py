"""Demos of chapter 6, satisfaction: one module for each."""

from servicequality.demos.satisfaction.kano_lab import kano_lab

__all__ = ["kano_lab"]
