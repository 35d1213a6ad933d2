"""The Hamiltonian evaluated by arrays, and once, is that which Kwant evaluates one by one."""

import copy
import gc
import math
import pickle
import weakref

import cloudpickle
import kwant
import numpy as np
import pytest
import tinyarray as ta

import mesokwant as mk
from mesokwant.hamiltonian.evaluation import Evaluation
from mesokwant.hamiltonian.groups import COMPARED
from mesokwant.hamiltonian.structure import structure_of
from mesokwant.solver.batched.dissection import dissection_of
from systems import EXAMPLES, Ribbon, SpinOrbitRibbon
from tests.helpers.lattices import square
from tests.helpers.parameters import params_of

sigma_y = np.array([[0, -1j], [1j, 0]])


def dense(structure, params):
    matrix = np.zeros((structure.num_orbitals,) * 2, complex)
    matrix[structure.rows, structure.indices] = structure.values(params)
    return matrix


def assert_kwant(system, params, rtol=0.0):
    """Check the values against Kwant, in a structure of their own and again in the same one."""
    expected = system.hamiltonian_submatrix(params=params)
    for structure in (structure_of(copy.copy(system)), structure_of(system)):
        for _ in range(2):
            found = dense(structure, params)
            np.testing.assert_allclose(found, expected, rtol=0, atol=rtol * np.abs(expected).max())


def lattice_of(onsite=0, x=-1, y=-1, *, norbs=1, size=(6, 7)):
    """A rectangle of the square lattice; leads have nothing to do with its values."""
    lat = kwant.lattice.square(norbs=norbs)
    builder = kwant.Builder()
    builder[(lat(i, j) for i in range(size[0]) for j in range(size[1]))] = onsite
    builder[kwant.HoppingKind((1, 0), lat)] = x
    builder[kwant.HoppingKind((0, 1), lat)] = y
    return builder.finalized()


def calls_by(system, params):
    """How many calls of its onsite function an evaluation takes, after the first one."""
    structure = structure_of(system)
    calls = []
    inner = system.onsites[0][0]

    def counted(*args):
        calls.append(args)
        return inner(*args)

    names = system.onsites[0][1]
    system.onsites = [(counted, names)] * len(system.onsites)
    structure.values(params)
    calls.clear()
    structure.values(params)
    return len(calls)


# -- agreement ------------------------------------------------------------------------------


@pytest.mark.parametrize("system", EXAMPLES.values(), ids=EXAMPLES)
def test_shipped_systems_have_the_values_of_kwant_to_the_last_bit(system):
    built = system.build()
    for scale in (0.0, 1.0, -2.3):
        assert_kwant(built, params_of(built, scale))


@pytest.mark.parametrize("seed", range(12))
def test_random_systems_have_the_values_of_kwant(seed):
    rng = np.random.default_rng(seed)
    norbs = int(rng.integers(1, 3))
    lattices = kwant.lattice.honeycomb(norbs=norbs).sublattices
    matrix = rng.normal(size=(norbs, norbs)) + 1j * rng.normal(size=(norbs, norbs))
    hermitian = matrix + matrix.conj().T

    onsites = [
        lambda site, v: (v + site.pos[0] * site.pos[1]) * hermitian,
        lambda site, v: hermitian if site.tag[0] > v else 0 * hermitian,
        lambda site: np.where(site.tag[0] % 2, 0.3, 1.1) * hermitian,
        hermitian,
    ]
    hoppings = [
        lambda a, b, v: np.exp(1j * v * a.pos[0] * b.pos[1]) * matrix,
        lambda a, b, w: (1.0 if a.family == lattices[0] else w) * matrix,
        lambda a, b, v, w: (v + w * (a.tag[1] - 2 * b.tag[0])) * matrix,
        matrix,
        ta.array(matrix),
    ]
    builder = kwant.Builder()
    for lat in lattices:
        for i in range(9):
            for j in range(8):
                if rng.random() < 0.9:
                    builder[lat(i, j)] = onsites[int(rng.integers(4))]
    sites = list(builder.sites())
    for _ in range(300):
        a, b = rng.choice(len(sites), 2, replace=False)
        builder[sites[a], sites[b]] = hoppings[int(rng.integers(5))]
    system = builder.finalized()
    for _ in range(4):
        params = {"v": float(rng.normal()), "w": complex(*rng.normal(size=2))}
        assert_kwant(system, params, 1e-15)


