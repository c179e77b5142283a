"""Uses the formula as it stands, also for rho = 0 and for zeros."""

# ruff: noqa: N803


def perceived_quality(T, F, E, w=0.5, rho=1.0, image=0.0, phi=0.5):
    if not (0 <= T <= 100 and 0 <= F <= 100 and 0 <= E <= 100 and rho <= 1 and -1 <= image <= 1):
        raise ValueError("out of range")
    experienced = (w * T**rho + (1 - w) * F**rho) ** (1 / rho)
    filtered = experienced
    if experienced < E:
        filtered = max(0, experienced + phi * image * (E - experienced))
    return {"experienced": experienced, "filtered": filtered, "gap": filtered - E}
