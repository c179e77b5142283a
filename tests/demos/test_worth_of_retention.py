"""D6.4: five points of retention are worth what the arithmetic of a case makes of them."""

import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.satisfaction import worth_of_retention
from servicequality.models import lifetime_value as model

DEMO = worth_of_retention()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def look(**values):
    return DEMO.view(DEMO.check(values))


def numbers(view):
    return [number.text for number in view.numbers]


@pytest.mark.parametrize(
    ("values", "gain"),
    [
        ({"retention": 60}, "+11.1 %"),
        ({"retention": 80}, "+20.0 %"),
        ({"retention": 90}, "+33.3 %"),
        ({"discount": 0}, "+100.0 %"),
        ({"discount": 15}, "+25.0 %"),
        ({"horizon": "5"}, "+9.4 %"),
    ],
)
def test_o6_8a_five_points_in_six_situations(values, gain):
    view = look(**values)
    assert numbers(view)[2] == gain
    assert f": {gain}.</b>" in view.sentence
    table = view.tables["gains"]
    assert gain in table["words"].tolist()[:6]
    assert table["words"].iloc[-1] == gain
    assert table["gain"].iloc[:6].is_monotonic_increasing


def test_o6_8a_the_value_of_a_customer():
    assert numbers(look(retention=80))[0] == "367"
    assert numbers(look(retention=80, horizon="5"))[0] == "292"
    assert numbers(look(retention=80, margin=200))[0] == "733"


def test_the_first_state_in_words():
    sentence = look().sentence
    assert "From 90 to 95 of 100 who stay, a customer is worth 733 instead of 550" in sentence
    assert "+100.0 % without discount and limit, and +9.4 % over five years" in sentence


def test_the_prediction_is_what_the_model_finds():
    assert DEMO.prediction.values == {}
    assert DEMO.prediction.correct == "third"
    assert all("It is +33.3 % here." in text for text in DEMO.prediction.feedback.values())


def test_what_is_added_is_covered_before_the_commit():
    tables = w.DemoWidget(DEMO).view["tables"]
    assert set(tables) == {"years", "key"}
    assert tables["years"]["then"] == tables["years"]["today"]
    assert tables["key"]["words"] == ["90 of 100 stay", "5 points more: ?"]


@pytest.mark.parametrize("label", ["90 to 95", "Five years only", "Customers differ"])
def test_the_columns_add_up_to_the_value(label):
    state = PRESETS[label] | {"discount": 20}
    view = DEMO.view(state)
    years = view.tables["years"]
    points = view.tables["points"]["value"]
    for column, value in zip(("today", "then"), points, strict=True):
        counted = years[column][years["counted"]].sum() / 100
        assert counted == pytest.approx(value, rel=0.01)


def test_the_years_that_count():
    assert look(horizon="3").tables["years"]["counted"].sum() == 3
    assert look().tables["years"]["counted"].all()


def test_o6_8b_the_leaky_bucket():
    view = DEMO.view(PRESETS["A weak programme"] | {"points": 5})
    bases = view.tables["bases"]
    today = bases["customers"][~bases["more"]]
    assert today.tolist()[:4] == [1000, 1300, 1540, 1732]
    assert view.tables["ends"]["level"].tolist() == [2500, 3333]


def test_o6_8b_a_weak_programme_is_dearer_than_new_customers():
    view = DEMO.view(PRESETS["A weak programme"])
    assert numbers(view)[3] == "200"
    assert "by the programme costs 200 credits, winning one 150" in view.sentence
    assert view.tables["costs"]["chosen"].tolist() == [False, True]
    assert look().tables["costs"]["chosen"].tolist() == [True, False]


def test_o6_8d_mixed_customers_seem_to_improve():
    view = DEMO.view(PRESETS["Customers differ"])
    assert "80 % of the customers stay in the first year and 87.5 % in the fourth" in (
        view.explanation
    )
    assert numbers(view)[0] == "483"
    assert "4.83 yearly margins" in view.explanation
    assert view.explanation.endswith("3.67.")
    assert "bases" not in view.tables
    mixed = view.tables["years"]["today"]
    alike = look(retention=80).tables["years"]["today"]
    assert mixed.iloc[1] == alike.iloc[1]
    assert mixed.iloc[5] > alike.iloc[5]


def test_impossible_settings_are_refused_in_plain_words():
    with pytest.raises(ValueError, match=r"96.0 and 5.0 points more: that would be everybody"):
        look(retention=96)
    with pytest.raises(ValueError, match="stay so long that without a discount"):
        look(retention=80, mixed=True, discount=0)


def test_the_gain_of_a_setting_is_the_model_s():
    view = look(retention=70, points=3, discount=4, horizon="10")
    gain = model.retention_gain(0.7, 0.03, 0.04, 10)
    assert view.tables["gains"]["gain"].iloc[-1] == pytest.approx(100 * gain)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({}, "counts less, 10 % a year,"),
        ({"horizon": "5"}, "counts less, 10 % a year, and in the end nothing,"),
        ({"horizon": "5", "discount": 0}, "years that you do not count bring nothing,"),
        ({"discount": 0}, "every year counts in full"),
    ],
)
def test_the_explanation_tells_why_late_years_count_less(values, why):
    assert why in DEMO.view(DEMO.check(values)).explanation


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"retention": 89.1, "discount": 0}, True),
        # The same distance from leaving, with some discount.
        ({"retention": 90.1, "discount": 1}, True),
        ({"retention": 94.1, "discount": 5}, True),
        ({"retention": 88.8, "discount": 0}, False),
        ({"retention": 89.4, "discount": 0}, False),
        ({"retention": 89.1}, False),
        ({"retention": 89.1, "discount": 0, "horizon": "20"}, False),
        # 85 %, but from more than five points.
        ({"retention": 83.1, "discount": 0, "points": 8}, False),
        ({"retention": 96, "discount": 0}, False),
    ],
)
def test_the_challenge_needs_customers_who_stay_long(values, solved):
    assert DEMO.challenge.solved(DEMO.check(values)) is solved


def test_no_case_gives_the_challenge_away():
    assert not any(DEMO.challenge.solved(state) for state in PRESETS.values())


def test_predicting_and_finding_the_claim(open_demo):
    page = open_demo("worth_of_retention", width=390)
    demo = page.locator(".sq-demo")
    expect(demo.locator(".sq-plot").first).to_contain_text("5 points more: ?")
    demo.get_by_label("Twice as much").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("733 instead of 550 credits: +33.3 %")
    expect(demo.locator(".sq-plot").first).to_contain_text("5 points more: +33.3 %")
    demo.get_by_role("slider", name="Discount for each year of waiting").fill("0")
    demo.get_by_role("slider", name="Of 100 customers stay another year").fill("89.1")
    expect(demo.locator(".sq-sentence")).to_contain_text("+84.7 %")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
    demo.get_by_role("slider", name="Of 100 customers stay another year").fill("97")
    expect(demo.get_by_role("alert")).to_contain_text("that would be everybody, or more")
