"""Parts that demos share: the six-step frame, the chart view, the question. No subject matter."""
