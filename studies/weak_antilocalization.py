"""Weak antilocalization: spin-orbit coupling turns the sign of weak localization.

A disordered ribbon of width W and length L with two spins; hopping rotates the spin by 2θ a site
(Ando's form of the Rashba coupling), κ = 2θ. T is Kwant's transmission, both spins counted,
l the mean free path of the resistance, l_tr = 2l/π that of transport, s = L/l, f the flux per
plaquette in h/e:

* A triplet of Cooperons lowers T and a singlet raises it. Without coupling T(f) - T(0) of a long
  wire rises by 2/3, with strong coupling it falls by 1/3, both times [s/(1+s)]³ (Hikami, Larkin
  and Nagaoka 1980; Mello and Stone 1991).
* In between the coupling rotates the triplet along with the path (a gauge field of spin 1). It
  decays over 1/κ, more slowly where W < 1/κ.
* Magnetic impurities J S·σ, which scatter at the rate 1/τ, end the singlet after L_s = √(Dτ/2).
* With a random flux in every bond there is no Cooperon (β = 2), and a field changes nothing.
* Without a field each transmission eigenvalue occurs twice (Kramers), and no mode is reflected
  into its time-reversed partner, in every sample with spin-orbit coupling.

Theory is the same in claims and figure, `theory.spinful_wire_magnetoconductance`: the Cooperons of
spin 0 and 1 in the rectangle with leads and walls, at any L/l, b and κl, with the spin rotated on
every way between two scatterers and flipped by magnetic ones, less the next order in L/ξ. Nothing
in it is a formula of diffusion, which would be 14 to 32 % too low without coupling.

Nothing is fitted to the corrections. N counts the open modes; l is what N/T = 1 + L/l says in the
strongest field, where the interference that is left is computed and taken off (a tenth of T; with
it l is the same at all L from 24 to 72, to 0.3 % without coupling, and to 2 % with a strong one,
whose loops that almost retrace their way are known to a fifth). This field is for l alone. Its
error, which shares samples with the rises, is part of theirs. The rate of the magnetic collisions
is that of the coherent potential, 1.4 times what the resistance says (`theory.coherent_potential`).

Regime, by rule: L <= 0.6 ξ, and no mode opens within 0.03 t of the energy, with and without
coupling, because a field moves it: at an opening, wires of 5 l had twice the fall. The table has
b = 4πf l_tr², the square of l_tr over the magnetic length, in the strongest field of a claim, and
the rate of magnetic collisions over that of the others.

Three runs with other seeds, which are not kept, decided the theory: that the next order is the
square of the whole correction, where it lies in wide wires (`theory.cooperon_square`), and that
the rate of the impurities is not in the resistance. The two kept runs have new seeds.

What limits the agreement: the next order in wide wires, whose bound is 6 to 10 % of the rise where
triplets are left, and 2 % of the fall; and loops of two scatterings, which depend on the wave
length, and move l by 1 %, or 2.5 % with strong coupling.

After the kept runs, the triplet that retraces its way was found to be left out of the interference
in the strongest field. With it the l of strong coupling is 7 % larger, and "+1/3" was 0.345(13)
and 0.350(18) without. In the next order it is still left out (`theory.cooperon_square`).
"""

from dataclasses import replace
from functools import cached_property

import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import DiffusiveWire, concatenated, curve_claim, open_lead_modes
from mesokwant.statistics import Estimate, bootstrap, curve, paired_difference, stack
from systems import SpinOrbitRibbon

IMPURITIES = "magnetic_impurities.strength"
OPENING = 0.03
"""Distance in t that the energy keeps from the opening of a mode."""


