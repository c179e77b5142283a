"""Kano's kinds of attributes: must-be, one-dimensional, attractive, indifferent, reverse (M6.2).

For teachers. The evaluation table and the coefficients are definitions. What they are used for is
disputed: questionnaire, regression (see `penalty_reward`) and asking directly often put the same
attribute in different classes (Mikulic and Prebezac, 2011), and customers of one firm rarely agree.
`drift` is a teaching assumption: that attributes age is a common observation, but nobody knows a
general speed, and some never do.
"""

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import check_columns, checked

ANSWERS = ("like", "must-be", "neutral", "live-with", "dislike")
"""Answers to both questions, coded 1 to 5 in this order."""

CLASSES = ("M", "O", "A", "I", "R", "Q")
"""Must-be, one-dimensional, attractive, indifferent, reverse, questionable. A tie goes to the
earlier one."""

TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
"""Evaluation table of Berger et al. (1993): one row per functional answer (the feature is there),
one letter per dysfunctional answer (it is not)."""

MOST_DRAWS = 20_000
"""Most bootstrap samples in one call."""

_CODES = {answer: code for code, answer in enumerate(ANSWERS)} | {i + 1: i for i in range(5)}
_MISSING = -1
# The last row and column are for missing answers; an index of -1 finds them.
_LOOKUP = np.array([[*row, ""] for row in TABLE] + [[""] * 6])
# Fong's limit rests on the 90 % two-sided normal quantile, as printed.
_FONG = 1.65


def classify(functional: ArrayLike, dysfunctional: ArrayLike) -> NDArray[np.str_]:
    """Class of an attribute from a pair of answers (M6.2).

    Parameters
    ----------
    functional, dysfunctional : array_like of int 1-5 or of words in `ANSWERS`
        How one feels if the feature is there, and if it is not. Scalars and arrays broadcast.

    Returns
    -------
    ndarray of str
        Letters of `CLASSES`; empty where an answer is missing.

    Raises
    ------
    ValueError
        Naming the first unknown answer.

    References
    ----------
    Kano, Seraku, Takahashi and Tsuji (1984); table by Berger et al. (1993).

    Examples
    --------
    >>> print(classify("like", "live-with"))
    A
    >>> classify([2, 1, 3], [5, 5, 3]).tolist()
    ['M', 'O', 'I']
    """
    return _LOOKUP[_codes("functional", functional), _codes("dysfunctional", dysfunctional)]


def count_classes(answers: pd.DataFrame, by: str = "attribute") -> pd.DataFrame:
    """Count the classes that customers gave to each attribute.

    Parameters
    ----------
    answers : DataFrame
        One row per customer and attribute, with the columns `by`, functional and dysfunctional.
        Rows with a missing answer are left out.
    by : str
        Column with the attribute.

    Returns
    -------
    DataFrame
        One row per attribute in order of first appearance, one column per class.

    Raises
    ------
    ValueError
        If a column is missing, there are no rows, or an answer is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({
    ...     "attribute": ["wifi", "wifi", "bed"],
    ...     "functional": [1, 1, 2],
    ...     "dysfunctional": [5, 4, 5],
    ... })
    >>> count_classes(answers)[["A", "O", "M"]]
               A  O  M
    attribute
    wifi       1  1  0
    bed        0  0  1
    """
    check_columns(answers, [by, "functional", "dysfunctional"])
    classes = classify(answers["functional"], answers["dysfunctional"])
    attribute, names = pd.factorize(answers[by], use_na_sentinel=False)
    counts = {
        letter: np.bincount(attribute[classes == letter], minlength=len(names))
        for letter in CLASSES
    }
    return pd.DataFrame(counts, index=pd.Index(names, name=by))


def summarise(counts: pd.DataFrame | Mapping[str, float]) -> pd.DataFrame:
    """Sum up each attribute: its class, how sure that is, and Better and Worse (M6.2).

    Parameters
    ----------
    counts : DataFrame or mapping
        Customers who gave each class (columns or keys of `CLASSES`), one row per attribute; a
        class that is not named counts zero. From `count_classes`.

    Returns
    -------
    DataFrame
        One row per attribute.

        - n: customers; mode: most frequent class (ties: see `CLASSES`); second: the runner-up.
        - better: (A + O) / (A + O + M + I), in [0, 1], what having it adds; worse:
          -(O + M) / (A + O + M + I), in [-1, 0], what lacking it costs. NaN if nobody gave one of
          these four.
        - category_strength: (first - second) / n; total_strength: (A + O + M) / n.
        - fong_limit: 1.65 sqrt((a + b) (2n - a - b) / (2n)) for the two largest counts a and b;
          mixed: whether they differ by less than that, so that the class is not certain.

    Raises
    ------
    ValueError
        If a class is unknown or a count negative.

    References
    ----------
    Berger et al. (1993); Fong (1996) for the test; Lee and Newcomb (1997) for the strengths.

    Examples
    --------
    >>> row = summarise({"A": 18, "O": 22, "M": 9, "I": 8, "R": 2, "Q": 1}).iloc[0]
    >>> print(row["mode"], round(row["better"], 4), round(row["worse"], 4), row["mixed"])
    O 0.7018 -0.5439 True
    """
    table = _checked_counts(counts)
    values = table.to_numpy()
    n = values.sum(axis=1)
    # A stable sort keeps the order of CLASSES among equal counts.
    order = np.argsort(-values, axis=1, kind="stable")
    a, b = np.take_along_axis(values, order[:, :2], axis=1).T
    names = np.array(CLASSES)
    with np.errstate(invalid="ignore"):
        fong = _FONG * np.sqrt((a + b) * (2 * n - a - b) / (2 * n))
        better, worse = _coefficients(values)
        summary = {
            "n": n,
            "mode": np.where(n > 0, names[order[:, 0]], ""),
            "second": np.where(b > 0, names[order[:, 1]], ""),
            "better": better,
            "worse": worse,
            "category_strength": (a - b) / n,
            "total_strength": values[:, :3].sum(axis=1) / n,
            "fong_limit": fong,
            "mixed": a - b < fong,
        }
    return pd.DataFrame(summary, index=table.index)


