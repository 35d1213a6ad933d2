"""Loading the solver is as cheap as loading Kwant."""

import subprocess
import sys

HEAVY = ("numba", "llvmlite", "matplotlib", "pandas", "pyarrow", "xarray")


def test_loading_scattering_loads_neither_compiler_nor_plotting_nor_tables():
    code = (
        "import sys, mesokwant.solver.scattering;"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    assert done.stderr == ""
