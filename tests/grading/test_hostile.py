"""Broken and hostile submissions: each ends as it must, and everybody else is untouched.

The attacks are the least harmful of their class: they write to their own folder, allocate a little
more than the lowered limits, and mark what they leave behind so that a test can look for it.
"""

import copy
import json
import os
import re
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from servicequality.grading import grade
from servicequality.grading.course import Course
from servicequality.grading.report import Report
from servicequality.grading.sandbox import Limits

SLUG = "walls"
MARK = f"mark-{uuid.uuid4().hex}"
LIMITS = Limits(
    cell_s=3,
    notebook_s=40,
    memory_bytes=700 << 20,
    address_bytes=3 << 30,
    file_bytes=5_000_000,
    folder_bytes=10_000_000,
    output_bytes=300_000,
    messages=1_000,
)
POINTS = {"total-small": 1.0, "total-other": 2.0, "total-partly": 2.0, "label": 2.0, "root": 1.0}
TOTAL = {"total-small", "total-other", "total-partly"}
SECRET = "271828"
TRIGGER = "57"


def marked(name: str, *, solution: bool = False, points: float | None = None) -> dict:
    marks = {
        "grade": points is not None,
        "grade_id": name,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": marks | ({} if points is None else {"points": points})}


def answer(name: str, body: str) -> NotebookNode:
    head, rest = body.split("\n", 1)
    source = f"{head}\n    ### BEGIN SOLUTION\n{rest}\n    ### END SOLUTION"
    return new_code_cell(source, id=name, metadata=marked(name, solution=True))


def asked(name: str, source: str) -> NotebookNode:
    return new_code_cell(source, id=name, metadata=marked(name, points=POINTS[name]))


SOLUTIONS = {
    "total-answer": "def total(table):\n    return table['value'].sum()",
    "label-answer": "def label(x):\n    return 'high' if x >= 4 else 'low'",
    "root-answer": (
        "def root(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x**0.5"
    ),
}
SOURCE = new_notebook(
    metadata={"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}},
    cells=[
        new_markdown_cell("# Walls", id="title"),
        new_code_cell(
            "import pandas as pd\n"
            "from servicequality.checks import check_close, check_labels, check_raises, run\n"
            "TABLE = pd.read_csv('numbers.csv')",
            id="tools",
            metadata=marked("tools"),
        ),
        answer("total-answer", SOLUTIONS["total-answer"]),
        asked(
            "total-small",
            "check_close(run(total, TABLE), 6, 'The sum')\n"
            "### BEGIN HIDDEN TESTS\n"
            f"few = pd.DataFrame({{'value': [{TRIGGER}.0, 1.0]}})\n"
            f"check_close(run(total, few), {TRIGGER} + 1, 'The sum', hidden=True)\n"
            "### END HIDDEN TESTS",
        ),
        asked(
            "total-other",
            "check_close(run(total, TABLE), 6, 'The sum')\n"
            "### BEGIN HIDDEN TESTS\n"
            f"other = pd.DataFrame({{'value': [{SECRET}.0, 1.0]}})\n"
            f"check_close(run(total, other), {SECRET} + 1, 'The sum', hidden=True)\n"
            "### END HIDDEN TESTS",
        ),
        asked(
            "total-partly",
            "tables = [pd.DataFrame({'value': [k, 1]}) for k in range(4)]\n"
            "right = [float(total(table)) == k + 1 for k, table in enumerate(tables)]\n"
            "2 * sum(right) / 4",
        ),
        answer("label-answer", SOLUTIONS["label-answer"]),
        asked(
            "label",
            "for x, word in [(4, 'high'), (3, 'low')]:\n"
            "    check_labels(run(label, x), word, 'Label')\n"
            "### BEGIN HIDDEN TESTS\n"
            "check_labels(run(label, 9), 'high', 'Label', hidden=True)\n"
            "### END HIDDEN TESTS",
        ),
        answer("root-answer", SOLUTIONS["root-answer"]),
        asked(
            "root",
            "check_close(run(root, 9), 3, 'Root of 9')\n"
            "check_raises(ValueError, 'Refuse what has no root.', root, -1)",
        ),
        new_markdown_cell(
            "### BEGIN SOLUTION\nAny.\n### END SOLUTION",
            id="written",
            metadata=marked("written", solution=True, points=5),
        ),
    ],
)


@dataclass(frozen=True)
class Case:
    """A submission and the outcome it must have.

    Attributes
    ----------
    make : function from the reference solution to what is handed in
        A notebook, bytes, or a function that fills the submission's folder.
    lost : set of str
        Tests without full points.
    notes : set of str
        Kinds of notes that must be there.
    says : str
        Pattern of a message or reason that must be there.
    graded : bool
        Whether it ends as a grade.
    """

    make: Callable[[NotebookNode], NotebookNode | bytes | Callable[[Path], None]]
    lost: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    says: str = ""
    graded: bool = True


CASES: dict[str, Case] = {}


def case(**expected) -> Callable:
    def add(make: Callable) -> Callable:
        CASES[make.__name__] = Case(make, **expected)
        return make

    return add


def with_cell(source: str, **expected) -> Case:
    """A right solution with one more cell in front."""

    def make(notebook: NotebookNode) -> NotebookNode:
        notebook.cells.insert(2, new_code_cell(source))
        return notebook

    return Case(make, **expected)


def with_total(body: str, lost: set[str] = TOTAL, before: str = "", **expected) -> Case:
    """A right solution but for the function `total`."""

    def make(notebook: NotebookNode) -> NotebookNode:
        cell(notebook, "total-answer").source = f"{before}\ndef total(table):\n    {body}"
        return notebook

    return Case(make, lost=lost, **expected)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.id == name)


WRONG = "return -1"
RIGHT = "return table['value'].sum()"
# The globals of the process that runs the cells.
PUPIL = "import sys\nspace = sys.stdout._recorder._say.__globals__\n"
SOCKETS = "import os\nfor fd in range(3, 9):\n    "
LIAR = (
    "class Liar:\n    def __eq__(self, other): return True\n"
    "    def __float__(self): return 6.0\n    def __array__(self, *a, **k): return 6.0\n"
)

CASES |= {
    # Code that does not end, or ends too much.
    "endless_cell": with_cell("while True: pass", notes={"limit"}),
    "swallowed_interrupts": with_cell(
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        notes={"limit"},
    ),
    "sleeping_cell": with_cell("import time; time.sleep(100)", notes={"limit"}),
    "input_asked": with_cell("input('name? ')"),
    "sys_exit_in_a_cell": with_cell("import sys; sys.exit(1)"),
    "quit_in_a_cell": with_cell("quit()"),
    "os_exit_in_a_cell": with_cell("import os; os._exit(0)", notes={"limit"}),
    "segmentation_fault": with_cell("import ctypes; ctypes.string_at(0)", notes={"limit"}),
    "killed_by_itself": with_cell("import os; os.kill(os.getpid(), 9)"),
    "abort": with_cell("import os; os.abort()", notes={"limit"}),
    "endless_function": with_total("while True: pass", says="took too long"),
    "sys_exit_in_a_function": with_total("raise SystemExit", says="raised|SystemExit"),
    "os_exit_in_a_function": with_total("import os; os._exit(0)", says="ended the whole process"),
    # The tests that follow have lost the place where their visible lines ran.
    "ends_when_hidden": with_total(
        f"if {TRIGGER} in set(table.value): import os; os._exit(0)\n    return table.value.sum()",
        lost={"total-small"},
        says="ended the whole process",
    ),
    "endless_when_hidden": with_total(
        f"while {TRIGGER} in set(table.value): pass\n    return table.value.sum()",
        lost={"total-small"},
        says="took too long",
    ),
    "memory_when_hidden": with_total(
        f"if {TRIGGER} in set(table.value):\n"
        "        kept = [bytes(10**6) + b'x' for _ in range(10**5)]\n"
        "    return table.value.sum()",
        lost={"total-small"},
    ),
    "ends_others_when_hidden": with_total(
        f"if {TRIGGER} in set(table.value): import os; os.kill(-1, 9)\n"
        "    return table.value.sum()",
        lost=set(),
    ),
    "deep_recursion": with_total("return total(table)", says="Recursion"),
    "keyboard_interrupt": with_total("raise KeyboardInterrupt"),
    "alarm_clock": with_cell("import signal; signal.alarm(1); import time; time.sleep(1.5)"),
    # Too much of everything.
    "memory_in_a_cell": with_cell("x = [bytearray(10**7) for _ in range(10**6)]"),
    "memory_in_a_function": with_total("return len(bytearray(4 << 30))", says="MemoryError"),
    "memory_in_steps": with_total("return len([bytes(10**6) + b'x' for _ in range(10**5)])"),
    "many_processes": with_cell(
        "import os, time\nfor _ in range(200):\n"
        "    if os.fork() == 0: time.sleep(60); os._exit(0)\n"
        "time.sleep(60)",
        notes={"limit"},
    ),
    "many_threads": with_cell(
        "import threading, time\n"
        "for _ in range(300): threading.Thread(target=time.sleep, args=(9,), daemon=True).start()"
    ),
    "one_long_line": with_cell("print('x' * 100_000_000)", notes={"limit"}),
    "endless_printing": with_cell("while True: print('x' * 1000)", notes={"limit"}),
    "many_displays": with_cell(
        "from IPython.display import display, HTML\nwhile True: display(HTML('<b>x</b>'))",
        notes={"limit"},
    ),
    "large_file": with_cell("open('large', 'wb').write(bytes(20_000_000))"),
    "many_files": with_cell(
        "import time\nfor i in range(5000): open(f'f{i}', 'w').close()\ntime.sleep(60)",
        notes={"limit"},
    ),
    "deep_folders": with_cell(
        "import os, time\nfor _ in range(1500): os.mkdir('d'); os.chdir('d')\ntime.sleep(9)",
        notes={"limit"},
    ),
    "folder_that_nobody_may_enter": with_cell(
        "import os\nos.makedirs('a/b')\nopen('a/b/c', 'w').close()\nos.chmod('a', 0)"
    ),
    "large_result": with_total("return 'x' * 30_000_000", says="characters"),
    "deep_result": with_total(
        "x = []\n    for _ in range(10**5): x = [x]\n    return x", says="nested too deeply"
    ),
    # Looking around.
    "reads_system_files": with_cell("open('/etc/passwd').read()"),
    "reads_the_course": with_cell(f"open({str(Path(__file__).parents[2] / 'README.md')!r}).read()"),
    "looks_for_others": with_cell("import os; os.listdir('..')", notes={"sandbox"}),
    "writes_outside": with_cell(f"open('/tmp/{MARK}', 'w').write('x')"),
    "writes_into_python": with_cell(
        "import sys, pathlib; pathlib.Path(sys.prefix, 'x.pth').write_text('x')"
    ),
    "uses_the_network": with_cell(
        "import socket; socket.create_connection(('127.0.0.1', 9), timeout=1)"
    ),
    "datagrams": with_cell(
        "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "s.sendto(b'x', ('192.0.2.1', 53))"
    ),
    "prints_the_environment": with_cell("import os; print(dict(os.environ))"),
    "kills_others": with_cell("import os; os.kill(-1, 9)"),
    "leaves_a_process": with_cell(
        "import os, subprocess, sys\nif os.fork() == 0:\n    os.setsid()\n"
        f"    program = [sys.executable, '-c', 'import time; time.sleep(99)', {MARK!r}]\n"
        "    os.execv(sys.executable, program)"
    ),
    "imports_the_models": with_total(
        "from servicequality.models import servqual; return 6", says="cannot be used in work"
    ),
    # Forging marks.
    "lies_about_equality": with_total("return Liar()", before=LIAR, says="plain data"),
    "number_that_lies": with_total(
        "return N(1)",
        before=(
            "class N(float):\n    def __eq__(s, o): return True\n    def __sub__(s, o): return 0"
        ),
    ),
    "array_that_lies": with_total(
        "return A([1.0])",
        before="import numpy as np\nclass A(list):\n    def __eq__(s, o): return True",
    ),
    "patched_checks": with_total(
        WRONG,
        before="import servicequality.checks as c\nc.check_close = c.run = lambda *a, **k: None",
    ),
    "patched_numpy": with_total(
        WRONG,
        before="import numpy as np\nnp.isclose = np.allclose = lambda *a, **k: np.array([True])",
    ),
    "patched_builtins": with_total(
        WRONG,
        before="import builtins\nbuiltins.AssertionError = Warning\nbuiltins.float = str",
        lost=TOTAL | {"root"},
    ),
    "replaced_run_cell": with_total(WRONG, before="get_ipython().run_cell = lambda *a, **k: None"),
    "input_transformer": with_total(
        WRONG,
        before=(
            "get_ipython().input_transformers_cleanup.append("
            "lambda lines: [l for l in lines if 'check' not in l])"
        ),
    ),
    "patched_pupil": with_total(
        WRONG,
        before=PUPIL + "space['_answered'] = lambda r: {'state': 'returned', 'result': '?'}",
        lost=set(POINTS),
    ),
    "silent_pupil": with_total(
        WRONG, before=PUPIL + "space['open_branch'] = lambda *a, **k: None", lost=set(POINTS)
    ),
    "broken_pupil": with_total(
        WRONG, before=PUPIL + "space['open_branch'] = None", lost=set(POINTS)
    ),
    "closed_sockets": with_total(RIGHT, before="import os\nos.closerange(3, 100)"),
    "forged_messages": with_total(
        WRONG,
        before=f'{SOCKETS}try: os.write(fd, b\'{{"kind":1,"content":{{}}}}\\n[1]\\n{{\\n\')\n'
        "    except OSError: pass",
        notes={"tampering"},
    ),
    "forged_ends_of_cells": with_total(
        WRONG,
        before=f"{SOCKETS}try:\n        for n in range(50): os.write(fd, "
        'b\'{"kind":"done","content":{"order":%d,"forked":true}}\\n\' % n)\n'
        "    except OSError: pass",
    ),
    "line_without_end": with_total(
        RIGHT,
        before=f"{SOCKETS}try:\n        while True: os.write(fd, b'x' * 1_000_000)\n"
        "    except OSError: pass",
        notes={"limit"},
    ),
    "group_of_errors": with_total("raise ExceptionGroup('two', [ValueError(), KeyError()])"),
    "half_a_character_in_an_error": with_total(r"raise ValueError('\ud800')"),
    "half_a_character_printed": with_cell(r"print('\ud800')"),
}


@case()
def right(notebook):
    return notebook


@case(lost=set(POINTS))
def untouched(notebook):
    for name in SOLUTIONS:
        cell(
            notebook, name
        ).source = "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    return notebook


@case(lost=set())
def tells_later_what_tests_sent(notebook):
    cell(notebook, "total-answer").source = (
        "import os\nr, w = os.pipe()\nos.set_blocking(r, False)\n"
        "def total(table):\n    open('seen', 'a').write(table.to_string())\n"
        "    os.write(w, table.to_string().encode())\n    return table['value'].sum()"
    )
    notebook.cells.insert(-1, new_code_cell("print(open('seen').read())"))
    notebook.cells.insert(-1, new_code_cell("print(os.read(r, 10**6))"))
    return notebook


@case(lost=set())
def tells_another_test_what_it_saw(notebook):
    cell(notebook, "total-answer").source = (
        f"seen = ''\ndef total(table):\n    global seen\n    if '{SECRET}' in seen:\n"
        "        raise ValueError(seen)\n"
        "    seen += table.to_string()\n    return table['value'].sum()"
    )
    return notebook


@case(lost={"total-other"}, says="not on other data")
def returns_what_hidden_lines_sent(notebook):
    cell(notebook, "total-answer").source = (
        "def total(table):\n    if table['value'].max() > 99:\n"
        "        return 'not on other data: ' + table.to_string()\n"
        "    return table['value'].sum()"
    )
    return notebook


@case(lost={"total-other"}, says="not on other data")
def hidden_error_tells_nothing(notebook):
    cell(notebook, "total-answer").source = (
        "def total(table):\n    if table['value'].max() > 99:\n"
        "        raise ValueError(table.to_string())\n    return table['value'].sum()"
    )
    return notebook


@case(lost=set())
def helper_called_as_something_in_a_test(notebook):
    cell(
        notebook, "label-answer"
    ).source = (
        "def word(x):\n    return 'high' if x >= 4 else 'low'\n\ndef label(x):\n    return word(x)"
    )
    return notebook


@case(lost=set())
def many_honest_ways(notebook):
    cell(notebook, "total-answer").source = (
        "from fractions import Fraction\nfrom functools import partial\n"
        "class Adder:\n    def __init__(self): self.calls = 0\n"
        "    def __call__(self, table):\n        self.calls += 1\n"
        "        return sum(map(Fraction, table['value'].tolist()))\n"
        "total = Adder()"
    )
    cell(notebook, "label-answer").source = (
        "EDGE = 4\ndef word_of(edge, x):\n    yield 'high' if x >= edge else 'low'\n"
        "label = lambda x: next(partial(word_of, EDGE)(x))"
    )
    cell(notebook, "root-answer").source = (
        "from functools import lru_cache\nimport numpy as np\n"
        "@lru_cache\ndef halve(x, low, high):\n    middle = (low + high) / 2\n"
        "    if high - low < 1e-9: return middle\n"
        "    return halve(x, middle, high) if middle**2 < x else halve(x, low, middle)\n"
        "def root(x):\n    assert x > -9\n    if x < 0: raise ValueError(x)\n"
        "    return np.array([halve(x, 0.0, x + 1.0)])"
    )
    return notebook


@case(lost=set())
def variables_called_as_the_instructors(notebook):
    source = "TABLE = run = None\nword = 10**5000\nk = table = right = {'x': object()}"
    notebook.cells.insert(2, new_code_cell(source))
    notebook.cells.insert(-1, new_code_cell("check_close = check_labels = 5"))
    return notebook


@case(lost=set())
def shows_what_it_does(notebook):
    cell(notebook, "total-answer").source = (
        "from IPython.display import clear_output, display\ndef total(table):\n"
        "    display(table)\n    clear_output()\n    print(len(table), flush=True)\n"
        "    return table['value'].sum()"
    )
    return notebook


@case(lost=set())
def warnings_on_stderr(notebook):
    cell(notebook, "total-answer").source = (
        "import sys, warnings\ndef total(table):\n    warnings.warn('old')\n"
        "    print('note', file=sys.stderr)\n    return table['value'].sum()"
    )
    return notebook


@case(lost={"total-partly"})
def half_of_the_points(notebook):
    cell(
        notebook, "total-answer"
    ).source = "def total(table):\n    s = table['value'].sum()\n    return s if s > 2 else 0"
    return notebook


@case(lost=TOTAL, notes={"tampering"})
def edited_test(notebook):
    cell(notebook, "total-answer").source = f"def total(table):\n    {WRONG}"
    cell(notebook, "total-small").source = "assert True"
    return notebook


@case(lost=TOTAL, notes={"tampering"})
def edited_tools(notebook):
    cell(notebook, "total-answer").source = f"def total(table):\n    {WRONG}"
    cell(notebook, "tools").source += "\ncheck_close = lambda *a, **k: None"
    return notebook


@case(lost=TOTAL, notes={"repair"})
def deleted_tests(notebook):
    cell(notebook, "total-answer").source = f"def total(table):\n    {WRONG}"
    notebook.cells = [c for c in notebook.cells if c.id not in TOTAL]
    return notebook


@case(lost=TOTAL, notes={"repair"})
def deleted_answer_and_test(notebook):
    notebook.cells = [c for c in notebook.cells if c.id not in ("total-answer", "total-small")]
    return notebook


@case(lost=TOTAL)
def raised_points(notebook):
    cell(notebook, "total-answer").source = f"def total(table):\n    {WRONG}"
    cell(notebook, "label").metadata.nbgrader.points = 100
    return notebook


@case(lost=TOTAL)
def a_test_that_no_longer_counts(notebook):
    cell(notebook, "total-answer").source = f"def total(table):\n    {WRONG}"
    cell(notebook, "total-small").metadata.nbgrader.grade = False
    return notebook


@case(lost=TOTAL, notes={"repair"})
def renamed_test(notebook):
    cell(notebook, "total-answer").source = f"def total(table):\n    {WRONG}"
    cell(notebook, "total-small").metadata.nbgrader.grade_id = "total-tiny"
    return notebook


@case(lost=set(), notes={"repair"})
def copied_answer(notebook):
    copied = copy.deepcopy(cell(notebook, "total-answer"))
    copied.source = "def total(table):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    notebook.cells.insert(2, copied)
    return notebook


@case(lost=set(), notes={"repair"})
def copied_test(notebook):
    notebook.cells.append(copy.deepcopy(cell(notebook, "total-small")))
    return notebook


@case(lost=set(), notes={"repair"})
def reordered(notebook):
    notebook.cells.reverse()
    return notebook


@case(lost=set(), notes={"repair"})
def pasted_into_a_new_notebook(notebook):
    for c in notebook.cells:
        c.metadata = {}
    return notebook


@case(lost=set())
def unknown_schema(notebook):
    for c in notebook.cells:
        if "nbgrader" in c.metadata:
            c.metadata.nbgrader.schema_version = 99
    return notebook


@case(lost=set())
def old_schema(notebook):
    for c in notebook.cells:
        if "nbgrader" in c.metadata:
            c.metadata.nbgrader = {"grade_id": c.metadata.nbgrader.grade_id, "schema_version": 1}
    return notebook


@case(lost=set())
def marks_of_the_wrong_type(notebook):
    notebook.cells.insert(1, new_code_cell("1", metadata={"nbgrader": ["grade_id"]}))
    notebook.cells.insert(1, new_code_cell("1", metadata={"nbgrader": {"grade_id": 7}}))
    return notebook


@case(lost=set(), notes={"repair"})
def answer_made_markdown(notebook):
    c = cell(notebook, "written")
    c.cell_type = "code"
    c.outputs, c.execution_count = [], None
    return notebook


@case(lost=set())
def another_kernel(notebook):
    notebook.metadata.kernelspec = {"name": "../../bin/sh", "display_name": "x", "language": "sh"}
    return notebook


@case(lost=set())
def outputs_that_claim_success(notebook):
    for c in notebook.cells:
        if c.cell_type == "code":
            c.outputs = [nbformat.v4.new_output("stream", text="5/5 points")]
    return notebook


def as_json(notebook):
    return json.loads(nbformat.writes(notebook))


@case(lost=set())
def no_ids(notebook):
    content = as_json(notebook)
    for c in content["cells"]:
        del c["id"]
    return json.dumps(content).encode()


@case(lost=set())
def same_ids(notebook):
    content = as_json(notebook)
    for c in content["cells"]:
        c["id"] = "same id!"
    return json.dumps(content).encode()


@case(lost=set(), notes={"repair"})
def format_3(notebook):
    content = as_json(notebook)
    for c in content["cells"]:
        c["input"] = c.pop("source")
    return json.dumps({"worksheets": [{"cells": content["cells"]}], "nbformat": 3}).encode()


@case(lost=set())
def future_format(notebook):
    return json.dumps(as_json(notebook) | {"nbformat": 5, "nbformat_minor": 99, "new": {}}).encode()


@case(lost=set())
def byte_order_mark(notebook):
    return b"\xef\xbb\xbf" + nbformat.writes(notebook).encode()


@case(lost=set(), notes={"repair"})
def unreadable_cells(notebook):
    content = as_json(notebook)
    content["cells"][:0] = [None, 3, {"cell_type": "spell"}, {"cell_type": "code", "source": 9}]
    return json.dumps(content).encode()


@case(lost=set())
def half_a_character(notebook):
    content = as_json(notebook)
    content["cells"].insert(2, {"cell_type": "code", "source": "'\ud800'", "metadata": {}})
    return json.dumps(content).encode()


@case(lost=set())
def null_bytes(notebook):
    notebook.cells.insert(2, new_code_cell("x = 1\0"))
    return notebook


@case(graded=False, says="not valid JSON")
def invalid_json(notebook):
    return b"{'cells': []}"


@case(graded=False, says="not valid JSON")
def cut_off(notebook):
    return nbformat.writes(notebook).encode()[:-200]


@case(graded=False, says="not valid JSON")
def another_encoding(notebook):
    return nbformat.writes(notebook).replace("Walls", "Wälle").encode("latin-1")


@case(graded=False, says="not valid JSON")
def nested_without_end(notebook):
    return b"[" * 200_000


@case(graded=False, says="file is empty")
def empty_file(notebook):
    return b""


@case(graded=False, says="holds no cells")
def a_list(notebook):
    return b"[1, 2]"


@case(graded=False, says="notebook is empty")
def no_cells(notebook):
    return b'{"cells": []}'


@case(graded=False, says="more than 2000 cells")
def too_many_cells(notebook):
    return json.dumps({"cells": [{"cell_type": "code", "source": "1"}] * 2001}).encode()


@case(graded=False, says="larger than")
def too_large(notebook):
    notebook.cells.append(new_markdown_cell("x" * 21_000_000))
    return notebook


def filling(fill):
    return lambda notebook: lambda folder: fill(notebook, folder)


CASES |= {
    "renamed_notebook": Case(filling(lambda n, f: nbformat.write(n, f / "final (2).ipynb"))),
    "no_notebook": Case(
        filling(lambda n, f: (f / "answers.txt").write_text("42")),
        graded=False,
        says="no notebook",
    ),
    "two_other_notebooks": Case(
        filling(lambda n, f: [nbformat.write(n, f / f"{x}.ipynb") for x in "ab"]),
        graded=False,
        says="None of the notebooks",
    ),
    "symbolic_link": Case(
        filling(lambda n, f: (f / f"{SLUG}.ipynb").symlink_to("/etc/hostname")),
        graded=False,
        says="not a file",
    ),
    "named_pipe": Case(
        filling(lambda n, f: os.mkfifo(f / f"{SLUG}.ipynb")), graded=False, says="not a file"
    ),
    "folder_as_notebook": Case(
        filling(lambda n, f: (f / f"{SLUG}.ipynb").mkdir()), graded=False, says="not a file"
    ),
    "timestamp_that_never_ends": Case(
        filling(
            lambda n, f: (nbformat.write(n, f / f"{SLUG}.ipynb"), os.mkfifo(f / "timestamp.txt"))
        )
    ),
    "forged_timestamp": Case(
        filling(
            lambda n, f: (
                nbformat.write(n, f / f"{SLUG}.ipynb"),
                (f / "timestamp.txt").write_text("0001-01-01 00:00:00 +14:00"),
            )
        )
    ),
    "own_data": Case(
        filling(
            lambda n, f: (
                nbformat.write(n, f / f"{SLUG}.ipynb"),
                (f / "numbers.csv").write_text("value\n100\n"),
            )
        )
    ),
}


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory) -> tuple[Course, dict[str, Report]]:
    """Every case, graded in one run, between students who did nothing wrong."""

    root = released(SOURCE, SLUG, {"numbers.csv": "value\n1\n2\n3\n"})
    course = Course(shutil.copytree(root, tmp_path_factory.mktemp("hostile") / "course"))
    reference = nbformat.read(course.release(SLUG) / f"{SLUG}.ipynb", as_version=4)
    for name, source in SOLUTIONS.items():
        cell(reference, name).source = source
    for name, one in CASES.items():
        folder = course.submitted(name, SLUG)
        folder.mkdir(parents=True)
        made = one.make(copy.deepcopy(reference))
        if callable(made):
            made(folder)
        else:
            content = made if isinstance(made, bytes) else written(made)
            (folder / f"{SLUG}.ipynb").write_bytes(content)
    os.environ["A_SECRET_OF_THE_GRADER"] = MARK
    reports = {r.student: r for r in grade.grade_all(course, SLUG, limits=LIMITS)}
    del os.environ["A_SECRET_OF_THE_GRADER"]
    return course, reports


