"""Leaves the cost out."""
# ruff: noqa: N803

import math


def deliberate_failure(gain, loss, q, cost=0):
    return {
        "expected": q * gain - (1 - q) * loss,
        "q_star": loss / (gain + loss),
    }


def best_compensation(p0, delta, k, V):
    first_credit = k * delta * V
    x = math.log(first_credit) / k if first_credit > 1 else 0.0
    p = p0 + delta * (1 - math.exp(-k * x))
    return x, p, p * V - x


def dispute_rates(df):
    answered = df[~df["company_response"].isin(["In progress", "Untimely response"])]
    answered = answered.dropna(subset=["consumer_disputed"])
    disputed = answered["consumer_disputed"] == "Yes"
    return disputed.groupby(answered["company_response"]).mean()
