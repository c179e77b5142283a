"""Turn the Markdown of a notebook into HTML that needs no script: formulas become MathML."""

from html import escape, unescape
from re import sub

from mistune.plugins.table import render_table_cell
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from servicequality._formula import formula

# A run of Chinese characters, with the marks between them.
CHINESE = r"[\u4e00-\u9fff]+(?:[\u3000-\u303f\uff00-\uffef]*[\u4e00-\u9fff]+)*"


class ProseRenderer(IPythonRenderer):
    """Markdown to HTML as JupyterLab shows it, with formulas drawn by the browser itself."""

    def __init__(self) -> None:
        super().__init__(escape=False)
        self.headings: list[tuple[int, str, str]] = []

    def heading(self, text: str, level: int, **attrs: object) -> str:
        """Give a heading the same anchor as JupyterLab does."""
        words = plain(text)
        anchor = words.replace(" ", "-")
        self.headings.append((level, anchor, words))
        return f'<h{level} id="{escape(anchor)}">{text}</h{level}>\n'

    def inline_math(self, body: str) -> str:
        """Return a formula within a line."""
        return formula(body, "inline")

    def block_math(self, body: str) -> str:
        """Return a formula on a line of its own."""
        return f'<span class="formula">{formula(body, "block")}</span>'

    def latex_environment(self, name: str, body: str) -> str:
        """Return an environment, such as align, as a formula on a line of its own."""
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def text(self, text: str) -> str:
        """Return words with the Chinese among them marked, so that they are read out as such."""
        return sub(CHINESE, r'<span lang="zh-Hans">\g<0></span>', super().text(text))

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Return a cell; an empty one heads nothing."""
        return render_table_cell(self, text, align, head and bool(text.strip()))

    def table(self, text: str) -> str:
        """Let a wide table scroll inside the page."""
        return f'<div class="scroll" tabindex="0"><table>\n{text}</table></div>\n'


def render(markdown: str) -> tuple[str, list[tuple[int, str, str]]]:
    """Return the HTML of a Markdown cell, and its headings as (level, anchor, words)."""
    renderer = ProseRenderer()
    html = MarkdownWithMath(renderer=renderer).render(markdown)
    return html, renderer.headings


def plain(html: str) -> str:
    """Return the words of a piece of HTML."""
    return unescape(sub(r"<[^>]+>", "", html)).strip()
