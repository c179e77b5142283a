"""The pages of the site: the gallery, a chapter, a demo alone, their outputs, and errors."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar

import nbformat
import tornado.web
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from nbclient import NotebookClient
from tornado.iostream import StreamClosedError

from servicequality.site import bundle, chapters
from servicequality.site.chapters import Chapter
from servicequality.site.public import Public

CELL_TIMEOUT = 60

Item = TypeVar("Item")


def shown_by(kernel: Any) -> list[list[dict[str, Any]]] | None:
    """Return what the cells have shown, if the kernel was forked from one that had run them."""
    return getattr(kernel.provisioner, "shown", None)


def beside(item: Item, order: Sequence[Item]) -> tuple[Item | None, Item | None]:
    """Return what comes before an item and what comes after it, if there is something."""
    place = order.index(item)
    return (order[place - 1] if place else None), next(iter(order[place + 1 :]), None)


class Page(Public, JupyterHandler):
    """A page of ours."""

    def initialize(self, folder: Path, page_config: dict[str, Any]) -> None:
        """Remember the folder of notebooks and what Voilà's front end wants to know."""
        self.folder = folder
        self.page_config = page_config

    def chapter(self, slug: str) -> Chapter:
        """Return a chapter, or answer that there is none of this name."""
        path = self.folder / f"{slug}.ipynb"
        if path.parent != self.folder or not path.is_file():
            raise tornado.web.HTTPError(404, f"no notebook {slug}")
        return chapters.read(path)

    def around(self, demo: str) -> Chapter:
        """Return the chapter of a demo, or answer that there is none of this code."""
        for chapter in chapters.read_all(self.folder):
            if any(cell.demo == demo for cell in chapter.cells):
                return chapter
        raise tornado.web.HTTPError(404, f"no demo {demo}")

    def draw(self, template: str, **names: object) -> str:
        """Fill in a template; every page of ours leads to every other."""
        everything = list(chapters.read_all(self.folder))
        numbered = [chapter for chapter in everything if int(chapter.number or 0)]
        start = [chapter for chapter in everything if chapter.number == "0"]
        others = [chapter for chapter in everything if not chapter.number]
        return super().draw(
            template,
            everything=[*start, *numbered, *others],
            start=next(iter(start), None),
            numbered=numbered,
            others=others,
            **names,
        )


class Home(Page):
    """The front page."""

    def get(self) -> None:
        """Show what there is to read."""
        self.finish(self.draw("home.html", picture=self.picture))

    def picture(self, chapter: Chapter) -> dict[str, str]:
        """Return the address of a chapter's picture and what it shows; nothing if it has none."""
        path = self.folder / f"{chapter.slug}.svg"
        words = chapters.picture_words(path)
        if not words:
            return {}
        address = f"{self.base_url}chapters/{chapter.slug}.svg?v={path.stat().st_mtime_ns}"
        return {"address": address, "words": words}


class Picture(Page):
    """The picture of a chapter."""

    def get(self, slug: str) -> None:
        """Send it, to be kept: its address changes whenever it does."""
        path = self.folder / f"{slug}.svg"
        if path.parent != self.folder or not path.is_file():
            raise tornado.web.HTTPError(404, f"no picture {slug}")
        self.set_header("Content-Type", "image/svg+xml")
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.finish(path.read_bytes())


class ScriptFile(Public):
    """A large script, kept at hand whole and compressed."""

    def get(self, name: str) -> None:
        """Send it, to be kept if its address changes whenever it does."""
        script = self.settings["scripts"].get(name)
        if script is None:
            raise tornado.web.HTTPError(404, f"no script {name}")
        self.set_header("Content-Type", "text/javascript")
        keep = "public, max-age=31536000, immutable" if self.get_argument("v", None) else "no-cache"
        self.set_header("Cache-Control", keep)
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(script.compressed)
        else:
            self.finish(script.text)


