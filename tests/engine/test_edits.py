"""Edits of a user's files between two runs: which the store refuses, and which change nothing.

A small project is written to a folder: a study, modules beside it and a package. Every case edits
a copy of it. Two processes with different hash seeds compute the identity of the original and of
all copies; each copy is imported in a fork that has seen no other.
"""

import ast
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tokenize

import pytest

from mesokwant.store.manifest import differences

PROJECT = {
    "study.py": '''
"""A study with code of every kind."""

import enum
import functools
from dataclasses import dataclass, field

import kwant
import numpy as np

import mesokwant as mk
import helpers
import helpers as aid
import shapes.core
from deeper import EDGE, edge, square
from mesokwant.disorder.potential import SitePotential
from systems import Ribbon, System


def by_attribute(ens):
    """Transmission, scaled."""
    return helpers.scaled(ens.transmission(1, 0))  # in units of nothing


def by_package(ens):
    return shapes.core.area(ens.transmission(1, 0), 2.0)


def deep(ens):
    total = square(ens.transmission(1, 0))
    return total + aid.TABLE["scale"][1]["deep"][0]


def array(ens):
    return ens.transmission(1, 0) * helpers.WEIGHTS.sum()


def imported(ens):
    import helpers as inner
    from shapes.core import area

    return area(inner.lifted(ens.transmission(1, 0)), 1.0)


def keywords(ens):
    return helpers.between(ens.transmission(1, 0), low=0.0, high=2.0)


def guarded(ens):
    values = ens.transmission(1, 0)
    try:
        values = values / helpers.FACTOR
    except ZeroDivisionError:
        values = values * 0
    return values


def chosen(ens):
    names = {"one", "two", "three"}
    return ens.transmission(1, 0) * (len(names) if "one" in names else 0)


def power(ens, exponent):
    return ens.transmission(1, 0) ** exponent


def times(factor):
    def measured(ens):
        return factor * ens.transmission(1, 0)

    return measured


def doubled(function):
    @functools.wraps(function)
    def wrapper(ens):
        return 2 * function(ens)

    return wrapper


@doubled
def decorated(ens):
    return ens.transmission(1, 0)


@functools.cache
def cached(x):
    return x + 7


def compute(ens, shift=1.0):
    return ens.transmission(1, 0) + shift + cached(1)


def uses_vectorized(ens):
    return helpers.vectorized(ens.transmission(1, 0))


class Mode(enum.Enum):
    FAST = 1
    SLOW = 2


class Base:
    """What weights have in common."""

    def base(self, x):
        return x + 1


class Weight(Base):
    """A weight."""

    scale = 3.0
    unit = "e^2/h"

    def __init__(self, offset):
        self.offset = offset

    @property
    def total(self):
        return self.offset * 5

    @staticmethod
    def shifted(x):
        return x - 11

    @classmethod
    def made(cls):
        return cls(13)

    def __call__(self, ens):
        return self.base(self.shifted(ens.transmission(1, 0))) * self.scale + self.total + 17

    def measure(self, ens):
        return ens.transmission(1, 0) + self.offset + Mode.FAST.value


@dataclass(frozen=True)
class Frozen:
    order: int = 2
    table: list = field(default_factory=lambda: [1.0, 19.0])

    def __call__(self, ens):
        return ens.transmission(1, 0) ** self.order + self.table[0]


@dataclass(frozen=True)
class Dilute(mk.Disorder):
    """Impurities on few sites: no sample of the fingerprint has one."""

    strength: float
    concentration: float = 0.002

    def bind(self, structure):
        def potential(rng):
            hit = rng.random(structure.num_sites) < self.concentration
            return 4.0 * self.strength * helpers.profile(hit)

        return SitePotential(structure, potential)


def inside(site):
    """Where the disorder is."""
    return edge(site) < 100


@dataclass(frozen=True)
class Strip(System):
    """A strip that is another one when it is long."""

    length: int
    width: int = 2

    def builder(self):
        lattice = kwant.lattice.square(norbs=1)
        region, lead = kwant.Builder(), kwant.Builder(kwant.TranslationalSymmetry((-1, 0)))
        energy = 0.25 if self.length > 50 else 0.0
        for part, length in ((region, self.length), (lead, 1)):
            part[(lattice(x, y) for x in range(length) for y in range(self.width))] = energy
            part[lattice.neighbors()] = -1
        region.attach_lead(lead)
        region.attach_lead(lead.reversed())
        return region


def onsite(site, V):
    return helpers.barrier(site.pos[0], V)


def phase(A, x):
    return np.exp(1j * A(x))


def hopping(one, other, A):
    return -phase(A, 0.0) if one.pos[1] == other.pos[1] else -1


def gauge(x):
    """The vector potential."""
    return 0.0 if x < 10 else helpers.FACTOR


def kwant_system():
    lattice = kwant.lattice.square(norbs=1)
    region, lead = kwant.Builder(), kwant.Builder(kwant.TranslationalSymmetry((-1, 0)))
    region[(lattice(x, y) for x in range(3) for y in range(2))] = onsite
    region[lattice.neighbors()] = hopping
    lead[(lattice(0, y) for y in range(2))] = 0
    lead[lattice.neighbors()] = -1
    region.attach_lead(lead)
    region.attach_lead(lead.reversed())
    return region


def derived(B):
    return {"flux": B if B < 5 else 2 * B}


def claims(data):
    yield mk.Claim("g is small", mk.statistics.mean(data["own"].by_attribute.values[0]), below=9.0)


def panel(ax, data):
    ax.set(xlabel="length")


observables = {
    "by_attribute": by_attribute,
    "by_package": by_package,
    "deep": deep,
    "array": array,
    "imported": imported,
    "keywords": keywords,
    "guarded": guarded,
    "chosen": chosen,
    "partial": functools.partial(power, exponent=2),
    "closure": times(3.0),
    "lambda": lambda ens: ens.transmission(1, 0) / 8,
    "decorated": decorated,
    "defaults": compute,
    "vectorized": uses_vectorized,
    "instance": Weight(23.0),
    "method": Weight.made().measure,
    "frozen": Frozen(),
    "shipped": mk.Conductance(),
}

study = mk.Study(
    name="own",
    sweeps={
        "own": mk.Sweep(
            Strip(length=3),
            axes={"length": (3, 4)},
            observables=observables,
            energy=-0.7,
            disorder=Dilute(0.5) + mk.Anderson(0.5, where=inside),
            samples=3,
            solver="kwant",
        ),
        "kwant": mk.Sweep(
            kwant_system(),
            axes={"V": (0.0, 0.1)},
            params={"A": gauge},
            energy=-0.7,
            solver="kwant",
        ),
        "derived": mk.Sweep(
            Ribbon(width=2, length=3), axes={"B": (0.0, 0.1)}, params=derived, energy=-0.7
        ),
    },
    claims=claims,
    panels=(panel,),
)
''',
    "helpers.py": '''
"""What the study calls."""

import numpy as np

import deeper

FACTOR = 2.0
TABLE = {"scale": [1.0, {"deep": (3.0, 4.0)}]}
WEIGHTS = np.array([1.0, 2.0, 3.0])
UNUSED = 5.0


def scaled(x):
    """Scale."""
    return FACTOR * x + 1


def lifted(x):
    return x + 29


def between(x, low, high):
    return x * (low < x) * (x < high)


def profile(hit):
    """Of an impurity."""
    return 31.0 * hit


def barrier(x, V):
    return V if V < 10 else deeper.EDGE * V


def sign(x):
    return 1 if x > 0.5 else -1


vectorized = np.vectorize(sign, otypes=[float])


def unused(x):
    return x + UNUSED
''',
    "deeper.py": '''
"""What the helpers call."""

EDGE = 0.5


def power(x):
    return x**2


def square(x):
    return power(x) + 37


def edge(site):
    return site.pos[0] + EDGE
''',
    "shapes/__init__.py": "",
    "shapes/core.py": '''
"""Shapes."""

from .units import UNIT


def area(x, y):
    return x * y * UNIT
''',
    "shapes/units.py": "UNIT = 41.0\n",
}


