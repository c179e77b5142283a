import doctest
from importlib import import_module
from pkgutil import iter_modules

import pytest

from servicequality import models

MODULES = [module.name for module in iter_modules(models.__path__)]


@pytest.mark.parametrize("name", MODULES, ids=lambda name: name.lstrip("_"))
def test_examples_in_docstrings(name):
    assert doctest.testmod(import_module(f"{models.__name__}.{name}")).failed == 0
