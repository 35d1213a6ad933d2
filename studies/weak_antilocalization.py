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

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import xarray as xr
from scipy.interpolate import CubicSpline

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import DiffusiveWire, concatenated, open_lead_modes
from mesokwant.statistics import paired_difference, stack
from systems import SpinOrbitRibbon

IMPURITIES = "magnetic_impurities.strength"


@dataclass(frozen=True, eq=False)
class SpinWire:
    """The wire at one strength of the coupling and of the impurities: data and lengths."""

    g: xr.DataArray
    length: int
    rotation: float
    exchange: float
    wire: DiffusiveWire

    @classmethod
    def measured(cls, data):
        """The wire of these results, with l from its resistance in the strongest field."""
        theta, energy, width = float(data.theta), float(data.energy), int(data.width)
        lead = SpinOrbitRibbon(width, length=1, coupling=str(data.coupling.values))
        channels = open_lead_modes(lead, energy, theta=theta, zeeman=0.0, flux=0.0)
        wire = DiffusiveWire.measured(data.isel(flux=-1), channels=channels, spins=2)
        return cls(data.g, int(data.length), 2 * theta, float(data.get(IMPURITIES, 0.0)), wire)

    @property
    def fluxes(self):
        """The fields, without zero."""
        return self.g.flux.values[self.g.flux.values > 0]

    @property
    def strongest(self):
        """The strongest field."""
        return self.fluxes[-1]

    @property
    def kappa_l(self):
        """Angle by which the coupling turns the spin within a mean free path."""
        return self.rotation * self.wire.mean_free_path

    @property
    def beta(self):
        """1 while the triplets diffuse as without coupling, 4 where they are gone."""
        return 1 if self.kappa_l <= 1 else 4

    @property
    def inside(self):
        """The rule of the regime."""
        metal = self.length <= 0.6 * self.wire.localization_length(self.beta)
        return (self.kappa_l <= 1 or self.kappa_l >= 6) and metal

    def rise(self, flux):
        """Measured <T(flux) - T(0)>, the same samples in both."""
        return paired_difference(self.g.sel(flux=flux), self.g.sel(flux=0.0)).numpy()

    @property
    def sizes(self):
        """What theory has to know of every wire."""
        return {
            "length": self.length,
            "width": self.wire.width,
            "channels": self.wire.channels,
            "mean_free_path": self.wire.mean_free_path,
        }

    def expected(self, flux):
        """What theory expects of a wire without magnetic impurities."""
        return theory.spinful_wire_magnetoconductance(flux, rotation=self.rotation, **self.sizes)

    def rectangle(self, flux, rotation):
        """The Cooperons of the rectangle alone."""
        s = self.length / self.wire.mean_free_path
        return theory.rectangle_spin_magnetoconductance(
            flux, self.length, self.wire.width, rotation=rotation, s=s
        )


class SpinWires:
    """What claims and panels share: a wire for every strength of coupling and of impurities."""

    def __init__(self, data):
        field, magnetic = (data[name].to_dataset() for name in ("field", "magnetic"))
        self.coupled = [SpinWire.measured(field.sel(theta=t)) for t in field.theta.values]
        strengths = magnetic[IMPURITIES].values
        self.magnetic = [SpinWire.measured(magnetic.sel({IMPURITIES: j})) for j in strengths]
        self.clean = self.magnetic[0]
        # What J² adds to 1/l, in units of 1/l without impurities: a line through the origin.
        paths = np.array([wire.wire.mean_free_path for wire in self.magnetic])
        self.rate = float(strengths**2 @ (paths[0] / paths - 1) / (strengths**2 @ strengths**2))

    def each(self, label=""):
        """The wires without impurities, with what a figure needs to draw them."""
        inside = [wire.inside for wire in self.coupled]
        return figures.each(self.coupled, inside=inside, label=label)

    def with_impurities(self, exchange, mean_free_path):
        """What theory expects in the strongest field, of impurities of this strength."""
        added = self.rate * exchange**2
        decay_length = theory.spin_flip_length(self.clean.wire.mean_free_path, added)
        sizes = self.clean.sizes | {"mean_free_path": mean_free_path}
        return theory.singlet_wire_magnetoconductance(
            self.clean.strongest, decay_length=decay_length, **sizes
        )


def regime(wires):
    """Where each strength of coupling and impurities lies."""
    tables = []
    for one in (*wires.coupled, *wires.magnetic):
        first = {"κ": one.rotation, "J (t)": one.exchange, "κl": one.kappa_l}
        tables.append(one.wire.regime(one.length, one.inside, beta=one.beta, **first))
    return concatenated(tables)


# -- claims ---------------------------------------------------------------------------------


