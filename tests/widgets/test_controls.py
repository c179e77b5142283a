import math

import pytest

from servicequality.widgets import Choice, Slider, Toggle, fixed, percent

PRICE = Slider(name="price", label="Price of a cup", low=0, high=10, default=2, step=0.5)
TOWN = Choice(name="town", label="Town", options={"a": "Aville", "b": "Beeton"}, default="a")
SUN = Toggle(name="sunny", label="It is sunny")


@pytest.mark.parametrize("value", [0, 10, 3.5, 7])
def test_slider_takes_its_limits_and_what_lies_between(value):
    assert PRICE.check(value) == value


@pytest.mark.parametrize("value", [-0.1, 10.1, math.nan, math.inf, "3", None, True, [3]])
def test_slider_refuses_anything_else_and_says_what_is_allowed(value):
    with pytest.raises(ValueError, match=r"“Price of a cup” must be a number from 0.0 to 10.0"):
        PRICE.check(value)


@pytest.mark.parametrize(("step", "decimals"), [(1, 0), (10, 0), (0.5, 1), (0.1, 1), (0.05, 2)])
def test_slider_writes_as_many_digits_as_its_step_needs(step, decimals):
    assert Slider(name="x", label="X", low=0, high=20, default=0, step=step).decimals == decimals


def test_slider_may_have_a_button_that_goes_on():
    day = Slider(name="day", label="Day", low=1, high=7, default=1, step=1, button="Next day")
    assert day.declaration()["button"] == "Next day"
    assert PRICE.declaration()["button"] == ""


@pytest.mark.parametrize("value", ["c", None, 1, ["a"]])
def test_choice_refuses_what_is_not_an_option(value):
    with pytest.raises(ValueError, match="“Town” must be one of a, b"):
        TOWN.check(value)


@pytest.mark.parametrize("value", [1, "true", None])
def test_toggle_refuses_what_is_neither_true_nor_false(value):
    with pytest.raises(ValueError, match="“It is sunny” must be true or false"):
        SUN.check(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (fixed(-0.407), "−0.41"),
        (fixed(-0.001), "0.00"),
        (fixed(0.7, 1, sign=True), "+0.7"),
        (fixed(0, 1, sign=True), "0.0"),
        (fixed(-0.04, 1, sign=True), "0.0"),
        (fixed(math.nan), "–"),
        (fixed(-12345.678, 1), "−12,345.7"),
        (fixed(999.6, 0), "1,000"),
        (percent(0.70762), "70.8 %"),
    ],
)
def test_numbers_read_well(text, expected):
    assert text == expected


def test_an_option_may_bring_values_for_other_controls():
    town = Choice(
        name="town",
        label="Town",
        options={"a": "Aville", "b": "Beeton"},
        default="a",
        brings={"b": {"price": 3}},
    )
    assert [option["brings"] for option in town.declaration()["options"]] == [{}, {"price": 3}]
