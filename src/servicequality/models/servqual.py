"""Gap scores: what customers perceive minus what they expect (M2.1)."""

from collections.abc import Mapping, Sequence
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "tangibles": ("T1", "T2", "T3", "T4"),
    "reliability": ("R1", "R2", "R3", "R4", "R5"),
    "responsiveness": ("S1", "S2", "S3", "S4"),
    "assurance": ("A1", "A2", "A3", "A4"),
    "empathy": ("E1", "E2", "E3", "E4", "E5"),
}
"""The five dimensions and the item codes of the course instrument."""

US_1990_WEIGHTS: dict[str, float] = {
    "tangibles": 11,
    "reliability": 32,
    "responsiveness": 22,
    "assurance": 19,
    "empathy": 16,
}
"""Points shared out by customers of large US firms about 1990 (Zeithaml, Parasuraman and
Berry, 1990). Other sectors and countries give other numbers."""

RULES = ("unweighted", "weighted", "item_mean", "servperf", "weighted_servperf")
"""Five ways to turn dimension scores into one number."""

Array = NDArray[np.float64]
PerDimension = Mapping[str, float] | pd.Series | Sequence[float]


class Scores(NamedTuple):
    """Scores of one firm.

    Attributes
    ----------
    dimensions : DataFrame
        One row per dimension: expectation, perception, gap, weight (sums to 1), contribution
        (weight x gap) and share (contribution / sum of contributions; NaN if that sum is 0).
    overall : Series
        One number per rule in `RULES`.
    """

    dimensions: pd.DataFrame
    overall: pd.Series


class SurveyScores(NamedTuple):
    """Scores of a survey.

    Attributes
    ----------
    items : DataFrame
        One row per item: expectation, perception and gap (means), n (people who answered both).
    dimensions, overall
        As in `Scores`; `dimensions` also has n, the people with a gap score. With missing
        answers the mean gap need not equal mean perception minus mean expectation, because a
        gap needs both answers of the same person.
    """

    items: pd.DataFrame
    dimensions: pd.DataFrame
    overall: pd.Series


def normalise_weights(weights: ArrayLike) -> Array:
    """Scale weights so that they sum to 1.

    Parameters
    ----------
    weights : array_like, shape (d,) or (n, d)
        Finite numbers, zero or more; each row is scaled on its own.

    Returns
    -------
    ndarray, same shape
        A row with a missing weight becomes NaN throughout.

    Raises
    ------
    ValueError
        If a weight is negative or infinite, or if the weights of a row sum to zero; the message
        names the position of the row.

    Examples
    --------
    >>> normalise_weights([11, 32, 22, 19, 16]).tolist()
    [0.11, 0.32, 0.22, 0.19, 0.16]
    """
    values = np.asarray(weights, dtype=float)
    total = values.sum(axis=-1, keepdims=True)
    negative = ((values < 0) | np.isinf(values)).any(axis=-1, keepdims=True)
    bad = negative | (total == 0)
    if bad.any():
        row = int(np.argmax(bad))
        place = _(" (row {row})").format(row=row) if values.ndim > 1 else ""
        problem = _("must be zero or more, and finite") if negative.flat[row] else _("sum to zero")
        raise ValueError(
            _("The weights {values}{place} {problem}.").format(
                values=values.reshape(-1, values.shape[-1])[row].tolist(),
                place=place,
                problem=problem,
            )
        )
    return values / total


