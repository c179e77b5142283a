import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats
from statsmodels.api import GLM, families

from servicequality import data
from servicequality.models import control_charts as cc

HANDLE_TIMES = [6.2, 5.8, 6.5, 7.1, 6.0, 5.5, 6.4, 6.8, 6.1, 9.9]

centers = st.floats(0.01, 0.99)
values = st.lists(st.integers(-500, 500).map(lambda tenths: tenths / 10), min_size=2, max_size=30)


@pytest.mark.oracle("O3.4a")
def test_o3_4a_limits():
    limits = cc.p_limits(0.06, [200, 50])
    assert limits.lcl == pytest.approx([0.00962, 0], abs=5e-6)
    assert limits.ucl == pytest.approx([0.11038, 0.12 + 0.04076], abs=5e-6)
    assert limits.center.tolist() == [0.06, 0.06]


@pytest.mark.oracle("O3.4a")
def test_o3_4a_run_lengths():
    shares = [0.06, 0.09, 0.12]
    exact = cc.average_run_length(cc.p_signal_chance(shares, 200, 0.06))
    assert exact == pytest.approx([440.82, 7.448, 1.617], rel=2e-5, abs=5e-4)
    normal = cc.average_run_length(cc.p_signal_chance(shares, 200, 0.06, exact=False))
    assert normal == pytest.approx([370.40, 6.370, 1.510], rel=2e-5, abs=5e-4)


@pytest.mark.oracle("O3.4b")
def test_o3_4b():
    limits = cc.c_limits([9, 16])
    assert limits.lcl.tolist() == [0, 4]
    assert limits.ucl.tolist() == [18, 28]
    assert cc.c_signal_chance(9, 9) == pytest.approx(0.002426, abs=5e-7)
    assert cc.c_signal_chance(13, 9) == pytest.approx(0.06983, abs=5e-6)


@pytest.mark.oracle("O3.4c")
def test_o3_4c():
    chart = cc.i_chart(HANDLE_TIMES)
    assert chart["center"].unique() == pytest.approx([6.630])
    assert chart[["lcl", "ucl"]].iloc[0].tolist() == pytest.approx([3.9404, 9.3196], abs=5e-5)
    assert chart.index[chart["signal"]].tolist() == [9]
    ranges = cc.mr_chart(HANDLE_TIMES)
    assert ranges["center"].unique() == pytest.approx([1.01111], abs=5e-6)
    assert ranges["ucl"].unique() == pytest.approx([3.3033], abs=5e-5)
    assert ranges.index[ranges["signal"]].tolist() == [9]
    naive = np.mean(HANDLE_TIMES) + 3 * np.std(HANDLE_TIMES, ddof=1)
    assert naive == pytest.approx(10.3503, abs=5e-5)
    assert naive > 9.9, "the ordinary standard deviation misses the last point"


@pytest.mark.oracle("O3.4c")
def test_o3_4c_baseline():
    chart = cc.i_chart(HANDLE_TIMES, baseline=9)
    assert chart[["lcl", "ucl"]].iloc[-1].tolist() == pytest.approx([4.5044, 8.0289], abs=5e-5)
    assert chart["signal"].tolist() == [False] * 9 + [True]


@pytest.mark.oracle("R3.1")
def test_r3_1_street_lights():
    requests = data.load("boston-311")
    judged = requests[requests["type"] == "Street Light Outages"].dropna(
        subset=["target_dt", "closed_dt"]
    )
    late = judged["closed_dt"] > judged["target_dt"]
    weeks = late.groupby(judged["open_dt"].dt.to_period("W-SUN")).agg(["sum", "size"])
    weeks = weeks[weeks["size"] >= 20]
    chart = cc.p_chart(weeks["sum"], weeks["size"])
    assert (weeks["size"].sum(), len(chart), chart["signal"].sum()) == (6767, 53, 11)
    assert chart["center"].iloc[0] == pytest.approx(0.23777, abs=5e-6)
    assert chart["value"].max() == pytest.approx(0.5441, abs=5e-5)
    assert chart["value"].idxmax() == pd.Period("2015-01-26", "W-SUN")


