"""Forgets that who predicts more also asks for more."""

DESIRED = {
    "needs": 0.4,
    "enduring": 0.3,
    "explicit": 0.2,
    "implicit": 0.2,
    "word_of_mouth": 0.2,
    "past": 0.2,
}
PREDICTED = {"explicit": 0.25, "implicit": 0.25, "word_of_mouth": 0.25, "past": 0.5}
ADEQUATE = {"transitory": 0.4, "alternatives": 0.3, "role": 0.2, "situational": -0.4}


def form_expectations(**drivers):
    for name in drivers:
        if name not in DESIRED and name not in ADEQUATE:
            raise TypeError(f"unknown driver {name}")
    desired = 7 + sum(DESIRED.get(name, 0) * value for name, value in drivers.items())
    predicted = 6 + sum(PREDICTED.get(name, 0) * value for name, value in drivers.items())
    adequate = 5 + sum(ADEQUATE.get(name, 0) * value for name, value in drivers.items())
    desired, predicted = min(desired, 9), min(predicted, 9)
    adequate = min(adequate, desired)
    width = desired - adequate
    return {"desired": desired, "predicted": predicted, "adequate": adequate, "width": width}
