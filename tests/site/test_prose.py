"""Markdown becomes HTML with formulas that need no script."""

import re
from pathlib import Path

import pytest

from servicequality.site import chapters, prose

ROOT = Path(__file__).parents[2]


def test_formulas_become_mathml_within_and_between_lines() -> None:
    html, _ = prose.render(
        "A gap $g = P - E$ and\n\n$$\\frac{a}{b}$$\n\n\\begin{align}x\\end{align}"
    )
    assert html.count("<math") == 3
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline">' in html
    assert "<mfrac>" in html
    assert "$" not in html


def test_the_minus_of_a_number_differs_from_the_minus_between_two() -> None:
    html, _ = prose.render("$5 - 7 = -2$")
    assert re.findall(r"<mo[^>]*>&#x02212;</mo>", html) == [
        "<mo>&#x02212;</mo>",
        '<mo form="prefix">&#x02212;</mo>',
    ]


def test_a_broken_formula_is_shown_as_written() -> None:
    html, _ = prose.render(r"Before $\left( a < b$ after")
    assert r"<code>\left( a &lt; b</code>" in html
    assert "after" in html


def test_headings_get_the_anchors_of_jupyterlab() -> None:
    html, headings = prose.render("## 2.3 Scoring & *more*\n\n### Small")
    assert headings == [(2, "2.3-Scoring-&-more", "2.3 Scoring & more"), (3, "Small", "Small")]
    assert 'id="2.3-Scoring-&amp;-more"' in html


@pytest.mark.parametrize("path", sorted((ROOT / "chapters").glob("*.ipynb")), ids=lambda p: p.stem)
def test_every_formula_of_a_chapter_can_be_drawn(path: Path) -> None:
    for cell in chapters.read(path).cells:
        for formula in re.findall(r"<math.*?</math>", cell.html, flags=re.DOTALL):
            words = prose.plain(formula)
            assert not re.search(r"[\\&{}]", words), f"{path.name}, {cell.id}: {words}"
        assert "$" not in prose.plain(cell.html), f"{path.name}, {cell.id}: a formula is left"


def test_a_chapter_knows_its_title_promise_and_sections(tmp_path: Path) -> None:
    chapter = chapters.read(ROOT / "chapters" / "02-servqual.ipynb")
    assert chapter.number == "2"
    assert chapter.name == "Measuring with SERVQUAL"
    assert chapter.chinese == "SERVQUAL 服务质量测量"
    assert chapter.summary.startswith("Score, check and doubt")
    assert [words for _, words in chapter.sections if words.startswith("2.1")]


def test_a_file_that_is_no_notebook_is_left_out(tmp_path: Path, caplog) -> None:
    (tmp_path / "01-broken.ipynb").write_text("{not json")
    (tmp_path / "02-empty.ipynb").write_text("{}")
    good = ROOT / "chapters" / "02-servqual.ipynb"
    (tmp_path / "03-good.ipynb").write_bytes(good.read_bytes())
    assert [chapter.slug for chapter in chapters.read_all(tmp_path)] == ["03-good"]
    assert "01-broken.ipynb is left out" in caplog.text
    assert "02-empty.ipynb is left out" in caplog.text
