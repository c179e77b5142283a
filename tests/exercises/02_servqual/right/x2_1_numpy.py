"""Plain arrays and nanmean, which warns about people who answered nothing."""

import numpy as np


def servqual_scores(df, dims, weights=None, min_share=0.5):
    def person_means(rows):
        enough = np.isfinite(rows).sum(axis=1) >= min_share * rows.shape[1]
        return np.where(enough, np.nanmean(rows, axis=1), np.nan)

    item, gaps, performance, points = {}, [], [], []
    for name, pairs in dims.items():
        e = np.column_stack([df[column].to_numpy(dtype=float) for column, _ in pairs])
        p = np.column_stack([df[column].to_numpy(dtype=float) for _, column in pairs])
        for (_, column), gap in zip(pairs, np.nanmean(p - e, axis=0), strict=True):
            item[column] = float(gap)
        gaps.append(np.nanmean(person_means(p - e)))
        performance.append(np.nanmean(person_means(p)))
        points.append(1 if weights is None else weights[name])
    return {
        "item": item,
        "dimension": dict(zip(dims, gaps, strict=True)),
        "unweighted": np.mean(gaps),
        "weighted": np.average(gaps, weights=points),
        "servperf": np.mean(performance),
    }
