"""The bibliography: its file, the citations in the chapters, and what it shows."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from servicequality import myths, references

CHAPTERS = Path(__file__).parents[2] / "chapters"
NOTEBOOKS = sorted(CHAPTERS.glob("*.ipynb"))
ENTRY = '[a-1990]\nauthors = "A, B. & C, D."\nyear = "1990"\ntitle = "Why?"\nsource = "J"\n'


def write(folder: Path, entries: str, prose: str) -> None:
    (folder / "references.toml").write_text(entries, encoding="utf-8")
    cells = [
        {"cell_type": "markdown", "source": prose.splitlines(keepends=True)},
        {"cell_type": "code", "source": ["'[x](#ref-in-code)'"]},
    ]
    (folder / "01-x.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_citation_has_an_entry(path: Path) -> None:
    assert set(references.cited(path.stem, CHAPTERS)) <= references.load(CHAPTERS).keys()


def test_each_entry_is_cited_somewhere() -> None:
    cited = {key for path in NOTEBOOKS for key in references.cited(path.stem, CHAPTERS)}
    assert references.load(CHAPTERS).keys() == cited | set(myths.cited(CHAPTERS))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_citation_names_the_year_and_the_first_author_of_its_entry(path: Path) -> None:
    cells = nbformat.read(path, 4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    entries = references.load(CHAPTERS)
    for label, key in re.findall(r"\[([^\]]+)\]\(#ref-([^)]+)\)", prose):
        assert label.endswith(entries[key].year), f"{label} -> {key}"
        name = label.removesuffix(entries[key].year).strip()
        assert not name or entries[key].authors.startswith(re.split("[ ,]", name)[0]), label


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_that_cites_ends_with_the_list(path: Path) -> None:
    if references.cited(path.stem, CHAPTERS):
        assert nbformat.read(path, 4).cells[-1].source == f'references.show("{path.stem}")'


@pytest.mark.parametrize(("key", "entry"), references.load(CHAPTERS).items())
def test_an_entry_is_well_formed(key: str, entry: references.Reference) -> None:
    surname = entry.authors.split(",")[0].split()[0].lower()
    assert key == f"{surname}-{entry.year}"
    assert re.fullmatch(r"(19|20)\d\d[a-z]?", entry.year)
    assert re.fullmatch(r"(10\.\d{4,5}/\S+)?", entry.doi)
    assert not entry.title.endswith(".")
    assert not re.search(r"\d-\d", entry.details), "page ranges take an en dash"


def test_a_doi_that_tells_volume_and_issue_agrees_with_its_entry() -> None:
    told = re.compile(
        r"10\.(?:1177/0022(?:2429|2437)(?P<year>\d\d)(?P<sage>\d{3})(?P<number>\d{3})\d\d"
        r"|(?:1509/jmk[gr]|1287/\w+|1037/\S+?)\.(?P<volume>\d+)\.(?P<issue>\d+)"
        r"\.(?P<page>\d+)(?:\.\d+)?)"
    )
    seen = 0
    for key, entry in references.load(CHAPTERS).items():
        if not (found := told.fullmatch(entry.doi)):
            continue
        seen += 1
        volume, issue = (
            int(found["sage"] or found["volume"]),
            int(found["number"] or found["issue"]),
        )
        assert entry.details.startswith(f"{volume}({issue})"), key
        assert f", {found['page'] or ''}" in entry.details, key
        assert entry.year[2:4] == (found["year"] or entry.year[2:4]), key
    assert seen > 35


def test_cited_keys_come_once_in_order_and_from_prose_only(tmp_path: Path) -> None:
    write(tmp_path, ENTRY, "([B 1991](#ref-b-1991))\n[A](#ref-a-1990), [B](#ref-b-1991)")
    assert references.cited("01-x", tmp_path) == ["b-1991", "a-1990"]


def test_show_lists_what_is_cited_by_author_and_year(tmp_path: Path) -> None:
    more = (
        '[b-1991]\nauthors = "B"\nyear = "1991"\ntitle = "T"\nsource = "S"\n'
        'details = "1(2), 3–4"\ndoi = "10.1000/x"\n'
        '[c-1992]\nauthors = "C"\nyear = "1992"\ntitle = "U"\nsource = "V"\n'
    )
    write(tmp_path, more + ENTRY, "[B](#ref-b-1991) and [A](#ref-a-1990)")
    assert references.show("01-x", tmp_path).data == (
        '<ul class="references">'
        '<li id="ref-a-1990">A, B. &amp; C, D. (1990). Why? <cite>J</cite>.</li>'
        '<li id="ref-b-1991">B (1991). T. <cite>S</cite>, 1(2), 3–4. '
        '<a href="https://doi.org/10.1000/x">doi:10.1000/x</a></li></ul>'
    )


def test_show_lists_further_works_once(tmp_path: Path) -> None:
    more = '[b-1991]\nauthors = "B"\nyear = "1991"\ntitle = "T"\nsource = "S"\n'
    write(tmp_path, more + ENTRY, "[A](#ref-a-1990)")
    html = references.show("01-x", tmp_path, also=["b-1991", "a-1990"]).data
    assert re.findall(r'id="ref-([^"]+)"', html) == ["a-1990", "b-1991"]
    with pytest.raises(ValueError, match="cites 'c-1992', which has no entry"):
        references.show("01-x", tmp_path, also=["c-1992"])


@pytest.mark.parametrize(
    ("authors", "label"),
    [
        ("Harry, M. J.", "Harry 1990"),
        ("Jones, T. O. & Sasser, W. E.", "Jones & Sasser 1990"),
        ("de Matos, C. A., Henrique, J. L. & Rossi, C. A. V.", "de Matos, Henrique & Rossi 1990"),
        ("A, B., C, D., E, F. & G, H.", "A and colleagues 1990"),
        ("TARP (Technical Assistance Research Programs)", "TARP 1990"),
    ],
)
def test_a_work_has_a_short_name(authors: str, label: str) -> None:
    assert references.Reference(authors, "1990", "T", "S").label == label


def test_show_links_a_web_address_where_there_is_no_doi(tmp_path: Path) -> None:
    write(tmp_path, ENTRY + 'url = "https://example.org/a"\n', "[A 1990](#ref-a-1990)")
    html = references.show("01-x", tmp_path).data
    assert '<a href="https://example.org/a">example.org/a</a></li>' in html


def test_a_citation_without_entry_is_named(tmp_path: Path) -> None:
    write(tmp_path, ENTRY, "[Z](#ref-z-2000)")
    with pytest.raises(ValueError, match=r"01-x\.ipynb cites 'z-2000', which has no entry"):
        references.show("01-x", tmp_path)


def test_a_missing_notebook_is_named(tmp_path: Path) -> None:
    write(tmp_path, ENTRY, "")
    with pytest.raises(ValueError, match=rf"02-y\.ipynb: no such notebook in {tmp_path.name}"):
        references.show("02-y", tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[a-1990\n", r"^references\.toml: .*line 1"),
        (ENTRY.replace('"1990"', "1990"), r"references\.toml, entry a-1990: the field 'year' must"),
        (ENTRY.replace('title = "Why?"\n', ""), r"entry a-1990: the field 'title' must be"),
        (ENTRY + 'pages = "1"\n', r"entry a-1990: unknown field 'pages'; known are authors"),
        (ENTRY + 'doi = "doi.org/10.1/x"\n', r"entry a-1990: a DOI starts with '10\.'; got"),
        (
            ENTRY + 'details = ""\n',
            r"entry a-1990: the field 'details' must be a text and not empty",
        ),
        ('a-1990 = "Book"\n', r"entry a-1990: must be a table"),
    ],
)
def test_a_broken_file_is_named_with_the_entry(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "references.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        references.load(tmp_path)
