"""Parts that demos share: the six-step frame, the chart view, the question. No subject matter."""

from servicequality.widgets.animation import Animation, Look
from servicequality.widgets.chart import ChartView, Figure, NumberTable, show
from servicequality.widgets.controls import Choice, Control, Group, Slider, State, Toggle
from servicequality.widgets.demo import (
    Challenge,
    Demo,
    DemoWidget,
    Number,
    Prediction,
    Preset,
    View,
)
from servicequality.widgets.numbers import fixed, percent
from servicequality.widgets.question import Option, Question, QuestionWidget
from servicequality.widgets.shelf import Item, Shelf
from servicequality.widgets.table import true_minus_in_tables

__all__ = [
    "Animation",
    "Challenge",
    "ChartView",
    "Choice",
    "Control",
    "Demo",
    "DemoWidget",
    "Figure",
    "Group",
    "Item",
    "Look",
    "Number",
    "NumberTable",
    "Option",
    "Prediction",
    "Preset",
    "Question",
    "QuestionWidget",
    "Shelf",
    "Slider",
    "State",
    "Toggle",
    "View",
    "fixed",
    "percent",
    "show",
    "true_minus_in_tables",
]
