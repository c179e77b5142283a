"""Load a dataset by name, with its schema checked."""
