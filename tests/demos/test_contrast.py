"""Words in charts can be read: 4.5 to 1 against the paper, as WCAG AA asks."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
import vl_convert

from servicequality import demos
from servicequality import widgets as w

CHAPTERS = [chapter.name for chapter in pkgutil.iter_modules(demos.__path__)]
# White words stand on a filled mark, not on the paper.
ON_A_MARK = {"white", "#fff", "#ffffff"}


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2 of a colour such as #1b2733."""
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def words_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node.get("marktype") == "text":
        yield from (item for item in node["items"] if item.get("text") and item.get("opacity", 1))
    for item in node.get("items", []):
        yield from words_of(item)


def drawn(demo: w.Demo) -> Iterator[dict[str, Any]]:
    view = demo.view(demo.check(demo.prediction.values))
    for panel in demo.panels:
        if isinstance(panel, w.Figure) and set(panel.tables) <= set(view.tables):
            spec = panel.chart(**{name: view.tables[name] for name in panel.tables}).to_dict()
            if spec.get("width") == "container":
                spec["width"] = 600
            yield vl_convert.vegalite_to_scenegraph(spec)["scenegraph"]


def test_the_measure_of_contrast_is_right() -> None:
    assert luminance("#fff") == pytest.approx(1)
    assert 1.05 / (luminance("#767676") + 0.05) == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_words_in_charts_stand_out_from_the_paper(chapter: str) -> None:
    package = importlib.import_module(f"servicequality.demos.{chapter}")
    words = [
        (name, item["fill"], item["text"])
        for name in package.__all__
        for scene in drawn(getattr(package, name)())
        for item in words_of(scene)
        if item["fill"] not in ON_A_MARK
    ]
    assert words
    assert [word for word in words if 1.05 / (luminance(word[1]) + 0.05) < 4.5] == []
