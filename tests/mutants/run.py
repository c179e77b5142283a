"""Change the models a little, one change at a time, and see whether their tests notice.

`make mutants` runs this for every module of `models/`, `make mutants MODULE=queueing` for one. Each
module is tested only by its own test file and by the examples in its docstrings. mutmut makes the
changes and keeps its work, and what it found, in `.cache/mutants/<module>/`: a second run tests
functions that have changed since and, if tests have changed, mutants that had survived; it also
goes on where a run was stopped, and passes over a module where nothing has changed. Without that
folder it starts afresh. The wording of messages, inside `_("…")`, stays as it is: tests ask what a
message names, not how.

Fails if fewer than 90 % of the mutants of the modules asked for are killed, or if a mutant that
survives does not stand in `survivors.toml` with a reason: in the table of its module, or matching
a pattern of the table `anywhere`.
"""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from mutmut.configuration import reset_config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import find_mutant, get_diff_for_mutant
from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).parents[2]
WORK = ROOT / ".cache" / "mutants"
PACKAGE = Path("servicequality", "models")
MODELS = ROOT / "src" / PACKAGE
TESTS = ROOT / "tests" / "models"
SURVIVORS = Path(__file__).with_name("survivors.toml")
GOAL = 0.90
KILLED = {"killed", "timeout"}
STATS = Path("mutants", "mutmut-stats.json")
MUTMUT = Path(sys.executable).with_name("mutmut")

SETTINGS = r"""
[mutmut]
source_paths=src
only_mutate=src/servicequality/models/{module}.py
pytest_add_cli_args_test_selection=
    tests/models/test_{name}.py
    tests/models/test_doctests.py::test_examples_in_docstrings[{name}]
pytest_add_cli_args=-pno:cacheprovider
do_not_mutate_patterns=\b_\(
timeout_multiplier=10
use_git_change_detection=false
track_dependencies=false
"""
# Whether a test fails matters here, not the simplest example on which it does.
PROFILE = """
from hypothesis import Phase
settings.register_profile(
    "mutants", settings.get_profile("course"), phases=[Phase.generate], max_examples=20
)
settings.load_profile("mutants")
"""


def prepare(module: str) -> Path:
    """Lay out a folder for mutmut; let it forget what survived if the tests are new."""
    folder = WORK / module
    tests = folder / "tests" / "models"
    tests.mkdir(parents=True, exist_ok=True)
    (folder / "mutants").mkdir(exist_ok=True)
    for link, target in (("src", "src"), ("mutants/datasets", "datasets")):
        if not (folder / link).is_symlink():
            (folder / link).symlink_to(ROOT / target, target_is_directory=True)
    shutil.copy2(ROOT / "pyproject.toml", folder)
    # A run that was stopped while it made the mutants leaves half of them, without their spans,
    # which mutmut writes last.
    mutants = folder / "mutants" / source(module)
    spans = mutants.with_suffix(".py.spans")
    if not spans.exists() or spans.stat().st_mtime < mutants.stat().st_mtime:
        spans.unlink(missing_ok=True)
        mutants.unlink(missing_ok=True)
    name = module.lstrip("_")
    files = {
        folder / "setup.cfg": SETTINGS.format(module=module, name=name),
        tests / "conftest.py": (TESTS / "conftest.py").read_text(encoding="utf-8") + PROFILE,
    } | {
        tests / file: (TESTS / file).read_text(encoding="utf-8")
        for file in (f"test_{name}.py", "test_doctests.py")
    }
    new = {
        file: text
        for file, text in files.items()
        if not file.exists() or file.read_text(encoding="utf-8") != text
    }
    if new:
        forget_survivors(module)
    for file, text in new.items():
        file.write_text(text, encoding="utf-8")
    return folder


def source(module: str) -> Path:
    """Find a module from the root of the project, or of a folder for mutmut."""
    return Path("src", PACKAGE, f"{module}.py")


def known(module: str) -> SourceFileMutationData:
    """Read what mutmut has found out about the mutants of a module."""
    with contextlib.chdir(WORK / module):
        data = SourceFileMutationData(path=source(module))
        data.load()
    return data


def forget_survivors(module: str) -> None:
    """Let mutmut test the mutants that survived again, and find out anew what tests what."""
    (WORK / module / STATS).unlink(missing_ok=True)
    data = known(module)
    for mutant, fate in results(module).items():
        if fate not in KILLED:
            data.exit_code_by_key[mutant] = None
    if data.exit_code_by_key:
        with contextlib.chdir(WORK / module):
            data.save()


def mutate(module: str, processes: int) -> None:
    """Let mutmut test the mutants that it has not tested yet, and survivors again on new tests."""
    folder = prepare(module)
    mutants = folder / "mutants" / source(module)
    inputs = (ROOT / source(module), folder / "setup.cfg")
    made = mutants.exists() and mutants.stat().st_mtime > max(i.stat().st_mtime for i in inputs)
    if made and "not checked" not in results(module).values():
        return
    with (folder / "log").open("w") as log:
        command = [MUTMUT, "run", f"--max-children={processes}"]
        if subprocess.run(command, cwd=folder, stdout=log, stderr=log).returncode:
            raise SystemExit(f"mutmut failed on {module}; see {folder / 'log'}")


def results(module: str) -> dict[str, str]:
    """Give each mutant of a module and whether it was killed, survived, …"""
    codes = known(module).exit_code_by_key
    return {mutant: status_by_exit_code[code] for mutant, code in codes.items()}


def changes(module: str, mutants: list[str]) -> list[str]:
    """Say what mutants change: the function, the lines it had, the lines put there instead."""
    found = []
    with contextlib.chdir(WORK / module):
        reset_config()
        for mutant in mutants:
            difference = get_diff_for_mutant(mutant, path=find_mutant(mutant).path).splitlines()[2:]
            old, new = (
                " ".join(line[1:].strip() for line in difference if line.startswith(sign))
                for sign in "-+"
            )
            function = mutant.split(".")[-1].rpartition("__mutmut_")[0].removeprefix("x_")
            found.append(f"{function}: {old} -> {new}")
    return found


def main() -> None:
    """Test the mutants and print what became of them."""
    names = sorted(file.stem for file in MODELS.glob("*.py") if file.stem != "__init__")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    if unknown := set(options.modules) - set(names):
        parser.error(f"no module {', '.join(unknown)}; there are {', '.join(names)}")
    os.nice(19)
    explained = tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))
    killed = total = 0
    unexplained = []
    for module in options.modules or names:
        mutate(module, options.processes)
        found = results(module)
        survivors = [name for name, fate in found.items() if fate not in KILLED]
        reasons = explained.get(module, {})
        new = [
            text
            for text in changes(module, survivors)
            if text not in reasons and not any(re.search(p, text) for p in explained["anywhere"])
        ]
        print(
            f"{module:<25} {len(found) - len(survivors):>4} of {len(found):>4} killed", flush=True
        )
        for text in new:
            print(f"    {text}")
        unexplained += new
        killed += len(found) - len(survivors)
        total += len(found)
    print(
        f"{killed} of {total} killed: {killed / total:.1%}; {len(unexplained)} survive unexplained"
    )
    if killed < GOAL * total or unexplained:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
