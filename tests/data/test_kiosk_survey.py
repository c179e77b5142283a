"""R6.2 and the source card of the kiosk survey; R2.1 to R2.5 are tests of the models."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from servicequality import data

OUTCOMES = {
    "satisfaction": ["Y1_overall_satisfaction", "Y2_overall_quality"],
    "reuse": ["Y3_reuse_intention", "Y4_recommend_intention"],
}


@pytest.fixture(scope="module")
def survey():
    return data.load("kiosk-survey")


@pytest.fixture(scope="module")
def sample(survey):
    """The people whom the authors analysed."""
    return survey[survey["in_authors_sample"] == 1]


@pytest.fixture(scope="module")
def dimensions():
    """Item numbers of the six dimensions of the authors' final model."""
    items = data.load("kiosk-survey", "items")
    perceptions = items[items["block"] == "perception"].dropna(subset=["dimension_final_6"])
    numbers = perceptions["item_no"].map("{:02}".format)
    return numbers.groupby(perceptions["dimension_final_6"]).apply(list).to_dict()


@pytest.fixture(scope="module")
def kano(survey):
    """Share of each class for each attribute."""
    table = data.load("method-check-tables", "kano").set_index("functional").to_numpy()
    users = survey.dropna(subset=["KF01"])
    assert len(users) == 207
    classes = {
        number: table[
            users[f"KF{number:02}"].astype(int) - 1, users[f"KD{number:02}"].astype(int) - 1
        ]
        for number in range(1, 30)
    }
    return pd.DataFrame(classes).apply(lambda column: column.value_counts()).T.fillna(0)


@pytest.mark.oracle("R6.2")
def test_r6_2_most_frequent_classes(kano):
    mode = kano[["M", "O", "A", "I", "R", "Q"]].idxmax(axis=1)
    assert mode.value_counts().to_dict() == {"A": 10, "M": 9, "O": 6, "I": 4}
    assert mode[[1, 27, 22]].to_list() == ["M", "A", "M"]


@pytest.mark.oracle("R6.2")
@pytest.mark.parametrize(
    ("item", "better", "worse"),
    [(1, 0.4612, -0.6893), (27, 0.8689, -0.1408), (22, 0.3902, -0.8927)],
)
def test_r6_2_satisfaction_coefficients(kano, item, better, worse):
    counts = kano.loc[item]
    clear = counts[["A", "O", "M", "I"]].sum()
    assert (counts["A"] + counts["O"]) / clear == pytest.approx(better, abs=5e-5)
    assert -(counts["O"] + counts["M"]) / clear == pytest.approx(worse, abs=5e-5)


def test_sex_by_frequency_of_use(sample):
    order = ["2-3 times a week or more", "2-3 times a month or more"]
    order += ["2-3 times per 6 months or more"]
    counts = sample.groupby(["sex", "use_frequency"]).size()
    assert counts["M"][order].to_list() == [27, 21, 4]
    assert counts["F"][order].to_list() == [70, 65, 7]


def test_means_near_the_ceiling(survey):
    users = survey.dropna(subset=["E01"])
    means = {kind: users.filter(regex=rf"^{kind}\d\d$").to_numpy().mean() for kind in "EP"}
    assert means == pytest.approx({"E": 5.97, "P": 4.87}, abs=5e-3)


class Fit(NamedTuple):
    """A fitted covariance structure: likelihood-ratio test, fit indices, standardised paths."""

    chi2: float
    df: int
    cfi: float
    rmsea: float
    paths: dict


