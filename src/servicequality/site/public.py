"""What every answer of the public server has in common: headers, errors, and who may ask."""

import ipaddress
import logging
from collections.abc import Collection
from functools import cached_property
from gettext import gettext as _
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Any

import jinja2
from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher
from tornado.web import HTTPError, RequestHandler

from servicequality.site.chapters import Chapter

log = logging.getLogger(__name__)

PART = Path(__file__).parent
COURSE = "Service Quality"

templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(PART / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.globals.update(_=_, course=COURSE)

# A page sends less than a kilobyte at a time, in its web socket as in a request.
LARGEST_MESSAGE = 64 * 1024
LIMITS = {
    "max_body_size": LARGEST_MESSAGE,
    "max_buffer_size": 16 * LARGEST_MESSAGE,
    "max_header_size": 16 * 1024,
    "idle_connection_timeout": 30,  # s, also for a request's headers to arrive
    "body_timeout": 10,  # s
}
OPEN_FILES = 65536

# The path of a file to send, as one group of a route: no steps upwards, no hidden files.
FILE = r"((?:(?!\.)[\w@.~+-]+/)*(?!\.)[\w@.~+-]+)"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "serial",
            "usb",
        )
    ),
}


def content_security_policy(*, live: bool = False, framed: bool = False) -> str:
    """Return what a page may load and do: nothing from another host.

    Parameters
    ----------
    live : bool
        Whether the page runs demos: anywidget imports a widget's module from a blob, and Vega
        compiles the expressions of a chart (its interpreter needs none, but takes half as long
        again for each move of a slider).
    framed : bool
        Whether pages of other sites may embed it.
    """
    scripts = "'self' blob: 'unsafe-eval'" if live else "'self'"
    ancestors = "*" if framed else "'none'"
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",  # JupyterLab and Vega set styles on their elements
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {ancestors}",
        ]
    )


def allow_open_files() -> None:
    """Let this process have as many connections as the system grants, not only the usual 1024."""
    try:
        import resource
    except ImportError:  # Windows knows no such limit
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, OPEN_FILES), most))


class ForeignHost(Matcher):
    """Requests that name a host which is not ours.

    A page of another site can point a name of its own at this machine, and its scripts then pass
    for ours. A bare address cannot be taken over in this way.
    """

    def __init__(self, hosts: Collection[str]) -> None:
        self.hosts = hosts

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """Return None if the host is one of ours."""
        host = request.host_name.strip("[]")
        if host in self.hosts or _is_address(host):
            return None
        log.warning(
            "A request for the host %r was refused; if that is this site, start it with "
            "--Site.hosts=%s",
            host,
            host,
        )
        return {}


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Public(RequestHandler):
    """Mixed into every handler: our templates, safe headers, and errors that tell only an id."""

    live = False
    framed = False

    def set_default_headers(self) -> None:
        """Set the headers that every answer carries."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)
        policy = content_security_policy(live=self.live, framed=self.framed)
        self.set_header("Content-Security-Policy", policy)

    def draw(self, template: str, **names: object) -> str:
        """Fill in a template."""
        return templates.get_template(template).render(
            base_url=self.settings["base_url"],
            static=self.static_file,
            address=self.address,
            tagline=_(
                "Measure how good a service is, doubt your measurement, and decide what to "
                "repair first. With real data, and demos that answer back."
            ),
            **names,
        )

    def address(self, chapter: Chapter) -> str:
        """Return the address of a chapter's page."""
        return f"{self.settings['base_url']}chapters/{chapter.slug}.ipynb"

    def static_file(self, path: str) -> str:
        """Return the address of a static file, which changes whenever the file does."""
        changed = (PART / "static" / path).stat().st_mtime_ns
        return f"{self.settings['base_url']}static/{path}?v={changed}"

    @cached_property
    def error_id(self) -> str:
        """What a reader can quote and an operator can find in the log."""
        return token_hex(4)

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Write what went wrong to the log, with the id that the reader sees."""
        asked = f"{self.request.method} {self.request.uri!r}"
        if isinstance(value, HTTPError) and value.status_code < 500:
            log.warning("error %s: %s: %s", self.error_id, asked, value)
        else:
            log.error("error %s: %s", self.error_id, asked, exc_info=(typ, value, tb))  # type: ignore[arg-type]

    def write_error(self, status_code: int, **details: Any) -> None:
        """Say what went wrong in words for the reader; the details are in the log."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        if status_code < 500:
            heading = _("There is no such page")
            advice = _("The address may be old or mistyped, or the chapter is not written yet.")
        else:
            heading = _("Something went wrong here")
            advice = _("It is not your fault. Please try again in a minute.")
        self.finish(
            self.draw(
                "error.html",
                status=status_code,
                heading=heading,
                advice=advice,
                error_id=self.error_id,
            )
        )


def public(handler: type[RequestHandler]) -> type[RequestHandler]:
    """Return a handler of another package with the headers and the errors of ours."""
    return type(handler.__name__, (Public, handler), {})
