"""Grade one notebook: the student's cells in the sandbox, the tests here.

A test cell calls the student's functions by name, as it does in the student's own notebook. Here
each name stands for a `Remote`, which sends plain arguments to the sandbox and gets plain results.

Code that was given hidden data could tell them in whatever it prints or returns later, or leave
them for another cell. So hidden lines run last, when nobody listens to the kernel any more, in the
branch of it that ran the visible lines; if that has ended, in another kernel that shows nothing.
"""

import ast
import builtins
import contextlib
import io
import math
import numbers
import os
import signal
import symtable
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from gettext import gettext as _
from types import CodeType
from typing import Any

import nbformat
from nbformat import NotebookNode

from servicequality.checks import CheckError, Outcome
from servicequality.grading.channel import BadMessageError, NotPlainError, read, write
from servicequality.grading.kernel import Branch, Ran, StudentKernel, whole_characters
from servicequality.grading.report import Note, Test, TestState
from servicequality.grading.restore import BEGIN_HIDDEN, is_answer, is_test, name_of
from servicequality.grading.sandbox import Limits, Zygote
from servicequality.grading.source import Source

SLOW_CALLS_AT_MOST = 2
TEST_CALLS = 3
"""A test as a whole may last this many times as long as one call."""
MESSAGE_CHARACTERS = 2_000

WHY = {
    "memory": _("it used too much memory"),
    "processes": _("it started too many processes"),
    "files": _("it wrote too many or too large files"),
}
STOPPED = {
    "timeout": _("This cell took too long and was stopped."),
    "died": _("This cell ended the kernel."),
    "output": _("This cell printed too much and was stopped."),
}
READING = _("reading your variables")


class StudentError(Exception):
    """Something that a student's function raised, or its result that cannot be used."""


class TookTooLongError(StudentError):
    """A call that did not end in time."""


class DiedError(StudentError):
    """A call that ended its process."""


class Remote:
    """A student's function, which lives in the sandbox."""

    def __init__(self, name: str, examiner: "Examiner") -> None:
        self.__name__ = name
        self.__qualname__ = name
        self._examiner = examiner

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Call it; return its result."""
        return self.outcome(*arguments, **options).result

    def outcome(self, *arguments: Any, **options: Any) -> Outcome:
        """Call it; see `servicequality.checks.Outcome`."""
        return self._examiner.call(self.__name__, arguments, options)


@dataclass(frozen=True)
class _Lines:
    """Lines of a cell, ready to run, and the names that they read before they define them."""

    names: frozenset[str]
    most: CodeType
    last: CodeType | None
    """The last line, if that is an expression."""


@dataclass
class _Begun:
    """A test whose visible lines passed: its hidden lines, and what they find."""

    branch: Branch | None
    hidden: _Lines
    space: dict[str, Any]
    theirs: set[str]
    seconds: float


@dataclass
class Prepared:
    """An assignment whose instructor's cells above the first test have run; see `prepare`."""

    source: Source
    space: dict[str, Any]
    wanted: set[str]
    instructions: list[NotebookNode]
    """The instructor's other code cells, tests among them as marks of how far to go."""


Result = tuple[Test, list[NotebookNode]]
"""A test's result, and its outputs in the form that nbgrader reads."""


