"""R7.2 and the source card of the complaints about banks."""

import pytest

from servicequality import data


@pytest.fixture(scope="module")
def sample():
    return data.load("cfpb-complaints")


@pytest.fixture(scope="module")
def bank():
    return data.load("cfpb-complaints", "bank_of_america")


@pytest.mark.oracle("R7.2")
@pytest.mark.parametrize(
    ("response", "share", "n"),
    [
        ("Closed with explanation", 0.1953, 7101),
        ("Closed with monetary relief", 0.0921, 630),
        ("Closed with non-monetary relief", 0.0960, 1364),
        ("Closed", 0.2785, 79),
    ],
)
def test_r7_2_disputed_by_answer(sample, response, share, n):
    disputed = sample.loc[sample["company_response"] == response, "consumer_disputed"] == "Yes"
    assert len(disputed) == n
    assert disputed.mean() == pytest.approx(share, abs=5e-5)


def test_size(sample):
    assert len(sample) == 10_032
    assert sample["company"].nunique() == 20
    open_cases = sample["company_response"].isin(["In progress", "Untimely response"])
    assert open_cases.sum() == 858
    assert (sample.loc[open_cases, "consumer_disputed"] == "No").all(), "cannot be disputed yet"


def test_bank_of_america(bank):
    assert len(bank) == 62_516
    assert bank["company_response"].value_counts().to_dict() == {
        "Closed with explanation": 41_044,
        "Closed with monetary relief": 14_697,
        "Closed with non-monetary relief": 5_273,
        "In progress": 1_494,
        "Closed": 8,
    }
    assert bank["timely_response"].value_counts().to_dict() == {"Yes": 58_619, "No": 2_403}
    assert (bank["timely_response"].isna() == (bank["company_response"] == "In progress")).all()


def test_monetary_relief_by_product(bank):
    relief = bank["company_response"] == "Closed with monetary relief"
    by_product = relief.groupby(bank["product"]).mean()
    assert by_product["Checking or savings account"] == pytest.approx(0.323, abs=5e-4)
    credit = next(product for product in by_product.index if product.startswith("Credit reporting"))
    assert by_product[credit] == pytest.approx(0.035, abs=5e-4)


def test_all_companies():
    complaints = data.load("cfpb-complaints", "all_companies")
    assert len(complaints) == 3186
    months = complaints["date_received"].dt.strftime("%Y-%m").value_counts(normalize=True)
    assert months[["2016-01", "2016-02", "2013-07", "2013-08"]].sum() > 0.9
