"""Measure how long the models take to fill a demo's view; `make bench` runs this too.

Each call has the arguments that its demo would pass: a curve of 101 points, a table of 480 answers,
a simulation of its default size. What counts is its time as a ratio to a plain numpy baseline of
5 ms taken just before, so a closed form may take one baseline and a simulation thirty.
"""

import json
from collections.abc import Callable
from pkgutil import iter_modules

import numpy as np
import pandas as pd
from timing import baseline, fastest

from servicequality import data, models
from servicequality.models import (
    agreement,
    attribution,
    average_trap,
    benchmarking,
    blueprint,
    budget,
    capability,
    compatibility,
    complaints,
    control_charts,
    cost_of_quality,
    delivered_value,
    dimensionality,
    disconfirmation,
    encounter_triad,
    expectation_research,
    expectation_updating,
    expectations,
    gaps,
    guarantees,
    importance_performance,
    journey,
    justice,
    kano,
    lifetime_value,
    loyalty,
    make_or_buy,
    participation,
    penalty_reward,
    perceived_quality,
    promises,
    queueing,
    recovery,
    recovery_paradox,
    reliability,
    sampling,
    satisfaction_metrics,
    segments,
    service_profit_chain,
    servperf,
    servqual,
    variance_components,
    weights,
    zone_of_tolerance,
)

Call = Callable[[], object]
CLOSED_FORM, SIMULATION = 1, 30
SHARES = np.linspace(0, 1, 101)
SCORES = np.linspace(0, 100, 101)
GAPS = np.linspace(-5, 5, 101)


