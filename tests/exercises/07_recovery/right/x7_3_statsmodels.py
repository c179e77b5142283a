"""The formulas of statsmodels, and its comparison of means."""

import statsmodels.formula.api as smf
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW


def fit_justice(df):
    failed = df[df["severity"].isin(["minor", "severe"])]
    failed = failed.assign(severe=(failed["severity"] == "severe").astype(int))
    fitted = smf.ols("post ~ pre + severe + DJ + PJ + IJ + DJ:IJ", failed).fit()
    return fitted.params.rename({"Intercept": "const"})


def paradox_test(df, severity):
    full = df.query("severity == @severity and DJ == 1 and PJ == 1 and IJ == 1")
    control = df.query("severity == 'none'")
    groups = [DescrStatsW(group["post"].dropna()) for group in (full, control)]
    means = CompareMeans(*groups)
    se = means.std_meandiff_separatevar
    diff = groups[0].mean - groups[1].mean
    booked = [group["repurchase"].dropna() for group in (full, control)]
    shares = [group.sum() / len(group) for group in booked]
    return {
        "diff": diff,
        "lo": diff - 1.96 * se,
        "hi": diff + 1.96 * se,
        "repurchase_diff": shares[0] - shares[1],
    }
