"""nbgrader's own example course, as nbgrader installs it, graded as its documentation says."""

import shutil
from pathlib import Path

import nbgrader
import pytest

from servicequality.grading.course import Course

EXAMPLE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
CONFIGURATION = Path(__file__).parents[2] / "grading" / "nbgrader_config.py"


@pytest.fixture
def example(tmp_path, nbgrader):
    (tmp_path / "grading").mkdir()
    shutil.copy(CONFIGURATION, tmp_path / "grading")
    shutil.copytree(EXAMPLE / "source" / "ps1", tmp_path / "exercises" / "ps1")
    course = Course(tmp_path)
    for student in ("bitdiddle", "hacker"):
        shutil.copytree(EXAMPLE / "submitted" / student / "ps1", course.submitted(student, "ps1"))
    nbgrader(course, "generate_assignment", "ps1")
    nbgrader(course, "autograde", "ps1")
    return course


def test_scores_are_those_of_the_documentation(example):
    with example.gradebook() as book:
        scores = {s.student.id: s for s in book.assignment_submissions("ps1")}
        assert scores["bitdiddle"].score == 1.5
        assert scores["hacker"].score == 3.0
        possible = book.find_assignment("ps1").max_score
    assert possible == 13
