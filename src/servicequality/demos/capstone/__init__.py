"""Demos of the capstone, a full audit: one module for each."""

from servicequality.demos.capstone.audit_a_state import audit_a_state

__all__ = ["audit_a_state"]
