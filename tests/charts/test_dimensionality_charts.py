import json

import altair as alt
import pandas as pd

from servicequality.charts import dimensionality, reliability

EIGENVALUES = pd.DataFrame(
    {
        "rank": [1, 2, 1, 2],
        "value": [3.0, 1.0, 1.2, 1.1],
        "answers": ["us", "us", "chance", "chance"],
    }
)
ALPHAS = pd.DataFrame(
    [("security", kind, 0.8, 0.7, 0.9) for kind in ("E", "P", "gap")],
    columns=["scale", "score", "alpha", "lower", "upper"],
)


def test_a_scree_takes_a_table_and_a_reference():
    spec = dimensionality.scree(EIGENVALUES, ("us", "chance")).to_dict()
    reference = dimensionality.scree(alt.NamedData("eigenvalues"), ("us", "chance")).to_dict()
    assert any(len(rows) == 4 for rows in spec["datasets"].values())
    assert '"name": "eigenvalues"' in json.dumps(reference)


def test_two_kinds_of_answers_differ_in_shape_and_colour():
    layers = dimensionality.scree(EIGENVALUES, ("us", "chance")).to_dict()["layer"]
    points = next(layer for layer in layers if layer["mark"]["type"] == "point")
    for channel in ("shape", "color"):
        assert points["encoding"][channel]["scale"]["domain"] == ["us", "chance"]
        assert len(set(points["encoding"][channel]["scale"]["range"])) == 2


def test_alphas_stay_on_a_line_from_0_to_1_with_one_shape_a_score():
    spec = reliability.alpha_intervals(ALPHAS, ("E", "P", "gap")).to_dict()
    interval, mark = spec["layer"]
    assert interval["encoding"]["x"]["scale"]["domain"] == [0, 1]
    assert mark["encoding"]["shape"]["scale"]["domain"] == ["E", "P", "gap"]
    assert len(set(mark["encoding"]["shape"]["scale"]["range"])) == 3
