"""One look for all charts: type scale, quiet axes, a colour-blind-safe palette."""

import altair as alt

ACCENT = "#1f5fa8"
CONTRAST = "#c2560a"
GREY = "#8793a0"
INK = "#1b2733"
SOFT = "#55636f"
LINE = "#e1e7ec"

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif'


@alt.theme.register("servicequality", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """Return the course's chart theme; importing `servicequality.charts` enables it."""
    return alt.theme.ThemeConfig(
        {
            "autosize": {"type": "fit-x", "contains": "padding"},
            "config": {
                "font": FONT,
                "background": "transparent",
                "view": {"stroke": None},
                "axis": {
                    "domainColor": GREY,
                    "tickColor": GREY,
                    "gridColor": LINE,
                    "labelColor": SOFT,
                    "labelFontSize": 12,
                    "titleColor": SOFT,
                    "titleFontSize": 12,
                    "titleFontWeight": 500,
                },
                "axisX": {"labelAngle": 0},
                "range": {"category": [ACCENT, CONTRAST, GREY, "#0f2f57", "#f2a65a"]},
                "legend": {"labelFontSize": 12, "titleFontSize": 12, "orient": "top"},
                "text": {"color": INK, "fontSize": 12},
                "point": {"filled": True, "size": 90},
            },
        }
    )
