"""R1.1 and the source card of HCAHPS."""

import pandas as pd
import pytest

from servicequality import data

TOP_BOX = {
    "h_comp_7_sa": 0.8670,
    "h_comp_1_a_p": 0.8215,
    "h_comp_2_a_p": 0.7440,
    "h_comp_5_a_p": 0.7315,
    "h_comp_3_a_p": 0.7185,
    "h_comp_6_y_p": 0.6766,
    "h_clean_hsp_a_p": 0.6385,
    "h_quiet_hsp_a_p": 0.6333,
}


@pytest.fixture(scope="module")
def hospitals():
    return data.load("hcahps")


@pytest.fixture(scope="module")
def national():
    results = data.load("hcahps", "national")
    return results.set_index(["release", "measure_id"])["top_box_pct"].unstack()  # noqa: PD010


@pytest.mark.oracle("R1.1")
def test_r1_1_what_goes_with_the_verdict(hospitals):
    assert len(hospitals) == 3225
    rho = hospitals[list(TOP_BOX)].corrwith(hospitals["h_hsp_rating_9_10"], method="spearman")
    assert rho.to_dict() == pytest.approx(TOP_BOX, abs=5e-5)
    assert rho.idxmax() == "h_comp_7_sa"


@pytest.mark.oracle("R1.1")
def test_r1_1_california(hospitals):
    state = hospitals[hospitals["state"] == "CA"]
    assert len(state) == 284
    rho = state[list(TOP_BOX)].corrwith(state["h_hsp_rating_9_10"], method="spearman")
    ranked = rho.sort_values(ascending=False)
    assert list(ranked.index[:2]) == ["h_comp_7_sa", "h_comp_1_a_p"]
    assert ranked.to_list()[:2] == pytest.approx([0.8628, 0.8518], abs=5e-5)


@pytest.mark.oracle("R1.1")
def test_r1_1_most_variance_between_hospitals_is_signal(hospitals):
    """Sampling variance of a share, averaged over the three answers that make it up."""
    share = hospitals["h_comp_1_a_p"] / 100
    noise = (share * (1 - share) / hospitals["completed_surveys"]).mean()
    assert 1 - noise / share.var() == pytest.approx(0.85, abs=0.05)


def test_national_results(national):
    assert national["H_HSP_RATING"].to_list() == [71, 72, 73, 73, 73, 73, 73, 72, 70]
    assert national["H_COMP_3"].to_list() == [68, 68, 69, 70, 70, 70, 70, 67, 65]


def test_boxes_add_up():
    for table, rows in (("national", 90), ("states", 4580)):
        results = data.load("hcahps", table)
        boxes = ["bottom_box_pct", "middle_box_pct", "top_box_pct"]
        assert len(results) == rows
        assert results[boxes].sum(axis=1).eq(100).all()


def test_hospitals(hospitals):
    assert hospitals.shape == (3225, 77)
    assert hospitals["beds"].isna().sum() == hospitals.isna().to_numpy().sum() == 144
    assert hospitals["completed_surveys"].min() == 100
    assert hospitals["completed_surveys"].median() == 462
    means = {"h_comp_1_a_p": 76.93, "h_comp_3_a_p": 61.61, "h_recmnd_dy": 67.28}
    means["h_quiet_hsp_a_p"] = 58.48
    assert hospitals[list(means)].mean().to_dict() == pytest.approx(means, abs=5e-3)
    with_rating = hospitals[["h_comp_1_a_p", "h_comp_2_a_p", "h_quiet_hsp_a_p"]].corrwith(
        hospitals["h_hsp_rating_9_10"]
    )
    assert with_rating.to_list() == pytest.approx([0.85, 0.76, 0.66], abs=5e-3)
    beds = hospitals[["h_comp_3_a_p", "h_hsp_rating_9_10"]].corrwith(
        hospitals["beds"], method="spearman"
    )
    assert beds.to_list() == pytest.approx([-0.596, -0.351], abs=5e-4)


def test_matched_hospitals(hospitals):
    earlier = data.load("hcahps", "hospitals_2013")
    assert earlier.shape == (4065, 36)
    both = earlier.merge(hospitals, on="facility_id", suffixes=("_2013", "_2022"))
    assert len(both) == 2921
    assert both["h_comp_1_a_p_2013"].mean() == pytest.approx(78.29, abs=5e-3)
    assert both["h_comp_1_a_p_2022"].mean() == pytest.approx(76.64, abs=5e-3)


def test_response_rates_keep_the_words_of_the_publisher():
    rates = data.load("hcahps", "response_rates")
    assert rates.shape == (43_219, 5)
    words = pd.to_numeric(rates["completed_surveys"], errors="coerce").isna()
    assert set(rates.loc[words, "completed_surveys"]) >= {
        "Not Available",
        "300 or more",
        "FEWER THAN 50",
    }
    rate = pd.to_numeric(rates["response_rate_pct"], errors="coerce")
    mean = rate.groupby(rates["release"]).mean()
    assert mean["07_2015"] == pytest.approx(30.8, abs=0.05)
    assert mean["07_2023"] == pytest.approx(22.7, abs=0.05)


def test_keys_join(national):
    measures = data.load("hcahps", "measures")
    assert set(measures["measure_id"]) == set(national.columns)
    assert set(data.load("hcahps", "questions")["measure_id"]) == set(measures["measure_id"])
    assert list(data.load("hcahps", "releases")["release"]) == list(national.index)
    assert set(data.load("hcahps", "regions")["state"]) == set(
        data.load("hcahps", "states")["state"]
    )
