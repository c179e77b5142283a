from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import compatibility

O4_5 = pd.DataFrame(
    [[7, 8, 9, 4], [9, 7, 3, 6], [8, 5, 6, 2], [2, 5, 6, 9]],
    index=["families", "business", "seniors", "students"],
    columns=["morning", "noon", "afternoon", "evening"],
)


@st.composite
def fits(draw, largest=5):
    segments = draw(st.integers(1, largest))
    slots = draw(st.integers(segments, largest))
    values = draw(
        st.lists(st.integers(-9, 9), min_size=segments * slots, max_size=segments * slots)
    )
    table = np.reshape(values, (segments, slots))
    return pd.DataFrame(table, [f"s{i}" for i in range(segments)], [*"abcde"][:slots])


@pytest.mark.oracle("O4.5")
def test_o4_5_pairs():
    pairs = compatibility.cross_pairs([28, 12])
    assert (pairs.cross, pairs.total) == (336, 780)
    assert pairs.share == pytest.approx(0.4308, abs=5e-5)


@pytest.mark.oracle("O4.5")
def test_o4_5_optimum():
    best = compatibility.best_assignment(O4_5)
    assert best.total == 33
    assert best.slots.to_dict() == {
        "families": "afternoon",
        "business": "noon",
        "seniors": "morning",
        "students": "evening",
    }
    totals = [sum(O4_5.to_numpy()[range(4), order]) for order in permutations(range(4))]
    assert max(totals) == 33
    assert totals.count(33) == 1


@pytest.mark.oracle("O4.5")
def test_o4_5_first_come():
    greedy = compatibility.first_come_assignment(O4_5)
    assert greedy.total == 32
    assert greedy.slots.tolist() == ["afternoon", "morning", "noon", "evening"]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_pairs_by_counting_them(guests):
    group = np.repeat(np.arange(len(guests)), guests)
    every = list(combinations(group, 2))
    pairs = compatibility.cross_pairs(guests)
    assert pairs.total == len(every)
    assert pairs.cross == sum(a != b for a, b in every)
    if every:
        assert pairs.share == pytest.approx(pairs.cross / len(every))
        assert compatibility.cross_pairs(guests[::-1]) == pairs


def test_pairs_along_a_curve():
    """The more even the mix of 40 guests, the more cross pairs."""
    first = np.arange(41)
    pairs = compatibility.cross_pairs(np.stack([first, 40 - first], axis=1))
    assert pairs.cross.argmax() == 20
    assert pairs.cross[[0, 40]].tolist() == [0, 0]
    assert pairs.share.max() == pytest.approx(400 / 780)


@pytest.mark.parametrize("guests", [[0, 0], [1, 0], [1]])
def test_no_pair_without_two_guests(guests):
    pairs = compatibility.cross_pairs(guests)
    assert (pairs.cross, pairs.total) == (0, 0)
    assert np.isnan(pairs.share)


@given(fits())
def test_assignment_against_all_permutations(fit):
    values = fit.to_numpy()
    rows = range(len(values))
    totals = [
        values[rows, order].sum() for order in permutations(range(values.shape[1]), len(rows))
    ]
    best = compatibility.best_assignment(fit)
    assert best.total == max(totals)
    for found in (best, compatibility.first_come_assignment(fit)):
        assert found.slots.is_unique
        assert list(found.slots.index) == list(fit.index)
        assert found.total == sum(fit.loc[segment, slot] for segment, slot in found.slots.items())
        assert found.total <= best.total


@given(fits(), st.integers(0, 1000))
def test_the_best_total_ignores_the_order(fit, seed):
    shuffled = fit.sample(frac=1, random_state=seed).sample(frac=1, axis=1, random_state=seed)
    assert compatibility.best_assignment(shuffled).total == compatibility.best_assignment(fit).total


