"""Measure speed, each script on one thread; ``make bench`` runs those that keep their tables.

`benchmarks.solver` compares solvers, `benchmarks.sweeps` sweeps, and `benchmarks.choice` the solver
that "auto" chooses with the fastest one. `benchmarks.engine` times runs, and
`benchmarks.hamiltonian` the evaluation of the Hamiltonian.
"""

import os

# NumPy's libraries read this when they are loaded.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
