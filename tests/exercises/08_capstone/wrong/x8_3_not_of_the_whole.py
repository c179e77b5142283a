import pandas as pd


def importance(ratings, overall):
    """Give squared correlations as they are."""
    squared = ratings.corrwith(overall) ** 2
    return pd.DataFrame({"alone": squared, "together": squared})