def score_firm(
    expectations: PerDimension,
    perceptions: PerDimension,
    weights: PerDimension | None = None,
    item_counts: PerDimension | None = None,
) -> Scores:
    """Score a firm from its dimension means (M2.1).

    Parameters
    ----------
    expectations, perceptions : mapping, Series or sequence, one number per dimension
        Mean answers, usually 1-7. A plain sequence follows the order of `DIMENSIONS`.
    weights : same form, optional
        Importance points with any positive sum. Default: all dimensions count the same.
    item_counts : same form, optional
        Items per dimension, for the item mean. Default: those of `DIMENSIONS`, and one for a
        dimension that is not among them.

    Returns
    -------
    Scores

    Raises
    ------
    ValueError
        If two arguments name different dimensions, or for weights as in `normalise_weights`.

    References
    ----------
    Parasuraman, Zeithaml and Berry (1988); Cronin and Taylor (1992) for SERVPERF.

    Examples
    --------
    >>> scores = score_firm([5, 6, 6, 6, 5], [5, 5, 6, 6, 5], weights=[11, 32, 22, 19, 16])
    >>> print(round(scores.overall["weighted"], 3))
    -0.32
    """
    names = pd.Index(
        expectations.keys() if isinstance(expectations, Mapping | pd.Series) else DIMENSIONS
    )
    expectation = _in_order(expectations, names, "expectations")
    perception = _in_order(perceptions, names, "perceptions")
    weight = _weights(weights, names)
    if item_counts is None:
        item_counts = [len(DIMENSIONS.get(name, ())) or 1 for name in names]
    items = normalise_weights(_in_order(item_counts, names, "item_counts"))
    gap = perception - expectation
    table = {"expectation": expectation, "perception": perception, "gap": gap}
    return _finish(names, table, weight, weight * gap, weight * perception, float(items @ gap))


