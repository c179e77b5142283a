"""What is particular to chapter 6: the key and the numbers in its questions."""

import pytest

from chapters import place, questions, right
from servicequality.models import disconfirmation, kano, lifetime_value, sampling
from servicequality.models.satisfaction_metrics import nps_change, nps_from_counts

QUESTIONS = questions("06-satisfaction")


def feedback(code: str) -> str:
    return " ".join(option["feedback"] for option in QUESTIONS[code]["option"])


def short(number: float, digits: int) -> str:
    return f"{number:.{digits}f}".replace("-", "−")


def test_the_key() -> None:
    assert "".join(map(place, QUESTIONS.values())) == "CBBBADAADCCDCD"


@pytest.mark.oracle("O6.1")
def test_numbers_of_q6_1() -> None:
    wide, narrow = disconfirmation.expected_reaction(0, [1, 0.5])
    text = right(QUESTIONS["Q6.1"])["text"]
    assert text == f"It improves from {short(wide, 2)} to {short(narrow, 2)}"
    assert short(wide, 3) in feedback("Q6.1")


@pytest.mark.oracle("O6.2")
def test_the_pair_of_q6_2() -> None:
    assert kano.classify("like", "live-with") == "A"
    assert right(QUESTIONS["Q6.2"])["text"] == "Attractive"
    assert kano.classify("neutral", "neutral") == "I"


@pytest.mark.oracle("O6.5")
def test_numbers_of_q6_3() -> None:
    plan = sampling.sample_size_mean(1.4, 0.15, 1.96, [2_000, 2_000_000])
    town, large = plan.n
    assert f"{town:.0f} answers" in QUESTIONS["Q6.3"]["text"]
    assert right(QUESTIONS["Q6.3"])["text"] == f"{large:.0f}"


@pytest.mark.oracle("O6.4")
def test_numbers_of_q6_4() -> None:
    change = nps_change(nps_from_counts(108, 84, 48), nps_from_counts(120, 78, 42))
    assert right(QUESTIONS["Q6.4"])["text"] == f"Within noise: z is about {change.z:.2f}"
    assert f"{change.value:.1f} has a standard error of {change.se:.1f}" in feedback("Q6.4")


@pytest.mark.oracle("O6.8d")
def test_numbers_of_q6_7() -> None:
    first, fourth = lifetime_value.cohort_retention(1, 4, [1, 4])
    assert short(first, 2) in QUESTIONS["Q6.7"]["text"]
    assert short(fourth, 3) in QUESTIONS["Q6.7"]["text"]


@pytest.mark.oracle("O6.8a")
def test_numbers_of_q6_10() -> None:
    gains = [
        100 * float(lifetime_value.retention_gain(0.9, 0.05, discount, horizon))
        for discount, horizon in ((0, float("inf")), (0.1, float("inf")), (0.1, 5))
    ]
    assert f"by {gains[0]:.0f} %" in QUESTIONS["Q6.10"]["text"]
    assert f"brings {gains[1]:.0f} %, over five years {gains[2]:.0f} %" in feedback("Q6.10")


@pytest.mark.oracle("O6.8b")
def test_numbers_of_q6_13() -> None:
    kept = float(lifetime_value.cost_per_retained(4, 0.02))
    assert right(QUESTIONS["Q6.13"])["text"].endswith(f"costs {kept:.0f}")
    assert "it would cost 30" in feedback("Q6.13")
    assert 150 / 5 == 30