class Examiner:
    """Runs the tests of one notebook; see `examine`.

    Attributes
    ----------
    kernel : StudentKernel
        Where the student's functions are.
    """

    def __init__(self, prepared: Prepared, kernel: StudentKernel, limits: Limits) -> None:
        self.kernel = kernel
        self._limits = limits
        self._space = prepared.space
        self._theirs: set[str] = set()
        self._functions: set[str] = set()
        self._wanted = prepared.wanted
        self._slow: dict[str, int] = {}
        self._begun: dict[str, _Begun] = {}
        self._hidden_names: dict[str, Any] = {}
        self._branch: Branch | None = None

    def call(self, name: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> Outcome:
        """Call a student's function in the sandbox."""
        if self._slow.get(name, 0) >= SLOW_CALLS_AT_MOST:
            raise TookTooLongError(
                _("{name} took too long before, so it was not tried again.").format(name=name)
            )
        try:
            written = write((arguments, options))
        except NotPlainError as error:
            raise TypeError(
                f"This test hands over {error}; a test can send plain data only."
            ) from None
        gone = [n for n in self._functions if n not in self._space]
        reply = self._ask({"do": "call", "name": name, "arguments": written, "deleted": gone}, name)
        state = reply["state"]
        if state == "raised":
            raise _as_raised(name, reply)
        if state == "not plain":
            raise StudentError(
                _("{name} returned {what}; it should return plain data.").format(
                    name=name, what=str(reply.get("text"))[:200]
                )
            )
        try:
            return Outcome(
                read(reply["result"]),
                changed=reply["changed"] is True,
                used_global_random=reply["used_global_random"] is True,
            )
        except (BadMessageError, KeyError, TypeError):
            raise StudentError(_("{name} gave no readable result.").format(name=name)) from None

    def _ask(self, request: dict[str, Any], about: str) -> dict[str, Any]:
        if self._branch:
            reply = self.kernel.ask_kept(self._branch, request)
        else:
            reply = self.kernel.ask(request)
        if reply["state"] == "timeout":
            self._slow[about] = self._slow.get(about, 0) + 1
            raise TookTooLongError(_("{name} took too long and was stopped.").format(name=about))
        if reply["state"] == "died":
            why = WHY.get(str(reply.get("why")), "")
            text = _("{name} ended the whole process").format(name=about)
            raise DiedError(f"{text}: {why}." if why else f"{text}.")
        return reply

    def instruct(self, cell: NotebookNode) -> None:
        """Run a cell of the instructor's, so that tests find what it defines."""
        with contextlib.suppress(Exception):
            self._execute(_seen_and_hidden(cell.source)[0])

    def begin(self, cell: NotebookNode) -> Result | None:
        """Run what students see of a test; return the result, or None if the rest decides."""
        started = time.monotonic()
        try:
            seen, hidden = _seen_and_hidden(cell.source)
            value = self._execute(seen)
        except (KeyboardInterrupt, SystemExit, Exception) as error:
            return _failed(cell, *self._judged(error, hidden=False), _since(started))
        if hidden is None:
            return _scored(cell, value, _since(started))
        self._begun[name_of(cell)] = _Begun(
            self.kernel.keep_branch(),
            hidden,
            dict(self._space),
            set(self._theirs),
            _since(started),
        )
        return None

    def waits(self) -> bool:
        """Tell whether the hidden lines of some test are still to be run."""
        return bool(self._begun)

    def finish_where_begun(self, cell: NotebookNode) -> Result | None:
        """Run what is hidden of a test where the rest ran; None if there is no such place left."""
        begun = self._begun.get(name_of(cell))
        if begun is None or begun.branch is None or not begun.branch.is_open:
            return None
        self._branch = begun.branch
        try:
            result = self.finish(cell)
        finally:
            self._branch = None
        if result and result[0].state == "died":
            # The lines of another test may have ended it.
            self._begun[name_of(cell)] = begun
            return None
        return result

    def finish(self, cell: NotebookNode) -> Result | None:
        """Run what is hidden of a test; return the result, or None if there was nothing to do."""
        begun = self._begun.pop(name_of(cell), None)
        if begun is None:
            return None
        started = time.monotonic() - begun.seconds
        # The same dict, since it holds what the instructor's functions look up.
        self._space.clear()
        self._space |= self._hidden_names | begun.space
        self._theirs = set(begun.theirs)
        try:
            value = self._execute(begun.hidden)
        except (KeyboardInterrupt, SystemExit, Exception) as error:
            return _failed(cell, *self._judged(error, hidden=True), _since(started))
        finally:
            self._hidden_names |= {
                name: value
                for name, value in self._space.items()
                if name not in begun.space and name not in self._theirs
            }
        return _scored(cell, value, _since(started))

    def _execute(self, lines: _Lines) -> Any:
        """Run code; return the value of its last line, if that is an expression."""
        self._wanted |= lines.names
        self._fetch()
        return _execute(
            lines, self._space, min(TEST_CALLS * self._limits.cell_s, self.kernel.seconds_left)
        )

    def _fetch(self) -> None:
        """Get from the sandbox what the code asks for and the instructor has not defined."""
        for name in self._theirs:
            self._space.pop(name, None)
        self._theirs.clear()
        self._functions.clear()
        names = _missing(self._wanted, self._space)
        if not names:
            return
        reply = self._ask({"do": "look", "names": names}, READING)
        found = reply.get("names")
        if not isinstance(found, dict):
            return
        for name in names:
            what = found.get(name)
            if not isinstance(what, dict):
                continue
            if what.get("is") == "callable":
                self._space[name] = Remote(name, self)
                self._functions.add(name)
            elif what.get("is") == "plain":
                with contextlib.suppress(BadMessageError):
                    self._space[name] = read(str(what.get("value")))
            if name in self._space:
                self._theirs.add(name)

    def _judged(self, error: BaseException, *, hidden: bool) -> tuple[TestState, str]:
        """Tell what an error in a test means, in words that give nothing hidden away."""
        state: TestState = "failed"
        if isinstance(error, TookTooLongError):
            state = "timeout"
        elif isinstance(error, DiedError):
            state = "died"
        text = str(error).strip()
        if isinstance(error, CheckError) and (not hidden or error.tells_no_data):
            return state, text
        if isinstance(error, (TookTooLongError, DiedError)):
            return state, text
        if isinstance(error, NameError):
            name = getattr(error, "name", None)
            if name and name in self._wanted:
                return state, _("{name} is not defined in your notebook.").format(name=name)
        kind = type(error).__name__
        if hidden:
            what = {"AssertionError": "", "CheckError": ""}.get(kind, f" ({kind})")
            return state, _("Not yet. Right in the examples, but not on other data{what}.").format(
                what=what
            )
        if isinstance(error, (AssertionError, StudentError)) and text:
            return state, text
        return state, f"{kind}: {text}" if text else kind


def prepare(source: Source, limits: Limits) -> Prepared:
    """Do what is the same for every submission.

    An examination uses up what this returns: fork a process for each, or prepare anew.
    """
    instructions = [
        cell
        for cell in source.master.cells
        if cell.cell_type == "code" and (is_test(cell) or not is_answer(cell))
    ]
    for cell in instructions:
        with contextlib.suppress(SyntaxError):
            _seen_and_hidden(cell.source)
    space: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
    wanted: set[str] = set()
    with _inside(source):
        while instructions and not is_test(instructions[0]):
            with contextlib.suppress(Exception):
                seen, _hidden = _seen_and_hidden(instructions[0].source)
                if _missing(seen.names, space):
                    break  # it needs something of the student's
                wanted |= seen.names
                _execute(seen, space, TEST_CALLS * limits.cell_s)
            instructions.pop(0)
    return Prepared(source, space, wanted, instructions)


def examine(
    notebook: NotebookNode, prepared: Prepared, zygote: Zygote, limits: Limits
) -> tuple[NotebookNode, list[Test], list[Note]]:
    """Run a restored notebook; return it with outputs, the tests' results, and what was noticed.

    Parameters
    ----------
    notebook : NotebookNode
        From `restore`. Is changed in place.
    prepared : Prepared
        The assignment.
    zygote : Zygote
        Where the student's kernel is forked.
    limits : Limits
        What it may use.
    """
    source = prepared.source
    results: dict[str, Result | None] = {}
    notes: list[Note] = []
    went_well: list[str] = []
    with _inside(source):
        with StudentKernel(zygote, source.files, limits) as kernel:
            examiner = Examiner(prepared, kernel, limits)
            to_run = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
            for number, cell in enumerate(to_run, 1):
                cell.execution_count = number
                name = name_of(cell)
                if is_test(cell):
                    _follow(prepared.instructions, name, examiner)
                    results[name] = examiner.begin(cell)
                    continue
                before_test = number < len(to_run) and is_test(to_run[number])
                ran = kernel.run(cell.source, before_test=before_test)
                cell.outputs = _as_outputs(ran, cell)
                if ran.state in ("done", "failed"):
                    went_well.append(cell.id)
                note = _noted(ran, name or cell.id, limits)
                if note:
                    notes.append(note)
            if examiner.waits():
                kernel.start_clock()
                for cell in filter(is_test, notebook.cells):
                    name = name_of(cell)
                    results[name] = examiner.finish_where_begun(cell) or results[name]
            forged = kernel.forged
        if examiner.waits():
            with StudentKernel(zygote, source.files, limits) as kernel:
                examiner.kernel = kernel
                for cell in notebook.cells:
                    if is_test(cell):
                        name = name_of(cell)
                        results[name] = examiner.finish(cell) or results[name]
                        if not examiner.waits():
                            break
                    elif cell.id in went_well:
                        kernel.run(cell.source)
                forged += kernel.forged
    tests: list[Test] = []
    for cell in notebook.cells:
        result = results.get(name_of(cell)) if is_test(cell) else None
        if result is not None:
            test, cell.outputs = result
            tests.append(test)
    if forged:
        notes.append(
            Note("tampering", _("Messages of the kernel were forged; they changed nothing."))
        )
    return notebook, tests, notes


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)


