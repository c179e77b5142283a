"""Checkpoint questions with feedback on every option, read from a text file beside the chapter."""

import tomllib
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from servicequality.widgets import Option, Question


class QuizError(ValueError):
    """A quiz file that cannot be used; the message says which file, which question and why."""


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
    QuizError
        If the file is missing or broken, or the code is not in it.
    """
    path = Path(folder, f"{slug}.quiz.toml")
    questions = {question.code: question for question in read(path)}

    def ask(code: str) -> Question:
        if code not in questions:
            near = get_close_matches(code, questions, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise QuizError(f"{path.name}: there is no question {code!r}.{hint}")
        return questions[code]

    return ask


def read(path: Path) -> list[Question]:
    """Return the questions of a quiz file in their order, or raise QuizError."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise QuizError(f"{path.name}: no such quiz file beside this notebook.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise QuizError(f"{path.name}: not a valid TOML file: {error}") from None
    entries = content.get("question")
    if not isinstance(entries, list) or not entries:
        raise QuizError(f"{path.name}: holds no [[question]].")
    questions = [_question(path.name, place, entry) for place, entry in enumerate(entries, start=1)]
    codes = [question.code for question in questions]
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    if repeated:
        raise QuizError(f"{path.name}: {', '.join(repeated)} stands there more than once.")
    return questions


def _question(file: str, place: int, entry: dict[str, Any]) -> Question:
    where = f"{file}, question {entry.get('code', f'number {place}')}"
    options = entry.get("option")
    if not isinstance(options, list):
        raise QuizError(f"{where}: has no [[question.option]].")
    try:
        return Question(
            code=_text(entry, "code"),
            text=_text(entry, "text"),
            options=tuple(
                Option(
                    text=_text(option, "text"),
                    feedback=_text(option, "feedback"),
                    correct=option.get("correct") is True,
                )
                for option in options
            ),
        )
    except ValueError as error:
        raise QuizError(f"{where}: {error}") from None


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key!r} must be a text; got {value!r}")
    return value
