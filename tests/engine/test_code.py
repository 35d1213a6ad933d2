"""What the digest of code covers, refuses and leaves out."""

import ast
import dis
import enum
import functools
import importlib
import importlib as tools
import logging
import pickle
import random
import re
import sys
import threading
import types
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import hypothesis.strategies as st
import kwant
import numba
import numpy as np
import pytest
import scipy.sparse as sp
import tinyarray
import xarray as xr
from hypothesis import given

import mesokwant as mk
from mesokwant.engine.code import code_digest, is_own
from systems import Ribbon

# -- values ---------------------------------------------------------------------------------


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Slotted:
    __slots__ = ("x",)

    def __init__(self, x):
        self.x = x


class Named(dict):
    pass


@dataclass(frozen=True)
class Field:
    x: float


def doubled(x):
    return 2 * x


DIFFERENT = [
    None, True, 1, 1.0, 1 + 0j, "1", b"1", 0.0, -0.0, float("nan"), float("inf"), 0j, -0j,
    complex(0.0, -0.0), (), (1,), [1], [1, 2], [2, 1], (1, (2,)), ((1, 2),), {1}, {1, 2}, {},
    {1: 2}, {"a": 1, "b": 2}, {"b": 2, "a": 1}, frozenset({"a"}), range(3), slice(1, 2), Ellipsis,
    np.float64(1), np.float32(1), np.int64(1), np.array(1.0), np.array([1.0, 2.0]),
    np.array([[1.0, 2.0]]), np.array([1, 2]), np.array([1.0, -2.0]), np.array([1, "a"], object),
    np.ma.array([1.0, 2.0], mask=[0, 1]), np.ma.array([1.0, 2.0], mask=[1, 0]), np.dtype(float),
    tinyarray.array([1, 2]), tinyarray.array([1.0, 2.0]), xr.DataArray([1.0, 2.0], dims="x"),
    xr.DataArray([1.0, 2.0], dims="y"), xr.Dataset({"a": ("x", [1.0])}), sp.csr_array([[1.0, 0.0]]),
    sp.csr_array([[0.0, 1.0]]), sp.coo_array([[1.0, 0.0]]), Color, Color.RED, Color.BLUE,
    Slotted(1), Slotted(2), Named(x=1), Named(x=2), Field(1.0), Field(2.0), Path("a"), Path("b"),
    re.compile("a"), re.compile("b"), deque([1]), deque([2]), int, float, len, np.sin, np.cos,
    np.linalg.svd, np.linalg.norm, sp.linalg.norm, functools, functools.partial(int, "1"),
    functools.partial(int, "2"), functools.partial(float, "1"), "a".join, "b".join, [].append,
    np.vectorize(abs), np.vectorize(abs, otypes=[int]), kwant.lattice.square(norbs=1),
    kwant.lattice.square(norbs=2), kwant.lattice.square(norbs=1)(0, 1),
    kwant.lattice.square(norbs=1)(1, 0), kwant.TranslationalSymmetry((1, 0)),
    numba.njit(doubled), numba.njit(doubled, fastmath=True), doubled,
    kwant.TranslationalSymmetry((2, 0)), Ribbon(2, 3), Ribbon(2, 4), Ribbon(2, 3).build(),
    Ribbon(2, 4).build(), mk.Conductance(), mk.Conductance(0, 1), mk.Anderson(1.0),
]  # fmt: skip


def test_all_different_values_have_different_digests():
    digests = [code_digest(value) for value in DIFFERENT]
    assert len(set(digests)) == len(DIFFERENT)
    assert digests == [code_digest(value) for value in DIFFERENT]
    assert all(
        re.fullmatch(rf"2:{sys.implementation.cache_tag}:[0-9a-f]{{32}}", d) for d in digests
    )


class Lazy:
    @functools.cached_property
    def known(self):
        return 3


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


remembered = functools.cache(fibonacci)
LOG = []


