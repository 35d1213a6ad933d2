"""Measure speed: `python -m benchmarks.solver` compares solvers, `benchmarks.engine` times runs."""
