"""A chain of rules on the words of the answers, and loops."""

import math

import pandas as pd

WORDS = {1: "like", 2: "must", 3: "neutral", 4: "live with", 5: "dislike"}


def kano_class(f, d):
    present, absent = WORDS[f], WORDS[d]
    if present == absent and present in ("like", "dislike"):
        return "Q"
    if absent == "like" or present == "dislike":
        return "R"
    if present == "like":
        return "O" if absent == "dislike" else "A"
    return "M" if absent == "dislike" else "I"


def kano_summary(df):
    rows = {}
    for item, part in df.groupby("item"):
        letters = [kano_class(f, d) for f, d in zip(part["f"], part["d"], strict=True)]
        row = {letter: letters.count(letter) for letter in "AOMIRQ"}
        n, valid = len(letters), sum(row[letter] for letter in "AOMI")
        a, b = sorted(row.values(), reverse=True)[:2]
        rows[item] = row | {
            "mode": max("MOAIRQ", key=letters.count),
            "better": (row["A"] + row["O"]) / valid if valid else math.nan,
            "worse": -(row["O"] + row["M"]) / valid if valid else math.nan,
            "strength": (a - b) / n,
            "mixed": a - b < 1.65 * math.sqrt((a + b) * (2 * n - a - b) / (2 * n)),
        }
    return pd.DataFrame.from_dict(rows, orient="index")
