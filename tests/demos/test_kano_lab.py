"""D6.1: a pair of answers gives a class, and classes age."""

import pytest
from playwright.sync_api import expect

from servicequality import data
from servicequality import widgets as w
from servicequality.demos.satisfaction import kano_lab
from servicequality.models import kano, penalty_reward

DEMO = kano_lab()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}
BASICS = ("safe_brakes", "correct_fare", "finds_address")


def look(**values):
    return DEMO.view(DEMO.check(values))


def fund(*features, **values):
    return DEMO.check({f"fund_{feature}": True for feature in features} | values)


def test_two_answers_give_the_readers_own_class_before_the_commit():
    view = look(functional="like", dysfunctional="live-with")
    assert "say <b>attractive</b>" in view.teaser
    assert "say <b>must-be</b>" in look(functional="neutral", dysfunctional="dislike").teaser
    assert "contradict each other" in look(functional="like", dysfunctional="like").teaser


def test_nobody_elses_answers_are_sent_before_the_commit():
    early = w.DemoWidget(DEMO).view["tables"]
    assert early == {
        "answers": {
            "functional": ["neutral"],
            "dysfunctional": ["neutral"],
            "share": [None],
            "words": ["you"],
        }
    }


def test_the_prediction_is_what_most_passengers_find():
    assert DEMO.prediction.values == {}
    assert DEMO.prediction.correct == "A"
    assert all("149 of 241 passengers" in text for text in DEMO.prediction.feedback.values())
    assert "attractive for 62 % (149 of 241 passengers, synthetic)" in look().sentence


@pytest.mark.parametrize(
    ("feature", "letter"),
    [
        ("safe_brakes", "M"),
        ("short_wait", "O"),
        ("free_charger", "A"),
        ("driver_uniform", "I"),
        ("advert_screen", "R"),
    ],
)
def test_each_feature_has_the_class_that_it_was_drawn_from(feature, letter):
    view = look(attribute=feature)
    point = view.tables["points"].set_index("chosen").loc[True]
    assert point["letter"] == letter
    assert view.tables["classes"].set_index("letter")["most"][letter]


@pytest.mark.parametrize(
    ("item", "letter", "better", "worse"),
    [
        ("1", "M", 0.4612, -0.6893),
        ("27", "A", 0.8689, -0.1408),
        ("22", "M", 0.3902, -0.8927),
    ],
)
def test_r6_2_the_kiosk_survey(item, letter, better, worse):
    view = look(source="kiosk", item=item)
    point = view.tables["points"].set_index("chosen").loc[True]
    assert point["letter"] == letter
    assert (point["pleases"], -point["annoys"]) == pytest.approx((better, worse), abs=6e-4)
    assert f"a Better of {w.fixed(better)}, lacking it a Worse of {w.fixed(worse)}" in view.sentence
    assert "kiosk users" in view.sentence


def test_r6_2_the_modes_of_all_29_features():
    counts = look(source="kiosk").tables["points"]["letter"].value_counts()
    assert counts.to_dict() == {"A": 10, "M": 9, "O": 6, "I": 4}


def test_circles_add_up_to_everybody_and_fall_into_their_class():
    answers = look().tables["answers"]
    assert answers["share"].sum() == pytest.approx(1, abs=0.01)
    words = {"like it": 1, "must be": 2, "neutral": 3, "live with": 4, "dislike": 5}
    letters = kano.classify(
        answers["functional"].map(words).to_numpy(), answers["dysfunctional"].map(words).to_numpy()
    )
    assert answers["share"][letters == "A"].sum() == pytest.approx(149 / 241, abs=0.002)


def test_ones_own_pair_stands_among_the_others_for_the_charger_only():
    mine = {"functional": "like", "dysfunctional": "neutral"}
    view = look(attribute="free_charger", **mine)
    own = view.tables["answers"][view.tables["answers"]["words"] == "you"]
    assert own[["functional", "dysfunctional"]].to_numpy().tolist() == [["like it", "neutral"]]
    assert {"functional", "dysfunctional"}.isdisjoint(view.inactive)
    assert "you" not in set(look(**mine).tables["answers"]["words"])
    assert {"functional", "dysfunctional"} <= look(**mine).inactive


def test_features_age_from_attractive_to_must_be():
    found = [look(years=years).numbers[0].text for years in (0, 3, 4, 7, 8)]
    assert found == ["attractive", "attractive?", "one-dimensional", "must-be?", "must-be"]
    path = look().tables["path"]
    assert path["pleases"].is_monotonic_decreasing
    assert path["annoys"].is_monotonic_increasing
    aged = look(years=7).tables["points"].set_index("chosen").loc[True]
    assert (aged["annoys"], aged["pleases"]) == tuple(path.loc[7, ["annoys", "pleases"]])
    assert "the class is not certain" in look(years=7).sentence
    assert "”, 1 year on: attractive" in look(years=1).sentence
    assert "beyond chance" in look().sentence


