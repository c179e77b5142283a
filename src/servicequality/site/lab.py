"""Open JupyterLab as a student or (`--teach`) as an instructor sees it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from filecmp import cmp
from pathlib import Path

ROOT = Path(__file__).parents[3]
DESK = ROOT / ".lab"
ORIGINALS = DESK / ".jupyter" / "originals"
GRADING = ROOT / "grading"

NEWS = ["@jupyterlab/apputils-extension:announcements"]
INSTRUCTORS_ONLY = ["course-list", "create-assignment", "formgrader"]
INSTRUCTORS_SERVER = ["course_list", "formgrader"]


def main() -> None:
    """Prepare the folder that JupyterLab opens, then become JupyterLab."""
    options = [option for option in sys.argv[1:] if option != "--teach"]
    if "--teach" in sys.argv:
        desk, first, settings = ROOT, "/lab", GRADING / "course" / "jupyter"
        configure(settings, hidden=NEWS, stopped=[])
        # With a broken configuration nbgrader would go on without it, and without the sandbox.
        os.environ["TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR"] = "1"
    else:
        desk, first, settings = DESK, "/lab/tree/chapters/00-start-here.ipynb", DESK / ".jupyter"
        configure(
            settings,
            hidden=NEWS + [f"@jupyter/nbgrader:{part}" for part in INSTRUCTORS_ONLY],
            stopped=[f"nbgrader.server_extensions.{part}" for part in INSTRUCTORS_SERVER],
        )
        for note in lay_out():
            print(note)
        hand_in(settings)
    paths = [str(settings), *([str(GRADING)] if desk == ROOT else [])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(paths)
    os.chdir(desk)
    options += [f"--ServerApp.root_dir={desk}", f"--LabApp.default_url={first}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *options])


def configure(settings: Path, hidden: list[str], stopped: list[str]) -> None:
    """Write what Jupyter reads at its start; some parts of its window and server are left out."""
    (settings / "labconfig").mkdir(parents=True, exist_ok=True)
    # No news, no search for updates, no index of extensions: JupyterLab asks no other host.
    lab = {
        "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "extension_manager": "readonly",
        "news_url": None,
        "workspaces_dir": str(settings / "workspaces"),
    }
    server = {
        "KernelProvisionerFactory": {"default_provisioner_name": "forked"},
        "ServerApp": {"jpserver_extensions": dict.fromkeys(stopped, False)},
    }
    (settings / "jupyter_lab_config.json").write_text(json.dumps({"LabApp": lab}))
    (settings / "jupyter_server_config.json").write_text(json.dumps(server))
    page = {"disabledExtensions": dict.fromkeys(hidden, True)}
    (settings / "labconfig" / "page_config.json").write_text(json.dumps(page))


def lay_out() -> Iterator[str]:
    """Put chapters and released exercises on the student's desk; yield what is kept as it was.

    A file that the student has changed stays. One that is still as it was laid out follows its
    source.
    """
    sources = {path: path.relative_to(ROOT) for path in files(ROOT / "chapters")}
    for exercise in sorted((ROOT / "exercises").glob("*/")):
        release = released(exercise)
        for path in files(release):
            sources[path] = Path("exercises", exercise.name, path.relative_to(release))
    for source, place in sources.items():
        target, original = DESK / place, ORIGINALS / place
        if not target.exists() or (original.exists() and cmp(target, original, shallow=False)):
            for copy in (target, original):
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, copy)
        elif not (original.exists() and cmp(source, original, shallow=False)):
            yield f"Kept your own {place}; rename it to get the new one."


def files(folder: Path) -> list[Path]:
    """Return the files of a folder and its folders, without hidden ones."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [p for p in found if not any(x.startswith(".") for x in p.relative_to(folder).parts)]


def released(exercise: Path) -> Path:
    """Return the folder of an exercise without solutions and hidden tests, newly made if stale."""
    release = GRADING / "course" / "release" / exercise.name
    newest = max(path.stat().st_mtime for path in files(exercise))
    made = release / f"{exercise.name}.ipynb"
    if not made.exists() or made.stat().st_mtime < newest:
        command = [sys.executable, "-m", "nbgrader", "generate_assignment", exercise.name]
        options = ["--force", "--no-db", "--log-level=WARN"]
        subprocess.run([*command, *options], cwd=GRADING, check=True)
    return release


def hand_in(settings: Path) -> None:
    """Let the student hand in to the instructor of this machine."""
    shared = GRADING / "course" / "exchange"
    shared.mkdir(parents=True, exist_ok=True)
    lines = {
        "CourseDirectory.course_id": "service-quality",
        "Exchange.assignment_dir": str(DESK / "exercises"),
        "Exchange.cache": str(DESK / ".jupyter" / "submitted"),
        "Exchange.root": str(shared),
    }
    text = "c = get_config()\n" + "".join(f"c.{name} = {to!r}\n" for name, to in lines.items())
    (settings / "nbgrader_config.py").write_text(text)


if __name__ == "__main__":
    main()
