"""Subtracts column means, as if the same people had answered everything."""

import pandas as pd


def servqual_scores(df, dims, weights=None, min_share=0.5):
    pairs = [pair for dimension in dims.values() for pair in dimension]
    perceptions = pd.DataFrame({p: df[p] for _, p in pairs})

    def dimension_means(scores):
        means = {}
        for name, dimension in dims.items():
            items = scores[[p for _, p in dimension]]
            enough = items.notna().mean(axis=1) >= min_share
            means[name] = items.mean(axis=1)[enough].mean()
        return pd.Series(means)

    dimension = pd.Series(
        {
            name: sum(df[p].mean() - df[e].mean() for e, p in dimension) / len(dimension)
            for name, dimension in dims.items()
        }
    )
    points = pd.Series(dict.fromkeys(dims, 1) if weights is None else dict(weights))
    return {
        "item": pd.Series({p: df[p].mean() - df[e].mean() for e, p in pairs}),
        "dimension": dimension,
        "unweighted": dimension.mean(),
        "weighted": (points * dimension).sum() / points.sum(),
        "servperf": dimension_means(perceptions).mean(),
    }
