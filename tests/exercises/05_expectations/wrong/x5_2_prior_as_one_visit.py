"""Counts the old belief like one more visit."""
# ruff: noqa: N803, N806


def update(E0, P, alpha_up, alpha_down=None):
    if alpha_down is None:
        alpha_down = alpha_up
    E, path = E0, []
    for performance in P:
        surprise = performance - E
        alpha = alpha_up if surprise > 0 else alpha_down
        E = E + alpha * surprise
        path.append(E)
    return path


def bayes_update(m0, sd0, obs, sd):
    n = len(obs)
    if n == 0:
        return m0, sd0, 0
    before, seen = 1 / sd0**2, n / sd**2
    weight = n / (n + 1)
    mean = (1 - weight) * m0 + weight * sum(obs) / n
    return mean, (1 / (before + seen)) ** 0.5, weight