def elements_one_by_one(site, m):
    x, y = site.pos
    return np.array([[m * x, np.exp(1j * m * y)], [np.exp(-1j * m * y), -m * x]])


def nested_elements(site, m):
    return [[m * site.pos[0], 1j * site.tag[1]], [-1j * site.tag[1], 0.5]]


def matrix_product(site, m):
    return (np.cos(m * site.pos[0]) * np.eye(2)) @ sigma_y


def in_place(site, m):
    value = site.pos[0] * np.eye(2)
    value += m
    return value


def distance(site, m):
    return np.linalg.norm(site.pos - np.array([2.0, m])) * np.eye(2)


def table(site, m):
    return np.interp(site.pos[0], [0, 3, 6], [m, 1, 2]) * np.eye(2)


@pytest.mark.parametrize(
    "onsite", [elements_one_by_one, nested_elements, matrix_product, in_place, distance, table]
)
def test_functions_of_numpy_are_called_for_all_sites_at_once(onsite):
    system = lattice_of(onsite, -np.eye(2), -np.eye(2), norbs=2)
    for m in (0.3, -1.7):
        assert_kwant(system, {"m": m}, 1e-15)
    assert calls_by(system, {"m": 0.2}) < 42


@pytest.mark.parametrize("conjugate", [False, True])
def test_hoppings_hold_in_both_directions(conjugate):
    def hop(to, source, m):
        return (to.pos[0] + 2j * source.pos[1] + m) * np.array([[1, 2j], [3, 4 + 1j]])

    lat = kwant.lattice.square(norbs=2)
    builder = kwant.Builder()
    builder[(lat(i, j) for i in range(6) for j in range(6))] = np.zeros((2, 2))
    builder[kwant.HoppingKind((-1 if conjugate else 1, 0), lat)] = hop
    builder[kwant.HoppingKind((0, 1), lat)] = kwant.builder.HermConjOfFunc(hop)
    assert_kwant(builder.finalized(), {"m": 0.7}, 1e-15)


def test_blocks_between_unlike_orbitals_need_not_be_square():
    one, two = kwant.lattice.square(norbs=1, name="a"), kwant.lattice.square(norbs=2, name="b")
    builder = kwant.Builder()
    places = [(i, j) for i in range(5) for j in range(5)]
    builder[(one(*place) for place in places)] = lambda site, m: m * site.tag[0]
    builder[(two(*place) for place in places)] = lambda site, m: m * np.diag([1.0, 2.0])
    for i, j in places:
        ends = (one(i, j), two(i, j)) if (i + j) % 2 else (two(i, j), one(i, j))
        builder[ends] = wide if (i + j) % 2 else tall
    assert_kwant(builder.finalized(), {"m": 0.4}, 1e-15)


def wide(to, source, m):
    return np.exp(1j * m * to.pos[0]) * np.array([[1, 2j]])


def tall(to, source, m):
    return np.exp(1j * m * to.pos[1]) * np.array([[1], [2j]])


# -- functions that can't be called for many sites ---------------------------------------------

STRENGTH = 1.0


def branching(site, m):
    return m if site.pos[0] > 2 else 0.0


def any_of_many(site, m):
    return 1.0 if np.any(site.pos[0] > m) else 0.0


def largest_of_many(site, m):
    return m * np.max(site.pos[0])


def by_text(site, m):
    return kwant.digest.uniform(repr(tuple(site.tag)), str(m))


def by_dictionary(site, m):
    return {(0, 0): m}.get(tuple(site.tag), 0.0)


def at_one_site(site, m):
    return 1.0 if site.tag == ta.array([2, 3]) else m


