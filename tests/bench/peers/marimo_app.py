"""The dashboard in marimo: `marimo run marimo_app.py`."""

import marimo

app = marimo.App()


@app.cell
def _():
    import dashboard
    import marimo as mo

    gaps = dashboard.load()
    return dashboard, gaps, mo


@app.cell
def _(dashboard, mo):
    sliders = mo.ui.dictionary(
        {
            name: mo.ui.slider(
                dashboard.LOW, dashboard.HIGH, dashboard.STEP, dashboard.START, label=name
            )
            for name in dashboard.SLIDERS
        }
    )
    mo.vstack(sliders.values())
    return (sliders,)


@app.cell
def _(dashboard, gaps, mo, sliders):
    mo.vstack(dashboard.charts(gaps, sliders.value))
    return


if __name__ == "__main__":
    app.run()
