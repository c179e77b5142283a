import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from servicequality.models.perceived_quality import gap_gains, iso_quality, perceived_quality

levels = st.floats(0, 100)
positive = st.floats(1, 100)
weights = st.floats(0, 1)
exponents = st.floats(-50, 1) | st.just(-np.inf)
images = st.floats(-1, 1)


@pytest.mark.oracle("O1.1a")
@pytest.mark.parametrize(
    ("rho", "experienced"),
    [(1, 68.0), (0, 66.2891), (-2, 62.7765), (-10, 54.7237), (-np.inf, 50)],
)
def test_o1_1a(rho, experienced):
    result = perceived_quality(80, 50, 75, weight=0.6, rho=rho)
    assert result.experienced == pytest.approx(experienced, abs=5e-5)


@pytest.mark.oracle("O1.1b")
@pytest.mark.parametrize(
    ("image", "filtered", "gap"), [(0, 68, -7), (0.6, 70.1, -4.9), (-0.6, 65.9, -9.1)]
)
def test_o1_1b(image, filtered, gap):
    result = perceived_quality(80, 50, 75, weight=0.6, image=image, phi=0.5)
    assert result.experienced == pytest.approx(68)
    assert result.filtered == pytest.approx(filtered, abs=5e-5)
    assert result.gap == pytest.approx(gap, abs=5e-5)


def test_d1_1_challenge():
    """Seventy and seventy do; ninety-five and forty-five, with the same sum, do not."""
    assert perceived_quality(70, 70, 68, 0.6, -2).gap == 2
    lopsided = perceived_quality(95, 45, 68, 0.6, -2)
    assert lopsided.experienced == pytest.approx(61.5, abs=0.05)


def test_the_defaults_are_equal_weights_full_compensation_and_no_image():
    assert perceived_quality(80, 50, 75) == pytest.approx((65, 65, -10))
    assert perceived_quality(80, 50, 75, image=1).filtered == pytest.approx(70), "phi is 0.5"


@pytest.mark.parametrize("rho", [1, 0.3, 0, -2, -np.inf])
def test_a_weight_of_0_or_1_leaves_a_single_component(rho):
    assert perceived_quality(80, 0, 50, 1, rho).experienced == 80
    assert perceived_quality(0, 80, 50, 0, rho).experienced == 80
    assert perceived_quality(0, 80, 50, 1, rho).experienced == 0


@pytest.mark.parametrize("rho", [0, -1e-9, -0.5, -40, -np.inf])
def test_without_full_compensation_a_zero_spoils_all(rho):
    assert perceived_quality([0, 90, 0], [90, 0, 0], 50, 0.4, rho).experienced.tolist() == [0, 0, 0]


def test_with_compensation_a_zero_does_not_spoil_all():
    assert perceived_quality(0, 90, 50, 0.4, 1).experienced == pytest.approx(54)
    assert perceived_quality(0, 90, 50, 0.4, 0.5).experienced == pytest.approx(90 * 0.6**2)
    assert perceived_quality(0, 0, 50, 0.4, 0.5).experienced == 0


@pytest.mark.parametrize("rho", [1e-9, -1e-9, 2e-8, -2e-8])
def test_the_geometric_mean_is_reached_smoothly(rho):
    near = perceived_quality(80, 50, 75, 0.6, rho).experienced
    assert near == pytest.approx(80**0.6 * 50**0.4, rel=1e-7)
    mild = perceived_quality(80, 50, 75, 0.6, [-0.05, 0.05]).experienced
    wanted = [stats.pmean([80, 50], rho, weights=[0.6, 0.4]) for rho in (-0.05, 0.05)]
    assert mild == pytest.approx(wanted)


def test_strong_exponents_do_not_run_out_of_digits():
    assert perceived_quality(80, 50, 75, 0.6, -1000).experienced == pytest.approx(
        50 * 0.4 ** (-1 / 1000)
    )


def test_what_overflows_on_the_way_warns_nobody():
    with np.errstate(over="raise"):
        tiny = perceived_quality(100, 1e-310, 75, 0.5, -1).experienced
        steep = iso_quality(70, rho=-1000, points=21)
    assert 0 < tiny < 1e-300
    assert steep["technical"].min() == pytest.approx(70, abs=0.1)


