"""Measured speed; `python -m benchmarks.solver` compares the solvers."""