def bootstrap(
    counts: pd.Series | Mapping[str, float], draws: int = 500, seed: int = 0
) -> pd.DataFrame:
    """Better and Worse in resampled surveys: the cloud around one attribute (M6.2).

    Parameters
    ----------
    counts : Series or mapping
        Whole numbers of customers who gave each class, at least one in all.
    draws : int, 1 to 20,000
        Bootstrap samples of as many customers.
    seed : int
        Seed of the random generator.

    Returns
    -------
    DataFrame
        One row per sample: better, worse, as in `summarise`.

    Raises
    ------
    ValueError
        If a class is unknown, a count is impossible, there are no customers, or `draws` is out of
        range.

    References
    ----------
    Efron and Tibshirani (1993).

    Examples
    --------
    >>> samples = bootstrap({"A": 18, "O": 22, "M": 9, "I": 8, "R": 2, "Q": 1})
    >>> samples["better"].quantile([0.025, 0.975]).round(2).tolist()
    [0.57, 0.82]
    """
    checked("draws", draws, at_least=1, at_most=MOST_DRAWS, whole=True)
    values = _checked_counts(dict(counts)).to_numpy()[0]
    n = int(checked("counts, all together,", values.sum(), at_least=1, whole=True))
    samples = np.random.default_rng(seed).multinomial(n, values / n, size=draws)
    with np.errstate(invalid="ignore"):
        better, worse = _coefficients(samples)
    return pd.DataFrame({"better": better, "worse": worse})


def drift(
    counts: pd.Series | Mapping[str, float],
    years: int,
    to_one_dimensional: float = 0.2,
    to_must_be: float = 0.15,
) -> pd.DataFrame:
    """Let an attribute age: attractive becomes one-dimensional, then must-be (D6.1).

    A teaching assumption: every year the same share of those who find it attractive gets used to
    it, and the same share of those who find it one-dimensional takes it for granted. All other
    customers keep their class.

    Parameters
    ----------
    counts : Series or mapping
        Customers who give each class at launch.
    years : int, zero or more
        Years since launch.
    to_one_dimensional, to_must_be : float in [0, 1]
        Yearly share of A that turns to O, and of O that turns to M.

    Returns
    -------
    DataFrame
        One row per year from 0 to `years`, one column per class, and better and worse as in
        `summarise`. The number of customers stays the same.

    Raises
    ------
    ValueError
        If a class is unknown or an argument is out of range.

    Examples
    --------
    >>> path = drift({"A": 60, "O": 25, "M": 5, "I": 10}, 8)
    >>> path.loc[[0, 8], ["A", "O", "M"]].round(0).astype(int).to_numpy().tolist()
    [[60, 25, 5], [10, 32, 48]]
    """
    checked("years", years, at_least=0, whole=True)
    ages = checked("to_one_dimensional", to_one_dimensional, at_least=0, at_most=1)
    hardens = checked("to_must_be", to_must_be, at_least=0, at_most=1)
    path = np.tile(_checked_counts(dict(counts)).to_numpy(), (years + 1, 1))
    m, o, a = path[:, :3].T
    for year in range(years):
        used_to, granted = ages * a[year], hardens * o[year]
        a[year + 1] = a[year] - used_to
        o[year + 1] = o[year] + used_to - granted
        m[year + 1] = m[year] + granted
    with np.errstate(invalid="ignore"):
        better, worse = _coefficients(path)
    return pd.DataFrame(
        np.column_stack([path, better, worse]),
        index=pd.RangeIndex(years + 1, name="year"),
        columns=[*CLASSES, "better", "worse"],
    )


def _coefficients(counts: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    m, o, a, i = counts[..., :4].T
    valid = m + o + a + i
    return (a + o) / valid, -(o + m) / valid


def _codes(name: str, answers: ArrayLike) -> NDArray[np.int64]:
    words = np.asarray(answers, dtype=object)
    column = pd.Series(words.ravel(), dtype=object)
    codes = column.map(_CODES)
    unknown = codes.isna() & column.notna()
    if unknown.any():
        raise ValueError(
            _(
                "{name} must be a whole number from 1 to 5 or one of {words}; it is {value!r} "
                "(position {position})."
            ).format(
                name=name,
                words=", ".join(ANSWERS),
                value=column[unknown].iloc[0],
                position=unknown.idxmax(),
            )
        )
    return np.reshape(codes.fillna(_MISSING).to_numpy(dtype=np.int64), words.shape)


def _checked_counts(counts: pd.DataFrame | Mapping[str, float]) -> pd.DataFrame:
    table = counts if isinstance(counts, pd.DataFrame) else pd.DataFrame([dict(counts)])
    unknown = set(table.columns) - set(CLASSES)
    if unknown:
        raise ValueError(
            _("Unknown class {found}; the classes are {known}.").format(
                found=", ".join(sorted(map(str, unknown))), known=", ".join(CLASSES)
            )
        )
    table = table.reindex(columns=list(CLASSES), fill_value=0)
    return pd.DataFrame(checked("counts", table, at_least=0), table.index, list(CLASSES))
