"""Closed forms against sums, integrals, limits, small simulations and plain Kwant."""

import inspect
import math

import kwant
import numpy as np
import pytest
from scipy.integrate import quad

from mesokwant import theory

BETAS = [1, 2, 4]


FUNCTIONS = [name for name in theory.__all__ if inspect.isfunction(getattr(theory, name))]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_docstring_has_every_section_in_order(name):
    function = getattr(theory, name)
    text = inspect.getdoc(function)
    sections = ["Parameters", "Returns", "References", "Examples"]
    places = [text.index(f"\n{section}\n{'-' * len(section)}\n") for section in sections]
    assert places == sorted(places)
    assert "\n>>> " in text[places[-1] :]
    for parameter in inspect.signature(function).parameters:
        assert parameter in text[places[0] : places[1]]


# --- diffusive wires -----------------------------------------------------------------------


def box_sum(ratio_y, ratio_z, size):
    """The lattice sum, brute force, with the tail of the half ball beyond it integrated."""
    n = np.arange(size)
    x, y, z = np.meshgrid(n[1:], n if ratio_y else [0], n if ratio_z else [0], indexing="ij")
    squares = x**2 + (ratio_y * y) ** 2 + (ratio_z * z) ** 2
    return 12 / np.pi**4 * np.sum(squares[squares < size**2].astype(float) ** -2)


def test_box_variance_limits():
    catalan = 0.915965594177219
    box = theory.rectangle_variance
    for beta in BETAS:
        assert box(1, 0, beta=beta) == pytest.approx(2 / (15 * beta), rel=1e-12)
        assert box(1, 1, beta=beta) == pytest.approx(2 * catalan / np.pi**2 / beta, rel=1e-12)
    assert box(1, 1, 1, beta=1) == pytest.approx(0.31405, abs=5e-6)
    assert box(50, 1, beta=1) == pytest.approx(2 / 15, rel=1e-4)
    # A wide sample is made of independent squares: var g grows as W/L.
    assert box(1, 200, beta=1) / box(1, 100, beta=1) == pytest.approx(2, rel=1e-2)


@pytest.mark.parametrize("width, height", [(0.7, 0), (1, 0), (2.5, 0), (1, 1), (1.5, 0.6)])
def test_box_variance_is_the_lattice_sum(width, height):
    exact = theory.rectangle_variance(1.0, width, height, beta=1)
    ratios = [1 / size if size else 0 for size in (width, height)]
    size = 60
    # Beyond the radius the sum is an integral, up to the faces with a zero index (half weight).
    if height:
        solid, faces = np.pi / 2 / np.prod(ratios), np.pi / 4 * (1 / ratios[0] + 1 / ratios[1])
        tail = solid / size + faces / size**2 / 2
    else:
        tail = np.pi / 4 / ratios[0] / size**2
    brute = box_sum(*ratios, size) + 12 / np.pi**4 * tail
    assert exact == pytest.approx(brute, rel=1e-3)


def test_box_variance_broadcasts():
    many = theory.rectangle_variance(1.0, [0.5, 1.0, 2.0], beta=1)
    each = [theory.rectangle_variance(1.0, width, beta=1) for width in (0.5, 1.0, 2.0)]
    np.testing.assert_allclose(many, each, rtol=1e-14)


@pytest.mark.parametrize("beta", BETAS)
def test_finite_length_formulas(beta):
    s = np.array([0.3, 1.0, 7.0])
    written = 2 / (15 * beta) * (1 - (1 + 6 * s) / (1 + s) ** 6)
    np.testing.assert_allclose(theory.conductance_variance(s, beta=beta), written, rtol=1e-12)
    written = (1 - 2 / beta) / 3 * s**3 / (1 + s) ** 3
    np.testing.assert_allclose(theory.weak_localization(s, beta=beta), written, rtol=1e-12)
    assert theory.conductance_variance(beta=beta) == pytest.approx(2 / (15 * beta))
    assert theory.conductance_variance(1e60, beta=beta) == pytest.approx(2 / (15 * beta))
    # Single scattering: reflection is a sum of Gaussian |r_mn|², var = 2 s²/β.
    assert theory.conductance_variance(1e-5, beta=beta) == pytest.approx(2e-10 / beta, rel=1e-3)


def test_weak_localization_limits():
    np.testing.assert_allclose(
        theory.weak_localization(beta=np.array(BETAS)), [-1 / 3, 0, 1 / 6], atol=1e-15
    )
    assert theory.conductance(10, 4) == 2
    assert theory.fano_factor() == pytest.approx(1 / 3)
    assert theory.fano_factor(1e-8) == pytest.approx(1e-8)
    assert theory.weak_localization_2d(math.e, 1, beta=1) == pytest.approx(-1 / np.pi)
    assert theory.weak_localization_2d(math.e, 1, beta=4) == pytest.approx(0.5 / np.pi)


