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
from IPython.core.interactiveshell import InteractiveShell

from servicequality import data

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """Work on a copy of the datasets, which a test may spoil."""
    for name in ("hotel-servqual", "kiosk-survey"):
        shutil.copytree(ROOT / "datasets" / name, tmp_path / "datasets" / name)
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


TABLES = [
    (name, resource["name"])
    for name in data.names()
    for resource in data.describe(name)["resources"]
]


def test_names():
    names = data.names()
    assert names == sorted(names)
    assert {"hotel-servqual", "kiosk-survey", "nyc-flights"} <= set(names)


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_every_table_loads_in_its_types(name, table):
    frame = data.load(name, table)
    fields = data.describe(name).fields(table)
    assert list(frame) == list(fields["name"])
    wanted = {
        "integer": {"int64", "float64"},
        "number": {"float64"},
        "boolean": {"bool", "boolean"},
        "date": {"datetime64[us]"},
        "datetime": {"datetime64[us]"},
        "string": {"str"},
    }
    for column, kind in zip(fields["name"], fields["type"], strict=True):
        dtype = str(frame[column].dtype)
        assert dtype in wanted[kind], column
        if dtype in ("float64", "boolean") and kind != "number":
            assert frame[column].isna().any(), column


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
    description = data.describe("kiosk-survey")
    assert description["licenses"][0]["name"] == "MIT"
    assert [resource["name"] for resource in description["resources"]] == ["responses", "items"]


def test_describe_gives_the_meaning_of_every_column():
    fields = data.describe("kiosk-survey").fields().set_index("name")
    assert len(fields) == 175
    assert fields.loc["E01", "meaning"].startswith("A kiosk should: reflects the user's selections")
    assert fields.loc["E01", "allowed"] == "1 … 7"
    assert fields.loc["sex", "allowed"] == "F, M"
    assert data.describe("nyc-flights").fields().set_index("name").loc["arr_delay_min", "unit"] == (
        "minute"
    )
    with pytest.raises(ValueError, match=r"no table 'item'\. Did you mean 'items'"):
        data.describe("kiosk-survey").fields("item")


def test_a_notebook_shows_the_datasheet():
    shown, _ = InteractiveShell.instance().display_formatter.format(data.describe("kiosk-survey"))
    markdown = shown["text/markdown"]
    datasheet = (ROOT / "datasets" / "kiosk-survey" / "README.md").read_text(encoding="utf-8")
    assert markdown.startswith(datasheet.strip())
    assert "<code>responses</code>: Answers, one row per person (175 columns)" in markdown
    assert "<td>I want to keep using service through kiosks</td>" in markdown


def test_catalogue():
    table = data.catalogue().set_index("name")
    assert list(table.index) == data.names()
    assert table.loc["kiosk-survey", "title"] == "Kiosk service quality survey, South Korea 2019"
    assert table.loc["kiosk-survey", "rows"] == "responses 211, items 158"
    assert "2" in table.loc["kiosk-survey", "chapters"].split(", ")
    assert table["synthetic"].dtype == bool
    assert table.loc["hotel-servqual", "synthetic"]
    assert not table.loc["kiosk-survey", "synthetic"]


def test_the_catalogue_counts_rows(copied):
    for name in ("hotel-servqual", "kiosk-survey"):
        rows = data.catalogue().set_index("name").loc[name, "rows"]
        tables = [resource["name"] for resource in data.describe(name)["resources"]]
        assert rows == ", ".join(f"{table} {len(data.load(name, table))}" for table in tables)


def test_a_datasheet_without_its_chapter_is_named(copied):
    path = copied / "kiosk-survey" / "README.md"
    path.write_text(path.read_text(encoding="utf-8").replace("Used in", ""), encoding="utf-8")
    with pytest.raises(ValueError, match=r"kiosk-survey/README\.md does not say which chapter"):
        data.catalogue()


@pytest.mark.parametrize("wrong", ["kiosk-survy", "kiosk_survey", "Kiosk", "kiosk"])
def test_an_unknown_name_suggests_the_nearest(wrong):
    with pytest.raises(ValueError, match="Did you mean 'kiosk-survey'") as error:
        data.load(wrong)
    assert f"There are: {', '.join(data.names())}." in str(error.value)
    assert repr(wrong) in str(error.value)


@pytest.mark.parametrize("wrong", ["xyz", "", "..", "../datasets"])
def test_a_name_like_no_other_lists_what_exists(wrong):
    with pytest.raises(ValueError, match=r"There are: .*hotel-servqual, .*kiosk-survey"):
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
        (479, "overall", "six", "be a whole number"),
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


FIELDS = [
    {"name": "opened", "type": "datetime", "constraints": {"minimum": "2015-01-01T00:00:00"}},
    {"name": "due", "type": "date"},
    {"name": "kept", "type": "boolean"},
    {"name": "hours", "type": "number"},
    {"name": "code", "type": "string", "constraints": {"pattern": "[0-9]{3}"}},
]
ROWS = {
    "opened": ["2015-03-29T02:30:00", "2016-02-29T00:00:00", None],
    "due": ["2015-04-01", None, "2016-12-31"],
    "kept": ["true", None, "false"],
    "hours": [1, 2, 3],
    "code": ["007", None, "123"],
}


def test_types():
    frame = data.check(pd.DataFrame(ROWS), FIELDS, "requests.csv")
    kinds = ["datetime64[us]", "datetime64[us]", "boolean", "float64", "str"]
    assert list(frame.dtypes.astype(str)) == kinds
    assert frame.loc[0, "opened"] == pd.Timestamp(2015, 3, 29, 2, 30)
    assert frame.loc[2, "due"] == pd.Timestamp(2016, 12, 31)
    assert frame["kept"].tolist() == [True, pd.NA, False]
    assert frame.loc[0, "code"] == "007"
    complete = data.check(pd.DataFrame(ROWS).dropna(), FIELDS, "requests.csv")
    assert complete["kept"].dtype == bool


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("opened", "2015-02-30T00:00:00", "be a time such as 2015-01-31T23:59:00"),
        ("opened", "2015-01-02", "be a time"),
        ("opened", "2014-12-31T23:59:59", "be at least 2015-01-01T00:00:00"),
        ("due", "01/04/2015", "be a date such as 2015-01-31"),
        ("due", "2015-02-29", "be a date"),
        ("kept", "yes", "be true or false"),
        ("hours", "soon", "be a number"),
        ("code", "1234", "match the pattern"),
    ],
)
def test_a_value_of_another_type_is_named(column, value, rule):
    rows = pd.DataFrame(ROWS).astype({"hours": object})
    rows.loc[1, column] = value
    with pytest.raises(ValueError, match=rule) as error:
        data.check(rows, FIELDS, "requests.csv")
    where = f"requests.csv, column {column}, row 1 (line 3 of the file): the value {value} "
    assert str(error.value).startswith(where)


def test_loading_imports_no_heavy_library():
    code = (
        "import sys; from servicequality import data; data.load('kiosk-survey'); "
        "print(*sorted({m.split('.')[0] for m in sys.modules} & "
        "{'altair', 'frictionless', 'ipywidgets', 'pyarrow', 'scipy', 'statsmodels'}))"
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
        "print(data.__file__, data.names(), len(data.load('kiosk-survey')), "
        "len(data.load('nyc-flights')), len(data.catalogue()))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    file, *rest = found.stdout.split(maxsplit=1)
    assert Path(file).is_relative_to(installed)
    assert rest == [f"{data.names()} 211 336776 {len(data.names())}\n"]
