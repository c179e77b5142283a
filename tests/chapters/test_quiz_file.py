"""The questions of chapter 2: complete, right, and with feedback that teaches."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from servicequality.models.reliability import alpha_curve, difference_reliability
from servicequality.models.servqual import US_1990_WEIGHTS, normalise_weights
from servicequality.models.zone_of_tolerance import zone_of_tolerance

FILE = Path(__file__).parents[2] / "chapters" / "02-servqual.quiz.toml"
QUESTIONS = {entry["code"]: entry for entry in tomllib.loads(FILE.read_text("utf-8"))["question"]}


def right(code: str) -> dict[str, str]:
    return next(option for option in QUESTIONS[code]["option"] if option.get("correct"))


def place(code: str) -> str:
    return "ABCD"[QUESTIONS[code]["option"].index(right(code))]


def test_there_are_ten_questions_of_four_options() -> None:
    assert list(QUESTIONS) == [f"Q2.{number}" for number in range(1, 11)]
    assert {len(question["option"]) for question in QUESTIONS.values()} == {4}


def test_every_objective_and_every_misconception_has_a_question() -> None:
    objectives = {code for question in QUESTIONS.values() for code in question["objectives"]}
    assert objectives == {f"LO2.{number}" for number in range(1, 8)}
    mistaken = {
        code for question in QUESTIONS.values() for code in question.get("misconceptions", [])
    }
    assert mistaken == {f"MC2.{number}" for number in range(1, 8)}


def test_the_key() -> None:
    assert "".join(map(place, QUESTIONS)) == "BCDACBABDA"


def test_neither_place_nor_length_gives_the_answer_away() -> None:
    assert max(Counter(map(place, QUESTIONS)).values()) <= 3
    longest = [
        all(
            len(right(code)["text"]) > len(option["text"])
            for option in entry["option"]
            if option is not right(code)
        )
        for code, entry in QUESTIONS.items()
    ]
    assert sum(longest) <= 4


@pytest.mark.parametrize("code", QUESTIONS)
def test_feedback_teaches_whatever_was_chosen(code: str) -> None:
    feedback = [option["feedback"] for option in QUESTIONS[code]["option"]]
    assert len(set(feedback)) == 4
    for words in feedback:
        assert 15 <= len(words.split()) <= 50, words
    assert right(code)["feedback"].startswith("Yes")
    assert sum(words.startswith("Yes") for words in feedback) == 1


def test_numbers_of_q2_3() -> None:
    curve = alpha_curve([10], 0.6, factors=2)
    assert f"α = {curve['alpha'].iloc[0]:.2f}" in QUESTIONS["Q2.3"]["text"]


@pytest.mark.parametrize(("answer", "rho"), [(".42", 0.7), (".83", 0.0), (".75", 0.3)])
def test_numbers_of_q2_4(answer: str, rho: float) -> None:
    assert answer in [option["text"] for option in QUESTIONS["Q2.4"]["option"]]
    # Half a unit of the last digit, since .825 is rounded up.
    assert difference_reliability(0.85, 0.80, rho) == pytest.approx(float(answer), abs=0.00501)
    assert (answer == right("Q2.4")["text"]) == (rho == 0.7)


def test_numbers_of_q2_5() -> None:
    weights = dict(
        zip(US_1990_WEIGHTS, normalise_weights(list(US_1990_WEIGHTS.values())), strict=True)
    )
    for dimension in ("reliability", "tangibles"):
        assert f"weight {weights[dimension]:.2f}".replace("0.", ".") in QUESTIONS["Q2.5"]["text"]
        product = f"−{0.9 * weights[dimension]:.3f}".replace("0.", ".")
        assert product in right("Q2.5")["feedback"]


def test_numbers_of_q2_8() -> None:
    given = [float(number) for number in re.findall(r"\d\.\d", QUESTIONS["Q2.8"]["text"])]
    zone = zone_of_tolerance(*given)
    assert zone.state == "above"
    assert f"z = {zone.position:.1f}" in right("Q2.8")["text"]


def test_numbers_of_q2_9() -> None:
    assert f"reliability is {US_1990_WEIGHTS['reliability']}" in QUESTIONS["Q2.9"]["text"]


def test_numbers_of_q2_10() -> None:
    numbers = [float(number) for number in re.findall(r"\d\.\d", QUESTIONS["Q2.10"]["text"])]
    (e_a, p_a), (e_b, p_b) = numbers[:2], numbers[2:]
    assert p_a - e_a > p_b - e_b
    assert p_a < p_b
