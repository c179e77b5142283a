"""D7.1: few letters, many problems; prevention first, then voice and solutions together."""

import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.recovery import iceberg

DEMO = iceberg()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def look(**values):
    return DEMO.view(DEMO.check(values))


def saved(view):
    levers = view.tables["levers"].set_index("name")["words"]
    return [float(words.replace(",", "").replace("−", "-")) for words in levers]


def loss(view):
    return float(view.numbers[3].text.replace(",", ""))


def test_o7_1_the_first_state():
    view = look()
    assert [number.text for number in view.numbers] == ["1,200", "25", "374", "112,320"]
    assert "Head office sees 48 letters" in view.sentence
    assert "480 told someone, 720 told nobody" in view.sentence
    assert view.tables["layers"]["customers"].tolist() == pytest.approx([48, 432, 720])
    assert view.tables["layers"]["end"].tolist() == pytest.approx([0.04, 0.4, 1.0])
    assert view.tables["groups"]["words"].tolist() == [
        "252 of 720 lost",
        "19 of 240 lost",
        "24 of 96 lost",
        "79 of 144 lost",
    ]


def test_o7_1_what_the_levers_save():
    customers = [credits / 300 for credits in saved(look())]
    assert customers == pytest.approx([187.2, 22.8, 45.12, 90.48])
    assert loss(look(complain=60)) == pytest.approx(351.6 * 300)
    assert loss(look(fast=70)) == pytest.approx(329.28 * 300)
    assert loss(look(problems=6)) == pytest.approx(187.2 * 300)
    assert "save 6,840" in look().explanation
    assert "both 27,144, against 20,376 one by one" in look().explanation


def test_a_lever_shows_its_part_of_the_loss():
    levers = look().tables["levers"]
    assert levers["value"].tolist() == pytest.approx(
        [0.5, 22.8 / 374.4, 45.12 / 374.4, 90.48 / 374.4]
    )
    assert levers["chosen"].tolist() == [True, False, False, False]


def test_o7_1_behind_a_complaint_depends_on_where_one_counts():
    assert "it is 1.4 problems for each complaint" in look(complain=69).sentence
    assert "it is 25 problems for each complaint" in look(complain=4).sentence
    assert PRESETS["Survey of 1979: 69 % speak up"]["complain"] == 69


def test_the_prediction_is_what_the_model_says():
    assert DEMO.prediction.values == {}
    assert DEMO.prediction.correct == "half"
    assert all("save 56,160" in text for text in DEMO.prediction.feedback.values())


def test_no_problem_is_told_before_the_commit():
    before = w.DemoWidget(DEMO).view
    assert set(before["tables"]) == {"layers", "guess"}
    assert before["tables"]["layers"]["customers"] == [48, 52]
    assert before["tables"]["guess"]["share"] == [None]
    assert "1,200" not in str(before)


@pytest.mark.parametrize(("guess", "tip"), [(50, 0.96), (100, 0.48), (1200, 0.04)])
def test_a_guess_makes_an_iceberg_of_its_own(guess, tip):
    layers = look(guess=guess).covers["layers"]
    assert layers["end"].tolist() == pytest.approx([tip, 1])
    assert layers["words"][1] == f"a guess: {guess - 48:,} more"


def test_the_guess_is_compared_with_the_result():
    assert look(guess=300).tables["guess"]["share"][0] == pytest.approx(0.25)
    assert look(guess=1200).tables["guess"]["words"][0] == "the guess: 1,200"
    assert look(guess=1500).tables["guess"]["words"][0] == "the guess: 1,500, too many"


def test_a_guess_below_the_letters_is_put_away():
    many = look(customers=50_000, guess=200)
    assert many.tables["guess"]["share"].isna().all()
    assert many.inactive == {"guess"}
    assert look(customers=50_000, guess=250).inactive == set()


def test_one_letter_is_not_many():
    assert "sees 1 letter;" in look(customers=1000, problems=10, heard=1).sentence


