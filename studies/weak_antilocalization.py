"""Weak antilocalization: spin-orbit coupling turns the sign of weak localization.

A disordered ribbon of width W and length L with two spins; hopping turns the spin by 2θ a site
(Ando's form of the Rashba coupling), κ = 2θ. T is Kwant's transmission, both spins counted,
l the mean free path, s = L/l, f the flux per plaquette in h/e:

* A triplet of Cooperons lowers T and a singlet raises it, by F(a) = (a coth a - 1)/a² each,
  a = L/L_B. Without coupling T(f) - T(0) rises by 2/3, with strong coupling it falls by 1/3, both
  times [s/(1+s)]³ (Hikami, Larkin and Nagaoka 1980; Mello and Stone 1991).
* In between the triplet feels the coupling as a gauge field of spin 1: it decays over 1/κ
  (L_so = 1/κ in the convention of HLN), and more slowly where W < 1/κ. The theory of the
  rectangle (`theory.rectangle_spin_magnetoconductance`) has the whole crossover; the curve for
  isotropic spin relaxation (`theory.spinful_wire_line_shape`, dotted) only its ends.
* Magnetic impurities J S·σ, which scatter at the rate 1/τ, end the singlet after L_s = √(Dτ/2):
  with them the correction goes, by the Cooperon of the rectangle that decays over L_s.

Nothing is fitted to the corrections. N counts the open modes; l is what N/T = 1 + L/l says at
every θ and J in the strongest field. The rate of the impurities is in the resistance as well:
1/l = (1 + cJ²)/l_0, and with l = (π/2) v τ_tot, D = v²τ_tot/2 it follows that
L_s = (l/π) [1 + 1/(cJ²)]^½. (Born's rate, 2πνJ², is a fifth lower here: its orders beyond J² and
those of the disorder are not small.)

Regime, by rule: filled points have κl <= 1 (the triplet diffuses while it turns; ξ = (N/2 + 1) l)
or κl >= 6 (it is gone within l; ξ = (2N - 2) l), and L <= 0.6 ξ. The cyclotron radius is several
W, N the same in all fields. What limits the agreement:

* Finite width: near the leads the field acts less in the rectangle, for l << W; where l is of
  the order of W/2 the data may lie anywhere between the rectangle and the wire with L >> W.
  Expected is the middle of the two, the bound half their distance.
* Weak fields: flux cancels along paths between walls when l is not short; a share l/(2W) is the
  bound where L_B > L/3.
* Finite number of channels: the next order, (1/45) L/ξ per Kramers pair or spin at f = 0 and
  -(2/45) L/ξ in the field (DMPK), is part of what is expected; half of it is the bound.
* At κl <= 1 the twist is weaker by a share of order (κl)².
* With impurities the Cooperon diffuses over L_s only, and has no paths shorter than l (Beenakker
  and van Houten, Phys. Rev. B 38, 3232 (1988)): l/(2 L_s) of the effect is the bound.
"""

import copy
import dataclasses
import functools

import numpy as np
from matplotlib.figure import Figure

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import DiffusiveWire, mean_free_path, stacked
from mesokwant.statistics import Estimate, paired_difference
from systems import SpinOrbitRibbon


