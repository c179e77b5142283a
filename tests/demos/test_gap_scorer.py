import json
import re

import pytest

from servicequality import data
from servicequality.demos.servqual import gap_scorer
from servicequality.demos.servqual.gap_scorer import DIMENSIONS, FIRMS, RULES
from servicequality.models import servqual
from servicequality.widgets import DemoWidget

DEMO = gap_scorer()


def look(**values):
    return DEMO.view(DEMO.check(values))


def overall(view):
    ranks = view.tables["ranks"]
    return ranks.loc[ranks["chosen"], "score"].item()


def plain(text):
    return re.sub(r"</?\w+>", "", text)


def test_the_first_state_is_o2_1():
    view = look()
    dimensions = view.tables["dimensions"].set_index("dimension")
    parts = view.tables["parts"].set_index("dimension")
    names = ["Tangibles", "Reliability", "Responsiveness", "Assurance", "Empathy"]
    assert dimensions["gap"][names].tolist() == pytest.approx([0.7, -0.9, -0.5, -0.2, -0.3])
    assert parts["contribution"][names].tolist() == pytest.approx(
        [0.077, -0.288, -0.11, -0.038, -0.048]
    )
    assert view.sentence.startswith(
        "<b>Reliability misses by 0.90 and carries 32 %: "
        "it makes up 70.8 % of the net weighted gap.</b>"
    )


@pytest.mark.parametrize(
    ("rule", "score"),
    [("unweighted", -0.24), ("weighted", -0.407), ("item_mean", -0.2727), ("servperf", 5.84)],
)
def test_each_rule_gives_its_number_of_o2_1(rule, score):
    view = look(rule=rule)
    assert overall(view) == pytest.approx(score, abs=5e-5)
    shown = f"{score:.3f}".replace("-", "−")
    assert view.numbers[0].text == shown
    assert shown in view.sentence


def test_the_parts_add_up_to_the_weighted_gap_in_every_case():
    for preset in DEMO.presets:
        state = DEMO.check(preset.values | {"rule": "weighted"})
        view = DEMO.view(state)
        total = view.tables["parts"]["contribution"].sum()
        assert view.numbers[0].text == f"{total:.3f}".replace("-", "−")


def test_before_the_commit_no_contribution_reaches_the_browser():
    answer = DemoWidget(DEMO)._answer({"values": {}, "guess": None})
    assert set(answer["tables"]) == {"dimensions"}
    assert "contribution" not in answer["tables"]["dimensions"]
    assert "−0.288" not in json.dumps(answer, ensure_ascii=False)


def test_the_winner_changes_with_the_rule():
    ranks = look().tables["ranks"]
    winners = ranks[ranks["rank"] == 1].set_index("rule")["firm"]
    assert len(winners) == len(RULES)
    assert winners.nunique() == 3
    clinic = ranks[ranks["firm"] == "Clinic"].set_index("rule")["rank"]
    assert (clinic["Weighted\ngap"], clinic["Plain\nmean"]) == (1, 4)


def test_each_firm_counts_as_its_settings_say():
    for key, firm in FIRMS.items():
        assert sum(firm.points) == 100
        view = look(firm=key, **firm.settings())
        expected = servqual.score_firm(firm.expected, firm.perceived, firm.points).overall
        assert overall(view) == pytest.approx(expected["weighted"])
        assert firm.name in view.sentence


def test_choosing_a_firm_brings_its_settings():
    (choice,) = (control for control in DEMO.all_controls() if control.name == "firm")
    for key, firm in FIRMS.items():
        assert DEMO.check({"firm": key, **choice.brings[key]}) == DEMO.check(
            {"firm": key, **firm.settings()}
        )


def test_expecting_less_lifts_every_gap_and_no_perception():
    (modest,) = (preset for preset in DEMO.presets if preset.label == "Modest guests")
    before, after = look().tables["ranks"], look(**modest.values).tables["ranks"]
    hotel = after["firm"] == "Hotel"
    change = (after["score"] - before["score"])[hotel].set_axis(after["rule"][hotel])
    assert change.tolist() == pytest.approx([1, 1, 1, 0])
    assert (after[hotel].set_index("rule")["rank"].drop("Perceived\nonly") == 1).all()