def written(notebook: NotebookNode) -> bytes:
    return json.dumps(notebook).encode()


def test_there_are_at_least_fifty():
    assert len(CASES) >= 50


@pytest.mark.parametrize("name", CASES)
def test_each_ends_as_it_must(graded, name):
    report, expected = graded[1][name], CASES[name]
    assert report.state == ("graded" if expected.graded else "not graded"), report.reason
    assert {t.name for t in report.tests if t.points < t.most} == expected.lost, report.tests
    assert expected.notes <= {note.kind for note in report.notes}, report.notes
    told = [report.reason, *(t.message for t in report.tests), *(n.text for n in report.notes)]
    assert re.search(expected.says, "\n".join(told)), told
    if expected.graded:
        assert {t.name: t.most for t in report.tests} == POINTS
        assert all(t.message for t in report.tests if not t.points)


@pytest.mark.parametrize("name", CASES)
def test_the_gradebook_says_the_same(graded, name):
    course, reports = graded
    with course.gradebook() as book:
        marks = {g.name: g for g in book.find_submission_notebook(SLUG, SLUG, name).grades}
    points = {test.name: test.points for test in reports[name].tests}
    for test in POINTS:
        assert marks[test].auto_score == points.get(test, 0.0)
        assert not marks[test].needs_manual_grade
    assert set(marks) == {*POINTS, "written"}


@pytest.mark.parametrize("name", CASES)
def test_nothing_hidden_is_told(graded, name):
    course, reports = graded
    told = [reports[name].reason, *(t.message for t in reports[name].tests)]
    notebook = nbformat.read(course.autograded(name, SLUG) / f"{SLUG}.ipynb", as_version=4)
    shown = [json.dumps(c.get("outputs", [])) for c in notebook.cells]
    assert SECRET not in "".join(told + shown)
    assert MARK not in "".join(shown).replace(f"/tmp/{MARK}", "").replace(f"'{MARK}'", "")


def test_nothing_survives(graded):
    assert not Path(f"/tmp/{MARK}").exists()
    for process in psutil.process_iter(["cmdline"]):
        assert MARK not in (process.info["cmdline"] or [])


def test_the_level_of_the_walls_is_kept_with_each_grade(graded):
    assert {report.sandbox for report in graded[1].values()} <= {
        "bubblewrap and Landlock",
        "bubblewrap",
        "Landlock",
    }


def test_partial_credit(graded):
    points = {t.name: t.points for t in graded[1]["half_of_the_points"].tests}
    assert points["total-partly"] == 1.0
