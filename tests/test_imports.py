"""Imports go one way, without circles, and importing costs only what is used."""

import ast
import subprocess
import sys

import pytest

from tests.helpers import ROOT

# What each part of the engine may import, in the order of the flow.
ALLOWED = {
    "names": set(),
    "files": set(),
    "point": set(),
    "hamiltonian": {"names"},
    "disorder": {"hamiltonian", "names"},
    "solver": {"hamiltonian", "disorder", "names"},
    "closed": {"hamiltonian", "disorder", "solver"},
    "terminals": set(),
    "observables": {"terminals"},
    "statistics": set(),
    "theory": set(),
    "store": {"files", "names", "point"},
    "study": {"hamiltonian", "disorder", "observables", "statistics", "theory", "names", "point"},
    "analysis": {"statistics", "theory", "study"},
    "figures": {"files", "names", "statistics", "theory"},
    "engine": {"hamiltonian", "disorder", "solver", "closed", "store", "study", "names", "point"},
    "report": {
        *("hamiltonian", "solver", "engine", "store", "study"),
        *("statistics", "figures", "files", "point"),
    },
    "book": {
        *("engine", "figures", "files", "names", "report", "statistics", "store", "study"),
        "theory",
    },
    "cli": {"book", "disorder", "engine", "report", "study", "names"},
}
PACKAGES = {"systems": {"mesokwant", "studies"}, "mesokwant": {"systems", "studies"}}


def imports(path):
    """Absolute names of the modules that a file imports, except for type checkers alone."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    package = parts[:-1]
    tree = ast.parse(path.read_text())
    hidden = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def part(name):
    return name.split(".")[1]


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_only_what_is_below_them(package):
    for path in (ROOT / package).rglob("*.py"):
        tops = {name.partition(".")[0] for name in imports(path)}
        assert not tops & PACKAGES[package], f"{path} imports {tops & PACKAGES[package]}"


@pytest.mark.parametrize("name", ALLOWED)
def test_parts_of_the_engine_import_one_way(name):
    paths = [ROOT / f"mesokwant/{name}.py", *(ROOT / "mesokwant" / name).rglob("*.py")]
    for path in filter(lambda path: path.exists(), paths):
        used = {part(m) for m in imports(path) if m.startswith("mesokwant.")} - {name}
        assert used <= ALLOWED[name], f"{path.relative_to(ROOT)} imports {used - ALLOWED[name]}"


def test_every_part_of_the_engine_is_listed():
    parts = {path.stem for path in (ROOT / "mesokwant").iterdir() if path.suffix in ("", ".py")}
    assert parts - {"__init__", "__main__", "__pycache__"} == set(ALLOWED)


def test_no_modules_import_each_other_in_a_circle():
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (ROOT / "mesokwant").rglob("*.py")
    }
    edges = {}
    for module, path in files.items():
        named = {n if n in files else n.rpartition(".")[0] for n in imports(path)}
        edges[module] = {n for n in named if n in files and n != module}
    finished, path = set(), []

    def visit(module):
        assert module not in path, " -> ".join([*path[path.index(module) :], module])
        if module not in finished:
            path.append(module)
            for other in sorted(edges[module]):
                # A package that lists the names of its own modules is no circle.
                if not module.startswith(f"{other}."):
                    visit(other)
            finished.add(path.pop())

    for module in sorted(files):
        visit(module)


def started(code, *options):
    command = [sys.executable, *options, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True)


HEAVY = {"numba", "llvmlite", "matplotlib", "xarray", "pandas", "pyarrow", "rich", "click", "loky"}


@pytest.mark.parametrize(
    "code, unused",
    [
        ("import mesokwant", HEAVY | {"kwant", "numpy", "scipy"}),
        ("import mesokwant as mk; mk.scattering", HEAVY),
        ("import mesokwant.engine.worker", HEAVY),
        ("import mesokwant as mk; mk.Study; mk.Sweep", HEAVY - {"xarray", "pandas", "pyarrow"}),
        ("import mesokwant.cli.commands", HEAVY - {"click"} | {"kwant", "numpy"}),
    ],
)
def test_imports_load_no_library_that_is_not_used(code, unused):
    check = f"{code}; import sys; print(*sorted({unused!r} & set(sys.modules)))"
    assert started(check).stdout.strip() == ""


def test_the_import_is_silent():
    assert started("import mesokwant as mk; mk.scattering; import systems").stderr == ""


def test_the_import_leaves_warning_filters_alone():
    # Kwant's own libraries may add filters; they are loaded first.
    started(
        "import warnings, kwant; before = list(warnings.filters); import mesokwant as mk; "
        "mk.scattering; import systems; assert list(warnings.filters) == before",
        "-W",
        "ignore",
    )
