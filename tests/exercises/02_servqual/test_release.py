"""What students of exercise 2 receive."""

import re
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest

ROOT = Path(__file__).parents[3]
EXERCISE = ROOT / "exercises" / "02-servqual"


def text_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells)


def test_no_line_of_a_solution_or_hidden_test_is_released(course, solution_lines, hidden_lines):
    assert len(solution_lines) > 60
    assert len(hidden_lines) > 100
    released = {line.strip() for line in text_of(course.release).splitlines()}
    assert not released & (solution_lines | hidden_lines)


def test_no_marker_is_released(course):
    released = text_of(course.release)
    for marker in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS"):
        assert marker in text_of(course.source)
        assert marker not in released
    stubs = released.count("    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert stubs == 7
    assert "YOUR ANSWER HERE" in released


def test_release_has_the_files_that_it_needs(course):
    folder = course.folder / "release" / "02-servqual"
    assert {path.name for path in folder.iterdir()} == {
        "02-servqual.ipynb",
        "checks.py",
        "kiosk-survey.csv",
        "kiosk-survey-LICENSE.txt",
        "lantern-hotel.csv",
    }


def test_validate_accepts_the_reference(course, tmp_path):
    folder = shutil.copytree(EXERCISE, tmp_path / "reference")
    said = course.nbgrader("validate", folder / "02-servqual.ipynb")
    assert "Success! Your notebook passes all the tests." in said


def test_validate_rejects_the_stub_and_says_why(course, tmp_path):
    folder = shutil.copytree(course.folder / "release" / "02-servqual", tmp_path / "stub")
    said = course.nbgrader("validate", folder / "02-servqual.ipynb")
    assert re.search(r"VALIDATION FAILED ON 27 CELL\(S\)", said)
    assert "servqual_scores is still empty: your code is missing." in said
    assert "Traceback" not in said


def test_test_cells_of_the_release_are_locked(course):
    for cell in course.release.cells:
        marks = cell.metadata.get("nbgrader", {})
        if (marks.get("grade") and not marks["solution"]) or marks.get("locked"):
            assert cell.metadata.editable is False
            assert cell.metadata.deletable is False


def test_every_task_cell_names_its_task_and_objectives(course):
    for notebook in (course.source, course.release):
        for cell in notebook.cells:
            code = re.match(r"x2-(\d)-", cell.id)
            if code:
                assert cell.metadata.servicequality.task == f"X2.{code[1]}"
                assert cell.metadata.servicequality.objectives


def test_solutions_and_tests_do_not_use_the_course_library(course):
    code = [cell.source for cell in course.source.cells if cell.cell_type == "code"]
    assert not any("servicequality" in source for source in code)
    assert "servicequality" not in (EXERCISE / "checks.py").read_text("utf-8")


def test_kiosk_answers_are_those_of_the_dataset():
    ours = pd.read_csv(EXERCISE / "kiosk-survey.csv", dtype=str, keep_default_na=False)
    theirs = pd.read_csv(
        ROOT / "datasets" / "kiosk-survey" / "responses.csv", dtype=str, keep_default_na=False
    )
    pd.testing.assert_frame_equal(ours, theirs[list(ours.columns)])
    notice = (EXERCISE / "kiosk-survey-LICENSE.txt").read_text("utf-8")
    assert "MIT License" in notice
    assert "Copyright (c) 2022 Hana" in notice


def test_hotel_has_the_dimension_means_of_o2_1():
    hotel = pd.read_csv(EXERCISE / "lantern-hotel.csv")
    answers = hotel.filter(regex=r"^[EP]_")
    assert answers.shape == (10, 44)
    assert answers.isin(range(1, 8)).all(axis=None)
    means = {
        kind: [answers.filter(regex=rf"^{kind}_{d}\d").mean().mean() for d in "TRSAE"]
        for kind in "EP"
    }
    assert means["E"] == pytest.approx([5.2, 6.6, 6.3, 6.4, 5.9])
    assert means["P"] == pytest.approx([5.9, 5.7, 5.8, 6.2, 5.6])


def rubric(text):
    """Criterion and points of the first table whose header starts with Criterion."""
    rows = re.findall(r"^\| ([A-Z][\w ]+) \| (\d+) \|", text, flags=re.M)
    return {name: int(points) for name, points in rows}


def test_students_and_instructors_read_the_same_rubric(course):
    shown = next(cell.source for cell in course.release.cells if cell.id == "x2-7-rubric")
    guide = (ROOT / "grading" / "rubrics" / "02-servqual.md").read_text("utf-8")
    expected = {"Fit to the app": 5, "Wording": 4, "Structure": 3, "Threat and remedy": 3}
    assert rubric(shown) == rubric(guide) == expected


def test_source_is_stored_without_outputs():
    notebook = nbformat.read(EXERCISE / "02-servqual.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not cell.outputs
            assert cell.execution_count is None
