"""D3.4: limits, signals, false alarms, and what comes of reacting to everything."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from servicequality import data
from servicequality.demos.gap_management import control_room
from servicequality.widgets import DemoWidget

DEMO = control_room()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def state(**values):
    return DEMO.check(values)


def look(**values):
    return DEMO.view(state(**values))


def texts(view):
    return [number.text for number in view.numbers]


def signals(view):
    points = view.tables["points"]
    return points.loc[points["signal"], "x"].tolist()


def limits(view):
    return view.tables["limits"].iloc[0][["lcl", "center", "ucl"]].tolist()


def test_the_first_60_days_are_noise():
    view = look()
    assert len(view.tables["points"]) == 60
    assert signals(view) == []
    assert view.tables["change"].empty
    assert view.sentence == (
        "<b>60 days seen, and nothing has changed.</b> Signals so far: none. Chance alone makes "
        "one in 441 days."
    )


def test_limits_come_from_the_first_30_days():
    points = look(days=90).tables["points"]
    center = points["value"][:30].mean()
    assert center == pytest.approx(6.03, abs=0.01)
    half = 300 * np.sqrt(center / 100 * (1 - center / 100) / 200)
    assert limits(look(days=90)) == pytest.approx([center - half, center, center + half], abs=0.01)
    assert limits(look(days=90, n=50))[0] == 0


def test_after_the_commit_the_chart_signals_on_the_seventh_day():
    shown = DEMO.declaration()["prediction"]["values"]
    assert shown == PRESETS["All 90 days"]
    view = DEMO.view(shown)
    assert min(signals(view)) == 67
    assert view.sentence.startswith("<b>The chart signals on day 67: it took 7 days.</b>")
    assert "There was no false alarm before it." in view.sentence
    assert texts(view) == ["0", "day 67", "7.4 days", "441 days"]
    assert view.tables["change"]["x"].tolist() == [60.5]
    assert DEMO.prediction.correct == "week"
    for text in DEMO.prediction.feedback.values():
        assert "on day 67" in text
        assert "7.4 days" in text


@pytest.mark.parametrize(
    ("values", "average", "wolf"),
    [
        ({}, 7.448, 440.82),
        ({"wrong_after": 12}, 1.617, 440.82),
        ({"when": "never"}, 440.82, 440.82),
        ({"source": "complaints"}, 1 / 0.06983, 1 / 0.002426),
        ({"source": "minutes", "when": "never"}, 370.40, 370.40),
    ],
)
def test_o3_4_average_run_lengths(values, average, wolf):
    view = look(days=90, **values)
    assert view.tables["here"]["days"].item() == pytest.approx(average, rel=1e-3)
    assert view.tables["curve"]["days"][0] == pytest.approx(wolf, rel=1e-3)
    assert f"{wolf:.0f} days" in texts(view)


def test_fewer_calls_a_day_blind_the_chart():
    view = DEMO.view(PRESETS["Only 50 calls a day"])
    assert signals(view) == []
    assert texts(view)[1:3] == ["none yet", "30.5 days"]
    assert "has not signalled yet" in view.sentence


def test_more_days_never_change_earlier_points():
    early, late = look(days=70).tables["points"], look(days=90).tables["points"]
    assert early["value"].tolist() == late["value"][:70].tolist()
    assert early["signal"].tolist() == late["signal"][:70].tolist()


def test_the_same_luck_at_another_change():
    before = look(days=60).tables["points"]["value"]
    assert look(days=60, wrong_after=15).tables["points"]["value"].tolist() == before.tolist()
    mild, wild = (look(days=90, wrong_after=after).tables["points"] for after in (7, 15))
    assert (wild["value"] >= mild["value"]).all()


def test_runs_signal_more_but_never_less():
    for draw in range(1, 8):
        plain, runs = (set(signals(look(days=90, draw=draw, runs=on))) for on in (False, True))
        assert plain <= runs


def test_reacting_to_everything_doubles_the_variance():
    view = DEMO.view(PRESETS["React to everything"])
    alone, after, times = (float(re.match(r"[\d.]+", text)[0]) for text in texts(view))
    assert times == pytest.approx(after / alone, abs=0.05)
    assert "2.05 times the variance" in view.sentence
    ratios = [
        float(texts(look(days=90, source="minutes", when="never", react=True, draw=draw))[2][:4])
        for draw in range(1, 21)
    ]
    assert np.mean(ratios) == pytest.approx(2, abs=0.1)
    assert view.tables["bins"]["name"].unique().tolist() == ["left alone", "readjusted daily"]


def test_the_secret_is_kept_until_the_reader_stops():
    for days in (35, 60, 90):
        view = look(when="secret", days=days)
        assert view.tables["change"].empty
        assert "Has something changed?" in view.sentence
        assert "73" not in view.sentence + view.explanation
        assert view.tables["bins"]["group"].nunique() == 1
    told = look(when="secret", days=77, stop=True)
    assert told.tables["change"]["x"].tolist() == [72.5]
    assert texts(told)[:2] == ["day 77", "day 73"]
    assert "Well seen" in told.sentence
    assert "days" in told.inactive


def test_the_challenge_is_to_stop_within_ten_days_and_not_before():
    solved = [
        days
        for days in range(35, 91)
        if DEMO.challenge.solved(state(when="secret", days=days, stop=True))
    ]
    assert solved == list(range(73, 83))
    first_signal = min(signals(look(when="secret", days=90)))
    assert first_signal in solved, "who waits for the chart solves it"
    assert "A false alarm" in look(when="secret", days=72, stop=True).sentence
    assert "Late" in look(when="secret", days=83, stop=True).sentence


@pytest.mark.parametrize(
    "values",
    [
        {"stop": False},
        {"when": "known"},
        {"source": "centre"},
        {"source": "lights"},
        {"wrong_after": 15},
        {"n": 500},
    ],
)
def test_the_challenge_needs_a_secret_and_a_stop(values):
    solution = {"when": "secret", "days": 80, "stop": True}
    assert DEMO.challenge.solved(state(**solution))
    assert not DEMO.challenge.solved(state(**solution | values))


def test_a_false_alarm_does_not_give_the_day_away():
    told = look(when="secret", days=60, stop=True)
    assert "A false alarm" in told.sentence
    assert "73" not in told.sentence + told.explanation + " ".join(texts(told))
    assert told.tables["change"].empty


def test_another_draw_has_another_secret():
    secrets = {
        texts(look(when="secret", stop=True, draw=draw, days=90))[1] for draw in range(1, 21)
    }
    assert len(secrets) > 8


def test_the_contact_centre_is_ds_04():
    days = data.load("contact-centre-daily")
    view = DEMO.view(PRESETS["Contact centre"])
    points = view.tables["points"].set_index("x")["value"]
    recorded = days.dropna(subset=["calls"]).set_index("day")
    assert points.tolist() == pytest.approx(
        (100 * recorded["defects"] / recorded["calls"]).tolist(), abs=1e-3
    )
    assert texts(view)[:2] == ["0", "day 64"]
    assert "(synthetic)" in view.tables["frame"]["caption"][0]


@pytest.mark.oracle("R3.1")
def test_r3_1_boston_street_lights():
    view = DEMO.view(PRESETS["Boston street lights"])
    points = view.tables["points"]
    assert len(points) == 53
    assert points["signal"].sum() == 11
    worst = points.loc[points["value"].idxmax()]
    assert worst["name"] == "26 January"
    assert worst["value"] == pytest.approx(54.41, abs=0.005)
    assert limits(view)[1] == pytest.approx(23.777, abs=5e-4)
    assert texts(view) == ["11 of 53", "23.8 %", "54.4 %"]
    assert "record snow" in view.sentence


@pytest.mark.oracle("R3.2")
def test_r3_2_english_emergency_departments():
    view = DEMO.view(PRESETS["English emergency departments"])
    points = view.tables["points"]
    assert len(points) == points["name"].nunique() == 137
    assert points["signal"].sum() == 128
    assert limits(view)[1] == pytest.approx(22.835, abs=5e-4)
    assert texts(view)[0] == "128 of 137"
    widths = view.tables["limits"]["ucl"] - view.tables["limits"]["lcl"]
    assert widths.is_monotonic_decreasing
    assert not points["linked"].any()
    assert "over-dispersion" in view.explanation


def test_controls_without_effect_are_idle():
    assert look().inactive == {"complaints_after", "minutes_after", "react", "stop"}
    assert {"n", "wrong_after"} <= look(source="complaints").inactive
    assert "wrong_after" in look(when="never").inactive
    assert {"n", "days", "draw", "runs"} <= look(source="lights").inactive
    assert "days" not in look(source="centre").inactive


def test_before_the_commit_no_day_after_the_60th_is_sent():
    sent = DemoWidget(DEMO).view["tables"]
    assert set(sent) == {"points", "limits", "change", "frame"}
    assert max(sent["points"]["x"]) == 60


def test_a_reader_goes_on_day_by_day_and_stops(open_demo):
    page = open_demo("control_room")
    demo = page.locator(".sq-demo")
    demo.get_by_role("radio", name="After about a week").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-numbers dd").nth(1)).to_have_text("day 67")

    demo.get_by_role("button", name="Secret day").click()
    sentence = demo.locator(".sq-sentence")
    expect(sentence).to_contain_text("35 days seen. Has something changed?")
    demo.get_by_role("button", name="Next day").click()
    expect(sentence).to_contain_text("36 days seen")
    slider = demo.get_by_role("slider", name="Days seen")
    slider.fill("80")
    expect(sentence).to_contain_text("Signals so far: 1 (day 80)")
    demo.get_by_label("Stop! Something has changed").check()
    expect(sentence).to_contain_text("Well seen: you stopped on day 80, it changed on day 73.")
    expect(slider).to_be_disabled()
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