def test_the_class_of_a_small_group_is_as_clear_in_invented_data():
    view = look(segment="visitor")
    assert "of 49 passengers" in view.sentence
    assert view.numbers[0].text == "attractive"


def test_claims_show_penalties_and_rewards_with_intervals():
    view = look(source="claims")
    ratings = data.load("satisfaction-survey")
    found = penalty_reward.contrast(ratings[[f"a{i}" for i in range(1, 9)]], ratings["sat"])
    table = view.tables["contrast"].set_index("name")
    assert table["penalty"].tolist() == pytest.approx(found["penalty"].tolist(), abs=6e-4)
    assert (table["reward_high"] - table["reward"]).tolist() == pytest.approx(
        (1.96 * found["reward_se"]).tolist(), abs=2e-3
    )
    assert table["words"]["look of office and app"] == "too weak to tell"
    assert table["words"]["amount paid is correct"] == "frustrator"
    assert set(view.tables) == {"answers", "contrast"}
    assert f"by {view.numbers[0].text} points" in view.sentence


def test_an_interval_of_the_truth():
    """Few of sixteen effects miss their true value by more than their interval."""
    table = look(source="claims").tables["contrast"]
    low = [-1.6, -0.9, -0.2, -0.6, -0.1, -0.4, -0.05, -0.3]
    high = [0.1, 0.9, 0.8, 0.6, 0.05, 0.2, 0.5, 0.3]
    hit = [
        table[f"{effect}_low"].le(truth).to_numpy() & table[f"{effect}_high"].ge(truth).to_numpy()
        for effect, truth in (("penalty", low), ("reward", high))
    ]
    assert sum(hit).sum() >= 13


@pytest.mark.parametrize(
    ("features", "solved"),
    [
        (("umbrella_to_the_door", "meter_stops_in_jam", "clean_car"), True),
        (("umbrella_to_the_door", "short_wait", "free_charger"), True),
        (("meter_stops_in_jam", "short_wait", "clean_car"), False),
        (("umbrella_to_the_door", "meter_stops_in_jam", "seat_comfort"), False),
        (("umbrella_to_the_door", "meter_stops_in_jam"), False),
        (("umbrella_to_the_door", "meter_stops_in_jam", "clean_car", "short_wait"), False),
    ],
)
def test_the_challenge_needs_the_basics_and_the_three_that_please_most(features, solved):
    assert DEMO.challenge.solved(fund(*BASICS, *features)) is solved
    assert not DEMO.challenge.solved(fund(*BASICS[1:], *features, "short_wait"))


def test_the_challenge_is_about_all_passengers_and_new_features():
    best = (*BASICS, "umbrella_to_the_door", "meter_stops_in_jam", "clean_car")
    assert DEMO.challenge.solved(fund(*best))
    assert not DEMO.challenge.solved(fund(*best, years=1))
    assert not DEMO.challenge.solved(fund(*best, segment="visitor"))
    assert not DEMO.challenge.solved(fund(*best, source="kiosk"))
    number = DEMO.view(fund(*best)).numbers[-1]
    assert number.label.startswith("your taxi: 3 of 3 must-bes")
    assert number.text == "0.820"


def test_no_case_gives_the_challenge_away():
    assert not any(DEMO.challenge.solved(state) for state in PRESETS.values())


def test_answering_predicting_and_ageing(open_demo):
    page = open_demo("kano_lab", width=390)
    demo = page.locator(".sq-demo")
    demo.get_by_role("radio", name="Like it").first.check()
    expect(demo.locator(".sq-sentence")).to_contain_text("say attractive")
    demo.get_by_label("Attractive: a happy surprise").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("attractive for 62 %")
    demo.get_by_role("button", name="The same, seven years on").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("7 years on: must-be for 37 %")
    demo.get_by_role("button", name="Kiosk: usable with gloves").click()
    expect(demo.get_by_role("combobox", name="Question")).to_be_visible()
    demo.get_by_role("button", name="Reset").click()
    demo.locator("summary", has_text="Equip a taxi").click()
    for name in ("Safe brakes", "The fare is correct", "The driver finds the address"):
        demo.get_by_role("checkbox", name=name).check()
    for name in ("An umbrella to the door", "The meter stops", "A clean car"):
        demo.get_by_role("checkbox", name=name).check()
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
