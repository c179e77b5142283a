"""One script in place of the eighty that Voilà's front end asks for, a few at a time.

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


@dataclass(frozen=True)
class Bundle:
    """The parts, found where Voilà would find them.

    Parameters
    ----------
    roots : mapping of str to sequence of path
        Where the files below `static/` and `labextensions/` are; the first that has one counts.
    """

    roots: Mapping[str, Sequence[str | Path]]

    @cached_property
    def text(self) -> bytes:
        """All parts that are there; each in a function, since some are strict and some not."""
        found = []
        for name in PARTS.read_text("utf-8").split():
            root, _, rest = name.partition("/")
            paths = (Path(folder, rest) for folder in self.roots[root])
            path = next((path for path in paths if path.is_file()), None)
            if path:
                found.append(b"(function(){" + path.read_bytes() + b"\n})();\n")
        return b"".join(found)

    @cached_property
    def compressed(self) -> bytes:
        """The text for browsers that read gzip."""
        return gzip.compress(self.text, mtime=0)

    @cached_property
    def version(self) -> str:
        """What changes whenever the text does."""
        return sha256(self.text).hexdigest()[:16]
