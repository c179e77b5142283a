"""Takes fast and slow for shares of the problems."""
# ruff: noqa: N803

import math


def iceberg(N, f, c, fast, slow, V, rates=None):
    if not all(0 <= share <= 1 for share in (f, c, fast, slow)) or fast + slow > 1 + 1e-9:
        raise ValueError("f, c, fast and slow are shares, and fast + slow is at most 1.")
    buys = rates or {
        "no_problem": 0.90,
        "silent": 0.55,
        "fast": 0.82,
        "slow": 0.65,
        "unresolved": 0.35,
    }
    problems = N * f
    complaints = problems * c
    groups = {
        "silent": problems - complaints,
        "fast": problems * fast,
        "slow": problems * slow,
        "unresolved": problems * (1 - fast - slow),
    }
    lost = sum(many * (buys["no_problem"] - buys[group]) for group, many in groups.items())
    return {
        "problems": problems,
        "complaints": complaints,
        **groups,
        "multiplier": 1 / c if c > 0 else math.inf,
        "lost_customers": lost,
        "lost_value": V * lost,
    }


def failures_from_complaints(n, c_low, c_high):
    if not 0 < c_low <= c_high <= 1:
        raise ValueError("0 < c_low <= c_high <= 1, please.")
    return n / c_high, n / c_low


def cost_of_problem(df):
    found = {}
    for group, answer in {"with": "yes", "without": "no"}.items():
        people = df[df["had_problem"] == answer]
        scores = people["nps_0_10"].dropna()
        found[f"n_{group}"] = len(scores)
        found[f"nps_{group}"] = 100 * ((scores >= 9).mean() - (scores <= 6).mean())
        found[f"rating_{group}"] = people["rate_overall"].mean()
    return found | {"points": found["nps_without"] - found["nps_with"]}
