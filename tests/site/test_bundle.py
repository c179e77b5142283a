"""Voilà's front end arrives in two scripts in place of eighty."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page

from servicequality.site.bundle import PARTS, bundles

WITH_A_NAME_OF_THEIR_OWN = ("voila.js", "remoteEntry", "labextensions/servicequality/")


def test_a_chapter_asks_for_no_part_by_itself(
    page: Page, open_chapter: Callable[[str], Page]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    open_chapter("02-servqual")
    assert {"/scripts/bundle-1.js", "/scripts/bundle-2.js"} <= set(asked)
    scripts = [path for path in asked if path.startswith("/voila/") and path.endswith(".js")]
    alone = [path for path in scripts if not any(x in path for x in WITH_A_NAME_OF_THEIR_OWN)]
    assert [path.removeprefix("/voila/") for path in alone] == [], f"add these to {PARTS}"


def test_each_part_is_a_function_and_a_missing_one_is_left_out(tmp_path: Path) -> None:
    first, second, third, *_others = [
        name for name in PARTS.read_text("utf-8").split() if name.startswith("static/")
    ]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / Path(first).name).write_text('"use strict";first()\n//# sourceMappingURL=x')
    (tmp_path / "a" / Path(second).name).write_text("second()")
    (tmp_path / "a" / Path(third).name).write_text("its_third()")
    roots = {"static": [tmp_path / "a", tmp_path / "b"], "labextensions": []}
    scripts = bundles(roots)
    assert {name: script.text.decode() for name, script in scripts.items()} == {
        "bundle-1": '(function(){"use strict";first()\n//# sourceMappingURL=x\n})();\n',
        "bundle-2": "(function(){its_third()\n})();\n(function(){second()\n})();\n",
    }
    (tmp_path / "a" / Path(first).name).write_text('"use strict";another_that_goes_before()')
    versions = {name: script.version for name, script in bundles(roots).items()}
    assert versions["bundle-1"] != scripts["bundle-1"].version
    assert versions["bundle-2"] == scripts["bundle-2"].version


def test_large_scripts_are_compressed_and_kept(site: str) -> None:
    for path, kept in {
        "scripts/bundle-1.js?v=1": "public, max-age=31536000, immutable",
        "scripts/bundle-1.js": "no-cache",
        "voila/labextensions/servicequality/vega.js": "no-cache",
    }.items():
        answer = httpx.get(f"{site}{path}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Cache-Control"] == kept
        plain = httpx.get(f"{site}{path}", headers={"Accept-Encoding": "identity"})
        assert plain.text == answer.text
        again = {"Accept-Encoding": "gzip", "If-None-Match": answer.headers["ETag"]}
        assert httpx.get(f"{site}{path}", headers=again).status_code == 304
    assert httpx.get(f"{site}scripts/none.js").status_code == 404
