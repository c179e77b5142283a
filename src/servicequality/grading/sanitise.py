"""Make a student's notebook harmless to look at.

A notebook may hold any HTML, in its Markdown and in its outputs, and every name and number in its
JSON may be something else than it should be. `sanitise` builds a new notebook from what is known to
be good, so that no exporter, however trusting, shows anything that runs, loads or misleads.
"""

import base64
import binascii
import re
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from gettext import gettext as _
from html import escape
from typing import Any

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pygments.token import STANDARD_TYPES

from servicequality._formula import formula

from .drawing import SCALE, Chart, chart_in, draw

MOST_CELLS = 1_000
MOST_OUTPUTS = 50  # of a cell
MOST_CHARTS = 40  # of a notebook
MOST_SOURCE = 100_000  # characters of a code cell
MOST_TEXT = 20_000  # characters of an output
MOST_MARKDOWN = 20_000  # characters that are rendered; the time grows with their square
MOST_HTML = 500_000
MOST_TAGS = 20_000  # likewise
MOST_FORMULA = 2_000
MOST_IMAGE = 2_000_000  # bytes
MOST_IMAGES = 10_000_000  # bytes of a notebook
MOST_PIXELS = 30_000_000
SECONDS = 10  # for all HTML and Markdown; what comes later is shown as text


def _words(text: str) -> set[str]:
    return set(text.split())