def test_to_ask_and_not_to_answer_makes_it_worse():
    view = DEMO.view(PRESETS["Asked, not answered"])
    assert saved(view)[1] == pytest.approx(-7164)
    assert "−7,164" in view.tables["levers"]["words"][1]
    assert "make it worse: they cost 7,164 credits" in view.explanation
    assert loss(view) > loss(look())


def test_solving_takes_the_unsolved_first_and_stops_at_all():
    plenty = look(fast=80, slow=20, complain=90)
    solve = saved(plenty)[2] / 300
    assert solve == pytest.approx(1200 * 0.9 * 0.2 * (0.82 - 0.65), abs=0.01)
    assert saved(plenty)[1] == pytest.approx(1200 * 0.1 * 300 * (0.786 - 0.55), abs=1)


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"problems": 6, "complain": 60, "fast": 70}, True),
        ({"problems": 6, "complain": 50, "fast": 75}, True),
        ({"problems": 6, "complain": 50, "fast": 70}, False),
        # Fourteen steps, on one or two of the levers.
        ({"problems": 6, "complain": 80}, False),
        ({"problems": 6, "fast": 80}, False),
        ({"complain": 80, "fast": 80}, False),
        # Not with everything as far as it goes, nor by what has to stay.
        ({"problems": 6, "complain": 90, "fast": 80}, False),
        ({"problems": 6, "complain": 65, "fast": 70}, False),
        ({"problems": 6, "complain": 55, "fast": 65, "slow": 35}, False),
        ({"customers": 1000}, False),
        ({"value": 10}, False),
        ({"problems": 5, "complain": 60, "fast": 70}, False),
    ],
)
def test_the_challenge_needs_all_three_levers_in_few_steps(values, solved):
    assert DEMO.challenge.solved(DEMO.check(values)) is solved


def test_impossible_rates_are_refused():
    with pytest.raises(ValueError, match="80 of 100 complaints solved fast and 30 slowly are more"):
        look(fast=80, slow=30)
    with pytest.raises(ValueError, match="Of 100 problems 10 cannot reach head office"):
        look(heard=10, complain=5)


@pytest.mark.oracle("R7.1")
def test_r7_1_an_airport():
    airport = look().tables["airport"].set_index("name")
    assert airport["value"].round(3).tolist() == [40.612, 6.737]
    assert airport["words"].tolist() == ["40.6 (4,511 asked)", "6.7 (668 asked)"]


def test_to_guess_and_to_pull_a_lever(open_demo):
    page = open_demo("iceberg", width=390)
    demo = page.locator(".sq-demo")
    guess = demo.get_by_role("slider", name="A guess: guests with a problem")
    guess.fill("1000")
    expect(guess).to_have_attribute("aria-valuetext", "1,000")
    expect(demo.locator(".sq-plot").first).to_contain_text("a guess: 952 more")
    demo.get_by_role("radio", name="20 more of 100 unhappy guests complain").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("1,200 customers had a problem")
    expect(demo.locator(".sq-plot").first).to_contain_text("the guess: 1,000")
    demo.get_by_role("button", name="Bank").click()
    demo.get_by_role("button", name="A hotel, 48 letters").click()
    expect(demo.locator(".sq-plot").first).to_contain_text("the guess: 1,000")
    expect(demo.locator(".sq-plot").first).to_contain_text("told nobody: 720")
    demo.get_by_role("slider", name="Of 100 with a problem, tell someone").fill("3")
    expect(demo.get_by_text("cannot reach head office")).to_be_visible()
    demo.get_by_role("slider", name="Of 100 with a problem, tell someone").fill("60")
    demo.get_by_role("slider", name="Of 100 complaints, solved fast").fill("70")
    demo.get_by_role("slider", name="Of 100 customers, have a problem").fill("6")
    expect(demo.locator(".sq-sentence")).to_contain_text("42,588 credits")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
