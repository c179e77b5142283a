"""Normal distributions of the standard library, and plain loops over the flights."""

import math
from itertools import permutations
from statistics import NormalDist, mean, median


def share_satisfied(mean_p, mean_e, sd_p, sd_e, rho=0):
    s = math.hypot(sd_p - sd_e, math.sqrt(2 * (1 - rho) * sd_p * sd_e))
    return 1 - NormalDist(mean_p - mean_e, s).cdf(0) if s else int(mean_p >= mean_e)


def mean_shortfall(mean_p, mean_e, sd_p, sd_e, rho=0):
    d = mean_p - mean_e
    s = math.hypot(sd_p - sd_e, math.sqrt(2 * (1 - rho) * sd_p * sd_e))
    if not s:
        return abs(min(d, 0))
    bell = NormalDist(d, s)
    return s * s * bell.pdf(0) - d * bell.cdf(0)


def delay_summary(flights):
    delays = [x for x in flights["arr_delay_min"].tolist() if not math.isnan(x)]
    late = sum(x > 15 for x in delays) / len(delays)
    return {"mean_min": mean(delays), "median_min": median(delays), "late_share": late}


def padding_pair(flights, at_least=1000):
    by_carrier = {}
    for name, delay in zip(flights["carrier"], flights["arr_delay_min"], strict=True):
        if delay == delay:
            by_carrier.setdefault(name, []).append(delay)
    facts = {
        name: (mean(delays), sum(x > 15 for x in delays) / len(delays))
        for name, delays in by_carrier.items()
        if len(delays) >= at_least
    }
    pairs = [
        (facts[a][1] - facts[b][1], a, b)
        for a, b in permutations(facts, 2)
        if facts[a][0] < facts[b][0] and facts[a][1] > facts[b][1]
    ]
    return max(pairs)[1:] if pairs else ()
