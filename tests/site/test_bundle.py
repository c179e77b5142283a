"""Voilà's front end arrives as one script in place of eighty."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

from servicequality.site.bundle import PARTS, Bundle

WITH_A_NAME_OF_THEIR_OWN = ("voila.js", "remoteEntry", "labextensions/servicequality/")


def test_a_chapter_asks_for_no_part_by_itself(
    page: Page, open_chapter: Callable[[str], Page]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    open_chapter("02-servqual")
    assert "/bundle.js" in asked
    scripts = [path for path in asked if path.startswith("/voila/") and path.endswith(".js")]
    alone = [path for path in scripts if not any(x in path for x in WITH_A_NAME_OF_THEIR_OWN)]
    assert [path.removeprefix("/voila/") for path in alone] == [], f"add these to {PARTS}"


def test_each_part_is_a_function_and_a_missing_one_is_left_out(tmp_path: Path) -> None:
    first, second, *_others = [
        name for name in PARTS.read_text("utf-8").split() if name.startswith("static/")
    ]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / Path(first).name).write_text('"use strict";first()\n//# sourceMappingURL=x')
    (tmp_path / "a" / Path(second).name).write_text("second()")
    bundle = Bundle({"static": [tmp_path / "a", tmp_path / "b"], "labextensions": []})
    assert bundle.text.decode() == (
        '(function(){"use strict";first()\n//# sourceMappingURL=x\n})();\n'
        "(function(){second()\n})();\n"
    )
    changed = tmp_path / "a" / Path(first).name
    changed.write_text("other()")
    assert Bundle(bundle.roots).version != bundle.version
