"""The dashboard in Panel: `panel serve panel_app.py`."""

import dashboard
import panel as pn

pn.extension("vega")
gaps = pn.state.as_cached("gaps", dashboard.load)
sliders = {
    name: pn.widgets.IntSlider(
        name=name,
        start=dashboard.LOW,
        end=dashboard.HIGH,
        step=dashboard.STEP,
        value=dashboard.START,
    )
    for name in dashboard.SLIDERS
}
weights = dict.fromkeys(dashboard.SLIDERS, dashboard.START)
panes = [pn.pane.Vega(chart) for chart in dashboard.charts(gaps, weights)]


def update(**weights: float) -> None:
    for pane, chart in zip(panes, dashboard.charts(gaps, weights), strict=True):
        pane.object = chart


pn.bind(update, **sliders, watch=True)
pn.Column(*sliders.values(), *panes).servable()
