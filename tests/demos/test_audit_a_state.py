"""D8.1: what the hospitals of a state should mend first, by whom they are compared with."""

import pytest

from servicequality import data
from servicequality.demos.capstone import audit_a_state

DEMO = audit_a_state()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}
STATES = next(control for control in DEMO.taste).options


def look(**values):
    return DEMO.view(DEMO.check(values))


@pytest.fixture(scope="module")
def massachusetts():
    hospitals = data.load("hcahps")
    return hospitals[hospitals["state"] == "MA"]


def test_at_first_the_low_questions_look_weak():
    view = DEMO.view(DEMO.first_state())
    assert "<b>concentrate on medicines, care after</b>" in view.sentence
    assert "in the country it has 49.5 %" in view.explanation


def test_numbers_come_from_the_hospitals(massachusetts):
    view = look(compare="country")
    points = view.tables["points"].set_index("attribute")
    country = data.load("hcahps")["h_quiet_hsp_a_p"].mean()
    quiet = massachusetts["h_quiet_hsp_a_p"]
    assert points.loc["quiet", "performance"] == pytest.approx(quiet.mean() - country)
    squared = massachusetts.filter(regex="h_(comp_.*_(a_p|y_p|sa)|clean.*_a_p|quiet.*_a_p)$")
    squared = squared.corrwith(massachusetts["h_hsp_rating_9_10"]) ** 2
    assert len(squared) == 8
    assert points.loc["quiet", "importance"] == pytest.approx(
        squared["h_quiet_hsp_a_p"] / squared.sum()
    )
    row = view.tables["rows"].iloc[0]
    half = 2.004 * quiet.std() / len(quiet) ** 0.5
    assert row["name"] == "quiet"
    assert row["upper"] - row["value"] == pytest.approx(half, abs=0.01)
    assert view.numbers[1].text == "65.9 % (63.4 to 68.4)"
    assert view.numbers[2].text == "−1 and −3"


def test_the_prediction_and_its_feedback():
    shown = DEMO.declaration()["prediction"]["values"]
    assert shown == PRESETS["Massachusetts, country"]
    behind = DEMO.view(shown).tables["rows"].set_index("name")["words"]
    assert behind.index[0] == "quiet"
    for theme, option in {
        "care after": "care",
        "medicines": "medicines",
        "quick help": "help",
    }.items():
        said = DEMO.prediction.feedback[option]
        assert f"{behind[theme].removeprefix('−')} points" in said
        assert f"{behind['quiet'].removeprefix('−')} points" in said


def test_the_map_leaves_out_what_is_furthest_behind():
    view = look(compare="country")
    advice = view.tables["points"].set_index("attribute")["advice"]
    assert advice["quiet"] == "Low priority"
    assert (advice == "Concentrate here").sum() == 3
    assert "quiet, is not on the list" in view.explanation
    assert "Behind the country: 6 of 8 themes" in view.explanation
    listed = look(state="MD", compare="country")
    assert "quick help, is on the list" in listed.explanation


def test_the_challenge_is_met_by_exactly_the_states_ahead_in_everything():
    hospitals = data.load("hcahps")
    shares = hospitals.filter(regex="h_(comp_.*_(a_p|y_p|sa)|clean.*_a_p|quiet.*_a_p)$")
    ahead = shares.groupby(hospitals["state"]).mean() - shares.mean()
    never_behind = set(ahead.index[ahead.min(axis=1) >= 0]) & set(STATES)
    assert len(never_behind) == 9
    for code in STATES:
        state = DEMO.check({"state": code, "compare": "country"})
        assert DEMO.challenge.solved(state) is (code in never_behind), code
        assert not DEMO.challenge.solved(state | {"compare": "own"})
    for code in never_behind:
        assert "concentrate on nothing" in look(state=code, compare="country").sentence
        below = look(state=code).tables["points"]["advice"]
        assert below.isin(["Concentrate here", "Low priority"]).any()


def test_a_state_without_one_release_has_a_gap_and_no_invented_point():
    lines = look(state="MD").tables["lines"]
    assert sorted(lines["year"].unique()) == [2015, *range(2017, 2024)]
    assert not lines["value"].isna().any()


def test_all_states_fit_on_the_charts():
    for code in STATES:
        tables = look(state=code, compare="country").tables
        assert tables["rows"][["lower", "upper"]].abs().max(axis=None) <= 14
        assert tables["lines"]["value"].between(58, 84).all()
        for compare in ("own", "country"):
            for importance in ("alone", "together"):
                points = look(state=code, compare=compare, importance=importance).tables["points"]
                assert points["importance"].between(0, 0.35).all()
                assert points["importance"].sum() == pytest.approx(1, abs=0.01)
                ends = (-14, 14) if compare == "country" else (30, 100)
                assert points["performance"].between(*ends).all()


def test_the_names_of_two_lines_never_stand_on_one_side():
    for code in STATES:
        lines = look(state=code).tables["lines"]
        named = lines[lines["words"] != ""].sort_values("value", kind="stable")
        assert named["above"].tolist().count(True) == 1
        if named["value"].nunique() == 2:
            assert named["above"].tolist() == [False, True]