class SpinWire:
    """The wire at one strength of the coupling and of the impurities: data, lengths and theory."""

    decay_length = np.inf
    """L_s, over which magnetic impurities end the singlet."""

    def __init__(self, g, data, theta, exchange=0.0):
        self.g, self.rotation, self.exchange = g, 2 * theta, exchange
        self.length, self.energy = data.attrs["system.length"], data.attrs["energy"]
        self.fluxes = data.flux.values[data.flux.values > 0]
        width = data.attrs["system.width"]
        channels = _modes(width, data.attrs["system.coupling"], self.energy, theta)
        path = mean_free_path([self.length], g.isel(flux=[-1]), channels)
        self.wire = DiffusiveWire(width, channels, path, spins=2)
        self.s = float(self.wire.s(self.length))
        self.turn = self.rotation * float(path.value)

    def with_impurities(self, exchange, rate):
        """The wire with impurities that add ``rate * exchange**2`` of its own to 1/l."""
        other, share = copy.copy(self), rate * exchange**2
        path = self.wire.path.value / (1 + share)
        other.exchange = exchange
        other.wire = dataclasses.replace(self.wire, path=Estimate(path, np.nan, 0))
        other.s = float(other.wire.s(self.length))
        other.decay_length = path / np.pi * np.sqrt(1 + 1 / share) if share else np.inf
        return other

    @property
    def beta(self):
        """1 while the triplets diffuse as without coupling, 4 where they are gone."""
        return 1 if self.turn <= 1 else 4

    @property
    def inside(self):
        """The rule of the regime."""
        metal = self.length <= 0.6 * self.wire.localization_length(self.beta)
        return (self.turn <= 1 or self.turn >= 6) and metal

    def rises(self):
        """Measured <T(f) - T(0)> in all fields, the same samples in both."""
        found = paired_difference(self.g.sel(flux=self.fluxes), self.g.sel(flux=0.0))
        return Estimate(found.value.values, found.error.values, found.n.values)

    def rectangle(self, flux):
        """The Cooperons of the rectangle."""
        if self.exchange:
            return -self._box(flux)
        return theory.rectangle_spin_magnetoconductance(
            flux, self.length, self.wire.width, rotation=self.rotation, s=self.s
        )

    def expected(self, flux):
        """Middle of rectangle and long wire, and the next order in the number of channels."""
        return self.rectangle(flux) + self._wire_less_box(flux) / 2 + self._next_order(flux)

    def _box(self, flux):
        """One Cooperon of the rectangle, without a twist."""
        return theory.rectangle_magnetoconductance(
            flux, self.length, self.wire.width, dephasing_length=self.decay_length, s=self.s
        )

    def _wire_less_box(self, flux):
        """Long wire less rectangle, for the Cooperons that are left (the triplet counts +3)."""
        shape = functools.partial(
            theory.wire_line_shape, self.length, dephasing_length=self.decay_length, s=self.s
        )
        wire = shape(magnetic_length=theory.magnetic_length(flux, self.wire.width)) - shape()
        return (2 if self.beta == 1 else -1) * (wire - self._box(flux))

    def _next_order(self, flux):
        """What localization adds, in the share of the effect that the field has removed."""
        channels = self.wire.channels
        if self.beta == 1:
            full = 2 / 45 * (1 / (channels / 2 + 1) + 2 / channels)
        else:
            full = 2 / 45 * (1 / (2 * channels - 2) + 1 / (2 * channels))
        share = 3 * self._box(flux) * (1 + 1 / self.s) ** 3
        return -full * self.s * share

    def isotropic(self, flux, rotation):
        """The long wire with isotropic relaxation over L_so = 1/κ."""
        with np.errstate(divide="ignore"):
            relaxation = 1 / np.float64(rotation)
        reach = theory.magnetic_length(flux, self.wire.width)
        shape = functools.partial(
            theory.spinful_wire_line_shape, self.length, spin_orbit_length=relaxation, s=self.s
        )
        return shape(magnetic_length=reach) - shape()

    def bound(self, flux):
        """Systematic bound, as argued above."""
        bound = abs(self._wire_less_box(flux)) / 2 + abs(self._next_order(flux)) / 2
        if theory.magnetic_length(flux, self.wire.width) > self.length / 3:
            bound += self.wire.blur / 2 * abs(self.expected(flux))
        if self.turn <= 1:
            spinless = theory.rectangle_magnetoconductance(
                flux, self.length, self.wire.width, s=self.s
            )
            bound += self.turn**2 * abs(self.rectangle(flux) - 2 * spinless)
        path = float(self.wire.path.value)
        bound += path / self.decay_length / 2 * abs(self.rectangle(flux))
        return float(bound)