def _scored(cell: NotebookNode, value: Any, seconds: float) -> Result:
    """Return the result of a test that ran to its end; a number is a part of the points."""
    most = _most(cell)
    given = _number(value)
    if given is None:
        return _result(cell, most, "passed", "", seconds), []
    if not 0 <= given <= most:
        message = _(
            "The test itself is at fault: it gave {given} of {most} points. "
            "Your instructor can see this."
        ).format(given=value, most=most)
        return _failed(cell, "test error", message, seconds)
    state: TestState = "passed" if given == most else "partial" if given else "failed"
    message = ""
    if given < most:
        message = _("Not yet: {given:g} of {most:g} points.").format(given=given, most=most)
    shown = nbformat.v4.new_output(
        "execute_result", {"text/plain": repr(given)}, execution_count=cell.execution_count
    )
    return _result(cell, given, state, message, seconds), [shown]


def _failed(cell: NotebookNode, state: TestState, message: str, seconds: float) -> Result:
    """Return the result of a test that was not passed."""
    message = whole_characters(message[:MESSAGE_CHARACTERS])
    kind = {"failed": "TestFailed", "test error": "TestError"}.get(state, "TestStopped")
    shown = nbformat.v4.new_output("error", ename=kind, evalue=message, traceback=[message])
    return _result(cell, 0.0, state, message, seconds), [shown]


