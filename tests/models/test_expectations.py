import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import expectations
from servicequality.models.expectations import (
    DIMENSIONS,
    DRIVERS,
    expectations_by_dimension,
    form_expectations,
)
from servicequality.models.zone_of_tolerance import zone_of_tolerance

driver_values = st.fixed_dictionaries({name: st.floats(-2, 2) for name in DRIVERS})


@pytest.mark.oracle("O5.2")
@pytest.mark.parametrize(
    ("drivers", "desired", "adequate", "predicted", "width"),
    [
        ({}, 7, 5, 6, 2),
        ({"situational": 2}, 7, 4.2, 6, 2.8),
        ({"transitory": 2, "needs": 1}, 7.4, 5.8, 6, 1.6),
        ({"past": 1.5, "word_of_mouth": 1, "explicit": 1}, 7.7, 5.375, 7.25, 2.325),
        ({"alternatives": -2}, 7, 4.4, 6, 2.6),
        ({"role": 2, "alternatives": 2, "transitory": 1}, 7, 6.4, 6, 0.6),
    ],
    ids=["usual", "storm", "emergency", "loyal", "monopoly", "expert"],
)
def test_o5_2(drivers, desired, adequate, predicted, width):
    assert form_expectations(**drivers) == pytest.approx((desired, adequate, predicted, width))


def test_d5_1_challenge():
    """P = 5.5 is inside at first, and below once an emergency presses."""
    states = []
    for drivers in ({}, {"transitory": 2}):
        levels = form_expectations(**drivers)
        states.append(str(zone_of_tolerance(5.5, levels.adequate, levels.desired).state))
    assert states == ["inside", "below"]


def test_the_lowest_level_is_on_the_scale():
    levels = form_expectations(**dict.fromkeys(DRIVERS, -2) | {"situational": 2})
    assert levels.adequate == pytest.approx(1.65)
    assert levels.adequate >= expectations.LOWEST == 1


@given(driver_values)
def test_levels_stay_on_the_scale_and_in_order(drivers):
    levels = form_expectations(**drivers)
    for level in levels[:3]:
        assert expectations.LOWEST <= level <= expectations.HIGHEST
    assert levels.adequate <= levels.desired
    assert levels.width == pytest.approx(levels.desired - levels.adequate)


@given(driver_values, st.sampled_from(sorted(DRIVERS)), st.floats(0.1, 1))
def test_each_driver_moves_its_levels_in_its_direction(drivers, name, more):
    """Half of the strength, so that no level reaches the end of the scale."""
    drivers = {driver: value / 2 for driver, value in drivers.items()}
    before = form_expectations(**drivers)
    after = form_expectations(**drivers | {name: drivers[name] + more})
    change = {level: getattr(after, level) - getattr(before, level) for level in before._fields}
    for level in ("desired", "predicted"):
        assert (change[level] > 1e-9) == (level in DRIVERS[name])
    if "adequate" in DRIVERS[name]:
        assert change["adequate"] * (-1 if name == "situational" else 1) >= 0
    # What lets people predict more lets them accept less of what is below it.
    assert (change["adequate"] > 1e-9) <= (name not in ("needs", "enduring", "situational")) or (
        before.adequate == before.desired
    )


@pytest.mark.parametrize(
    ("name", "desired", "adequate", "predicted"),
    [
        ("needs", 0.4, 0, 0),
        ("enduring", 0.3, 0, 0),
        ("explicit", 0.2, 0.3 * 0.25, 0.25),
        ("implicit", 0.2, 0.3 * 0.25, 0.25),
        ("word_of_mouth", 0.2, 0.3 * 0.25, 0.25),
        ("past", 0.2, 0.3 * 0.5, 0.5),
        ("transitory", 0, 0.4, 0),
        ("alternatives", 0, 0.3, 0),
        ("role", 0, 0.2, 0),
        ("situational", 0, -0.4, 0),
    ],
)
def test_m5_2_what_one_point_of_each_driver_does(name, desired, adequate, predicted):
    before, after = form_expectations(), form_expectations(**{name: 1})
    change = [now - then for now, then in zip(after[:3], before[:3], strict=True)]
    assert change == pytest.approx([desired, adequate, predicted], abs=1e-12)