@pytest.mark.parametrize(
    ("changes", "solved"),
    [
        ({}, False),
        ({"p_reliability": 6.2}, True),
        ({"p_reliability": 6.2, "rule": "servperf"}, True),
        ({"p_reliability": 6.1}, False),
        ({"p_reliability": 6.3}, False),
        ({"p_reliability": 6.2, "p_tangibles": 6.0}, False),
        ({"p_reliability": 6.2, "w_reliability": 31}, False),
        ({"p_reliability": 6.2, "firm": "clinic"}, False),
        ({"p_reliability": 6.2, "firm": "guests"}, False),
        ({"e_reliability": 6.1}, False),
        *(({f"p_{key}": 9}, False) for key in DIMENSIONS if key != "reliability"),
    ],
)
def test_only_half_a_point_on_reliability_solves_the_challenge(changes, solved):
    first = DEMO.first_state()
    changes = {key: first[key] + 0.5 if value == 9 else value for key, value in changes.items()}
    state = DEMO.check(changes)
    assert DEMO.challenge.solved(state) is solved


def test_the_solution_makes_the_hotel_first_as_its_praise_says():
    view = look(p_reliability=6.2)
    assert view.numbers[0].text == "−0.247"
    assert view.numbers[2].text == "1st"


def test_the_hotel_survey_averages_products_of_each_guest():
    view = look(firm="guests")
    guests = data.load("hotel-servqual")
    codes = servqual.DIMENSIONS["reliability"]
    gaps = guests[[f"P_{c}" for c in codes]].to_numpy() - guests[[f"E_{c}" for c in codes]]
    share = guests["w_R"] / 100
    product = (gaps.mean(axis=1).where(gaps.notna().sum(axis=1) >= 3) * share).mean()
    part = view.tables["parts"].set_index("dimension")["contribution"]["Reliability"]
    assert part == pytest.approx(product)
    assert view.numbers[1].text == f"{product:.3f}".replace("-", "−")
    assert view.numbers[2].text == str(len(guests)) == "480"
    assert "synthetic" in view.sentence


def test_the_kiosk_survey_is_r2_1_in_its_own_dimensions():
    view = look(firm="kiosks")
    gaps = view.tables["dimensions"].set_index("dimension")["gap"]
    assert len(gaps) == 8
    assert gaps["Security"] == pytest.approx(-1.7101, abs=5e-5)
    assert gaps["Enjoyment"] == pytest.approx(0.0531, abs=5e-5)
    assert [look(firm="kiosks", rule=rule).numbers[0].text for rule in RULES] == [
        "−1.102",
        "−1.102",
        "−1.102",
        "4.872",
    ]
    assert view.numbers[2].text == "207"
    assert view.inactive == {name for name in DEMO.first_state() if name[1] == "_"}


def test_the_sentence_stays_true_when_others_make_up_for_the_shortfall():
    ahead = look(e_tangibles=1, e_empathy=1, p_tangibles=7, p_empathy=7)
    assert "takes 0.288 off the weighted gap, which the other dimensions more than make up" in (
        ahead.sentence
    )
    nearly = look(p_tangibles=7)
    assert "it takes 0.288 off, and the other dimensions win some of it back" in nearly.sentence
    assert (
        "No dimension that carries weight falls short"
        in look(**{f"e_{key}": 1 for key in DIMENSIONS}).sentence
    )
    assert "Responsiveness misses by 0.50" in look(w_reliability=0).sentence


def test_weights_that_sum_to_zero_are_refused_in_plain_words():
    zero = {f"w_{key}": 0 for key in DIMENSIONS}
    with pytest.raises(ValueError, match="importance points are zero"):
        look(**zero)
    answer = DemoWidget(DEMO)._answer({"values": zero, "guess": "both"})
    assert answer["error"] == (
        "All importance points are zero; give some to at least one dimension. "
        "Move a control or press Reset to go on."
    )


def test_firms_that_tie_share_the_lead():
    firm = FIRMS["telecom"]
    view = look(**firm.settings())
    assert "Harbour Lantern Hotel and BluePeak Telecom by the plain mean" in plain(view.explanation)


def test_the_feedback_has_the_numbers_of_the_first_state():
    feedback = DEMO.prediction.feedback
    assert all("32 % × −0.90 = −0.288" in text and "70.8 %" in text for text in feedback.values())
    assert "47 % of all shortfalls" in feedback["gap"]


def test_a_move_is_small():
    widget = DemoWidget(DEMO)
    for preset in DEMO.presets:
        answer = widget._answer({"number": 1, "values": preset.values, "guess": "both"})
        assert len(json.dumps(answer)) < 5000
