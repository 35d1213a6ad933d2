"""What the tests of the command line share: no terminal, whoever runs the tests."""

import pytest


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch):
    """Tables are as wide as without a terminal, in processes of pytest-xdist too."""
    monkeypatch.delenv("COLUMNS", raising=False)