def rank_firms(overall: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Rank firms under every overall rule.

    Parameters
    ----------
    overall : mapping
        Firm name to its `Scores.overall`.

    Returns
    -------
    DataFrame
        One row per firm and rule: firm, rule, score, rank (1 is best; equal firms share the
        better rank).

    Examples
    --------
    >>> import pandas as pd
    >>> ours, theirs = ({"weighted": -0.3}, {"weighted": -0.5})
    >>> rank_firms({"ours": pd.Series(ours), "theirs": pd.Series(theirs)})
         firm      rule  score  rank
    0    ours  weighted   -0.3     1
    1  theirs  weighted   -0.5     2
    """
    scores = pd.DataFrame(overall).T
    # Equal firms must tie even where their sums differ in the last binary digit.
    ranks = scores.round(9).rank(ascending=False, method="min").astype(int)
    return pd.DataFrame(
        {
            "firm": np.repeat(scores.index, scores.shape[1]),
            "rule": np.tile(scores.columns, scores.shape[0]),
            "score": scores.to_numpy().ravel(),
            "rank": ranks.to_numpy().ravel(),
        }
    )


def check_answers(answers: pd.DataFrame, scale: tuple[float, float] = (1, 7)) -> None:
    """Refuse a survey with answers that are no numbers, off the scale, or all missing.

    Parameters
    ----------
    answers : DataFrame, respondents x items
        Only columns with answers on the scale. Missing answers are allowed.
    scale : (low, high)
        Ends of the answering scale, both allowed.

    Raises
    ------
    ValueError
        Naming the first bad column, the label of its first bad row and the answer.

    Examples
    --------
    >>> import pandas as pd
    >>> check_answers(pd.DataFrame({"E_T1": [7, None, 1]}))
    """
    low, high = scale
    numbers = np.reshape(pd.to_numeric(answers.to_numpy().ravel(), errors="coerce"), answers.shape)
    missing = answers.isna().to_numpy()
    bad = ~missing & ~((numbers >= low) & (numbers <= high))
    if bad.any():
        column = int(np.argmax(bad.any(axis=0)))
        row = int(np.argmax(bad[:, column]))
        raise ValueError(
            _(
                "Column {column}, row {row}: the answer {answer} is outside the scale {low:g} to "
                "{high:g}. Correct it, or leave it empty if it is unknown."
            ).format(
                column=answers.columns[column],
                row=answers.index[row],
                answer=answers.iloc[row, column],
                low=low,
                high=high,
            )
        )
    if missing.all():
        raise ValueError(
            _("All answers are missing in the columns {first} to {last}.").format(
                first=answers.columns[0], last=answers.columns[-1]
            )
        )


def answers_of(
    answers: pd.DataFrame,
    items: Sequence[str],
    prefix: str,
    scale: tuple[float, float] = (1, 7),
) -> pd.DataFrame:
    """Take the columns of one kind of answer, checked, and name them by item.

    Parameters
    ----------
    answers : DataFrame
        One row per respondent; columns are prefix + item code.
    items : sequence of str
        Item codes, such as "R1".
    prefix : str
        Such as "E_" or "P_".
    scale : (low, high)
        Ends of the answering scale.

    Returns
    -------
    DataFrame, respondents x items

    Raises
    ------
    ValueError
        If a column is missing, or as in `check_answers`.

    Examples
    --------
    >>> import pandas as pd
    >>> answers_of(pd.DataFrame({"E_T1": [7, None], "P_T1": [5, 6]}), ["T1"], "E_")["T1"].tolist()
    [7.0, nan]
    """
    columns = [prefix + item for item in items]
    missing = [column for column in columns if column not in answers]
    if missing:
        raise ValueError(
            _("The survey has no column {columns}.").format(columns=", ".join(missing))
        )
    block = answers[columns]
    check_answers(block, scale)
    return block.set_axis(list(items), axis=1).astype(float)


def dimension_scores(
    item_scores: pd.DataFrame,
    dimensions: Mapping[str, Sequence[str]] = DIMENSIONS,
    min_share: float = 0.5,
) -> pd.DataFrame:
    """Average each person's items within each dimension.

    Parameters
    ----------
    item_scores : DataFrame, respondents x items
        Gaps, perceptions or expectations.
    dimensions : mapping
        Dimension to its item codes.
    min_share : float in [0, 1]
        Smallest share of a dimension's items that a person must have answered.

    Returns
    -------
    DataFrame, respondents x dimensions
        NaN where too few items are present.

    Raises
    ------
    ValueError
        If `min_share` is out of range.

    Examples
    --------
    >>> import pandas as pd
    >>> gaps = pd.DataFrame({"T1": [-1, None], "T2": [0, None], "T3": [None, -2]})
    >>> dimension_scores(gaps, {"tangibles": ["T1", "T2", "T3"]})["tangibles"].tolist()
    [-0.5, nan]
    """
    checked("min_share", min_share, at_least=0, at_most=1)
    values = item_scores.to_numpy(dtype=float)
    position = {item: i for i, item in enumerate(item_scores.columns)}
    columns = {}
    for name, items in dimensions.items():
        block = values[:, [position[item] for item in items]]
        answered = np.count_nonzero(~np.isnan(block), axis=1)
        enough = (answered > 0) & (answered / len(items) >= min_share)
        columns[name] = np.where(enough, np.nansum(block, axis=1) / np.maximum(answered, 1), np.nan)
    return pd.DataFrame(columns, index=item_scores.index)


def score_survey(
    answers: pd.DataFrame,
    dimensions: Mapping[str, Sequence[str]] = DIMENSIONS,
    weights: PerDimension | pd.DataFrame | None = None,
    min_share: float = 0.5,
    prefixes: tuple[str, str] = ("E_", "P_"),
    scale: tuple[float, float] = (1, 7),
) -> SurveyScores:
    """Score a survey in which every item is asked twice (M2.1).

    A person's gap on an item needs both answers. The person's dimension gap is the mean of the
    available item gaps if at least `min_share` of them are present. The firm's dimension gap is
    the mean over persons. Perceptions alone (SERVPERF) are scored in the same way.

    Parameters
    ----------
    answers : DataFrame
        One row per respondent; columns are prefix + item code. Other columns are ignored.
    dimensions : mapping
        Dimension to its item codes.
    weights : mapping, Series or sequence, one number per dimension, or DataFrame, optional
        Importance points. A DataFrame holds the points of each respondent, one column per
        dimension in the order of `dimensions`: then products are averaged, not averages
        multiplied. Default: all dimensions count the same.
    min_share : float in [0, 1]
        See `dimension_scores`.
    prefixes : (expectation, perception)
        What stands before the item code in a column name.
    scale : (low, high)
        Ends of the answering scale.

    Returns
    -------
    SurveyScores
        A dimension that nobody answered is NaN, and so is an overall score that needs it.

    Raises
    ------
    ValueError
        For a missing column, an answer off the scale (see `check_answers`), no answer at all,
        or weights as in `normalise_weights`.

    References
    ----------
    Parasuraman, Zeithaml and Berry (1988); Cronin and Taylor (1992) for SERVPERF.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"E_a": [6, 7], "P_a": [5, 7], "E_b": [5, None], "P_b": [5, 6]})
    >>> scores = score_survey(answers, {"speed": ["a"], "care": ["b"]})
    >>> scores.dimensions[["gap", "n"]]
           gap  n
    speed -0.5  2
    care   0.0  1
    """
    items = [item for codes in dimensions.values() for item in codes]
    names = pd.Index(dimensions)
    expected, perceived = (answers_of(answers, items, prefix, scale) for prefix in prefixes)
    gaps = perceived - expected
    by_person = {
        kind: dimension_scores(block, dimensions, min_share)
        for kind, block in [("expectation", expected), ("perception", perceived), ("gap", gaps)]
    }
    table = {kind: scores.mean().to_numpy() for kind, scores in by_person.items()}
    table["n"] = by_person["gap"].count().to_numpy()
    if isinstance(weights, pd.DataFrame):
        own = _own_weights(weights, answers, names)
        weight = own.mean().to_numpy()
        contribution = (by_person["gap"] * own).mean().to_numpy()
        weighted_perception = (by_person["perception"] * own).mean().to_numpy()
    else:
        weight = _weights(weights, names)
        contribution = weight * table["gap"]
        weighted_perception = weight * table["perception"]
    by_item = pd.DataFrame(
        {
            "expectation": expected.mean(),
            "perception": perceived.mean(),
            "gap": gaps.mean(),
            "n": gaps.count(),
        }
    )
    item_mean = float(by_item["gap"].mean(skipna=False))
    scores = _finish(names, table, weight, contribution, weighted_perception, item_mean)
    return SurveyScores(by_item, *scores)


def _finish(
    names: pd.Index,
    table: dict[str, Array],
    weight: Array,
    contribution: Array,
    weighted_perception: Array,
    item_mean: float,
) -> Scores:
    """Add weights, contributions and shares, and sum up under every rule."""
    weighted = float(contribution.sum())
    share = contribution / weighted if weighted else np.full(len(names), np.nan)
    overall = {
        "unweighted": table["gap"].mean(),
        "weighted": weighted,
        "item_mean": item_mean,
        "servperf": table["perception"].mean(),
        "weighted_servperf": weighted_perception.sum(),
    }
    columns = {**table, "weight": weight, "contribution": contribution, "share": share}
    return Scores(pd.DataFrame(columns, index=names), pd.Series(overall))


def _weights(weights: PerDimension | None, names: pd.Index) -> Array:
    equal = [1.0] * len(names)
    return normalise_weights(equal if weights is None else _in_order(weights, names, "weights"))


def _own_weights(weights: pd.DataFrame, answers: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    if weights.shape != (len(answers), len(names)):
        raise ValueError(
            _(
                "weights has the shape {found}; it needs one row per respondent and one column per "
                "dimension: {wanted}."
            ).format(found=weights.shape, wanted=(len(answers), len(names)))
        )
    return pd.DataFrame(normalise_weights(weights), answers.index, names)


def _in_order(values: PerDimension, names: pd.Index, what: str) -> Array:
    """Put one number per dimension into the order of `names`."""
    if isinstance(values, Mapping | pd.Series):
        if set(values.keys()) != set(names):
            raise ValueError(
                _("{what} names the dimensions {found}; expected {wanted}.").format(
                    what=what, found=", ".join(values.keys()), wanted=", ".join(names)
                )
            )
        return np.array([values[name] for name in names], dtype=float)
    if len(values) != len(names):
        raise ValueError(
            _("{what} needs {wanted} numbers, one per dimension; it has {found}.").format(
                what=what, wanted=len(names), found=len(values)
            )
        )
    return np.array(values, dtype=float)
