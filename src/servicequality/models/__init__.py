"""Pure functions: numbers in, numbers out. One module for each topic of the course."""
