"""Generate the synthetic survey of Kite Air's passengers from truth.json.

Run `python generate.py` to write zone_survey.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent

DRIVERS = [
    "needs",
    "enduring",
    "explicit",
    "implicit",
    "word_of_mouth",
    "past",
    "transitory",
    "alternatives",
    "role",
    "situational",
]


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw the answers: three levels of expectation from ten drivers (M5.2)."""
    rng = np.random.default_rng(truth["seed"])
    n = truth["respondents"]
    age = rng.integers(truth["age"]["youngest"], truth["age"]["oldest"] + 1, n)
    purposes = pd.DataFrame(truth["purposes"]).T
    purpose = rng.choice(purposes.index, n, p=purposes["share"])
    # This beta distribution has mean 0 and standard deviation 1 on the scale from -2 to 2.
    drivers = pd.DataFrame(4 * rng.beta(1.5, 1.5, (n, len(DRIVERS))) - 2, columns=DRIVERS).round(2)

    def level(name: str) -> pd.Series:
        effects = pd.Series(truth[name]["effects"])
        return truth[name]["level"] + drivers[effects.index] @ effects

    desired = level("desired") + purposes.loc[purpose, "effect_on_desired"].to_numpy()
    desired += truth["age_effect_on_desired_per_year"] * (age - age.mean())
    desired = desired.clip(1, 9)
    predicted = level("predicted").clip(1, 9)
    usual = truth["predicted"]["level"]
    adequate = level("adequate") + truth["adequate"]["effect_of_predicted"] * (predicted - usual)
    levels = pd.DataFrame(
        {
            "desired": desired,
            "adequate": np.minimum(desired, adequate.clip(1, 9)),
            "predicted": predicted,
        }
    )
    levels += rng.normal(0, truth["answer_noise_sd"], levels.shape)
    surprise = truth["perceived_minus_predicted"]
    levels["perceived"] = predicted + rng.normal(surprise["mean"], surprise["sd"], n)
    answers = drivers.join(levels.clip(1, 9).round(1)) + 0.0
    answers.insert(0, "age", age)
    answers = answers.astype({"age": "Int64"}).mask(
        rng.random(answers.shape) < truth["missing_share"]
    )
    answers.insert(1, "purpose", purpose)
    return answers.rename_axis("id").rename(index=lambda row: row + 1).reset_index()


def write(path: Path) -> None:
    """Write the survey as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "zone_survey.csv")