@pytest.mark.oracle("R3.2")
def test_r3_2_emergency_departments():
    attendances = data.load("nhs-ae")
    january = attendances[(attendances["period"] == "2018-01-01") & (attendances["type"] == "1")]
    month = january.set_index("org_code")
    chart = cc.p_chart(month["breaches"], month["attendances"])
    assert (len(chart), chart["signal"].sum()) == (137, 128)
    assert chart["center"].iloc[0] == pytest.approx(0.22835, abs=5e-6)
    assert cc.overdispersion(month["breaches"], month["attendances"]) > 400, "chance would give 1"


def test_constants_of_moving_ranges():
    """The printed constants against the distribution of the distance of two normal values."""
    d2 = integrate.quad(lambda x: x * stats.foldnorm.pdf(x, 0, scale=np.sqrt(2)), 0, 20)[0]
    d3 = np.sqrt(2 - d2**2)
    one = cc.i_limits(0, 1)
    assert one.ucl == -one.lcl == pytest.approx(3 / d2, abs=5e-3)
    assert cc.mr_limits(1).ucl == pytest.approx(1 + 3 * d3 / d2, abs=1e-3)
    assert cc.mr_limits(1).lcl == 0
    assert cc.moving_range_sigma([0, 1]) == pytest.approx(1 / d2, abs=5e-4)
    assert cc.moving_range_sigma(HANDLE_TIMES) == pytest.approx(1.01111 / 1.128, abs=5e-6)


def test_only_the_individuals_chart_goes_below_zero():
    assert cc.i_limits(1, 2).lcl == pytest.approx(1 - 5.32)
    assert cc.p_limits(0.01, 10).lcl == cc.c_limits(1).lcl == cc.mr_limits(3).lcl == 0


def test_p_chart_with_different_numbers_of_units():
    weeks = pd.Index(["w1", "w2", "w3"])
    defects, n = pd.Series([6, 30, 3], weeks), pd.Series([100, 400, 25], weeks)
    chart = cc.p_chart(defects, n)
    assert chart.index.equals(weeks)
    p = 39 / 525
    assert chart["value"].tolist() == pytest.approx([0.06, 0.075, 0.12])
    assert chart["center"].tolist() == pytest.approx([p] * 3), "all units, not the mean of shares"
    sd = np.sqrt(p * (1 - p) / n)
    assert chart["ucl"].tolist() == pytest.approx((p + 3 * sd).tolist())
    assert chart["lcl"].tolist() == pytest.approx((p - 3 * sd).clip(lower=0).tolist())
    from_first = cc.p_chart(defects, n, baseline=1)
    assert from_first["center"].tolist() == pytest.approx([0.06] * 3)


def test_a_point_on_a_limit_is_no_signal():
    # The upper limit is 27/36; 0.5 + 3 sqrt(0.25/36) may miss it in the last digit.
    chart = cc.p_chart([18, 27, 28, 9, 8], 36, baseline=1)
    assert chart["beyond"].tolist() == [False, False, True, False, True]
    counts = cc.c_chart([9, 18, 19, 0], baseline=1)
    assert counts["signal"].tolist() == [False, False, True, False]
    assert cc.c_chart([16, 4, 3], baseline=1)["signal"].tolist() == [False, False, True]
    assert cc.i_chart([3, 4, 6.16, 6.17], baseline=2)["signal"].tolist() == [False] * 3 + [True]


def test_nothing_happens_without_variation():
    for chart in (
        cc.p_chart([0, 0], 10),
        cc.c_chart([0, 0]),
        cc.i_chart([5, 5]),
        cc.mr_chart([5, 5]),
    ):
        assert not chart["signal"].any()
    assert cc.p_chart([0, 1], 10, baseline=1)["signal"].tolist() == [False, True]


def test_runs_on_one_side():
    nine = [1, 11, 11, 11, 11, 11, 11, 11, 11, 11]
    quiet = cc.c_chart([6, *nine], baseline=2, run=None)
    assert not quiet["run"].any()
    chart = cc.c_chart([19, *nine], baseline=2, run=cc.RUN)
    assert chart["center"].iloc[0] == 10
    assert np.flatnonzero(chart["run"]).tolist() == [9, 10]
    assert chart["signal"].tolist() == (chart["beyond"] | chart["run"]).tolist()
    below = cc.i_chart([8, 12, 9, 9, 9], baseline=2, run=3)
    assert np.flatnonzero(below["run"]).tolist() == [4]


