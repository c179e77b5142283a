"""What is particular to chapter 2: its instrument, and the numbers in its questions."""

import re

import pytest

from chapters import CHAPTERS, place, questions, right, text
from servicequality.models import servqual
from servicequality.models.reliability import alpha_curve, difference_reliability
from servicequality.models.servqual import US_1990_WEIGHTS, normalise_weights
from servicequality.models.zone_of_tolerance import zone_of_tolerance

QUESTIONS = questions("02-servqual")


def test_the_instrument_has_the_items_and_dimensions_of_the_model() -> None:
    markdown = text(CHAPTERS / "02-servqual.ipynb")
    codes = re.findall(r"^\| ([TRSAE]\d) \|", markdown, flags=re.M)
    assert codes == [item for items in servqual.DIMENSIONS.values() for item in items]
    for dimension, items in servqual.DIMENSIONS.items():
        assert re.search(rf"^\| \[{dimension}\].*\| {len(items)} \|", markdown, flags=re.M | re.I)


def test_the_key() -> None:
    assert "".join(map(place, QUESTIONS.values())) == "BCDACBABDA"


def test_numbers_of_q2_3() -> None:
    curve = alpha_curve([10], 0.6, factors=2)
    alpha = f"{curve['alpha'].iloc[0]:.2f}"
    assert f"α = {alpha}" in QUESTIONS["Q2.3"]["text"]


@pytest.mark.parametrize(("answer", "rho"), [("0.42", 0.7), ("0.83", 0.0), ("0.75", 0.3)])
def test_numbers_of_q2_4(answer: str, rho: float) -> None:
    assert answer in [option["text"] for option in QUESTIONS["Q2.4"]["option"]]
    # Half a unit of the last digit, since .825 is rounded up.
    assert difference_reliability(0.85, 0.80, rho) == pytest.approx(float(answer), abs=0.00501)
    assert (answer == right(QUESTIONS["Q2.4"])["text"]) == (rho == 0.7)


def test_numbers_of_q2_5() -> None:
    weights = dict(
        zip(US_1990_WEIGHTS, normalise_weights(list(US_1990_WEIGHTS.values())), strict=True)
    )
    for dimension in ("reliability", "tangibles"):
        assert f"weight {weights[dimension]:.2f}" in QUESTIONS["Q2.5"]["text"]
        product = f"−{0.9 * weights[dimension]:.3f}"
        assert product in right(QUESTIONS["Q2.5"])["feedback"]


def test_numbers_of_q2_8() -> None:
    given = [float(number) for number in re.findall(r"\d\.\d", QUESTIONS["Q2.8"]["text"])]
    zone = zone_of_tolerance(*given)
    assert zone.state == "above"
    assert f"z = {zone.position:.1f}" in right(QUESTIONS["Q2.8"])["text"]


def test_numbers_of_q2_9() -> None:
    assert f"reliability is {US_1990_WEIGHTS['reliability']}" in QUESTIONS["Q2.9"]["text"]


def test_numbers_of_q2_10() -> None:
    numbers = [float(number) for number in re.findall(r"\d\.\d", QUESTIONS["Q2.10"]["text"])]
    (e_a, p_a), (e_b, p_b) = numbers[:2], numbers[2:]
    assert p_a - e_a > p_b - e_b
    assert p_a < p_b