def test_image_never_creates_a_surplus_and_leaves_one_alone():
    surplus = perceived_quality(90, 90, 75, image=[-1, 0, 1], phi=1)
    assert surplus.filtered.tolist() == [90, 90, 90]
    full = perceived_quality(60, 60, 75, image=[-1, 1], phi=1)
    assert full.filtered == pytest.approx([45, 75])


def test_a_bad_image_cannot_push_below_zero():
    assert perceived_quality(10, 10, 90, image=-1, phi=1) == pytest.approx((10, 0, -90))


def test_missing_input_gives_missing_output():
    for arguments in (
        (np.nan, 50, 75, 0.6, 1.0, 0.0),
        (80, np.nan, 75, 1.0, 1.0, 0.0),
        (np.nan, 50, 75, 0.0, 0.0, 0.0),
        (80, 50, 75, np.nan, -np.inf, 0.0),
        (80, 50, 75, 1.0, np.nan, 0.0),
    ):
        assert np.isnan(perceived_quality(*arguments)).all()
    for arguments in (
        (90, 90, np.nan),
        (90, 90, 75, 0.5, 1, np.nan),
        (90, 90, 75, 0.5, 1, 0, np.nan),
    ):
        result = perceived_quality(*arguments)
        assert result.experienced == 90
        assert np.isnan(result.gap)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"technical": 101}, "technical must be between 0 and 100; it is 101"),
        ({"functional": -1}, "functional must be between 0 and 100; it is -1"),
        ({"expected": [50, 120]}, r"expected must be .* it is 120 \(position 1\)"),
        ({"weight": 1.1}, "weight must be between 0 and 1"),
        ({"rho": 1.5}, "rho must be at most 1; it is 1.5"),
        ({"image": 2}, "image must be between -1 and 1"),
        ({"phi": -0.1}, "phi must be between 0 and 1"),
    ],
)
def test_impossible_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        perceived_quality(**{"technical": 80, "functional": 50, "expected": 75} | arguments)


@given(positive, positive, weights, st.floats(-20, 1))
def test_experienced_quality_against_scipy(technical, functional, weight, rho):
    rho = rho if abs(rho) > 1e-6 else 0.0  # nearer to 0 scipy loses its digits
    wanted = stats.pmean([technical, functional], rho, weights=[weight, 1 - weight])
    found = perceived_quality(technical, functional, 50, weight, rho).experienced
    assert found == pytest.approx(wanted, rel=1e-6)


@given(levels, levels, levels, weights, exponents, images, weights)
def test_bounds_and_signs(technical, functional, expected, weight, rho, image, phi):
    x, filtered, gap = perceived_quality(technical, functional, expected, weight, rho, image, phi)
    assert min(technical, functional) - 1e-9 <= x <= max(technical, functional) + 1e-9
    assert 0 <= filtered <= 100
    assert gap == filtered - expected
    if x >= expected:
        assert filtered == x
    else:
        assert filtered <= expected + 1e-9
        assert (filtered - x) * image >= 0


@given(positive, positive, weights, st.floats(-50, 1), st.floats(0, 5))
def test_less_compensation_never_helps(technical, functional, weight, rho, less):
    more = perceived_quality(technical, functional, 50, weight, rho).experienced
    assert (
        perceived_quality(technical, functional, 50, weight, rho - less).experienced <= more + 1e-6
    )


@given(positive, positive, st.floats(0.1, 1), weights, exponents)
def test_the_unit_of_the_scale_does_not_matter(technical, functional, unit, weight, rho):
    one = perceived_quality(technical, functional, 50, weight, rho).experienced
    other = perceived_quality(technical * unit, functional * unit, 50, weight, rho).experienced
    assert other == pytest.approx(one * unit)


@given(st.lists(st.tuples(levels, levels, levels, weights, exponents, images), min_size=1))
def test_arrays_give_what_scalars_give(rows):
    together = perceived_quality(*np.array(rows).T)
    for i, row in enumerate(rows):
        assert [part[i] for part in together] == pytest.approx(perceived_quality(*row))


@pytest.mark.oracle("O1.1a")
def test_gap_gains():
    assert gap_gains(80, 50, 75) == pytest.approx((2.5, 2.5)), "equal weights unless given"
    full = gap_gains(80, 50, 75, weight=0.6)
    assert full == pytest.approx((3, 2)), "with full compensation the weights decide"
    weak = gap_gains(80, 50, 75, weight=0.6, rho=-np.inf)
    assert weak == pytest.approx((0, 5)), "without compensation the weaker quality decides"
    helped = gap_gains(80, 50, 75, 0.6, 1, 0.6, step=10)
    assert helped == pytest.approx((6 * 0.7, 4 * 0.7)), "image had bought back 30 % already"


