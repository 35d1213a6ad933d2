"""The systems against what is known of them exactly."""

import kwant
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from systems import Chain, Ribbon, SpinOrbitRibbon, Wire
from systems.ingredients import sigma_0, sigma_x, sigma_y, sigma_z, square_lattice
from systems.spin_orbit import COUPLINGS, zeeman_energy

few = settings(max_examples=15)


def rough_energy(site):
    return 1.5 * (kwant.digest.uniform(repr(tuple(site.tag))) - 0.5)


def rough_zeeman_energy(site, zeeman):
    return rough_energy(site) * sigma_0 + zeeman_energy(site, zeeman)


def rough(system):
    """The finalized system with disorder on the region's sites."""
    builder = system.builder()
    spinful = isinstance(system, SpinOrbitRibbon)
    builder[list(builder.sites())] = rough_zeeman_energy if spinful else rough_energy
    return builder.finalized()


def transmission_eigenvalues(built, energy, **params):
    t = kwant.smatrix(built, energy, params=params).submatrix(1, 0)
    return np.linalg.eigvalsh(t @ t.conj().T)


def green(built, energy, to, source, **params):
    return kwant.greens_function(built, energy, params=params).submatrix(to, source)


def open_modes(energy, transverse):
    """Subbands -2 cos k + transverse that are open at an energy."""
    return int(np.sum(np.abs(energy - np.asarray(transverse)) < 2))


def subbands(size, boundary="hard"):
    n = np.arange(size)
    return -2 * np.cos(np.pi * (n + 1) / (size + 1) if boundary == "hard" else 2 * np.pi * n / size)


def transverse_energies(width, height, boundary="hard"):
    """Energies of the cross-section of a strip or, with a height, of a bar."""
    if height is None:
        return subbands(width, boundary)
    return np.add.outer(subbands(width, boundary), subbands(height, boundary)).ravel()


class TestWire:
    @few
    @given(
        size=st.tuples(st.integers(3, 7), st.none() | st.integers(3, 4)),
        boundary=st.sampled_from(["hard", "periodic"]),
        energy=st.sampled_from([-3.77, -1.63, -0.13, 0.71, 2.49]),
    )
    def test_clean_wire_transmits_every_open_mode(self, size, boundary, energy):
        width, height = size
        transverse = transverse_energies(width, height, boundary)
        smatrix = kwant.smatrix(Wire(width, 4, height, boundary).build(), energy)
        expected = open_modes(energy, transverse)
        assert smatrix.num_propagating(0) == expected
        assert smatrix.transmission(1, 0) == pytest.approx(expected, abs=1e-8)

    @pytest.mark.parametrize("height", [None, 2])
    def test_every_hopping_is_minus_one(self, height):
        matrix = Wire(3, 4, height).build().hamiltonian_submatrix()
        assert not np.any(np.diag(matrix))
        assert set(np.unique(matrix)) == {0, -1}

    def test_every_site_of_a_periodic_bar_has_six_neighbours(self):
        builder = Wire(3, 4, height=5, boundary="periodic").builder()
        inner = [site for site in builder.sites() if 0 < site.tag[0] < 3]
        assert {builder.degree(site) for site in inner} == {6}

    @pytest.mark.parametrize("boundary", ["hard", "periodic"])
    @pytest.mark.parametrize("height", [None, 3, 4])
    def test_sites_and_bands_in_two_and_three_dimensions(self, height, boundary):
        built = Wire(5, 3, height, boundary).build()
        transverse = transverse_energies(5, height, boundary)
        assert len(built.sites) == 3 * len(transverse)
        assert built.hamiltonian_submatrix().shape == (3 * len(transverse),) * 2
        for lead in built.leads:
            bands = kwant.physics.Bands(lead)
            for k in (-2.1, 0.0, 0.7):
                np.testing.assert_allclose(
                    bands(k), np.sort(transverse - 2 * np.cos(k)), atol=1e-12
                )

    def test_one_row_is_a_chain(self):
        bands = kwant.physics.Bands(Wire(1, 1).build().leads[0])
        for k in (-2.1, 0.0, 0.7):
            assert bands(k) == pytest.approx([-2 * np.cos(k)])

    def test_positions_are_the_tags_in_three_dimensions(self):
        sites = Wire(2, 3, height=4).build().sites
        assert all(tuple(site.pos) == tuple(site.tag) for site in sites)
        assert {tuple(site.tag) for site in sites} == set(np.ndindex(3, 2, 4))


