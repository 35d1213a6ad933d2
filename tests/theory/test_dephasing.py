"""Dephasing: limits of the formulas, and probes beside the imaginary potential they stand for."""

import numpy as np
import pytest

import mesokwant as mk
from mesokwant import theory
from systems import Ribbon, VoltageProbes


def test_everything_is_direct_without_dephasing():
    share = theory.direct_share([10.0, 200.0], dephasing_length=np.inf, mean_free_path=5.0)
    np.testing.assert_allclose(share, 1.0)


def test_direct_share_of_a_diffusive_wire_is_x_over_sinh_x():
    x = np.array([0.3, 1.0, 4.0])
    share = theory.direct_share(1.0, dephasing_length=1 / x, mean_free_path=1e-6)
    np.testing.assert_allclose(share, x / np.sinh(x), rtol=1e-5)


def test_direct_share_is_the_transmission_of_many_thin_slices():
    length, path, phi = 30.0, 4.0, 9.0
    slices = 30000
    step, lost = length / slices, path / (2 * phi**2)
    t, r = 1 - (lost + 1 / path) * step, step / path
    transmission, reflection = 1.0, 0.0
    for _ in range(slices):
        loop = 1 / (1 - reflection * r)
        # The reflection is seen from the end at which slices are added.
        transmission, reflection = t * loop * transmission, r + t * t * reflection * loop
    expected = transmission * (1 + length / path)
    share = theory.direct_share(length, dephasing_length=phi, mean_free_path=path)
    assert share == pytest.approx(expected, rel=1e-3)


def test_measured_dephasing_length_is_the_one_that_made_the_share():
    for phi in (6.0, 40.0, 900.0):
        share = theory.direct_share(80.0, dephasing_length=phi, mean_free_path=5.0)
        found = theory.dephasing_length(float(share), 80.0, mean_free_path=5.0)
        assert found == pytest.approx(phi, rel=1e-6)
    assert theory.dephasing_length(1.01, 80.0, mean_free_path=5.0) == np.inf


@pytest.mark.parametrize("share", [0.0, -0.1, float("nan"), 1e-40])
def test_share_without_diffusing_electrons_is_refused(share):
    with pytest.raises(ValueError, match="weaker probes"):
        theory.dephasing_length(share, 80.0, mean_free_path=5.0)


def test_variance_of_a_dephased_wire_is_the_sum_of_its_modes():
    a = np.array([0.2, 1.0, 3.0, 10.0])
    sinh2, coth = np.sinh(a) ** 2, 1 / np.tanh(a)
    expected = 12 * (coth / (4 * a**3) + 1 / (4 * a**2 * sinh2) - 1 / (2 * a**4))
    found = theory.dephased_variance(1.0, 0.0, dephasing_length=1 / a)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_variance_of_a_dephased_rectangle_is_the_double_sum():
    n, m = np.arange(1, 400)[:, None], np.arange(400)
    length, width, phi = 3.0, 2.0, 0.8
    modes = n**2 + (m * length / width) ** 2 + (length / phi / np.pi) ** 2
    expected = 12 / np.pi**4 * np.sum(modes**-2.0)
    found = theory.dephased_variance(2.0, width, dephasing_length=phi, mean_free_path=1.0)
    assert found == pytest.approx(expected, rel=1e-4)


def rise_of_a_wire(phi, reach):
    """Rise by the quasi-one-dimensional line shape at L = 200."""
    lengths = [
        theory.wire_line_shape(200, magnetic_length=b, dephasing_length=phi)
        for b in (reach, np.inf)
    ]
    return float(lengths[0] - lengths[1])


@pytest.mark.parametrize("phi", [30.0, 60.0])
def test_rise_of_a_dephased_wire_is_the_line_shape(phi):
    flux = 3 * 3**0.5 / (2 * np.pi * 200 * 5)
    reach = theory.magnetic_length(flux, 5)
    sizes = {"dephasing_length": phi, "single_mode": False}
    rise = theory.dephased_magnetoconductance(flux, 200, 5, **sizes)
    assert rise == pytest.approx(rise_of_a_wire(phi, reach), rel=0.02)


def test_loops_through_one_probe_are_the_square_of_the_cooperon():
    flux, phi, h = 3 * 3**0.5 / (2 * np.pi * 200 * 5), 40.0, 1e-4
    reach = theory.magnetic_length(flux, 5)
    pair = [rise_of_a_wire(phi * (1 + x) ** -0.5, reach) for x in (-h, h)]
    expected = rise_of_a_wire(phi, reach) + (pair[0] - pair[1]) / (2 * h)
    rise = theory.dephased_magnetoconductance(flux, 200, 5, dephasing_length=phi)
    assert rise == pytest.approx(expected, rel=0.01)


def random_unitary(rng, samples, size):
    """Unitary matrices of the circular ensemble of β = 2."""
    real, imaginary = rng.normal(size=(2, samples, size, size))
    q, r = np.linalg.qr(real + 1j * imaginary)
    phases = np.einsum("sii->si", r)
    return q * (phases / abs(phases))[:, None, :]


def cavity_conductance(scattering, leads, probes):
    """g between two leads of so many modes, with floating probes of so many modes each."""
    ends = np.cumsum([0, leads, leads, *probes])
    transmission = np.abs(scattering) ** 2
    for axis in (1, 2):
        transmission = np.add.reduceat(transmission, ends[:-1], axis=axis)
    flow = np.diag(np.diff(ends)) - transmission
    voltages = np.linalg.solve(flow[:, 2:, 2:], -flow[:, 2:, :1])
    return -(flow[:, 1, 0] + np.einsum("sp,sp->s", flow[:, 1, 2:], voltages[..., 0]))


