"""Tables of pandas as the rest of a page writes numbers."""

import re

import pandas as pd
from IPython.core.getipython import get_ipython


def true_minus_in_tables() -> None:
    """Let this notebook's tables show a true minus sign, as charts and demos do.

    Outside a notebook, where nothing is shown, nothing happens.
    """
    shell = get_ipython()
    if shell is not None and shell.display_formatter is not None:
        shell.display_formatter.formatters["text/html"].for_type(pd.DataFrame, _html)


def _html(table: pd.DataFrame) -> str | None:
    # pandas knows this method only; it is the one that notebooks call.
    html = table._repr_html_()  # type: ignore[operator]
    return html and re.sub(r"(<t[hd][^>]*>)-(?=[\d.]|inf)", r"\1−", html)
