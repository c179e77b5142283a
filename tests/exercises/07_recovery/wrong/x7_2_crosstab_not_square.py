"""Takes the diagonal of a table whose rows and columns differ."""

import math

import pandas as pd


def classify_incident(rec):
    codes = {
        "not_available": (1, "unavailable"),
        "too_slow": (1, "slow"),
        "core_wrong": (1, "other_core"),
        "special_need": (2, "special_need"),
        "wish": (2, "preference"),
        "own_mistake": (2, "customer_error"),
        "others_disturbed": (2, "disruptive_others"),
        "drunk": (4, "drunkenness"),
        "abusive": (4, "abuse"),
        "broke_rules": (4, "breaking_rules"),
        "refused": (4, "uncooperative"),
        "attention": (3, "attention"),
        "unusual": (3, "out_of_ordinary"),
        "against_norms": (3, "cultural_norms"),
    }
    if unknown := set(rec) - set(codes):
        raise ValueError(f"Unknown facts: {unknown}")
    for fact, code in codes.items():
        if rec.get(fact):
            return code
    raise ValueError("No fact holds: read the case again.")


def kappa(a, b):
    pairs = pd.DataFrame({"a": list(a), "b": list(b)}, dtype=object).dropna()
    if pairs.empty:
        return math.nan
    p = pd.crosstab(pairs["a"], pairs["b"], normalize=True).to_numpy()
    smaller = min(p.shape)
    observed = p.trace()
    expected = p.sum(axis=1)[:smaller] @ p.sum(axis=0)[:smaller]
    return (observed - expected) / (1 - expected) if expected < 1 else math.nan


def perreault_leigh(po, k):
    return math.sqrt(max(po - 1 / k, 0) * k / (k - 1))
