import subprocess
import sys


def test_import_of_the_package_does_not_start_numba():
    code = "import sys, nuatom; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