def views() -> dict[str, Call]:
    """Each closed form as its demo calls it."""
    hotel = data.load("hotel-servqual")
    expected = hotel.filter(like="E_").dropna().rename(columns=lambda name: name[2:])
    perceived = hotel.filter(like="P_").dropna().rename(columns=lambda name: name[2:])
    correlations = perceived.corr().to_numpy()
    dimensions = [
        [perceived.columns.get_loc(item) for item in items]
        for items in servqual.DIMENSIONS.values()
    ]
    survey = data.load("satisfaction-survey").dropna()
    attributes = survey.filter(regex=r"^a\d$")
    importance = pd.DataFrame({"importance": expected.mean(), "performance": perceived.mean()})
    pairs = data.load("kano-pairs")
    classes = kano.count_classes(pairs)
    ratings = data.load("bank-ratings")
    kinds = np.stack([1 - SHARES, SHARES], axis=-1)
    steps = pd.DataFrame(
        {
            "minutes": [1, 2, 1.5, 3, 1, 2, 1],
            "failure": [0.02, 0.05, 0.05, 0.03, 0.05, 0.04, 0.01],
            "cost": [5, 8, 8, 6, 12, 30, 3],
            "severity": [4, 6, 9, 5, 5, 8, 3],
            "occurrence": [2, 4, 3, 2, 6, 3, 2],
            "detection": [6, 3, 7, 5, 5, 8, 4],
        }
    )
    projects = pd.DataFrame(
        {"cost": [20, 15, 25, 30, 40, 35, 10, 45], "value": [9, 7, 10, 14, 18, 12, 6, 13]}
    )
    fit = pd.DataFrame(np.random.default_rng(4).integers(1, 10, (4, 4)))
    metrics = pd.DataFrame(
        {
            "expected": [5, 90, 8, 95],
            "actual": [10, 80, 6, 93],
            "direction": [-1, 1, 1, 1],
            "unit": ["min", "%", "points", "%"],
            "lo": [0, 50, 0, 50],
            "hi": [30, 100, 10, 100],
            "weight": [0.25] * 4,
        }
    )
    chain = gaps.gap_chain(80, 90, management=78, standard=74, delivery=70, perception=72)
    terms = guarantees.Terms(20, 0.6, 0.005, 80, 60, 0.42, 0.08)
    defects = control_charts.simulate_p()
    ladder = [[0.30, 0.45, 0], [0.10, 0.55, 0.20], [0.02, 0.13, 0.78]]
    matrix = [[1, 2, 4, 6], [1 / 2, 1, 3, 4], [1 / 4, 1 / 3, 1, 2], [1 / 6, 1 / 4, 1 / 2, 1]]
    r_xx, r_xy = correlations[:5, :5], correlations[:5, 5]
    table = [[28, 4, 2, 1], [3, 22, 4, 1], [1, 3, 19, 2], [0, 1, 1, 8]]
    before = satisfaction_metrics.nps_from_counts(108, 84, 48)
    task = participation.Task()
    ages = np.arange(18, 80)
    first, second = survey["sat"][::2], survey["sat"][1::2]
    return {
        "D1.1 perceived_quality": lambda: (
            perceived_quality.perceived_quality(SCORES, 50, 75, weight=0.6, image=0.6),
            perceived_quality.gap_gains(80, 50, 75, weight=0.6, rho=-2),
            [perceived_quality.iso_quality(level, rho=-2) for level in (50, 70, 90)],
        ),
        "D1.2 variance_components": lambda: (
            variance_components.branch_reliability(0.1, 0.25, 1.65, 6, np.arange(1, 102)),
            variance_components.wrong_pairs(SHARES),
        ),
        "D1.2 variance_components, real ratings": lambda: (
            variance_components.one_way(ratings, "branch", "rating"),
            variance_components.nested_components(ratings, "branch", "employee", "rating"),
        ),
        "D1.3 journey": lambda: (
            journey.journey_scores([8, 9, 3, 8, 9]),
            journey.flawless_share(SHARES, 20),
        ),
        "D1.4 capability": lambda: (
            capability.capability([0, 6], [5, 2], -10, 10, target=0, k=0.2),
            capability.density(GAPS, 0, 1),
            capability.goal_post_loss(GAPS, -10, 10, 0),
            capability.sigma_level(137, 2500, 8),
        ),
        "D1.4 cost_of_quality": lambda: cost_of_quality.cost_of_quality(SHARES[1:-1], 1, 25),
        "D2.1 servqual": lambda: servqual.score_survey(hotel),
        "D2.2 servperf": lambda: (
            servperf.ruler_scores(servperf.from_survey(hotel, "overall")),
            servperf.rule_r_squared(0.3),
        ),
        "D2.3 reliability": lambda: (
            reliability.alpha_report(perceived),
            reliability.alpha_curve(range(2, 31), 0.3),
            reliability.difference_curve(0.8, 0.8, SHARES[:70]),
        ),
        "D2.4 importance_performance": lambda: importance_performance.compare_modes(importance),
        "D2.5 dimensionality": lambda: (
            dimensionality.eigenvalues(correlations),
            dimensionality.kmo(correlations),
            dimensionality.bartlett(correlations, 480),
            dimensionality.htmt(correlations, dimensions),
        ),
        "D3.1 gaps": lambda: (
            gaps.gap_chain(80, SCORES, 78, 74, 70, 72),
            gaps.waterfall(chain),
            gaps.gap_table(metrics),
        ),
        "D3.2 blueprint": lambda: blueprint.blueprint(steps),
        "D3.3 budget, one purse": lambda: (
            budget.best_portfolio(projects, 100),
            budget.greedy_portfolio(projects, 100),
            budget.fractional_bound(projects, 100),
            budget.compare_splits([30, 20, 40, 25], [0.05, 0.04, 0.03, 0.06], 80),
        ),
        "D3.3 budget, every purse": lambda: budget.frontier(projects),
        "D3.4 control_charts": lambda: (
            control_charts.p_chart(defects, 200, baseline=30, run=8),
            control_charts.p_signal_chance(SHARES[1:20], 200, 0.06),
        ),
        "D3.5 benchmarking": lambda: (
            benchmarking.time_to_parity([70, 80, 60, 75, 50, 40], 90, 0.06, 0.02),
            benchmarking.growth_needed(70, 90, 0.02, np.arange(1, 11)),
        ),
        "D4.1 participation": lambda: (
            participation.costs(SHARES, task),
            participation.optimal_share(task),
            participation.customers_per_hour(SHARES, task),
        ),
        "D4.2 queueing": lambda: (
            queueing.mixed_queue(0.2, kinds, [3, 6], [1, 2]),
            queueing.service_level(np.linspace(0, 1, 101), 36, 10, 4),
            queueing.mmc(36, 10, np.arange(1, 31)),
        ),
        "D4.3 encounter_triad": lambda: (
            encounter_triad.joint_benefit_contours([0.5, 0.7, 0.85, 0.95, 0.99]),
            encounter_triad.best_shares(),
        ),
        "D4.4 service_profit_chain": lambda: (
            service_profit_chain.effects(),
            service_profit_chain.leverage("ISQ", "PR"),
        ),
        "D4.5 compatibility": lambda: (
            compatibility.best_assignment(fit),
            compatibility.cross_pairs([28, 12]),
            compatibility.mood(SHARES, 6, 4),
        ),
        "D4.6 make_or_buy": lambda: make_or_buy.sensitivity([-1, 1, -1, 2, 1, -1, 1]),
        "D5.1 expectations": lambda: expectations.form_expectations(situational=np.arange(-2, 3)),
        "D5.1 zone_of_tolerance": lambda: zone_of_tolerance.zone_of_tolerance(SCORES, 52, 73),
        "D5.2 expectation_updating": lambda: (
            expectation_updating.visits(60, [80] * 30, 0.3),
            expectation_updating.bayes_path(60, 10, [75] * 30, 15),
        ),
        "D5.3 average_trap": lambda: (
            average_trap.share_satisfied(SCORES / 10, 6, 1, 1),
            average_trap.density(SCORES / 10, 6, 1),
            average_trap.required_performance(SHARES[1:-1], 6, 1, 1),
            average_trap.population(6, 6, 1, 1),
        ),
        "D5.4 promises": lambda: (
            promises.outcome(SCORES, 75),
            promises.best_promise(75),
        ),
        "D5.5 expectation_research": lambda: expectation_research.compare_methods(),
        "D5.6 segments": lambda: (
            segments.age_memberships(ages),
            segments.effect_sizes([first, second]),
            segments.group_means(survey["sat"], survey["tier"]),
        ),
        "D6.1 kano": lambda: (kano.summarise(classes), kano.drift(classes.iloc[0], 8)),
        "D6.1 kano, counting answers": lambda: kano.count_classes(pairs),
        "D6.1 penalty_reward": lambda: penalty_reward.contrast(attributes, survey["sat"]),
        "D6.2 loyalty": lambda: (
            loyalty.loyalty(np.linspace(1, 5, 101), 0.9),
            loyalty.moves([5, 10, 15, 50, 20], 0.9),
        ),
        "D6.3 sampling": lambda: (
            sampling.sample_size_mean(1.4, 0.15, population=np.geomspace(100, 1e6, 101)),
            sampling.survey_rmse(1.4, 335, 0.3, SHARES[1:]),
        ),
        "D6.3 satisfaction_metrics": lambda: (
            satisfaction_metrics.csat(survey["sat"], 3, 10),
            satisfaction_metrics.nps(survey["nps"]),
            satisfaction_metrics.nps_change(before, before),
        ),
        "D6.4 lifetime_value": lambda: (
            lifetime_value.clv(100, SHARES, 0.1),
            lifetime_value.retention_gain(SHARES[:95], 0.05, 0.1),
            lifetime_value.cohort_value(100, 1, 4, 0.1),
            lifetime_value.ladder_value(ladder, [10, 40, 120], 0.1),
            lifetime_value.leaky_bucket(1000, 0.8, 500, 20),
        ),
        "D6.4 delivered_value": lambda: delivered_value.delivered_value(
            [[40, 25, 20, 10], [35, 20, 15, 10]], [[50, 10, 6, 4], [40, 8, 5, 4]]
        ),
        "D6.5 disconfirmation": lambda: (
            disconfirmation.satisfaction(GAPS),
            disconfirmation.expected_reaction(0.5, SHARES * 3, exponent=0.88),
            disconfirmation.break_even_mean(1),
        ),
        "D6.6 weights": lambda: (
            weights.ahp(matrix),
            weights.shapley(r_xx, r_xy),
            weights.relative_weights(r_xx, r_xy),
            weights.entropy(attributes.iloc[:4]),
        ),
        "D7.1 complaints": lambda: (
            complaints.iceberg(10_000, 0.12, 0.4, SHARES * 0.8, 0.2, 300),
            complaints.pareto({"wrong bill": 54, "late": 96, "rude": 30}),
        ),
        "D7.2 justice": lambda: (
            justice.recover(["full refund", "apology"]),
            justice.cheapest_mix(5, (10, 3, 2), whole=True),
        ),
        "D7.2 attribution": lambda: attribution.satisfaction_drop(
            SHARES, attribution.blame(1, SHARES, 0)
        ),
        "D7.3 recovery_paradox": lambda: (
            recovery_paradox.shift(SHARES * 4, 2, 1.2),
            recovery_paradox.mixed_shift(SHARES * 4),
        ),
        "D7.4 guarantees": lambda: (
            guarantees.guarantee(SHARES / 4, terms),
            guarantees.break_even(terms),
            guarantees.sensitivity(0.05, terms),
        ),
        "D7.5 agreement": lambda: (
            agreement.kappa(table),
            agreement.calibration(SHARES, SHARES > 0.5),
        ),
        "D7.6 recovery": lambda: (
            recovery.respond(np.linspace(0.5, 72, 60)[:, None], np.linspace(0, 80, 60)),
            recovery.best_response(),
        ),
    }