def test_the_centre_line_and_a_change_of_side_end_a_run():
    on_the_line = cc.i_chart([8, 12, 11, 10, 11, 11, 10, 10, 10], baseline=2, run=3)
    assert not on_the_line["run"].any()
    crossing = cc.i_chart([8, 12, 11, 9, 9, 11, 11, 11], baseline=2, run=3)
    assert np.flatnonzero(crossing["run"]).tolist() == [7]
    from_the_start = cc.i_chart([11, 11, 11, 7], run=3)
    assert np.flatnonzero(from_the_start["run"]).tolist() == [2]
    # The mean of three times 4.1 is a little more than 4.1 in binary.
    assert not cc.i_chart([4.1, 4.1, 4.1], run=2)["run"].any()


def test_moving_ranges_start_at_the_second_point():
    times = pd.Series(HANDLE_TIMES, pd.date_range("2024-03-01", periods=10))
    chart = cc.mr_chart(times)
    assert np.isnan(chart["value"].iloc[0])
    assert chart["value"].iloc[1:].tolist() == pytest.approx(times.diff().abs().iloc[1:].tolist())
    assert chart.index.equals(times.index)
    assert cc.mr_chart(times, baseline=9)["center"].iloc[0] == pytest.approx(5.3 / 8)


@given(values, st.floats(0.1, 10), st.floats(-50, 50))
def test_individuals_ignore_unit_and_origin(numbers, unit, origin):
    one, other = cc.i_chart(numbers, run=3), cc.i_chart(np.array(numbers) * unit + origin, run=3)
    for column in ("value", "center", "lcl", "ucl"):
        assert other[column].to_numpy() == pytest.approx(one[column] * unit + origin, abs=1e-6)
    assert other["beyond"].tolist() == one["beyond"].tolist()
    middle = (one["lcl"] + one["ucl"]) / 2
    assert middle.tolist() == pytest.approx(one["center"].tolist())
    sigma = (one["ucl"] - one["center"]).iloc[0] / 3
    assert sigma == pytest.approx(cc.moving_range_sigma(numbers), rel=1e-3)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(40, 400)), min_size=1, max_size=20))
def test_p_chart_point_by_point(rows):
    defects, n = np.array(rows).T
    chart = cc.p_chart(defects, n)
    assert chart["lcl"].min() >= 0
    assert chart["center"].iloc[0] == pytest.approx(defects.sum() / n.sum())
    for i, row in chart.iterrows():
        alone = cc.p_limits(row["center"], n[i])
        assert row[["center", "lcl", "ucl"]].tolist() == pytest.approx(list(alone))
        outside = row["value"] < alone.lcl - 1e-9 or row["value"] > alone.ucl + 1e-9
        assert row["signal"] == outside


@given(centers, centers, st.integers(1, 400))
def test_p_signal_chance_against_scipy(p, center, n):
    limits = cc.p_limits(center, n)
    k = np.arange(n + 1)
    outside = (k / n > limits.ucl + 1e-9) | (k / n < limits.lcl - 1e-9)
    wanted = stats.binom.pmf(k, n, p)[outside].sum()
    assert cc.p_signal_chance(p, n, center) == pytest.approx(wanted, abs=1e-9)
    output = stats.norm(p, np.sqrt(p * (1 - p) / n))
    below = output.cdf(limits.lcl) if limits.lcl > 0 else 0
    assert cc.p_signal_chance(p, n, center, exact=False) == pytest.approx(
        below + output.sf(limits.ucl), abs=1e-9
    )


@given(st.floats(0, 60), st.floats(0, 60))
def test_c_signal_chance_against_scipy(mean, center):
    limits = cc.c_limits(center)
    k = np.arange(300)
    outside = (k > limits.ucl + 1e-9) | (k < limits.lcl - 1e-9)
    wanted = stats.poisson.pmf(k, mean)[outside].sum()
    assert cc.c_signal_chance(mean, center) == pytest.approx(wanted, abs=1e-9)