def by_mathematics(site, m):
    return math.sin(m * site.pos[0])


def by_array(site, m):
    return float(np.asarray(site.pos).sum()) * m


def by_type(site, m):
    return m * site.pos[0] if isinstance(site.pos[0], float) else 0.0


def by_type_and_value(site, m):
    return m * site.pos[0] if isinstance(site.pos[0], float) or m < 1 else 0.0 * site.pos[0]


def by_equality(site, m):
    return 1.0 if site == (site.family, (m, m)) else 0.0


def dividing(site, m):
    return 1 / (site.tag[0] - m) if site.tag[0] != m else 5.0


def large_integers(site, m):
    return float((site.tag[0] + 1) ** int(30 * m + 20) % 1000)


def by_membership(site, m):
    return m if site.tag[0] in (1, 3) else 0.0


TRICKY = [
    branching, any_of_many, largest_of_many, by_text, by_dictionary, at_one_site, by_mathematics,
    by_array, by_type, by_type_and_value, by_equality, dividing, large_integers, by_membership,
]  # fmt: skip


@pytest.mark.parametrize("onsite", TRICKY)
@pytest.mark.parametrize("first", [0.3, 2, -1, 9])
def test_functions_that_need_one_site_get_one(onsite, first):
    system = lattice_of(onsite)
    for m in (first, 0.3, 2, 3.5, 2):
        assert_kwant(system, {"m": m}, 1e-15)


def test_a_difference_seen_late_corrects_the_evaluation_that_shows_it():
    system = lattice_of(by_type_and_value)
    structure = structure_of(system)
    structure.values({"m": 0.5})
    np.testing.assert_array_equal(
        dense(structure, {"m": 1.5}), system.hamiltonian_submatrix(params={"m": 1.5})
    )


def test_a_wrong_shape_is_refused_as_kwant_refuses_it():
    system = lattice_of(lambda site, m: m * np.eye(2))
    with pytest.raises(ValueError, match="dimension"):
        structure_of(system).values({"m": 1.0})
    with pytest.raises(kwant.UserCodeError):
        structure_of(lattice_of(lambda site: 1 / 0)).values({})
    with pytest.raises(TypeError, match="missing required arguments"):
        structure_of(lattice_of(branching)).values({"n": 1})


def test_random_functions_draw_as_under_kwant():
    rng = np.random.default_rng(3)
    system = lattice_of(lambda site: rng.normal(), lambda a, b: rng.normal())
    structure = structure_of(system)
    found = [structure.values({}) for _ in range(2)]
    rng = np.random.default_rng(3)
    expected = [system.hamiltonian_submatrix(sparse=True) for _ in range(2)]
    for values, matrix in zip(found, expected, strict=True):
        matrix = matrix.toarray()[structure.rows, structure.indices]
        np.testing.assert_array_equal(values, matrix)
    assert not np.array_equal(*found)


def generic(to, source, m):
    """Bits of products of complex arrays could differ from those of numbers."""
    phase = np.exp(1j * m * (to.pos[0] + 0.1 * source.pos[1])) * (0.3 + 0.7j)
    return phase * np.array([[0.1 + 0.2j, 0.7 - 0.3j], [1.1j - 0.4, 0.6 + 0.3j]]) * (m + 0.9j)


def test_values_do_not_depend_on_what_was_evaluated_before():
    points = [{"m": m} for m in (0.1, 0.77, -2.3)]
    runs = []
    for order in ((0, 1, 2), (2, 1, 0)):
        structure = structure_of(lattice_of(np.eye(2), generic, generic, norbs=2))
        found = {i: structure.values(points[i]).tobytes() for i in order}
        runs.append([found[i] for i in range(3)])
    assert runs[0] == runs[1]


# -- once per set of parameters ----------------------------------------------------------------


def count(structure, *params):
    """How often the Hamiltonian is evaluated for some sets of parameters."""
    before = structure.evaluation.count
    for some in params:
        structure.values(some)
    return structure.evaluation.count - before


