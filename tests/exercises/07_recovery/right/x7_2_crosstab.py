"""A chain of conditions, and a crosstab with all codes in rows and columns."""

import numpy as np
import pandas as pd


def classify_incident(rec):
    holds = {fact for fact, value in rec.items() if value}
    tree = {
        1: "not_available:unavailable too_slow:slow core_wrong:other_core",
        2: "special_need wish:preference own_mistake:customer_error "
        "others_disturbed:disruptive_others",
        4: "drunk:drunkenness abusive:abuse broke_rules:breaking_rules refused:uncooperative",
        3: "attention unusual:out_of_ordinary against_norms:cultural_norms",
    }
    leaves = [
        (group, *leaf.split(":")) for group, leaves in tree.items() for leaf in leaves.split()
    ]
    if not set(rec) <= {leaf[1] for leaf in leaves}:
        raise ValueError("What is that?")
    for group, fact, *category in leaves:
        if fact in holds:
            return group, (*category, fact)[0]
    raise ValueError("Nothing happened.")


def kappa(a, b):
    a, b = pd.Series(list(a), dtype=object), pd.Series(list(b), dtype=object)
    known = a.notna() & b.notna()
    codes = sorted(set(a[known]) | set(b[known]))
    table = pd.crosstab(a[known], b[known]).reindex(index=codes, columns=codes, fill_value=0)
    counts = table.to_numpy(dtype=float)
    if not counts.size:
        return np.nan
    with np.errstate(all="ignore"):
        p = counts / counts.sum()
        chance = p.sum(axis=0) @ p.sum(axis=1)
        return (np.trace(p) - chance) / (1 - chance)


def perreault_leigh(po, k):
    return np.sqrt(np.clip((po - 1 / k) * (k / (k - 1)), 0, None))
