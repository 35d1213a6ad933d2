"""The quantum spin Hall insulator: bands, time reversal, and what a helical edge conducts."""

from dataclasses import replace

import kwant
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mesokwant as mk
from systems import QuantumSpinHall
from systems.ingredients import sigma_y

BHZ = {"mass": 2.0, "asymmetry": 0.2, "flux": 0.0}
ENERGY = 0.13

few = settings(max_examples=15)


def elements(params, velocity):
    """On-site energy and the hoppings along x and y."""
    builder = QuantumSpinHall(2, 2, velocity=velocity).builder()
    tags = {tuple(site.tag): site for site in builder.sites()}
    built = builder.finalized()
    numbers = [built.id_by_site[tags[tag]] for tag in ((0, 0), (1, 0), (0, 1))]
    return [np.array(built.hamiltonian(to, numbers[0], params=params)) for to in numbers]


def bands_at(kx, ky, params, velocity):
    """Eigenvalues of H(k)."""
    onsite, along_x, along_y = elements(params, velocity)
    kx, ky = (np.reshape(k, (*np.shape(k), 1, 1)) for k in (kx, ky))
    hops = along_x * np.exp(-1j * kx) + along_y * np.exp(-1j * ky)
    return np.linalg.eigvalsh(onsite + hops + hops.conj().swapaxes(-1, -2))


@few
@given(
    st.floats(-np.pi, np.pi), st.floats(-np.pi, np.pi), st.floats(-1, 5), st.sampled_from([1, 2.5])
)
def test_bands_without_asymmetry(kx, ky, mass, velocity):
    found = bands_at(kx, ky, {"mass": mass, "asymmetry": 0.0, "flux": 0.0}, velocity)
    gap = mass - 4 + 2 * np.cos(kx) + 2 * np.cos(ky)
    band = np.sqrt(gap**2 + velocity**2 * (np.sin(kx) ** 2 + np.sin(ky) ** 2))
    np.testing.assert_allclose(found, [-band, -band, band, band], atol=1e-12)


def test_gap_of_the_docstring():
    momenta = np.linspace(-np.pi, np.pi, 41)
    bands = bands_at(*np.meshgrid(momenta, momenta), BHZ, 2.0)
    assert np.abs(bands).min() == pytest.approx(1.80, abs=5e-3)


@pytest.mark.parametrize("shape", [("strip", None), ("cross", 3), ("bar", 3)])
def test_time_reversal_holds_without_flux_alone(shape):
    built = QuantumSpinHall(3, 9, *shape).build()
    reversal = np.kron(np.identity(2 * len(built.sites)), 1j * np.array(sigma_y))
    matrix, in_field = (
        built.hamiltonian_submatrix(params=BHZ | {"flux": flux}) for flux in (0.0, 0.1)
    )
    np.testing.assert_allclose(reversal @ matrix.conj() @ reversal.T, matrix, atol=1e-14)
    assert np.abs(reversal @ in_field.conj() @ reversal.T - in_field).max() > 0.1


def test_asymmetry_is_all_that_couples_the_spins():
    built = QuantumSpinHall(3, 4).build()
    spin = np.kron(np.identity(2 * len(built.sites)), np.diag([1, -1]))

    def flips(asymmetry):
        matrix = built.hamiltonian_submatrix(params=BHZ | {"asymmetry": asymmetry})
        return np.abs(matrix @ spin - spin @ matrix).max()

    assert flips(0.0) == 0
    assert flips(0.2) > 0.1


def strip_transmission(disorder=None, **params):
    strip = QuantumSpinHall(12, 12)
    samples = mk.scattering(
        strip, ENERGY, params=BHZ | params, disorder=disorder, samples=3, seed=2
    )
    return samples.transmission(1, 0)


def test_two_edges_conduct_in_the_gap_of_an_inverted_mass_alone():
    assert strip_transmission() == pytest.approx(2, abs=1e-6)
    assert strip_transmission(mass=-1.0) == pytest.approx(0, abs=1e-9)