@given(st.floats(-6, 6))
def test_i_signal_chance_against_scipy(shift):
    wanted = stats.norm.sf(3 - shift) + stats.norm.cdf(-3 - shift)
    assert cc.i_signal_chance(shift) == pytest.approx(wanted)
    assert cc.i_signal_chance(-shift) == pytest.approx(wanted)
    assert cc.i_signal_chance(0) <= wanted + 1e-12
    assert cc.average_run_length(cc.i_signal_chance(0)) == pytest.approx(370.40, abs=0.005)


def test_signal_chances_at_the_ends():
    assert cc.p_signal_chance([0, 1], 200, 0.06).tolist() == [1, 1]
    assert cc.p_signal_chance([0, 1], 200, 0.06, exact=False).tolist() == [1, 1]
    assert cc.p_signal_chance([0, 1], 20, [0, 1]).tolist() == [0, 0]
    assert cc.p_signal_chance([0, 1], 20, [0, 1], exact=False).tolist() == [0, 0]
    assert cc.p_signal_chance(1, 2, 0.5) == 0, "the upper limit lies above 1"
    assert cc.c_signal_chance([0, 5], 0).tolist() == pytest.approx([0, 1 - np.exp(-5)])
    assert cc.average_run_length([0, 1]).tolist() == [np.inf, 1]


def test_run_length_by_simulation():
    """The delay of charts with a known centre line is what the signal chance says."""
    days = cc.simulate_p(days=20_000, n=200, before=0.06, after=0.09, shift_day=1, seed=5)
    limits = cc.p_limits(0.06, 200)
    outside = (days / 200 > limits.ucl) | (days / 200 < limits.lcl)
    chance = cc.p_signal_chance(0.09, 200, 0.06)
    assert outside.mean() == pytest.approx(chance, rel=0.05)
    assert np.diff(np.flatnonzero(outside)).mean() == pytest.approx(1 / chance, rel=0.05)


def test_overdispersion_against_statsmodels():
    defects, n = np.array([12, 10, 30, 4]), np.array([200, 250, 180, 90])
    fit = GLM(np.column_stack([defects, n - defects]), np.ones(4), family=families.Binomial()).fit()
    assert cc.overdispersion(defects, n) == pytest.approx(fit.pearson_chi2 / fit.df_resid)
    by_chance = cc.simulate_p(days=2000, n=500, shift_day=9999, seed=3)
    assert cc.overdispersion(by_chance, 500) == pytest.approx(1, abs=0.1)
    assert np.isnan(cc.overdispersion([0, 0], 10))
    assert np.isnan(cc.overdispersion([10, 10], 10))


def test_simulated_days_have_their_distribution():
    defects = cc.simulate_p(days=20_000, n=50, before=0.1, after=0.3, shift_day=10_001, seed=1)
    for part, share in ((defects[:10_000], 0.1), (defects[10_000:], 0.3)):
        counts = np.bincount(part, minlength=51)
        wanted = stats.binom.pmf(np.arange(51), 50, share)
        kept = wanted > 1e-3
        assert counts[kept] / 10_000 == pytest.approx(wanted[kept], abs=0.015)
    events = cc.simulate_c(days=20_000, before=9, after=13, shift_day=10_001, seed=1)
    assert events[:10_000].mean() == pytest.approx(9, abs=0.1)
    assert events[:10_000].var() == pytest.approx(9, rel=0.05)
    assert events[10_000:].mean() == pytest.approx(13, abs=0.15)
    assert stats.poisson.pmf(9, 9) == pytest.approx(np.mean(events[:10_000] == 9), abs=0.015)
    times = cc.simulate_i(days=20_000, before=6.2, after=8, sd=0.5, shift_day=10_001, seed=1)
    assert stats.kstest(times[:10_000], "norm", (6.2, 0.5)).pvalue > 0.01
    assert stats.kstest(times[10_000:], "norm", (8, 0.5)).pvalue > 0.01


