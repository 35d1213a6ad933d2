"""Points of random lattices, mixed in one batch, agree with `kwant.smatrix` of every point itself.

Kwant evaluates the value functions and finds the lead modes by itself here.
"""

from __future__ import annotations

import warnings

import kwant
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mesokwant.solver.batched.backend import BatchedBackend
from mesokwant.solver.problem import make_problem
from mesokwant.solver.scattering import solve_batch


def by_arrays(site, gate):
    """An on-site energy that many sites can be given at once."""
    x, y = site.pos
    return gate * np.cos(x + 2 * y)


def one_by_one(site, gate, salt):
    """An on-site energy with a branch and a random number, as users write them."""
    random = kwant.digest.uniform(repr(tuple(site.tag)), salt) - 0.5
    return random + (gate if site.tag[0] % 3 == 1 else 0.0)


def peierls(to, source, flux):
    (x, y), (u, v) = to.pos, source.pos
    return -np.exp(-1j * np.pi * flux * (x - u) * (y + v))


def lattice(width, length, orbitals, onsite, unlike):
    """A strip; its leads mirror each other, or have on-site energies and hoppings of their own."""
    lat = kwant.lattice.square(norbs=orbitals)
    one = np.eye(orbitals)
    coupling = np.arange(orbitals)[:, None] - 1j * np.arange(orbitals)
    mixing = 0.1 * (coupling + coupling.conj().T)

    def block(function):
        if orbitals == 1:
            return function
        # Kwant finds the parameters of a value function in its signature.
        if function is peierls:
            return lambda to, source, flux: function(to, source, flux) * one + mixing
        if function is by_arrays:
            return lambda site, gate: function(site, gate) * one + mixing
        return lambda site, gate, salt: function(site, gate, salt) * one + mixing

    syst = kwant.Builder()
    syst[(lat(x, y) for x in range(length) for y in range(width))] = block(onsite)
    syst[kwant.HoppingKind((1, 0), lat)] = block(peierls)
    syst[kwant.HoppingKind((0, 1), lat)] = -one
    for direction in (-1, 1):
        other = unlike and direction == 1
        lead = kwant.Builder(kwant.TranslationalSymmetry((direction, 0)))
        lead[(lat(0, y) for y in range(width))] = (0.3 if other else 0.0) * one + mixing
        lead[kwant.HoppingKind((1, 0), lat)] = -1.2 * one if other else block(peierls)
        lead[kwant.HoppingKind((0, 1), lat)] = -one
        syst.attach_lead(lead)
    return syst.finalized()


@settings(max_examples=15)
@given(
    width=st.integers(1, 5),
    length=st.integers(1, 7),
    orbitals=st.integers(1, 4),
    onsite=st.sampled_from([by_arrays, one_by_one]),
    unlike=st.booleans(),
    points=st.lists(
        st.tuples(
            st.floats(-2.2, 2.2),
            st.sampled_from([0.0, 0.013, 0.11]),
            st.sampled_from([0.0, 0.4]),
            st.lists(st.integers(0, 5), min_size=1, max_size=3),
        ),
        min_size=1,
        max_size=6,
    ),
)
def test_points_of_random_lattices_agree_with_kwant(
    width, length, orbitals, onsite, unlike, points
):
    system = lattice(width, length, orbitals, onsite, unlike)
    batch = []
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*mode threshold")
        for energy, flux, gate, numbers in points:
            problem = make_problem(system, energy, params={"flux": flux, "gate": gate}, seed=3)
            batch.append((problem, numbers))
    for ensemble in solve_batch(batch, BatchedBackend()):
        for row, number in enumerate(ensemble.numbers):
            params = ensemble.problem.params
            if "salt" in system.parameters:
                params = params | {"salt": f"3-{number}"}
            s = kwant.smatrix(system, ensemble.problem.energy, params=params)
            n = s.data.shape[0]
            if n == 0 or np.abs(s.data.conj().T @ s.data - np.eye(n)).max() > 1e-10:
                continue
            assert ensemble.num_propagating(0) == s.num_propagating(0)
            for out, into in ((1, 0), (0, 1), (0, 0)):
                difference = ensemble.transmission(out, into)[row] - s.transmission(out, into)
                assert abs(difference) < 1e-8 * max(1, n)
