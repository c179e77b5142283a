"""Works for one customer, and fails for an array of customers."""


def zone_of_tolerance(p, a, d):
    width = d - a
    z = (p - a) / width if width > 0 else float("nan")
    state = "below" if p < a else "above" if p > d else "inside"
    return {"msa": p - a, "mss": p - d, "width": width, "z": z, "state": state}
