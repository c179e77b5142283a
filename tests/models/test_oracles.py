"""Every worked number (O) and every number from real data (R) has a test that cites its code."""

import ast
from pathlib import Path

CODES = """
O1.1a O1.1b O1.2a O1.2b O1.2c O1.3a O1.3b O1.3c O1.4a O1.4b O1.5
O2.1 O2.2 O2.3a O2.3b O2.3c O2.4 O2.5 O2.6
O3.1 O3.2 O3.3 O3.4a O3.4b O3.4c O3.5a O3.5b O3.6
O4.1 O4.2a O4.2b O4.3 O4.4 O4.5 O4.6
O5.1 O5.2 O5.3a O5.3b O5.3c O5.4 O5.5a O5.5b O5.6 O5.7
O6.1 O6.2 O6.3 O6.4 O6.5 O6.6a O6.6b O6.6c O6.7 O6.8a O6.8b O6.8c O6.8d O6.8e
O7.1 O7.2 O7.3 O7.4 O7.5 O7.6a O7.6b O7.7 O7.8 O7.9a O7.9b
R1.1 R2.1 R2.2 R2.3 R2.4 R2.5 R3.1 R3.2 R3.3 R3.4 R4.1 R4.2 R5.1 R5.2 R5.3 R6.1 R6.2 R6.3
R7.1 R7.2 R7.3
""".split()  # noqa: SIM905


def cited_codes() -> set[str]:
    """Return the codes that stand in `@pytest.mark.oracle("…")` on a test of models or data.

    Tests of chapters ask only for the digits that a chapter prints.
    """
    tests = Path(__file__).parents[1]
    return {
        mark.args[0].value
        for folder in ("models", "data")
        for file in (tests / folder).glob("test_*.py")
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_")
        for mark in function.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.oracle"
    }


def test_each_code_is_cited_by_a_test_and_no_other_code_is():
    assert sorted(cited_codes()) == sorted(CODES)
