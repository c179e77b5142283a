"""Check values of the flying etiquette survey."""

import pytest

from servicequality import data


@pytest.fixture(scope="module")
def responses():
    return data.load("flying-etiquette")


def rude(answers):
    answered = answers.dropna()
    return answered.str.startswith("Yes"), len(answered)


def test_reclining(responses):
    share, n = rude(responses["rude_recline"])
    assert n == 854
    assert share.mean() == pytest.approx(0.412, abs=5e-4)


@pytest.mark.parametrize(
    ("frequency", "share", "n"), [("Never", 0.794, 170), ("Always", 0.088, 136)]
)
def test_those_who_recline_find_it_less_rude(responses, frequency, share, n):
    """The real tab of D4.5."""
    found, answered = rude(
        responses.loc[responses["recline_frequency"] == frequency, "rude_recline"]
    )
    assert answered == n
    assert found.mean() == pytest.approx(share, abs=5e-4)


@pytest.mark.parametrize(("children", "share", "n"), [("Yes", 0.734, 188), ("No", 0.854, 657)])
def test_parents_are_more_tolerant(responses, children, share, n):
    answers = responses.loc[responses["children_under_18"] == children]
    found, answered = rude(answers["rude_bring_unruly_children"])
    assert answered == n
    assert found.mean() == pytest.approx(share, abs=5e-4)


def test_size_and_gaps(responses):
    assert responses.shape == (1040, 26)
    never = responses["fly_frequency"] == "Never"
    assert never.sum() == 166
    assert responses.loc[never, "recline_frequency":"smoked_in_bathroom"].isna().all(axis=None)
    gaps = responses[["gender", "age", "education"]].isna().sum()
    assert gaps.between(30, 40).all()
    assert responses["household_income"].isna().sum() == 214


def test_every_column_has_its_question(responses):
    questions = data.load("flying-etiquette", "questions").set_index("column")["question"]
    assert list(questions.index) == list(responses)
    assert questions["rude_recline"] == "Is it rude to recline your seat on a plane?"
    assert not questions.str.contains("itrude|tothe").any()
