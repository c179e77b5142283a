"""D4.3: three parties share the control; extremes are dear for all."""

import numpy as np
import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.customers_role import who_is_in_charge
from servicequality.models import encounter_triad

DEMO = who_is_in_charge()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def look(**values):
    return DEMO.view(DEMO.check(values))


@pytest.mark.parametrize(
    ("case", "joint", "balance"),
    [
        ("Fast food", 53.1901, 0.6650),
        ("Cash machine", 0, 0.5893),
        ("Law office", 48.7, 0.8650),
    ],
)
def test_o4_4_the_three_services(case, joint, balance):
    view = DEMO.view(PRESETS[case])
    assert float(view.numbers[0].text) == pytest.approx(joint, abs=0.06)
    assert float(view.numbers[2].text) == pytest.approx(balance, abs=0.0051)
    assert f"the joint benefit is {view.numbers[0].text}" in view.sentence


def test_o4_4_the_best_place():
    places = look().tables["places"].set_index("kind").loc["best"]
    shares = [places["organisation"], places["employee"], places["customer"]]
    assert shares == pytest.approx([0.4660, 0.1942, 0.3398], abs=5e-4)
    assert "reached is 58.5, at 47 % / 19 % / 34 %" in look().sentence


def test_the_map_is_in_per_cent_of_the_best():
    areas = look().tables["areas"]
    shares = areas[["organisation", "customer"]].to_numpy() / 1000
    whole = np.stack([shares[:, 0], 1 - shares.sum(axis=1), shares[:, 1]], axis=1).clip(0)
    of_best = (
        100 * encounter_triad.joint_benefit(whole / whole.sum(axis=1, keepdims=True)) / 58.5062
    )
    assert of_best == pytest.approx(areas["level"].to_numpy(), abs=2)
    assert areas["level"].is_monotonic_increasing, "the largest area lies at the bottom"
    assert areas["level"].unique().tolist() == [70, 85, 95, 99]


def test_the_prediction_bears_the_customer_out_by_five_points():
    assert DEMO.prediction.values == {"organisation": 78, "employee": 10}
    assert (
        "78 % of the control, the employee 10 % and the customer 12 %" in DEMO.prediction.question
    )
    assert DEMO.prediction.correct == "customer"
    assert all(
        "86.2, the employee 39.8 and the customer 34.6" in text
        for text in DEMO.prediction.feedback.values()
    )
    assert "the customer is served worst" in look(**DEMO.prediction.values).sentence


def test_no_benefit_of_a_party_is_sent_before_the_commit():
    assert set(w.DemoWidget(DEMO).view["tables"]) == {"areas", "places"}


def test_the_loudest_voice_comes_first():
    voices = look().tables["voices"]
    assert voices["name"].tolist() == ["customer", "employee", "organisation"]
    assert voices["voice"].iloc[0] == "“Nobody asks what I need.”"
    assert voices["voice"].iloc[2] == "“It runs like a machine. Why do people leave?”"
    alone = DEMO.view(PRESETS["Cash machine"]).tables["voices"]
    assert alone["voice"].iloc[-1] == "“I do everything myself. Is anybody there?”"


def test_the_explanation_moves_ten_points_from_the_strongest_to_the_weakest():
    assert "from the organisation to the employee, would cost the first 6.9" in look().explanation
    assert "makes extremes dear" in look().explanation
    assert "would not pay" in DEMO.view(PRESETS["A third each"]).explanation
    assert "no say at all" in DEMO.view(PRESETS["Cash machine"]).explanation


def test_more_than_all_the_control_is_refused_in_plain_words():
    with pytest.raises(ValueError, match=r"together have 130 % of the control"):
        look(organisation=70, employee=60)
    assert not DEMO.challenge.solved(DEMO.check({"organisation": 70, "employee": 60}))


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"organisation": 46, "employee": 20}, True),
        ({"organisation": 45, "employee": 20}, True),
        ({"organisation": 47, "employee": 19}, False),
        ({"organisation": 40, "employee": 25}, False),
        ({"organisation": 60, "employee": 20}, False),
        ({"organisation": 46, "employee": 20, "weight_customer": 0.4}, False),
        ({"organisation": 46, "employee": 20, "exponent_employee": 0.3}, False),
    ],
)
def test_the_challenge_needs_a_fair_share_for_everyone(values, solved):
    assert DEMO.challenge.solved(DEMO.check(values)) is solved


def test_a_service_is_named_once_and_the_present_one_is_a_diamond():
    for state in PRESETS.values():
        places = DEMO.view(state).tables["places"]
        assert places["name"].is_unique
        assert (places["kind"] == "now").sum() == 1
    names = look().tables["places"].set_index("kind")["name"]
    assert names["now"] == "fast food"


def test_sharing_control_by_hand(open_demo):
    page = open_demo("who_is_in_charge", width=390)
    demo = page.locator(".sq-demo")
    organisation = demo.get_by_role("slider", name="Control of the organisation")
    organisation.fill("95")
    expect(demo.get_by_role("alert")).to_contain_text("together have 105 %")
    demo.get_by_role("radio", name="The employee").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-verdict")).to_contain_text("the customer 34.6 of 100")
    organisation.fill("46")
    demo.get_by_role("slider", name="Control of the employee").fill("20")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
    triangle = demo.locator(".sq-plot").first
    expect(triangle).to_contain_text("best for all")
    box = triangle.locator("svg").bounding_box()
    assert box["height"] < 0.87 * box["width"] + 60, "no blank below a triangle on a phone"
