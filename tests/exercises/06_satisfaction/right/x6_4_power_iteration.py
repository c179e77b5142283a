"""Multiplies until nothing changes, without NumPy."""
# ruff: noqa: N803 N806

import math


def ahp(A):
    A = [list(row) for row in A]
    n = len(A)
    if any(len(row) != n for row in A):
        raise ValueError("as many columns as rows, please")
    for i in range(n):
        for j in range(n):
            if A[i][j] <= 0 or not math.isclose(A[j][i] * A[i][j], 1, rel_tol=0.01):
                raise ValueError(f"{i} and {j} contradict each other")
    w = [1 / n] * n
    for _ in range(500):
        product = [sum(a * b for a, b in zip(row, w, strict=True)) for row in A]
        lam = sum(product)
        w = [value / lam for value in product]
    random = {3: 0.58, 4: 0.9, 5: 1.12}[n]
    return {"w": w, "lam": lam, "cr": (lam - n) / ((n - 1) * random)}
