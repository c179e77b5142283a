import pytest

from servicequality import quiz

GOOD = """
[[question]]
code = "Q0.1"
objectives = ["LO0.1"]
text = "Is a toy a service?"
  [[question.option]]
  text = "Yes"
  feedback = "A toy is a thing."
  [[question.option]]
  text = "No"
  correct = true
  feedback = "It is a thing."
"""


@pytest.fixture
def write(tmp_path):
    def write(text, encoding="utf-8"):
        (tmp_path / "00-toy.quiz.toml").write_text(text, encoding=encoding)
        return lambda: quiz.load("00-toy", tmp_path)

    return write


def test_a_question_is_found_by_its_code(write):
    question = write(GOOD)()("Q0.1")
    assert question.text == "Is a toy a service?"
    assert [option.correct for option in question.options] == [False, True]


def test_an_unknown_code_suggests_the_nearest(write):
    with pytest.raises(ValueError, match=r"no question 'Q0.l'. Did you mean Q0.1"):
        write(GOOD)()("Q0.l")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"00-toy.quiz.toml: holds no \[\[question\]\]"),
        ("question = 3", r"holds no \[\[question\]\]"),
        (GOOD.replace("]]", "]", 1), "00-toy.quiz.toml"),
        (GOOD.replace('code = "Q0.1"', ""), r"question 1: the field 'code' must be a text"),
        (
            GOOD.replace('"No"', "7"),
            r"question Q0.1, option 2: the field 'text' must be a text .*got 7",
        ),
        (GOOD.replace("correct = true", ""), "question Q0.1: .* exactly one of them correct"),
        (
            GOOD.replace('feedback = "It is a thing."', ""),
            "question Q0.1, option 2: the field 'feedback'",
        ),
        (GOOD.replace("  [[question.option]]", "#"), "00-toy.quiz.toml"),
        (GOOD.replace("correct = true", 'correct = "yes"'), "'correct' must be true or false"),
        (GOOD.replace("correct =", "corect ="), "option 2: unknown field 'corect'"),
        (GOOD + GOOD, "Q0.1 stands there more than once"),
        (GOOD.replace("code =", "code"), "00-toy.quiz.toml: .*line 3"),
    ],
)
def test_a_broken_file_is_named_with_the_place_and_the_cause(write, text, message):
    with pytest.raises(ValueError, match=message):
        write(text)()


def test_a_file_that_is_not_text_is_refused(write):
    with pytest.raises(ValueError, match=r"00-toy\.quiz\.toml"):
        write("Qualität", encoding="latin-1")()


@pytest.fixture
def later(write, tmp_path):
    write(GOOD)

    def later(recall):
        (tmp_path / "01-later.quiz.toml").write_text(recall + GOOD.replace("Q0.1", "Q1.1"))
        return quiz.recall("01-later", tmp_path)

    return later


def test_a_later_chapter_asks_again_with_the_options_turned_round(later):
    [question] = later('recall = ["Q0.1"]')
    assert question.code == "Q0.1"
    assert [(option.text, option.correct) for option in question.options] == [
        ("No", True),
        ("Yes", False),
    ]


@pytest.mark.parametrize(
    ("recall", "message"),
    [
        ("", "01-later.quiz.toml: the field 'recall' must be a list and not empty; got None"),
        ("recall = []", "the field 'recall' must be a list"),
        ('recall = "Q0.1"', "the field 'recall' must be a list"),
        ('recall = ["Q0.2"]', "01-later.quiz.toml: 'recall' names 'Q0.2', which no earlier"),
        ('recall = ["Q1.1"]', "'recall' names 'Q1.1', which no earlier chapter asks"),
    ],
)
def test_a_question_that_no_earlier_chapter_asks_is_refused(later, recall, message):
    with pytest.raises(ValueError, match=message):
        later(recall)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"09-none.quiz.toml: no such file"):
        quiz.load("09-none", tmp_path)