class SpinWire:
    """The wire at one strength of the coupling and of the impurities: data and lengths.

    Parameters
    ----------
    data
        Results at one coupling, in several fields of which the last one is for l.
    """

    def __init__(self, data):
        self.g = data.g.transpose("flux", "sample").values
        self.length, self.width = int(data.length), int(data.width)
        self.rotation = 2 * float(data.theta)
        self.exchange = float(data.get(IMPURITIES, 0.0))
        self.energy, self.theta = float(data.energy), float(data.theta)
        self.potential = float(data.strength)
        self.medium = self.medium_of(self.exchange)
        lead = SpinOrbitRibbon(self.width, length=1, coupling=str(data.coupling.values))
        at_energy = {"theta": self.theta, "zeeman": 0.0, "flux": 0.0}
        below, self.channels, above = (
            open_lead_modes(lead, self.energy + shift, **at_energy)
            for shift in (-OPENING, 0.0, OPENING)
        )
        self.modes_stay = below == self.channels == above
        self.every_flux = data.flux.values
        self.interference = theory.spinful_wire_mean_free_path(
            self.g[-1].mean(), self.every_flux[-1], **self.sizes, **self.spins
        )
        path = bootstrap(lambda g: self.path_of(g.mean(axis=-1)), self.g[-1:])
        self.wire = DiffusiveWire(self.width, self.channels, path, self.energy, spins=2)

    def medium_of(self, exchange):
        """Self-energy and rate of magnetic collisions, with impurities of this strength."""
        return theory.coherent_potential(
            self.energy, self.potential, exchange=float(exchange), theta=self.theta
        )

    @property
    def sizes(self):
        """What theory has to know of every wire, besides l."""
        return {"length": self.length, "width": self.width, "channels": self.channels}

    @property
    def spins(self):
        """What rotates a spin, and what flips it."""
        return {"rotation": self.rotation, "magnetic_rate": self.medium.magnetic_rate}

    def path_of(self, averages):
        """l of <T> in the strongest field, less the interference that is left there."""
        central = self.channels / (1 + self.length / self.interference.value)
        classical = central + averages[-1] - self.g[-1].mean()
        return self.length / (self.channels / classical - 1)

    @property
    def transport_path(self):
        """l_tr."""
        return self.wire.mean_free_path / theory.mean_free_path_factor(2)

    @property
    def fluxes(self):
        """The fields between zero and the one for l."""
        return self.every_flux[1:-1]

    @property
    def b(self):
        """Strength of these fields."""
        return theory.field_per_path(self.fluxes, self.transport_path)

    @property
    def beta(self):
        """1 while triplets are there, 4 where the coupling ends them within l_tr."""
        return 1 if self.rotation * self.transport_path < 1 else 4

    @property
    def inside(self):
        """The rule of the wires."""
        metal = self.length <= 0.6 * self.wire.localization_length(self.beta)
        return bool(metal and self.modes_stay)

    def rise(self, flux):
        """Measured <T(flux) - T(0)>, the same samples in both."""
        places = np.searchsorted(self.every_flux, flux)
        return paired_difference(self.g[places], self.g[0])

    def expected(self, flux, **options):
        """What theory expects of this wire, or of one with another l, coupling or impurities."""
        path = {"mean_free_path": self.wire.mean_free_path}
        return theory.spinful_wire_magnetoconductance(
            flux, **(self.sizes | path | self.spins | options)
        )

    @cached_property
    def prediction(self):
        """What theory expects at the fields, with what the interference leaves unknown of l."""
        expected = self.expected(self.fluxes)
        moved = abs(self.per_path) * self.interference.bound
        because = f"{expected.because}; l, from {self.interference.because}"
        return replace(expected, bound=expected.bound + moved, because=because)

    @cached_property
    def per_path(self):
        """How the expected rises change with l, at the fields."""
        path, step = self.wire.mean_free_path, 0.02
        farther = self.expected(self.fluxes, mean_free_path=path * (1 + step)).value
        return (farther - self.expected(self.fluxes).value) / (step * path)

    def rises(self, g):
        """Rises in the fields, less what the error of l changes in what theory expects."""
        averages = g.mean(axis=-1)
        moved = self.path_of(averages) - self.wire.mean_free_path
        return averages[1:-1] - averages[0] - self.per_path * moved