def test_transmission_density_counts_modes_and_gives_fano():
    channels, s = 30, 6.0
    lowest = np.cosh(s) ** -2

    def moment(weight):
        # T = 1/cosh² x flattens both ends.
        def integrand(x):
            t = np.cosh(x) ** -2
            density = theory.transmission_density(t, channels, s)
            return density * weight(t) * 2 * t * np.tanh(x)

        return quad(integrand, 1e-7, np.arccosh(lowest**-0.5) - 1e-7)[0]

    assert moment(lambda t: 1) == pytest.approx(channels, rel=1e-5)
    assert moment(lambda t: t) == pytest.approx(channels / s, rel=1e-3)
    noise = moment(lambda t: t * (1 - t)) / moment(lambda t: t)
    assert noise == pytest.approx(theory.fano_factor(), rel=1e-3)
    outside = theory.transmission_density([0, lowest / 2, 1, 1.5], channels, s)
    assert np.array_equal(outside, np.zeros(4))


def test_spinful_variance_table():
    variance = theory.spinful_conductance_variance
    fifteenths = {
        (False, False, False): 8,
        (False, True, False): 4,
        (False, False, True): 4,
        (False, True, True): 2,
        (True, False, False): 2,
        (True, True, False): 1,
        (True, False, True): 1,
        (True, True, True): 1,
    }
    for (spin_orbit, field, zeeman), expected in fifteenths.items():
        found = variance(spin_orbit=spin_orbit, field=field, zeeman=zeeman)
        assert found == pytest.approx(expected / 15)
    # Kramers pairs: T = 2 g, so the table agrees with the functions of beta.
    assert variance(spin_orbit=True) == pytest.approx(4 * theory.conductance_variance(beta=4))
    assert variance() == pytest.approx(4 * theory.conductance_variance(beta=1))


# --- interference --------------------------------------------------------------------------


def test_line_shape_limits():
    a = np.array([0.0, 1e-8, 1e-3, 0.0999999, 0.1000001, 2.0, 800.0, 1e200])
    shape = theory.wire_line_shape(a, magnetic_length=1.0)
    assert np.all(np.diff(shape) > 0) or shape[0] == shape[1]
    np.testing.assert_allclose(shape[:3], -1 / 3 + a[:3] ** 2 / 45, rtol=1e-12)
    assert shape[4] - shape[3] == pytest.approx(2 * 0.1 * 2e-7 / 45, rel=1e-2)
    assert shape[5] == pytest.approx(-(2 / np.tanh(2) - 1) / 4, rel=1e-14)
    assert shape[6] == pytest.approx(-1 / 800 + 1 / 800**2, rel=1e-12)
    modes = 2 / ((np.pi * np.arange(1, 200_000)) ** 2 + 4)
    assert shape[5] == pytest.approx(-modes.sum(), abs=2e-6)


def test_line_shape_at_zero_field_is_the_finite_length_correction():
    s = np.array([0.5, 3.0, 20.0])
    flat = theory.wire_line_shape(100, magnetic_length=theory.magnetic_length(0, 20), s=s)
    np.testing.assert_allclose(flat, theory.weak_localization(s, beta=1))
    both = theory.wire_line_shape(10, magnetic_length=4.0, dephasing_length=3.0)
    assert both == theory.wire_line_shape(10, dephasing_length=2.4)
    # Far beyond the dephasing length δσ = -(e²/h) L_φ.
    assert 1e6 * theory.wire_line_shape(1e6, dephasing_length=5.0) == pytest.approx(-5, rel=1e-4)


def test_magnetic_length_is_the_lowest_cooperon():
    """Charge 2e in the field, Neumann walls: the eigenvalue is 1/L_B² for W << L_B."""
    width, flux, n = 10.0, 1e-4, 400
    y = (np.arange(n) + 0.5) / n * width - width / 2
    laplacian = 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
    laplacian[0, 0] = laplacian[-1, -1] = 1
    operator = laplacian * (n / width) ** 2 + np.diag((2 * 2 * np.pi * flux * y) ** 2)
    lowest = np.linalg.eigvalsh(operator)[0]
    assert theory.magnetic_length(flux, width) ** -2 == pytest.approx(lowest, rel=1e-3)