class TestRibbon:
    @few
    @given(st.integers(1, 8), st.sampled_from([-3.77, -1.63, -0.13, 0.71, 2.49]))
    def test_clean_ribbon_transmits_every_open_mode(self, width, energy):
        smatrix = kwant.smatrix(Ribbon(width, 4).build(), energy, params={"flux": 0})
        expected = open_modes(energy, subbands(width))
        assert smatrix.num_propagating(0) == expected
        assert smatrix.transmission(1, 0) == pytest.approx(expected, abs=1e-8)

    @few
    @given(st.floats(-0.4, 0.4), st.floats(-2.5, 2.5))
    def test_reciprocity(self, flux, energy):
        built = rough(Ribbon(4, 5))
        forth, back = green(built, energy, 1, 0, flux=flux), green(built, energy, 0, 1, flux=-flux)
        np.testing.assert_allclose(forth, back.T, atol=1e-8)

    def test_field_breaks_time_reversal(self):
        built = rough(Ribbon(4, 5))
        forth, back = (green(built, 0.4, *ends, flux=0.1) for ends in [(1, 0), (0, 1)])
        assert np.abs(forth - back.T).max() > 1e-2

    def test_two_terminal_conductance_is_even_in_the_field(self):
        built = rough(Ribbon(6, 8))
        g = {
            flux: kwant.smatrix(built, 0.4, params={"flux": flux}).transmission(1, 0)
            for flux in (-0.02, 0, 0.02)
        }
        assert g[0.02] == pytest.approx(g[-0.02], abs=1e-9)
        assert abs(g[0.02] - g[0]) > 1e-3

    @few
    @given(st.floats(-20, 20), st.floats(-0.1, 0.1))
    def test_gauge_origin_changes_nothing_measurable(self, origin, flux):
        reference = transmission_eigenvalues(rough(Ribbon(5, 6)), 0.4, flux=flux)
        shifted = transmission_eigenvalues(rough(Ribbon(5, 6, origin=origin)), 0.4, flux=flux)
        np.testing.assert_allclose(shifted, reference, atol=1e-7)

    @pytest.mark.parametrize("height", [None, 2])
    def test_gauge_origin_moves_positions_and_keeps_tags(self, height):
        here, there = (Ribbon(3, 2, origin, height=height).build() for origin in (0.0, 1.5))
        assert [site.tag for site in here.sites] == [site.tag for site in there.sites]
        moved = np.array([a.pos - b.pos for a, b in zip(here.sites, there.sites, strict=True)])
        assert np.all(moved == [0, 1.5] if height is None else moved == [0, 1.5, 0])

    @pytest.mark.parametrize("level", [1, 2, 3])
    def test_edge_modes_between_landau_levels(self, level):
        # Near the band bottom the mass is 1/2t: levels at -4 + 4π flux (n + 1/2).
        flux = 1 / 25
        built = Ribbon(40, 3).build()
        energy = -4 + 4 * np.pi * flux * level
        smatrix = kwant.smatrix(built, energy, params={"flux": flux})
        assert smatrix.num_propagating(0) == level
        assert smatrix.transmission(1, 0) == pytest.approx(level, abs=1e-8)

    def test_one_edge_mode_in_the_gaps_at_a_third_of_a_flux_quantum(self):
        # Bands of Hofstadter's model at 1/3: [-1-√3, -2], [1-√3, √3-1], [2, 1+√3].
        lead = Ribbon(30, 1).build().leads[0]
        for energy, edge_modes in [(-3, 0), (-1.4, 1), (1.4, 1), (3, 0)]:
            modes, _ = lead.modes(energy, params={"flux": 1 / 3})
            assert len(modes.momenta) == 2 * edge_modes

    def test_plaquette_holds_its_flux(self):
        matrix = Ribbon(2, 2).build().hamiltonian_submatrix(params={"flux": 0.1})
        # Sites in order (0, 0), (0, 1), (1, 0), (1, 1); around (0,0) (1,0) (1,1) (0,1).
        around = matrix[2, 0] * matrix[3, 2] * matrix[1, 3] * matrix[0, 1]
        assert around == pytest.approx(np.exp(2j * np.pi * 0.1))

    @pytest.mark.parametrize("height", [None, 1, 3])
    def test_without_flux_it_is_a_wire(self, height):
        np.testing.assert_array_equal(
            Ribbon(4, 5, height=height).build().hamiltonian_submatrix(params={"flux": 0}),
            Wire(4, 5, height=height).build().hamiltonian_submatrix(),
        )

    def test_one_layer_bar_is_a_ribbon(self):
        bar, ribbon = Ribbon(4, 5, height=1), Ribbon(4, 5)
        np.testing.assert_array_equal(
            bar.build().hamiltonian_submatrix(params={"flux": 0.1}),
            ribbon.build().hamiltonian_submatrix(params={"flux": 0.1}),
        )

    def test_layers_of_a_bar_shift_the_bands_of_the_ribbon_by_their_energies(self):
        params = {"flux": 0.07}
        bar = kwant.physics.Bands(Ribbon(4, 1, height=3).build().leads[1], params=params)
        ribbon = kwant.physics.Bands(Ribbon(4, 1).build().leads[1], params=params)
        for k in (-1.3, 0.4, 2.2):
            expected = np.add.outer(ribbon(k), subbands(3)).ravel()
            np.testing.assert_allclose(bar(k), np.sort(expected), atol=1e-12)

    def test_gauge_origin_of_a_bar_changes_nothing_measurable(self):
        here, there = (rough(Ribbon(3, 4, origin, height=2)) for origin in (0.0, 1.7))
        np.testing.assert_allclose(
            transmission_eigenvalues(here, 0.4, flux=0.04),
            transmission_eigenvalues(there, 0.4, flux=0.04),
            atol=1e-8,
        )

    def test_field_of_a_bar_is_along_z(self):
        builder = Ribbon(2, 2, height=2).builder()
        lattice = next(iter(builder.sites())).family

        def around(corners):
            product = 1
            for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
                hop = builder[lattice(*end), lattice(*start)]
                product *= hop(lattice(*end), lattice(*start), 0.1) if callable(hop) else hop
            return product

        flux = np.exp(2j * np.pi * 0.1)
        assert around([(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)]) == pytest.approx(flux)
        assert around([(0, 1, 0), (1, 1, 0), (1, 1, 1), (0, 1, 1)]) == pytest.approx(1)
        assert around([(1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)]) == pytest.approx(1)


