"""Melts the survey into one row per person and item, and groups."""

import pandas as pd


def servqual_scores(df, dims, weights=None, min_share=0.5):
    frames = []
    for dimension, pairs in dims.items():
        for e, p in pairs:
            frames.append(
                pd.DataFrame(
                    {
                        "person": range(len(df)),
                        "dimension": dimension,
                        "item": p,
                        "size": len(pairs),
                        "P": df[p].to_numpy(dtype=float),
                        "E": df[e].to_numpy(dtype=float),
                    }
                )
            )
    long = pd.concat(frames, ignore_index=True)
    long["gap"] = long["P"] - long["E"]

    def by_dimension(what):
        persons = long.groupby(["dimension", "person"]).agg(
            mean=(what, "mean"), n=(what, "count"), size=("size", "first")
        )
        persons = persons[persons["n"] / persons["size"] >= min_share]
        return persons.groupby("dimension")["mean"].mean()

    gaps = by_dimension("gap")
    w = pd.Series({d: 1.0 if weights is None else float(weights[d]) for d in dims})
    return {
        "item": long.groupby("item")["gap"].mean().to_dict(),
        "dimension": gaps.to_dict(),
        "unweighted": gaps.mean(),
        "weighted": (gaps * w / w.sum()).sum(),
        "servperf": by_dimension("P").mean(),
    }
