"""Pairs worth a look, in simulated classes of which we know who wrote what with whom."""

import re

import numpy as np
import pandas as pd
import pytest

from servicequality.grading import similarity

TASKS = ("X9.1", "X9.2", "X9.3")
GIVEN = """
def prepare(table, columns, minimum):
    clean = table[columns].dropna(how="all")
    counts = clean.notna().sum(axis=1)
    return clean[counts >= minimum * len(columns)].reset_index(drop=True)
"""
POPULAR = """
    means = table.groupby("group")["score"].mean()
    widest = means.sort_values().index[-1] - means.sort_values().index[0]
    spread = table["score"].std(ddof=1) / np.sqrt(len(table["score"]))
    limits = (means - 1.96 * spread, means + 1.96 * spread)
"""


def expression(rng: np.random.Generator, depth: int = 2) -> str:
    """An expression as nobody else is likely to write it."""
    if depth == 0:
        return str(rng.choice(["table", "weights", "x", "y", "2", "7", "1.96", "len(x)"]))
    one, other = expression(rng, depth - 1), expression(rng, depth - 1)
    method = rng.choice(["mean", "sum", "std", "abs", "max", "cumsum", "dropna", "round"])
    forms = [
        f"({one} {rng.choice(list('+-*/'))} {other})",
        f"{one}.{method}()",
        f"np.where({one} > {other}, {one}, {other})",
        f"{one}[{other}]",
        f"[{one} for x in {other} if x]",
    ]
    return str(rng.choice(forms))


def answer(rng: np.random.Generator) -> str:
    """One student's own answer to one task, with a passage that half of the class writes too."""
    lines = [f"    step_{i} = {expression(rng)}" for i in range(rng.integers(7, 12))]
    usual = POPULAR if rng.random() < 0.5 else ""
    return "def solve(table, x, y, weights):\n" + "\n".join(lines) + usual + "\n    return step_1\n"


def honest_class(n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = [
        {"student": f"s{i:03}", "task": task, "source": GIVEN + answer(rng)}
        for i in range(n)
        for task in TASKS
    ]
    return pd.DataFrame(rows)


def hand_on(answers: pd.DataFrame, giver: str, taker: str, tasks=TASKS, change=str) -> pd.DataFrame:
    """Give one student's answers to another, who changes them."""
    sources = answers.set_index(["student", "task"])["source"].copy()
    for task in tasks:
        sources.loc[(taker, task)] = change(sources.loc[(giver, task)])
    return sources.reset_index()


def disguise(code: str) -> str:
    """Other names, other texts, comments, layout."""
    for name, other in {"table": "frame", "weights": "w", "step_": "total_", "x": "value"}.items():
        code = re.sub(rf"\b{name}", other, code)
    code = code.replace('"score"', "'verdict'")
    return '"""My own work."""\n' + code.replace("\n    ", "\n\n        # next\n        ")


def names(pairs: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(pairs["first"], pairs["second"], strict=True))


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_is_named_in_an_honest_class(seed):
    assert similarity.pairs(honest_class(200, seed), [GIVEN]).empty


@pytest.mark.parametrize("change", [str, disguise])
def test_one_pair_among_200(change):
    answers = hand_on(honest_class(200, 4), "s017", "s151", change=change)
    found = similarity.pairs(answers, [GIVEN])
    assert names(found) == [("s017", "s151")]
    assert found.loc[0, "tasks"] == TASKS
    assert found.loc[0, "share"] > 0.9
    assert found.loc[0, "passages"] > 30


def test_one_task_of_three_is_enough_to_be_found_and_the_task_is_named():
    answers = hand_on(honest_class(60, 5), "s003", "s044", tasks=["X9.2"], change=disguise)
    found = similarity.pairs(answers, [GIVEN])
    assert names(found) == [("s003", "s044")]
    assert found.loc[0, "tasks"] == ("X9.2",)


def test_a_part_among_much_else_is_found():
    def pad(code):
        return code + answer(np.random.default_rng(99))

    answers = hand_on(honest_class(60, 6), "s003", "s044", change=pad)
    assert names(similarity.pairs(answers, [GIVEN])) == [("s003", "s044")]


def test_three_who_worked_together_are_three_pairs():
    answers = hand_on(honest_class(60, 7), "s001", "s002", change=disguise)
    answers = hand_on(answers, "s001", "s003")
    pairs = names(similarity.pairs(answers, [GIVEN]))
    assert set(pairs) == {("s001", "s002"), ("s001", "s003"), ("s002", "s003")}


def test_most_in_common_comes_first():
    answers = hand_on(honest_class(60, 8), "s001", "s002", tasks=["X9.1"])
    answers = hand_on(answers, "s010", "s011")
    assert names(similarity.pairs(answers, [GIVEN])) == [("s010", "s011"), ("s001", "s002")]


def test_what_everybody_was_given_is_no_agreement():
    answers = pd.DataFrame({"student": ["a", "b"], "task": "X9.1", "source": GIVEN})
    assert similarity.pairs(answers, [GIVEN]).empty
    assert names(similarity.pairs(answers.assign(source=GIVEN + POPULAR), [GIVEN])) == [("a", "b")]


def test_what_much_of_the_class_writes_is_no_agreement():
    answers = pd.DataFrame(
        {"student": [f"s{i}" for i in range(30)], "task": "X9.1", "source": POPULAR}
    )
    assert similarity.pairs(answers, []).empty


def test_a_short_answer_says_nothing():
    short = "def double(x):\n    return 2 * x\n"
    answers = pd.DataFrame({"student": ["a", "b"], "task": "X9.1", "source": short})
    assert similarity.pairs(answers, []).empty


def test_nobody_handed_in():
    answers = pd.DataFrame({"student": [], "task": [], "source": []}, dtype=str)
    found = similarity.pairs(answers, [GIVEN])
    assert list(found) == ["first", "second", "tasks", "passages", "share"]
    assert found.empty


@pytest.mark.parametrize(
    "code",
    [
        "",
        "def f(:\n  'open",
        "%matplotlib inline\n!ls\n",
        "\x00\x1b[31m" * 50,
        "(" * 5000,
        "é = '服務'",
    ],
)
def test_any_text_has_fingerprints(code):
    assert similarity.fingerprints(code) == similarity.fingerprints(code + "  # a comment")


def test_names_and_layout_do_not_matter_but_methods_and_numbers_do():
    code = "def spread(table):\n    return table.std(ddof=1) / table.mean(axis=0).sum() * 100\n"
    other = 'def f(df):\n    """Text."""\n\n    return df.std(ddof = 1)/df.mean(axis=0).sum()*100'
    assert similarity.fingerprints(code) == similarity.fingerprints(other)
    assert not similarity.fingerprints(code) & similarity.fingerprints(code.replace("1", "2"))
    assert similarity.fingerprints(code) != similarity.fingerprints(code.replace("mean", "max"))


def test_every_agreement_of_19_tokens_is_seen():
    rng = np.random.default_rng(9)
    for _ in range(200):
        shared = " ".join(str(n) for n in rng.integers(1000, 9999, 19))
        before, after = (" ".join(map(str, rng.integers(0, 999, 40))) for _ in range(2))
        one, other = (
            similarity.fingerprints(f"{before} {shared}"),
            similarity.fingerprints(f"{shared} {after}"),
        )
        assert one & other
