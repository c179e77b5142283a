"""A few scripts in place of the eighty that Voilà's front end asks for, a few at a time.

They are chunks as webpack makes them: each adds its modules to a list, whoever has asked for it,
and the front end asks only for what the list lacks. So a part that is missing here, or not needed
any more, costs time and nothing else.
"""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

PARTS = Path(__file__).with_suffix(".txt")
NAME = "bundle"
# A browser reads each of them in a thread of its own.
COUNT = 2


@dataclass(frozen=True)
class Script:
    """A script to send again and again."""

    text: bytes

    @cached_property
    def compressed(self) -> bytes:
        """The text for browsers that read gzip."""
        return gzip.compress(self.text, mtime=0)

    @cached_property
    def version(self) -> str:
        """What changes whenever the text does."""
        return sha256(self.text).hexdigest()[:16]


def bundles(roots: Mapping[str, Sequence[str | Path]]) -> dict[str, Script]:
    """Return the parts in scripts of about the same length, by their names.

    Parameters
    ----------
    roots : mapping of str to sequence of path
        Where the files below `static/` and `labextensions/` are; the first that has one counts.
    """
    found = [read for name in PARTS.read_text("utf-8").split() if (read := find(roots, name))]
    texts: list[bytes] = [b""] * COUNT
    for part in sorted(found, key=len, reverse=True):
        shortest = min(range(COUNT), key=lambda i: len(texts[i]))
        # Each in a function, since some are strict and some not.
        texts[shortest] += b"(function(){" + part + b"\n})();\n"
    return {f"{NAME}-{number}": Script(text) for number, text in enumerate(texts, start=1)}


def find(roots: Mapping[str, Sequence[str | Path]], name: str) -> bytes:
    """Return a part as it is where Voilà would find it; nothing if it is nowhere."""
    root, _, rest = name.partition("/")
    paths = (Path(folder, rest) for folder in roots[root])
    return next((path.read_bytes() for path in paths if path.is_file()), b"")