def test_an_energy_sweep_evaluates_once_and_a_field_sweep_once_per_field():
    system = Ribbon(4, 6).build()
    for energy in (-0.3, 0.1, 0.2):
        mk.scattering(system, energy, params={"flux": 0.01}, solver="kwant")
    assert structure_of(system).evaluation.count == 1
    for flux in (0.01, 0.02, 0.03, 0.02):
        mk.scattering(system, 0.1, params={"flux": flux}, solver="kwant")
    assert structure_of(system).evaluation.count == 3


def test_parameters_of_the_leads_alone_do_not_matter():
    structure = structure_of(lattice_of(lambda site, m: m))
    assert count(structure, {"m": 1.0, "lead": 1}, {"m": 1.0, "lead": 2}) == 1


def test_numbers_of_unlike_types_are_unlike_parameters():
    structure = structure_of(lattice_of(lambda site, m: 2.0 if isinstance(m, int) else 1.0))
    assert structure.values({"m": 1})[0] != structure.values({"m": 1.0})[0]


def test_arrays_and_functions_as_parameters_are_read():
    structure = structure_of(lattice_of(lambda site, v: v(site.pos[0]) if callable(v) else v[0]))
    assert count(structure, {"v": np.array([1.0])}, {"v": np.array([1.0])}) == 1
    assert count(structure, {"v": np.cos}, {"v": np.cos}, {"v": np.sin}) == 2
    array = np.array([4.0])
    structure.values({"v": array})
    array[0] = 5.0
    assert structure.values({"v": array})[0] == 5.0


def test_a_function_of_a_global_or_of_what_it_closes_over_is_evaluated_again():
    cell = [1.0]
    scale = 1.0
    namespace = {"V": 1.0, "table": {"a": 1.0}}
    exec("def onsite(site): return V * table['a'] * site.pos[0]", namespace)
    for onsite in (
        lambda site: STRENGTH * site.pos[0],
        lambda site: cell[0] * site.pos[0],
        lambda site: scale * site.pos[0],  # noqa: B023 - the next values are what is tested
        namespace["onsite"],
    ):
        system = lattice_of(onsite)
        structure = structure_of(system)
        assert count(structure, {}, {}) == 1
        before = structure.values({})
        globals()["STRENGTH"] += 1.0
        cell[0] += 1.0
        scale += 1.0
        namespace["V"] += 1
        namespace["table"]["a"] += 1
        assert not np.array_equal(structure.values({}), before)
        np.testing.assert_array_equal(dense(structure, {}), system.hamiltonian_submatrix())


def test_a_function_of_an_object_is_evaluated_every_time():
    class Potential:
        height = 1.0

    potential = Potential()
    structure = structure_of(lattice_of(lambda site: potential.height * site.pos[0]))
    before = structure.values({})
    potential.height = 2.0
    np.testing.assert_array_equal(
        structure.values({})[structure.diagonal], 2 * before[structure.diagonal]
    )


def test_a_salted_system_is_evaluated_every_time():
    structure = structure_of(lattice_of(lambda site, salt: kwant.digest.uniform(repr(site), salt)))
    assert count(structure, {"salt": "1"}, {"salt": "1"}) == 2


def test_constants_that_change_are_read_again():
    matrix = np.array([[1.0, 0], [0, 2.0]])
    structure = structure_of(lattice_of(matrix, -np.eye(2), -np.eye(2), norbs=2))
    assert structure.values({})[0] == 1.0
    matrix[0, 0] = 3.0
    assert structure.values({})[0] == 3.0
    structure.system.onsites[0] = 7 * np.eye(2), None
    assert structure.values({})[0] == 7.0


def test_the_values_that_are_kept_cannot_be_changed():
    structure = structure_of(Ribbon(3, 4).build())
    values = structure.values({"flux": 0.1})
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 1.0
    assert structure.values({"flux": 0.1}) is values