@pytest.mark.parametrize("modes", [1, 12])
def test_loops_through_one_probe_of_a_cavity_weigh_as_much_as_its_modes_are_few(modes):
    """C = 1/(N + n) for n modes of all probes, and C -> C + n C²/(modes of a probe).

    Nothing diffuses in a cavity: this tests the rule by random scattering matrices alone.
    """
    leads, inside, samples = 6, 12, 2500
    total = 2 * leads + inside
    unitary = random_unitary(np.random.default_rng(8), samples, total)
    probes = [modes] * (inside // modes)
    symmetric = unitary @ unitary.swapaxes(1, 2)
    g = [cavity_conductance(s, leads, probes) for s in (symmetric, unitary)]
    found = np.mean(g[0]) - np.mean(g[1])
    error = np.hypot(*(np.std(one) for one in g)) / np.sqrt(samples)
    plain = 1 / total
    expected = -leads / 2 * (plain + inside / modes * plain**2)
    # The next order in the number of modes is a share 1/total; 4 sigma for the noise.
    assert found == pytest.approx(expected, abs=4 * error + abs(expected) / total)
    # The test can tell whether a probe of one mode has its loops.
    assert 4 * error + abs(expected) / total < leads / 2 * inside * plain**2 / 2


def test_coherent_samples_have_no_loops_through_probes():
    rises = [
        theory.dephased_magnetoconductance(1e-3, 60, 20, dephasing_length=np.inf, single_mode=x)
        for x in (True, False)
    ]
    assert rises[0] == rises[1] == theory.rectangle_magnetoconductance(1e-3, 60, 20)


def test_expected_rise_is_the_formula_for_many_channels():
    sizes = {"mean_free_path": 3.0, "dephasing_length": 40.0}
    found = theory.dephased_wire_rise(2e-4, 90, 30, channels=1e9, **sizes)
    assert found.value == pytest.approx(theory.dephased_magnetoconductance(2e-4, 90, 30, **sizes))
    few = theory.dephased_wire_rise(2e-4, 90, 30, channels=30, **sizes)
    assert few.value < found.value and few.bound > found.bound


def test_static_rate_of_weak_potentials_is_the_golden_rule_and_saturates():
    nu, n = 0.15, 0.03
    golden = 2 * np.pi * nu * n * 0.1**2 / 12
    assert theory.static_rate(n, 0.1, nu) == pytest.approx(golden, rel=1e-3)
    assert theory.static_rate(n, 1e6, nu) == pytest.approx(2 * n / (np.pi * nu), rel=1e-4)
    # Both branches of the average over the box meet.
    edge = 2e-3 / (np.pi * nu)
    pair = [theory.static_rate(n, edge * x, nu) / x**2 for x in (0.999, 1.001)]
    assert pair[0] == pytest.approx(pair[1], rel=1e-5)
    with pytest.raises(ValueError, match="more sites"):
        theory.static_strength(n, 1.0, nu)
    assert theory.static_strength(n, 0.0, nu) == 0


def test_direct_part_of_probes_is_the_conductance_with_an_imaginary_potential():
    coupling, numbers = 0.6, [0, 1]
    plain = Ribbon(width=5, length=9)
    probes = VoltageProbes(plain, spacing=3)
    params, disorder = {"flux": 0.01}, mk.Anderson(strength=2.0)
    ensemble = mk.scattering(
        probes,
        -0.9,
        params={**params, "probe_coupling": coupling},
        disorder=disorder,
        numbers=numbers,
    )
    absorbing = plain.builder()
    for lead in probes.builder().leads[2:]:
        absorbing[lead.interface[0]] = -1j * coupling**2
    lossy = mk.scattering(
        absorbing.finalized(),
        -0.9,
        params=params,
        disorder=disorder,
        numbers=numbers,
        check_hermiticity=False,
    )
    direct = mk.Conductance(1, 0)
    np.testing.assert_allclose(direct(ensemble), direct(lossy), atol=1e-10)
    # Currents are lost there, and not where the probes float.
    assert np.all(lossy.transmission(1, 0) + lossy.transmission(0, 0) < 3.9)
    there, back = (mk.Conductance(i, 1 - i, floating="all others")(ensemble) for i in (1, 0))
    np.testing.assert_allclose(there, back, atol=1e-12)


def test_variance_of_coherent_wires_has_the_known_orders():
    sizes = {"channels": 60, "mean_free_path": 5.0}
    found = theory.dephased_wire_variance(200.0, 10.0, dephasing_length=np.inf, **sizes)
    x = 200 / theory.localization_length(60, 5.0, beta=1)
    orders = theory.conductance_variance_correction(x, beta=1)
    ideal = theory.rectangle_variance(205.0, 10.0, beta=1)
    assert found.value == pytest.approx(ideal * (1 + orders * 15 / 2), rel=1e-3)


def test_short_coherent_pieces_are_not_localized():
    sizes = {"channels": 60, "mean_free_path": 5.0}
    phi = np.array([1e4, 100.0, 20.0])
    found = theory.dephased_wire_variance(400.0, 10.0, dephasing_length=phi, **sizes)
    ideal = theory.dephased_variance(400.0, 10.0, dephasing_length=phi, mean_free_path=5.0)
    assert np.all(np.diff(abs(found.value / ideal - 1)) < 0)