def bloch(coupling, kx, ky, strength):
    """Bulk Hamiltonian put together from the hoppings of a coupling."""
    lattice = square_lattice(norbs=2)
    hop_x, hop_y = COUPLINGS[coupling][1, 0], COUPLINGS[coupling][0, 1]
    x = np.array(hop_x(lattice(1, 0), lattice(0, 0), strength, 0.0))
    y = np.array(hop_y(lattice(0, 1), lattice(0, 0), strength))
    half = np.exp(-1j * kx) * x + np.exp(-1j * ky) * y
    return half + half.conj().T


class TestSpinOrbit:
    couplings = pytest.mark.parametrize(
        "coupling", [("rashba", {"alpha": 0.9}), ("ando", {"theta": 0.5})], ids=["rashba", "ando"]
    )
    leads = pytest.mark.parametrize("lead_spin_orbit", [True, False])

    @few
    @given(st.floats(-np.pi, np.pi), st.floats(-np.pi, np.pi), st.floats(-2, 2))
    def test_rashba_bands(self, kx, ky, alpha):
        split = alpha * np.hypot(np.sin(kx), np.sin(ky))
        bands = -2 * (np.cos(kx) + np.cos(ky)) + np.array([-1, 1]) * abs(split)
        hamiltonian = bloch("rashba", kx, ky, alpha)
        np.testing.assert_allclose(np.linalg.eigvalsh(hamiltonian), bands, atol=1e-12)

    @few
    @given(st.floats(-np.pi, np.pi), st.floats(-np.pi, np.pi), st.floats(-2, 2))
    def test_ando_bands(self, kx, ky, theta):
        split = 2 * np.sin(theta) * np.hypot(np.sin(kx), np.sin(ky))
        bands = -2 * np.cos(theta) * (np.cos(kx) + np.cos(ky)) + np.array([-1, 1]) * abs(split)
        hamiltonian = bloch("ando", kx, ky, theta)
        np.testing.assert_allclose(np.linalg.eigvalsh(hamiltonian), bands, atol=1e-12)

    @pytest.mark.parametrize("lead_spin_orbit", [True, False])
    def test_bands_of_a_lead_without_coupling_are_those_of_the_ribbon_for_each_spin(
        self, lead_spin_orbit
    ):
        system = SpinOrbitRibbon(4, 1, lead_spin_orbit=lead_spin_orbit)
        params = {"alpha": 0.0, "zeeman": 0.3, "flux": 0.07}
        bands = kwant.physics.Bands(system.build().leads[1], params=params)
        ribbon = kwant.physics.Bands(Ribbon(4, 1).build().leads[1], params={"flux": 0.07})
        for k in (-1.3, 0.4, 2.2):
            expected = np.add.outer(ribbon(k), [-0.3, 0.3]).ravel()
            np.testing.assert_allclose(bands(k), np.sort(expected), atol=1e-12)

    def test_rashba_term_turns_the_spin_perpendicular_to_the_momentum(self):
        kx, ky, alpha = 0.3, -0.7, 0.8
        rashba = bloch("rashba", kx, ky, alpha) - bloch("rashba", kx, ky, 0.0)
        expected = alpha * (np.sin(ky) * np.array(sigma_x) - np.sin(kx) * np.array(sigma_y))
        np.testing.assert_allclose(rashba, expected, atol=1e-12)

    def test_bands_of_a_one_site_wide_lead(self):
        lead = SpinOrbitRibbon(1, 1).build().leads[1]
        bands = kwant.physics.Bands(lead, params={"alpha": 0.6, "zeeman": 0.0, "flux": 0.2})
        for k in (-1.1, 0.4, 2.0):
            expected = sorted(-2 * np.cos(k) + s * 0.6 * np.sin(k) for s in (-1, 1))
            np.testing.assert_allclose(bands(k), expected, atol=1e-12)

    def test_ando_hopping_is_a_rotation_of_the_spin(self):
        theta = 0.5
        built = SpinOrbitRibbon(1, 2, "ando").build()
        params = {"theta": theta, "zeeman": 0.0, "flux": 0.1}
        hop = np.array(built.hamiltonian(1, 0, params=params))
        np.testing.assert_allclose(hop @ hop.conj().T, np.eye(2), atol=1e-14)
        about_y = -(np.cos(theta) * np.array(sigma_0) + 1j * np.sin(theta) * np.array(sigma_y))
        np.testing.assert_allclose(hop, about_y, atol=1e-14)

    def test_couplings_agree_to_first_order(self):
        small = 1e-4
        rashba, ando = bloch("rashba", 0.3, 0.8, 2 * small), bloch("ando", 0.3, 0.8, small)
        np.testing.assert_allclose(rashba, ando, atol=10 * small**2)

    @couplings
    @leads
    @pytest.mark.parametrize(("flux", "zeeman"), [(0.0, 0.0), (0.05, 0.0), (0.03, 0.3)])
    def test_time_reversal_turns_both_fields(self, coupling, lead_spin_orbit, flux, zeeman):
        kind, strength = coupling
        built = rough(SpinOrbitRibbon(3, 4, kind, lead_spin_orbit=lead_spin_orbit))
        forth = green(built, 0.4, 1, 0, flux=flux, zeeman=zeeman, **strength)
        back = green(built, 0.4, 0, 1, flux=-flux, zeeman=-zeeman, **strength)
        reversal = np.kron(np.eye(3), 1j * np.array(sigma_y))
        np.testing.assert_allclose(forth, reversal @ back.T @ reversal.T, atol=1e-8)

    @couplings
    @leads
    def test_kramers_pairs(self, coupling, lead_spin_orbit):
        kind, strength = coupling
        built = rough(SpinOrbitRibbon(4, 5, kind, lead_spin_orbit=lead_spin_orbit))

        def splitting(**fields):
            values = transmission_eigenvalues(built, 0.1, **fields, **strength)
            values = values[len(values) % 2 :]  # a field may open a single mode
            return np.abs(values[1::2] - values[::2]).max()

        assert splitting(zeeman=0.0, flux=0.0) < 1e-7
        assert splitting(zeeman=0.2, flux=0.0) > 1e-3
        assert splitting(zeeman=0.0, flux=0.02) > 1e-3

    @couplings
    def test_clean_region_transmits_every_open_mode(self, coupling):
        kind, strength = coupling
        built = SpinOrbitRibbon(4, 5, kind).build()
        smatrix = kwant.smatrix(built, -0.7, params={"zeeman": 0.2, "flux": 0.03, **strength})
        modes = smatrix.num_propagating(0)
        assert modes > 0
        assert smatrix.transmission(1, 0) == pytest.approx(modes, abs=1e-8)

    def test_leads_without_spin_orbit_resolve_the_spin(self):
        zeeman, energy, width = 0.9, -2.3, 5
        built = SpinOrbitRibbon(width, 4, lead_spin_orbit=False).build()
        smatrix = kwant.smatrix(built, energy, params={"alpha": 0, "zeeman": zeeman, "flux": 0})
        counts = [smatrix.submatrix((0, spin), (0, spin)).shape[0] for spin in (0, 1)]
        assert counts == [open_modes(energy - s * zeeman, subbands(width)) for s in (1, -1)]
        assert counts[0] < counts[1]

    @couplings
    def test_only_spin_orbit_flips_the_spin(self, coupling):
        kind, strength = coupling
        built = rough(SpinOrbitRibbon(4, 6, kind, lead_spin_orbit=False))

        def flipped(scale):
            params = {name: scale * value for name, value in strength.items()}
            smatrix = kwant.smatrix(built, 0.4, params={"zeeman": 0.2, "flux": 0.03, **params})
            return smatrix.transmission((1, 1), (0, 0))

        assert flipped(0) == pytest.approx(0, abs=1e-12)
        assert flipped(1) > 1e-2

    def test_without_spin_orbit_it_is_two_ribbons(self):
        params = {"alpha": 0.0, "zeeman": 0.0, "flux": 0.04}
        for lead_spin_orbit in (True, False):
            spinful = rough(SpinOrbitRibbon(4, 6, lead_spin_orbit=lead_spin_orbit))
            doubled = transmission_eigenvalues(spinful, 0.4, **params)
            single = transmission_eigenvalues(rough(Ribbon(4, 6)), 0.4, flux=0.04)
            np.testing.assert_allclose(np.sort(doubled), np.repeat(np.sort(single), 2), atol=1e-7)

    def test_zeeman_energy_is_half_the_splitting(self):
        built = SpinOrbitRibbon(1, 1).build()
        params = {"alpha": 0.5, "zeeman": 0.3, "flux": 0.0}
        onsite = built.hamiltonian_submatrix(params=params)
        np.testing.assert_allclose(onsite, 0.3 * np.array(sigma_z))