def fit_structure(answers, factors, effects=()):
    """Fit a structural equation model by maximum likelihood (RAM form: McArdle & McDonald 1984).

    The first item of a factor has loading 1. Factors that no other factor affects correlate
    freely. `effects` are pairs (cause, result) of factors.
    """
    items = [item for block in factors.values() for item in block]
    names = items + list(factors)
    position = {name: i for i, name in enumerate(names)}
    m, n = len(names), len(answers)
    sample = np.cov(answers[items].to_numpy(), rowvar=False, ddof=0)
    p = len(items)
    results = {result for _, result in effects}

    free_a = [(position[i], position[f]) for f, block in factors.items() for i in block[1:]]
    free_a += [(position[result], position[cause]) for cause, result in effects]
    causes = [position[f] for f in factors if f not in results]
    free_s = [(i, i) for i in range(m)] + [(i, j) for i in causes for j in causes if i > j]
    rows_a, columns_a = np.array(free_a).T
    rows_s, columns_s = np.array(free_s).T
    markers = [(position[block[0]], position[f]) for f, block in factors.items()]

    def build(theta):
        a, s = np.zeros((m, m)), np.zeros((m, m))
        a[tuple(np.array(markers).T)] = 1
        a[rows_a, columns_a] = theta[: len(free_a)]
        s[rows_s, columns_s] = s[columns_s, rows_s] = theta[len(free_a) :]
        e = np.linalg.inv(np.eye(m) - a)
        return s, e, e @ s @ e.T

    def misfit(theta):
        s, e, full = build(theta)
        sigma = full[:p, :p]
        sign, logdet = np.linalg.slogdet(sigma)
        if sign <= 0 or np.linalg.eigvalsh(sigma)[0] <= 0:
            return np.inf, np.zeros_like(theta)
        inverse = np.linalg.inv(sigma)
        value = logdet + np.trace(sample @ inverse) - np.linalg.slogdet(sample)[1] - p
        g = np.zeros((m, m))
        g[:p, :p] = inverse - inverse @ sample @ inverse
        core = e.T @ g @ e
        slope_a = (2 * core @ s @ e.T)[rows_a, columns_a]
        slope_s = core[rows_s, columns_s] * np.where(rows_s == columns_s, 1, 2)
        return value, np.concatenate([slope_a, slope_s])

    variance = np.concatenate([np.diag(sample) / 2, np.full(len(factors), sample.trace() / p / 2)])
    start_s = np.where(rows_s == columns_s, variance[rows_s], 0.25)
    start_a = np.where(rows_a < p, 1, 0.1)
    start = np.concatenate([start_a, start_s])
    found = optimize.minimize(misfit, start, jac=True, method="BFGS", options={"gtol": 1e-6})

    chi2 = n * found.fun
    df = p * (p + 1) // 2 - len(start)
    alone = n * (np.log(np.diag(sample)).sum() - np.linalg.slogdet(sample)[1])
    excess, excess_alone = chi2 - df, alone - p * (p - 1) // 2
    full = build(found.x)[2]
    estimates = dict(zip(free_a, found.x, strict=False))
    paths = {
        cause: estimates[position[result], position[cause]]
        * np.sqrt(full[position[cause], position[cause]] / full[position[result], position[result]])
        for cause, result in effects
    }
    return Fit(chi2, df, 1 - excess / excess_alone, np.sqrt(excess / df / n), paths)


@pytest.mark.parametrize(
    ("kind", "chi2", "cfi", "rmsea"), [("SAT", 269.782, 0.944, 0.062), ("P", 302.55, 0.898, 0.070)]
)
def test_six_factors_fit_as_the_authors_published(sample, dimensions, kind, chi2, cfi, rmsea):
    factors = {name: [kind + number for number in block] for name, block in dimensions.items()}
    fit = fit_structure(sample, factors)
    assert fit.df == 155
    assert fit.chi2 == pytest.approx(chi2, abs=5e-3)
    assert fit.cfi == pytest.approx(cfi, abs=5e-4)
    assert fit.rmsea == pytest.approx(rmsea, abs=5e-4)


def test_satisfaction_leads_to_reuse_as_the_authors_published(sample, dimensions):
    factors = {name: ["SAT" + number for number in block] for name, block in dimensions.items()}
    effects = [(name, "satisfaction") for name in factors] + [("satisfaction", "reuse")]
    fit = fit_structure(sample, {**factors, **OUTCOMES}, effects)
    assert fit.df == 230
    assert fit.chi2 == pytest.approx(387.465, abs=5e-3)
    assert fit.cfi == pytest.approx(0.939, abs=5e-4)
    assert fit.rmsea == pytest.approx(0.059, abs=5e-4)
    wanted = {
        "tangibles": 0.174,
        "security": -0.029,
        "economy": 0.468,
        "convenience": 0.171,
        "usefulness/reliability": 0.237,
        "control": -0.031,
        "satisfaction": 0.810,
    }
    assert fit.paths == pytest.approx(wanted, abs=5e-4)
