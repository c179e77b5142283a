"""A page for each demo, for what only a browser can show."""

import nbformat
import pytest

DEMOS = ("gap_scorer", "three_rulers", "alpha_microscope", "move_the_crosshair")


@pytest.fixture(scope="session")
def demo_site(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demos")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for number, name in enumerate(DEMOS, start=1):
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
        notebook.cells = [
            nbformat.v4.new_markdown_cell(f"# {name}", id="title"),
            nbformat.v4.new_code_cell(
                f"from servicequality.demos import servqual\nservqual.{name}()", id="demo"
            ),
        ]
        nbformat.write(notebook, folder / f"{number:02}-{name.replace('_', '-')}.ipynb")
    return serve(folder)


@pytest.fixture
def open_demo(page, demo_site):
    """Open the page of a demo by the name of its function and wait until its picture is drawn."""

    def open_demo(name, width=1280):
        page.set_viewport_size({"width": width, "height": 900})
        number = 1 + DEMOS.index(name)
        page.goto(f"{demo_site}chapters/{number:02}-{name.replace('_', '-')}.ipynb")
        page.wait_for_selector("html[data-ready]")
        page.wait_for_selector(".sq-demo .sq-figure[data-drawn]")
        return page

    return open_demo