def observables(*names):
    return {f"own: the code of the observable {name!r} changed" for name in names}


DILUTE = {"own: the code of the disorder 'dilute' changed"}
ANDERSON = {"own: the code of the disorder 'anderson' changed"}
SYSTEM = {"own: the code of the system changed"}
KWANT = {"kwant: the code of the system changed"}
GAUGE = {"kwant: the function given for the parameter 'A' changed"}
DERIVED = {"derived: the function that derives the parameters changed"}

# What is edited: (file, text, its replacement, what the refusal must say).
REFUSED = {
    "a helper": ("helpers.py", "FACTOR * x + 1", "FACTOR * x + 2", observables("by_attribute")),
    "a constant of a module": (
        "helpers.py",
        "FACTOR = 2.0",
        "FACTOR = 2.5",
        observables("by_attribute", "guarded") | GAUGE,
    ),
    "a helper of a helper": ("deeper.py", "x**2", "x**3", observables("deep")),
    "a constant in a nested list": ("helpers.py", "(3.0, 4.0)", "(3.5, 4.0)", observables("deep")),
    "an array": ("helpers.py", "[1.0, 2.0, 3.0]", "[1.0, 2.0, 3.5]", observables("array")),
    "the order of an array": ("helpers.py", "[1.0, 2.0", "[2.0, 1.0", observables("array")),
    "a package": ("shapes/core.py", "x * y", "x + y", observables("by_package", "imported")),
    "a constant of a package": (
        "shapes/units.py",
        "41.0",
        "42.0",
        observables("by_package", "imported"),
    ),
    "a helper imported in a function": ("helpers.py", "x + 29", "x + 30", observables("imported")),
    "which helper is imported": (
        "study.py",
        "from deeper import EDGE, edge, square",
        "from deeper import EDGE, edge, power as square",
        observables("deep"),
    ),
    "the names of arguments": (
        "study.py",
        "low=0.0, high=2.0",
        "high=0.0, low=2.0",
        observables("keywords"),
    ),
    "what is tried": (
        "study.py",
        "    except ZeroDivisionError:\n        values = values * 0",
        "    except ZeroDivisionError:\n        values = values * 2",
        observables("guarded"),
    ),
    "which exception is caught": (
        "study.py",
        "except ZeroDivisionError",
        "except ArithmeticError",
        observables("guarded"),
    ),
    "where a try begins": (
        "study.py",
        "    values = ens.transmission(1, 0)\n    try:\n",
        "    try:\n        values = ens.transmission(1, 0)\n",
        observables("guarded"),
    ),
    "a set": ("study.py", '"two", "three"', '"two", "four"', observables("chosen")),
    "an operator": ("study.py", 'if "one" in', 'if "one" not in', observables("chosen")),
    "the argument of a partial": ("study.py", "exponent=2", "exponent=3", observables("partial")),
    "the function of a partial": ("study.py", "** exponent", "* exponent", observables("partial")),
    "what a closure holds": ("study.py", "times(3.0)", "times(3.5)", observables("closure")),
    "a closure": ("study.py", "return factor *", "return factor +", observables("closure")),
    "a lambda": ("study.py", "(1, 0) / 8", "(1, 0) / 9", observables("lambda")),
    "a decorator": ("study.py", "return 2 * fun", "return 4 * fun", observables("decorated")),
    "that it is decorated": ("study.py", "@doubled\n", "", observables("decorated")),
    "a default argument": ("study.py", "shift=1.0", "shift=1.5", observables("defaults")),
    "a cached function": ("study.py", "return x + 7", "return x + 8", observables("defaults")),
    "a vectorized function": ("helpers.py", "x > 0.5", "x > 0.6", observables("vectorized")),
    "an attribute of a class": (
        "study.py",
        "scale = 3.0",
        "scale = 3.5",
        observables("instance", "method"),
    ),
    "an attribute of an instance": ("study.py", "Weight(23", "Weight(24", observables("instance")),
    "a method": (
        "study.py",
        "self.total + 17",
        "self.total + 18",
        observables("instance", "method"),
    ),
    "a property": (
        "study.py",
        "self.offset * 5",
        "self.offset * 6",
        observables("instance", "method"),
    ),
    "a static method": ("study.py", "x - 11", "x - 12", observables("instance", "method")),
    "a class method": ("study.py", "cls(13)", "cls(14)", observables("instance", "method")),
    "a method of a base class": (
        "study.py",
        "return x + 1\n",
        "return x + 3\n",
        observables("instance", "method"),
    ),
    "the base of a class": (
        "study.py",
        "class Weight(Base)",
        "class Weight(Base, dict)",
        observables("instance", "method"),
    ),
    "a member of an enumeration": (
        "study.py",
        "FAST = 1",
        "FAST = 3",
        observables("instance", "method"),
    ),
    "a field that is set": (
        "study.py",
        "Frozen()",
        "Frozen(order=3)",
        {
            "own: observables: frozen: is was 'Frozen(order=2, table=[1.0, 19.0])', "
            "is now 'Frozen(order=3, table=[1.0, 19.0])'"
        },
    ),
    "a method of a dataclass": (
        "study.py",
        "** self.order + ",
        "** self.order - ",
        observables("frozen"),
    ),
    "the bind of a disorder": ("study.py", "4.0 * self", "4.5 * self", DILUTE),
    "a helper of a disorder": ("helpers.py", "31.0 * hit", "32.0 * hit", DILUTE),
    "the default of a field of a disorder": (
        "study.py",
        "concentration: float = 0.002",
        "concentration: float = 0.003",
        DILUTE | {"own: settings: dilute.concentration was 0.002, is now 0.003"},
    ),
    "where the disorder is": ("study.py", "edge(site) < 100", "edge(site) < 99", ANDERSON),
    "a constant of where the disorder is": (
        "deeper.py",
        "EDGE = 0.5",
        "EDGE = 0.75",
        ANDERSON | KWANT,
    ),
    "a branch of a system that is not taken": ("study.py", "0.25 if", "0.35 if", SYSTEM),
    "the condition of a branch": ("study.py", "self.length > 50", "self.length > 51", SYSTEM),
    "a helper of a value function": ("helpers.py", "V < 10 else", "V < 11 else", KWANT),
    "a value function": ("study.py", "-phase(A, 0.0)", "-phase(A, -0.0)", KWANT),
    "a function given as a parameter": ("study.py", "x < 10 else", "x < 11 else", GAUGE),
    "a function that derives parameters": ("study.py", "else 2 * B", "else 3 * B", DERIVED),
}


