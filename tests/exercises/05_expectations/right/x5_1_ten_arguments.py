"""Writes the ten drivers out as arguments; NumPy cuts off."""

import numpy as np


def form_expectations(
    needs=0,
    enduring=0,
    explicit=0,
    implicit=0,
    word_of_mouth=0,
    past=0,
    transitory=0,
    alternatives=0,
    role=0,
    situational=0,
):
    heard = explicit + implicit + word_of_mouth
    desired = np.clip(7 + 0.4 * needs + 0.3 * enduring + 0.2 * (heard + past), 1, 9)
    predicted = np.clip(6 + 0.25 * heard + 0.5 * past, 1, 9)
    raised = 0.4 * transitory + 0.3 * alternatives + 0.2 * role - 0.4 * situational
    adequate = np.clip(5 + raised + 0.3 * (predicted - 6), 1, desired)
    width = desired - adequate
    return {"desired": desired, "adequate": adequate, "predicted": predicted, "width": width}
