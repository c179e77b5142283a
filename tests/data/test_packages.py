import json
from pathlib import Path

import frictionless
import pytest

from servicequality import data

DATASETS = Path(__file__).parents[2] / "datasets"


@pytest.mark.parametrize("name", data.names())
def test_package_is_valid(name):
    """Frictionless checks the descriptor, size, hash, types, constraints and keys."""
    report = frictionless.validate(str(DATASETS / name / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    assert report.stats["tasks"] >= 1


@pytest.mark.parametrize("name", data.names())
def test_package_says_what_a_user_must_know(name):
    descriptor = data.describe(name)
    assert descriptor["name"] == name
    for key in ("title", "description", "licenses", "sources"):
        assert descriptor[key]
    for resource in descriptor["resources"]:
        assert resource["hash"].startswith("sha256:")
        assert resource["schema"]["missingValues"] == [""]
        assert all(field["title"] and field["type"] for field in resource["schema"]["fields"])
    if (DATASETS / name / "truth.json").exists():
        assert "synthetic" in descriptor["title"]
        assert (DATASETS / name / "generate.py").exists()
    else:
        assert (DATASETS / name / "LICENSE").exists()


@pytest.mark.parametrize("name", data.names())
def test_a_spoiled_value_is_invalid(name, tmp_path):
    """Prove that the validation can fail: an answer of 99 breaks the schema."""
    descriptor = data.describe(name)
    resource = descriptor["resources"][0]
    lines = (DATASETS / name / resource["path"]).read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[resource["schema"]["fields"].index(last_answer(resource))] = "99"
    lines[1] = ",".join(cells)
    (tmp_path / resource["path"]).write_text("\n".join(lines), encoding="utf-8")
    del resource["hash"], resource["bytes"]
    (tmp_path / "datapackage.json").write_text(
        json.dumps({**descriptor, "resources": [resource]}), encoding="utf-8"
    )
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.flatten(["type"]) == [["constraint-error"]]


def last_answer(resource):
    return [f for f in resource["schema"]["fields"] if "maximum" in f.get("constraints", {})][-1]


def test_the_catalogue_lists_every_dataset():
    catalogue = (DATASETS / "README.md").read_text(encoding="utf-8")
    for name in data.names():
        assert f"[`{name}`]({name}/README.md)" in catalogue
        datasheet = (DATASETS / name / "README.md").read_text(encoding="utf-8")
        assert "**Do not use it**" in datasheet
        assert "**Used in**" in datasheet


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