def everywhere(change):
    """An edit of all files."""
    return lambda files: {name: change(text) for name, text in files.items()}


def replaced(name, *pairs):
    """An edit of one file, where each text occurs once."""

    def edit(files):
        text = files[name]
        for before, after in pairs:
            assert text.count(before) == 1, before
            text = text.replace(before, after)
        return {**files, name: text}

    return edit


def broken_into_lines(text):
    """The same code with a line for every element in brackets."""
    lines, depth, breaks = text.splitlines(keepends=True), 0, []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
            if depth and token.string in "([{,":
                breaks.append(token.end)
    for row, column in reversed(breaks):
        line = lines[row - 1]
        lines[row - 1] = f"{line[:column]}\n{line[column:]}"
    return "".join(lines)


def with_other_docstrings(text):
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            if ast.get_docstring(node) is not None:
                node.body[0].value.value = "Something else."
            else:
                node.body.insert(0, ast.Expr(ast.Constant("New.")))
    return ast.unparse(ast.fix_missing_locations(tree))


CONTINUED = {
    "nothing": lambda files: files,
    "comments": everywhere(lambda text: text.replace("\n    return", "\n    # Why?\n    return")),
    "formatting": everywhere(lambda text: ast.unparse(ast.parse(text))),
    "line breaks": everywhere(broken_into_lines),
    "line numbers": everywhere(lambda text: "\n" * 50 + text),
    "docstrings": everywhere(with_other_docstrings),
    "claims": replaced("study.py", ("below=9.0", "below=8.0")),
    "panels": replaced("study.py", ('xlabel="length"', 'xlabel="L"')),
    "the name of the study file": lambda files: {
        ("renamed.py" if name == "study.py" else name): text for name, text in files.items()
    },
    "the name of a module": lambda files: {
        ("depths.py" if name == "deeper.py" else name): re.sub(r"\bdeeper\b", "depths", text)
        for name, text in files.items()
    },
    "where a helper stands": lambda files: replaced(
        "study.py",
        ("from deeper import EDGE, edge, square", "from shapes.more import edge, square"),
    )({**files, "shapes/more.py": files["deeper.py"]}),
    "a helper that is not used": replaced(
        "helpers.py", ("x + UNUSED", "x - UNUSED"), ("UNUSED = 5.0", "UNUSED = 6.0")
    ),
    "a new helper": replaced("helpers.py", ("FACTOR = 2.0", "FACTOR = 2.0\nMORE = 3.0")),
    "the order of imports": replaced(
        "study.py",
        ("import helpers\n", ""),
        ("import shapes.core\n", "import shapes.core\nimport helpers\n"),
    ),
    "an import that is not used": replaced(
        "helpers.py", ("import deeper", "import deeper\nimport os")
    ),
    "annotations": replaced(
        "study.py",
        ("def power(ens, exponent):", "def power(ens: object, exponent: float) -> object:"),
        ("order: int = 2", "order: float = 2"),
    ),
    "the name of a variable": replaced(
        "study.py",
        ("total = square(", "value = square("),
        ("return total + aid", "return value + aid"),
    ),
    "the name of a helper": everywhere(lambda text: text.replace("scaled", "enlarged")),
    "the name that a module is imported by": everywhere(lambda text: text.replace("aid", "ax")),
    "the order of functions": lambda files: {
        **files,
        "helpers.py": files["helpers.py"]
        .replace("def unused(x):\n    return x + UNUSED\n", "")
        .replace("def scaled", "def unused(x):\n    return x + UNUSED\n\n\ndef scaled"),
    },
    "a unit": replaced("study.py", ('unit = "e^2/h"', 'unit = "G_0"')),
    "more points and samples": replaced(
        "study.py", ("(3, 4)}", "(3, 4, 5)}"), ("samples=3", "samples=4")
    ),
}

