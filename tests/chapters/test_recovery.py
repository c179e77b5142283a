"""What is particular to chapter 7: the key and the numbers in its questions."""

import pytest

from chapters import place, questions, right
from servicequality.models import agreement, justice
from servicequality.models import recovery as answers
from servicequality.models import recovery_paradox as paradox
from servicequality.models.complaints import complaint_probability, failures_from_complaints
from servicequality.models.guarantees import Terms, break_even, guarantee

QUESTIONS = questions("07-recovery")


def feedback(code: str) -> str:
    return " ".join(option["feedback"] for option in QUESTIONS[code]["option"])


def test_the_key() -> None:
    assert "".join(map(place, QUESTIONS.values())) == "BCDBAAABCDCD"


@pytest.mark.oracle("O7.1")
def test_numbers_of_q7_1() -> None:
    _, most = failures_from_complaints(48, 0.04, 0.69)
    assert right(QUESTIONS["Q7.1"])["text"] == f"{most:,.0f}"
    assert f"{most / 48:.0f} problems" in feedback("Q7.1")


@pytest.mark.oracle("O7.5")
def test_numbers_of_q7_4() -> None:
    score = float(justice.satisfaction(6, 3, 1))
    assert feedback("Q7.4").count(f"{score:.1f}") == 2


@pytest.mark.oracle("O7.6b")
def test_numbers_of_q7_5() -> None:
    needed = float(paradox.deliberate_failure(0.5, 2.7, 0.6).break_even)
    assert f"more than {100 * needed:.0f} %" in feedback("Q7.5")


@pytest.mark.oracle("O7.9a")
def test_numbers_of_q7_6() -> None:
    terms = Terms(20, 0.6, 0.005, 80, 60, 0.42, 0.08)
    even = f"{100 * float(break_even(terms).failure):.1f} %"
    assert right(QUESTIONS["Q7.6"])["text"] == f"No, it loses a little; it breaks even at {even}"
    found = guarantee(0.05, terms)
    assert f"{found.with_guarantee:.2f} credits against {found.without:.2f}" in feedback("Q7.6")


@pytest.mark.oracle("O7.3")
def test_numbers_of_q7_8() -> None:
    found = agreement.kappa([[28, 4, 2, 1], [3, 22, 4, 1], [1, 3, 19, 2], [0, 1, 1, 8]])
    observed, chance = round(100 * found.observed), round(100 * found.expected)
    assert f"agree in {observed} %" in QUESTIONS["Q7.8"]["text"]
    assert f"kappa is {found.kappa:.2f}" in QUESTIONS["Q7.8"]["text"]
    words = (
        f"give {chance} %, so that {100 - chance} points are possible beyond it. "
        f"They reach {observed - chance} of these"
    )
    assert words in feedback("Q7.8")
    assert round((observed - chance) / (100 - chance), 2) == round(found.kappa, 2)


@pytest.mark.oracle("O7.6a")
def test_numbers_of_q7_9() -> None:
    small, grave = (100 * share for share in paradox.shift([1, 3], 2, 1.2).improved)
    words = f"About {small:.0f} % after the small one, {grave:.0f} % after the grave one"
    assert right(QUESTIONS["Q7.9"])["text"] == words
    assert round((2 - 1) / 1.2, 3) == 0.833


@pytest.mark.oracle("O7.2")
def test_numbers_of_q7_11() -> None:
    now, easier, likelier = (
        f"{100 * share:.1f} %" for share in complaint_probability([2, 1, 2], [0.5, 0.5, 0.8], 4)
    )
    assert f"{easier} in place of {now}" in right(QUESTIONS["Q7.11"])["feedback"]
    assert f"{likelier} in place of {now}" in feedback("Q7.11")
    assert complaint_probability(2, 1, 4) == complaint_probability(1, 0.5, 4)


@pytest.mark.oracle("O7.8")
def test_numbers_of_q7_12() -> None:
    kind, rude = (answers.best_compensation(lift=lift) for lift in (0.45, 0.2))
    words = (
        f"{rude.amount:.1f} credits in place of {kind.amount:.1f}, and {rude.net:.0f} left in "
        f"place of {kind.net:.0f}. The loss of {kind.net - rude.net:.0f} credits"
    )
    assert words in feedback("Q7.12")
