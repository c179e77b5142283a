from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from servicequality.models import participation
from servicequality.models.participation import Task

tasks = st.builds(
    Task,
    work_min=st.floats(1, 60),
    staff_cost=st.floats(0, 3),
    customer_cost=st.floats(0, 3),
    efficiency=st.floats(0.1, 1),
    rework_min=st.floats(0, 20),
    error_loss=st.floats(0, 50),
    staff_error=st.floats(0, 1),
    customer_error=st.floats(0, 0.5),
    overload_error=st.floats(0, 0.5),
)
shares = st.floats(0, 1)


@pytest.mark.oracle("O4.1")
def test_o4_1_optimum_and_costs():
    task = Task()
    best = participation.optimal_share(task)
    assert best == pytest.approx(0.6333, abs=5e-5)
    assert participation.costs([0, best, 1], task).total == pytest.approx(
        [6.1500, 5.5483, 5.7500], abs=5e-5
    )


@pytest.mark.oracle("O4.1")
def test_o4_1_errors_and_productivity():
    task = Task()
    points = [0, participation.optimal_share(task), 1]
    assert participation.error_probability(points, task) == pytest.approx(
        [0.030, 0.163, 0.350], abs=5e-4
    )
    assert participation.customers_per_hour(points, task) == pytest.approx(
        [4.950, 11.876, 42.857], abs=5e-4
    )


@pytest.mark.oracle("O4.1")
@pytest.mark.parametrize(
    ("changes", "share"),
    [
        ({"efficiency": 0.9, "overload_error": 0.15}, 1),
        ({"customer_cost": 0.29}, 0.0333),
        ({"customer_cost": 0.35}, 0),
    ],
)
def test_o4_1_trained_customers_and_dearer_time(changes, share):
    assert participation.optimal_share(Task(**changes)) == pytest.approx(share, abs=5e-5)


@pytest.mark.oracle("O4.1")
def test_o4_1_break_even_is_near_the_staff_cost_times_efficiency():
    assert participation.break_even_customer_cost(Task()) == pytest.approx(0.30, abs=0.0051)
    equal = Task(customer_error=0.03)
    assert participation.break_even_customer_cost(equal) == pytest.approx(0.5 * 0.6)


def test_d4_1_payroll_falls_all_the_way_and_the_total_turns():
    costs = participation.costs(np.linspace(0, 1, 101), Task())
    assert (np.diff(costs.payroll) < 0).all()
    assert costs.total.argmin() == 63


@pytest.mark.parametrize(("efficiency", "solved"), [(0.828, True), (0.827, False)])
def test_d4_1_challenge(efficiency, solved):
    share = participation.optimal_share(Task(efficiency=efficiency))
    assert (share == 1) is solved


@given(tasks)
def test_optimum_against_scipy_and_a_grid(task):
    best = participation.optimal_share(task)
    cost = participation.costs(best, task).total
    assert 0 <= best <= 1
    assert cost <= participation.costs(np.linspace(0, 1, 1001), task).total.min() + 1e-9
    found = minimize_scalar(
        lambda s: float(participation.costs(np.clip(s, 0, 1), task).total),
        bounds=(0, 1),
        method="bounded",
    )
    assert cost <= found.fun + 1e-9


@given(tasks, shares)
def test_parts_add_up_and_are_not_negative(task, share):
    costs = participation.costs(share, task)
    assert min(costs) >= 0
    assert costs.payroll == pytest.approx(costs.work + costs.rework)
    assert costs.total == pytest.approx(
        costs.work + costs.rework + costs.customer_time + costs.error_loss
    )
    assert 0 <= participation.error_probability(share, task) <= 1
    minutes = (costs.work + costs.rework) / task.staff_cost if task.staff_cost > 0.01 else None
    if minutes is not None and minutes > 1e-6:
        assert participation.customers_per_hour(share, task) * minutes == pytest.approx(60)


@given(tasks, st.floats(0, 3))
def test_dearer_customer_time_never_raises_the_share(task, more):
    dearer = replace(task, customer_cost=task.customer_cost + more)
    assert participation.optimal_share(dearer) <= participation.optimal_share(task) + 1e-9


