"""Imports go one way: systems <- studies -> mesokwant, and the engine knows neither."""

import ast

import pytest

from tests.helpers import ROOT

FORBIDDEN = {"systems": {"mesokwant", "studies"}, "mesokwant": {"systems", "studies"}}


@pytest.mark.parametrize("package", FORBIDDEN)
def test_packages_import_only_what_is_below_them(package):
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            tops = {name.partition(".")[0] for name in names}
            assert not tops & FORBIDDEN[package], f"{path} imports {tops & FORBIDDEN[package]}"