def test_spinful_line_shape_ends_and_crossover():
    spinful = theory.spinful_wire_line_shape
    field = {"magnetic_length": np.array([np.inf, 30.0, 7.0]), "s": 9.0}
    spinless = theory.wire_line_shape(40, **field)
    np.testing.assert_allclose(spinful(40, spin_orbit_length=np.inf, **field), 2 * spinless)
    np.testing.assert_allclose(spinful(40, spin_orbit_length=0.0, **field), -spinless)
    # Twice the mean of beta = 4 belongs to T.
    strong = spinful(40, spin_orbit_length=0.0)
    assert strong == pytest.approx(2 * theory.weak_localization(beta=4))
    crossover = spinful(40, spin_orbit_length=np.geomspace(1e-2, 1e5, 50))
    assert np.all(np.diff(crossover) < 0)


def test_hikami_larkin_nagaoka():
    curve = theory.hikami_larkin_nagaoka(np.array([0, 1e-6, -1e-6, 1e-3]), 20.0)
    assert curve[0] == 0 and curve[1] == curve[2] and curve[3] > 0
    x = np.array([99.9999, 100.0001])
    left, right = theory.hikami_larkin_nagaoka(1 / (8 * np.pi * x), 1.0)
    assert left == pytest.approx(right, rel=1e-5)
    # A field cuts the diffusion off in place of dephasing: per spin, half of the two-spin sum.
    fluxes = np.array([1e-4, 1e-3])
    rise = np.diff(theory.hikami_larkin_nagaoka(fluxes, 1e6))[0] / 2
    lengths = fluxes**-0.5
    assert rise == pytest.approx(np.diff(theory.weak_localization_2d(lengths, 1, beta=1))[0])
    fall = np.diff(theory.hikami_larkin_nagaoka(fluxes, 1e6, alpha=-0.5))[0]
    assert fall == pytest.approx(2 * np.diff(theory.weak_localization_2d(lengths, 1, beta=4))[0])


# --- random matrices -----------------------------------------------------------------------


@pytest.mark.parametrize("beta", BETAS)
def test_cavity_moments_follow_from_the_single_mode_distribution(beta):
    def moment(power):  # T = x² removes the singularity at β = 1
        def integrand(x):
            return 2 * x * theory.cavity_transmission_density(x * x, beta=beta) * x ** (2 * power)

        return quad(integrand, 1e-12, 1)[0]

    assert moment(0) == pytest.approx(1)
    assert theory.cavity_conductance(1, 1, beta=beta) == pytest.approx(moment(1))
    variance = theory.cavity_conductance_variance(1, 1, beta=beta)
    assert variance == pytest.approx(moment(2) - moment(1) ** 2)
    assert theory.cavity_shot_noise(1, 1, beta=beta) == pytest.approx(moment(1) - moment(2))


@pytest.mark.parametrize("beta, correction", [(1, -1 / 4), (2, 0), (4, 1 / 8)])
def test_large_symmetric_cavity(beta, correction):
    n = 10**4
    mean = theory.cavity_conductance(n, n, beta=beta)
    assert mean - n / 2 == pytest.approx(correction, abs=1e-4)
    variance = theory.cavity_conductance_variance(n, n, beta=beta)
    assert variance == pytest.approx(1 / (8 * beta), rel=1e-3)
    assert theory.cavity_shot_noise(n, n, beta=beta) / mean == pytest.approx(1 / 4, rel=1e-3)


@pytest.mark.parametrize("beta, symmetry", [(1, "AI"), (2, "A"), (4, "AII")])
def test_circular_probability(beta, symmetry):
    rng = np.random.RandomState(11)
    n, samples = 4, 4000
    s = np.array([kwant.rmt.circular(n, symmetry, rng=rng) for _ in range(samples)])
    mean = np.mean(np.abs(s) ** 2, axis=0)
    same = theory.circular_probability(n, beta=beta, time_reversed=True)
    other = theory.circular_probability(n, beta=beta)
    assert same + (n - 1) * other == pytest.approx(1)
    tolerance = 4 * 0.3 / np.sqrt(samples * n)
    assert np.diag(mean).mean() == pytest.approx(same, abs=tolerance)
    assert mean[~np.eye(n, dtype=bool)].mean() == pytest.approx(other, abs=tolerance)
    if beta != 4:
        assert same / other == pytest.approx(2 / beta)