class SpinWires:
    """What claims and panels share: a wire for every strength of coupling and of impurities."""

    def __init__(self, data):
        self.free = SpinWire(data["free"].to_dataset())
        coupled = data["coupled"].to_dataset()
        self.turned = [SpinWire(coupled.sel(theta=theta)) for theta in coupled.theta.values]
        self.coupled = [self.free, *self.turned]
        magnetic = data["magnetic"].to_dataset()
        self.magnetic = [
            SpinWire(magnetic.sel({IMPURITIES: strength}))
            for strength in magnetic[IMPURITIES].values
        ]
        self.clean, *self.impure = self.magnetic
        flux = data["random_flux"].to_dataset().transpose("theta", "flux", "sample")
        self.random = paired_difference(flux.g[:, 1], flux.g[:, 0]).numpy()
        self.random_wires = [self.free, self.turned[-1]]
        self.pairs = data["pairs"].to_dataset().t.transpose("flux", "sample", "channel")
        self.reversed = data["reversed"].to_dataset().r.values

    def with_impurities(self, exchange, flux):
        """What theory expects in a field, of impurities of this strength in the wire without."""
        clean, medium = self.clean.medium, self.clean.medium_of(exchange)
        path = self.clean.wire.mean_free_path * clean.self_energy.imag / medium.self_energy.imag
        options = {"mean_free_path": path, "magnetic_rate": medium.magnetic_rate}
        return self.clean.expected(flux, **options)


def joined(predictions):
    """Several predictions as one of their numbers in a row."""
    found = list(predictions)
    value, bound = (
        np.concatenate([np.ravel(getattr(one, name)) for one in found])
        for name in ("value", "bound")
    )
    return theory.Prediction(value, bound, found[0].because, found[0].source)


def regime(wires):
    """Where each strength of coupling and impurities lies, with b of the strongest field."""
    tables = []
    for one in (*wires.coupled, *wires.magnetic):
        first = {
            "κ": one.rotation,
            "J (t)": one.exchange,
            "κ l_tr": one.rotation * one.transport_path,
            "magnetic": one.medium.magnetic_rate,
            "b": float(one.b.max()),
        }
        tables.append(one.wire.regime(one.length, one.inside, beta=one.beta, **first))
    return concatenated(tables)


# -- claims ---------------------------------------------------------------------------------

HLN = "Hikami, Larkin & Nagaoka, Prog. Theor. Phys. 63, 707 (1980)"
KRAMERS = "Kramers; Bardarson, J. Phys. A 41, 405203 (2008)"


def claims(wires):
    """Size and shape without and with coupling, the crossover, both ends of it, Kramers pairs."""
    for wire, correction in ((wires.free, -2 / 3), (wires.clean, 1 / 3)):
        if wire.inside:
            yield correction_claim(wire, correction)
            yield shape_claim(wire)
    for wire in wires.turned:
        if wire.inside and wire.beta == 1:
            yield crossover_claim(wire)
    if all(wire.inside for wire in wires.magnetic):
        yield impurity_claim(wires)
    yield from random_flux_claims(wires)
    yield from kramers_claims(wires)


def correction_claim(wire, correction):
    """The rise in the strongest field, over what is expected of it, times the limit."""
    expected = wire.prediction[-1]
    scale = correction / expected.value
    measured = bootstrap(lambda g: wire.rises(g)[-1] * scale, wire.g)
    source = "-2/3 and +1/3, both spins; Mello & Stone, PRB 44, 3559 (1991)"
    name = f"κ = {wire.rotation:g}: correction to T of a long wire"
    expected = replace(expected.normalized() * correction, source=source)
    return mk.Claim(name, measured, expected, effect=abs(correction))


