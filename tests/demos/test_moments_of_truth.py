"""D1.3: the same contacts, five rules, and very different journeys."""

import numpy as np
import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.quality_definitions import moments_of_truth
from servicequality.demos.quality_definitions.moments_of_truth import JOURNEYS, PLACES

DEMO = moments_of_truth()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}
HANDLES = ("q1", "q2", "q3", "q4", "q5")


def look(**values):
    return DEMO.view(DEMO.check(values))


def own(*scores):
    return {"own": True, **dict(zip(HANDLES, scores, strict=True))}


def scores(view):
    return view.tables["rules"]["score"].to_dict()


def test_o1_3a_the_first_state():
    view = DEMO.view(DEMO.first_state())
    assert scores(view) == pytest.approx(
        {"mean": 7.4, "minimum": 3, "geometric": 6.8922, "early": 7.4079, "peak_end": 6}, abs=5e-5
    )
    assert view.sentence.startswith("<b>One journey, five rules: from 3.00 under “worst contact”")
    assert (
        "Mean 7.40, worst 3.00, geometric mean 6.89, by place 7.41, peak–end 6.00." in view.sentence
    )
    assert [number.text for number in view.numbers] == ["7.40", "3.00", "7.41", "6.00"]


def test_o1_3a_bad_moments_that_weigh_no_more_than_good_ones():
    assert scores(look(lam=1))["peak_end"] == 9
    assert "it would be 9.0" in DEMO.prediction.feedback["6"]
    assert "9.0" in DEMO.prediction.feedback["9"]


@pytest.mark.parametrize(
    ("place", "delta", "early", "peak_end"),
    [
        ("first", 0.8, 6.8248, 6),
        ("last", 0.8, 7.7811, 3),
        ("first", 1.25, 7.8786, 6),
        ("last", 1.25, 6.9029, 3),
    ],
)
def test_o1_3b_where_the_bad_contact_comes(place, delta, early, peak_end):
    found = scores(look(place=place, delta=delta))
    assert found["early"] == pytest.approx(early, abs=5e-5)
    assert found["peak_end"] == peak_end
    assert found["mean"] == pytest.approx(7.4)


def test_the_prediction_is_about_the_first_state():
    assert dict(DEMO.prediction.values) == {}
    nearest = min("369", key=lambda option: abs(int(option) - 6.0))
    assert DEMO.prediction.correct == nearest


def test_only_the_journey_reaches_the_browser_before_the_commit():
    assert set(w.DemoWidget(DEMO).view["tables"]) == {"contacts"}


@pytest.mark.parametrize("place", PLACES)
def test_a_place_brings_its_scores_to_the_sliders(place):
    (choice,) = (control for control in DEMO.all_controls() if control.name == "place")
    assert tuple(choice.brings[place].values()) == JOURNEYS[place]
    assert look(place=place).tables["contacts"]["score"].tolist() == list(JOURNEYS[place])
    assert sorted(JOURNEYS[place]) == sorted(JOURNEYS["middle"])


@pytest.mark.parametrize("service", ["hotel", "hospital", "app"])
def test_a_service_has_five_contacts_of_its_own_and_brings_their_scores(service):
    (choice,) = (control for control in DEMO.all_controls() if control.name == "service")
    view = look(service=service, **choice.brings[service])
    assert view.tables["contacts"]["contact"].nunique() == 5
    key = "middle" if service == "hotel" else service
    assert view.tables["contacts"]["score"].tolist() == list(JOURNEYS[key])
    framed = view.tables["ranks"].query("chosen")
    assert len(framed) == 5
    assert framed["journey"].nunique() == 1


def test_by_hand_the_sliders_count_and_the_place_does_not():
    assert look().inactive == set(HANDLES)
    view = look(**own(1, 2, 3, 4, 10), place="first")
    assert view.inactive == {"place"}
    assert view.tables["contacts"]["score"].tolist() == [1, 2, 3, 4, 10]
    assert not view.tables["ranks"]["chosen"].any()