def test_gap_gains_stop_at_the_end_of_the_scale():
    gains = gap_gains([98, 100], [50, 97], 75)
    assert gains.technical == pytest.approx([1, 0])
    assert gains.functional == pytest.approx([2.5, 1.5])
    with pytest.raises(ValueError, match="step must be"):
        gap_gains(80, 50, 75, step=-5)
    with pytest.raises(ValueError, match="technical must be"):
        gap_gains(101, 50, 75)


@given(st.floats(5, 100), st.floats(0.05, 0.95) | st.sampled_from([0.0, 1.0]), exponents)
def test_iso_lines_hold_their_level(level, weight, rho):
    line = iso_quality(level, weight, rho, points=21)
    found = perceived_quality(line["technical"], line["functional"], 50, weight, rho).experienced
    assert found == pytest.approx(np.full(len(line), level), rel=1e-6)
    assert set(line.dtypes) == {np.dtype(float)}
    assert (line["technical"].diff().dropna() >= 0).all()
    assert (line["functional"].diff().dropna() <= 1e-9).all()


def test_iso_lines_reach_the_edges_of_the_map():
    coarse = iso_quality(70, points=3)
    assert coarse.index.tolist() == [0, 1, 2, 3]
    assert coarse.to_numpy() == pytest.approx(np.array([[40, 100], [50, 90], [90, 50], [100, 40]]))
    assert iso_quality(50, points=3).to_numpy().tolist() == [
        *([0, 100], [0, 100], [50, 50], [50, 50], [100, 0], [100, 0])
    ]
    assert iso_quality(75, points=21).to_numpy().max() == 100, "not a binary digit beyond the edge"
    line = iso_quality(70)
    assert set(line["technical"].round(9)) == set(range(40, 101)), "every whole number"
    assert line.iloc[0].tolist() == pytest.approx([40, 100])
    assert line.iloc[-1].tolist() == pytest.approx([100, 40])
    corner = iso_quality(70, rho=-np.inf, points=11)
    assert corner[corner["technical"] > 70]["functional"].unique().tolist() == [70]
    assert corner[corner["technical"] == 70]["functional"].tolist() == [100, 90, 80, 70, 70]
    only_technical = iso_quality(70, weight=1, points=11)
    assert only_technical["technical"].unique().tolist() == [70]
    assert only_technical["functional"].tolist() == list(range(100, -1, -10))
    only_functional = iso_quality(70, weight=0, rho=-np.inf, points=11)
    assert only_functional["functional"].unique().tolist() == [70]
    assert only_functional["technical"].tolist() == list(range(0, 101, 10))
    assert iso_quality(100, weight=0.5, rho=0, points=2).to_numpy().tolist() == [[100, 100]] * 2


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((0,), "level"),
        ((101,), "level"),
        ((50, 2), "weight"),
        ((50, 0.5, 2), "rho"),
        ((50, 0.5, 1, 1), "points"),
    ],
)
def test_impossible_iso_lines(arguments, name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        iso_quality(*arguments)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        perceived_quality,
        {"technical": 80, "functional": 50, "expected": 75},
        {
            "technical": ([-0.1, 100.1], [0, 100, NAN]),
            "functional": ([-0.1, 100.1], [0, 100, NAN]),
            "expected": ([-0.1, 100.1], [0, 100, NAN]),
            "weight": ([-0.1, 1.1], [0, 1, NAN]),
            "rho": ([1.1], [1, -INF, NAN]),
            "image": ([-1.1, 1.1], [-1, 1, NAN]),
            "phi": ([-0.1, 1.1], [0, 1, NAN]),
        },
    ),
    (
        gap_gains,
        {"technical": 80, "functional": 50, "expected": 75},
        {"step": ([-0.1, NAN, INF], [0])},
    ),
    (
        iso_quality,
        {"level": 70},
        {
            "level": ([0, 100.1, NAN], [0.1, 100]),
            "weight": ([-0.1, 1.1, NAN], [0, 1]),
            "rho": ([1.1, NAN], [1, -INF]),
            "points": ([1, 2.5], [2]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
