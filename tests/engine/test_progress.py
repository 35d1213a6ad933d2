"""Progress: in place in a notebook, a bar in a terminal, and few lines in a log."""

from __future__ import annotations

import io
import sys
from itertools import pairwise

import pytest

from mesokwant.engine.progress import ProgressText, show_progress


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def written(*, in_place, batches):
    """What is written for batches of (samples, seconds that they take)."""
    stream, clock = io.StringIO(), Clock()
    total = sum(samples for samples, _ in batches)
    text = ProgressText("wires", total, stream, in_place=in_place, clock=clock)
    for samples, seconds in batches:
        clock.now += seconds
        text.advance(samples)
    text.close()
    return stream.getvalue()


def test_a_notebook_gets_one_line_that_is_written_again_in_place():
    text = written(in_place=True, batches=[(10, 1.0)] * 3)
    assert text.count("\n") == 1
    assert [line.rstrip() for line in text.split("\r")[1:]] == [
        "wires: 0 of 30 samples",
        "wires: 10 of 30 samples, about 2.0 s remaining",
        "wires: 20 of 30 samples, about 1.0 s remaining",
        "wires: 30 of 30 samples in 3.0 s",
    ]


def test_a_line_covers_the_one_before():
    lines = written(in_place=True, batches=[(10, 1.0)] * 3).rstrip("\n").split("\r")
    assert all(len(after) >= len(before.rstrip()) for before, after in pairwise(lines))


@pytest.mark.parametrize("in_place, most", [(True, 42), (False, 1)])
def test_many_batches_do_not_flood(in_place, most):
    text = written(in_place=in_place, batches=[(1, 0.002)] * 10_000)
    assert text.count("wires") <= most
    assert text.rstrip().endswith("wires: 10000 of 10000 samples in 20.0 s")


def test_a_log_has_a_line_a_minute_and_no_carriage_return():
    text = written(in_place=False, batches=[(1, 30.0)] * 6)
    assert "\r" not in text
    assert text.splitlines() == [
        "wires: 2 of 6 samples, about 2.0 min remaining",
        "wires: 4 of 6 samples, about 1.0 min remaining",
        "wires: 6 of 6 samples in 3.0 min",
    ]


def test_a_run_that_is_stopped_says_how_far_it_came(capsys):
    with pytest.raises(KeyboardInterrupt), show_progress("wires", 10) as advance:
        advance(4)
        raise KeyboardInterrupt
    captured = capsys.readouterr()
    assert "wires: 4 of 10 samples, about" in captured.err
    assert captured.out == ""


def test_nothing_is_shown_if_nothing_is_to_be(capsys):
    with show_progress("wires", 10, progress=False) as advance:
        advance(10)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with show_progress("wires", 10) as advance:
        advance(10)
    text = sys.stderr.getvalue()
    assert "10/10" in text
    assert "━" in text
