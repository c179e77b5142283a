"""Protect who opens a submission in nbgrader's formgrader.

Formgrader shows a notebook through nbconvert's HTMLExporter, which takes a preprocessor, a template
and filters from `nbgrader_config.py`. So nothing of formgrader is changed.
"""

import base64
import hashlib
import re
import secrets
from html import escape, unescape
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from .sanitise import sanitise

TEMPLATE = Path(__file__).parent / "templates" / "formgrade.html.j2"
# Formgrader waits for MathJax before it puts the cursor into the first field.
FORMULAS_ARE_DRAWN = """
var MathJax = {
  Hub: { Startup: { signal: { Interest: tell => addEventListener("load", () => tell("End")) } } },
};
"""
NAMES = ("student", "first_name", "last_name", "notebook_path")


class Sanitise(Preprocessor):
    """Hand formgrader's template a harmless notebook, and names without markup."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.enabled = True

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Clean the notebook; escape the names that the template writes as they are."""
        for name in NAMES:
            if resources.get(name):
                resources[name] = escape(resources[name])
        return sanitise(nb), resources


def allow_only_its_scripts(header: str, navigation: str) -> str:
    """Add a policy to formgrader's page that runs its own scripts and no others.

    Parameters
    ----------
    header : str
        HTML up to the end of the head: nothing of a student's is in it. MathJax, which would come
        from a server elsewhere, is taken out; formulas are MathML by now.
    navigation : str
        HTML of the bar above the notebook, with its scripts; names in it are escaped.
    """
    nonce = secrets.token_urlsafe(16)
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", navigation, re.DOTALL)
    handlers = map(unescape, re.findall(r'\son\w+="([^"]*)"', navigation))
    hashes = sorted({_hash(script) for script in [*scripts, *handlers]})
    policy = "; ".join(
        [
            "default-src 'self'",
            f"script-src 'nonce-{nonce}' 'unsafe-hashes' {' '.join(hashes)}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )
    header = re.sub(r'<script[^>]*\ssrc="https?://[^>]*>\s*</script>', "", header)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    begin = f"<head>\n{meta}\n<script>{FORMULAS_ARE_DRAWN}</script>"
    header = header.replace("<head>", begin, 1)
    return header.replace("<script", f'<script nonce="{nonce}"')


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