def shape_claim(wire):
    """The rises in weaker fields, over that in the strongest."""
    expected = wire.prediction
    # The bounds of both are of one sign: what is left of them is the change of their share.
    shares = expected.bound / abs(expected.value)
    ratio = expected.value[:-1] / expected.value[-1]
    bound = abs(ratio) * abs(shares[:-1] - shares[-1])
    prediction = theory.Prediction(ratio, bound, expected.because, expected.source)
    measured = curve(lambda g: wire.rises(g)[:-1] / wire.rises(g)[-1], wire.g)
    name = f"κ = {wire.rotation:g}: shape, T(f) - T(0) over that in the strongest field"
    return curve_claim(name, measured, prediction, against=np.ones(len(ratio)))


def crossover_claim(wire):
    """The rise in all fields at a coupling between the two ends."""
    measured = curve(wire.rises, wire.g)
    name = f"κ = {wire.rotation:g}: T(f) - T(0) in all fields"
    without = wire.expected(wire.fluxes, rotation=0.0).value
    return curve_claim(name, measured, wire.prediction, against=without)


def impurity_claim(wires):
    """What the impurities leave of the fall, at all strengths and in all fields."""
    impure = wires.impure
    measured = curve(
        lambda *arrays: np.concatenate([w.rises(g) for w, g in zip(impure, arrays, strict=True)]),
        *(wire.g for wire in impure),
    )
    without = np.tile(wires.clean.expected(wires.clean.fluxes).value, len(impure))
    strengths = ", ".join(f"{wire.exchange:g}" for wire in impure)
    name = f"κ = {wires.clean.rotation:g}, impurities J = {strengths}: T(f) - T(0)"
    expected = joined(wire.prediction for wire in impure)
    return curve_claim(name, measured, expected, against=without)


def random_flux_claims(wires):
    """A random flux leaves nothing for a field to remove."""
    for wire, rise in zip(wires.random_wires, wires.random, strict=True):
        name = f"κ = {wire.rotation:g}, random flux: T(f) - T(0)"
        expected = theory.Prediction(0.0, source="no Cooperon at β = 2; " + HLN)
        effect = abs(float(wire.expected(wire.fluxes[-1:]).value[0]))
        yield mk.Claim(name, rise, expected, effect=effect)


def kramers_claims(wires):
    """Transmission eigenvalues in pairs, and no reflection into the time-reversed mode."""
    values = wires.pairs.sel(flux=0.0).values
    values = values[:, np.isfinite(values).all(axis=0)]  # A field may open or close a mode.
    within = abs(values[:, 0::2] - values[:, 1::2]).max()
    between = float(abs(values[:, 1:-1:2] - values[:, 2::2]).mean())
    expected = theory.Prediction(0.0, 1e-9, "rounding", KRAMERS)
    name = "strong coupling: largest distance within a pair of transmission eigenvalues"
    yield mk.Claim(name, Estimate(within, 0.0, len(values)), expected, effect=between)
    amplitudes = abs(wires.reversed)
    name = "strong coupling: largest amplitude of reflection into the time-reversed mode"
    largest = Estimate(amplitudes.max(), 0.0, len(amplitudes))
    yield mk.Claim(name, largest, expected, effect=amplitudes.shape[-1] ** -0.5)


# -- figure ---------------------------------------------------------------------------------

LEFTMOST = 0.01
"""Where κ = 0 is drawn on a logarithmic axis."""

COMPUTED = 14
"""Points of a curve that are computed, since the Cooperon of spin 1 takes its time."""

FLUX = r"flux per plaquette $f$ ($10^{-4}\,h/e$)"
RISE = r"$\langle T(f)-T(0)\rangle$ ($e^2/h$)"


def magnetoconductance(ax, wires):
    """The rise against field, for every strength of the coupling."""
    shown = [*wires.coupled, wires.clean]
    for wire, style in figures.each(shown):
        label = f"κ = {wire.rotation:g}, L = {wire.length}"
        style |= {"inside": wire.inside, "label": label}
        figures.points(ax, 1e4 * wire.fluxes, wire.rise(wire.fluxes), **style)
        figures.theory_curve(
            ax,
            lambda f, wire=wire: wire.expected(1e-4 * f),
            0.7e4 * wire.fluxes[0],
            1e4 * wire.fluxes[-1],
            spacing="log",
            evaluations=COMPUTED,
            color=style["color"],
        )
        style.pop("label")
        expected = wire.expected(wire.fluxes)
        figures.residuals(
            ax, 1e4 * wire.fluxes, wire.rise(wire.fluxes), expected, relative=False, **style
        )
    figures.level(ax, 0)
    ax.set(xscale="log", xlabel=FLUX, ylabel=RISE, title="the coupling turns the sign")