PROGRAM = """
import json, os, sys, traceback, warnings

warnings.simplefilter("ignore")
sys.dont_write_bytecode = True

import mesokwant as mk
from mesokwant.engine.identity import identity
from mesokwant.study.catalog import find_study


def act(folder, out):
    os.chdir(folder)
    sys.path.insert(0, folder)
    [file] = [name for name in ("study.py", "renamed.py") if os.path.exists(name)]
    study = find_study(file)
    if out is None:
        return identity(study)
    data = mk.run(study, out=out, workers=1, progress=False)
    return {name: data["own"][name].values.tolist() for name in ("by_attribute", "closure")}


for line in sys.stdin:
    folder, out, answer = json.loads(line)
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        continue
    try:
        text = json.dumps(act(folder, out))
    except Exception as error:
        text = json.dumps(f"{type(error).__name__}: {error}")
    with open(answer, "w") as file:
        file.write(text)
    os._exit(0)
"""


def answers(requests, folder, hash_seed):
    """What a process makes of all (name, folder of a project, folder of results)."""
    lines = [
        json.dumps([str(project), out and str(out), str(folder / f"{number}.json")])
        for number, (_, project, out) in enumerate(requests)
    ]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input="\n".join(lines),
        text=True,
        capture_output=True,
        timeout=300,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {
        name: json.loads((folder / f"{number}.json").read_text())
        for number, (name, _, _) in enumerate(requests)
    }