class NotebookFile(Page):
    """A chapter as a notebook, to open in JupyterLab."""

    def get(self, slug: str) -> None:
        """Send the file under its own name."""
        chapter = self.chapter(slug)
        self.set_header("Content-Type", "application/x-ipynb+json")
        name = f"{chapter.slug}.ipynb"
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish((self.folder / name).read_bytes())


class NotFound(Page):
    """Any address that leads nowhere."""

    def prepare(self) -> None:  # type: ignore[override]
        """Answer that there is no such page."""
        raise tornado.web.HTTPError(404)


class ChapterPage(Page):
    """A chapter: its words at once, its outputs as soon as the reader's own kernel has them."""

    live = True
    place: int | None = None

    async def get(self, slug: str) -> None:
        """Send the words, then start a kernel and say which one it is."""
        chapter = self.find(slug)
        self.set_header("Cache-Control", "no-store")
        viewer = self.get_cookie("viewer") or token_hex(16)
        self.set_cookie("viewer", viewer, path=self.base_url, httponly=True, samesite="Lax")
        # Voilà's front end sends this cookie back when it frees the kernel of a closed tab.
        self.xsrf_token  # noqa: B018
        self.write(self.words(chapter))
        await self.flush()
        try:
            kernel_id = await self.settings["viewers"].start(
                self.tell_place,
                kernel_name=chapter.kernel,
                cwd=str(self.folder),
                cells=[cell.source for cell in chapter.cells if not cell.html],
                extra_arguments=["--HistoryManager.enabled=False"],
            )
            kernel = self.kernel_manager.get_kernel(kernel_id)
            vars(kernel)["viewer"] = viewer
            ran = shown_by(kernel) is not None
        except StreamClosedError:
            return  # the reader has left the queue
        except Exception:
            # The words are with the reader already: the page says that its demos are missing.
            self.log.exception("no kernel for %s", chapter.slug)
            kernel_id, ran = None, False
        page_config = {**self.page_config, "kernelId": kernel_id}
        self.finish(
            self.draw("chapter-live.html", chapter=chapter, page_config=page_config, ran=ran)
        )

    @property
    def scripts(self) -> list[str]:
        """The addresses of the scripts that hold Voilà's parts."""
        return [
            f"{self.base_url}scripts/{name}.js?v={script.version}"
            for name, script in self.settings["scripts"].items()
            if name.startswith(bundle.NAME)
        ]

    @property
    def extensions(self) -> list[str]:
        """The addresses of the scripts with which Voilà starts its extensions."""
        folder = f"{self.base_url}voila/labextensions"
        known = self.page_config["federated_extensions"]
        return [f"{folder}/{extension['name']}/{extension['load']}" for extension in known]

    async def tell_place(self, place: int) -> None:
        """Show the reader's place in the queue, below the words; find out whether they wait."""
        if place != self.place:
            self.place = place
            self.write(self.draw("queue.html", place=place))
        self.write("\n")
        await self.flush()

    def find(self, slug: str) -> Chapter:
        """Return what stands on the page."""
        return self.chapter(slug)

    def words(self, chapter: Chapter) -> str:
        """Return the page as far as it is known before a kernel runs."""
        order = list(chapters.read_all(self.folder))
        previous, following = beside(chapter, order)
        return self.draw(
            "chapter.html",
            chapter=chapter,
            scripts=self.scripts,
            extensions=self.extensions,
            notebook=f"{self.base_url}notebooks/{chapter.slug}.ipynb",
            previous=previous,
            next=following,
        )


class DemoPage(ChapterPage):
    """One demo alone, for a lecture or for a page of another site."""

    framed = True

    def find(self, code: str) -> Chapter:
        """Return the demo as a chapter of its own."""
        return self.around(code).only(code)

    def words(self, chapter: Chapter) -> str:
        """Return the page around the demo."""
        order = [
            cell.demo
            for around in chapters.read_all(self.folder)
            for cell in around.cells
            if cell.demo
        ]
        previous, following = beside(chapter.slug, order)
        return self.draw(
            "demo.html",
            chapter=chapter,
            scripts=self.scripts,
            extensions=self.extensions,
            around=self.around(chapter.slug),
            previous=previous,
            next=following,
        )