@given(tasks, st.floats(0.1, 10), shares)
def test_the_unit_of_money_does_not_matter(task, unit, share):
    other = replace(
        task,
        staff_cost=task.staff_cost * unit,
        customer_cost=task.customer_cost * unit,
        error_loss=task.error_loss * unit,
    )
    assert participation.costs(share, other).total == pytest.approx(
        unit * participation.costs(share, task).total
    )


@given(tasks)
def test_below_the_break_even_customers_do_some_and_above_nothing(task):
    limit = participation.break_even_customer_cost(task)
    above = replace(task, customer_cost=limit * 1.01 + 0.001)
    assert participation.optimal_share(above) == 0
    if limit > 0.01:
        below = replace(task, customer_cost=limit * 0.99)
        assert participation.optimal_share(below) > 0


@pytest.mark.parametrize(("customer_cost", "share"), [(0.2, 1), (0.35, 0)])
def test_a_corner_if_errors_do_not_grow(customer_cost, share):
    task = Task(overload_error=0, customer_cost=customer_cost)
    assert participation.optimal_share(task) == share
    free_errors = Task(rework_min=0, error_loss=0, customer_cost=customer_cost)
    assert participation.optimal_share(free_errors) == share


def test_no_share_is_better_than_another():
    # 0.35 x 0.7 is no round number in binary, and the two costs differ by 1e-16.
    task = Task(
        staff_cost=0.35,
        customer_cost=0.35 * 0.7,
        efficiency=0.7,
        customer_error=0.03,
        overload_error=0,
    )
    assert participation.optimal_share(task) == 0
    assert participation.costs([0, 1], task).total == pytest.approx([4.332, 4.332])


def test_nothing_left_for_the_employee():
    assert participation.customers_per_hour(1, Task(rework_min=0)) == np.inf


def test_even_free_time_does_not_pay():
    task = Task(customer_error=0.6, error_loss=500)
    assert participation.break_even_customer_cost(task) == 0
    assert participation.optimal_share(task) == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"work_min": 0}, "work_min must be a finite number, above 0; it is 0"),
        ({"efficiency": 0}, "efficiency must be .*above 0"),
        ({"efficiency": 1.2}, "efficiency must be .*at most 1; it is 1.2"),
        ({"staff_cost": -1}, "staff_cost must be .*at least 0; it is -1"),
        ({"customer_cost": np.inf}, "customer_cost must be"),
        ({"rework_min": -1}, "rework_min must be"),
        ({"error_loss": np.nan}, "error_loss must be"),
        ({"staff_error": 1.5}, "staff_error must be between 0 and 1; it is 1.5"),
        ({"customer_error": -0.1}, "customer_error must be between 0 and 1"),
        ({"overload_error": 1.1}, "overload_error must be between 0 and 1"),
        ({"customer_error": 0.8}, r"customer_error \+ overload_error must be .*1; it is 1.1"),
    ],
)
def test_impossible_tasks(changes, message):
    with pytest.raises(ValueError, match=message):
        Task(**changes)


def test_errors_may_become_certain():
    assert participation.error_probability(1, Task(customer_error=0.9, overload_error=0.1)) == 1


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan, [0.5, 2]])
def test_impossible_share(share):
    for model in (
        participation.error_probability,
        participation.costs,
        participation.customers_per_hour,
    ):
        with pytest.raises(ValueError, match="share must be between 0 and 1; it is"):
            model(share, Task())


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        Task,
        {},
        {
            "work_min": ([0, NAN, INF], [0.1]),
            "staff_cost": ([-0.1, NAN, INF], [0]),
            "customer_cost": ([-0.1, NAN, INF], [0]),
            "efficiency": ([0, 1.1, NAN], [0.1, 1]),
            "rework_min": ([-0.1, NAN, INF], [0]),
            "error_loss": ([-0.1, NAN, INF], [0]),
            "staff_error": ([-0.1, 1.1, NAN], [0, 1]),
            "customer_error": ([-0.1, 0.71, 1.1, NAN], [0, 0.7]),
            "overload_error": ([-0.1, 1.1, NAN], [0, 0.95]),
        },
    ),
    *(
        (function, {"share": 0.5, "task": Task()}, {"share": ([-0.1, 1.1, NAN], [0, 1])})
        for function in (
            participation.error_probability,
            participation.costs,
            participation.customers_per_hour,
        )
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