def logs(x):
    LOG.append(x)
    return x


def caller():
    calls = []

    def inner(x):
        calls.append(x)
        return remembered(x)

    return inner


def used_symmetry():
    symmetry = kwant.TranslationalSymmetry((1, 0))
    return symmetry, lambda: symmetry.which(kwant.lattice.square(norbs=1)(3, 0))


@pytest.mark.parametrize(
    "value, use",
    [
        ((lazy := Lazy()), lambda: lazy.known),
        (Lazy(), lambda: pickle.dumps(Lazy(), protocol=2)),
        (remembered, lambda: remembered(5)),
        (logs, lambda: logs(5)),
        ((called := caller()), lambda: called(5)),
        used_symmetry(),
        ((vectorized := np.vectorize(fibonacci)), lambda: vectorized([1, 2])),
        ((matrix := sp.csr_array(([1.0, 2.0], ([0, 0], [1, 0])))), lambda: matrix.sum_duplicates()),
        ((logger := logging.getLogger("some")), lambda: logger.setLevel("ERROR")),
    ],
    ids=[
        "property",
        "pickle",
        "cache",
        "log",
        "local log",
        "symmetry",
        "vectorize",
        "sparse",
        "logger",
    ],
)
def test_what_use_leaves_behind_does_not_count(value, use):
    before = code_digest(value)
    use()
    assert code_digest(value) == before


def ping(n):
    return n and pong(n - 1)


def pong(n):
    return n and ping(n - 1)


def test_recursion_ends():
    assert code_digest(fibonacci) != code_digest(ping)
    loop = []
    loop.append(loop)
    assert code_digest(loop) != code_digest([[]])


def test_very_deep_values_are_refused():
    deep = ()
    for _ in range(5000):
        deep = (deep,)
    with pytest.raises(ValueError, match="nested too deeply"):
        code_digest(deep)


def test_which_of_two_functions_of_the_same_name_is_used_counts():
    def module(name, factor):
        made = types.ModuleType(name)
        exec(f"def weight(x):\n    return {factor} * x", vars(made))
        return made

    def both(first, second):
        made = types.ModuleType("user")
        vars(made).update(first=first, second=second)
        exec("def measure(x):\n    return first.weight(x) - second.weight(x)", vars(made))
        return made.measure

    one, other = module("one", 1), module("other", 2)
    assert code_digest(both(one, other)) != code_digest(both(other, one))


def test_whose_code_it_is():
    assert all(map(is_own, (fibonacci, Lazy, Lazy(), caller(), Field(1.0))))
    library = (np.sin, np.linalg.svd, re.compile, Path, Path("a"), len, 1.0, kwant.Builder)
    assert not any(map(is_own, (*library, mk.Conductance(), mk.Anderson, Ribbon, mk.scattering)))


def test_studies_are_the_users_code():
    assert is_own(importlib.import_module("studies.localization").claims)


def labelled(factor, unit):
    class Labelled:
        def __call__(self, ens):
            return factor

    Labelled.unit = unit
    return Labelled


def reading_its_unit(unit):
    class Reading:
        def __call__(self, ens):
            return 2 if self.unit == "2 e^2/h" else 1

    Reading.unit = unit
    return Reading


def test_labels_count_only_where_the_code_reads_them():
    assert code_digest(labelled(1, "e^2/h")) == code_digest(labelled(1, "2 e^2/h"))
    assert code_digest(labelled(1, "e^2/h")) != code_digest(labelled(2, "e^2/h"))
    assert code_digest(reading_its_unit("e^2/h")) != code_digest(reading_its_unit("2 e^2/h"))


# -- refusals -------------------------------------------------------------------------------

GENERATOR = np.random.default_rng(0)
RANDOM = random.Random(0)
LOCK = threading.Lock()
HIDDEN = np.frompyfunc(fibonacci, 1, 1)
COUNTER = 0
ITERATOR = iter([1, 2])