def written(files, folder):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Case -> identity; and what three runs in one folder of results gave."""
    root = tmp_path_factory.mktemp("edits")
    edits = {
        name: replaced(file, (before, after)) for name, (file, before, after, _) in REFUSED.items()
    }
    original = written(PROJECT, root / "original")
    (root / "first").mkdir()
    (root / "second").mkdir()
    results, fresh = root / "results", root / "fresh"
    before = answers(
        [("original", original, None), ("run", original, results)], root / "first", "1"
    )
    requests = [
        (name, written(edit(PROJECT), root / f"case{number}"), None)
        for number, (name, edit) in enumerate({**edits, **CONTINUED}.items())
    ]
    folders = {name: folder for name, folder, _ in requests}
    requests += [
        ("run: formatting", folders["formatting"], results),
        ("run: a helper", folders["a helper"], results),
        ("run: a helper, elsewhere", folders["a helper"], fresh),
    ]
    yield {**before, **answers(requests, root / "second", "2")}
    shutil.rmtree(root)


@pytest.mark.parametrize("case", REFUSED)
def test_an_edit_that_may_change_a_number_is_refused(found, case):
    assert set(differences(found["original"], found[case])) == REFUSED[case][3]


@pytest.mark.parametrize("case", CONTINUED)
def test_an_edit_that_changes_no_number_continues(found, case):
    assert differences(found["original"], found[case]) == []


def test_runs_continue_or_are_refused_and_name_what_changed(found):
    assert found["run: formatting"] == found["run"]
    assert re.search("the code of the observable 'by_attribute' changed", found["run: a helper"])
    # The edit did change numbers, and just these.
    other = found["run: a helper, elsewhere"]
    assert other["by_attribute"] != found["run"]["by_attribute"]
    assert other["closure"] == found["run"]["closure"]
