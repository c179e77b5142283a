"""Exercise 2 graded by nbgrader: who gets which points."""

from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

HERE = Path(__file__).parent

WRITTEN = "x2-7-answer"

SPLIT = {
    "x2-1": {"item": 4, "dimension": 6, "missing": 5, "weights": 4, "servperf": 3, "kiosk": 3},
    "x2-2": {"msa": 2, "mss": 2, "width": 2, "position": 2, "state": 2},
    "x2-3": {"alpha": 5, "interval": 5, "item-total": 3, "deleted": 3, "kiosk": 4},
    "x2-4": {"equal": 4, "unequal": 4, "edges": 2},
    "x2-5": {"scale": 3, "data-map": 3, "diagonal": 3, "derived": 1},
    "x2-6": {"kaiser": 3, "parallel": 5, "reproducible": 2},
    "x2-7": {"answer": 15},
}
"""Points of each test cell."""

ALL = "all of its cells"
LOSES = {
    "x2_1_changes_its_input": ALL,
    "x2_1_difference_of_means": {"missing"},
    "x2_1_expectation_minus_perception": {"item", "dimension", "missing", "weights", "kiosk"},
    "x2_1_non_users_as_zero": {"missing", "kiosk"},
    "x2_1_unnormalised_weights": {"weights"},
    "x2_2_msa_mss_swapped": {"msa", "mss"},
    "x2_2_single_numbers_only": ALL,
    "x2_2_strict_edges": {"state"},
    "x2_3_degrees_of_freedom_swapped": {"interval", "kiosk"},
    "x2_3_item_in_its_own_total": {"item-total", "kiosk"},
    "x2_3_mixed_ddof": {"alpha", "interval", "deleted", "kiosk"},
    "x2_4_average_reliability": {"equal", "unequal", "edges"},
    "x2_4_equal_deviations_always": {"unequal"},
    "x2_4_impossible_accepted": {"edges"},
    "x2_5_median_for_mean": {"data-map"},
    "x2_5_on_the_line_is_low": {"scale", "data-map", "diagonal"},
    "x2_5_quadrants_mirrored": {"scale", "data-map", "derived"},
    "x2_6_fixed_seed": {"reproducible"},
    "x2_6_global_seed": {"reproducible"},
    "x2_6_kaiser_for_parallel": {"parallel", "reproducible"},
    "x2_6_unseeded": {"reproducible"},
}
"""Which test cells of its task a wrong submission fails."""


def stems(kind):
    return sorted(path.stem for path in (HERE / kind).glob("*.py"))


def task_of(snippet):
    return "-".join(snippet.split("_")[:2])


def full_marks(graded):
    return {name: points for name, points in graded.most.items() if name != WRITTEN}


def lost(graded, student):
    points = graded.results[student].points
    return {name for name, most in full_marks(graded).items() if points[name] < most}


def test_points_are_those_of_the_task_list(graded):
    split = {f"{task}-{part}": p for task, parts in SPLIT.items() for part, p in parts.items()}
    assert graded.most == split
    assert sum(graded.most.values()) == 100


def test_reference_solution_gets_every_automatic_point(graded):
    assert lost(graded, "reference") == set()
    assert sum(graded.results["reference"].points.values()) == 85


def test_untouched_release_gets_nothing(graded):
    assert set(graded.results["untouched"].points.values()) == {0.0}
    assert graded.results["untouched"].to_read == set()


def test_softening_the_checks_gains_nothing(graded):
    assert set(graded.results["softened_checks"].points.values()) == {0.0}


def test_a_deleted_test_is_put_back(graded):
    assert lost(graded, "deleted_tests") == set()


def test_a_written_answer_waits_for_the_instructor(graded):
    assert graded.results["written"].to_read == {WRITTEN}
    assert sum(graded.results["written"].points.values()) == 85


def lost_in_its_task(graded, snippet):
    task = task_of(snippet)
    return {c for c in lost(graded, graded.student_with[snippet]) if c.startswith(task)}


def cells_lost_by(snippet):
    task = task_of(snippet)
    parts = SPLIT[task] if LOSES[snippet] is ALL else LOSES[snippet]
    return {f"{task}-{part}" for part in parts}


def test_every_wrong_submission_is_expected():
    assert sorted(LOSES) == stems("wrong")


@pytest.mark.parametrize("snippet", stems("wrong"))
def test_wrong_submission_loses_points_where_it_is_wrong(graded, snippet):
    assert lost_in_its_task(graded, snippet) == cells_lost_by(snippet)


def test_wrong_submissions_lose_points_in_their_own_tasks_only(graded):
    for student in {graded.student_with[snippet] for snippet in LOSES}:
        own = [s for s in LOSES if graded.student_with[s] == student]
        assert lost(graded, student) == set().union(*map(cells_lost_by, own))


@pytest.mark.parametrize("snippet", stems("right"))
def test_right_submission_loses_nothing(graded, snippet):
    assert lost_in_its_task(graded, snippet) == set()


def test_every_code_task_has_wrong_and_right_submissions():
    for kind in ("wrong", "right"):
        assert {task_of(snippet) for snippet in stems(kind)} == {f"x2-{n}" for n in range(1, 7)}


def test_feedback_for_everybody(graded):
    for student in graded.results:
        page = BeautifulSoup(graded.course.feedback(student).read_text("utf-8"), "html.parser")
        score = sum(graded.results[student].points.values())
        assert f"02-servqual (Score: {score} / 100.0)" in page.text


def test_feedback_teaches_and_keeps_hidden_tests_hidden(graded, hidden_lines):
    said = {}
    for student in graded.results:
        page = BeautifulSoup(graded.course.feedback(student).read_text("utf-8"), "html.parser")
        lines = {line.strip() for line in page.text.splitlines()}
        said[student] = page.text
        assert "HIDDEN TESTS" not in page.text
        if student != "reference":
            assert not lines & hidden_lines, student
    heavy, strict = (
        said[graded.student_with[snippet]]
        for snippet in ("x2_1_unnormalised_weights", "x2_2_strict_edges")
    )
    assert "expected -0.407, your function gave -40.7." in heavy
    assert "state: right in the example, but not on other data" in strict
    assert "Not yet" not in said["reference"].replace('"Not yet', "")


def test_graded_notebook_keeps_the_objectives(graded):
    path = graded.course.folder / "autograded" / "reference" / "02-servqual" / "02-servqual.ipynb"
    found = {
        c.metadata.servicequality.task: c.metadata.servicequality.objectives
        for c in nbformat.read(path, as_version=4).cells
        if c.metadata.get("nbgrader", {}).get("grade")
    }
    assert found == {
        "X2.1": ["LO2.2"],
        "X2.2": ["LO2.2"],
        "X2.3": ["LO2.3"],
        "X2.4": ["LO2.4"],
        "X2.5": ["LO2.6"],
        "X2.6": ["LO2.5"],
        "X2.7": ["LO2.7"],
    }
