"""Write the list of datasets in README.md anew: `python datasets/catalogue.py`."""

import re
from pathlib import Path

from servicequality import data

README = Path(__file__).with_name("README.md")


def render(text: str) -> str:
    """Put into the text of the README the list as it must be now."""
    lines = ["| Name | What | Real? | Rows | Chapters | Licence |", "|---|---|---|---|---|---|"]
    for entry in data.catalogue().itertuples():
        cells = (
            f"[`{entry.name}`]({entry.name}/README.md)",
            entry.title,
            "**synthetic**" if entry.synthetic else "real",
            entry.rows,
            entry.chapters,
            entry.licence,
        )
        lines.append("| " + " | ".join(cells) + " |")
    marks = "<!-- list: written by catalogue.py -->", "<!-- end of the list -->"
    pattern = "(?<={})\n.*(?={})".format(*marks)
    return re.sub(pattern, lambda _: "\n\n" + "\n".join(lines) + "\n\n", text, flags=re.DOTALL)


if __name__ == "__main__":
    README.write_text(render(README.read_text(encoding="utf-8")), encoding="utf-8")
