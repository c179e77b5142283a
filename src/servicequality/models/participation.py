"""Customer participation: how much of the work should customers do themselves? (M4.1).

For teachers. One task is shared out in any proportion, and every part of it takes the same time.
Customers are all alike, and errors grow in a straight line with what they are asked to do. In
reality tasks come in lumps, some steps need a trained hand, customers learn with every visit
and differ widely (so a mean efficiency hides those who fail), and firms offer a choice instead
of one share for all. What a customer's minute is worth is a judgement, not a measurement; who
bears it is the ethical point of the model.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Task:
    """A task that staff and customer can share. The defaults describe a self check-in (O4.1).

    Attributes
    ----------
    work_min : float, more than 0
        Minutes that an employee needs for the whole task.
    staff_cost : float, zero or more
        Cost of an employee's minute to the firm, in credits.
    customer_cost : float, zero or more
        Worth of a customer's minute to the customer, in credits.
    efficiency : float in (0, 1]
        A customer's speed as a share of an employee's.
    rework_min : float, zero or more
        Minutes that an employee needs to put an error right.
    error_loss : float, zero or more
        What an error costs besides, in credits.
    staff_error : float in [0, 1]
        Probability of an error if staff do all.
    customer_error : float in [0, 1]
        Probability of an error in the customer's part while that part is small.
    overload_error : float, zero or more
        How much that probability rises until the customer does all; the sum of the two is at
        most 1.

    Raises
    ------
    ValueError
        If a number is impossible.
    """

    work_min: float = 12
    staff_cost: float = 0.5
    customer_cost: float = 0.2
    efficiency: float = 0.6
    rework_min: float = 4
    error_loss: float = 3
    staff_error: float = 0.03
    customer_error: float = 0.05
    overload_error: float = 0.30

    def __post_init__(self) -> None:
        checked("work_min", self.work_min, above=0)
        checked("efficiency", self.efficiency, above=0, at_most=1)
        for name in ("staff_cost", "customer_cost", "rework_min", "error_loss"):
            checked(name, getattr(self, name), at_least=0)
        for name in ("staff_error", "customer_error", "overload_error"):
            checked(name, getattr(self, name), at_least=0, at_most=1)
        # Rounding must not refuse 0.9 + 0.1.
        all_by_customer = round(self.customer_error + self.overload_error, 12)
        checked("customer_error + overload_error", all_by_customer, at_most=1)


class Costs(NamedTuple):
    """Credits per customer; every part has the shape of the shares.

    Attributes
    ----------
    work, rework : ndarray
        Employees' minutes on the task, and on errors.
    customer_time : ndarray
        The customer's own minutes.
    error_loss : ndarray
        What errors cost besides.
    payroll : ndarray
        work + rework: what the firm's wage bill shows.
    total : ndarray
        Everyone's costs.
    """

    work: Array
    rework: Array
    customer_time: Array
    error_loss: Array
    payroll: Array
    total: Array


def error_probability(share: ArrayLike, task: Task) -> Array:
    """Probability of an error when the customer does a share of the task (M4.1).

    A teaching assumption: staff_error (1 - s) + (customer_error + overload_error s) s.

    Parameters
    ----------
    share : array_like in [0, 1]
        Share s of the work that the customer does.
    task : Task

    Returns
    -------
    ndarray in [0, 1]

    Raises
    ------
    ValueError
        If a share is not between 0 and 1.

    Examples
    --------
    >>> error_probability([0, 1], Task()).round(3).tolist()
    [0.03, 0.35]
    """
    s = checked("share", share, at_least=0, at_most=1)
    by_staff = task.staff_error * (1 - s)
    by_customer = (task.customer_error + task.overload_error * s) * s
    return np.asarray(by_staff + by_customer)[()]


def costs(share: ArrayLike, task: Task) -> Costs:
    """Cost of one customer's task, part by part (M4.1).

    A teaching assumption: time and money are all that count, and they add up.

    Parameters
    ----------
    share : array_like in [0, 1]
        Share of the work that the customer does.
    task : Task

    Returns
    -------
    Costs

    Raises
    ------
    ValueError
        If a share is not between 0 and 1.

    References
    ----------
    The customer as a "partial employee": Mills and Morris (1986).

    Examples
    --------
    >>> costs([0, 0.5, 1], Task()).total.round(2).tolist()
    [6.15, 5.58, 5.75]
    """
    s = checked("share", share, at_least=0, at_most=1)
    error = error_probability(s, task)
    work = (task.staff_cost * task.work_min * (1 - s))[()]
    rework = task.staff_cost * task.rework_min * error
    customer_time = (task.customer_cost * task.work_min * s / task.efficiency)[()]
    error_loss = task.error_loss * error
    payroll = work + rework
    return Costs(
        work, rework, customer_time, error_loss, payroll, payroll + customer_time + error_loss
    )


def optimal_share(task: Task) -> float:
    """Share of customer work with the lowest total cost (M4.1).

    A teaching assumption, as `costs`. The saving on the first minute shifted, divided by how
    fast the cost of errors grows.

    Returns
    -------
    float in [0, 1]
        0 or 1 if errors do not grow with the customer's part; 0 if every share costs the same.

    Examples
    --------
    >>> round(optimal_share(Task()), 4)
    0.6333
    >>> optimal_share(Task(efficiency=0.9, overload_error=0.15))
    1.0
    """
    saving = _first_saving(task, task.customer_cost)
    growth = 2 * _cost_of_an_error(task) * task.overload_error
    if growth == 0:
        # What is zero on paper may be 1e-16 here.
        return float(saving > 1e-12 * task.work_min)
    return float(np.clip(saving / growth, 0, 1))


def break_even_customer_cost(task: Task) -> float:
    """Worth of a customer's minute from which on staff should do all the work (M4.1).

    A teaching assumption, as `costs`.

    Returns
    -------
    float
        In credits; close to staff_cost x efficiency, and exactly that if customers who do little
        err as seldom as staff. 0 if even free customer time would not pay.

    Examples
    --------
    >>> round(break_even_customer_cost(Task()), 3)
    0.295
    """
    return max(0.0, _first_saving(task, 0) * task.efficiency / task.work_min)


def customers_per_hour(share: ArrayLike, task: Task) -> Array:
    """Labour productivity: customers that one employee serves in an hour (M4.1).

    A partial measure: it counts neither the customer's time nor what errors cost besides.

    Parameters
    ----------
    share : array_like in [0, 1]
        Share of the work that the customer does.
    task : Task

    Returns
    -------
    ndarray
        Infinite where nothing is left for the employee.

    Raises
    ------
    ValueError
        If a share is not between 0 and 1.

    Examples
    --------
    >>> customers_per_hour([0, 1], Task()).round(2).tolist()
    [4.95, 42.86]
    """
    s = checked("share", share, at_least=0, at_most=1)
    staff_min = task.work_min * (1 - s) + task.rework_min * error_probability(s, task)
    with np.errstate(divide="ignore"):
        return np.divide(60, staff_min)[()]


def _cost_of_an_error(task: Task) -> float:
    return task.staff_cost * task.rework_min + task.error_loss


def _first_saving(task: Task, customer_cost: float) -> float:
    """How fast the total cost falls when the customer takes over the first part."""
    staff_time = task.staff_cost * task.work_min
    customer_time = customer_cost * task.work_min / task.efficiency
    errors = _cost_of_an_error(task) * (task.customer_error - task.staff_error)
    return staff_time - customer_time - errors
