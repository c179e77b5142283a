"""Charts: pure functions from data to an Altair chart, in one theme."""