def claims(wires):
    """Sign, size and shape without and with coupling, the crossover, and its end by impurities."""
    free, strong = wires.coupled[0], wires.coupled[-1]
    source = "Hikami, Larkin & Nagaoka, Prog. Theor. Phys. 63, 707 (1980)"
    name = f"κ = {free.rotation:g}: T rises with the field"
    yield mk.Claim(name, free.rise(free.strongest), above=0.0, source=source, sigmas=5)
    name = f"κ = {strong.rotation:g}: T falls with the field"
    yield mk.Claim(name, strong.rise(strong.strongest), below=0.0, source=source, sigmas=5)
    for wire, correction in ((free, -2 / 3), (strong, 1 / 3)):
        yield correction_claim(wire, correction)
    for wire in wires.coupled:
        if wire.inside:
            yield from shape_claims(wire)
    yield from impurity_claims(wires)


def correction_claim(wire, correction):
    """The fall, over what theory expects of it in this field and length, times its limit."""
    name = f"κ = {wire.rotation:g}: correction to T of a long wire"
    expected = wire.expected(wire.strongest)
    scaled = wire.rise(wire.strongest) * (correction / expected.value)
    source = "-2/3 and +1/3, both spins; Mello & Stone, PRB 44, 3559 (1991)"
    return mk.Claim(name, scaled, replace(expected.normalized() * correction, source=source))


def shape_claims(wire):
    """The rise in every field."""
    measured, expected = wire.rise(wire.fluxes), wire.expected(wire.fluxes)
    for flux, rise, prediction in zip(wire.fluxes, measured, expected, strict=True):
        name = f"κ = {wire.rotation:g}, f = {1e4 * flux:g}·10⁻⁴: T(f) - T(0)"
        yield mk.Claim(name, rise, prediction)


def impurity_claims(wires):
    """What the impurities leave of the effect, and that they take from it."""
    for wire in wires.magnetic[1:]:
        name = f"κ = {wire.rotation:g}, impurities J = {wire.exchange:g}: T(f) - T(0)"
        expected = wires.with_impurities(wire.exchange, wire.wire.mean_free_path)
        yield mk.Claim(name, wire.rise(wire.strongest), expected)
    wire = wires.magnetic[-1]
    name = f"J = {wire.exchange:g} removes antilocalization: change of T(0) - T(f)"
    falls = [g.sel(flux=0.0) - g.sel(flux=wire.strongest) for g in (wire.g, wires.clean.g)]
    change = paired_difference(*falls).numpy()
    yield mk.Claim(name, change, below=0.0, source="Hikami, Larkin & Nagaoka 1980")


# -- figure ---------------------------------------------------------------------------------

LEFTMOST = 0.01
"""Where κ = 0 is drawn on a logarithmic axis."""

KAPPA = r"$\kappa$ = {0.rotation:g}"
"""Label of a wire."""

COMPUTED = 25
"""Points of a curve that are computed, since the Cooperon of spin 1 takes its time."""


def smooth(x, y):
    """A curve over a logarithmic axis, by a cubic spline through computed points."""
    dense = np.geomspace(x[0], x[-1], 200)
    return dense, CubicSpline(np.log(x), y)(np.log(dense))


def magnetoconductance(ax, wires):
    """The rise against field, for every strength of the coupling."""
    for wire, style in wires.each(label=KAPPA):
        figures.points(ax, 1e4 * wire.fluxes, wire.rise(wire.fluxes), **style)
        flux = np.geomspace(wire.fluxes[0] / 2, wire.strongest, COMPUTED)
        line = smooth(1e4 * flux, wire.expected(flux).value)
        figures.theory_line(ax, *line, color=style["color"])
    figures.level(ax, 0)
    ax.set(xscale="log", xlabel=r"flux per plaquette $f$ ($10^{-4}\,h/e$)", ylim=(-0.33, 0.67))
    ax.set(ylabel=r"$\langle T(f)-T(0)\rangle$ ($e^2/h$)")
    ax.legend(ncols=2, loc="upper left", columnspacing=1.0, handletextpad=0.2)


def crossover(ax, wires):
    """The rise in the strongest field against the strength of the coupling."""
    for wire, style in wires.each():
        place = max(wire.rotation, LEFTMOST) * wire.length
        figures.points(ax, place, wire.rise(wire.strongest), **style)
    wire, flux = wires.coupled[0], wires.coupled[0].strongest
    kappa = np.geomspace(LEFTMOST, wires.coupled[-1].rotation, COMPUTED)
    kappa, rise = smooth(kappa, [wire.rectangle(flux, rotation) for rotation in kappa])
    figures.theory_line(ax, kappa * wire.length, rise, label="rectangle, Rashba")
    s, reach = wire.wire.s(wire.length), theory.magnetic_length(flux, wire.wire.width)
    shape = partial(theory.spinful_wire_line_shape, wire.length, spin_orbit_length=1 / kappa, s=s)
    isotropic = shape(magnetic_length=reach) - shape()
    label = "long wire, isotropic"
    figures.theory_line(ax, kappa * wire.length, isotropic, label=label, line=":", color="0.4")
    figures.level(ax, 0)
    ax.set(xscale="log", xlabel=r"$\kappa L = L/L_\mathrm{so}$ (leftmost: 0)")
    ax.set(ylabel=r"$\langle T(f)-T(0)\rangle$, strongest field ($e^2/h$)")