def test_the_shift_starts_on_its_day():
    assert cc.simulate_p(5, 10, 0, 1, shift_day=3).tolist() == [0, 0, 10, 10, 10]
    assert cc.simulate_c(5, 0, 5000, shift_day=3).tolist()[:2] == [0, 0]
    assert min(cc.simulate_c(5, 0, 5000, shift_day=3)[2:]) > 4000
    assert cc.simulate_i(5, 1, 2, sd=0, shift_day=3).tolist() == [1, 1, 2, 2, 2]
    assert cc.simulate_p(5, 10, 0, 1, shift_day=6).tolist() == [0] * 5


def test_the_defaults_are_ds_04():
    assert len(cc.simulate_p()) == len(cc.simulate_c()) == len(cc.simulate_i()) == 90
    never = {"shift_day": 99}
    assert (cc.simulate_p()[:60] == cc.simulate_p(**never)[:60]).all()
    assert (cc.simulate_p() == cc.simulate_p(90, 200, 0.06, 0.09, 61, 0)).all()
    assert (cc.simulate_c() == cc.simulate_c(90, 9, 13, 61, 0)).all()
    assert (cc.simulate_i() == cc.simulate_i(90, 6.2, 6.7, 0.5, 61, 0)).all()


@given(st.floats(0, 0.5), st.floats(0, 0.5), st.integers(0, 2**31))
def test_more_never_gives_less_on_the_same_seed(before, more, seed):
    calm = cc.simulate_p(30, 100, before, before, seed=seed)
    worse = cc.simulate_p(30, 100, before, before + more, shift_day=11, seed=seed)
    assert (worse[:10] == calm[:10]).all()
    assert (worse[10:] >= calm[10:]).all()
    few = cc.simulate_c(30, 40 * before, 40 * (before + more), shift_day=11, seed=seed)
    assert (few >= cc.simulate_c(30, 40 * before, 40 * before, seed=seed)).all()


def test_tampering_doubles_the_variance():
    alone = cc.simulate_i(20_000, 6.2, 6.2, 0.5, seed=3)
    helped = cc.tamper(alone, 6.2)
    assert helped.var(ddof=1) == pytest.approx(2 * alone.var(ddof=1), rel=0.05)
    assert helped.mean() == pytest.approx(6.2, abs=0.02)
    # After every point: the process gives its own luck minus that of the day before.
    assert helped[1:] - 6.2 == pytest.approx(np.diff(alone))
    assert helped[0] == alone[0]


def test_acting_after_some_points_only():
    alone = np.array([11.0, 9.0, 10.0, 12.0])
    assert cc.tamper(alone, 10, act=False).tolist() == alone.tolist()
    # After the first point the process is moved down by 1, and stays there.
    assert cc.tamper(alone, 10, act=[True, False, False, False]).tolist() == [11, 8, 9, 11]
    # After the second by another 2, upwards.
    assert cc.tamper(alone, 10, act=[True, True, False, False]).tolist() == [11, 8, 11, 13]
    assert alone.tolist() == [11, 9, 10, 12]


