import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import importance_performance as ipa

O2_6 = pd.DataFrame(
    {
        "importance": [6.6, 6.1, 4.6, 6.8, 4.9, 5.6],
        "performance": [5.1, 6.2, 5.8, 5.9, 4.7, 5.0],
    },
    index=["speed", "courtesy", "decor", "accuracy", "parking", "advice"],
)


@st.composite
def attribute_tables(draw):
    rows = draw(
        st.lists(st.tuples(st.integers(10, 70), st.integers(10, 70)), min_size=2, max_size=12)
    )
    return pd.DataFrame(np.array(rows) / 10, columns=["importance", "performance"])


@pytest.fixture(scope="module")
def kiosk_map(kiosk):
    numbers = range(1, 25)
    return pd.DataFrame(
        {
            "importance": kiosk[[f"IMP{i:02}" for i in numbers]].mean().to_numpy(),
            "performance": kiosk[[f"SAT{i:02}" for i in numbers]].mean().to_numpy(),
        },
        index=numbers,
    )


def groups(advice):
    return {label: set(rows) for label, rows in advice.groupby(advice).groups.items()}


@pytest.mark.oracle("O2.6")
def test_o2_6_scale_cross():
    assert ipa.crosshair(O2_6, "scale") == (4, 4)
    assert groups(ipa.classify(O2_6, "scale")) == {"keep up": set(O2_6.index)}
    assert ipa.classify(O2_6, "scale").name == "scale"


@pytest.mark.oracle("O2.6")
def test_o2_6_data_cross():
    assert ipa.crosshair(O2_6, "data") == pytest.approx((5.7667, 5.4500), abs=5e-5)
    assert groups(ipa.classify(O2_6, "data")) == {
        "concentrate": {"speed"},
        "keep up": {"courtesy", "accuracy"},
        "overkill": {"decor"},
        "low priority": {"parking", "advice"},
    }


@pytest.mark.oracle("O2.6")
def test_o2_6_diagonal():
    short = ipa.shortfalls(O2_6)
    assert short.to_dict() == pytest.approx(
        {
            "speed": -1.5,
            "courtesy": 0.1,
            "decor": 1.2,
            "accuracy": -0.9,
            "parking": -0.2,
            "advice": -0.6,
        }
    )
    act = ["speed", "accuracy", "advice", "parking"]
    assert list(short[short < 0].index) == act
    assert ipa.classify(O2_6, "diagonal").name == "diagonal"
    assert groups(ipa.classify(O2_6, "diagonal")) == {
        "concentrate": set(act),
        "leave": {"courtesy", "decor"},
    }


def test_d2_4_four_of_six_change():
    advice = ipa.compare_modes(O2_6)
    assert list(advice.columns) == ["scale", "data", "diagonal"]
    changes = ipa.advice_changes(advice)
    assert changes.sum() == 4
    assert set(changes.index[~changes]) == {"courtesy", "accuracy"}


def test_advice_of_the_diagonal_is_compared_as_act_or_not():
    changes = ipa.advice_changes(ipa.compare_modes(O2_6), ["data", "diagonal"])
    assert set(changes.index[changes]) == {"accuracy", "advice", "parking"}
    three = ipa.advice_changes(ipa.compare_modes(O2_6), ["scale", "data", "diagonal"])
    assert set(three.index[three]) == {"speed", "accuracy", "advice", "parking"}


@pytest.mark.parametrize(
    ("lines", "solved"),
    [
        ((6.1, 5.95), True),
        ((5.0, 6.2), True),
        ((6.1, 5.9), False),
        ((6.1, 6.21), False),
        ((6.11, 6.0), False),
    ],
)
def test_d2_4_challenge(lines, solved):
    """Accuracy to "concentrate", courtesy kept: performance line in (5.9, 6.2], other <= 6.1."""
    advice = ipa.classify(O2_6, "free", lines=lines)
    assert (advice["accuracy"] == ipa.CONCENTRATE and advice["courtesy"] == ipa.KEEP_UP) is solved


@pytest.mark.oracle("R2.3")
def test_r2_3_kiosk(kiosk_map):
    assert ipa.crosshair(kiosk_map, "data") == pytest.approx((5.8527, 4.9036), abs=5e-5)
    advice = ipa.compare_modes(kiosk_map)
    assert advice["scale"].value_counts().to_dict() == {
        "keep up": 19,
        "overkill": 4,
        "concentrate": 1,
    }
    assert advice["data"].value_counts().to_dict() == {
        "keep up": 12,
        "low priority": 7,
        "concentrate": 5,
    }
    assert list(advice.index[advice["data"] == "concentrate"]) == [7, 10, 11, 16, 23]
    assert ipa.advice_changes(advice).sum() == 12


