"""D3.5: catching up with a leader who does not wait."""

import pytest

from servicequality.demos.gap_management import chasing_the_best
from servicequality.widgets import DemoWidget

DEMO = chasing_the_best()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def state(**values):
    return DEMO.check(values)


def look(**values):
    return DEMO.view(state(**values))


def texts(view):
    return [number.text for number in view.numbers]


def test_o3_6_the_guest_index():
    view = look()
    assert view.tables["parity"]["years"][0] == pytest.approx(6.533, abs=5e-4)
    assert texts(view) == ["6.5 years", "12.2 years", "1 of 6"]
    assert view.sentence.startswith(
        "<b>Guest index, points: 70 against 90, growing 6.0 % and 2.0 % a year: 6.5 years.</b>"
    )


def test_the_prediction_is_about_the_first_state():
    assert DEMO.declaration()["prediction"]["values"] == DEMO.first_state()
    for text in DEMO.prediction.feedback.values():
        assert "6.5 years" in text
        assert "after 4.3" in text
    assert texts(DEMO.view(PRESETS["If the best stood still"]))[0] == "4.3 years"


def test_the_two_curves_cross_where_they_meet():
    view = look()
    meeting, years = view.tables["meeting"].iloc[0], view.tables["years"]
    before, after = (years[years["year"] == year].iloc[0] for year in (6, 7))
    assert before["own"] < before["best"]
    assert after["own"] > after["best"]
    assert 6 < meeting["year"] < 7
    assert before["best"] < meeting["level"] < after["best"]


def test_who_is_no_faster_never_arrives():
    view = DEMO.view(PRESETS["Only as fast as the best"])
    assert texts(view) == ["never", "never", "0 of 6"]
    assert view.tables["meeting"].empty
    assert "never shrinks" in view.explanation


def test_who_is_ahead_is_not_chasing():
    view = look(guests=95, growth=0)
    assert texts(view)[0] == "level or ahead"
    assert "nobody to chase" in view.explanation


def test_the_challenge_has_one_solution():
    rates = [round(step / 10, 1) for step in range(201)]
    assert [rate for rate in rates if DEMO.challenge.solved(state(growth=rate))] == [12.1]
    assert not DEMO.challenge.solved(state(growth=12.1, best_growth=1.9))
    assert not DEMO.challenge.solved(state(growth=12.1, ideas=27))


def test_the_growth_needed_for_five_years_is_enough():
    assert "you would need 7.3 % a year" in look().explanation
    assert texts(look(growth=7.3))[0] == "5.0 years"


def test_the_area_of_the_radar_is_smaller_than_its_lengths():
    assert "average 73 % of the best, but the filled area is only 53 %" in look().explanation


def test_before_the_commit_no_years_are_sent():
    sent = DemoWidget(DEMO).view
    assert set(sent["tables"]) == {"levels"}
    assert "6.5" not in sent["teaser"]
