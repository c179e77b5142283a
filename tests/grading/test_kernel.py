"""What the sandbox's cells show is what an ordinary kernel shows."""

import re
from collections.abc import Iterator

import pytest
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from servicequality.grading.kernel import StudentKernel
from servicequality.grading.sandbox import Limits, Zygote, level

CELLS = [
    "x = 1\nprint('a', end=''); print('b')\nx",
    "import sys\nprint('out')\nprint('error', file=sys.stderr)",
    "1 / 0",
    "def broken(:",
    "raise SystemExit(3)",
    "x = 2;",
    "x;",
    "float('nan')",
    "from IPython.display import HTML, clear_output, display\ndisplay(HTML('<b>1</b>'), 2)",
    "display({'image/png': b'abc', 'text/plain': 'a picture'}, raw=True)",
    "print('gone')\nclear_output()\nprint('stays')",
    "import asyncio\nawait asyncio.sleep(0.01)\nprint('waited')",
    "asyncio.get_running_loop().is_running()",
    "async def five(): return 5\nawait asyncio.create_task(five())",
    "%%time\n0",
    "%%capture kept\nprint('kept')",
    "kept.stdout",
    "%%bash\necho from the shell",
    "%no_such_magic",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "import altair as alt\nalt.Chart(pd.DataFrame({'a': [1]})).mark_bar().encode(x='a')",
    "import ipywidgets\nipywidgets.IntSlider()",
    "%matplotlib inline",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "import threading\nt = threading.Thread(target=print, args=['thread'])\nt.start(); t.join()",
    "import os, time\nif not os.fork(): os._exit(0)\nos.wait()[1]",
    "sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.writable()",
    "for n in range(7000): print(n)",
    "import logging\nlogging.warning('careful')",
    "input()",
    "__name__, x",
]


@pytest.fixture(scope="module")
def ordinary() -> list[list[NotebookNode]]:
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    ExecutePreprocessor(allow_errors=True, store_widget_state=False).preprocess(notebook)
    return [cell.outputs for cell in notebook.cells]


@pytest.fixture(scope="module")
def sandboxed() -> Iterator[list[list[NotebookNode]]]:
    limits = Limits()
    zygote = Zygote(level(), limits)
    with StudentKernel(zygote, [], limits) as kernel:
        yield [kernel.run(source).outputs for source in CELLS]
    zygote.close()


def shown(outputs: list[NotebookNode]) -> list[tuple[str, ...]]:
    """Return what matters of outputs: not colours, addresses, times, or texts of this machine."""
    kinds: list[tuple[str, ...]] = []
    for output in outputs:
        if output.output_type == "stream":
            text = re.sub(r"(?m)^(CPU times|Wall time|Fontconfig).*\n", "", output.text)
            if kinds and kinds[-1][:2] == ("stream", output.name):  # a kernel cuts it anywhere
                text = kinds.pop()[2] + text
            kinds += [("stream", output.name, text)] if text else []
        elif output.output_type == "error":
            kinds.append(("error", output.ename))
        else:
            plain = re.sub(r"0x\w+", "", str(output.data.get("text/plain", "")))
            kinds.append((output.output_type, ",".join(sorted(output.data)), plain))
    return kinds


@pytest.mark.parametrize("number", range(len(CELLS)), ids=[c.splitlines()[0] for c in CELLS])
def test_a_cell_shows_what_it_shows_in_an_ordinary_kernel(ordinary, sandboxed, number):
    assert shown(sandboxed[number]) == shown(ordinary[number])


def test_nobody_is_asked(sandboxed):
    (said,) = sandboxed[CELLS.index("input()")]
    assert said.evalue == "Nobody can answer here: work that is graded runs on its own."
