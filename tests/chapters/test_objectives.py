"""Every learning objective is taught, asked and practised: read from the notebooks' metadata."""

import pytest

from chapters import SLUGS, codes, exercise, notebook, questions, tag

OBJECTIVES = [(slug, code) for slug in SLUGS for code in codes("LO", slug)]


@pytest.mark.parametrize(("slug", "objective"), OBJECTIVES, ids=lambda value: value)
def test_an_objective_is_served_by_a_demo_or_analysis_a_question_and_a_task(slug, objective):
    shown = [
        cell.id
        for cell in notebook(slug)
        if tag(cell).get("kind") in ("demo", "analysis") and objective in tag(cell)["objectives"]
    ]
    asked = [code for code, entry in questions(slug).items() if objective in entry["objectives"]]
    tasks = [
        tag(cell)["task"]
        for cell in exercise(slug)
        if cell.metadata.get("nbgrader", {}).get("grade") and objective in tag(cell)["objectives"]
    ]
    assert shown, "no demo and no analysis"
    assert asked, "no question"
    assert tasks, "no task of the exercise"


def test_nothing_serves_an_objective_that_does_not_exist(slug):
    named = {
        code
        for cell in [*notebook(slug), *exercise(slug)]
        for code in tag(cell).get("objectives", [])
    }
    named |= {code for entry in questions(slug).values() for code in entry["objectives"]}
    assert named == set(codes("LO", slug))