class TestChain:
    @few
    @given(st.floats(-10, 10), st.floats(-1.9, 1.9))
    def test_one_impurity(self, impurity, energy):
        built = Chain(3, impurities=(1,)).build()
        transmission = kwant.smatrix(built, energy, params={"impurity": impurity})
        expected = 1 / (1 + impurity**2 / (4 - energy**2))
        assert transmission.transmission(1, 0) == pytest.approx(expected, abs=1e-8)

    def test_impurities_may_sit_where_the_leads_attach(self):
        built = Chain(1, impurities=(0,)).build()
        transmission = kwant.smatrix(built, 0.0, params={"impurity": 2.0}).transmission(1, 0)
        assert transmission == pytest.approx(0.5, abs=1e-9)

    def test_vacancy_blocks_nearest_neighbour_hopping(self):
        built = Chain(5, vacancies=(2,)).build()
        assert len(built.sites) == 4
        assert kwant.smatrix(built, 0.5).transmission(1, 0) == 0

    def test_further_hopping_passes_a_vacancy(self):
        system = Chain(6, vacancies=(2,), hoppings=(1.0, 0.3))
        transmission = kwant.smatrix(system.build(), 0.5).transmission(1, 0)
        assert 1e-3 < transmission < 1

    def test_vacancy_is_an_infinitely_strong_impurity(self):
        hoppings = (1.0, 0.4, 0.2)
        vacancy = kwant.smatrix(Chain(9, vacancies=(4,), hoppings=hoppings).build(), 0.3)
        strong = Chain(9, impurities=(4,), hoppings=hoppings).build()
        impurity = kwant.smatrix(strong, 0.3, params={"impurity": 1e7})
        assert vacancy.transmission(1, 0) == pytest.approx(impurity.transmission(1, 0), rel=1e-5)

    @pytest.mark.parametrize("hoppings", [(1.0,), (1.0, 0.3), (1.0, -0.4, 0.2), (0.0, 1.0)])
    def test_bands(self, hoppings):
        reach = len(hoppings)
        bands = kwant.physics.Bands(Chain(reach, hoppings=hoppings).build().leads[0])
        for k in (0.2, 1.3, 2.9):  # the lead's cell holds `reach` sites: bands fold
            folded = (k + 2 * np.pi * np.arange(reach)) / reach
            expected = sum(-2 * t * np.cos(m * folded) for m, t in enumerate(hoppings, start=1))
            np.testing.assert_allclose(bands(k), np.sort(expected), atol=1e-12)

    @pytest.mark.parametrize("energy", [-2.5, -1.0, 1.2])
    def test_clean_chain_transmits_every_open_mode(self, energy):
        t1, t2 = hoppings = (1.0, 0.8)
        cosines = np.roots([4 * t2, 2 * t1, energy - 2 * t2])  # E = -2 t1 c - 2 t2 (2 c² - 1)
        expected = np.sum((np.abs(cosines.imag) < 1e-12) & (np.abs(cosines.real) < 1))
        smatrix = kwant.smatrix(Chain(6, hoppings=hoppings).build(), energy)
        assert smatrix.num_propagating(0) == expected
        assert smatrix.transmission(1, 0) == pytest.approx(expected, abs=1e-8)

    def test_sites_cut_off_from_the_leads_are_left_out(self):
        # Kept, the lone site 3 would make the equation singular at E = 0.
        built = Chain(7, vacancies=(2, 4)).build()
        assert [site.tag[0] for site in built.sites] == [0, 1, 5, 6]
        assert kwant.smatrix(built, 0.0).transmission(1, 0) == 0

    def test_drawn_vacancies_follow_seed_and_concentration(self):
        drawn = Chain.drawn(4000, 0.2, seed=3)
        assert drawn == Chain.drawn(4000, 0.2, seed=3)
        assert drawn != Chain.drawn(4000, 0.2, seed=4)
        assert len(drawn.vacancies) / 4000 == pytest.approx(0.2, abs=5 * (0.16 / 4000) ** 0.5)
        assert set(Chain.drawn(4000, 0.1, seed=3).vacancies) < set(drawn.vacancies)

    def test_drawing_spares_impurities_and_interfaces(self):
        chain = Chain.drawn(8, 1.0, seed=0, impurities=(3,), hoppings=(1.0, 0.5))
        assert chain.vacancies == (2, 4, 5)
        assert chain.impurities == (3,)
        assert Chain.drawn(8, 0.0, seed=0) == Chain(8)
