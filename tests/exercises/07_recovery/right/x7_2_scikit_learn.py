"""A list of rules, and scikit-learn's kappa."""

import numpy as np
import pandas as pd
from sklearn.metrics import cohen_kappa_score

FACTS = [
    "not_available",
    "too_slow",
    "core_wrong",
    "special_need",
    "wish",
    "own_mistake",
    "others_disturbed",
    "drunk",
    "abusive",
    "broke_rules",
    "refused",
    "attention",
    "unusual",
    "against_norms",
]
CATEGORIES = [
    "unavailable",
    "slow",
    "other_core",
    "special_need",
    "preference",
    "customer_error",
    "disruptive_others",
    "drunkenness",
    "abuse",
    "breaking_rules",
    "uncooperative",
    "attention",
    "out_of_ordinary",
    "cultural_norms",
]
GROUPS = [1] * 3 + [2] * 4 + [4] * 4 + [3] * 3


def classify_incident(rec):
    places = []
    for fact, holds in rec.items():
        place = FACTS.index(fact)  # a ValueError for an unknown fact
        if holds:
            places.append(place)
    first = min(places)  # and for none at all
    return [GROUPS[first], CATEGORIES[first]]


def kappa(a, b):
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if not (pd.isna(x) or pd.isna(y))]
    if len({code for pair in pairs for code in pair}) < 2:
        return np.nan
    first, second = zip(*pairs, strict=True)
    return cohen_kappa_score(first, second)


def perreault_leigh(po, k):
    return 0 if po < 1 / k else np.sqrt((k * po - 1) / (k - 1))
