"""D7.4: a promise that pays with good service and ruins a poor one."""

import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.recovery import guarantee_designer

DEMO = guarantee_designer()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def look(**values):
    return DEMO.view(DEMO.check(values))


def solves(**values):
    return DEMO.challenge.solved(DEMO.check(values))


def texts(view):
    return [number.text for number in view.numbers]


@pytest.mark.parametrize(
    ("case", "numbers"),
    [
        ("Noodle bar", ["16.70", "17.00", "4.0 %", "2.80"]),
        ("Good kitchen", ["19.38", "18.80", "4.0 %", "1.36"]),
        ("Poor kitchen", ["10.44", "12.80", "4.0 %", "6.16"]),
        ("A kitchen that learns", ["18.04", "17.00", "45.0 %", "2.08"]),
    ],
)
def test_o7_9a(case, numbers):
    view = DEMO.view(PRESETS[case])
    assert texts(view) == numbers
    promised, without, even, payouts = numbers
    assert f"{promised} credits per guest with the guarantee, {without} without" in view.sentence
    assert f"fewer than {even} of the services fail. {payouts} credits" in view.sentence
    pays = float(promised) > float(without)
    assert ("<b>It pays" in view.sentence) == pays
    assert view.tables["lamp"]["state"].item() == ("yes" if pays else "no")


def test_o7_9a_the_least_learning():
    assert "must teach how to avoid 6.8 % of the failures; you assume 0 %" in look().explanation
    assert "even if nobody learns" in look(failure=3).explanation
    hopeless = look(uplift=0, cheating=5, payout=150, failure=0.5)
    assert "not even learning from every claim" in hopeless.explanation


def test_o7_9b_payouts_that_tell_a_good_firm_from_a_bad_one():
    spans = look(failure=2).tables["spans"]
    (middle,) = spans[spans["tells"]].to_dict("records")
    assert (middle["low"], middle["high"]) == pytest.approx((55.56, 333.33), abs=0.01)
    assert middle["name"] == "Only you, the better one"
    assert spans["words"].tolist() == ["up to 56", "56 to 333", "over 333"]
    worse = look(failure=12, rival=2).tables["spans"]
    assert worse[["low", "high"]].equals(spans[["low", "high"]])
    assert "Only the rival, who is better" in set(worse["name"])


def test_equal_firms_and_limits_beyond_the_picture():
    assert not {"spans", "promised"} & set(look(rival=5).tables)
    far = look(failure=0.5).tables["spans"]
    assert far["high"].iloc[-1] == 400
    assert far["tells"].tolist() == [False, True]
    assert far["words"].iloc[-1] == "56 to 1,333"
    assert look(failure=0.5, rival=1, invocation=5).tables["spans"]["tells"].tolist() == [False]


def test_the_prediction_is_about_the_first_terms():
    assert DEMO.prediction.values == {}
    assert DEMO.prediction.correct == "4"
    assert all("It breaks even at 4.0 %" in text for text in DEMO.prediction.feedback.values())


@pytest.mark.parametrize("failure", [2, 5, 12])
def test_neither_line_nor_lamp_tells_before_the_commit(failure):
    widget = w.DemoWidget(DEMO)
    values = {**DEMO.first_state(), "failure": failure}
    widget.request = {"number": 1, "values": values, "guess": None}
    tables = widget.view["tables"]
    assert set(tables) == {"profits", "here", "even", "lamp"}
    assert tables["profits"]["with_guarantee"] == [None, None]
    assert tables["here"]["with_guarantee"] == [None]
    assert tables["even"]["failure"] == []
    assert tables["lamp"] == {"state": ["unknown"], "words": ["Does it pay?"]}


def test_the_lines_cross_where_the_diamond_stands():
    tables = look().tables
    profits, even = tables["profits"], tables["even"]
    ahead = profits["with_guarantee"] - profits["without"]
    crossing = 20 * ahead[0] / (ahead[0] - ahead[1])
    assert even["failure"].item() == pytest.approx(crossing)
    assert even["failure"].item() == pytest.approx(3.9695, abs=5e-5)
    assert even["profit"].item() == pytest.approx(20 - 0.6 * crossing)
    assert DEMO.view(PRESETS["A kitchen that learns"]).tables["even"].empty


