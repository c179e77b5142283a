"""Numbers as a reader sees them: a true minus sign, fixed digits, a comma in thousands."""

import math


def fixed(value: float, digits: int = 2, *, sign: bool = False) -> str:
    """Write a number with a fixed number of digits, a true minus sign and commas in thousands.

    Parameters
    ----------
    value : float
        Any number; NaN becomes a dash.
    digits : int
        Digits after the point, 0 or more.
    sign : bool
        Whether to write a plus sign before a positive number.

    Examples
    --------
    >>> fixed(-0.9), fixed(0.7, 1, sign=True), fixed(float("nan")), fixed(1340, 0)
    ('−0.90', '+0.7', '–', '1,340')
    """
    if math.isnan(value):
        return "–"
    rounded = round(value, digits) + 0.0
    text = f"{rounded:+,.{digits}f}" if sign and rounded else f"{rounded:,.{digits}f}"
    return text.replace("-", "−")


def percent(share: float, digits: int = 1) -> str:
    """Write a share from 0 to 1 as a percentage.

    Examples
    --------
    >>> percent(0.7076)
    '70.8 %'
    """
    return f"{fixed(100 * share, digits)} %"
