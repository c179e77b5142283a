"""A page for each demo, for what only a browser can show."""

import importlib
import pkgutil

import nbformat
import pytest

from servicequality import demos

CHAPTER_OF = {
    name: chapter.name
    for chapter in pkgutil.iter_modules(demos.__path__)
    for name in importlib.import_module(f"servicequality.demos.{chapter.name}").__all__
}


@pytest.fixture(scope="session")
def demo_site(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demos")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for name, chapter in CHAPTER_OF.items():
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
        notebook.cells = [
            nbformat.v4.new_markdown_cell(f"# {name}", id="title"),
            nbformat.v4.new_code_cell(
                f"from servicequality.demos import {chapter}\n{chapter}.{name}()", id="demo"
            ),
        ]
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return serve(folder)


@pytest.fixture
def open_demo(page, demo_site):
    """Open the page of a demo by the name of its function and wait until its picture is drawn."""

    def open_demo(name, width=1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{demo_site}chapters/{name}.ipynb")
        page.wait_for_selector("html[data-ready]")
        page.wait_for_selector(".sq-demo .sq-figure[data-drawn]")
        return page

    return open_demo
