"""nbgrader for this course.

Read when nbgrader is run inside ``grading/``, and by JupyterLab started in the course root with
``JUPYTER_CONFIG_PATH=grading``. All that grading writes lies under ``grading/course/``.
"""

import os
import sysconfig
from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import ClearHiddenTests, GetGrades, NbGraderPreprocessor

# nbgrader calls `alembic` by name when it makes a gradebook, and leaves half a gradebook behind if
# it is not found. It lies beside the interpreter, which need not be on PATH.
scripts = sysconfig.get_path("scripts")
if scripts not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", os.defpath)])

here = Path(__file__).resolve().parent
root = here.parent
course = here / "course"
(course / "exchange").mkdir(parents=True, exist_ok=True)

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "service-quality"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "exercises"
for step in ["source_with_tests", "release", "submitted", "autograded", "feedback", "solution"]:
    setattr(c.CourseDirectory, f"{step}_directory", str((course / step).relative_to(root)))
c.CourseDirectory.db_url = f"sqlite:///{course / 'gradebook.db'}"
c.CourseDirectory.max_file_size = 10_000  # kB
c.CourseDirectory.max_dir_size = 20_000

# No exercise needs a module beside its notebook, and one there could pose as our checks.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.py", "*.pyc", "*.so", "*.pyd"]

c.Exchange.root = str(course / "exchange")

c.OverwriteCells.add_missing_cells = True  # a deleted test is a failed test, also in a resubmission

c.Execute.timeout = 60  # seconds per cell; a slow but right cell of our exercises needs about 2
c.Execute.startup_timeout = 120
c.LimitOutput.max_lines = 200
c.LimitOutput.max_traceback = 50


class MessageOnly(NbGraderPreprocessor):
    """Keep the message of a failed test, and not the traceback, which quotes hidden tests."""

    def preprocess_cell(self, cell, resources, cell_index):
        """Shorten the errors of a test cell."""
        if cell.metadata.get("nbgrader", {}).get("grade"):
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


c.GenerateFeedback.preprocessors = [
    GetGrades,
    ClearHiddenTests,
    MessageOnly,
    CSSHTMLHeaderPreprocessor,
]
