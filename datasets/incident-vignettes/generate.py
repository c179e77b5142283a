"""Generate the synthetic incident vignettes from truth.json and the sentences in texts.json.

Run `python generate.py` to write incident_vignettes.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def draw(shares: dict[str, float], rng: np.random.Generator) -> str:
    """Draw a key by its share."""
    return str(rng.choice(list(shares), p=list(shares.values())))


def code(groups: np.ndarray, right: float, rng: np.random.Generator) -> np.ndarray:
    """Let a coder find the right group now and then, and else one of the three others."""
    wrong = (groups - 1 + rng.integers(1, 4, len(groups))) % 4 + 1
    return np.where(rng.random(len(groups)) < right, groups, wrong)


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw incidents, put their texts together, and let two coders classify them (M7.3)."""
    rng = np.random.default_rng(truth["seed"])
    texts = json.loads((HERE / "texts.json").read_text(encoding="utf-8"))
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for group, wanted in truth["vignettes_per_group"].items():
        teller = "employee" if group == "4" else "customer"
        already = len(rows)
        while len(rows) - already < wanted:
            category = str(rng.choice(texts["groups"][group]))
            severity = draw(truth["severity_shares"], rng)
            remedy = draw(truth["remedy_shares"][teller][severity], rng)
            parts = [
                rng.choice(choices)
                for choices in (
                    texts["events"][category],
                    texts["consequences"][teller][severity],
                    texts["remedies"][teller][remedy],
                )
            ]
            when = rng.choice(texts["when"])
            minutes = rng.choice(texts["minutes"])
            english, chinese = (
                joint.join(part[language] for part in parts).format(
                    when=when[language], minutes=minutes
                )
                for language, joint in enumerate((" ", ""))
            )
            # The same text again would be the same incident.
            rows[english, chinese] = {
                "group": int(group),
                "category": category,
                "severity": int(severity),
                "remedy": remedy,
            }
    vignettes = pd.DataFrame(rows.values())
    vignettes.insert(0, "text_en", [english for english, _ in rows])
    vignettes.insert(1, "text_zh", [chinese for _, chinese in rows])
    vignettes = vignettes.iloc[rng.permutation(len(vignettes))].reset_index(drop=True)
    for position, coder in ((4, "coder_a"), (5, "coder_b")):
        groups = vignettes["group"].to_numpy()
        vignettes.insert(position, coder, code(groups, truth["coder_right"], rng))
    judged = vignettes[["coder_a", "coder_b", "severity"]].astype("Int64")
    vignettes[judged.columns] = judged.mask(rng.random(judged.shape) < truth["missing_share"])
    return vignettes.rename_axis("id").rename(index=lambda row: row + 1).reset_index()


def write(path: Path) -> None:
    """Write the vignettes as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "incident_vignettes.csv")
