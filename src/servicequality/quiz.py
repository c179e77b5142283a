"""Checkpoint questions with feedback on every option, read from a text file beside the chapter."""

from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from gettext import gettext as _
from pathlib import Path
from typing import Any

from servicequality import _toml
from servicequality.widgets import Option, Question

QUESTION = {"code": str, "text": str, "objectives": list, "option": list}
OPTION = {"text": str, "feedback": str}


def load(slug: str, folder: Path | str = ".") -> Callable[[str], Question]:
    """Read the questions of a chapter and return a function that asks one of them.

    Parameters
    ----------
    slug : str
        Name of the chapter, for example "02-servqual".
    folder : path
        Folder that holds `<slug>.quiz.toml`; a notebook runs in the folder of its chapter.

    Returns
    -------
    callable
        Takes the code of a question ("Q2.1") and returns it, ready to be displayed.

    Raises
    ------
    ValueError
        If the file is missing or broken, or the code is not in it; the message names the file,
        the question and the cause.
    """
    path = Path(folder, f"{slug}.quiz.toml")
    questions = {question.code: question for question in read(path)}

    def ask(code: str) -> Question:
        if code not in questions:
            near = get_close_matches(code, questions, n=1)
            hint = _(" Did you mean {code}?").format(code=near[0]) if near else ""
            message = _("{file}: there is no question {code!r}.")
            raise ValueError(message.format(file=path.name, code=code) + hint)
        return questions[code]

    return ask


def recall(slug: str, folder: Path | str = ".") -> list[Question]:
    """Return the questions of earlier chapters that a chapter asks again before it begins.

    The list `recall` at the top of `<slug>.quiz.toml` names them by their codes. Their options
    stand in the reverse order, so that nobody can answer from the place of an option.

    Parameters
    ----------
    slug : str
        Name of the chapter, for example "03-gap-management".
    folder : path
        Folder that holds the quiz files of all chapters.

    Returns
    -------
    list of Question
        In the order of the list.

    Raises
    ------
    ValueError
        If a file is missing or broken, or no earlier chapter has a question of that code; the
        message names the file and the code.
    """
    path = Path(folder, f"{slug}.quiz.toml")
    content = _toml.read(path)
    _toml.check_fields(content, path.name, {"recall": list, "question": list}, {})
    files = sorted(path.parent.glob("*.quiz.toml"))
    earlier = {q.code: q for file in files if file.name < path.name for q in read(file)}
    codes = content["recall"]
    for code in codes:
        if code not in earlier:
            message = _("{file}: 'recall' names {code!r}, which no earlier chapter asks")
            raise ValueError(message.format(file=path.name, code=code))
    return [
        replace(earlier[code], options=earlier[code].options[::-1]) for code in content["recall"]
    ]


def read(path: Path) -> list[Question]:
    """Return the questions of a quiz file in their order; errors as in `load`."""
    entries = _toml.read(path).get("question")
    if not isinstance(entries, list) or not entries:
        raise ValueError(_("{file}: holds no [[question]].").format(file=path.name))
    questions = [_question(path.name, place, entry) for place, entry in enumerate(entries, start=1)]
    codes = [question.code for question in questions]
    for code in codes:
        if codes.count(code) > 1:
            message = _("{file}: question {code} stands there more than once.")
            raise ValueError(message.format(file=path.name, code=code))
    return questions


def _question(file: str, place: int, entry: Any) -> Question:
    code = entry.get("code", place) if isinstance(entry, dict) else place
    where = _("{file}, question {code}").format(file=file, code=code)
    _toml.check_fields(entry, where, QUESTION, {"misconceptions": list})
    for number, option in enumerate(entry["option"], start=1):
        place_of_option = _("{where}, option {number}").format(where=where, number=number)
        _toml.check_fields(option, place_of_option, OPTION, {"correct": bool})
    try:
        return Question(
            code=entry["code"],
            text=entry["text"],
            options=tuple(Option(**option) for option in entry["option"]),
        )
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
