"""The pictures of the gallery are what the charts draw."""

import re
from pathlib import Path

import pytest

from servicequality import pictures
from servicequality.demos.customers_role import full_cafe

ROOT = Path(__file__).parents[2]


def marks(svg: str) -> list[str]:
    """What is drawn, wherever the fonts of this machine have put it."""
    svg = re.sub(r"(\.\d\d)\d+", r"\1", svg)
    return re.findall(r"(?<=<)\w+|(?<=aria-label=\")[^\"]*|#[0-9a-f]{6}|(?<=>)[^<]+", svg)


@pytest.mark.parametrize("slug", pictures.CHOSEN)
def test_a_picture_shows_the_present_chart_in_its_first_state(slug: str) -> None:
    demo, place = pictures.CHOSEN[slug]
    kept = (ROOT / "chapters" / f"{slug}.svg").read_text(encoding="utf-8")
    assert marks(kept) == marks(pictures.draw(demo(), place)), "draw it again: make pictures"


def test_every_chapter_has_a_picture() -> None:
    chapters = {path.stem for path in (ROOT / "chapters").glob("0[1-9]-*.ipynb")}
    assert set(pictures.CHOSEN) == chapters


def test_only_a_chart_can_be_drawn() -> None:
    with pytest.raises(TypeError, match=r"D4\.2: panel 0 is no chart but a Animation"):
        pictures.draw(full_cafe(), 0)
