"""The glossary: its file, its links from the chapters, and what it shows."""

import re
from pathlib import Path

import nbformat
import pytest

from servicequality import glossary

CHAPTERS = Path(__file__).parents[2] / "chapters"
NOTEBOOKS = sorted(CHAPTERS.glob("*.ipynb"))
ENTRY = '[[term]]\nterm = "Gap"\nchinese = "差距"\ndefinition = "P − E"\nchapters = [2]\n'


def linked(path: Path) -> list[str]:
    """Return the terms to which the Markdown cells of a notebook link, in order."""
    cells = nbformat.read(path, 4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.findall(r"\]\(glossary\.ipynb#([^)]+)\)", prose)


def chapter_number(path: Path) -> int:
    return int(path.stem[:2])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_lead_to_terms_that_exist(path: Path) -> None:
    assert set(linked(path)) <= {term.slug for term in glossary.load(CHAPTERS)}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_term_is_linked_once_where_it_first_stands(path: Path) -> None:
    slugs = linked(path)
    assert sorted(set(slugs)) == sorted(slugs)


@pytest.mark.parametrize(
    "path",
    [path for path in NOTEBOOKS if re.match("0[1-8]-", path.stem)],
    ids=lambda path: path.stem,
)
def test_a_chapter_links_exactly_the_terms_listed_for_it(path: Path) -> None:
    terms = glossary.load(CHAPTERS)
    listed = {term.slug for term in terms if chapter_number(path) in term.chapters}
    assert set(linked(path)) == listed


# Chinese beside words that are no terms: a name, and headings and lists put into Chinese.
NO_TERMS = {
    "澄湾", "否认—抗拒—探索—投入", "服务七步曲", "基本—期望—理想", "层次性", "动态性", "背景",
    "行业特征", "品牌形象", "报告结构",
}  # fmt: skip


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_words_with_their_chinese_beside_them_are_defined(path: Path) -> None:
    cells = nbformat.read(path, 4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    names = [chinese_letters(term.chinese) for term in glossary.load(CHAPTERS)]
    for words in re.findall(r"[(（]([\u4e00-\u9fff][^()（）]*)[)）]", prose):
        known = any(chinese_letters(words) <= name for name in names)
        assert known or words in NO_TERMS, f"{path.name}: {words} is not in the glossary"


def chinese_letters(words: str) -> set[str]:
    return set(re.findall(r"[\u4e00-\u9fff]", words))


def test_definitions_are_one_short_line() -> None:
    for term in glossary.load(CHAPTERS):
        assert "\n" not in term.definition
        assert len(term.definition.split()) <= 26, term.term
        assert term.definition.endswith("."), term.term
        assert re.search(r"[\u4e00-\u9fff]", term.chinese), term.term


@pytest.mark.parametrize(
    ("term", "slug"),
    [
        ("Cronbach's alpha", "cronbachs-alpha"),
        ("Corrected item–total correlation", "corrected-item-total-correlation"),
        ("Reliability (dimension)", "reliability-dimension"),
        ("MSA / MSS", "msa-mss"),
    ],
)
def test_slug(term: str, slug: str) -> None:
    assert glossary.Term(term, "", "", ()).slug == slug


def test_terms_are_in_alphabetical_order_without_regard_to_case() -> None:
    names = [term.term.lower() for term in glossary.load(CHAPTERS)]
    assert names == sorted(names)


def test_show_lists_the_terms_of_one_chapter_as_link_targets(tmp_path: Path) -> None:
    other = ENTRY.replace("Gap", "A & B").replace("[2]", "[3]")
    (tmp_path / "glossary.toml").write_text(ENTRY + other, encoding="utf-8")
    assert glossary.show(2, tmp_path).data == (
        '<dl class="glossary"><div id="gap"><dt><strong>Gap</strong> '
        '<span lang="zh-Hans">差距</span></dt>'
        "<dd>P − E</dd></div></dl>"
    )
    assert "A &amp; B" in glossary.show(3, tmp_path).data


def test_search_shows_every_term_in_both_languages_as_a_link_target(tmp_path: Path) -> None:
    other = ENTRY.replace("Gap", "A & B").replace("[2]", "[3]")
    (tmp_path / "glossary.toml").write_text(ENTRY + other, encoding="utf-8")
    first, second = glossary.search(tmp_path).items
    assert (first["id"], second["id"]) == ("a-b", "gap")
    assert "A &amp; B" in first["html"]
    for words in ("Gap", "差距", "P − E"):
        assert words in second["html"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[term]\n", r"^glossary\.toml: .*line 1"),
        ("", r"^glossary\.toml: holds no \[\[term\]\]$"),
        ("term = [1]", r"^glossary\.toml, term 1: must be a table"),
        (ENTRY.replace("definition", "meaning"), r"term 1 \(Gap\): unknown field 'meaning'"),
        (ENTRY.replace('"P − E"', '" "'), r"term 1 \(Gap\): the field 'definition' must be a"),
        (ENTRY.replace('chinese = "差距"\n', ""), r"term 1 \(Gap\): the field 'chinese' must be"),
        (ENTRY.replace("[2]", '["2"]'), r"term 1 \(Gap\): 'chapters' must be whole numbers"),
        (
            ENTRY.replace("[2]", "2"),
            r"term 1 \(Gap\): the field 'chapters' must be a list",
        ),
        (ENTRY + ENTRY, r"term 2 \(Gap\): this term stands there twice"),
    ],
)
def test_a_broken_file_is_named_with_the_place(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "glossary.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        glossary.load(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=rf"glossary\.toml: no such file in {tmp_path.name}"):
        glossary.load(tmp_path)


def test_a_chapter_without_terms_is_refused() -> None:
    with pytest.raises(ValueError, match="no term for chapter 99"):
        glossary.show(99, CHAPTERS)
