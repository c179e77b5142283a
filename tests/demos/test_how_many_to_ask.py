"""D6.3: the size of the city hardly matters, who stays silent does."""

import json

import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.satisfaction import how_many_to_ask

DEMO = how_many_to_ask()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def look(**values):
    return DEMO.view(DEMO.check(values))


def numbers(view):
    return [number.text for number in view.numbers]


@pytest.mark.parametrize(
    ("values", "answers"),
    [
        ({}, "335"),
        ({"population": "2000"}, "287"),
        # O6.5 halves the margin to .075; the slider has .07 and .08.
        ({"margin": 0.3}, "84"),
        ({"level": "0.9"}, "236"),
        ({"population": "10000000"}, "335"),
    ],
)
def test_o6_5_answers_needed(values, answers):
    view = look(**values)
    assert numbers(view)[0] == answers
    assert f"{answers} answers are enough" in view.sentence


def test_o6_5_invitations():
    assert numbers(look())[1] == "1,340"
    assert numbers(look(population="2000"))[1] == "1,148"
    small = look(population="500", response=5)
    assert numbers(small)[1] == "500"
    assert "even inviting all 500 does not bring so many" in small.sentence


def test_the_prediction_is_about_a_million_and_a_town_that_needs_287():
    assert DEMO.prediction.values == {}
    assert "needs 287 answers" in DEMO.prediction.question
    assert DEMO.prediction.options["same"] == "About 335"
    assert DEMO.prediction.options["root"] == "About 6,400"
    assert DEMO.prediction.options["share"].startswith("About 143,500")
    assert DEMO.prediction.correct == "same"


def test_the_answers_of_the_city_are_covered_before_the_commit():
    sent = w.DemoWidget(DEMO).view["tables"]
    assert set(sent) == {"plan", "cities"}
    assert max(sent["plan"]["population"]) == 2000
    assert sent["cities"]["needed"] == ["287", "?"]
    assert sent["cities"]["answers"] == [287, None]
    assert "335" not in json.dumps(sent)


def test_the_curve_rises_and_then_is_flat():
    plan = look().tables["plan"].set_index("population")["answers"]
    assert plan.is_monotonic_increasing
    assert plan[100] < 100
    assert plan[1_000_000] == plan[10_000_000] == 335
    assert look().tables["cities"]["answers"].tolist() == [287, 335]


@pytest.mark.parametrize(
    ("response", "error"), [(25, "0.238"), (60, "0.142"), (57, "0.150"), (100, "0.076")]
)
def test_the_typical_error_at_a_tilt_of_03(response, error):
    assert numbers(look(response=response))[3] == error


def test_ten_times_as_many_answers_hardly_help():
    explanation = look().explanation
    assert "only from 0.238 to 0.226" in explanation
    assert "0.30 × (1 − 0.25) = 0.225" in explanation
    # In a town of two thousand nobody can ask ten times as many.
    assert "Ten times" not in look(population="2000").explanation
    assert "bias" not in look(tilt=0).explanation


def test_a_hundred_surveys_miss_the_truth_if_the_happy_answer():
    biased, fair = look().tables["surveys"], look(tilt=0).tables["surveys"]
    assert len(biased) == len(fair) == 100
    assert biased["covers"].sum() < 30 < 85 < fair["covers"].sum()
    hits = int(biased["covers"].sum())
    assert f"{hits} of 100 intervals contain the truth" in look().sentence
    inside = (biased["lower"] <= 4) & (biased["upper"] >= 4)
    assert (inside == biased["covers"]).mean() > 0.98
    assert (biased["lower"] + biased["upper"]).is_monotonic_increasing
    other = look(draw=2).tables["surveys"]
    assert not other["lower"].equals(biased["lower"])


def test_the_error_curve_ends_where_everybody_has_answered():
    curve = look(population="500", tilt=0).tables["curve"]
    assert curve["answers"].max() <= 500
    here = look().tables["here"].iloc[0]
    nearest = look().tables["curve"].set_index("answers")["error"]
    assert nearest[nearest.index <= here["answers"]].min() >= here["error"] - 0.001


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"response": 60, "margin": 0.17}, True),
        ({"response": 60, "margin": 0.16}, True),
        ({"response": 60, "margin": 0.15}, False),  # 559 invitations
        ({"response": 60, "margin": 0.18}, False),
        ({"response": 58, "margin": 0.17}, False),
        ({"response": 61, "margin": 0.17}, False),
        ({"response": 100}, False),
        ({"response": 60, "margin": 0.17, "tilt": 0.1}, False),
        ({"response": 60, "margin": 0.17, "sd": 1.3}, False),
        ({"response": 60, "margin": 0.17, "population": "10000"}, False),
        ({"response": 60, "margin": 0.17, "level": "0.9"}, False),
    ],
)
def test_the_challenge_needs_fewer_silent_people_and_fewer_letters(values, solved):
    assert DEMO.challenge.solved(DEMO.check(values)) is solved


def test_the_success_names_the_answers_and_letters_of_both_plans():
    for plan, words in (
        ({"response": 60, "margin": 0.17}, "{} answers from {} invited"),
        ({}, "than {} from {}"),
    ):
        answers, invited, *_rest = (number.text for number in look(**plan).numbers)
        assert words.format(answers, invited) in DEMO.challenge.success


def test_guessing_and_asking(open_demo):
    page = open_demo("how_many_to_ask", width=390)
    demo = page.locator(".sq-demo")
    demo.get_by_role("slider", name="Wanted: right to within").fill("0.3")
    expect(demo.locator(".sq-sentence")).to_contain_text("needs 81 answers")
    demo.get_by_label("About 143,500").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("335 answers are enough")
    expect(demo.locator(".sq-plot").first).to_contain_text("ask 335")
    demo.get_by_role("slider", name="Of 100 invited answer").fill("60")
    demo.get_by_role("slider", name="Wanted: right to within").fill("0.17")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
