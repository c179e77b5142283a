"""nbgrader with the configuration of the course, in a copy of it."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SLUG = "02-servqual"


@pytest.fixture
def project(tmp_path):
    """A copy of what grading needs: an exercise and the configuration."""
    root = tmp_path / "project"
    shutil.copytree(
        ROOT / "exercises" / SLUG,
        root / "exercises" / SLUG,
        ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"),
    )
    (root / "grading").mkdir()
    shutil.copy(ROOT / "grading" / "nbgrader_config.py", root / "grading")
    return root


@pytest.fixture
def environment(tmp_path):
    """An instructor's environment in which alembic, beside the interpreter, is not on PATH."""
    return {
        "HOME": str(tmp_path),
        "PATH": str(tmp_path / "nothing-here"),
        "TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR": "1",
    }


def nbgrader(folder, environment, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def assert_released_in_its_place(project):
    assert {path.name for path in project.iterdir()} == {"exercises", "grading"}
    assert {path.name for path in (project / "grading").iterdir()} <= {
        "__pycache__",
        "course",
        "nbgrader_config.py",
    }
    course = project / "grading" / "course"
    assert (course / "release" / SLUG / f"{SLUG}.ipynb").is_file()
    with sqlite3.connect(course / "gradebook.db") as book:
        assert book.execute("select count(*) from alembic_version").fetchone() == (1,)
        assert book.execute("select course_id, name from assignment").fetchall() == [
            ("service-quality", SLUG)
        ]


def test_release_from_inside_grading(project, environment):
    result = nbgrader(project / "grading", environment, "generate_assignment", SLUG)
    assert result.returncode == 0, result.stdout
    assert_released_in_its_place(project)


def test_a_broken_configuration_stops_nbgrader(project, environment):
    with (project / "grading" / "nbgrader_config.py").open("a") as config:
        config.write("c.Execute.timeout = no_such_name\n")
    result = nbgrader(project / "grading", environment, "generate_assignment", SLUG)
    assert result.returncode != 0
    assert "no_such_name" in result.stdout
    assert not (project / "grading" / "course" / "release").exists()
    assert not (project / "grading" / "release").exists()


def test_an_assignment_travels_through_the_exchange(project, environment, tmp_path):
    grading, desk = project / "grading", tmp_path / "desk"
    desk.mkdir()
    student = environment | {"JUPYTER_CONFIG_PATH": str(grading)}
    for folder, who, command in [
        (grading, environment, "generate_assignment"),
        (grading, environment, "release_assignment"),
        (desk, student, "fetch_assignment"),
        (desk, student, "submit"),
        (grading, environment, "collect"),
    ]:
        result = nbgrader(folder, who, command, SLUG)
        assert result.returncode == 0, result.stdout
    assert (desk / SLUG / "lantern-hotel.csv").is_file()
    (submitted,) = (grading / "course" / "submitted").iterdir()
    assert (submitted / SLUG / f"{SLUG}.ipynb").is_file()


@pytest.fixture
def server(project, environment, start_server):
    """Address of a Jupyter server in the course root, as the guide for instructors starts it."""
    return start_server(project, environment)


def ask(server, path, method="GET"):
    request = urllib.request.Request(
        server + path, method=method, headers={"Authorization": "token secret"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_formgrader_releases_from_the_course_root(project, server):
    (assignment,) = ask(server, "/formgrader/api/assignments")
    assert assignment["name"] == SLUG
    assert Path(os.path.normpath(assignment["source_path"])) == Path("exercises", SLUG)
    answer = ask(server, f"/formgrader/api/assignment/{SLUG}/assign", method="POST")
    assert answer["success"], answer
    assert_released_in_its_place(project)
    (assignment,) = ask(server, "/formgrader/api/assignments")
    assert assignment["max_score"] == 100
