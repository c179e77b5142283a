import subprocess
import sys
from pkgutil import iter_modules

from servicequality import models


def test_models_start_without_slow_libraries():
    """Dashboards start a kernel per viewer: scipy.stats and statsmodels would add half a second."""
    names = ", ".join(module.name for module in iter_modules(models.__path__))
    code = (
        f"import sys; from servicequality.models import {names}; "
        "print(*{'scipy.stats', 'scipy.optimize', 'statsmodels', 'sklearn'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
