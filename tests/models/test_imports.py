import subprocess
import sys


def test_models_start_without_slow_libraries():
    """Dashboards start a kernel per viewer: scipy.stats and statsmodels would add half a second."""
    code = (
        "import sys; from servicequality.models import dimensionality, importance_performance, "
        "reliability, servperf, servqual, zone_of_tolerance; "
        "print(*{'scipy.stats', 'scipy.optimize', 'statsmodels', 'sklearn'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
