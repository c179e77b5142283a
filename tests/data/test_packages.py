"""Every folder of datasets/ is a valid package, says what a user must know, and is small."""

import csv
import json
import runpy
from pathlib import Path

import frictionless
import pytest

from servicequality import data

DATASETS = Path(__file__).parents[2] / "datasets"
NAMES = data.names()
REAL = [name for name in NAMES if "synthetic" not in data.describe(name)["title"]]


def unpacked(path):
    return data._unpacked(path.read_bytes()).decode()


@pytest.mark.parametrize("name", NAMES)
def test_package_is_valid(name):
    """Frictionless checks the descriptor, size, hash, types, constraints and keys of every row."""
    report = frictionless.validate(str(DATASETS / name / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    assert report.stats["tasks"] == len(data.describe(name)["resources"])


@pytest.mark.parametrize("name", NAMES)
def test_package_says_what_a_user_must_know(name):
    descriptor = data.describe(name)
    assert descriptor["name"] == name
    for key in ("title", "description", "version", "licenses", "sources"):
        assert descriptor[key]
    assert all(licence["name"] and licence["title"] for licence in descriptor["licenses"])
    for resource in descriptor["resources"]:
        assert resource["title"]
        assert resource["hash"].startswith("sha256:")
        assert resource["schema"]["missingValues"] == [""]
        assert all(field["title"] and field["type"] for field in resource["schema"]["fields"])
    datasheet = descriptor.datasheet
    assert "**Do not use it**" in datasheet
    assert "**Used in** chapter" in datasheet
    assert "**Quirks.**" in datasheet
    if name in REAL:
        assert (DATASETS / name / "curate.py").exists()
    else:
        assert "synthetic" in datasheet.splitlines()[0], "the heading says so"


@pytest.mark.parametrize("name", REAL)
def test_real_data_name_their_source_licence_and_gaps(name):
    descriptor = data.describe(name)
    licence = descriptor["licenses"][0]
    assert licence["conditions"], "what the licence asks for"
    assert licence["path"] == "LICENSE"
    notice = (DATASETS / name / "LICENSE").read_text(encoding="utf-8")
    assert licence.get("uri", "") in notice
    assert [c for c in descriptor["contributors"] if c["role"] == "publisher"]
    assert all(source["title"] for source in descriptor["sources"])
    assert descriptor["temporal"], "the time that the data cover"
    for heading in ("Why and by whom", "Licence", "Source", "Who is missing", "Missing values"):
        assert f"**{heading}.**" in descriptor.datasheet


DEMANDS = {
    "CC-BY-4.0": ["creativecommons.org/licenses/by/4.0/", "disclaims all warranties", "Changes:"],
    "CC0-1.0": [],
    "MIT": ["Copyright (c)", "Permission is hereby granted, free", 'SOFTWARE IS PROVIDED "AS IS"'],
    "OGL-Canada-2.0": [
        "Contains information licensed under the Open Government Licence – Canada",
        "https://open.canada.ca/en/open-government-licence-canada",
    ],
    "OGL-UK-3.0": [
        "Contains public sector information licensed under the Open Government Licence v3.0",
        "nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ],
    "PDDL-1.0": ["https://opendatacommons.org/licenses/pddl/1-0/"],
    "other-open": [],
    "other-pd": ["17 U.S.C. § 105", "Credit: "],
}


@pytest.mark.parametrize("name", REAL)
def test_what_the_licence_demands_is_in_the_notice(name):
    notice = " ".join((DATASETS / name / "LICENSE").read_text(encoding="utf-8").split())
    for licence in data.describe(name)["licenses"]:
        for demand in DEMANDS[licence["name"]]:
            assert demand in notice


@pytest.mark.parametrize("name", NAMES)
def test_a_spoiled_value_is_invalid(name, tmp_path):
    """Prove that the validation can fail: a value out of range breaks the schema."""
    descriptor = data.describe(name)
    resource = descriptor["resources"][0]
    head = unpacked(DATASETS / name / resource["path"]).splitlines(keepends=True)[:20]
    rows = list(csv.reader(head))
    fields = resource["schema"]["fields"]
    limited = next(f for f in reversed(fields) if {"enum", "minimum"} & set(f["constraints"]))
    rows[1][fields.index(limited)] = "-99999"
    with (tmp_path / "spoiled.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    spoiled = {"name": "spoiled", "type": "table", "path": "spoiled.csv", "format": "csv"}
    package = {"name": name, "resources": [{**spoiled, "schema": resource["schema"]}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.flatten(["type", "rowNumber"]) == [["constraint-error", 2]]


def test_the_list_in_the_readme_is_fresh():
    """If this fails, run `python datasets/catalogue.py`."""
    readme = (DATASETS / "README.md").read_text(encoding="utf-8")
    render = runpy.run_path(str(DATASETS / "catalogue.py"))["render"]
    assert render(readme) == readme
    for name in NAMES:
        assert f"[`{name}`]({name}/README.md)" in readme
    stale = readme.replace("responses 211", "responses 212")
    assert render(stale) == readme != stale


def test_the_datasets_are_small():
    sizes = {path: path.stat().st_size for path in DATASETS.rglob("*") if path.is_file()}
    assert max(sizes.values()) <= 3_000_000
    assert sum(sizes.values()) <= 15_000_000


def test_git_does_not_convert_line_endings():
    """The bytes are hashed."""
    assert "*.csv -text" in (DATASETS / ".gitattributes").read_text(encoding="utf-8")
    assert "*.gz -text" in (DATASETS / ".gitattributes").read_text(encoding="utf-8")


def test_the_licence_of_the_kiosk_survey_is_kept():
    licence = (DATASETS / "kiosk-survey" / "LICENSE").read_text(encoding="utf-8")
    assert licence.startswith("MIT License\n\nCopyright (c) 2022 Hana\n")
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in licence


def test_the_kiosk_survey_is_the_extracted_file():
    """Hashes as noted when the file was extracted from its source."""
    hashes = {r["name"]: r["hash"] for r in data.describe("kiosk-survey")["resources"]}
    assert hashes == {
        "responses": "sha256:942c32c8d742d89ca7580474ba97a0930b3a524ac397d51dcccc4bd99bee7e61",
        "items": "sha256:364429eb929cdaec3ed7d9ad474aad6b89953f73186ff37b63aa4c5c41804d44",
    }