def test_on_the_line_counts_as_high():
    table = pd.DataFrame({"importance": [4.0, 4.0], "performance": [4.0, 3.9]}, ["on", "under"])
    assert ipa.classify(table, "scale").to_dict() == {"on": "keep up", "under": "concentrate"}
    assert ipa.classify(table, "diagonal").to_dict() == {"on": "leave", "under": "concentrate"}
    # In binary the mean of three times 1.6 is a little more than 1.6.
    equal = pd.DataFrame({"importance": [1.6] * 3, "performance": [1.6] * 3})
    assert set(ipa.classify(equal, "data")) == {"keep up"}


def test_another_scale():
    assert ipa.crosshair(O2_6, "scale", scale=(0, 10)) == (5, 5)
    assert ipa.classify(O2_6, "scale", scale=(0, 10))["decor"] == "overkill"


@given(attribute_tables(), st.integers(0, 2**31))
def test_order_of_the_attributes_does_not_matter(table, order):
    shuffled = table.sample(frac=1, random_state=order)
    lines = (4.0, 5.0)
    one = ipa.compare_modes(table, lines=lines)
    assert list(one.columns) == list(ipa.MODES)
    pd.testing.assert_frame_equal(one, ipa.compare_modes(shuffled, lines=lines).loc[table.index])


@given(attribute_tables())
def test_exchanging_the_axes_mirrors_the_map(table):
    mirrored = table.rename(columns={"importance": "performance", "performance": "importance"})
    swap = {"concentrate": "overkill", "overkill": "concentrate"}
    for mode in ("scale", "data"):
        one, other = ipa.classify(table, mode), ipa.classify(mirrored, mode)
        assert one.replace(swap).tolist() == other.tolist()


@given(attribute_tables(), st.floats(0.5, 2), st.floats(-3, 3))
def test_the_data_cross_ignores_unit_and_origin(table, unit, origin):
    stretched = table.assign(importance=table["importance"] * unit + origin)
    assert ipa.classify(stretched).tolist() == ipa.classify(table).tolist()


def test_derived_importance(hotel):
    ratings = hotel[[f"P_{item}" for item in ("T1", "R1", "S1", "A1", "E1")]]
    derived = ipa.derived_importance(ratings, hotel["overall"])
    for item, found in derived.items():
        both = hotel[[item, "overall"]].dropna()
        assert found == pytest.approx(np.corrcoef(both[item], both["overall"])[0, 1])
    assert derived.idxmax() == "P_R1", "reliability has the largest effect in truth.json"


def test_derived_importance_of_what_does_not_vary():
    ratings = pd.DataFrame({"same": [5, 5, 5], "varies": [1, 2, 4]})
    derived = ipa.derived_importance(ratings, pd.Series([2, 4, 8]))
    assert np.isnan(derived["same"])
    assert derived["varies"] == pytest.approx(1)


def test_derived_importance_on_the_stated_scale():
    derived = pd.Series([0.2, 0.5, 0.4, 0.3, 0.1, 0.6], O2_6.index)
    scaled = ipa.on_scale_of(derived, O2_6["importance"])
    assert scaled.mean() == pytest.approx(O2_6["importance"].mean())
    assert scaled.std() == pytest.approx(O2_6["importance"].std())
    assert scaled.corr(derived) == pytest.approx(1)
    flat = ipa.on_scale_of(derived * 0 + 0.3, O2_6["importance"])
    assert flat.tolist() == pytest.approx([O2_6["importance"].mean()] * 6)


def test_bad_requests():
    with pytest.raises(ValueError, match="Unknown mode 'median'; choose one of scale, data"):
        ipa.classify(O2_6, "median")
    with pytest.raises(ValueError, match="needs lines"):
        ipa.classify(O2_6, "free")
    with pytest.raises(ValueError, match="No crosshair for mode 'diagonal'"):
        ipa.crosshair(O2_6, "diagonal")
    with pytest.raises(ValueError, match="needs a column 'performance'"):
        ipa.classify(O2_6[["importance"]])
    holed = O2_6.copy()
    holed.loc["decor", "importance"] = np.nan
    with pytest.raises(ValueError, match="importance of 'decor' is missing"):
        ipa.shortfalls(holed)
