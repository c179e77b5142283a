"""What holds for every demo, tried without a browser."""

import importlib
import json
import pkgutil
import re

import numpy as np
import pytest

from servicequality import demos
from servicequality import widgets as w

DEMOS = {
    f"{chapter.name}.{name}": getattr(package, name)
    for chapter in pkgutil.iter_modules(demos.__path__)
    for package in [importlib.import_module(f"servicequality.demos.{chapter.name}")]
    for name in package.__all__
}
SIMULATIONS = {
    "customers_role.full_cafe",
    "customers_role.pull_the_chain",
    "expectations.moving_bar",
    "gap_management.control_room",
    "quality_definitions.who_moved_my_score",
    "recovery.paradox_machine",
    "satisfaction.how_many_to_ask",
    "satisfaction.kano_lab",
    "servqual.three_rulers",
}
MOST_CONTROLS_AT_FIRST_SIGHT = 4
MOST_SEGMENTS = 5
"""Among more options, as of all states, finding the right one is the task."""


@pytest.fixture(params=DEMOS)
def name(request):
    return request.param


@pytest.fixture
def demo(name):
    return DEMOS[name]()


def random_states(demo, count):
    draw = np.random.default_rng(20)
    for _ in range(count):
        state = {}
        for control in demo.all_controls():
            if isinstance(control, w.Slider):
                steps = round((control.high - control.low) / control.step)
                value = control.low + control.step * int(draw.integers(0, steps + 1))
                state[control.name] = min(control.high, round(value, control.decimals))
            elif isinstance(control, w.Choice):
                state[control.name] = str(draw.choice(list(control.options)))
            else:
                state[control.name] = bool(draw.integers(0, 2))
        yield state


def answer(demo, values, number=1):
    widget = w.DemoWidget(demo)
    widget.request = {"number": number, "values": values, "guess": demo.prediction.correct}
    return widget.view


def test_each_demo_has_a_code_of_its_own():
    codes = [make().code for make in DEMOS.values()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"D[1-8]\.\d", code) for code in codes)


def test_no_state_breaks_a_demo(name, demo):
    widget = w.DemoWidget(demo)
    for number, state in enumerate(random_states(demo, 20 if name in SIMULATIONS else 80)):
        widget.request = {"number": number, "values": state, "guess": demo.prediction.correct}
        view = widget.view
        assert view["number"] == number
        assert "could not be calculated" not in view.get("error", "")
        json.dumps(view, allow_nan=False)
        if "error" not in view:
            text = view["sentence"] + view["explanation"]
            assert "nan" not in text.lower().split()
            assert any(number["text"] in view["sentence"] for number in view["numbers"])


def test_every_table_has_the_columns_that_its_panel_shows(demo):
    views = [demo.view(demo.check(preset.values)) for preset in demo.presets]
    for panel in demo.panels:
        name = getattr(panel, "numbers_from", "") or panel.tables[0]
        table = next(view.tables[name] for view in views if name in view.tables)
        assert set(panel.columns) <= set(table.columns), panel.title
        assert len(table), panel.title
    assert all(set(demo.panels[0].tables) <= set(view.tables) for view in views)


def test_the_first_state_reads_well(demo):
    view = demo.view(demo.first_state())
    assert demo.panels[0].before_commit
    assert demo.taste
    assert 1 <= len(view.numbers) <= 4
    assert len(view.teaser.split()) >= 8
    assert len(view.sentence.split()) >= 8
    assert demo.question.endswith("?")
    if demo.evidence == "T":
        assert "in this model" in demo.assumption.lower()


def test_few_controls_at_first_sight_and_no_name_twice(demo):
    in_sight = [*demo.at_hand, *demo.taste]
    for item in demo.controls:
        if not isinstance(item, w.Group):
            in_sight.append(item)
        elif item.unfolded:
            in_sight.extend(item.controls)
    assert len(in_sight) <= MOST_CONTROLS_AT_FIRST_SIGHT
    names = [control.name for control in demo.all_controls()]
    assert len(set(names)) == len(names)
    groups = [item for item in demo.controls if isinstance(item, w.Group)]
    for together in (in_sight, groups, *(group.controls for group in groups)):
        labels = [item.title if isinstance(item, w.Group) else item.label for item in together]
        assert len(set(labels)) == len(labels)


def test_three_cases_or_more_and_the_first_is_the_first_state(demo):
    assert len(demo.presets) >= 3
    assert demo.check(demo.presets[0].values) == demo.first_state()
    views = [answer(demo, demo.check(preset.values)) for preset in demo.presets]
    assert all("error" not in view for view in views)
    assert len({view["sentence"] for view in views}) == len(views)


def test_reset_brings_back_exactly_the_first_view(demo):
    widget = w.DemoWidget(demo)
    guess = demo.prediction.correct
    widget.request = {"number": 1, "values": demo.first_state(), "guess": guess}
    first = widget.view
    for state in random_states(demo, 3):
        widget.request = {"number": 2, "values": state, "guess": guess}
    widget.request = {"number": 1, "values": demo.first_state(), "guess": guess}
    assert widget.view == first


def test_the_challenge_is_not_met_at_the_start_nor_by_the_commit(demo):
    assert not demo.challenge.solved(demo.first_state())
    assert not demo.challenge.solved(demo.check(demo.prediction.values))


def single_moves(demo):
    """Yield the values that one move brings: a case, a slider's end, a segment, a switch."""
    for preset in demo.presets:
        yield demo.first_state() | preset.values
    for start in (demo.first_state(), demo.check(demo.prediction.values)):
        for control in demo.all_controls():
            if isinstance(control, w.Slider):
                moves = [{control.name: end} for end in (control.low, control.high)]
            elif isinstance(control, w.Choice):
                few = control.options if len(control.options) <= MOST_SEGMENTS else ()
                moves = [{control.name: key} | control.brings.get(key, {}) for key in few]
            else:
                moves = [{control.name: on} for on in (False, True)]
            yield from (start | move for move in moves)


def test_no_single_case_end_of_a_slider_or_switch_meets_the_challenge(demo):
    for state in single_moves(demo):
        assert not demo.challenge.solved(demo.check(state)), state


def test_the_result_is_not_sent_before_the_commit(demo):
    view = w.DemoWidget(demo).view
    assert set(view) == {"number", "tables", "teaser"}
    early = {name for panel in demo.panels if panel.before_commit for name in panel.tables}
    assert set(view["tables"]) == early


def test_a_chart_refers_to_its_tables_and_has_a_description(demo):
    for panel in demo.panels:
        if isinstance(panel, w.Figure):
            spec = json.dumps(panel.declaration()["spec"])
            assert all(f'{{"name": "{table}"}}' in spec for table in panel.tables)
            assert len(panel.description.split()) >= 8


@pytest.mark.parametrize("closed_form", sorted(set(DEMOS) - SIMULATIONS))
def test_a_move_of_a_closed_form_demo_sends_less_than_5_kb(closed_form):
    demo = DEMOS[closed_form]()
    for preset in demo.presets:
        assert len(json.dumps(answer(demo, demo.check(preset.values)))) < 5000, preset.label