def simulations() -> dict[str, Call]:
    """Each simulation at its default size."""
    steps = pd.DataFrame({"minutes": [2, 4, 1, 3], "failure": [0.1, 0.2, 0.05, 0.1], "cost": 5})
    classes = kano.count_classes(data.load("kano-pairs"))
    customers = servperf.simulate()
    return {
        "D1.2 variance_components": lambda: (
            variance_components.simulate(),
            variance_components.bottom_again(0.6),
        ),
        "D2.2 servperf": lambda: servperf.compare_rulers(customers),
        "D2.5 dimensionality": lambda: dimensionality.parallel_line(480, 22),
        "D3.2 blueprint": lambda: blueprint.simulate(steps),
        "D3.4 control_charts": lambda: (
            control_charts.simulate_p(),
            control_charts.simulate_c(),
            control_charts.simulate_i(),
        ),
        "D4.2 queueing": lambda: queueing.simulate(0.2, [0.75, 0.25], [3, 6], [1, 2], 3),
        "D4.4 service_profit_chain": lambda: service_profit_chain.simulate(),
        "D5.2 expectation_updating": lambda: expectation_updating.expectation_path(
            *expectation_updating.draw_customers(200, 70, [90] * 12, 0.3, initial_sd=8, seed=0)
        ),
        "D6.1 kano": lambda: kano.bootstrap(classes.iloc[0]),
        "D6.3 sampling": lambda: sampling.simulate_surveys(335),
        "D7.3 recovery_paradox": lambda: recovery_paradox.paradox(recovery_paradox.simulate()),
    }


