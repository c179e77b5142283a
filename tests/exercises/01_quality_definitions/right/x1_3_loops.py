"""One plain loop."""


def journey_scores(q, delta=0.8, lam=2.25):
    scores = [float(score) for score in q]
    product, total, weights = 1.0, 0.0, 0.0
    peak, most = None, -1.0
    for place, score in enumerate(scores):
        product *= score
        weight = delta**place
        total += weight * score
        weights += weight
        intensity = lam * (5 - score) if score < 5 else score - 5
        if intensity > most:
            peak, most = score, intensity
    return {
        "mean": sum(scores) / len(scores),
        "min": min(scores),
        "geometric": product ** (1 / len(scores)),
        "early": total / weights,
        "peak_end": (peak + scores[-1]) / 2,
    }
