import itertools
import math

import numpy as np
import pandas as pd


def importance(ratings, overall):
    """Weigh what an attribute adds to each set of the others, by correlations only."""
    matrix = np.corrcoef(np.column_stack([ratings, overall]), rowvar=False)
    k = ratings.shape[1]

    def explained(chosen):
        chosen = list(chosen)
        if not chosen:
            return 0.0
        return matrix[chosen, k] @ np.linalg.solve(
            matrix[np.ix_(chosen, chosen)], matrix[chosen, k]
        )

    shapley = dict.fromkeys(range(k), 0.0)
    for j in range(k):
        others = [i for i in range(k) if i != j]
        for size in range(k):
            weight = math.factorial(size) * math.factorial(k - 1 - size) / math.factorial(k)
            for chosen in itertools.combinations(others, size):
                shapley[j] += weight * (explained([*chosen, j]) - explained(chosen))
    alone = matrix[:k, k] ** 2
    table = pd.DataFrame({"together": list(shapley.values()), "alone": alone})
    return (table / table.sum()).set_index(ratings.columns).iloc[::-1]
