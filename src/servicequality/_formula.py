"""Formulas as MathML, which a browser draws without any script."""

from html import escape
from re import sub

from latex2mathml.converter import convert


def formula(latex: str, display: str) -> str:
    """Return LaTeX as MathML, with the minus of a negative number close to it.

    LaTeX that cannot be read is shown as it is written.

    Parameters
    ----------
    latex : str
        Without the dollar signs.
    display : str
        "inline" or "block".
    """
    try:
        mathml = convert(latex, display=display)
    except Exception:  # latex2mathml's errors have no common base
        return f"<code>{escape(latex)}</code>"
    after_an_operator = r"(</mo>)<mo>(&#x02212;|−)</mo>"
    return sub(after_an_operator, r'\1<mo form="prefix">\2</mo>', mathml)
