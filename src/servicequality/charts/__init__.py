"""Charts: pure functions from data to an Altair chart, in one theme.

A chart function never looks into its data and states the type of every field, so it takes a table
or a reference to a table that will be sent later. Calculations belong to `servicequality.models`.
"""

from servicequality.charts import (
    average_trap,
    bars,
    benchmarking,
    blueprint,
    budget,
    capability,
    control_charts,
    delays,
    dimensionality,
    encounter_triad,
    expectations,
    gaps,
    importance_performance,
    intervals,
    journey,
    participation,
    perceived_quality,
    queueing,
    reliability,
    rows,
    service_profit_chain,
    servqual,
    theme,
    variance_components,
)

__all__ = [
    "average_trap",
    "bars",
    "benchmarking",
    "blueprint",
    "budget",
    "capability",
    "control_charts",
    "delays",
    "dimensionality",
    "encounter_triad",
    "expectations",
    "gaps",
    "importance_performance",
    "intervals",
    "journey",
    "participation",
    "perceived_quality",
    "queueing",
    "reliability",
    "rows",
    "service_profit_chain",
    "servqual",
    "theme",
    "variance_components",
]
