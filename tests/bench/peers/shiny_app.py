"""The dashboard in Shiny for Python: `shiny run shiny_app.py`.

Each chart is made once and then given new contents, as Shiny's guide to fast updates advises.
"""

import altair as alt
import dashboard
from shiny import App, Inputs, Outputs, Session, reactive, ui
from shinywidgets import output_widget, register_widget

alt.JupyterChart.enable_offline()
gaps = dashboard.load()
start = dict.fromkeys(dashboard.SLIDERS, dashboard.START)

page = ui.page_fluid(
    *(
        ui.input_slider(
            name, name, dashboard.LOW, dashboard.HIGH, dashboard.START, step=dashboard.STEP
        )
        for name in dashboard.SLIDERS
    ),
    *(output_widget(draw.__name__) for draw in dashboard.CHARTS),
)


def server(input: Inputs, output: Outputs, session: Session) -> None:
    widgets = [
        register_widget(draw.__name__, alt.JupyterChart(chart))
        for draw, chart in zip(dashboard.CHARTS, dashboard.charts(gaps, start), strict=True)
    ]

    def weights() -> dict[str, float]:
        return {name: input[name]() for name in dashboard.SLIDERS}

    @reactive.effect
    @reactive.event(weights, ignore_init=True)
    def update() -> None:
        for widget, chart in zip(widgets, dashboard.charts(gaps, weights()), strict=True):
            widget.chart = chart


app = App(page, server)