class Outputs(Page):
    """The outputs of a chapter, one line of JSON a code cell, sent as soon as it has run."""

    async def get(self, slug: str, kernel_id: str) -> None:
        """Run the chapter, or the demo alone, in the reader's kernel."""
        alone = re.fullmatch(r"D\d+\.\d+", slug)
        chapter = self.around(slug).only(slug) if alone else self.chapter(slug)
        if kernel_id not in self.kernel_manager:
            raise tornado.web.HTTPError(404, "no such kernel")
        started = vars(self.kernel_manager.get_kernel(kernel_id))
        if "chapter" in started:
            raise tornado.web.HTTPError(409, "this kernel has run its chapter")
        started["chapter"] = slug
        self.set_header("Content-Type", "application/x-ndjson")
        self.set_header("Cache-Control", "no-store")
        async for line in self.run(chapter, kernel_id):
            self.write(json.dumps(line) + "\n")
            await self.flush()

    async def run(self, chapter: Chapter, kernel_id: str) -> AsyncIterator[dict[str, Any]]:
        """Yield the outputs of each code cell as {"cell": its id, "outputs": [...]}."""
        kernel = self.kernel_manager.get_kernel(kernel_id)
        cells = [cell for cell in chapter.cells if not cell.html]
        shown = shown_by(kernel)
        if shown is not None:
            for cell, messages in zip(cells, shown, strict=True):
                code = nbformat.v4.new_code_cell(cell.source, id=cell.id)
                code.outputs = [nbformat.v4.output_from_msg(message) for message in messages]
                yield {"cell": cell.id, "outputs": self.public(chapter, code)}
            return
        notebook = nbformat.v4.new_notebook()
        client = NotebookClient(
            notebook,
            km=kernel,
            timeout=CELL_TIMEOUT,
            interrupt_on_timeout=True,
            allow_errors=True,
        )
        client.kc = await client.async_start_new_kernel_client()
        try:
            for index, cell in enumerate(cells):
                code = nbformat.v4.new_code_cell(cell.source, id=cell.id)
                notebook.cells.append(code)
                await client.async_execute_cell(code, index, store_history=False)
                yield {"cell": cell.id, "outputs": self.public(chapter, code)}
        finally:
            client.kc.stop_channels()

    def public(self, chapter: Chapter, cell: nbformat.NotebookNode) -> list[dict[str, Any]]:
        """Return what a reader may see of a cell's outputs: no traceback, no warnings."""
        shown: list[dict[str, Any]] = []
        for output in cell.outputs:
            if output.output_type in {"display_data", "execute_result"}:
                shown.append({"data": output.data, "metadata": output.metadata})
            elif output.output_type == "stream" and output.name == "stdout":
                shown.append({"data": {"text/plain": output.text}, "metadata": {}})
            elif output.output_type == "error":
                error_id = token_hex(4)
                traceback = "\n".join(output.traceback)
                self.log.error(
                    "error %s: %s, cell %s: %s", error_id, chapter.slug, cell.id, traceback
                )
                shown.append({"failed": error_id})
            elif output.output_type == "stream":
                self.log.warning("%s, cell %s: %s", chapter.slug, cell.id, output.text)
        return shown


class KernelModel(Public, KernelHandler):
    """What a page may do with a kernel besides talking to it: look whether it is there."""

    SUPPORTED_METHODS = ("GET",)


class ShutDownKernel(Public, APIHandler):
    """A closed page frees its kernel, and no one else's."""

    async def post(self, kernel_id: str) -> None:
        """End the kernel if this browser opened the page that it was started for."""
        if kernel_id not in self.kernel_manager:
            raise tornado.web.HTTPError(404, "no such kernel")
        kernel = self.kernel_manager.get_kernel(kernel_id)
        if vars(kernel).get("viewer") != self.get_cookie("viewer"):
            raise tornado.web.HTTPError(403, "the kernel of another viewer")
        await self.kernel_manager.shutdown_kernel(kernel_id)
        self.set_status(204)
