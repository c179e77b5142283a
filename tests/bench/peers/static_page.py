"""The dashboard without a server: the browser itself computes all of it, in Vega.

python static_page.py index.html
"""

import sys

import altair as alt
import dashboard


def page() -> alt.VConcatChart:
    gaps = dashboard.load()
    weights = [
        alt.param(
            name=f"weight_{name}",
            value=dashboard.START,
            bind=alt.binding_range(
                min=dashboard.LOW, max=dashboard.HIGH, step=dashboard.STEP, name=name
            ),
        )
        for name in dashboard.SLIDERS
    ]
    counts = {name: f"weight_{name}" for name in dashboard.SLIDERS}
    counts |= {name: str(dashboard.START) for name in gaps.columns if name not in counts}
    total = "+".join(counts.values())
    weighted = {name: f"datum.{name} * {count} / ({total})" for name, count in counts.items()}
    score = " + ".join(weighted.values())
    bars, histogram, curve = (draw(gaps) for draw in dashboard.CHARTS)
    low, high = dashboard.BINS[[0, -1]]
    return (
        alt.vconcat(
            bars.transform_calculate(**weighted)
            .transform_fold(list(weighted), ["dimension", "part"])
            .transform_aggregate(gap="mean(part)", groupby=["dimension"]),
            histogram.transform_calculate(score=score)
            .transform_bin(
                ["from", "to"],
                "score",
                bin=alt.Bin(extent=[low, high], step=dashboard.BINS[1] - low),
            )
            .transform_aggregate(guests="count()", groupby=["from", "to"]),
            curve.transform_calculate(score=score).transform_quantile(
                "score", step=0.01, as_=["share", "gap"]
            ),
        )
        .add_params(*weights)
        .configure_concat(spacing=40)
    )


if __name__ == "__main__":
    page().save(sys.argv[1], inline=True)