def test_judge():
    signals = np.array([False, True, False, True, False, False, True, True])
    assert cc.judge(signals, shift_day=6) == (2, 2)
    assert cc.judge(signals, shift_day=7) == (2, 1)
    assert cc.judge(signals, shift_day=1) == (0, 2)
    assert cc.judge(signals, shift_day=9) == (4, np.inf)
    assert cc.judge(pd.Series(signals, range(5, 13)), shift_day=6) == (2, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cc.p_limits(1.1, 10), "center must be between 0 and 1"),
        (lambda: cc.p_limits(-0.1, 10), "center must be between 0 and 1"),
        (lambda: cc.p_limits(0.1, 0), "n must be a finite number, above 0"),
        (lambda: cc.c_limits(-1), "center must be a finite number, at least 0"),
        (lambda: cc.i_limits(np.nan, 1), "center must be a finite number"),
        (lambda: cc.i_limits(1, -1), "mean_range must be"),
        (lambda: cc.mr_limits(-1), "mean_range must be"),
        (lambda: cc.p_chart([], 10), "number of points must be .* at least 1; it is 0"),
        (lambda: cc.p_chart([11], 10), r"defects / n must be .* it is 1.1 \(position 0\)"),
        (lambda: cc.p_chart([-1], 10), "defects must be"),
        (lambda: cc.p_chart([1], 0), "n must be"),
        (lambda: cc.p_chart([[1]], 10), "defects must be a list of points; it has 2 dimensions"),
        (lambda: cc.p_chart([1, 2], 10, baseline=3), "baseline must be .* between 1 and 2"),
        (lambda: cc.p_chart([1, 2], 10, baseline=0), "baseline must be"),
        (lambda: cc.p_chart([1, 2], 10, run=1), "run must be a whole number, at least 2"),
        (lambda: cc.c_chart([1, -2]), r"counts must be .* \(position 1\)"),
        (lambda: cc.c_chart(pd.Series([1, None], ["mon", "tue"])), r"counts must.*\(row tue\)"),
        (lambda: cc.i_chart([1]), "number of points must be .* at least 2; it is 1"),
        (lambda: cc.i_chart([1, 2, 3], baseline=1), "baseline must be .* between 2 and 3"),
        (lambda: cc.i_chart([1, np.nan]), "values must be"),
        (lambda: cc.mr_chart([1]), "number of points must be"),
        (lambda: cc.moving_range_sigma([1]), "number of points must be"),
        (lambda: cc.overdispersion([1], 10), "points must be"),
        (lambda: cc.p_signal_chance(2, 10, 0.1), "p must be"),
        (lambda: cc.p_signal_chance(-1, 10, 0.1), "p must be"),
        (lambda: cc.p_signal_chance(0.1, 0, 0.1), "n must be"),
        (lambda: cc.p_signal_chance(0.1, 9.5, 0.1), "n must be a whole number"),
        (lambda: cc.p_signal_chance(0.1, 10, 2), "center must be"),
        (lambda: cc.c_signal_chance(-1, 1), "mean must be"),
        (lambda: cc.c_signal_chance(1, -1), "center must be"),
        (lambda: cc.i_signal_chance(np.nan), "shift must be"),
        (lambda: cc.average_run_length(1.1), "chance must be"),
        (lambda: cc.average_run_length(-0.1), "chance must be"),
        (lambda: cc.simulate_p(days=0), "days must be"),
        (lambda: cc.simulate_p(days=20_001), "days must be .* between 1 and 20000"),
        (lambda: cc.simulate_p(n=0), "n must be"),
        (lambda: cc.simulate_p(n=1_000_001), "n must be"),
        (lambda: cc.simulate_p(before=1.1), "before must be"),
        (lambda: cc.simulate_p(after=-0.1), "after must be"),
        (lambda: cc.simulate_p(shift_day=0), "shift_day must be"),
        (lambda: cc.simulate_c(days=20_001), "days must be"),
        (lambda: cc.simulate_c(before=-1), "before must be"),
        (lambda: cc.simulate_c(before=10_001), "before must be"),
        (lambda: cc.simulate_c(after=-1), "after must be"),
        (lambda: cc.simulate_c(after=10_001), "after must be"),
        (lambda: cc.simulate_i(days=20_001), "days must be"),
        (lambda: cc.simulate_i(sd=-1), "sd must be"),
        (lambda: cc.simulate_i(before=np.nan), "before must be"),
        (lambda: cc.simulate_i(after=np.inf), "after must be"),
        (lambda: cc.tamper([1, np.nan], 1), "values must be"),
        (lambda: cc.tamper([1, 2], np.nan), "target must be"),
        (lambda: cc.judge([True], 0), "shift_day must be"),
    ],
)
def test_impossible_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_charts_keep_the_labels_of_their_points():
    days = ["mon", "tue", "wed"]
    for chart in (cc.c_chart, cc.i_chart):
        assert list(chart(pd.Series([9, 8, 10], days)).index) == days


def test_points_on_the_centre_line_but_for_rounding_make_no_run():
    assert np.mean([0.3] * 10) != 0.3
    assert not cc.i_chart([0.3] * 10, run=8)["signal"].any()


def test_no_defects_have_no_overdispersion():
    assert np.isnan(cc.overdispersion([0, 0, 0], 200))


