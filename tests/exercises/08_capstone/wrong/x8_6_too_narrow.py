def findings():
    """Give five shares of 30 answers to half a point, from a file on my own disk."""
    rows = []
    for number, share in enumerate([0.2, 0.3, 0.4, 0.5, 0.6]):
        interval = {"low": share - 0.005, "high": share + 0.005}
        about = {"claim": f"answer {number}", "share": share, "n": 30, "badge": "E"}
        rows.append(about | interval | {"source": "C:/Users/me/survey.csv"})
    return rows


def value_of_retention(margin, retention, points, discount):
    """Leave out today's margin, and take points for percent of the retention."""

    def worth(kept):
        return margin * kept / (1 + discount - kept)

    today = worth(retention)
    gains = [worth(retention * (1 + point / 100)) - today for point in points]
    return {"today": today, "gains": gains}
