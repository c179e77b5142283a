def dashboard():
    """Describe three views with one sentence, and offer nothing to predict."""
    sentence = "A very nice chart that shows all the important numbers."
    return {
        "question": "Our dashboard",
        "options": ["yes"],
        "right": "yes",
        "views": [{"title": t, "description": sentence, "badge": "E"} for t in ("a", "b", "c")],
        "cases": ["one", "two", "three"],
    }
