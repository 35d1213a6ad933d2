"""Return into the time-reversed mode: symmetry of r' with and without spin, and refusals."""

import numpy as np
import pytest

import mesokwant as mk
from mesokwant.observables.backscattering import time_reversal_pairing
from systems import Ribbon, SpinOrbitRibbon, Wire

DISORDER = mk.Anderson(2.0)
SPINS = {"theta": 0.3, "zeeman": 0.0, "flux": 0.0}


def paired(ensemble, *, spin=False):
    pairing = time_reversal_pairing(ensemble.problem, 0, spin=spin)
    assert np.allclose(pairing.conj().T @ pairing, np.eye(len(pairing)), rtol=0, atol=1e-8)
    return pairing.conj().T @ ensemble.submatrix(0, 0)


@pytest.mark.parametrize("boundary", ["hard", "periodic"])
def test_reflection_into_time_reversed_modes_is_symmetric_without_spin(boundary):
    """Periodic wires have pairs of modes of one momentum, which Kwant mixes as it likes."""
    wire = Wire(width=7, length=9, boundary=boundary)
    r = paired(mk.scattering(wire, -0.9, disorder=DISORDER, samples=4))
    assert np.allclose(r, r.swapaxes(1, 2), rtol=0, atol=1e-9)


def test_with_spin_it_is_antisymmetric_and_nothing_returns():
    wire = SpinOrbitRibbon(width=5, length=9, coupling="ando")
    ensemble = mk.scattering(wire, -0.9, params=SPINS, disorder=DISORDER, samples=4)
    r = paired(ensemble, spin=True)
    assert np.allclose(r, -r.swapaxes(1, 2), rtol=0, atol=1e-8)
    assert np.abs(mk.ReturnAmplitudes(spin=True)(ensemble)).max() < 1e-8
    assert mk.Backscattering(spin=True, offsets=(1,))(ensemble).max() > 1e-3


def test_every_reflected_electron_is_counted_once():
    ensemble = mk.scattering(Wire(width=7, length=9), -0.9, disorder=DISORDER, samples=4)
    number = ensemble.problem.num_propagating(0)
    found = mk.Backscattering(offsets=range(number))(ensemble)
    modes = np.arange(number)
    partners = np.array([(abs(modes[:, None] - modes) == k).sum(axis=0) for k in modes])
    total = np.nansum(found * partners, axis=(1, 2)) + mk.Conductance()(ensemble)
    assert np.allclose(total, number)


def test_a_lead_in_a_field_is_refused():
    ensemble = mk.scattering(Ribbon(width=7, length=9), -0.9, params={"flux": 0.01})
    with pytest.raises(ValueError, match="no time reversal"):
        mk.ReturnAmplitudes()(ensemble)
    with pytest.raises(ValueError, match="offsets"):
        mk.Backscattering(offsets=())