def test_a_function_of_its_own_at_every_site_is_called_by_itself():
    def function_of(i, j):
        return lambda site, m: m * i + j

    builder = kwant.Builder()
    lat = kwant.lattice.square(norbs=1)
    for i in range(20):
        for j in range(15):
            builder[lat(i, j)] = function_of(i, j)
    builder[lat.neighbors()] = -1
    system = builder.finalized()
    assert_kwant(system, {"m": 0.3})
    # To see whether so many functions have changed would take longer than to call them.
    assert count(structure_of(system), {"m": 0.3}, {"m": 0.3}) == 2


def test_replaced_methods_of_a_system_are_used():
    system = Ribbon(3, 4).build()
    structure = structure_of(system)
    structure.values({"flux": 0.1})
    matrix = 2 * system.hamiltonian_submatrix(params={"flux": 0.1}, sparse=True)
    system.hamiltonian_submatrix = lambda **kwargs: matrix
    assert structure.values({"flux": 0.1})[0] == matrix.toarray()[0, 0]
    np.testing.assert_array_equal(dense(structure, {"flux": 0.1}), matrix.toarray())


def test_memory_of_what_is_kept_is_bounded(monkeypatch):
    monkeypatch.setattr("mesokwant.hamiltonian.evaluation.KEPT_RESULTS", 2)
    structure = structure_of(Ribbon(3, 4).build())
    points = [{"flux": flux} for flux in (0.1, 0.2, 0.3)]
    assert count(structure, *points, points[2], points[1]) == 3
    assert count(structure, points[0]) == 1


def test_undeclared_orbitals_are_read_from_the_values():
    with pytest.warns(kwant.KwantDeprecationWarning):
        lat = kwant.lattice.square()
    builder = kwant.Builder()
    sites = [lat(i, j) for i in range(5) for j in range(8)]
    builder[sites] = lambda site, m: m * np.eye(1 if site.tag[0] < 2 else 2)
    system = builder.finalized()
    structure = structure_of(system, {"m": 2.0})
    expected = system.hamiltonian_submatrix(params={"m": 3.0})
    np.testing.assert_array_equal(dense(structure, {"m": 3.0}), expected)


# -- kept with the system ----------------------------------------------------------------------


def test_a_finalized_system_keeps_its_structure_and_dissection():
    system = square(5, 6)
    structure = structure_of(system)
    assert structure_of(system) is structure
    mk.scattering(system, 0.3, solver="batched")
    assert dissection_of(structure) is dissection_of(structure_of(system))


def test_copies_and_changed_systems_have_a_structure_of_their_own():
    system = square(5, 6)
    structure = structure_of(system)
    for other in (copy.copy(system), copy.deepcopy(system), pickle.loads(pickle.dumps(system))):
        assert structure_of(other).system is other
        assert structure_of(other) is structure_of(other)
    assert structure_of(system) is structure
    system.lead_interfaces = system.lead_interfaces[:1]
    assert len(structure_of(system).interfaces) == 1


def test_the_structure_does_not_travel_with_the_system():
    system = Ribbon(10, 10).build()
    size = len(cloudpickle.dumps(system))
    structure_of(system).values({"flux": 0.1})
    assert len(cloudpickle.dumps(system)) < size + 200
    assert b"mesokwant.hamiltonian" not in pickle.dumps(system)


def test_a_structure_goes_with_its_system():
    system = square(3, 4)
    structure = weakref.ref(structure_of(system))
    structure().values({})
    del system
    gc.collect()
    assert structure() is None


def test_a_structure_survives_pickling_without_what_it_evaluated():
    structure = structure_of(SpinOrbitRibbon(3, 4).build())
    params = dict.fromkeys(structure.system.parameters, 0.2)
    values = structure.values(params)
    again = pickle.loads(pickle.dumps(structure))
    assert again.evaluation.count == 0
    np.testing.assert_array_equal(again.values(params), values)


def test_an_evaluation_compares_a_few_sites_only():
    system = lattice_of(lambda site, m: m * site.pos[0] ** 2, size=(30, 40))
    assert calls_by(system, {"m": 0.3}) <= 1 + COMPARED + 6
    assert isinstance(structure_of(system).evaluation, Evaluation)
