from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from servicequality import data

# A shared machine may be slow; the same examples every time keep a failure repeatable.
settings.register_profile("course", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("course")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fail where a learner would see NumPy warn of a division by zero or a NaN from nowhere."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            for warning in ("divide by zero", "invalid value"):
                item.add_marker(pytest.mark.filterwarnings(f"error:{warning}:RuntimeWarning"))


@pytest.fixture(scope="session")
def kiosk() -> pd.DataFrame:
    """Return the whole survey, the four people who never used a kiosk included."""
    return data.load("kiosk-survey")


@pytest.fixture(scope="session")
def kiosk_dimensions() -> dict[str, list[str]]:
    """Return the authors' first model: eight dimensions of three item numbers each."""
    items = data.load("kiosk-survey", "items")
    asked = items[items["block"] == "expectation"]
    return {
        dimension: [f"{number:02}" for number in numbers]
        for dimension, numbers in asked.groupby("dimension_initial_8", sort=False)["item_no"]
    }


@pytest.fixture(scope="session")
def hotel() -> pd.DataFrame:
    """Return DS-01."""
    return data.load("hotel-servqual")


@pytest.fixture(scope="session")
def assert_limits() -> Callable[..., None]:
    """Return a check of what a function refuses and accepts.

    It takes the function, arguments that are allowed, and for each parameter a list of values to
    refuse, in words that name the parameter, what is allowed and the value, and one to accept.
    """

    def check(
        function: Callable[..., object],
        arguments: dict[str, object],
        limits: dict[str, tuple[list[object], list[object]]],
    ) -> None:
        for name, (refused, accepted) in limits.items():
            for wrong in refused:
                with pytest.raises(ValueError, match=f"^{name}.* must .+; it is .+"):
                    function(**{**arguments, name: wrong})
            for right in accepted:
                function(**{**arguments, name: right})

    return check
