"""nbgrader for this course.

Read when nbgrader is run inside ``grading/``, and by JupyterLab started in the course root with
``JUPYTER_CONFIG_PATH=grading``. All that grading writes lies under ``grading/course/``.
"""

import os
import sysconfig
from pathlib import Path

from servicequality.grading.formgrader import TEMPLATE

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

# Students' cells run in a sandbox, tests outside it; see servicequality.grading.
nbgraders = "nbgrader.preprocessors."
c.Autograde.sanitize_preprocessors = [
    "servicequality.grading.plugin.Restore",
    nbgraders + "OverwriteKernelspec",
    nbgraders + "OverwriteCells",
    nbgraders + "CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "servicequality.grading.plugin.SafeExecute",
    nbgraders + "LimitOutput",
    nbgraders + "SaveAutoGrades",
    nbgraders + "AssignLatePenalties",
    nbgraders + "CheckCellMetadata",
]
c.Restore.course = c.SafeExecute.course = str(root)

c.Execute.timeout = 60  # seconds per cell, for `nbgrader validate`
c.Execute.startup_timeout = 120
c.LimitOutput.max_lines = 200
c.LimitOutput.max_traceback = 50

# One page that opens offline and forbids scripts. It is cleaned, and shows no test.
c.GenerateFeedback.exporter_class = "servicequality.grading.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = []

# Formgrader would show students' HTML as they wrote it.
c.HTMLExporter.preprocessors = ["servicequality.grading.formgrader.Sanitise"]
c.HTMLExporter.template_file = str(TEMPLATE)
c.HTMLExporter.filters = {
    "allow_only_its_scripts": "servicequality.grading.formgrader.allow_only_its_scripts"
}
