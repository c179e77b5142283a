"""No dataset holds personal data: no e-mail addresses, telephone numbers or people's names."""

import re

import pandas as pd
import pytest

from servicequality import data

E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
TELEPHONE = re.compile(
    r"""(?<![\w.,-])(?:
        \+\d{1,3}(?:[\s().-]*\d){7,12}                       # +44 20 7946 0958
        | (?:1[\s.-])?(?:\(\d{3}\)\s?|\d{3}[\s.-])\d{3}[\s.-]\d{4}  # (617) 555-0123
        | 0\d{2,4}[\s/-]\d{3,4}[\s-]?\d{3,6}                 # 020 7946 0958
    )(?![\w-])""",
    re.VERBOSE,
)
PERSONAL = {
    "address",
    "birth",
    "birthday",
    "birthdate",
    "email",
    "firstname",
    "forename",
    "fullname",
    "ip",
    "lastname",
    "latitude",
    "longitude",
    "mail",
    "name",
    "passport",
    "phone",
    "postcode",
    "ssn",
    "street",
    "surname",
    "telephone",
    "zip",
}
NAMES_OF_THINGS = {("gc-service-standards", "service_name"), ("hcahps", "state_name")}
TABLES = [
    (name, resource["name"])
    for name in data.names()
    for resource in data.describe(name)["resources"]
]


def personal_columns(columns):
    return [column for column in columns if PERSONAL & set(re.split(r"[^a-z]+", column.lower()))]


def personal_texts(frame):
    """First e-mail address or telephone number of each column of texts."""
    found = {}
    for column in frame.select_dtypes("str"):
        for text in frame[column].dropna().unique():
            if E_MAIL.search(text) or TELEPHONE.search(text):
                found[column] = text
                break
    return found


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_no_personal_data(name, table):
    frame = data.load(name, table)
    suspects = {(name, column) for column in personal_columns(frame.columns)}
    assert suspects <= NAMES_OF_THINGS
    assert personal_texts(frame) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Write to jo.bloggs@example.org today",
        "call (617) 555-0123",
        "1-800-555-0199",
        "617.555.0123",
        "+44 20 7946 0958",
        "+861012345678",
        "tel. 020 7946 0958",
    ],
)
def test_the_search_finds_them(text):
    assert personal_texts(pd.DataFrame({"note": ["harmless", text]})) == {"note": text}


@pytest.mark.parametrize("text", ["2015-01-02", "100-150k", "$50,000 - $99,999", "3-6", "at noon"])
def test_the_search_leaves_others_alone(text):
    assert personal_texts(pd.DataFrame({"note": [text]})) == {}


def test_the_search_finds_columns():
    columns = ["Customer_Name", "e_mail", "phone no", "zip", "type", "nps_0_10", "surname"]
    assert personal_columns(columns) == ["Customer_Name", "e_mail", "phone no", "zip", "surname"]
