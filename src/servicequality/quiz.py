"""Checkpoint questions with feedback on every option."""
