"""What is particular to chapter 3: the key and the numbers in its questions."""

import math

import pytest

from chapters import place, questions, right
from servicequality.models.benchmarking import time_to_parity
from servicequality.models.budget import allocate

QUESTIONS = questions("03-gap-management")


def test_the_key() -> None:
    assert "".join(map(place, QUESTIONS.values())) == "DACABBCDABD"


def test_numbers_of_q3_4() -> None:
    options = [option["text"] for option in QUESTIONS["Q3.4"]["option"]]
    assert f"−{100 * 10 / 90:.1f} %" in right(QUESTIONS["Q3.4"])["text"]
    assert f"−{100 * 10 / 80:.1f} %" in options
    assert f"{90 * 0.9:.0f} % solved" in QUESTIONS["Q3.4"]["option"][3]["feedback"]


def test_numbers_of_q3_5() -> None:
    assert f"{100 * (192 / 189 - 1):.1f} %" in right(QUESTIONS["Q3.5"])["feedback"]


def test_numbers_of_q3_7() -> None:
    """O3.3."""
    failure = [0.02, 0.05, 0.01, 0.03, 0.04, 0.02, 0.01]
    flawless = math.prod(1 - p for p in failure)
    assert sum(failure) == pytest.approx(0.18)
    assert right(QUESTIONS["Q3.7"])["text"] == f"{100 * flawless:.0f} %"
    for number in (flawless, math.exp(-0.18)):
        assert f"{number:.3f}" in right(QUESTIONS["Q3.7"])["feedback"]
    assert QUESTIONS["Q3.7"]["option"][3]["text"] == f"{100 * (1 - 0.18 / 7):.0f} %"


def test_numbers_of_q3_9() -> None:
    """O3.5b."""
    gaps, rates = [30, 20, 40, 25], [0.05, 0.04, 0.03, 0.06]
    spending = allocate(gaps, rates, budget=10).spending
    assert 0 < spending[2] < 1
    assert spending[1] == 0
    first = [gap * rate for gap, rate in zip(gaps, rates, strict=True)]
    assert first == pytest.approx([1.5, 0.8, 1.2, 1.5])
    assert min(rates) == rates[2]


def test_numbers_of_q3_11() -> None:
    assert time_to_parity(70, 90, 0.03, 0.04) == math.inf
    alone = math.log(90 / 70) / math.log(1.03)
    assert alone == pytest.approx(8.5, abs=0.01)
    leader = f"{90 * 1.04**alone:.0f}"
    assert leader == "126"
    assert f"about {leader} by then" in QUESTIONS["Q3.11"]["option"][0]["feedback"]