def test_only_days_without_defects_are_below_the_limit():
    found = cc.p_signal_chance(0.05, 100, 0.095)
    chance = stats.binom(100, 0.05)
    upper = 9.5 + 3 * np.sqrt(9.5 * 0.905)
    assert found == pytest.approx(chance.pmf(0) + chance.sf(np.floor(upper)))


def test_nothing_ever_happens():
    assert cc.simulate_c(days=5, before=0, after=0).tolist() == [0] * 5
    assert cc.simulate_c(days=1000, before=1, after=1).mean() == pytest.approx(1, abs=0.1)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        cc.p_limits,
        {"center": 0.1, "n": 50},
        {"center": ([-0.1, 1.1, NAN], [0, 1]), "n": ([0, NAN, INF], [1])},
    ),
    (cc.c_limits, {}, {"center": ([-0.1, NAN, INF], [0])}),
    (
        cc.i_limits,
        {"center": 0, "mean_range": 1},
        {"center": ([NAN, INF], [-1]), "mean_range": ([-0.1, NAN, INF], [0])},
    ),
    (cc.mr_limits, {}, {"mean_range": ([-0.1, NAN, INF], [0])}),
    (
        cc.p_chart,
        {"defects": [1, 2, 3], "n": 50},
        {
            "defects": ([[1, 51], [1, -1], [1, NAN]], [[0, 50]]),
            "n": ([0, NAN], [50]),
            "baseline": ([0, 1.5, 4], [1, 3]),
            "run": ([1, 2.5], [2]),
        },
    ),
    (cc.p_chart, {"defects": [0, 1, 1]}, {"n": ([0, INF], [1])}),
    (
        cc.c_chart,
        {"counts": [9, 8, 10]},
        {
            "counts": ([[9, NAN], [9, -1]], [[9, 0]]),
            "baseline": ([0, 1.5, 4], [1, 3]),
            "run": ([1, 2.5], [2]),
        },
    ),
    *(
        (function, {}, {"values": ([[1, NAN], [1, INF]], [[1, -2]])})
        for function in (cc.i_chart, cc.mr_chart, cc.moving_range_sigma)
    ),
    (
        cc.p_signal_chance,
        {"p": 0.1, "n": 50, "center": 0.1},
        {
            "p": ([-0.1, 1.1, NAN], [0, 1]),
            "n": ([0, 1.5], [1]),
            "center": ([-0.1, 1.1], [0, 1]),
        },
    ),
    (
        cc.c_signal_chance,
        {"mean": 9, "center": 9},
        {"mean": ([-0.1, NAN, INF], [0]), "center": ([-0.1, NAN, INF], [0])},
    ),
    (cc.i_signal_chance, {}, {"shift": ([NAN, INF], [-1])}),
    (cc.average_run_length, {}, {"chance": ([-0.1, 1.1, NAN], [0, 1])}),
    (
        cc.simulate_p,
        {},
        {
            "days": ([0, 1.5, cc.MOST_DAYS + 1], [1, cc.MOST_DAYS]),
            "n": ([0, 1.5, 1_000_001], [1, 1_000_000]),
            "before": ([-0.1, 1.1, NAN], [0, 1]),
            "after": ([-0.1, 1.1, NAN], [0, 1]),
            "shift_day": ([0, 1.5], [1]),
        },
    ),
    (
        cc.simulate_c,
        {},
        {
            "days": ([0, cc.MOST_DAYS + 1], [1]),
            "before": ([-0.1, 10_001, NAN], [0, 10_000]),
            "after": ([-0.1, 10_001, NAN], [0, 10_000]),
        },
    ),
    (
        cc.simulate_i,
        {},
        {
            "days": ([0, cc.MOST_DAYS + 1], [1]),
            "before": ([NAN, INF], [-1]),
            "after": ([NAN, INF], [-1]),
            "sd": ([-0.1, NAN, INF], [0]),
        },
    ),
    (cc.tamper, {"values": [1, 2]}, {"target": ([NAN, INF], [-1])}),
    (cc.judge, {"signals": [True, False]}, {"shift_day": ([0, 1.5], [1, 2])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
