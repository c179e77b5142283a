"""Demos of chapter 4, the customer's role: one module for each."""

from servicequality.demos.customers_role.full_cafe import full_cafe

__all__ = ["full_cafe"]
