import pytest

from servicequality.demos.servqual import three_rulers
from servicequality.demos.servqual.three_rulers import DRAWN, RULERS
from servicequality.models import servperf
from servicequality.widgets import DemoWidget

DEMO = three_rulers()
GAP_RULE = {"beta_e": -1.0}


def look(**values):
    return DEMO.view(DEMO.check(values))


def explained(view):
    return view.tables["rulers"].set_index("ruler")["r2"]


def test_the_first_state_bears_out_the_prediction():
    r2 = explained(look())
    assert r2["Performance"] > r2["Zone"] > r2["Gap"]
    best_first = DEMO.prediction.options[DEMO.prediction.correct]
    assert best_first == "Performance best, then zone, then gap"
    truth = servperf.rule_r_squared()
    for ruler, name in RULERS.items():
        assert r2[name] == pytest.approx(truth[ruler], abs=0.07)


@pytest.mark.parametrize("preset", DEMO.presets, ids=lambda preset: preset.label)
def test_sentence_numbers_and_bars_agree(preset):
    view = DEMO.view(DEMO.check(preset.values))
    bars = view.tables["rulers"]
    assert bars.loc[bars["best"], "ruler"].item() == bars.loc[bars["r2"].idxmax(), "ruler"]
    assert ((bars["lower"] < bars["r2"]) & (bars["r2"] < bars["upper"])).all()
    for number, share in zip(view.numbers, bars["r2"], strict=True):
        assert number.text == f"{100 * share:.1f} %"
        assert number.text in view.sentence
    first_named = view.sentence.removeprefix("<b>").split(" explains")[0]
    assert first_named == bars.loc[bars["best"], "ruler"].item()


def test_the_sentence_tells_the_rule_that_made_the_data():
    sentence = look(beta_p=1.2, beta_e=-0.6, noise=1.1, n=300).sentence
    assert (
        "these 300 simulated customers: verdict = 5.5 + 1.2 × perception − 0.6 × expectation, "
        "give or take 1.1 points of chance"
    ) in sentence


def test_before_the_commit_no_result_reaches_the_browser():
    answer = DemoWidget(DEMO)._answer({"values": {}, "guess": None})
    assert set(answer) == {"number", "tables", "teaser"}
    assert set(answer["tables"]) == {"customers", "frame"}
    assert set(answer["tables"]["customers"]) == {*RULERS, "verdict"}
    # The line of the chosen ruler belongs to the result.
    assert set(answer["tables"]["frame"]) == {"verdict"}


def test_few_customers_are_drawn_and_all_are_counted():
    assert len(look(n=50).tables["customers"]) == 50
    assert len(look(n=1000).tables["customers"]) == DRAWN
    assert "1,000 simulated customers" in look(n=1000).sentence


@pytest.mark.parametrize(
    ("changes", "solved"),
    [
        ({}, False),
        (GAP_RULE, True),
        ({**GAP_RULE, "ruler": "zone"}, True),
        ({"beta_e": -0.5}, False),
        ({"beta_e": 1.0}, False),
        # The gap would win here, too, but expectation counts more than perception.
        ({"beta_e": -1.5}, False),
        # Better in this sample, but not clearly.
        ({**GAP_RULE, "n": 50, "noise": 2}, False),
        ({"source": "guests", **GAP_RULE}, False),
        ({"source": "quality", **GAP_RULE}, False),
    ],
)
def test_the_gap_wins_where_customers_judge_by_the_gap(changes, solved):
    assert DEMO.challenge.solved(DEMO.check(changes)) is solved


def test_the_cases_reach_the_contrast():
    winners = {
        preset.label: explained(DEMO.view(DEMO.check(preset.values))).idxmax()
        for preset in DEMO.presets
    }
    assert winners["Hotel"] == winners["Monopoly utility"] == "Performance"
    assert winners["Luxury spa"] == "Zone"
    monopoly = look(**DEMO.presets[1].values)
    assert explained(monopoly).max() < explained(look()).min() + 0.01
    assert "may be chance" in monopoly.sentence
    assert "may be chance" not in look().sentence


def test_ds_01_performance_beats_the_gap_also_with_a_weight_for_each_dimension():
    view = look(source="guests")
    r2 = explained(view)
    assert r2["Performance"] == pytest.approx(0.586, abs=5e-4)
    assert r2["Gap"] == pytest.approx(0.362, abs=5e-4)
    assert "61.4 % against 40.1 %" in view.explanation
    assert "synthetic" in view.sentence
    assert view.inactive == {"n", "rho", "noise", "beta_p", "beta_e"}


@pytest.mark.parametrize(
    ("source", "performance", "gap"), [("satisfaction", 0.241, 0.145), ("quality", 0.210, 0.203)]
)
def test_the_kiosk_survey_is_r2_5(source, performance, gap):
    view = look(source=source)
    r2 = explained(view)
    assert r2["Performance"] == pytest.approx(performance, abs=5e-4)
    assert r2["Gap"] == pytest.approx(gap, abs=5e-4)
    assert "24.1 % against 14.5 %" in view.explanation
    assert "21.0 % against 20.3 %" in view.explanation
    assert "These 207 people are real" in view.sentence


def test_the_explanation_names_the_reason_that_fits_the_rule():
    assert "little or no reason to take them off" in look().explanation
    assert "the gap takes them off in full" in look(**GAP_RULE).explanation
    assert "the zone takes off about as much" in look(beta_e=-0.6, rho=0.5).explanation


def test_a_sample_that_misleads_is_called_so():
    misled = [
        view
        for beta_e in (-1.0, -0.9, -0.8, -0.7, -0.3, -0.2, 0.0)
        for rho in (-0.2, 0.3, 0.8)
        if "the sample says otherwise"
        in (view := look(n=50, noise=2, beta_e=beta_e, rho=rho)).explanation
    ]
    assert misled
    for view in misled:
        named = view.explanation.removeprefix("By its rule ").split(" is ")[0]
        assert named != explained(view).idxmax().lower()


def test_the_line_belongs_to_the_chosen_ruler():
    for ruler, name in RULERS.items():
        view = look(ruler=ruler)
        line = view.tables["line"].iloc[0]
        ratings = servperf.simulate()
        scores = servperf.average_scores(ratings)
        fitted = line["intercept"] + line["slope"] * scores[ruler].mean()
        assert fitted == pytest.approx(scores["verdict"].mean())
        drawn = view.tables["customers"]
        assert view.tables["points"]["score"].tolist() == drawn[ruler].tolist(), name


def test_customers_who_all_say_the_same_are_refused_in_plain_words():
    with pytest.raises(ValueError, match="all customers say the same"):
        look(noise=0, beta_p=0, beta_e=0)
