import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from servicequality import data

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """Work on a copy of the datasets, which a test may spoil."""
    shutil.copytree(ROOT / "datasets", tmp_path / "datasets")
    monkeypatch.setattr(data, "_CLONED", tmp_path / "datasets")
    return tmp_path / "datasets"


def republish(folder, change):
    """Change the responses of a dataset and publish the new hash: only the schema can object."""
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    resource = descriptor["resources"][0]
    path = folder / resource["path"]
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    content = change(frame).to_csv(index=False, lineterminator="\n").encode()
    path.write_bytes(content)
    resource["hash"] = "sha256:" + hashlib.sha256(content).hexdigest()
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def put(row, column, value):
    def change(frame):
        frame.loc[row, column] = value
        return frame

    return change


def test_names():
    assert data.names() == ["hotel-servqual", "kiosk-survey"]


def test_kiosk_survey():
    survey = data.load("kiosk-survey")
    assert survey.shape == (211, 175)
    assert survey.isna().to_numpy().sum() == 632
    never = survey[survey["use_frequency"] == "never"]
    assert len(never) == 4
    assert never.loc[:, "E01":].isna().all(axis=None)
    assert survey["in_authors_sample"].sum() == 194
    assert survey["age_band"].value_counts()["20-29"] == 203


def test_second_table():
    items = data.load("kiosk-survey", "items")
    assert items.shape == (158, 8)
    survey = data.load("kiosk-survey", "responses")
    assert list(items["code"]) == list(survey.columns[17:])
    assert items.set_index("code").loc["E01", "korean_original"].startswith("1-1. 키오스크는")


def test_the_title_says_what_is_synthetic():
    assert "(synthetic)" in data.load("hotel-servqual").attrs["title"]
    assert "synthetic" not in data.load("kiosk-survey").attrs["title"]


def test_describe():
    descriptor = data.describe("kiosk-survey")
    assert descriptor["licenses"][0]["name"] == "MIT"
    assert [resource["name"] for resource in descriptor["resources"]] == ["responses", "items"]


@pytest.mark.parametrize("wrong", ["kiosk-survy", "kiosk_survey", "Kiosk", "kiosk"])
def test_an_unknown_name_suggests_the_nearest(wrong):
    with pytest.raises(ValueError, match="Did you mean 'kiosk-survey'") as error:
        data.load(wrong)
    assert "There are: hotel-servqual, kiosk-survey." in str(error.value)
    assert repr(wrong) in str(error.value)


@pytest.mark.parametrize("wrong", ["xyz", "", "..", "../datasets"])
def test_a_name_like_no_other_lists_what_exists(wrong):
    with pytest.raises(ValueError, match="There are: hotel-servqual, kiosk-survey"):
        data.load(wrong)


def test_an_unknown_table_suggests_the_nearest():
    with pytest.raises(ValueError, match=r"no table 'item'\. Did you mean 'items'"):
        data.load("kiosk-survey", "item")


@pytest.mark.parametrize("spoil", ["edit", "truncate", "empty"])
def test_a_changed_file_is_refused(copied, spoil):
    path = copied / "kiosk-survey" / "responses.csv"
    content = path.read_bytes()
    published = hashlib.sha256(content).hexdigest()
    changed = {"edit": content.replace(b",7,", b",6,", 1), "truncate": content[:-500], "empty": b""}
    path.write_bytes(changed[spoil])
    with pytest.raises(ValueError, match=r"responses\.csv is not the published file") as error:
        data.load("kiosk-survey")
    assert published in str(error.value)
    assert hashlib.sha256(changed[spoil]).hexdigest() in str(error.value)
    assert "git checkout -- datasets" in str(error.value)
    assert len(data.load("kiosk-survey", "items")) == 158, "the other table is intact"


def test_a_missing_file_is_named(copied):
    (copied / "hotel-servqual" / "hotel_servqual.csv").unlink()
    with pytest.raises(ValueError, match=r"hotel_servqual\.csv is missing\. Restore it"):
        data.load("hotel-servqual")


@pytest.mark.parametrize(
    ("row", "column", "value", "rule"),
    [
        (3, "P_R1", "8", "be at most 7"),
        (0, "E_T1", "0", "be at least 1"),
        (479, "overall", "six", "be a number"),
        (7, "recommend", "6.5", "be a whole number"),
        (5, "segment", "pilgrim", "be one of leisure, business, group"),
        (2, "segment", "", "not be empty"),
        (9, "w_T", "", "not be empty"),
        (9, "respondent_id", "1", "not occur twice"),
    ],
)
def test_a_forbidden_value_names_column_row_and_rule(copied, row, column, value, rule):
    republish(copied / "hotel-servqual", put(row, column, value))
    with pytest.raises(ValueError, match=rule) as error:
        data.load("hotel-servqual")
    where = f"hotel_servqual.csv, column {column}, row {row} (line {row + 2} of the file)"
    assert str(error.value).startswith(where)


def test_only_the_first_bad_row_is_named(copied):
    republish(copied / "hotel-servqual", lambda f: put(100, "E_A1", "9")(put(20, "E_A1", "-1")(f)))
    with pytest.raises(ValueError, match=r"row 20 .* value -1"):
        data.load("hotel-servqual")


def test_a_missing_or_unknown_column_is_named(copied):
    republish(copied / "hotel-servqual", lambda frame: frame.drop(columns=["P_S2", "w_E"]))
    with pytest.raises(ValueError, match=r"hotel_servqual\.csv lacks the column P_S2, w_E\."):
        data.load("hotel-servqual")
    republish(copied / "kiosk-survey", lambda frame: frame.assign(E25="1"))
    with pytest.raises(ValueError, match=r"responses\.csv has an unknown column E25\."):
        data.load("kiosk-survey")


def test_an_allowed_change_loads(copied):
    republish(copied / "hotel-servqual", put(0, "E_T1", ""))
    assert np.isnan(data.load("hotel-servqual").loc[0, "E_T1"])


def test_loading_imports_no_heavy_library():
    code = (
        "import sys; from servicequality import data; data.load('kiosk-survey'); "
        "print(*sorted({m.split('.')[0] for m in sys.modules} & "
        "{'altair', 'frictionless', 'ipywidgets', 'scipy', 'statsmodels'}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


def test_an_installed_wheel_has_the_datasets(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", source / "src", ignore=leave)
    shutil.copytree(ROOT / "datasets", source / "datasets", ignore=leave)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    shutil.rmtree(source)
    code = (
        f"import sys; sys.path.insert(0, {str(installed)!r}); from servicequality import data; "
        "print(data.__file__, data.names(), len(data.load('kiosk-survey')))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    file, *rest = found.stdout.split(maxsplit=1)
    assert Path(file).is_relative_to(installed)
    assert rest == ["['hotel-servqual', 'kiosk-survey'] 211\n"]
