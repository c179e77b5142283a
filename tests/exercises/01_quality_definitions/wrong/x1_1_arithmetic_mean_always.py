"""Takes the weighted mean whatever rho is."""

# ruff: noqa: N803


def perceived_quality(T, F, E, w=0.5, rho=1.0, image=0.0, phi=0.5):
    for value in (T, F, E):
        if not 0 <= value <= 100:
            raise ValueError(f"{value} is not between 0 and 100")
    experienced = w * T + (1 - w) * F
    filtered = experienced
    if experienced < E:
        filtered = max(0, experienced + phi * image * (E - experienced))
    return {"experienced": experienced, "filtered": filtered, "gap": filtered - E}