@pytest.mark.parametrize("beta, symmetry", [(0, None), (1, "AI"), (2, "A"), (4, "AII")])
def test_spacing_ratio(beta, symmetry):
    rng = np.random.RandomState(5)
    ratios = []
    for _ in range(60):
        if symmetry is None:
            levels = np.sort(rng.uniform(size=200))
        else:
            levels = np.linalg.eigvalsh(kwant.rmt.gaussian(200, symmetry, rng=rng))
        spacings = np.diff(levels[:: 2 if beta == 4 else 1])
        pairs = np.sort([spacings[:-1], spacings[1:]], axis=0)
        ratios.append(np.mean(pairs[0] / pairs[1]))
    error = np.std(ratios) / np.sqrt(len(ratios))
    assert abs(np.mean(ratios) - theory.spacing_ratio(beta)) < 3 * error
    with pytest.raises(ValueError, match="0, 1, 2 or 4"):
        theory.spacing_ratio(3)


# --- localization --------------------------------------------------------------------------


def lyapunov(energy, disorder, steps=6000, chains=1500):
    """Growth rate of ψ_{n+1} = (E - V_n) ψ_n - ψ_{n-1}, mean over chains, and its error."""
    rng = np.random.default_rng(2)
    ratio, log = np.full(chains, 1.2), np.zeros(chains)
    for step in range(steps + 500):
        ratio = energy - disorder * (rng.random(chains) - 0.5) - 1 / ratio
        if step >= 500:  # after the memory of the start is gone
            log += np.log(np.abs(ratio))
    return log.mean() / steps, log.std() / steps / np.sqrt(chains)


@pytest.mark.parametrize(
    "energy, disorder, formula",
    [
        (1.2, 0.6, lambda w: theory.chain_localization_length(w, 1.2)),
        (0.0, 0.6, theory.chain_localization_length_centre),
        (2.0, 0.1, theory.chain_localization_length_edge),
    ],
)
def test_chain_localization_length(energy, disorder, formula):
    rate, error = lyapunov(energy, disorder)
    assert error < 0.02 * rate
    assert abs(rate - 1 / formula(disorder)) < 3 * error + 0.01 * rate


def test_localization_lengths_agree():
    disorder, energy = 0.5, 0.7
    # One channel: l = 2 l_tr, l_tr = v τ with 1/τ = 2πν<V²>, ν = 1/(πv); back and forward alike.
    velocity = np.sqrt(4 - energy**2)
    born = velocity / (2 * np.pi / (np.pi * velocity) * disorder**2 / 12)
    single = theory.localization_length(1, theory.mean_free_path_factor(1) * born, beta=1)
    assert single == pytest.approx(theory.chain_localization_length(disorder, energy))
    doubling = theory.localization_length(1000, 1, beta=2) / theory.localization_length(
        1000, 1, beta=1
    )
    assert doubling == pytest.approx(2, rel=1e-2)
    ratio = theory.log_conductance_variance(70, 8) / -theory.log_conductance(70, 8)
    assert ratio == 2
    assert theory.chain_localization_length_centre(1.0) == pytest.approx(105.045, abs=1e-3)


@pytest.mark.parametrize("energy, disorder", [(0.0, 1.0), (1.2, 0.6), (1.9, 1.0), (0.5, 3.0)])
def test_chain_lyapunov_against_simulation(energy, disorder):
    rate, error = lyapunov(energy, disorder)
    assert abs(theory.chain_lyapunov(energy, disorder)[0] - rate) < 4 * error


def test_chain_lyapunov_limits():
    rates, spreads = theory.chain_lyapunov([0.0, 0.3, 1.2], 0.05)
    weak = theory.chain_localization_length(0.05, np.array([0.3, 1.2]))
    np.testing.assert_allclose(rates[1:], 1 / weak, rtol=1e-4)
    np.testing.assert_allclose(spreads[1:], rates[1:], rtol=1e-4)
    assert 1 / rates[0] == pytest.approx(theory.chain_localization_length_centre(0.05), rel=1e-4)
    # Single-parameter scaling fails at the centre: Schomerus and Titov.
    assert spreads[0] / rates[0] == pytest.approx(1.047, abs=1e-3)
    more = theory.chain_lyapunov(1.95, 1.0, modes=96)
    np.testing.assert_allclose(theory.chain_lyapunov(1.95, 1.0), more, rtol=1e-6)


def test_chain_lyapunov_variance_against_simulation():
    rng = np.random.default_rng(4)
    energy, disorder, steps, chains = 0.7, 2.5, 3000, 4000
    ratio, log = np.full(chains, 1.2), np.zeros(chains)
    for _ in range(steps):
        ratio = energy - disorder * (rng.random(chains) - 0.5) - 1 / ratio
        log += np.log(np.abs(ratio))
    spread = theory.chain_lyapunov(energy, disorder)[1]
    assert log.var() / steps == pytest.approx(spread, rel=5 * np.sqrt(2 / chains))