@pytest.mark.parametrize(
    ("values", "headline", "sentence"),
    [
        ({"payout": 20}, "none: pays always", "at every failure rate"),
        ({"payout": 35}, "none: pays always", "at every failure rate"),
        ({"uplift": 0}, "none: never pays", "at no failure rate"),
        ({"uplift": 0, "learning": 50}, "2.2 %", "only above 2.2 % failures"),
    ],
)
def test_the_other_cases_of_break_even(values, headline, sentence):
    view = look(**values)
    assert texts(view)[2] == headline
    assert sentence in view.sentence


@pytest.mark.parametrize(
    "values",
    [
        {"payout": 70, "learning": 15},
        {"payout": 70, "learning": 10},
        {"payout": 75, "learning": 15},
    ],
)
def test_a_smaller_promise_and_learning_save_the_poor_kitchen(values):
    assert solves(failure=8, **values)


def test_the_given_solution_earns_15_58_instead_of_15_20():
    view = look(failure=8, payout=70, learning=15)
    assert texts(view)[:2] == ["15.58", "15.20"]


@pytest.mark.parametrize(
    "values",
    [
        {"payout": 80, "learning": 15},
        {"payout": 70, "learning": 9},
        {"payout": 70},
        {"payout": 0},
        {"payout": 65, "learning": 15},
        {"payout": 80, "learning": 30},
        {"payout": 70, "learning": 15, "uplift": 9},
        {"payout": 70, "learning": 15, "invocation": 55},
        {"payout": 70, "learning": 15, "failure": 7.5},
    ],
)
def test_near_misses_do_not_solve_it(values):
    assert not solves(**{"failure": 8, **values})


def test_ticks_change_the_words_and_not_the_numbers():
    plain, vague = look(), look(understandable=False, meaningful=False)
    assert texts(plain) == texts(vague)
    reads = plain.tables["promise"]["reads"].tolist()
    assert reads[:2] == ["Hot in 20 minutes.", "If not, your meal is free."]
    assert "The wording meets 3 of 5" in plain.sentence
    assert vague.tables["promise"]["reads"][1] == "If not, you get a pen."
    assert vague.tables["promise"]["met"].tolist() == ["✗", "✗", "✓", "✗", "✗"]
    parcels = DEMO.view(PRESETS["Parcels"]).tables["promise"]["reads"]
    assert parcels[0] == "At your door by ten."


def test_warnings_come_from_the_numbers_and_from_ticks():
    good = look(failure=2)
    assert set(good.tables["warnings"]["true"]) == {"no"}
    assert "no warning holds" in good.sentence
    assert good.tables["lamp"]["words"].item() == "It pays: +0.58"
    warned = look(failure=2, image=True)
    assert "warnings that hold: it does not fit our image" in warned.sentence
    assert warned.tables["lamp"]["words"].item() == "Pays, with warnings: +0.58"
    poor = look().tables["warnings"].set_index("name")["true"]
    assert poor["Too many failures now"] == poor["It costs more than it brings"] == "yes"
    never = look(uplift=0).tables["warnings"].set_index("name")["true"]
    assert never["Too many failures now"] == "no", "fewer failures would not help"


def test_the_strongest_assumption_comes_first():
    levers = look().tables["levers"]
    assert levers["name"].tolist()[:3] == ["payout", "failures that are claimed", "margin"]
    assert levers["words"][0] == "60 to 100"
    assert levers["words"][1] == "45 % to 75 %"
    assert (levers["at_high"] - levers["at_low"]).abs().is_monotonic_decreasing


def test_the_lamp_lights_with_the_commit(open_demo):
    page = open_demo("guarantee_designer", width=390)
    demo = page.locator(".sq-demo")
    expect(demo.get_by_text("Does it pay?").first).to_be_attached()
    demo.get_by_label("About 4 %").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.get_by_text("It does not pay: −0.30").first).to_be_attached()
    demo.get_by_role("slider", name="Services that fail").fill("8")
    demo.get_by_role("slider", name="Payout for a claim").fill("70")
    demo.get_by_role("slider", name="Failures avoided, as claims show causes").fill("15")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
