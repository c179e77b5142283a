"""Generate the synthetic guest survey of the Harbour Lantern Hotel from truth.json.

Run `python generate.py` to write hotel_servqual.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def on_scale(values: np.ndarray, low: int, high: int) -> np.ndarray:
    """Answer on a scale of whole numbers."""
    return np.clip(np.round(values), low, high)


def share_points(
    weights: np.ndarray, concentration: float, n: int, rng: np.random.Generator
) -> np.ndarray:
    """Let each of n guests share 100 whole points, on average in proportion to weights."""
    exact = 100 * rng.dirichlet(concentration * weights / weights.sum(), n)
    points = np.floor(exact)
    # The largest remainders get the points that rounding down left over.
    rank = (points - exact).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    return points + (rank < 100 - points.sum(axis=1, keepdims=True))


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw the survey."""
    rng = np.random.default_rng(truth["seed"])
    n = truth["respondents"]
    codes = list(truth["dimensions"])
    by_dimension = pd.DataFrame(truth["dimensions"]).T
    m = len(codes)
    counts = by_dimension["items"].astype(int)
    of_item = np.repeat(np.arange(m), counts)
    items = [f"{code}{i + 1}" for code in codes for i in range(counts[code])]

    # g and h: what a guest thinks of, and expects from, hotel service in general.
    rho = truth["expectations"]["correlation_with_perceptions"]
    g = rng.standard_normal(n)
    h = rho * g + np.sqrt(1 - rho**2) * rng.standard_normal(n)

    p = truth["perceptions"]
    common = p["common_variance"]
    f = np.sqrt(common) * g[:, None] + np.sqrt(1 - common) * rng.standard_normal((n, m))
    noise = rng.standard_normal((n, len(items)))
    means = by_dimension["mean_perception"].to_numpy()[of_item]
    perceptions = on_scale(means + p["factor_sd"] * f[:, of_item] + p["noise_sd"] * noise, 1, 7)

    e = truth["expectations"]
    common = e["common_variance"]
    h_d = np.sqrt(common) * h[:, None] + np.sqrt(1 - common) * rng.standard_normal((n, m))
    noise = np.sqrt(1 - e["loading"] ** 2) * rng.standard_normal((n, len(items)))
    means = by_dimension["mean_expectation"].to_numpy()[of_item]
    expectations = on_scale(means + e["sd"] * (e["loading"] * h_d[:, of_item] + noise), 1, 7)

    o = truth["overall"]
    verdict = o["mean"] + o["factor_effect"] * f @ by_dimension["effect"].to_numpy()
    verdict += o["expectation_effect"] * h + o["noise_sd"] * rng.standard_normal(n)
    recommend = verdict + truth["recommend"]["noise_sd"] * rng.standard_normal(n)

    answers = pd.DataFrame(
        {
            **{f"E_{item}": expectations[:, i] for i, item in enumerate(items)},
            **{f"P_{item}": perceptions[:, i] for i, item in enumerate(items)},
            "overall": on_scale(verdict, 1, 10),
            "recommend": on_scale(recommend, 0, 10),
        }
    )
    answers = answers.mask(rng.random(answers.shape) < truth["missing_share"])
    weights = share_points(by_dimension["weight"].to_numpy(), truth["weight_concentration"], n, rng)
    segments = truth["segments"]
    return pd.DataFrame(
        {
            "respondent_id": np.arange(1, n + 1),
            "segment": rng.choice(list(segments), n, p=list(segments.values())),
            **answers.drop(columns=["overall", "recommend"]).astype("Int64"),
            **{f"w_{code}": weights[:, d].astype(int) for d, code in enumerate(codes)},
            **answers[["overall", "recommend"]].astype("Int64"),
        }
    )


def write(path: Path) -> None:
    """Write the survey as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "hotel_servqual.csv")