@functools.lru_cache(maxsize=64)
def _modes(width, coupling, energy, theta):
    """Open modes of the leads, both spins."""
    lead = SpinOrbitRibbon(width, 1, coupling=coupling).build().leads[0]
    modes = lead.modes(energy, params={"theta": theta, "zeeman": 0.0, "flux": 0.0})[0]
    return int(np.sum(modes.velocities > 0))


def _last(estimate):
    """The last of several values."""
    return _plain(estimate[-1])


def _plain(estimate):
    """One value as plain numbers."""
    return Estimate(float(estimate.value), float(estimate.error), int(estimate.n))


def _wires(data):
    """A wire for every strength of the coupling."""
    field = data["field"].to_dataset()
    return [SpinWire(field.g.sel(theta=t), field, float(t)) for t in field.theta.values]


def _magnetic(data):
    """A wire for every strength of the impurities, and what J² adds to 1/l, in units of 1/l_0."""
    dataset = data["magnetic"].to_dataset()
    theta = dataset.attrs["params.theta"]
    wires = [
        SpinWire(dataset.g.sel(strength=j), dataset, theta, float(j))
        for j in dataset["strength"].values
    ]
    squares = np.array([wire.exchange**2 for wire in wires])
    paths = np.array([wire.wire.path.value for wire in wires])
    rate = float(squares @ (paths[0] / paths - 1) / (squares @ squares))
    for wire in wires[1:]:
        wire.decay_length = wires[0].with_impurities(wire.exchange, rate).decay_length
    return wires, rate


def regime(data):
    """Where each strength of coupling and impurities lies."""
    tables = []
    for found in (*_wires(data), *_magnetic(data)[0]):
        dos = theory.square_lattice_dos(found.energy)
        first = {"κ": found.rotation, "J (t)": found.exchange, "κl": found.turn}
        tables.append(
            found.wire.regime(found.length, found.inside, beta=found.beta, dos=dos, **first)
        )
    return stacked(tables)


def claims(data):
    """Sign, size and shape without and with coupling, the crossover, and its end by impurities."""
    wires = _wires(data)
    for wire, relation in ((wires[0], ">"), (wires[-1], "<")):
        yield mk.Claim(
            f"κ = {wire.rotation:g}: T {'rises' if relation == '>' else 'falls'} with the field",
            _last(wire.rises()),
            0.0,
            "Hikami, Larkin & Nagaoka, Prog. Theor. Phys. 63, 707 (1980)",
            sigmas=5,
            relation=relation,
        )
    for wire, full in ((wires[0], -2 / 3), (wires[-1], 1 / 3)):
        yield _correction(wire, full)
    for wire in wires:
        if wire.inside:
            yield from _shape(wire)
    yield from _impurities(data)


def _correction(wire, full):
    """The fall, over what theory expects of it in this field and length, times its limit."""
    rise, flux = _last(wire.rises()), wire.fluxes[-1]
    scale = full / float(wire.expected(flux))
    return mk.Claim(
        f"κ = {wire.rotation:g}: correction to T of a long wire",
        Estimate(rise.value * scale, rise.error * abs(scale), rise.n),
        full,
        "-2/3 and +1/3, both spins; Mello & Stone, PRB 44, 3559 (1991)",
        systematic=float(wire.bound(flux) * abs(scale)),
        because="rectangle or wire, next order in L/ξ",
    )


def _shape(wire):
    rises = wire.rises()
    for i, flux in enumerate(wire.fluxes):
        yield mk.Claim(
            f"κ = {wire.rotation:g}, f = {1e4 * flux:g}·10⁻⁴: T(f) - T(0)",
            rises[i],
            float(wire.expected(flux)),
            "Cooperon of spin 0 and 1; Iordanskii, Lyanda-Geller & Pikus 1994",
            systematic=wire.bound(flux),
            because="rectangle or wire, flux cancellation, (κl)², next order in L/ξ",
        )


