import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models.zone_of_tolerance import zone_of_tolerance

levels = st.floats(1, 7)


@pytest.mark.oracle("O2.2")
def test_o2_2():
    zone = zone_of_tolerance(5.7, 5.2, 6.6)
    assert (zone.msa, zone.mss, zone.width) == pytest.approx((0.5, -0.9, 1.4))
    assert zone.position == pytest.approx(0.3571, abs=5e-5)
    assert zone.state == "inside"


@pytest.mark.oracle("O5.1")
@pytest.mark.parametrize(
    ("perceived", "msa", "mss", "position", "state"),
    [
        (6.1, 0.9, -1.2, 0.4286, "inside"),
        (4.8, -0.4, -2.5, -0.1905, "below"),
        (7.6, 2.4, 0.3, 1.1429, "above"),
    ],
)
def test_o5_1(perceived, msa, mss, position, state):
    zone = zone_of_tolerance(perceived, 5.2, 7.3)
    assert zone[:2] == pytest.approx((msa, mss))
    assert zone.position == pytest.approx(position, abs=5e-5)
    assert zone.state == state


def test_q2_8():
    zone = zone_of_tolerance(6.2, 5.0, 6.0)
    assert zone.position == pytest.approx(1.2)
    assert zone.state == "above"


def test_the_edges_are_inside():
    zone = zone_of_tolerance([5.2, 6.6], 5.2, 6.6)
    assert zone.position.tolist() == [0, 1]
    assert zone.state.tolist() == ["inside", "inside"]


def test_a_zone_without_width_has_states_but_no_position():
    zone = zone_of_tolerance([4, 5, 6], 5, 5)
    assert np.isnan(zone.position).all()
    assert zone.state.tolist() == ["below", "inside", "above"]


def test_contradicting_or_missing_levels_are_undefined():
    zone = zone_of_tolerance([5, np.nan, 5, 5], [6, 4, np.nan, 4], [4, 6, 6, np.nan])
    assert np.isnan(zone.position).all()
    assert zone.state.tolist() == ["undefined"] * 4


@given(levels, levels, levels)
def test_state_sign_and_position_agree(perceived, adequate, desired):
    zone = zone_of_tolerance(perceived, adequate, desired)
    assert zone.msa - zone.mss == pytest.approx(zone.width, abs=1e-12)
    if desired < adequate:
        assert zone.state == "undefined"
    else:
        assert (zone.state == "below") == (zone.msa < 0)
        assert (zone.state == "above") == (zone.mss > 0 and zone.msa >= 0)
    if zone.width > 1e-6:
        assert adequate + zone.position * zone.width == pytest.approx(perceived)


@given(st.lists(st.tuples(levels, levels, levels), min_size=1, max_size=20))
def test_arrays_give_what_scalars_give(rows):
    together = zone_of_tolerance(*np.array(rows).T)
    for i, row in enumerate(rows):
        alone = zone_of_tolerance(*row)
        assert together.state[i] == alone.state
        assert together.position[i] == pytest.approx(alone.position, nan_ok=True)
