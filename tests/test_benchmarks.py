"""What the benchmarks need of the package is there, and their tables say what was measured."""

import pytest

import mesokwant as mk
from benchmarks import measuring, parts
from mesokwant.solver.problem import make_problem
from mesokwant.solver.scattering import solve
from systems import Wire


@pytest.mark.parametrize("address", [name for names in parts.PARTS.values() for name in names])
def test_the_functions_that_make_up_the_parts_of_a_run_exist(address):
    assert callable(parts.function_of(address)[2])


def test_the_parts_of_a_run_are_measured_without_what_they_call_and_restored():
    before = [parts.function_of(name)[2] for names in parts.PARTS.values() for name in names]

    def work():
        problem = make_problem(Wire(width=6, length=30), -0.9, disorder=mk.Anderson(1.0))
        solve(problem, range(20), "batched")

    work()
    with parts.stopwatch() as seconds:
        whole, _ = measuring.timed(work, 1)
    assert seconds["dissection"] > 0
    assert seconds["elimination"] > 0
    assert seconds["Kwant"] == 0
    assert sum(seconds.values()) < whole
    after = [parts.function_of(name)[2] for names in parts.PARTS.values() for name in names]
    assert after == before


def test_a_table_has_a_line_for_each_row_and_a_hyphen_where_nothing_was_measured():
    rows = [{"case": "chain", "time": 1.26}, {"case": "bar"}]
    lines = measuring.table(rows, [("case", "system", "{}"), ("time", "ms", "{:.1f}")])
    assert lines.split("\n") == ["| system | ms |", "|---|---|", "| chain | 1.3 |", "| bar | - |"]
