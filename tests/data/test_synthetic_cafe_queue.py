"""DS-05: rates and service times come back well, mean waits only over many draws."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from servicequality import data
from servicequality.models.queueing import mixed_queue

FOLDER = Path(__file__).parents[2] / "datasets" / "cafe-queue"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
LONG_RUN = [2.5, 7, 25]


@pytest.fixture(scope="module")
def queue():
    return data.load("cafe-queue")


@pytest.fixture(scope="module")
def waits():
    generate = runpy.run_path(str(FOLDER / "generate.py"))["generate"]
    return np.array(
        [
            generate({**TRUTH, "seed": seed}).groupby("block")["wait_min"].mean()
            for seed in range(100)
        ]
    )


def test_the_truth_has_the_long_run_waits_of_the_queueing_model():
    """O4.2b."""
    mean, sd = (
        [TRUTH["service_min"][kind][key] for kind in ("prepared", "unprepared")]
        for key in ("mean", "sd")
    )
    for block, wait in zip(TRUTH["blocks"], LONG_RUN, strict=True):
        u = block["unprepared"]
        assert mixed_queue(TRUTH["arrivals_per_min"], [1 - u, u], mean, sd).wq == pytest.approx(
            wait
        )


def test_blocks(queue):
    assert queue.groupby("block").size().tolist() == [667, 667, 666]
    unprepared = 1 - queue.groupby("block")["prepared"].mean()
    assert unprepared.to_numpy() == pytest.approx(np.array([0, 0.25, 0.5]), abs=0.05)


def test_arrivals(queue):
    gaps = queue.groupby("block")["arrive_min"].diff().dropna()
    assert (gaps >= 0).all()
    assert gaps.mean() == pytest.approx(5, rel=0.06)
    assert gaps.std() == pytest.approx(gaps.mean(), rel=0.1), "exponential"


def test_service_times(queue):
    times = queue.groupby("prepared")["service_min"].agg(["mean", "std"])
    assert times.loc[1].tolist() == pytest.approx([3, 1], rel=0.05)
    assert times.loc[0].tolist() == pytest.approx([6, 2], rel=0.08)


def test_first_come_first_served(queue):
    """Each starts on arrival or when the one before is done; times are rounded to .01 min."""
    by_block = queue.groupby("block")
    free = by_block["start_min"].shift() + by_block["service_min"].shift()
    start = np.maximum(queue["arrive_min"], free)
    known = start.notna() & queue["start_min"].notna()
    assert known.sum() > 1800
    assert queue["start_min"][known].to_numpy() == pytest.approx(start[known], abs=0.02)
    wait = queue["start_min"] - queue["arrive_min"]
    known = wait.notna() & queue["wait_min"].notna()
    assert queue["wait_min"][known].to_numpy() == pytest.approx(wait[known], abs=0.02)


def test_mean_waits_over_many_draws(waits):
    assert waits.mean(axis=0) == pytest.approx(np.array(LONG_RUN), rel=0.2)


def test_mean_waits_of_this_draw_are_ordinary(queue, waits):
    found = queue.groupby("block")["wait_min"].mean().to_numpy()
    low, high = np.quantile(waits, [0.1, 0.9], axis=0)
    assert ((low < found) & (found < high)).all()


def test_one_draw_says_little_about_a_long_queue(waits):
    near = abs(waits / LONG_RUN - 1) < 0.2
    assert near[:, 2].mean() < 0.45
    assert near.all(axis=1).mean() < 0.3