def _result(
    cell: NotebookNode, points: float, state: TestState, message: str, seconds: float
) -> Test:
    name = name_of(cell)
    task = cell.metadata.get("servicequality", {}).get("task", name)
    return Test(name, task, points, _most(cell), state, message, seconds)


def _most(cell: NotebookNode) -> float:
    return float(cell.metadata.nbgrader.get("points", 0))


def _execute(lines: _Lines, space: dict[str, Any], seconds: float) -> Any:
    """Run code; return the value of its last line, if that is an expression."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        _alarm(seconds),
    ):
        exec(lines.most, space)
        return eval(lines.last, space) if lines.last else None


def _missing(names: Iterable[str], space: dict[str, Any]) -> list[str]:
    return sorted(n for n in names if n not in space and not hasattr(builtins, n))


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """End a test that does not end by itself."""

    def ring(*_what: object) -> None:
        raise TookTooLongError(_("The test took too long and was stopped."))

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.1))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _inside(source: Source) -> Iterator[None]:
    """Let tests find the assignment's files by their names."""
    before = os.getcwd()
    if source.files:
        os.chdir(source.files[0].parent)
    try:
        yield
    finally:
        os.chdir(before)


def _follow(instructions: list[NotebookNode], until: str, examiner: Examiner) -> None:
    """Run the instructor's cells that stand above a test."""
    while instructions:
        cell = instructions.pop(0)
        if is_test(cell):
            if name_of(cell) == until:
                return
        else:
            examiner.instruct(cell)