@pytest.mark.parametrize(
    ("end", "desired", "adequate", "predicted"),
    # Desired service would be 10 at +2.
    [(2, 9, 6.75, 8.5), (-2, 4.0, 3.25, 3.5)],
)
def test_all_drivers_at_one_end(end, desired, adequate, predicted):
    levels = form_expectations(**dict.fromkeys(DRIVERS, end))
    assert levels[:3] == pytest.approx((desired, adequate, predicted))


def test_adequate_service_is_cut_at_desired_service():
    pressed = {"transitory": 2, "alternatives": 2, "role": 2, "situational": -2}
    modest = dict.fromkeys(("needs", "enduring", "explicit", "implicit", "word_of_mouth"), -2)
    levels = form_expectations(**pressed, **modest)
    assert levels.adequate == levels.desired == pytest.approx(4.4)
    assert levels.width == 0


def test_arrays_give_what_scalars_give():
    weather = np.linspace(0, 2, 5)
    together = form_expectations(situational=weather, needs=[[0], [1]])
    assert together.adequate.shape == together.desired.shape == together.predicted.shape == (2, 5)
    for i, need in enumerate((0, 1)):
        for j, sit in enumerate(weather):
            alone = form_expectations(situational=sit, needs=need)
            assert [part[i, j] for part in together] == pytest.approx(alone)


def test_the_drivers_are_those_of_the_function():
    assert list(inspect.signature(form_expectations).parameters) == list(DRIVERS)


@pytest.mark.parametrize("name", DRIVERS)
@pytest.mark.parametrize("value", [2.1, -3, np.nan, [0, 5]])
def test_impossible_driver(name, value):
    with pytest.raises(ValueError, match=f"{name} must be between -2 and 2; it is"):
        form_expectations(**{name: value})


def test_unknown_driver():
    with pytest.raises(TypeError, match="weather"):
        form_expectations(weather=1)


@given(driver_values)
def test_dimensions_average_to_the_service_as_a_whole(drivers):
    """Half of the strength, so that no level reaches the end of the scale."""
    drivers = {name: value / 2 for name, value in drivers.items()}
    whole, parts = form_expectations(**drivers), expectations_by_dimension(**drivers)
    assert parts.columns[0] == "dimension"
    assert parts["dimension"].tolist() == list(DIMENSIONS)
    assert parts["desired"].mean() == pytest.approx(whole.desired)
    assert parts["predicted"].tolist() == pytest.approx([whole.predicted] * 5)
    if (parts["width"] > 0).all():
        assert parts["adequate"].mean() == pytest.approx(whole.adequate)


def test_the_zone_of_reliability_is_the_highest_and_narrowest():
    levels = expectations_by_dimension().set_index("dimension")
    for level, end in (("adequate", "idxmax"), ("desired", "idxmax"), ("width", "idxmin")):
        assert getattr(levels[level], end)() == "reliability"


@given(driver_values)
def test_levels_of_dimensions_stay_on_the_scale_and_in_order(drivers):
    levels = expectations_by_dimension(**drivers)
    assert (levels["adequate"] >= expectations.LOWEST).all()
    assert (levels["desired"] <= expectations.HIGHEST).all()
    assert levels["width"].tolist() == pytest.approx(levels["desired"] - levels["adequate"])
    assert (levels["width"] >= 0).all()


def test_the_least_of_a_dimension_can_reach_the_lowest_level():
    lowest = dict.fromkeys(DRIVERS, -2.0) | {"situational": 2}
    levels = expectations_by_dimension(**lowest).set_index("dimension")
    assert levels.loc["tangibles", "adequate"] == expectations.LOWEST
    assert levels.loc["reliability", "adequate"] == pytest.approx(1.65 + 1.2)


def test_unknown_driver_of_dimensions():
    with pytest.raises(TypeError, match="no driver weather; the drivers are needs"):
        expectations_by_dimension(weather=1)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (form_expectations, {}, {name: ([-2.1, 2.1, NAN], [-2, 2]) for name in DRIVERS}),
    (expectations_by_dimension, {}, {name: ([-2.1, 2.1, NAN], [-2, 2]) for name in DRIVERS}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
