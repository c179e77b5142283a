"""Subtracts the wrong way round, so that a shortfall looks like a surplus."""

import pandas as pd


def servqual_scores(df, dims, weights=None, min_share=0.5):
    pairs = [pair for dimension in dims.values() for pair in dimension]
    perceptions = pd.DataFrame({p: df[p] for _, p in pairs})
    gaps = pd.DataFrame({p: df[e] - df[p] for e, p in pairs})

    def dimension_means(scores):
        means = {}
        for name, dimension in dims.items():
            items = scores[[p for _, p in dimension]]
            enough = items.notna().mean(axis=1) >= min_share
            means[name] = items.mean(axis=1)[enough].mean()
        return pd.Series(means)

    dimension = dimension_means(gaps)
    points = pd.Series(dict.fromkeys(dims, 1) if weights is None else dict(weights))
    return {
        "item": gaps.mean(),
        "dimension": dimension,
        "unweighted": dimension.mean(),
        "weighted": (points * dimension).sum() / points.sum(),
        "servperf": dimension_means(perceptions).mean(),
    }
