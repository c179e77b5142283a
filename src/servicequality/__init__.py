"""The library of the Service Quality course: models, data, charts, demos and quizzes."""

import sys

# Altair imports jsonschema, and that tries a checker of international web addresses, which takes
# a second to load: three quarters of Altair's own time. jsonschema does without it where it is
# not installed, so it is hidden while jsonschema loads.
if "jsonschema" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import jsonschema  # noqa: F401

    del sys.modules["rfc3987_syntax"]