def crossover(ax, wires):
    """The rise in the strongest field against the strength of the coupling."""
    flux = wires.free.fluxes[-1]
    path = float(np.mean([wire.wire.mean_free_path for wire in wires.coupled]))
    for wire, style in figures.each(wires.coupled):
        style |= {"inside": wire.inside, "label": ""}
        place = max(wire.rotation, LEFTMOST) * wire.length
        figures.points(ax, place, wire.rise(flux), **style)
        style.pop("label")
        expected = wire.expected(np.array([flux]))
        figures.residuals(ax, place, wire.rise(flux), expected, relative=False, **style)

    def line(places):
        length = wires.free.length
        return joined(
            wires.free.expected(flux, mean_free_path=path, rotation=x / length) for x in places
        )

    last = wires.turned[-1].rotation * wires.free.length
    style = {"spacing": "log", "evaluations": COMPUTED, "label": "Cooperons of the rectangle"}
    first = LEFTMOST * wires.free.length
    figures.theory_curve(ax, line, first, last, bound="bound", **style)
    figures.level(ax, 0)
    ax.set(xscale="log", xlabel=r"$\kappa L$ (leftmost: 0)", ylabel=RISE)
    ax.set(title=f"from triplet to singlet, L = {wires.free.length}")


def end_by_impurities(ax, wires):
    """The fall in all fields against the strength of the impurities."""
    exchanges = np.array([wire.exchange for wire in wires.magnetic])
    for flux, style in figures.each(wires.clean.fluxes):
        rise = stack(wire.rise(flux) for wire in wires.magnetic)
        style |= {"inside": wires.clean.inside, "label": f"f = {1e4 * flux:g}" + r"$\cdot10^{-4}$"}
        figures.points(ax, exchanges, rise, **style)
        style.pop("label")

        def line(strengths, flux=flux):
            return joined(wires.with_impurities(x, flux) for x in strengths)

        options = {"evaluations": COMPUTED, "color": style["color"]}
        figures.theory_curve(ax, line, 0.0, exchanges[-1], **options)
        figures.residuals(ax, exchanges, rise, line(exchanges), relative=False, **style)
    figures.level(ax, 0)
    ax.set(xlabel=r"exchange energy $J$ ($t$)", ylabel=RISE)
    ax.set(title="impurities end the singlet")


def no_cooperon(ax, wires):
    """The rise in the strongest field without and with a random flux."""
    flux = wires.free.fluxes[-1]
    for place, (wire, style) in enumerate(figures.each(wires.random_wires)):
        style["label"] = f"κ = {wire.rotation:g}"
        figures.points(ax, place, wire.rise(flux), **style)
        style["label"] = ""
        figures.points(ax, place + 2, wires.random[place], **style)
        ax.plot([place - 0.3, place + 0.3], 2 * [wire.expected(flux).value], "k--", linewidth=1)
    figures.level(ax, 0)
    ax.set_xticks([0.5, 2.5], ["potential alone", "random flux beside"])
    ax.set(xlim=(-0.6, 3.6), ylabel=RISE, title="β = 2: a field changes nothing")