def test_potential_disorder_does_not_scatter_at_the_edge():
    assert strip_transmission(mk.Anderson(3.0)) == pytest.approx(2, abs=1e-4)


def test_magnetic_impurities_at_one_edge_leave_the_other_one():
    impurities = mk.MagneticImpurities(1.0, where=QuantumSpinHall.edge)
    found = strip_transmission(impurities)
    assert np.all(found > 1 - 1e-4)
    assert np.all(found < 2 - 1e-2)


def resistance(conductance, current, voltage):
    """R_{ab,cd} in h/e², with all other leads floating."""
    currents = np.zeros(len(conductance))
    currents[current[0]], currents[current[1]] = 1, -1
    found = np.linalg.pinv(conductance) @ currents
    return found[voltage[0]] - found[voltage[1]]


def conductance(system):
    return kwant.smatrix(system.build(), ENERGY, params=BHZ).conductance_matrix()


def test_contacts_on_the_edge_share_the_current_by_its_length():
    bar = conductance(QuantumSpinHall(10, 26, "bar", 10))
    for current, voltage, expected in (
        ((0, 1), (0, 1), 3 / 2),
        ((0, 1), (2, 3), 1 / 2),
        ((0, 3), (0, 3), 4 / 3),
        ((0, 3), (4, 5), 1 / 3),
        ((2, 4), (3, 5), 2 / 3),
        ((0, 1), (2, 4), 0),
    ):
        found = resistance(bar, current, voltage)
        assert found == pytest.approx(expected, abs=1e-5), (current, voltage)
    cross = conductance(QuantumSpinHall(10, 14, "cross", 10))
    assert resistance(cross, (0, 2), (0, 2)) == pytest.approx(3 / 4, abs=1e-5)
    assert resistance(cross, (0, 2), (3, 1)) == pytest.approx(1 / 4, abs=1e-5)


def test_metallic_contacts_are_not_ideal():
    ideal = QuantumSpinHall(10, 14, "cross", 10)
    metal = replace(ideal, lead_potential=-3.0)
    modes = [lead.modes(ENERGY, params=BHZ)[0].block_nmodes for lead in metal.build().leads]
    assert min(modes) > [2]
    errors = [abs(resistance(conductance(s), (0, 2), (0, 2)) - 3 / 4) for s in (ideal, metal)]
    assert errors[1] > 100 * errors[0]


def test_potential_of_the_leads_shifts_their_bands():
    lead, shifted = (
        QuantumSpinHall(4, 5, lead_potential=potential).build().leads[1] for potential in (0, -1.5)
    )
    bands, moved = (kwant.physics.Bands(each, params=BHZ) for each in (lead, shifted))
    for k in (0.0, 0.7):
        np.testing.assert_allclose(moved(k), bands(k) - 1.5, atol=1e-12)


def test_arms_share_the_length_of_a_bar():
    columns = [
        sorted({site.tag[0] for site in lead.interface})
        for lead in QuantumSpinHall(3, 16, "bar", 4).builder().leads[2:]
    ]
    assert columns == [list(range(2, 6)), list(range(10, 14))] * 2


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        (("disk",), ValueError, "shape must be one of strip, cross, bar; got 'disk'"),
        (("strip", 4), ValueError, "a strip has no arms; got arm_width=4: leave it out"),
        (("bar",), ValueError, "the shape 'bar' has arms: give arm_width"),
        (("bar", 5), ValueError, "length must be at least 11 for 2 arms of 5 sites .* got 10"),
        (("cross", 11), ValueError, "length must be at least 11 for 1 arms?"),
        (("strip", None, 0.0), ValueError, "velocity must be positive; got 0.0"),
        (("strip", None, "fast"), TypeError, "velocity must be a finite number; got 'fast'"),
        (("strip", None, 1.0, np.inf), ValueError, "lead_potential must be a finite number"),
        (("strip", None, 1.0, True), TypeError, "lead_potential must be a finite number"),
    ],
)
def test_refuses_with_a_way_out(options, error, sentence):
    with pytest.raises(error, match=sentence):
        QuantumSpinHall(5, 10, *options)
