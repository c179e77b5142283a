"""Toy demos without a subject, for trying the frame."""

from dataclasses import replace

import altair as alt
import pandas as pd

from servicequality import widgets as w


def bars(cups: alt.Data) -> alt.Chart:
    return (
        alt.Chart(cups, width="container", height=160)
        .mark_bar()
        .encode(
            alt.X("day:N"),
            alt.Y("income:Q", scale=alt.Scale(domain=[0, 120])),
        )
    )


def income(state: w.State) -> w.View:
    if state["price"] > 9:
        raise ValueError("Nobody pays more than 9.")
    if state["price"] == 8:
        raise ZeroDivisionError("a secret that no reader should see")
    cups = pd.DataFrame({"day": ["Mon", "Tue"], "cups": [4, 10 if state["sunny"] else 5]})
    cups["income"] = cups.cups * state["price"]
    total = w.fixed(cups.income.sum(), 1)
    return w.View(
        tables={
            "cups": cups,
            "total": pd.DataFrame({"what": ["Total"], "income": [cups.income.sum()]}),
        },
        numbers=(w.Number(label="Income", text=total),),
        sentence=f"At {w.fixed(state['price'], 1)} a cup the stand earns {total}.",
        explanation=f"Price times cups gives {total}.",
        teaser="Two days of a lemonade stand.",
        inactive=frozenset({"town"} if state["sunny"] else ()),
    )


def lemonade() -> w.Demo:
    return w.Demo(
        code="D0.1",
        title="The lemonade stand",
        question="What does a higher price earn?",
        evidence="T",
        assumption="In this model nobody minds the price.",
        taste=(
            w.Slider(
                name="price", label="Price of a cup", low=0, high=10, default=2, unit="credits"
            ),
        ),
        controls=(
            w.Toggle(name="sunny", label="It is sunny"),
            w.Group(
                "Place",
                (
                    w.Choice(
                        name="town",
                        label="Town",
                        options={"a": "Aville", "b": "Beeton"},
                        default="a",
                    ),
                ),
            ),
        ),
        presets=(
            w.Preset("First state"),
            w.Preset("Hot day", {"sunny": True, "price": 5}),
            w.Preset("Cheap", {"price": 1}),
        ),
        prediction=w.Prediction(
            question="How much does it earn at first?",
            options={"9": "9 credits", "18": "18 credits"},
            correct="18",
            feedback={"9": "Nine cups were sold, at 2 each.", "18": "Nine cups at 2 each."},
        ),
        panels=(
            w.Figure(
                title="Income of two days",
                description="Two bars, one for each day.",
                chart=bars,
                tables=("cups",),
                columns={"day": "Day", "cups": "Cups", "income": "Income (credits)"},
                before_commit=True,
            ),
            w.NumberTable(
                title="Both days", table="total", columns={"what": "", "income": "Income"}
            ),
        ),
        view=income,
        formula=r"I = p \sum_i c_i",
        formula_note="<i>I</i> income, <i>p</i> price, <i>c</i> cups.",
        challenge=w.Challenge(
            goal="Earn more than 60 credits.",
            solved=lambda state: state["sunny"] and state["price"] > 4,
            hint="Wait for the sun.",
            success="Sun and price together.",
        ),
    )


def question() -> w.Question:
    return w.Question(
        code="Q0.1",
        text="Is a toy a service?",
        options=(
            w.Option(text="Yes", feedback="A toy is a thing."),
            w.Option(text="No", feedback="Right, it is a thing.", correct=True),
        ),
    )


def still() -> w.ChartView:
    cups = pd.DataFrame({"day": ["Mon", "Tue"], "income": [40.0, 50.0]})
    return w.show(
        bars(cups), title="Two days", description="Two bars: 40 and 50 credits.", table=cups
    )


def marching(state: w.State) -> w.View:
    """A walker goes across in ten seconds, a rider follows at second 4 and turns back at once."""
    tracks = [
        ("ann", "walker", 0, 10, 10),
        ("ann", "walker", 0, 90, 10),
        ("ann", "walker", 10, 90, 30),
        ("bob", "rider", 4, 10, 30),
        ("bob", "rider", 4, 90, 30),
        ("bob", "rider", 6, 10, 30),
        ("bob", "rider", 9.5, 10, 10),
    ]
    speed = state["length"] / 10
    return w.View(
        tables={
            "tracks": pd.DataFrame(tracks, columns=["thing", "kind", "time", "x", "y"]).assign(
                time=lambda table: table["time"] * speed
            ),
            "scenery": pd.DataFrame(
                {"x": [50], "y": [20], "width": [20], "height": [8], "text": ["fountain"]}
            ),
            "moments": pd.DataFrame(
                {
                    "time": [0, 4 * speed, 10 * speed],
                    "text": ["Ann sets out.", "Bob follows.", "Ann is there."],
                }
            ),
            "curve": pd.DataFrame({"time": [0, 4 * speed], "value": [1, 2]}),
        },
        numbers=(w.Number(label="Length", text=w.fixed(state["length"], 0)),),
        sentence=f"The parade takes {w.fixed(state['length'], 0)} seconds.",
        explanation="It is a parade.",
        teaser="A parade.",
    )


def parade() -> w.Demo:
    panel = w.Animation(
        title="A parade",
        description="A walker and a rider cross a square.",
        looks={
            "walker": w.Look("on foot", "circle", "#1f5fa8"),
            "rider": w.Look("on a horse", "diamond", "#d9730d"),
        },
        width=100,
        height=40,
        radius=4,
        pace=1,
        glide=4,
        curve_label="How many",
        curve_top=2,
        columns={"time": "Second", "text": "What happens"},
        before_commit=True,
    )
    length = w.Slider(name="length", label="Length", low=5, high=100, step=5, default=10)
    return replace(
        lemonade(),
        code="D0.2",
        taste=(length,),
        controls=(),
        presets=(w.Preset("First state"), w.Preset("Slow", {"length": 100})),
        panels=(panel,),
        view=marching,
        challenge=replace(lemonade().challenge, solved=lambda state: state["length"] > 50),
    )
