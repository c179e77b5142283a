"""Renames the gap columns to dimension:item and groups columns by that prefix."""

import pandas as pd


def servqual_scores(df, dims, weights=None, min_share=0.5):
    names = {p: f"{name}:{p}" for name, pairs in dims.items() for _, p in pairs}
    expectations = df[[e for pairs in dims.values() for e, _ in pairs]]
    perceptions = df[list(names)].rename(columns=names)
    gaps = perceptions - expectations.set_axis(perceptions.columns, axis=1)

    def by_prefix(scores):
        blocks = scores.T.groupby(lambda name: name.split(":")[0])
        persons = blocks.mean().T.where(blocks.count().T.div(blocks.size()) >= min_share)
        return persons.mean()

    dimension = by_prefix(gaps)
    shares = pd.Series(weights if weights is not None else dict.fromkeys(dims, 1))
    shares = shares / shares.sum()
    return {
        "item": gaps.mean().rename(lambda name: name.split(":")[1]),
        "dimension": dimension,
        "unweighted": dimension.mean(),
        "weighted": dimension.mul(shares).sum(),
        "servperf": by_prefix(perceptions).mean(),
    }