@pytest.mark.parametrize("s", [0.5, 3.0, 20.0])
def test_chain_density_is_normalized_with_the_known_mean(s):
    # A midpoint rule in √(-ln g), fine enough for the singular end at g = 1.
    root = (np.arange(4000) + 0.5) / 4000 * (9 + 2 * np.sqrt(s))
    weight = 2 * root * theory.chain_log_conductance_density(-(root**2), s) * (root[1] - root[0])

    def moment(power):
        return np.sum(weight * root ** (2 * power))

    assert moment(0) == pytest.approx(1, abs=1e-5)
    assert moment(1) == pytest.approx(s, rel=1e-5)
    variance, _ = theory.chain_log_conductance_moments(s)
    assert moment(2) - s**2 == pytest.approx(variance, rel=1e-5)


def test_chain_log_conductance_moments_of_a_long_chain():
    variance, skewness = theory.chain_log_conductance_moments([50.0, 200.0])
    np.testing.assert_allclose(variance, [100 - np.pi**2 / 3, 400 - np.pi**2 / 3], rtol=1e-3)
    assert abs(skewness[1]) < abs(skewness[0]) < 0.03


# --- lattice -------------------------------------------------------------------------------


def test_mean_free_path_factor_is_an_angular_average():
    for dimension in (2, 3):
        weight = (lambda x: 1.0) if dimension == 2 else np.sin
        square = quad(lambda x, w=weight: w(x) * np.cos(x) ** 2, 0, np.pi / 2)[0]
        straight = quad(lambda x, w=weight: w(x) * np.cos(x), 0, np.pi / 2)[0]
        assert theory.mean_free_path_factor(dimension) == pytest.approx(2 * square / straight)


def test_square_lattice_fermi_surface():
    dos = theory.square_lattice_dos
    assert 2 * quad(dos, 0, 4)[0] == pytest.approx(1, abs=1e-7)
    assert dos(4.1) == 0
    energy, disorder = -1.3, 0.8
    # Fermi surface, E = -2 cos kx - 2 cos ky: one ky > 0 for every open kx, weight 1/|v_y|.
    k = (np.arange(400_000) + 0.5) / 400_000 * np.pi
    cosine = -energy / 2 - np.cos(k)
    k, cosine = k[np.abs(cosine) < 1], cosine[np.abs(cosine) < 1]
    weight = 1 / (2 * np.sqrt(1 - cosine**2)) / np.pi / 400_000
    assert weight.sum() == pytest.approx(dos(energy), rel=5e-3)
    velocity = 2 * np.sin(k)
    square = (weight * velocity**2).sum() / weight.sum()
    straight = (weight * velocity).sum() / weight.sum()
    sigma = theory.square_lattice_conductivity(energy, disorder)
    assert sigma == pytest.approx(square / (disorder**2 / 12), rel=5e-3)
    lifetime = 1 / (2 * np.pi * dos(energy) * disorder**2 / 12)
    path = theory.square_lattice_mean_free_path(energy, disorder)
    assert path == pytest.approx(2 * lifetime * square / straight, rel=5e-3)
    diffusion = theory.diffusion_constant(sigma, dos(energy))
    assert diffusion == pytest.approx(square * lifetime, rel=5e-3)
    assert theory.thouless_energy(diffusion, 10) == pytest.approx(np.pi**2 * diffusion / 100)


def test_square_lattice_at_the_band_bottom_is_a_free_particle():
    # E = -4 + k², mass 1/2: ν = 1/(4π), l = (π/2) v τ.
    kinetic, disorder = 1e-4, 0.3
    assert theory.square_lattice_dos(-4 + kinetic) == pytest.approx(1 / (4 * np.pi), rel=1e-4)
    lifetime = 1 / (disorder**2 / 24)
    path = theory.square_lattice_mean_free_path(-4 + kinetic, disorder)
    assert path == pytest.approx(np.pi / 2 * 2 * np.sqrt(kinetic) * lifetime, rel=1e-4)


def strip(width, onsite=None, length=1, periodic=False, height=1):
    lattice = kwant.lattice.cubic(norbs=1)
    shape = [(x, y, z) for x in range(length) for y in range(width) for z in range(height)]
    system = kwant.Builder()
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1, 0, 0)))
    for builder, value, sites in ((system, onsite or 0, shape), (lead, 0, shape[: width * height])):
        builder[(lattice(*site) for site in sites)] = value
        builder[lattice.neighbors()] = -1
        if periodic:
            tags = {site[0] for site in sites}
            builder[((lattice(x, 0, 0), lattice(x, width - 1, 0)) for x in tags)] = -1
    lead[lattice.neighbors()] = -1
    system.attach_lead(lead)
    system.attach_lead(lead.reversed())
    return system.finalized()