def test_equal_means_share_a_place_and_other_rules_part_them():
    ranks = look().tables["ranks"].pivot_table(index="journey", columns="heading", values="rank")
    assert ranks.loc[["Bad first", "Bad middle", "Bad last"], "Mean"].tolist() == [1, 1, 1]
    assert ranks.loc["Bad last", "By place"] == 1
    assert ranks.loc["Bad last", "Peak–end"] == 5
    assert ranks.loc["Bad first", "Peak–end"] == 1


def test_the_explanation_names_peak_end_and_weights():
    text = look().explanation
    assert "takes the room (3.0), the most intense contact, and the checkout (9.0)" in text
    assert "the booking weighs 30 % and the checkout 12 %" in text
    assert "sees nothing else: 3.00" in look(place="last").explanation


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"other": "last", **own(6, 9, 9, 5, 8)}, True),
        ({"other": "middle", **own(6, 7, 7, 8, 9)}, True),
        ({"other": "none", **own(6, 9, 9, 5, 8)}, False),
        # Both rules prefer the own journey.
        ({"other": "first", **own(6, 9, 9, 5, 8)}, False),
        # With late contacts heavier, the two rules agree.
        ({"other": "last", "delta": 1.25, **own(6, 9, 9, 5, 8)}, False),
        ({"other": "last", "delta": 1, **own(6, 9, 9, 5, 8)}, False),
        # Another mean.
        ({"other": "last", **own(6, 9, 9, 5, 8.5)}, False),
        # The rules disagree, and a contact is below 5, or nothing was set by hand.
        ({"other": "last", **own(6, 9, 9, 4.5, 8.5)}, False),
        ({"place": "first", "other": "last"}, False),
    ],
)
def test_the_challenge_needs_equal_means_and_opposite_orders(values, solved):
    assert DEMO.challenge.solved(DEMO.check(values)) is solved


def test_the_sentence_tells_who_is_better_by_which_rule():
    view = look(place="first", other="last")
    assert "it is better by: peak–end; worse by: by place (early more)." in view.sentence
    assert view.tables["rules"].loc["early", "words"] == "6.82 (■ 7.78)"
    assert "better by: no rule; worse by: no rule" in look(other="middle").sentence


@pytest.mark.parametrize(("delta", "name"), [(0.8, "early"), (1, "all alike"), (1.2, "late")])
def test_the_rule_by_place_says_which_end_counts(delta, name):
    rules = look(delta=delta).tables["rules"]
    assert name in rules.loc["early", "rule"]
    if delta == 1:
        assert rules.loc["early", "score"] == pytest.approx(rules.loc["mean", "score"])


def test_every_rule_gives_the_score_of_a_journey_without_ups_and_downs():
    draw = np.random.default_rng(2)
    for _ in range(10):
        score = float(draw.integers(0, 21)) / 2
        found = scores(look(**own(*[score] * 5), delta=0.7, lam=3))
        assert list(found.values()) == pytest.approx([score] * 5)


def test_the_bad_contact_moves_before_the_commit_and_the_challenge_is_solved_by_hand(open_demo):
    page = open_demo("moments_of_truth", width=390)
    demo = page.locator(".sq-demo")
    sentence = demo.locator(".sq-sentence")
    demo.get_by_role("radio", name="Last", exact=True).check(force=True)
    expect(sentence).to_contain_text("One went badly: the checkout")
    demo.get_by_role("radio", name="Near 9").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(sentence).to_contain_text("peak–end 6.00")
    demo.get_by_role("button", name="Bad booking").click()
    expect(demo.get_by_role("radio", name="First", exact=True)).to_be_checked()
    demo.get_by_text("A second journey beside it", exact=True).click()
    demo.get_by_role("radio", name="Bad last", exact=True).check(force=True)
    demo.get_by_role("radio", name="Hospital", exact=True).check(force=True)
    expect(demo.locator(".sq-plot").first).to_contain_text("discharge")
    demo.get_by_text("The five contacts", exact=True).click()
    demo.get_by_role("slider", name="Fourth").fill("10")
    expect(sentence).to_contain_text("worst 6.00")
    demo.get_by_role("slider", name="Fourth").fill("5")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