def kramers_pairs(ax, wires):
    """Transmission eigenvalues of one sample against field: pairs that split."""
    values = wires.pairs.isel(sample=0)
    for channel in range(min(12, values.sizes["channel"])):
        color = figures.COLORS[channel // 2 % len(figures.COLORS)]
        figures.theory_line(
            ax, 1e4 * values.flux, values.isel(channel=channel).values, color=color, line="-"
        )
    ax.set(xlabel=FLUX, ylabel="transmission eigenvalue", ylim=(0, 1))
    ax.set(title="pairs of Kramers split in a field")


RIBBON = SpinOrbitRibbon(width=30, length=60, coupling="ando")
STRONG = 0.6
"""θ that turns the spin by 1.2 a site."""

ENERGY = -1.05
"""Far from the openings of modes, with and without coupling, at widths of 30 and 38."""

COMMON = {"system": RIBBON, "energy": ENERGY}
FLUXES = (0.0, 2.5e-4, 5e-4, 1e-3, 2e-3, 4e-3)
"""No field, the fields of the claims, and the one for l."""

POTENTIAL = mk.Anderson(strength=2.5)

study = mk.Study(
    name="weak_antilocalization",
    question="Does spin-orbit coupling turn the sign of weak localization?",
    sweeps={
        "free": mk.Sweep(
            params={"zeeman": 0.0, "theta": 0.0},
            disorder=POTENTIAL,
            axes={"flux": FLUXES},
            samples=1500,
            **COMMON,
        ),
        "coupled": mk.Sweep(
            params={"zeeman": 0.0},
            disorder=POTENTIAL,
            axes={"theta": (0.025, 0.05, STRONG), "flux": FLUXES},
            samples=300,
            **COMMON,
        ),
        "magnetic": mk.Sweep(
            system=replace(RIBBON, length=80),
            energy=ENERGY,
            params={"zeeman": 0.0, "theta": STRONG},
            disorder=POTENTIAL + mk.MagneticImpurities(strength=0.0),
            axes={IMPURITIES: (0.0, 0.05, 0.1, 0.4), "flux": FLUXES},
            samples=300,
        ),
        "random_flux": mk.Sweep(
            params={"zeeman": 0.0},
            disorder=POTENTIAL + mk.RandomFlux(strength=0.15),
            axes={"theta": (0.0, STRONG), "flux": (0.0, FLUXES[-2])},
            samples=800,
            **COMMON,
        ),
        "pairs": mk.Sweep(
            params={"zeeman": 0.0, "theta": STRONG},
            disorder=POTENTIAL,
            axes={"flux": tuple(float(f) for f in np.linspace(0, FLUXES[-2], 17))},
            observables={"t": mk.TransmissionEigenvalues()},
            samples=20,
            **COMMON,
        ),
        "reversed": mk.Sweep(
            params={"zeeman": 0.0, "theta": STRONG, "flux": 0.0},
            disorder=POTENTIAL,
            observables={"r": mk.ReturnAmplitudes(spin=True)},
            samples=50,
            **COMMON,
        ),
    },
    presets={
        "full": {
            "seed": 1647,
            "width": 38,
            "length": 76,
            "magnetic.length": 100,
            "free.samples": 7000,
            "coupled.theta": (0.025, 0.05, 0.075, STRONG),
            "coupled.samples": 3000,
            "magnetic.samples": 2500,
            "random_flux.samples": 3000,
        },
        "repeat": {
            "like": "full",
            "seed": 1648,
            "free.samples": 3500,
            "coupled.samples": 1500,
            "magnetic.samples": 1200,
            "random_flux.samples": 1500,
        },
        "toy": {
            "width": 9,
            "length": 9,
            "anderson.strength": 4.0,
            "coupled.theta": (0.05, STRONG),
            "free.flux": (0.0, 0.004, 0.01, 0.03),
            "coupled.flux": (0.0, 0.004, 0.01, 0.03),
            "magnetic.flux": (0.0, 0.004, 0.01, 0.03),
            "random_flux.flux": (0.0, 0.01),
            "pairs.flux": (0.0, 0.004, 0.01),
            IMPURITIES: (0.0, 0.1),
            "samples": 12,
        },
    },
    reading=SpinWires,
    regime=regime,
    claims=claims,
    panels=(magnetoconductance, crossover, end_by_impurities, no_cooperon, kramers_pairs),
    seed=4,
)

mk.main(study, __name__)