def _impurities(data):
    (clean, *dirty), _ = _magnetic(data)
    flux = clean.fluxes[-1]
    for wire in dirty:
        yield mk.Claim(
            f"κ = {wire.rotation:g}, impurities J = {wire.exchange:g}: T(f) - T(0)",
            _last(wire.rises()),
            float(wire.expected(flux)),
            "singlet decays at 2/τ; Hikami, Larkin & Nagaoka 1980",
            systematic=wire.bound(flux),
            because="rectangle or wire, next order in L/ξ, l over the decay length",
        )
    wire = dirty[-1]
    falls = [one.g.sel(flux=0.0) - one.g.sel(flux=flux) for one in (wire, clean)]
    yield mk.Claim(
        f"J = {wire.exchange:g} removes antilocalization: change of T(0) - T(f)",
        _plain(paired_difference(*falls)),
        0.0,
        "Hikami, Larkin & Nagaoka 1980",
        relation="<",
    )


def figure(data) -> Figure:
    """Magnetoconductance, crossover, the shape of the singlet alone, and its end."""
    wires = _wires(data)
    drawing, axes = figures.panels(2, 2, size=(3.5, 2.7))
    (field, cross), (shape, magnetic) = axes
    for wire, color in figures.colored(wires):
        dense = np.geomspace(wire.fluxes[0] / 2, wire.fluxes[-1], 9)
        label = rf"$\kappa$ = {wire.rotation:g}"
        rises = wire.rises()
        figures.points(
            field, 1e4 * wire.fluxes, rises, color=color, label=label, inside=wire.inside
        )
        figures.theory_line(field, 1e4 * dense, wire.expected(dense), color=color)
        full = Estimate(rises.value[-1:], rises.error[-1:], rises.n[-1:])
        place = [max(wire.rotation, 0.01) * wire.length]
        figures.points(cross, place, full, color=color, inside=wire.inside)
    field.axhline(0, color="0.8", linewidth=0.8)
    # Room for the legend above the curves.
    field.margins(y=0.3)
    field.set(xscale="log", xlabel=r"flux per plaquette $f$ ($10^{-4}\,h/e$)")
    field.set(ylabel=r"$\langle T(f)-T(0)\rangle$ ($e^2/h$)")
    _draw_crossover(cross, wires)
    _draw_singlet(shape, wires[-1])
    _draw_impurities(magnetic, *_magnetic(data))
    for ax, letter in zip(axes.flat, "abcd", strict=True):
        ax.set_title(f"({letter})")
        ax.legend(ncols=2 if ax is field else 1)
    return drawing


def _draw_crossover(ax, wires):
    first, last = wires[0], wires[-1]
    flux = first.fluxes[-1]
    rotations = np.geomspace(0.01, last.rotation, 15)
    line = [
        theory.rectangle_spin_magnetoconductance(
            flux, first.length, first.wire.width, rotation=rotation, s=first.s
        )
        for rotation in rotations
    ]
    figures.theory_line(ax, rotations * first.length, line, label="rectangle, Rashba")
    dense = np.geomspace(0.01, last.rotation, 100)
    isotropic = first.isotropic(flux, dense)
    ax.plot(dense * first.length, isotropic, ":", color="0.4", label="long wire, isotropic")
    ax.axhline(0, color="0.8", linewidth=0.8)
    ax.set(xscale="log", xlabel=r"$\kappa L = L/L_\mathrm{so}$ (leftmost: 0)")
    ax.set(ylabel=r"$\langle T(f)-T(0)\rangle$, strongest field ($e^2/h$)")


