"""R6.1, R7.1 and the source card of the San Francisco airport survey."""

import numpy as np
import pytest

from servicequality import data


@pytest.fixture(scope="module")
def survey():
    return data.load("sfo-airport-survey")


@pytest.fixture(scope="module")
def trend():
    return data.load("sfo-airport-survey", "trend")


def votes(scores):
    """Promoter 1, passive 0, detractor -1."""
    answered = scores.dropna()
    return answered.ge(9).astype(int) - answered.le(6).astype(int)


def nps(scores):
    """Net promoter score and its standard error, in points, and n."""
    v = votes(scores)
    return 100 * v.mean(), 100 * np.sqrt(v.var(ddof=0) / len(v)), len(v)


@pytest.mark.oracle("R6.1")
def test_r6_1_nps_fell(survey):
    by_year = {year: nps(rows) for year, rows in survey.groupby("year")["nps_0_10"]}
    assert by_year[2017] == pytest.approx((39.840, 1.334, 2746), abs=5e-4)
    assert by_year[2018] == pytest.approx((30.981, 1.442, 2650), abs=5e-4)
    change = by_year[2018][0] - by_year[2017][0]
    z = change / np.hypot(by_year[2017][1], by_year[2018][1])
    assert change == pytest.approx(-8.859, abs=5e-4)
    assert z == pytest.approx(-4.509, abs=5e-4)


@pytest.mark.oracle("R6.1")
def test_r6_1_top_two_box(survey):
    overall = survey["rate_overall"].dropna()
    assert len(overall) == 5313
    assert overall.ge(4).mean() == pytest.approx(0.8027, abs=5e-5)


@pytest.mark.oracle("R7.1")
def test_r7_1_cost_of_a_problem(survey):
    with_problem = survey[survey["had_problem"] == "yes"]
    without = survey[survey["had_problem"] == "no"]
    calm, _, n_calm = nps(without["nps_0_10"])
    upset, _, n_upset = nps(with_problem["nps_0_10"])
    assert (n_calm, n_upset) == (4511, 668)
    assert calm == pytest.approx(40.612, abs=5e-4)
    assert upset == pytest.approx(6.737, abs=5e-4)
    assert calm - upset == pytest.approx(33.9, abs=0.05)
    assert without["rate_overall"].mean() == pytest.approx(4.077, abs=5e-4)
    assert with_problem["rate_overall"].mean() == pytest.approx(3.784, abs=5e-4)
    assert without["nps_0_10"].mean() == pytest.approx(8.36, abs=5e-3)
    assert with_problem["nps_0_10"].mean() == pytest.approx(7.29, abs=5e-3)


def test_security_is_the_most_frequent_problem(survey):
    codes = survey[["problem_code_1", "problem_code_2", "problem_code_3"]].stack()
    counts = codes.value_counts()
    assert counts.idxmax() == 32
    assert counts.max() == 151
    meaning = data.load("sfo-airport-survey", "problem_codes").set_index("code")
    assert set(counts.index) <= set(meaning.index)
    assert meaning.loc[32, "group"].startswith("security")
    assert meaning.loc[71, "meaning"].startswith("problem was my own fault")


def test_trend(trend):
    assert trend.shape == (21_559, 15)
    by_year = trend.groupby("year")
    overall = by_year["rate_overall"].mean()
    wanted = [3.998, 3.982, 3.996, 4.048, 4.038, 4.064, 4.003]
    assert overall.to_list() == pytest.approx(wanted, abs=5e-4)
    problem = trend.dropna(subset=["had_problem"])
    share = (problem["had_problem"] == "yes").groupby(problem["year"]).mean()
    wanted = [0.120, 0.122, 0.095, 0.112, 0.114, 0.119, 0.141]
    assert share.to_list() == pytest.approx(wanted, abs=5e-4)
    assert by_year["weight"].count()[2012] == 0


def test_size_and_gaps(survey):
    assert survey.shape == (5640, 49)
    empty = survey.isna().mean()
    assert empty["rate_lt_parking"] == pytest.approx(0.74, abs=5e-3)
    assert empty["rate_rental"] == pytest.approx(0.66, abs=5e-3)
    assert empty["rate_food"] == pytest.approx(0.16, abs=5e-3)
    assert empty["rate_overall"] == pytest.approx(0.06, abs=5e-3)
    assert survey.loc[survey["year"] == 2018, "minutes_before_departure"].isna().all()
    assert survey.groupby("year")["weight"].mean().to_list() == pytest.approx([1, 1], abs=0.01)


def test_the_trend_holds_the_same_people(survey, trend):
    recent = trend[trend["year"] >= 2017].reset_index(drop=True)
    shared = [column for column in trend if column in survey]
    assert len(shared) == 15
    assert recent.equals(survey[shared])


def test_raw_codes_mislead(survey):
    """6 = never used inflates a mean, 0 = blank deflates it."""
    raw = data.load("sfo-airport-survey", "raw_codes_2017")
    assert raw.shape == (2831, 19)
    clean = survey[survey["year"] == 2017].reset_index(drop=True)
    parking = raw["Q7LTPARKING"]
    assert parking.mean() > clean["rate_lt_parking"].mean() + 0.5
    assert parking.where(parking.between(1, 5)).equals(clean["rate_lt_parking"])
    overall = raw["Q7ALL"].replace("Blank", None).astype(float)
    assert overall.equals(clean["rate_overall"])
    assert (raw["Q7ALL"] == "Blank").sum() == 143
    recommend = raw["NETPRO"].where(raw["NETPRO"] <= 10)
    assert recommend.equals(clean["nps_0_10"])
    assert nps(recommend)[0] == pytest.approx(39.840, abs=5e-4)