def counts(x):
    global COUNTER
    COUNTER += 1
    return COUNTER


def imports_by_text(x):
    from importlib import import_module

    return import_module(x)


def imports_module(x):
    import importlib

    return importlib.import_module(x)


def opens(x):
    with open(x) as file:  # noqa: PTH123
        return file.read()


def calls_eval(x):
    return eval(x)


class Calls:
    def __call__(self, x):
        return calls_eval(x)


def nested():
    return [calls_eval(x) for x in ("1", "2")]


REFUSED = {
    "eval": (calls_eval, "the function 'calls_eval' uses builtins.eval, .* by their names"),
    "eval in a helper": (nested, "the function 'calls_eval' uses builtins.eval"),
    "eval in a method": (Calls(), "the function 'calls_eval' uses builtins.eval"),
    "exec": (lambda x: exec(x), "uses builtins.exec"),
    "globals": (lambda x: globals()[x], "uses builtins.globals"),
    "__import__": (lambda x: __import__(x), "uses builtins.__import__"),
    "import_module": (lambda x: importlib.import_module(x), "uses importlib.import_module"),
    "another name of it": (lambda x: tools.import_module(x), "uses importlib.import_module"),
    "import_module from a function": (imports_by_text, "uses importlib.import_module"),
    "importlib from a function": (imports_module, "uses importlib.import_module"),
    "sys.modules": (lambda x: sys.modules[x], "uses sys.modules"),
    "modules of sys": ([sys.modules], "uses sys.modules"),
    "a global name": (counts, "'counts' assigns the global name 'COUNTER', .*functools.cache"),
    "open": (opens, "the function 'opens' reads a file by open, .* constant of the module"),
    "numpy.load": (lambda x: np.load(x), "reads a file by numpy.load"),
    "read_text": (lambda x: Path(x).read_text(), "reads a file by read_text"),
    "xarray": (lambda x: xr.open_dataset(x), "reads a file by xarray.open_dataset"),
    "a generator": (lambda x: GENERATOR.normal(), "uses a numpy.*Generator, whose hidden state"),
    "its method": (GENERATOR.normal, "Generator, whose hidden state .* inside of the function"),
    "random.Random": (lambda x: RANDOM.random(), "random.Random, whose hidden state"),
    "a lock": (lambda x: LOCK.locked(), "uses a _thread.lock.*frozen dataclass"),
    "an iterator": (lambda x: next(ITERATOR), "list_iterator, whose hidden state"),
    "a generator function": ((i for i in range(3)), "generator, whose hidden state"),
    "frompyfunc": (lambda x: HIDDEN(x), "hides its function; use numpy.vectorize"),
    "an open file": ([sys.__stderr__], "TextIOWrapper, whose hidden state"),
    "part of an instance": (Slotted(LOCK), "an instance of 'Slotted' uses a _thread.lock"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_covered_is_refused_with_a_way_out(case):
    value, message = REFUSED[case]
    with pytest.raises(ValueError, match=message):
        code_digest(value)


# -- code -----------------------------------------------------------------------------------


def functions(code):
    """The code of all functions inside, outermost first, that stand alone and import nothing."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            alone = not constant.co_freevars and constant.co_flags & 1
            if alone and "IMPORT_NAME" not in {
                step.opname for step in dis.get_instructions(constant)
            }:
                yield constant
            yield from functions(constant)


def digest_of(code):
    """The digest of a function with this code, empty where it is refused."""
    try:
        return code_digest(types.FunctionType(code, {}))
    except ValueError:
        return ""


def on_lines(tree, line):
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            node.lineno = node.end_lineno = line(node)
            node.col_offset = node.end_col_offset = 0
    return tree


@pytest.mark.parametrize("name", ["shutil", "fractions"])
def test_line_breaks_never_matter(name):
    source = Path(importlib.import_module(name).__file__).read_text()
    original = [digest_of(code) for code in functions(compile(source, name, "exec"))]
    assert len(set(original)) > 20
    numbers = iter(range(1, 10**9))
    variants = [
        ast.unparse(ast.parse(source)),
        on_lines(ast.parse(source), lambda node: 1),
        on_lines(ast.parse(source), lambda node: next(numbers)),
    ]
    for variant in variants:
        assert [digest_of(code) for code in functions(compile(variant, "x", "exec"))] == original


@pytest.mark.parametrize("name", ["textwrap", "fractions"])
def test_no_constant_name_or_argument_of_an_instruction_is_missed(name):
    source = Path(importlib.import_module(name).__file__).read_text()
    edits = 0
    for code in functions(compile(source, name, "exec")):
        before = digest_of(code)
        steps = list(dis.get_instructions(code))
        for place in {step.arg for step in steps if step.opcode in dis.hasconst}:
            constants = list(code.co_consts)
            if isinstance(constants[place], types.CodeType):
                continue
            constants[place] = ("edited", constants[place])
            edits += 1
            assert not before or digest_of(code.replace(co_consts=tuple(constants))) != before
        used = {step.argval for step in steps if step.opcode in dis.hasname}
        for place in [place for place, word in enumerate(code.co_names) if word in used]:
            names = list(code.co_names)
            names[place] += "_edited"
            edits += 1
            assert not before or digest_of(code.replace(co_names=tuple(names))) != before
    assert edits > 100


ENDS = {
    "function": "def value(x):\n    return x + {c}\n",
    "constant": "CONSTANT = {c}\n\ndef value(x):\n    return x + CONSTANT\n",
    "container": "TABLE = {{'a': [1, ({c}, 2)]}}\n\ndef value(x):\n    return TABLE['a'][1][0]\n",
    "default": "def value(x, y={c}):\n    return x + y\n",
    "keyword": "def inner(x, *, y):\n    return x\n\ndef value(x):\n    return inner(x, y={c})\n",
    "attribute": "class K:\n    a = {c}\n\ndef value(x):\n    return x + K.a\n",
    "instance": (
        "class K:\n    def __init__(self, a):\n        self.a = a\n\n"
        "K_OF = K({c})\n\ndef value(x):\n    return K_OF.a\n"
    ),
    "property": (
        "class K:\n    @property\n    def a(self):\n        return {c}\n\n"
        "def value(x):\n    return K().a\n"
    ),
    "inherited": (
        "class Base:\n    def a(self):\n        return {c}\n\nclass K(Base):\n    pass\n\n"
        "def value(x):\n    return K().a()\n"
    ),
    "field": (
        "from dataclasses import dataclass\n\n@dataclass\nclass K:\n    a: object = {c}\n\n"
        "def value(x):\n    return K().a\n"
    ),
    "closure": "def make(a):\n    return lambda x: a\n\nvalue = make({c})\n",
    "partial": (
        "from functools import partial\n\ndef inner(x, a):\n    return a\n\n"
        "value = partial(inner, a={c})\n"
    ),
    "cache": "import functools\n\n@functools.cache\ndef value(x):\n    return {c}\n",
    "array": (
        "import numpy as np\n\nARRAY = np.array([{c}, 2.0], object)\n\n"
        "def value(x):\n    return ARRAY[0]\n"
    ),
    "set": "def value(x):\n    return x in {{{c}, 'zz'}}\n",
    "branch": "def value(x):\n    if x > 1e300:\n        return {c}\n    return x\n",
    "handler": (
        "def value(x):\n    try:\n        return x\n    except ValueError:\n        return {c}\n"
    ),
    "comprehension": "def value(x):\n    return [{c} for y in x if y]\n",
    "nested": (
        "def value(x):\n    class K:\n        a = {c}\n\n        def b(self):\n"
        "            return self.a\n\n    return K().b()\n"
    ),
}
"""How the last module holds a constant."""
LINKS = {
    "attribute": "import {n}\n\ndef value(x):\n    return {n}.value(x)\n",
    "name": "from {n} import value as inner\n\ndef value(x):\n    return inner(x)\n",
    "alias": "import {n} as m\n\ndef value(x):\n    return (m.value(x) if x else x)\n",
    "either": (
        "import {n}\nimport math\n\ndef value(x):\n    return ({n} if x else math).value(x)\n"
    ),
    "inside": "def value(x):\n    import {n}\n    return {n}.value(x)\n",
    "from inside": "def value(x):\n    from {n} import value as inner\n    return inner(x)\n",
    "if inside": (
        "def value(x):\n    try:\n        import {n} as m\n    except ImportError:\n"
        "        m = None\n    return m.value(x)\n"
    ),
    "method": (
        "import {n}\n\nclass K:\n    def a(self, x):\n        return {n}.value(x)\n\n"
        "value = K().a\n"
    ),
    "bound": (
        "import {n}\n\nclass K:\n    a = staticmethod({n}.value)\n\n"
        "def value(x):\n    return K.a(x)\n"
    ),
    "table": (
        "import {n}\n\nTABLE = {{'f': {n}.value}}\n\ndef value(x):\n    return TABLE['f'](x)\n"
    ),
    "module": "import {n}\n\ndef value(x):\n    return getattr({n}, 'value')(x)\n",
    "decorator": (
        "import functools\nfrom {n} import value as inner\n\ndef around(f):\n"
        "    @functools.wraps(f)\n    def g(x):\n        return inner(f(x))\n    return g\n\n"
        "@around\ndef value(x):\n    return x\n"
    ),
    "default": "from {n} import value as inner\n\ndef value(x, f=inner):\n    return f(x)\n",
    "dispatch": (
        "import functools\nfrom {n} import value as inner\n\n@functools.singledispatch\n"
        "def value(x):\n    return x\n\n@value.register\ndef _(x: int):\n    return inner(x)\n"
    ),
}
"""How a module uses the next one."""


def digest_of_chain(links, end, constant, change=lambda source: source):
    """The digest of the function of the first of a chain of modules."""
    names = [f"generated_{place}" for place in range(len(links) + 1)]
    sources = [LINKS[link].format(n=name) for link, name in zip(links, names[1:], strict=True)]
    sources.append(ENDS[end].format(c=repr(constant)))
    try:
        for name, source in reversed(list(zip(names, sources, strict=True))):
            sys.modules[name] = module = types.ModuleType(name)
            exec(compile(change(source), f"{name}.py", "exec"), vars(module))
        return code_digest(sys.modules[names[0]].value)
    finally:
        for name in names:
            sys.modules.pop(name, None)


chains = st.lists(st.sampled_from(list(LINKS)), max_size=4)
constants = st.one_of(
    st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(), st.booleans(),
    st.none(), st.binary(), st.tuples(st.integers(), st.text()),
)  # fmt: skip


@given(chains, st.sampled_from(list(ENDS)), constants, constants)
def test_an_edit_of_a_constant_deep_in_helpers_is_never_missed(links, end, one, other):
    same = digest_of_chain(links, end, one) == digest_of_chain(links, end, other)
    assert same == (repr(one) == repr(other))


def test_every_link_and_every_end_notices_an_edit():
    for link in LINKS:
        for end in ENDS:
            assert digest_of_chain([link], end, 1) != digest_of_chain([link], end, 2), (link, end)


@given(chains, st.sampled_from(list(ENDS)), constants, st.integers(0, 50))
def test_formatting_never_matters(links, end, constant, number):
    def formatted(source):
        return "\n" * number + "# A comment.\n" + ast.unparse(ast.parse(source))

    original = digest_of_chain(links, end, constant)
    assert digest_of_chain(links, end, constant, formatted) == original
