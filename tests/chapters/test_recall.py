"""The three questions of earlier chapters with which each later chapter begins."""

import re
from collections import Counter

import pytest

from chapters import CHAPTERS, SLUGS, notebook, number_of, place, questions, recalled
from servicequality import quiz

QUESTIONS = {code: entry for slug in SLUGS for code, entry in questions(slug).items()}


def chapter_of(code: str) -> int:
    return int(re.fullmatch(r"Q(\d)\.\d+", code)[1])


@pytest.fixture(params=SLUGS[1:])
def later(request) -> str:
    """The slug of each chapter that has one before it."""
    return request.param


def test_a_later_chapter_asks_three_different_questions_of_earlier_ones(later: str) -> None:
    codes = recalled(later)
    assert len(set(codes)) == len(codes) == 3
    assert set(codes) <= QUESTIONS.keys()
    assert max(map(chapter_of, codes)) < number_of(later)


def test_they_are_spread_and_one_is_of_the_chapter_just_before(later: str) -> None:
    number = number_of(later)
    chapters = {chapter_of(code) for code in recalled(later)}
    assert number - 1 in chapters
    assert len(chapters) == min(number - 1, 3)


def test_no_question_comes_back_more_than_twice() -> None:
    again = Counter(code for slug in SLUGS for code in recalled(slug))
    assert max(again.values()) <= 2


def test_their_order_does_not_give_the_answer_away(later: str) -> None:
    assert len({place(QUESTIONS[code]) for code in recalled(later)}) > 1


@pytest.mark.parametrize("code", sorted({code for slug in SLUGS for code in recalled(slug)}))
def test_a_question_that_comes_back_makes_sense_elsewhere(code: str) -> None:
    words = [QUESTIONS[code]["text"], *(o["feedback"] for o in QUESTIONS[code]["option"])]
    assert not re.search(r"\b(this|the) chapter\b", " ".join(words))


def test_a_chapter_asks_them_before_its_first_section(slug: str) -> None:
    cells = [cell.source for cell in notebook(slug)]
    asked = [place for place, source in enumerate(cells) if "recall(" in source]
    if slug == SLUGS[0]:
        assert not asked
        return
    assert [cells[place] for place in asked] == [f'display(*quiz.recall("{slug}"))']
    first = next(place for place, source in enumerate(cells) if re.match(r"## \d", source))
    load = f'ask = quiz.load("{slug}")'
    assert next(place for place, source in enumerate(cells) if load in source) < asked[0] < first


def test_their_options_stand_in_another_order_than_the_first_time(later: str) -> None:
    for question in quiz.recall(later, CHAPTERS):
        first_time = [option["text"] for option in QUESTIONS[question.code]["option"]]
        again = [option.text for option in question.options]
        assert sorted(again) == sorted(first_time)
        assert not any(a == b for a, b in zip(again, first_time, strict=True))
