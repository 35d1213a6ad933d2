"""Delay matrices: densities of states, clean times, reciprocity, and refusals."""

import kwant
import numpy as np
import pytest

import mesokwant as mk
from mesokwant.analysis import dwell_time, transit_time
from systems import Chain, Ribbon, Wire


def local_density(ensemble, energy):
    """The sum of Kwant's local densities of states, one number a sample."""
    samples = (ensemble.system(number) for number in ensemble.numbers)
    return [kwant.ldos(sample, energy=energy).sum() for sample in samples]


@pytest.mark.parametrize("solver", ["kwant", "batched"])
@pytest.mark.parametrize("disorder", [None, mk.Anderson(2.0), mk.Vacancies(0.1)])
def test_all_times_add_up_to_the_density_of_states(solver, disorder):
    options = {"params": {"flux": 0.02}, "disorder": disorder, "samples": 3, "solver": solver}
    ensemble = mk.scattering(Ribbon(5, 8), -1.1, **options)
    times = mk.DelayMatrix(1e-6)(ensemble)
    expected = 2 * np.pi * np.array(local_density(ensemble, -1.1))
    assert np.allclose(times.sum(axis=(1, 2)), expected, rtol=3e-5)


@pytest.mark.parametrize("energy", [-1.7, -0.4, 0.9])
def test_a_clean_chain_is_passed_with_the_velocity(energy):
    velocity = np.sqrt(4 - energy**2)
    times = mk.DelayMatrix(1e-6)(mk.scattering(Chain(length=12), energy))[0]
    # A slower electron in the region is reflected at its ends, in second order of the step.
    assert np.allclose(times, [[0, 12 / velocity], [12 / velocity, 0]], rtol=0, atol=1e-3)


def test_time_reversal_makes_the_times_symmetric():
    ensemble = mk.scattering(Wire(5, 8), -0.9, disorder=mk.Anderson(2.0), samples=4)
    times = mk.DelayMatrix(1e-6)(ensemble)
    assert np.allclose(times, np.swapaxes(times, 1, 2), rtol=1e-6)
    one, other = (
        mk.DelayMatrix(1e-6)(
            mk.scattering(
                Ribbon(5, 8), -0.9, params={"flux": f}, disorder=mk.Anderson(2.0), samples=4
            )
        )
        for f in (0.02, -0.02)
    )
    assert np.allclose(one, np.swapaxes(other, 1, 2), rtol=1e-5)


def test_a_shift_moves_the_levels_of_the_region_and_leaves_the_modes():
    ensemble = mk.scattering(Wire(5, 8), -0.9, disorder=mk.Anderson(2.0), numbers=[3, 5])
    raised = ensemble.shifted(0.25)
    assert raised.numbers == (3, 5)
    assert raised.problem.modes is ensemble.problem.modes
    difference = ensemble.system(3).hamiltonian_submatrix()
    difference = difference - raised.system(3).hamiltonian_submatrix()
    assert np.allclose(difference, 0.25 * np.eye(40), rtol=0, atol=1e-14)
    back = raised.shifted(-0.25)
    assert np.allclose(back.data, ensemble.data, rtol=0, atol=1e-10)


def test_both_back_ends_shift_alike_and_systems_with_salt_are_shifted_too():
    def onsite(site, salt):
        return kwant.digest.uniform(repr(site.tag), salt)

    lattice = kwant.lattice.square(norbs=1)
    builder = kwant.Builder()
    builder[(lattice(x, y) for x in range(5) for y in range(3))] = onsite
    builder[lattice.neighbors()] = -1.0
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1, 0)))
    lead[(lattice(0, y) for y in range(3))] = 0.0
    lead[lattice.neighbors()] = -1.0
    builder.attach_lead(lead)
    builder.attach_lead(lead.reversed())
    one, other = (
        mk.scattering(builder, -0.7, samples=2, solver=solver).shifted(0.1)
        for solver in ("kwant", "batched")
    )
    assert np.allclose(one.data, other.data, rtol=0, atol=1e-10)
    assert np.abs(one.data - mk.scattering(builder, -0.7, samples=2).data).max() > 0.01


def test_closed_leads_have_no_times():
    lattice = kwant.lattice.square(norbs=1)
    builder = kwant.Builder()
    builder[(lattice(x, 0) for x in range(4))] = 0.0
    builder[lattice.neighbors()] = -1.0
    for x, onsite in ((-1, 9.0), (1, 0.0)):
        lead = kwant.Builder(kwant.TranslationalSymmetry((x, 0)))
        lead[lattice(0, 0)] = onsite
        lead[lattice.neighbors()] = -1.0
        builder.attach_lead(lead)
    times = mk.DelayMatrix()(mk.scattering(builder, 0.3))[0]
    assert times[1, 1] > 1
    assert np.array_equal(np.delete(times.ravel(), 3), np.zeros(3))


def test_the_step_and_the_shift_are_checked_and_all_leads_are_needed():
    for step in (0, -1e-3, np.nan, "1e-5", None):
        with pytest.raises(ValueError, match="positive energy"):
            mk.DelayMatrix(step)
    ensemble = mk.scattering(Wire(3, 4), -0.9, in_leads=[0])
    with pytest.raises(ValueError, match="without in_leads"):
        mk.DelayMatrix()(ensemble)
    with pytest.raises(ValueError, match="finite real number"):
        ensemble.shifted(1j)


def test_sweeps_measure_times_with_errors():
    sweep = mk.Sweep(
        Wire(4, 6),
        energy=-0.9,
        disorder=mk.Anderson(1.0),
        axes={"length": (6, 12)},
        observables={"g": mk.Conductance(), "delays": mk.DelayMatrix()},
        samples=8,
    )
    data = mk.run(sweep, workers=1, progress=False)
    dwell = dwell_time(data.delays, channels=6)
    transit = transit_time(data.delays, data.g)
    assert dwell.value.dims == ("length",)
    assert (dwell.value[1] > 1.5 * dwell.value[0]).all()
    assert (transit.error > 0).all()
    with pytest.raises(ValueError, match="two leads"):
        transit_time(data.delays, data.g, lead_out=0)
