"""What is particular to chapter 4: the key and the numbers in its questions."""

import pytest

from chapters import place, questions, right
from servicequality.models import participation, queueing
from servicequality.models import service_profit_chain as chain

QUESTIONS = questions("04-customers-role")


def feedback(code: str) -> str:
    return " ".join(option["feedback"] for option in QUESTIONS[code]["option"])


def test_the_key() -> None:
    assert "".join(map(place, QUESTIONS.values())) == "BBADCCAADCDB"


def test_numbers_of_q4_3() -> None:
    """O4.2b."""
    shares = [[0.75, 0.25], [0.5, 0.5]]
    before, after = queueing.mixed_queue(0.2, shares, [3, 6], [1, 2]).wq
    assert right(QUESTIONS["Q4.3"])["text"] == f"It rises from {before:.0f} to {after:.0f} minutes"
    assert f"It doubles, to {2 * before:.0f} minutes" in QUESTIONS["Q4.3"]["option"][1]["text"]
    busy = 100 * queueing.mixed_queue(0.2, shares, [3, 6], [1, 2]).utilisation
    assert f"busy {busy[1]:.0f} % of the time in place of {busy[0]:.0f} %" in feedback("Q4.3")
    assert f"from {100 - busy[0]:.0f} to {100 - busy[1]:.0f} % of the hour" in feedback("Q4.3")


def test_numbers_of_q4_4() -> None:
    """O4.1."""
    task = participation.Task()
    best = participation.optimal_share(task)
    none, lowest = participation.costs([0, best], task).total
    assert f"{none:.2f} credits, against {lowest:.2f} at the best share" in feedback("Q4.4")
    assert f"about {participation.customers_per_hour(1, task):.0f} passengers" in feedback("Q4.4")
    assert right(QUESTIONS["Q4.4"])["text"].endswith(f"lowest near {100 * best:.0f} %")


def test_numbers_of_q4_8() -> None:
    """O4.6."""
    total = float(chain.effects().total.loc["ISQ", "PR"])
    assert total == pytest.approx(0.045, abs=0.0005)
    assert "total effect of 0.045" in QUESTIONS["Q4.8"]["text"]
    assert max(chain.PATHS.values()) == 0.6
    assert chain.PATHS["ISQ", "ES"] == 0.5
    assert "up to 0.6" in feedback("Q4.8")
    assert "with 0.5 on their satisfaction" in feedback("Q4.8")
