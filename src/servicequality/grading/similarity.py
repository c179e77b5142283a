"""Pairs of submissions whose code is worth a look. It never says that anybody copied.

Winnowing (Schleimer, Wilkerson & Aiken, 2003): a text is known by a few of the hashes of its short
passages. Passages count less the more of the class writes them (Spärck Jones, 1972), and not at all
if they stand in what everybody was given.
"""

import builtins
import keyword
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from io import StringIO
from itertools import combinations
from math import log

import pandas as pd

KEPT = {*keyword.kwlist, *dir(builtins)}
LAYOUT = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}
TEXTS = {
    kind
    for kind, name in tokenize.tok_name.items()
    if name == "STRING" or name.startswith("FSTRING")
}
PASSAGE = 12  # tokens: no shorter agreement is seen
WINDOW = 8  # every agreement of PASSAGE + WINDOW - 1 tokens is seen
ALIKE = 0.6
FEWEST_PASSAGES = 6
LONGEST_CODE = 60_000  # characters of one task


def pairs(answers: pd.DataFrame, given: Iterable[str]) -> pd.DataFrame:
    """Return pairs of students who wrote much of a task alike, and unlike the others.

    The time grows with the number of submissions, not with that of their pairs: only passages that
    at most a tenth of the class (or ten students) share lead from one to another.

    Parameters
    ----------
    answers : DataFrame
        One row per student and cell of code: columns student, task, source.
    given : iterable of str
        Code that everybody was given.

    Returns
    -------
    DataFrame
        Columns first, second (students), tasks (tuple of str), passages (number of fingerprints in
        common, in these tasks) and share (0.6-1: the largest weighted part of the smaller answer
        that the other one holds too). Those with most in common first.
    """
    shown = {mark for code in given for mark in fingerprints(code)}
    found: dict[tuple[str, str], list[tuple[str, int, float, float]]] = defaultdict(list)
    n_students = answers["student"].nunique()
    for task, cells in answers.groupby("task", sort=False):
        sources = cells.groupby("student")["source"].agg("\n".join)
        prints = {str(who): fingerprints(code) - shown for who, code in sources.items()}
        for pair, passages, share, weight in _alike(prints, n_students):
            found[pair].append((str(task), passages, share, weight))
    rows = [
        (
            *pair,
            tuple(task for task, *_ in parts),
            sum(passages for _, passages, *_ in parts),
            max(share for *_, share, _ in parts),
            sum(weight for *_, weight in parts),
        )
        for pair, parts in found.items()
    ]
    columns = ["first", "second", "tasks", "passages", "share", "weight"]
    table = pd.DataFrame(rows, columns=columns).sort_values("weight", ascending=False)
    return table.drop(columns="weight").reset_index(drop=True)


def _alike(
    prints: dict[str, set[int]], n_students: int
) -> Iterator[tuple[tuple[str, str], int, float, float]]:
    """Yield pair, fingerprints in common, share and weight for the answers to one task."""
    holders: dict[int, list[str]] = defaultdict(list)
    for student, marks in prints.items():
        for mark in marks:
            holders[mark].append(student)
    own: Counter[str] = Counter()
    common: Counter[tuple[str, str]] = Counter()
    passages: Counter[tuple[str, str]] = Counter()
    for by in holders.values():
        if len(by) <= max(10, n_students // 10):
            weight = log((n_students + 1) / len(by))
            own.update(dict.fromkeys(by, weight))
            common.update(dict.fromkeys(combinations(by, 2), weight))
            passages.update(combinations(by, 2))
    for pair, number in passages.items():
        share = common[pair] / min(own[student] for student in pair)
        if number >= FEWEST_PASSAGES and share >= ALIKE:
            yield pair, number, share, common[pair]


def fingerprints(code: str) -> set[int]:
    """Return the fingerprints of Python code, which need not be valid.

    Names, layout, comments and texts do not matter; methods, numbers and structure do.
    """
    words = list(_words(code[:LONGEST_CODE]))
    hashes = [_hash(words[i : i + PASSAGE]) for i in range(len(words) - PASSAGE + 1)]
    if not hashes:
        return set()
    return {min(hashes[i : i + WINDOW]) for i in range(max(1, len(hashes) - WINDOW + 1))}


def _words(code: str) -> Iterator[str]:
    tokens = tokenize.generate_tokens(StringIO(code).readline)
    before = ""
    # Of code that Python cannot read, what comes before the fault counts.
    with suppress(tokenize.TokenError, SyntaxError):
        for kind, text, *_ in tokens:
            if kind in LAYOUT:
                before = "" if kind == tokenize.NEWLINE else before
                continue
            if kind in TEXTS:
                # A text that stands alone is a docstring or a comment.
                word = "" if before in ("", "text") else "text"
            elif kind == tokenize.NAME and text not in KEPT and before != ".":
                word = "name"
            else:
                word = text
            if word:
                yield word
                before = word


def _hash(words: list[str]) -> int:
    return int.from_bytes(blake2b("\x1f".join(words).encode(), digest_size=8).digest(), "big")
