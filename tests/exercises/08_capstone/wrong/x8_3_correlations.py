import numpy as np
import pandas as pd


def importance(ratings, overall):
    """Share out correlations, and regression weights by their size."""
    alone = ratings.corrwith(overall).abs()
    standard = (ratings - ratings.mean()) / ratings.std()
    beta = np.linalg.lstsq(standard.to_numpy(), overall - overall.mean(), rcond=None)[0]
    together = pd.Series(np.abs(beta), ratings.columns)
    return pd.DataFrame({"alone": alone / alone.sum(), "together": together / together.sum()})
