"""Subtracts the buyers there are from the buyers there would be, and counts in loops."""
# ruff: noqa: N803

import math


def iceberg(N, f, c, fast, slow, V, rates=None):
    if min(f, c, fast, slow) < 0 or max(f, c, fast + slow) > 1:
        raise ValueError("Not a share.")
    if rates is None:
        names = ("no_problem", "silent", "fast", "slow", "unresolved")
        rates = dict(zip(names, (0.9, 0.55, 0.82, 0.65, 0.35), strict=True))
    shares = {
        "no_problem": 1 - f,
        "silent": f * (1 - c),
        "fast": f * c * fast,
        "slow": f * c * slow,
        "unresolved": f * c * (1 - fast - slow),
    }
    buyers = N * sum(share * rates[group] for group, share in shares.items())
    lost = N * rates["no_problem"] - buyers
    return {
        "lost_value": lost * V,
        "lost_customers": lost,
        "multiplier": math.inf if c == 0 else 1 / c,
        "complaints": N * f * c,
        "problems": N * f,
    } | {group: N * shares[group] for group in ("unresolved", "slow", "fast", "silent")}


def failures_from_complaints(n, c_low, c_high):
    if c_low <= 0 or c_high > 1 or c_low > c_high:
        raise ValueError("Not a range of shares.")
    return [n / c_high, n / c_low]


def cost_of_problem(df):
    scores = {"yes": [], "no": []}
    ratings = {"yes": [], "no": []}
    columns = (df[name].tolist() for name in ("had_problem", "nps_0_10", "rate_overall"))
    for answer, score, rating in zip(*columns, strict=True):
        if answer in ("yes", "no"):
            scores[answer] += [score] if score == score else []
            ratings[answer] += [rating] if rating == rating else []

    def nps(answer):
        given = scores[answer]
        return 100 * sum((score >= 9) - (score <= 6) for score in given) / len(given)

    return {
        "points": nps("no") - nps("yes"),
        "nps_with": nps("yes"),
        "nps_without": nps("no"),
        "n_with": len(scores["yes"]),
        "n_without": len(scores["no"]),
        "rating_with": sum(ratings["yes"]) / len(ratings["yes"]),
        "rating_without": sum(ratings["no"]) / len(ratings["no"]),
    }
