"""Demos: each joins a model, charts and controls. One module for each chapter."""
