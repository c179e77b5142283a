import doctest
import inspect
from importlib import import_module
from pkgutil import iter_modules

import pytest

from servicequality import models

MODULES = [module.name for module in iter_modules(models.__path__)]


@pytest.mark.parametrize("name", MODULES, ids=lambda name: name.lstrip("_"))
def test_examples_in_docstrings(name):
    module = import_module(f"{models.__name__}.{name}")
    # Tables have spaces at the ends of lines.
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


@pytest.mark.parametrize("name", [name for name in MODULES if not name.startswith("_")])
def test_every_public_function_has_an_example(name):
    module = import_module(f"{models.__name__}.{name}")
    functions = [
        function
        for title, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not title.startswith("_")
    ]
    assert functions
    assert [f.__name__ for f in functions if ">>>" not in (f.__doc__ or "")] == []