def measure() -> pd.DataFrame:
    """Time every call beside the baseline; one row a call, the worst for its goal first."""
    rows = {}
    for kind, calls, most in (
        ("closed form", views(), CLOSED_FORM),
        ("simulation", simulations(), SIMULATION),
    ):
        for name, call in calls.items():
            call()
            unit, taken = baseline(), fastest(call, 7)
            rows[kind, name] = {
                "ms": 1000 * taken,
                "baseline ms": 1000 * unit,
                "ratio": taken / unit,
                "at most": most,
                "within": taken / unit < most,
            }
    table = pd.DataFrame.from_dict(rows, orient="index").astype({"within": bool})
    return table.sort_values(["at most", "ratio"], ascending=[True, False])


def unmeasured() -> set[str]:
    """Name the modules of models that no call uses."""
    named = {name.split()[1].rstrip(",") for name in {**views(), **simulations()}}
    modules = {module.name for module in iter_modules(models.__path__)}
    return {name for name in modules if not name.startswith("_")} - named


def goals(table: pd.DataFrame) -> dict[str, bool]:
    """Say which goals the measured models meet."""
    met = table.groupby("at most")["within"].all()
    return {
        "every closed form within the baseline": bool(met[CLOSED_FORM]),
        "every simulation within 30 baselines": bool(met[SIMULATION]),
        "every model measured": not unmeasured(),
    }


if __name__ == "__main__":
    pd.options.display.float_format = "{:.2f}".format
    found = measure()
    print(found.to_string(), "\n", json.dumps(goals(found), indent=2), sep="")