def _as_outputs(ran: Ran, cell: NotebookNode) -> list[NotebookNode]:
    stopped = STOPPED.get(ran.state)
    outputs = list(ran.outputs)
    for output in outputs:
        if output.output_type == "execute_result":
            output.execution_count = cell.execution_count
    if stopped:
        outputs.append(
            nbformat.v4.new_output("error", ename="Stopped", evalue=stopped, traceback=[stopped])
        )
    return outputs


def _noted(ran: Ran, cell: str, limits: Limits) -> Note | None:
    if ran.state == "timeout":
        text = _("A cell ran longer than {s:.0f} seconds and was stopped.").format(s=limits.cell_s)
        return Note("limit", text, cell)
    if ran.state == "output":
        return Note("limit", _("A cell printed too much and was stopped."), cell)
    if ran.state == "died":
        why = WHY.get(ran.why)
        text = _("A cell ended the kernel")
        return Note("limit", f"{text}: {why}." if why else f"{text}.", cell)
    refused = ("PermissionError", "ImportError", "ModuleNotFoundError")
    for output in ran.outputs:
        if output.output_type == "error" and output.get("ename") in refused:
            text = str(output.get("evalue", ""))[:200]
            if "Permission denied" in text or "work that is graded" in text:
                return Note("sandbox", _("Refused: {text}").format(text=text), cell)
    return None


def _without_magics(source: str) -> str:
    if source.lstrip().startswith("%%"):
        return ""
    return "\n".join(
        "" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()
    )


@cache
def _seen_and_hidden(source: str) -> tuple[_Lines, _Lines | None]:
    """Part a cell into what students see, and all from the first hidden line on."""
    tree = ast.parse(_without_magics(source))
    lines = source.splitlines()
    first = next((n for n, line in enumerate(lines, 1) if BEGIN_HIDDEN in line), len(lines) + 1)
    seen = [part for part in tree.body if (part.end_lineno or 0) < first]
    hidden = tree.body[len(seen) :]
    return _compiled(seen), _compiled(hidden) if hidden else None


def _compiled(body: list[ast.stmt]) -> _Lines:
    names = _names_wanted(body)
    last = None
    if body and isinstance(body[-1], ast.Expr):
        last = compile(ast.Expression(body[-1].value), "<test>", "eval")
        body = body[:-1]
    return _Lines(names, compile(ast.Module(body, []), "<test>", "exec"), last)


def _names_wanted(body: list[ast.stmt]) -> frozenset[str]:
    """Return the names that code reads before it defines them at its top level."""
    defined: set[str] = set()
    wanted: set[str] = set()
    for statement in body:
        table = symtable.symtable(ast.unparse(statement), "<cell>", "exec")
        wanted |= _free_names(table) - defined
        defined |= {symbol.get_name() for symbol in table.get_symbols() if _is_bound(symbol)}
    return frozenset(wanted)


def _is_bound(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported()


def _free_names(table: symtable.SymbolTable, top: bool = True) -> set[str]:
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (top or symbol.is_global())
    }
    return names.union(*(_free_names(child, top=False) for child in table.get_children()))


def _number(value: Any) -> float | None:
    """Return a number that a test gives as partial credit; None if it gives none."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    return math.inf if math.isnan(value) else float(value)


def _as_raised(name: str, reply: dict[str, Any]) -> Exception:
    """Return an exception of the same built-in type, so that tests can expect it."""
    text = str(reply.get("text", ""))
    kinds = reply.get("types")
    kind: Callable[[str], Exception] = StudentError
    shown = "an error"
    for candidate in kinds if isinstance(kinds, list) else []:
        found = getattr(builtins, str(candidate), None)
        if isinstance(found, type) and issubclass(found, Exception) and found is not Exception:
            kind, shown = found, str(candidate)
            break
    if kind is not StudentError:
        with contextlib.suppress(TypeError):  # a few kinds want more than a text
            return kind(text)
    return StudentError(f"{name} raised {shown}: {text}")
