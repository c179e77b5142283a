"""What is particular to chapter 5: the key and the numbers in its questions."""

import math
import re

import pytest

from chapters import place, questions, right
from servicequality.models.average_trap import share_satisfied
from servicequality.models.expectation_research import complainers
from servicequality.models.expectation_updating import (
    bayes_path,
    expectation_after,
    surprise_half_life,
)
from servicequality.models.expectations import form_expectations
from servicequality.models.segments import probability_of_superiority

QUESTIONS = questions("05-expectations")


def feedback(code: str) -> list[str]:
    return [option["feedback"] for option in QUESTIONS[code]["option"]]


def test_the_key() -> None:
    assert "".join(map(place, QUESTIONS.values())) == "DACADBBCBDC"


@pytest.mark.oracle("O5.2")
def test_the_blizzard_of_q5_1() -> None:
    usual, storm = form_expectations(), form_expectations(situational=2)
    assert storm.adequate < usual.adequate
    assert storm.width > usual.width
    assert storm.desired == usual.desired


@pytest.mark.oracle("O5.3a")
def test_numbers_of_q5_3() -> None:
    assert f"{surprise_half_life(0.3):.2f}" in right(QUESTIONS["Q5.3"])["feedback"]
    left = [100 - expectation_after(visits, 0, 100, 0.3) for visits in (10, 5, 1)]
    assert 2.5 < left[0] < 3
    assert f"{left[1]:.0f} %" in feedback("Q5.3")[1]
    assert f"{left[2]:.0f} %" in feedback("Q5.3")[3]


@pytest.mark.oracle("O5.4")
def test_numbers_of_q5_4() -> None:
    assert share_satisfied(6, 6, 1, 2) == 0.5
    one_above = share_satisfied(6 + math.hypot(1, 2), 6, 1, 2)
    assert QUESTIONS["Q5.4"]["option"][2]["text"] == f"{100 * one_above:.0f} %"


@pytest.mark.oracle("O5.5b")
def test_numbers_of_q5_5() -> None:
    wins = float(probability_of_superiority(0.3))
    assert f"In {100 * wins:.0f} of 100" in right(QUESTIONS["Q5.5"])["text"]
    assert f"{wins:.3f}" in right(QUESTIONS["Q5.5"])["feedback"]
    assert probability_of_superiority(1.2) == pytest.approx(0.8, abs=0.005)
    assert "about 1.2" in feedback("Q5.5")[0]


@pytest.mark.oracle("O5.6")
def test_numbers_of_q5_6() -> None:
    assert f"{complainers().mean_e - 6:.2f}" in right(QUESTIONS["Q5.6"])["feedback"]


@pytest.mark.oracle("O5.3c")
def test_numbers_of_q5_8() -> None:
    gain = bayes_path(60, 10, [70, 78, 66, 74], 15)["gain"]
    for number in gain.iloc[[0, -1]]:
        assert f"{number:.2f}" in feedback("Q5.8")[1]
    without_idea = bayes_path(0, math.inf, [70, 78, 66], 15)["gain"]
    assert without_idea.tolist() == pytest.approx([1, 1 / 2, 1 / 3])


def test_the_gaps_of_q5_9() -> None:
    """The middle of each interval is its gap; one interval lies below zero as a whole."""
    words = QUESTIONS["Q5.9"]["text"].replace("−", "-")
    intervals = re.findall(r"(-[\d.]+) \((-[\d.]+) to ([-+][\d.]+)\)", words)
    (speed, *ends), (lobby, *wide) = [tuple(map(float, numbers)) for numbers in intervals]
    assert [speed, lobby] == pytest.approx([sum(ends) / 2, sum(wide) / 2])
    assert lobby < speed
    assert ends[1] < 0 < wide[1]
