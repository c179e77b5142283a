"""The questions of every chapter: complete, fair, and with feedback that teaches."""

import math
from collections import Counter

import pytest

from chapters import SLUGS, codes, number_of, place, questions, right

QUESTIONS = {code: entry for slug in SLUGS for code, entry in questions(slug).items()}


def test_all_questions_are_there_in_order_with_four_options(slug: str) -> None:
    entries = questions(slug)
    assert list(entries) == [f"Q{number_of(slug)}.{n}" for n in range(1, len(entries) + 1)]
    assert set(entries) >= set(codes("Q", slug))
    assert {len(question["option"]) for question in entries.values()} == {4}


def test_every_misconception_has_a_question(slug: str) -> None:
    mistaken = {
        code for entry in questions(slug).values() for code in entry.get("misconceptions", [])
    }
    assert sorted(mistaken) == codes("MC", slug)


def test_neither_place_nor_length_gives_the_answer_away(slug: str) -> None:
    entries = questions(slug).values()
    assert max(Counter(map(place, entries)).values()) <= max(3, math.ceil(len(entries) / 4))
    longest = [
        all(
            len(right(entry)["text"]) > len(option["text"])
            for option in entry["option"]
            if option is not right(entry)
        )
        for entry in entries
    ]
    assert sum(longest) <= 0.4 * len(longest)


@pytest.mark.parametrize("code", QUESTIONS)
def test_feedback_teaches_whatever_was_chosen(code: str) -> None:
    feedback = [option["feedback"] for option in QUESTIONS[code]["option"]]
    assert len(set(feedback)) == 4
    for words in feedback:
        assert 15 <= len(words.split()) <= 50, words
    assert right(QUESTIONS[code])["feedback"].startswith("Yes")
    assert sum(words.startswith("Yes") for words in feedback) == 1