def singlet(ax, wires):
    """The shape of the singlet alone, at the strongest coupling."""
    wire = wires.coupled[-1]
    full = -3 * theory.weak_localization(wire.wire.s(wire.length), beta=1)
    # a = L/L_B is proportional to the flux.
    per_flux = wire.length / theory.magnetic_length(1.0, wire.wire.width)
    scaled, label = wire.rise(wire.fluxes) / full, KAPPA.format(wire)
    figures.points(ax, per_flux * wire.fluxes, scaled, label=label, inside=wire.inside)
    flux = np.geomspace(wire.fluxes[0] / 2, wire.strongest, COMPUTED)
    a, rise = smooth(per_flux * flux, wire.rectangle(flux, wire.rotation) / full)
    figures.theory_line(ax, a, rise, label="rectangle")
    line = -1 / 3 - theory.wire_line_shape(a, magnetic_length=1.0)
    label = r"long wire: $(a\,\coth a-1)/a^2-1/3$"
    figures.theory_line(ax, a, line, label=label, line=":", color="0.4")
    ax.set(xscale="log", xlabel=r"$a=L/L_B$", ylabel=r"$[T(f)-T(0)]/[s/(1+s)]^3$ ($e^2/h$)")


def end_by_impurities(ax, wires):
    """The fall in the strongest field against the strength of the impurities."""
    exchanges = [wire.exchange for wire in wires.magnetic]
    falls = -stack(wire.rise(wire.strongest) for wire in wires.magnetic)
    label = KAPPA.format(wires.clean)
    figures.points(ax, exchanges, falls, color=figures.COLORS[1], label=label)
    dense = np.linspace(0, exchanges[-1], 100)
    path = wires.clean.wire.mean_free_path / (1 + wires.rate * dense**2)
    label, bound = r"singlet that decays over $\sqrt{D\tau/2}$", "systematic bound"
    figures.theory_line(ax, dense, -wires.with_impurities(dense, path), label=label, bound=bound)
    figures.level(ax, 0)
    ax.set(xlabel=r"exchange energy $J$ ($t$)", ylabel=r"$\langle T(0)-T(f)\rangle$ ($e^2/h$)")


RIBBON = SpinOrbitRibbon(width=24, length=120, coupling="ando")
COMMON = {"system": RIBBON, "energy": -1.0, "samples": 400}

study = mk.Study(
    name="weak_antilocalization",
    question="Does spin-orbit coupling turn the sign of weak localization?",
    sweeps={
        "field": mk.Sweep(
            params={"zeeman": 0.0},
            disorder=mk.Anderson(strength=1.8),
            axes={"theta": (0.0, 0.02, 0.05, 0.12, 0.6), "flux": (0.0, 1e-4, 3e-4, 8e-4, 2e-3)},
            **COMMON,
        ),
        "magnetic": mk.Sweep(
            params={"zeeman": 0.0, "theta": 0.6},
            disorder=mk.Anderson(strength=1.8) + mk.MagneticImpurities(strength=0.0),
            axes={IMPURITIES: (0.0, 0.05, 0.1, 0.3), "flux": (0.0, 2e-3)},
            **COMMON,
        ),
    },
    presets={
        "full": {
            "width": 36,
            "length": 200,
            "anderson.strength": 1.7,
            "field.theta": (0.0, 0.01, 0.02, 0.035, 0.05, 0.12, 0.25, 0.6),
            "field.flux": (0.0, 4e-5, 8e-5, 1.6e-4, 3.2e-4, 7e-4, 1.5e-3),
            "magnetic.flux": (0.0, 1.5e-3),
            "samples": 1800,
        },
        "toy": {
            "width": 5,
            "length": 10,
            "field.theta": (0.0, 0.6),
            "flux": (0.0, 0.01),
            IMPURITIES: (0.0, 0.3),
            "samples": 12,
        },
    },
    reading=SpinWires,
    regime=regime,
    claims=claims,
    panels=(magnetoconductance, crossover, singlet, end_by_impurities),
    seed=4,
)

mk.main(study, __name__)