@pytest.mark.parametrize("periodic, height", [(False, 1), (True, 1), (False, 3)])
def test_open_modes_against_kwant(periodic, height):
    energies = np.array([-3.7, -1.1, 0.3, 2.2, 5.0])
    system = strip(5, periodic=periodic, height=height)
    lead = system.leads[0]
    found = [lead.modes(energy)[0].velocities.size // 2 for energy in energies]
    counted = theory.open_modes(energies, 5, periodic=periodic, height=height)
    assert np.array_equal(counted, found)


def test_a_mode_at_its_band_edge_is_not_open():
    # Transverse energies -√3, -1, 0, 1, √3: at E = -1 the fourth has |E - 1| = 2 exactly.
    assert theory.open_modes(-1.0, 5) == 3


def test_mean_free_path_against_kwant():
    width, length, energy, disorder = 20, 24, -1.0, 1.2
    rng = np.random.default_rng(3)

    def onsite(site, values):
        return values[site.tag[0] * width + site.tag[1]]

    system = strip(width, onsite, length, periodic=True)
    g = []
    for _ in range(60):
        values = disorder * (rng.random(width * length) - 0.5)
        smatrix = kwant.smatrix(system, energy, params={"values": values}, check_hermiticity=False)
        g.append(smatrix.transmission(1, 0))
    s = length / theory.square_lattice_mean_free_path(energy, disorder)
    channels = theory.open_modes(energy, width, periodic=True)
    expected = theory.conductance(channels, s) + theory.weak_localization(s, beta=1)
    # The Born approximation and the continuum of modes are good to a few per cent here.
    assert np.mean(g) == pytest.approx(expected, rel=0.05)


def test_saddle_point():
    parameters = {"omega_x": 0.1, "omega_y": 0.3, "potential": 0.5}
    threshold = 0.5 + 0.3 * (np.arange(3) + 0.5)
    np.testing.assert_allclose(
        theory.saddle_point_transmission(threshold, np.arange(3), **parameters), 0.5
    )
    extremes = theory.saddle_point_transmission([-1e4, 1e4], 0, **parameters)
    assert np.array_equal(extremes, [0, 1])


# --- chains --------------------------------------------------------------------------------

CHAINS = [(-1.0,), (-1.0, 0.4), (1.0, -0.3, 0.25), (-1.0, -0.8)]


def chain(hoppings, strength):
    """One impurity, or none of the site at all, well inside a chain."""
    lattice = kwant.lattice.chain(norbs=1)
    reach = len(hoppings)
    system, lead = kwant.Builder(), kwant.Builder(kwant.TranslationalSymmetry((-reach,)))
    system[(lattice(j) for j in range(-3 * reach, 3 * reach + 1))] = 0
    lead[(lattice(j) for j in range(reach))] = 0
    for builder in (system, lead):
        for m, hopping in enumerate(hoppings, start=1):
            builder[kwant.builder.HoppingKind((m,), lattice)] = hopping
    if np.isinf(strength):
        del system[lattice(0)]
    else:
        system[lattice(0)] = strength
    system.attach_lead(lead)
    system.attach_lead(lead.reversed())
    return system.finalized()


@pytest.mark.parametrize("hoppings", CHAINS)
@pytest.mark.parametrize("strength", [0.0, 0.7, -3.0, np.inf])
def test_impurity_against_kwant(hoppings, strength):
    energies = np.array([-1.6, -0.45, 0.0, 0.31, 1.1, 1.8, 9.0])
    system = chain(hoppings, strength)
    found = [kwant.smatrix(system, energy).transmission(1, 0) for energy in energies]
    closed = theory.impurity_transmission(energies, strength, hoppings)
    np.testing.assert_allclose(closed, found, atol=1e-9)


def test_impurity_limits():
    energies, strengths = np.linspace(-1.9, 1.9, 7), np.array([[0.2], [5.0]])
    closed = theory.impurity_transmission(energies, strengths)
    np.testing.assert_allclose(closed, 1 / (1 + strengths**2 / (4 - energies**2)), rtol=1e-12)
    assert np.array_equal(theory.impurity_transmission(energies, np.inf), np.zeros(7))
    vacancy = theory.impurity_transmission(0.3, np.inf, (-1, 0.2))
    strong = theory.impurity_transmission(0.3, [1e8, -1e8], (-1, 0.2))
    np.testing.assert_allclose(strong, vacancy, rtol=1e-6)
    green = theory.chain_green(0.3, (-1, 0.2))
    evanescent, velocity = green.real, -1 / green.imag
    amplitude = 1j * velocity * evanescent / (1 + 1j * velocity * evanescent)
    assert vacancy == pytest.approx(abs(amplitude) ** 2)


@pytest.mark.parametrize("hoppings", CHAINS)
def test_chain_green_is_the_momentum_integral(hoppings):
    k = 2 * np.pi * np.arange(2**16) / 2**16
    band = 2 * sum(t * np.cos(m * k) for m, t in enumerate(hoppings, start=1))
    energies, eta = np.array([-1.6, 0.31, 4.0]), 1e-3
    integral = np.mean(1 / (energies[:, None] + 1j * eta - band), axis=1)
    np.testing.assert_allclose(theory.chain_green(energies, hoppings), integral, rtol=1e-2)


# --- the rectangle in a field --------------------------------------------------------------


def test_rectangle_magnetoconductance_of_a_long_wire_is_the_line_shape():
    width = 10.0
    deviations = []
    for length in (100.0, 200.0):
        flux = 3.0 * np.sqrt(3) / (2 * np.pi * width * length)  # a = 3
        line = theory.wire_line_shape(length, magnetic_length=theory.magnetic_length(flux, width))
        deviations.append(
            theory.rectangle_magnetoconductance(flux, length, width) / (line + 1 / 3) - 1
        )
    # The ends matter to second order in W/L; the grid adds 0.2 per cent.
    assert -0.05 < deviations[0] < -0.04
    assert deviations[1] == pytest.approx(deviations[0] / 4, abs=0.003)


def test_rectangle_magnetoconductance_scales_and_is_even():
    rise = theory.rectangle_magnetoconductance
    assert rise(0.0, 30, 10) == 0
    assert rise(2e-4, 60, 20) == pytest.approx(rise(-2e-4, 60, 20), rel=1e-12)
    # Only the flux through the sample and its shape matter.
    assert rise(2e-4, 60, 20) == pytest.approx(rise(0.5e-4, 120, 40), rel=1e-9)
    # Second order in a weak field.
    assert rise(2e-6, 60, 20) == pytest.approx(4 * rise(1e-6, 60, 20), rel=1e-3)
    strong = rise(np.array([1e-3, 4e-3]), 60, 20)
    assert np.all(np.diff(strong) > 0)


def test_rectangle_magnetoconductance_with_dephasing():
    flux, width = 3e-3, 10.0
    rise = theory.rectangle_magnetoconductance
    for dephasing in (100.0, 30.0):
        line = theory.wire_line_shape(300, dephasing_length=dephasing) - theory.wire_line_shape(
            300, magnetic_length=theory.magnetic_length(flux, width), dephasing_length=dephasing
        )
        # In a wire longer than all else; the ends matter to second order in W/L_φ.
        found = rise(flux, 300, width, dephasing_length=dephasing)
        assert found == pytest.approx(-line, rel=(width / dephasing) ** 2 + 0.03)
    # Where the Cooperon decays before it sees the field there is nothing left to rise.
    assert rise(flux, 60, 20, dephasing_length=0.5) < 1e-3 * rise(flux, 60, 20)


def test_rectangle_magnetoconductance_on_a_grid_of_plain_eigenvalues():
    length, width, flux, cells, slices = 30.0, 10.0, 1e-3, 12, 36
    dx, dy = length / slices, width / cells
    y = (np.arange(cells) - (cells - 1) / 2) * dy
    size = (slices - 1) * cells

    def correction(f):
        matrix = np.zeros((slices - 1, cells, slices - 1, cells), complex)
        for i in range(slices - 1):
            for j in range(cells):
                walls = (j == 0) + (j == cells - 1)
                matrix[i, j, i, j] = 2 / dx**2 + (2 - walls) / dy**2
                if i:
                    hop = -np.exp(4j * np.pi * f * y[j] * dx) / dx**2
                    matrix[i, j, i - 1, j], matrix[i - 1, j, i, j] = hop, hop.conj()
                if j:
                    matrix[i, j, i, j - 1] = matrix[i, j - 1, i, j] = -1 / dy**2
        return -2 / length**2 * np.sum(1 / np.linalg.eigvalsh(matrix.reshape(size, size)))

    expected = correction(flux) - correction(0.0)
    # The grid in the function is finer: the rest is the error of this one.
    assert theory.rectangle_magnetoconductance(flux, length, width) == pytest.approx(
        expected, rel=0.02
    )


@pytest.mark.parametrize("hoppings", [(-1.0,), (-1.0, 0.2), (-1.0, -0.2), (1.0, 0.1, 0.1)])
def test_vacancies_transmission(hoppings):
    for energy in (-0.9, 0.0, 0.4):
        one = theory.vacancies_transmission(energy, [5], hoppings)
        assert one == pytest.approx(
            theory.impurity_transmission(energy, np.inf, hoppings), abs=1e-12
        )
    reach = len(hoppings)
    lattice = kwant.lattice.chain(norbs=1)
    system, lead = kwant.Builder(), kwant.Builder(kwant.TranslationalSymmetry((-reach,)))
    positions = [6, 11, 13, 20]
    system[(lattice(j) for j in range(30))] = 0
    lead[(lattice(j) for j in range(reach))] = 0
    for builder in (system, lead):
        for m, hopping in enumerate(hoppings, start=1):
            builder[kwant.builder.HoppingKind((m,), lattice)] = hopping
    for x in positions:
        system[lattice(x)] = 1e9
    system.attach_lead(lead)
    system.attach_lead(lead.reversed())
    found = kwant.smatrix(system.finalized(), 0.3).transmission(1, 0)
    expected = theory.vacancies_transmission(0.3, positions, hoppings)
    assert expected == pytest.approx(found, abs=1e-7)


def test_vacancies_need_one_mode():
    with pytest.raises(ValueError, match="2 modes"):
        theory.vacancies_transmission(-1.0, [3], (-1.0, 0.8))


# --- fluctuations and spins in the rectangle -----------------------------------------------


def test_box_variance_goes_from_one_class_to_the_other():
    ratio = theory.rectangle_variance_in_field([0.0, 0.2], 20, 10) / theory.rectangle_variance(
        20, 10, beta=2
    )
    np.testing.assert_allclose(ratio, [2, 1], atol=0.05)


def test_box_variance_of_a_long_wire_in_a_field():
    length, width, flux = 400.0, 10.0, 4e-4
    a = length / theory.magnetic_length(flux, width)
    cooperon = (
        45 / (2 * a**4) * (a / np.tanh(a) + (a / np.sinh(a)) ** 2 - 2)
    )  # 90/π⁴ Σ (n²+a²/π²)⁻²
    variance = theory.rectangle_variance_in_field(flux, length, width)
    assert 15 * variance - 1 == pytest.approx(cooperon, abs=2e-3)
    # A diffuson sees the difference of the fields, a Cooperon twice the field.
    assert theory.rectangle_field_correlation(2 * flux, length, width) == pytest.approx(
        cooperon, rel=0.03
    )
    assert theory.rectangle_field_correlation(0.0, length, width) == 1


def test_variance_on_the_way_to_localization():
    change = theory.conductance_variance_correction
    slopes = [float(change(1e-6, beta=beta)) * 1e6 for beta in BETAS]
    assert slopes == pytest.approx([-8 / 315, 0, 4 / 315], abs=1e-6)
    assert change(0.1, beta=2) > 0


def test_spin_orbit_turns_the_rise_into_a_fall():
    rise = theory.rectangle_spin_magnetoconductance
    flux, length, width = 2e-3, 60, 20
    spinless = theory.rectangle_magnetoconductance(flux, length, width)
    assert rise(flux, length, width, rotation=0.0) == pytest.approx(2 * spinless)
    assert rise(0.0, length, width, rotation=0.3) == 0
    # Strong coupling leaves the singlet alone.
    assert rise(flux, length, width, rotation=1.0) == pytest.approx(-spinless, rel=0.01)
    # A narrow wire retraces its turns: the coupling drops out.
    narrow = rise(5e-2, 60, 3, rotation=0.1) / theory.rectangle_magnetoconductance(5e-2, 60, 3)
    assert narrow == pytest.approx(2, rel=0.05)


def test_energy_correlation_of_wire_and_film():
    diffusion, length = 7.0, 50.0
    unit = theory.thouless_energy(diffusion, length)
    x = np.linspace(0, 3, 301)
    wire = theory.rectangle_energy_correlation(x * unit, length, 1.0, diffusion=diffusion)
    n = np.arange(1, 200)[:, None] ** 2
    exact = np.sum(2 / (n**2 + x**2) + (n**2 - x**2) / (n**2 + x**2) ** 2, axis=0) * 30 / np.pi**4
    np.testing.assert_allclose(wire, exact, atol=1e-4)
    assert x[np.argmax(wire < 0.5)] == pytest.approx(0.79, abs=0.02)
    # Modes across decay faster: a film forgets more slowly.
    film = theory.rectangle_energy_correlation(x * unit, length, 4 * length, diffusion=diffusion)
    assert np.all(film[1:] > wire[1:])
