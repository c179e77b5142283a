"""The three descriptions of the environment agree with each other and with what is installed."""

import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())
DECLARED = [
    Requirement(line)
    for line in PROJECT["project"]["dependencies"]
    + PROJECT["project"]["optional-dependencies"]["dev"]
]
PINS = [Requirement(line) for line in (ROOT / "requirements.txt").read_text().splitlines() if line]


def pinned_version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    assert specifier.operator == "==", f"{pin} is not pinned"
    return specifier.version


@pytest.mark.parametrize("declared", DECLARED, ids=str)
def test_what_the_project_declares_is_pinned_within_its_bounds(declared: Requirement) -> None:
    pins = [p for p in PINS if canonicalize_name(p.name) == canonicalize_name(declared.name)]
    assert pins, f"{declared.name} is not in requirements.txt: run `make requirements`"
    for pin in pins:
        assert declared.specifier.contains(pinned_version(pin)), (
            f"{pin} does not satisfy {declared}"
        )


def test_this_environment_is_the_pinned_one() -> None:
    wanted = {p.name: pinned_version(p) for p in PINS if p.marker is None or p.marker.evaluate()}
    assert {name: version(name) for name in wanted} == wanted


def test_conda_installs_the_pinned_packages_through_pip() -> None:
    (through_pip,) = [part["pip"] for part in CONDA["dependencies"] if isinstance(part, dict)]
    assert through_pip == ["-r requirements.txt", "-e ."]
    others = [part for part in CONDA["dependencies"] if isinstance(part, str)]
    assert {part.split("=")[0] for part in others} == {"python", "pip"}


def test_all_speak_of_the_same_python() -> None:
    (python,) = [p for p in CONDA["dependencies"] if str(p).startswith("python=")]
    tested = python.removeprefix("python=")
    assert SpecifierSet(PROJECT["project"]["requires-python"]) == SpecifierSet(f">={tested}")
    assert PROJECT["tool"]["mypy"]["python_version"] == tested
    assert f"--python-version {tested}" in (ROOT / "Makefile").read_text()