def test_first_come_takes_the_first_of_equal_slots():
    fit = pd.DataFrame([[5, 5], [5, 5]], columns=["noon", "evening"])
    assert compatibility.first_come_assignment(fit).slots.tolist() == ["noon", "evening"]
    worst = pd.DataFrame([[-5, -9]], columns=["noon", "evening"])
    assert compatibility.first_come_assignment(worst).total == -5


def test_the_table_is_not_changed():
    before = O4_5.copy()
    compatibility.first_come_assignment(O4_5)
    compatibility.best_assignment(O4_5)
    pd.testing.assert_frame_equal(O4_5, before)


@pytest.mark.parametrize("function", ["best_assignment", "first_come_assignment"])
def test_impossible_fit(function):
    assign = getattr(compatibility, function)
    with pytest.raises(ValueError, match="4 segments but only 3 slots"):
        assign(O4_5.drop(columns="noon"))
    for value in (np.nan, np.inf):
        holed = O4_5.astype(float)
        holed.loc["seniors", "noon"] = value
        with pytest.raises(ValueError, match=f"'seniors' and 'noon' must be .*; it is {value}"):
            assign(holed)


@pytest.mark.parametrize(
    ("company", "crowding", "best", "peak"), [(6, 4, 0.75, 2.25), (1, 5, 0.10, 0.05)]
)
def test_m4_2_bar_and_library(company, crowding, best, peak):
    assert compatibility.best_occupancy(company, crowding) == pytest.approx(best)
    assert compatibility.mood(best, company, crowding) == pytest.approx(peak)


@given(st.floats(0, 10), st.floats(0, 10))
def test_no_occupancy_is_better_than_the_best(company, crowding):
    best = compatibility.best_occupancy(company, crowding)
    assert 0 <= best <= 1
    everywhere = compatibility.mood(np.linspace(0, 1, 201), company, crowding)
    assert everywhere[0] == 0
    assert compatibility.mood(best, company, crowding) >= everywhere.max() - 1e-9


def test_a_place_that_crowding_never_spoils():
    assert compatibility.best_occupancy(3, 0) == 1
    assert compatibility.best_occupancy(0.5, 0) == 1
    assert compatibility.best_occupancy(8, 4) == 1
    assert compatibility.best_occupancy(0, 0) == 0
    assert compatibility.best_occupancy(0, 4) == 0


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("cross_pairs", ([3, -1],), "guests must be a whole number.*; it is -1"),
        ("cross_pairs", ([3, 1.5],), "guests must be a whole number.*; it is 1.5"),
        ("mood", (1.2, 6, 4), "occupancy must be between 0 and 1; it is 1.2"),
        ("mood", (0.5, -6, 4), "company must be"),
        ("mood", (0.5, 6, -4), "crowding must be"),
        ("best_occupancy", (-6, 4), "company must be"),
        ("best_occupancy", (6, np.nan), "crowding must be"),
    ],
)
def test_impossible_input(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(compatibility, function)(*arguments)


def test_small_companies():
    assert compatibility.cross_pairs([1, 1]).share == 1
    assert compatibility.best_occupancy(company=5, crowding=2) == 1
    slots = compatibility.best_assignment(pd.DataFrame({"noon": [1]}, index=["families"])).slots
    assert (slots.name, slots.to_dict()) == ("slot", {"families": "noon"})


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (compatibility.cross_pairs, {}, {"guests": ([[-1], [1.5], [NAN]], [[0]])}),
    (
        compatibility.mood,
        {"occupancy": 0.5, "company": 6, "crowding": 4},
        {
            "occupancy": ([-0.1, 1.1, NAN], [0, 1]),
            "company": ([-0.1, NAN, INF], [0]),
            "crowding": ([-0.1, NAN, INF], [0]),
        },
    ),
    (
        compatibility.best_occupancy,
        {"company": 6, "crowding": 4},
        {"company": ([-0.1, NAN, INF], [0]), "crowding": ([-0.1, NAN, INF], [0])},
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