def _draw_singlet(ax, wire):
    factor = (wire.s / (1 + wire.s)) ** 3
    rises = wire.rises()
    a = wire.length / theory.magnetic_length(wire.fluxes, wire.wire.width)
    scaled = Estimate(rises.value / factor, rises.error / factor, rises.n)
    label = rf"$\kappa$ = {wire.rotation:g}"
    figures.points(ax, a, scaled, color=figures.COLORS[0], label=label, inside=wire.inside)
    dense = np.geomspace(a[0] / 2, a[-1], 9)
    fluxes = dense / a[0] * wire.fluxes[0]
    figures.theory_line(ax, dense, wire.rectangle(fluxes) / factor, label="rectangle")
    line = -1 / 3 - theory.wire_line_shape(dense, magnetic_length=1.0)
    ax.plot(dense, line, ":", color="0.4", label=r"long wire: $(a\,\coth a-1)/a^2-1/3$")
    ax.set(xscale="log", xlabel=r"$a=L/L_B$", ylabel=r"$[T(f)-T(0)]/[s/(1+s)]^3$ ($e^2/h$)")


def _draw_impurities(ax, wires, rate):
    flux = wires[0].fluxes[-1]
    strengths = [wire.exchange for wire in wires]
    rises = [_last(wire.rises()) for wire in wires]
    falls = Estimate(*np.array([(-rise.value, rise.error, rise.n) for rise in rises]).T)
    label = rf"$\kappa$ = {wires[0].rotation:g}"
    figures.points(ax, strengths, falls, color=figures.COLORS[1], label=label)
    dense = np.linspace(0, strengths[-1], 13)
    between = [wires[0].with_impurities(j, rate) for j in dense]
    line = np.array([-float(wire.expected(flux)) for wire in between])
    bound = np.array([wire.bound(flux) for wire in between])
    figures.theory_line(ax, dense, line, label=r"singlet that decays over $\sqrt{D\tau/2}$")
    ax.fill_between(
        dense, line - bound, line + bound, color="0.88", linewidth=0, label="systematic bound"
    )
    ax.axhline(0, color="0.8", linewidth=0.8)
    ax.set(xlabel=r"exchange energy $J$ ($t$)", ylabel=r"$\langle T(0)-T(f)\rangle$ ($e^2/h$)")


RIBBON = SpinOrbitRibbon(width=24, length=120, coupling="ando")
COMMON = {"energy": -1.0, "observables": {"g": mk.Conductance()}}

study = mk.Study(
    name="weak_antilocalization",
    description="Does spin-orbit coupling turn the sign of weak localization?",
    sweeps={
        "field": mk.Sweep(
            system=RIBBON,
            params={"zeeman": 0.0},
            disorder=mk.Anderson(strength=1.8),
            axes={
                "theta": (0.0, 0.02, 0.05, 0.12, 0.6),
                "flux": (0.0, 1e-4, 3e-4, 8e-4, 2e-3),
            },
            samples=400,
            **COMMON,
        ),
        "magnetic": mk.Sweep(
            system=RIBBON,
            params={"zeeman": 0.0, "theta": 0.6},
            disorder=mk.Anderson(strength=1.8) + mk.MagneticImpurities(strength=0.0),
            axes={"strength": (0.0, 0.05, 0.1, 0.3), "flux": (0.0, 2e-3)},
            samples=400,
            **COMMON,
        ),
    },
    presets={
        "quick": {},
        "full": {
            "system.width": 36,
            "length": 200,
            "field.disorder.width": 1.7,
            "magnetic.disorder.0.width": 1.7,
            "field.theta": (0.0, 0.01, 0.02, 0.035, 0.05, 0.12, 0.25, 0.6),
            "field.flux": (0.0, 4e-5, 8e-5, 1.6e-4, 3.2e-4, 7e-4, 1.5e-3),
            "magnetic.flux": (0.0, 1.5e-3),
            "samples": 1800,
        },
    },
    claims=claims,
    figure=figure,
    regime=regime,
    seed=4,
)


if __name__ == "__main__":
    mk.main(study)
