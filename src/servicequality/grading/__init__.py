"""Safe parallel grading with nbgrader: its gradebook and its commands, our execution.

Students' cells run in a sandboxed kernel; test cells run in an examiner outside it.
"""