FORMULA_TAGS = _words(
    "math menclose merror mfrac mi mn mo mover mphantom mroot mrow ms mspace msqrt mstyle msub "
    "msubsup msup mtable mtd mtext mtr munder munderover"
)
TAGS = FORMULA_TAGS | _words(
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption "
    "figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub "
    "summary sup table tbody td tfoot th thead tr u ul var wbr"
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "col": {"span"},
    "img": {"src", "alt", "width", "height", "title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "math": {"display"},
    "menclose": {"notation"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mo": {"accent", "fence", "form", "separator", "stretchy"},
    "mover": {"accent"},
    "mspace": {"width"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"columnalign", "columnspacing", "displaystyle", "rowspacing"},
    "mtd": {"columnalign"},
    "munder": {"accentunder"},
}
CLASSES = {
    "div": {"highlight"},
    "span": {name for name in STANDARD_TYPES.values() if name},
    "table": {"dataframe"},
}
WITHOUT_CONTENT = _words(
    "applet audio base canvas embed form frame frameset iframe link map meta noembed noframes "
    "noscript object plaintext script select style svg template textarea title video xmp"
)
LINK = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20]+", re.IGNORECASE)
PICTURE = re.compile(r"data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/=\s]+)")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# What Markdown could take for its own in HTML that it should leave alone.
MARKUP = str.maketrans({sign: f"&#{ord(sign)};" for sign in "\n\r\t\\`*_[]$~|"})


def sanitise(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook that is harmless to look at, whatever shows it.

    Kept are code, text, tables, formulas (as MathML), PNG and JPEG images, links to web and mail
    addresses, and what nbgrader says of each cell. Charts of Altair become pictures, with the
    chart's description as alternative text. Scripts, styles, forms, frames, widgets, SVG, remote
    images, ids, event attributes and foreign metadata go. Markdown and raw cells come back as
    Markdown cells whose source is clean HTML that Markdown leaves as it is.

    Parameters
    ----------
    notebook : NotebookNode
        Of version 4, and of any content. Is not changed.

    Returns
    -------
    NotebookNode
        With as many cells, up to `MOST_CELLS`, in the same order. Of each output one form is kept,
        as "text/plain", "text/html", "image/png" or "image/jpeg".
    """
    return _Cleaner().notebook(notebook)


def clean_html(html: str) -> str:
    """Return HTML without anything that runs, loads, or reaches beyond its place."""
    if len(html) > MOST_HTML or html.count("<") > MOST_TAGS:
        return f"<pre>{escape(_cut(html))}</pre>"
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=WITHOUT_CONTENT,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def clean_markdown(text: str, attachments: Mapping[str, Any] | None = None) -> str:
    """Return Markdown as clean HTML, with formulas as MathML.

    Parameters
    ----------
    text : str
        Longer texts than `MOST_MARKDOWN`, and those that cannot be read, are shown as written.
    attachments : mapping of str to MIME bundle, optional
        The images that the text may name.
    """
    if len(text) <= MOST_MARKDOWN:
        try:
            markdown = MarkdownWithMath(renderer=_Renderer(attachments or {}))
            return clean_html(markdown.render(text))
        except Exception:  # of a hostile text, mistune may raise anything
            pass
    return f"<pre>{escape(_cut(text))}</pre>"


def is_picture(data: bytes, mime: str) -> bool:
    """Tell whether data are a PNG or JPEG image of a size that a browser can bear."""
    if len(data) > MOST_IMAGE:
        return False
    size = {"image/png": _png_size, "image/jpeg": _jpeg_size}[mime](data)
    return size is not None and 0 < size[0] * size[1] <= MOST_PIXELS


class _Renderer(IPythonRenderer):
    """Markdown as JupyterLab shows it, but without anchors, and with formulas as MathML."""

    def __init__(self, attachments: Mapping[str, Any]) -> None:
        known = {
            name: {mime: value for mime, value in bundle.items() if isinstance(value, str)}
            for name, bundle in attachments.items()
            if isinstance(bundle, Mapping)
        }
        super().__init__(escape=False, exclude_anchor_links=True, attachments=known)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return an image, or its description if it was not handed in."""
        name = url.removeprefix("attachment:")
        if name != url and not self.attachments.get(name):
            return escape(text)
        return super().image(text, url, title)

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Return a cell of a table, aligned without a style."""
        tag = "th" if head else "td"
        return f"<{tag}{f' align={align}' if align else ''}>{text}</{tag}>\n"

    def inline_math(self, body: str) -> str:
        """Return a formula within a line."""
        return _formula(body, "inline")

    def block_math(self, body: str) -> str:
        """Return a formula on a line of its own."""
        return _formula(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        """Return an environment, such as align, as a formula on a line of its own."""
        return _formula(rf"\begin{{{name}}}{body}\end{{{name}}}", "block")


def _formula(latex: str, display: str) -> str:
    if len(latex) > MOST_FORMULA:
        return f"<code>{escape(latex)}</code>"
    return formula(latex, display)


@dataclass
class _Cleaner:
    """The state of one cleaning: what it may still cost, and the charts to be drawn."""

    deadline: float = field(default_factory=lambda: time.monotonic() + SECONDS)
    image_bytes: int = MOST_IMAGES
    charts: list[tuple[NotebookNode, Chart]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def notebook(self, notebook: NotebookNode) -> NotebookNode:
        cells = [cell for cell in _list(notebook.get("cells")) if isinstance(cell, Mapping)]
        clean = new_notebook(
            metadata={
                "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"},
                "language_info": {"name": "python", "pygments_lexer": "ipython3"},
            },
            cells=[self.cell(cell) for cell in cells[:MOST_CELLS]],
        )
        if len(cells) > MOST_CELLS:
            clean.cells.append(
                new_markdown_cell(
                    _("{n} more cells are left out.").format(n=len(cells) - MOST_CELLS)
                )
            )
        self.draw()
        return clean

    def cell(self, cell: Mapping[str, Any]) -> NotebookNode:
        kind, source = cell.get("cell_type"), _text(cell.get("source"))
        if kind == "code":
            outputs = _list(cell.get("outputs"))
            clean = new_code_cell(
                _cut(source, MOST_SOURCE),
                outputs=[self.output(output) for output in outputs[:MOST_OUTPUTS]],
                execution_count=_count(cell.get("execution_count")),
            )
            if len(outputs) > MOST_OUTPUTS:
                more = len(outputs) - MOST_OUTPUTS
                clean.outputs.append(_note(_("{n} more outputs are left out.").format(n=more)))
        elif kind == "markdown":
            attachments = cell.get("attachments")
            html = self.markdown(source, attachments if isinstance(attachments, Mapping) else {})
            clean = new_markdown_cell(f"<div>{html.translate(MARKUP)}</div>")
        else:
            text = escape(_cut(source)).translate(MARKUP)
            clean = new_markdown_cell(f"<div><pre>{text}</pre></div>")
        name = cell.get("id")
        if isinstance(name, str) and CELL_ID.fullmatch(name) and name not in self.ids:
            clean.id = name
            self.ids.add(name)
        clean.metadata = NotebookNode(_role(cell.get("metadata")))
        return clean

    def output(self, output: Any) -> NotebookNode:
        output = output if isinstance(output, Mapping) else {}
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            return new_output("stream", name=name, text=_cut(_text(output.get("text"))))
        if kind == "error":
            return new_output(
                "error",
                ename=_cut(_text(output.get("ename")), 200),
                evalue=_cut(_text(output.get("evalue"))),
                traceback=_cut(
                    "\n".join(map(_text, _list(output.get("traceback")))),
                ).split("\n"),
            )
        if kind in ("display_data", "execute_result"):
            data = output.get("data")
            clean = self.display(data if isinstance(data, Mapping) else {})
            if kind == "execute_result":
                clean.output_type = kind
                clean.execution_count = _count(output.get("execution_count"))
            return clean
        return _note(_("Something that is no output is left out."))

    def display(self, bundle: Mapping[str, Any]) -> NotebookNode:
        """Return the best of what an output offers, and only that."""
        data = {
            mime: value if isinstance(value, dict) else _text(value)
            for mime, value in bundle.items()
        }
        chart = chart_in(data)
        if chart and len(self.charts) < MOST_CHARTS:
            output = new_output("display_data")
            self.charts.append((output, chart))
            return output
        for mime in ("image/png", "image/jpeg"):
            picture = self.picture(mime, data.get(mime))
            if picture:
                return new_output("display_data", data={mime: picture})
        if html := self.html(data.get("text/html")):
            return new_output("display_data", data={"text/html": html})
        texts = {mime: text for mime, text in data.items() if isinstance(text, str) and text}
        if "text/markdown" in texts:
            html = self.markdown(texts["text/markdown"], {})
            return new_output("display_data", data={"text/html": html})
        for mime in ("text/latex", "text/plain"):
            if mime in texts:
                return new_output("display_data", data={"text/plain": _cut(texts[mime])})
        return _note(
            _("An output of the type {kinds} is left out: it cannot be shown safely.").format(
                kinds=", ".join(sorted(mime for mime in data if len(mime) < 100)[:5]) or "?"
            )
        )

    def html(self, text: Any) -> str:
        """Return HTML of an output, clean; nothing if nothing of it is left."""
        if not isinstance(text, str) or time.monotonic() > self.deadline:
            return ""
        html = clean_html(text)
        self.image_bytes -= html.count("base64,") and len(html)
        shows = "<img" in html or re.sub(r"<[^>]*>", "", html).strip()
        return html if shows and self.image_bytes >= 0 else ""

    def markdown(self, text: str, attachments: Mapping[str, Any]) -> str:
        if time.monotonic() > self.deadline:
            return f"<pre>{escape(_cut(text))}</pre>"
        html = clean_markdown(text, attachments)
        self.image_bytes -= html.count("base64,") and len(html)
        return html if self.image_bytes >= 0 else f"<pre>{escape(_cut(text))}</pre>"

    def picture(self, mime: str, text: Any) -> str:
        """Return an image in base64 on one line; nothing if it is none or there are too many."""
        image = _decoded(text) if isinstance(text, str) else b""
        if not image or not is_picture(image, mime) or len(image) > self.image_bytes:
            return ""
        self.image_bytes -= len(image)
        return base64.b64encode(image).decode()

    def draw(self) -> None:
        """Put pictures in the place of charts."""
        pictures = draw([chart for _output, chart in self.charts])
        for (output, chart), picture in zip(self.charts, pictures, strict=True):
            why: object = picture
            if isinstance(picture, bytes):
                size = _png_size(picture)
                text = self.picture("image/png", base64.b64encode(picture).decode())
                if size and text:
                    output.data["image/png"] = text
                    output.metadata["image/png"] = {
                        "alt": chart.description,
                        "width": size[0] // SCALE,
                        "height": size[1] // SCALE,
                    }
                    continue
                why = _("it is too large.")
            output.data["text/plain"] = _("This chart was not drawn: {why}").format(why=why)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Judge one attribute for nh3."""
    if name == "href":
        return value if LINK.fullmatch(value) else None
    if name == "src":
        picture = PICTURE.fullmatch(value)
        if not picture:
            return None
        image = _decoded(picture[2])
        if not is_picture(image, picture[1]):
            return None
        return f"data:{picture[1]};base64,{base64.b64encode(image).decode()}"
    if name in ("width", "height", "span", "colspan", "rowspan", "start"):
        return value if re.fullmatch(r"\d{1,4}|\d(?:\.\d{1,4})?em", value) else None
    return value


def _role(metadata: Any) -> dict[str, Any]:
    """Return what nbgrader says of a cell, if it is well-formed, and nothing else."""
    role = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    if not isinstance(role, Mapping):
        return {}
    name = role.get("grade_id")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return {}
    clean: dict[str, Any] = {"grade_id": name, "schema_version": 3}
    for flag in ("grade", "locked", "solution", "task"):
        clean[flag] = role.get(flag) is True
    points = role.get("points")
    if clean["grade"] or clean["task"]:
        clean["points"] = points if isinstance(points, int | float) and points >= 0 else 0
    return {"nbgrader": clean}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    """Return text that JSON may hold as one string or as a list of lines."""
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    # Lone surrogates cannot be written to a file.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _cut(text: str, most: int = MOST_TEXT) -> str:
    if len(text) <= most:
        return text
    rest = _("… {n:,} more characters are left out.").format(n=len(text) - most)
    return f"{text[:most]}\n{rest}"


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _note(text: str) -> NotebookNode:
    return new_output("display_data", data={"text/plain": text})


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels, or None for something else than a PNG."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR" or len(data) < 33:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels, or None for something else than a JPEG."""
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
