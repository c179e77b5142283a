"""D4.4: plausible links multiply to little, and a correlation has no arrow."""

import math

import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.customers_role import pull_the_chain
from servicequality.models import service_profit_chain as model

DEMO = pull_the_chain()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def look(**values):
    return DEMO.view(DEMO.check(values))


def total(view, name="better tools → profit"):
    return view.tables["effects"].set_index("name")["total"][name]


@pytest.mark.parametrize(
    ("pair", "effect"),
    [
        ("better tools → profit", 0.045052),
        ("better tools → happy customers", 0.1115),
        ("happy staff → happy customers", 0.2230),
        ("happy staff → profit", 0.090105),
        ("staff are productive → profit", 0.22835),
        ("happy customers → profit", 0.1350),
    ],
)
def test_o4_6_total_effects(pair, effect):
    assert total(look(), pair) == pytest.approx(effect, abs=1e-6)


def test_o4_6_the_chain_through_staff_who_stay():
    ways = look().tables["ways"].set_index("way")["effect"]
    chain = (
        "better tools → happy staff → staff stay → value to customers → happy customers → "
        "customers stay → profit"
    )
    assert ways[chain] == pytest.approx(0.00405)
    assert ways.sum() == pytest.approx(0.045052, abs=1e-6)
    assert "all 4 ways together make 0.045" in look().explanation


def test_direct_and_indirect_add_up():
    effects = look().tables["effects"]
    assert (effects["direct"] + effects["indirect"]).tolist() == pytest.approx(
        effects["total"].tolist()
    )


def test_the_prediction_is_what_the_model_implies():
    assert DEMO.prediction.values == {}
    implied = float(model.implied_correlations().loc["ISQ", "PR"])
    assert implied < 0.1
    assert DEMO.prediction.correct == "none"
    assert all("The correlation is 0.045." in text for text in DEMO.prediction.feedback.values())


def test_no_effect_is_sent_before_the_commit():
    assert set(w.DemoWidget(DEMO).view["tables"]) == {"paths", "nodes"}


@pytest.mark.parametrize("n", [300, 5000])
def test_the_survey_looks_the_same_when_profit_pays_for_tools(n):
    found = [float(look(n=n, reverse=reverse).numbers[2].text) for reverse in (False, True)]
    assert found == pytest.approx([0.045, 0.045], abs=2 / math.sqrt(n))
    assert abs(found[0] - found[1]) < 0.03
    assert "better tools would change nothing" in look(reverse=True).explanation
    assert "in this survey profit pays for tools" in look(reverse=True).sentence


def test_at_most_three_hundred_units_are_drawn():
    assert len(look(n=5000).tables["units"]) == 300
    assert len(look(n=50).tables["units"]) == 50


def test_impossible_links_are_refused_with_the_names_of_the_diagram():
    with pytest.raises(ValueError, match="The paths into happy customers explain"):
        look(esv_cs=0.8, es_cs=0.8, es_ep=0.8, es_er=0.8, er_esv=0.5, ep_esv=0.5)


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"ep_pr": 0.5}, True),
        ({"ep_pr": 0.51}, True),
        ({"ep_pr": 0.49}, False),
        # Enough, but more than need be.
        ({"ep_pr": 0.52}, False),
        ({"es_ep": 0.7}, False),
        ({"isq_es": 0.8}, False),
        ({"cl_pr": 0.61}, False),
        ({"ep_pr": 0.5, "es_ep": 0.31}, False),
        ({"ep_pr": 0.5, "reverse": True, "n": 1000}, True),
    ],
)
def test_the_challenge_needs_the_shortest_cut(values, solved):
    assert DEMO.challenge.solved(DEMO.check(values)) is solved


def test_the_winner_is_the_link_that_the_model_names():
    doubling = model.leverage("ISQ", "PR")["to_double"]
    assert doubling.idxmin() == ("EP", "PR")
    assert doubling.min() == pytest.approx(0.30, abs=0.005)
    assert total(look(ep_pr=0.5)) == pytest.approx(2 * total(look()), rel=0.002)


def test_every_link_has_a_slider_and_a_place_in_the_diagram():
    names = {control.name for control in DEMO.all_controls()}
    assert {"_".join(path).lower() for path in model.PATHS} <= names
    view = look()
    assert len(view.tables["paths"]) == 10
    places = set(zip(view.tables["nodes"]["column"], view.tables["nodes"]["row"], strict=True))
    assert len(places) == 8
    for end in (("x", "y"), ("x2", "y2")):
        assert set(view.tables["paths"][list(end)].itertuples(index=False, name=None)) <= places


def test_pulling_the_chain_by_hand(open_demo):
    page = open_demo("pull_the_chain", width=390)
    demo = page.locator(".sq-demo")
    demo.get_by_role("slider", name="better tools → happy staff").fill("0.8")
    expect(demo.locator(".sq-plot").first).to_contain_text("0.80")
    demo.get_by_label("About 0.5: good tools pay").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("moves profit by 0.045")
    demo.get_by_role("checkbox", name="profit pays for tools").check()
    expect(demo.locator(".sq-sentence")).to_contain_text("profit pays for tools")
    demo.get_by_text("Staff", exact=True).click()
    demo.get_by_role("slider", name="staff are productive → profit").fill("0.5")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
