"""Weak localization: interference of time-reversed paths lowers the conductance.

A magnetic field brings it back.

A disordered ribbon of width W and length L between clean leads, phase coherent throughout. With
l the mean free path, s = L/l, and f the flux per plaquette in h/e:

* In zero field <g> = N/(1+s) - (1/3) s³/(1+s)³; a strong field removes the second term
  (Mello and Stone, Phys. Rev. B 44, 3559 (1991)).
* In between <g(f)> - <g(0)> = [1/3 - (a coth a - 1)/a²] s³/(1+s)³ with a = L/L_B and
  L_B⁻² = (2π f W)²/3 (Altshuler and Aronov, JETP Lett. 33, 499 (1981)).
* g(f) = g(-f) in every single sample: two-terminal reciprocity (Büttiker 1988).

Nothing is fitted. N is the number of open modes; l is the slope of N/<g> against L in the
strongest field, where no correction is left.

Regime, fixed before the data. Filled points have L >= 3 W (quasi-one-dimensional) and L <= ξ/3,
ξ = (N+1) l (metallic). At every point l < W/2, the cyclotron radius is several W, and N is the
same in all fields. What limits the agreement:

* Finite width. The formula needs L >> W: near the leads the field acts less, and a weak-field rise
  is lower by about 4 (W/L)². The Cooperon of the real rectangle (dotted lines,
  `theory.box_magnetoconductance`, for l << W) has no such limit; with l = W/2 the data may lie
  between the two. Their distance is the systematic bound where the formula is tested, l/W of it
  where the rectangle is.
* Finite number of channels. The next order lowers the rise by about (2/45) L/ξ, taken as a bound.
"""

import numpy as np
from matplotlib.figure import Figure

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import mean_free_path
from mesokwant.statistics import Estimate, bootstrap, paired_difference
from systems import Ribbon


class Wire:
    """Lengths and theory of the ribbon that the data were taken on."""

    def __init__(self, data):
        self.g = data.g
        self.width = data.attrs["system.width"]
        self.channels = int(theory.open_modes(data.attrs["energy"], self.width))
        self.lengths = data.length.values
        self.fluxes = data.flux.values[data.flux.values > 0]
        self.mean_free_path = mean_free_path(
            self.lengths, data.g.sel(flux=self.full), self.channels
        )
        self.localization = self.lengths / (self.channels + 1) / self.mean_free_path.value
        self.inside = (self.lengths >= 3 * self.width) & (self.localization <= 1 / 3)

    @property
    def blur(self):
        """Mean free path over width."""
        return float(self.mean_free_path.value) / self.width

    @property
    def full(self):
        """The strongest field."""
        return self.fluxes[-1]

    def rise(self, length, flux):
        """Measured <g(flux) - g(0)>, the same samples in both."""
        g = self.g.sel(length=length)
        return paired_difference(g.sel(flux=flux), g.sel(flux=0.0))

    def rises(self, length):
        """The rise in all fields."""
        g = self.g.sel(length=length)
        rises = paired_difference(g.sel(flux=self.fluxes), g.sel(flux=0.0))
        return Estimate(rises.value.values, rises.error.values, rises.n.values)

    def left(self, length):
        """What the strongest field leaves of the correction, by the formula."""
        reach = theory.magnetic_length(self.full, self.width)
        s = length / self.mean_free_path.value
        return -theory.wire_line_shape(length, magnetic_length=reach, s=s)

    def expected(self, length, flux):
        """The quasi-one-dimensional formula."""
        s = length / self.mean_free_path.value
        reach = theory.magnetic_length(flux, self.width)
        shape = theory.wire_line_shape(length, magnetic_length=reach, s=s)
        return shape - theory.wire_line_shape(length, s=s)

    def box(self, length, flux):
        """The Cooperon of the rectangle."""
        s = length / self.mean_free_path.value
        return theory.box_magnetoconductance(flux, length, self.width, s=s)

    def next_order(self, length):
        """Bound on the next order in the number of channels."""
        return 2 / 45 * length / (self.channels + 1) / self.mean_free_path.value


def regime(data):
    """Where each length lies."""
    wire = Wire(data)
    s = wire.lengths / wire.mean_free_path.value
    return {
        "L (a)": wire.lengths,
        "L/W": wire.lengths / wire.width,
        "s = L/l": s,
        "L/ξ": wire.localization,
        "l/W": np.full(len(s), wire.blur),
        "N": np.full(len(s), wire.channels),
        "in regime": wire.inside,
    }


def claims(data):
    """Sign, size and shape of the magnetoconductance, and its symmetry."""
    wire = Wire(data)
    yield from _lengths(wire)
    for length in wire.lengths[wire.inside]:
        bound = abs(wire.expected(length, wire.full) - wire.box(length, wire.full))
        rise = wire.rise(length, wire.full)
        yield mk.Claim(
            f"L = {length}: positive magnetoconductance",
            rise,
            0.0,
            "Altshuler et al., PRB 22, 5142 (1980)",
            sigmas=5,
            relation=">",
        )
        yield mk.Claim(
            f"L = {length}: rise in the strongest field",
            rise,
            float(wire.expected(length, wire.full)),
            "(1/3) s³/(1+s)³ less what that field leaves; Mello & Stone 1991",
            systematic=float(bound + wire.next_order(length)),
            because="finite width, |quasi-1D - rectangle|, and next order in L/ξ",
        )
        yield mk.Claim(
            f"L = {length}: the same, for the rectangle",
            rise,
            float(wire.box(length, wire.full)),
            "Cooperon with leads and walls; Altshuler & Aronov 1985",
            systematic=float(bound * wire.blur + wire.next_order(length)),
            because="l/W of |quasi-1D - rectangle|, and next order in L/ξ",
        )
        measured, formula, box = _half_fields(wire, length)
        yield mk.Claim(
            f"L = {length}: field of half the rise (10⁻⁴ h/e)",
            measured,
            formula,
            "(a coth a - 1)/a²; Altshuler & Aronov 1981",
            systematic=abs(formula - box),
            because="finite width, |quasi-1D - rectangle|",
        )
    reversed_field = -data.flux.values[data.flux.values < 0]
    difference = abs(
        data.g.sel(flux=-reversed_field).values - data.g.sel(flux=reversed_field).values
    )
    yield mk.Claim(
        "largest |g(f) - g(-f)| of a sample",
        Estimate(float(np.nanmax(difference)), 0.0, difference.size),
        0.0,
        "reciprocity; Büttiker, IBM J. Res. Dev. 32, 317 (1988)",
        systematic=1e-8,
        because="rounding",
    )


def _lengths(wire):
    """N/<g> = 1 + L/l: the contact resistance is that of N perfect channels."""
    strong = wire.g.sel(flux=wire.full)

    def intercept(g):
        return np.polyfit(wire.lengths, wire.channels / g.mean("sample"), 1)[1]

    yield mk.Claim(
        f"contact resistance in units of h/(e² N), N = {wire.channels}",
        bootstrap(intercept, strong),
        1.0,
        "N/g = 1 + L/l; Beenakker, RMP 69, 731 (1997)",
        systematic=0.05,
        because="remaining correction δg/g in the strongest field, at most 0.05",
    )


def _half_fields(wire, length):
    """Flux at which half of the rise in the strongest field is reached: data and both theories.

    All three are interpolated in the same way, from the same fluxes.
    """
    fluxes = np.concatenate([[0.0], wire.fluxes])

    def half(rises):
        return 1e4 * np.interp(0.5, np.maximum.accumulate(rises / rises[-1]), fluxes)

    g = wire.g.sel(length=length, flux=fluxes)
    measured = bootstrap(lambda g: half((g - g.sel(flux=0.0)).mean("sample").values), g)
    return (
        measured,
        float(half(wire.expected(length, fluxes))),
        float(half(wire.box(length, fluxes))),
    )


def figure(data) -> Figure:
    """Rise against field, collapsed line shape, and full rise against length."""
    wire = Wire(data)
    drawing, (axes,) = figures.panels(1, 3, size=(3.1, 2.7))
    for length, inside, color in zip(wire.lengths, wire.inside, figures.COLORS, strict=False):
        rises = wire.rises(length)
        _draw_field(axes[0], wire, length, rises, inside, color)
        factor = theory.weak_localization(length / wire.mean_free_path.value, beta=1) * -3
        a = length / theory.magnetic_length(wire.fluxes, wire.width)
        scaled = Estimate(rises.value / factor, rises.error / factor, rises.n)
        figures.points(axes[1], a, scaled, color=color, inside=inside)
        full = Estimate(rises.value[-1:] + wire.left(length), rises.error[-1:], rises.n[-1:])
        figures.points(
            axes[2], [length / wire.mean_free_path.value], full, color=color, inside=inside
        )
    _draw_theory(axes, wire)
    for ax, letter in zip(axes, "abc", strict=True):
        ax.set_title(f"({letter})")
        ax.legend()
    return drawing


def _draw_field(ax, wire, length, rises, inside, color):
    dense = np.geomspace(wire.fluxes[0] / 4, wire.full, 60)
    label = f"L = {length} a"
    figures.points(ax, 1e4 * wire.fluxes, rises, color=color, label=label, inside=inside)
    figures.theory_line(ax, 1e4 * dense, wire.expected(length, dense), color=color)
    ax.plot(1e4 * dense, wire.box(length, dense), ":", color=color)


def _draw_theory(axes, wire):
    field, shape, size = axes
    field.plot([], [], "k--", linewidth=1, label="quasi-1D formula")
    field.plot([], [], "k:", label="rectangle")
    field.set(
        xscale="log",
        xlabel=r"flux per plaquette $f$ ($10^{-4}\,h/e$)",
        ylabel=r"$\langle g(f)-g(0)\rangle$ ($e^2/h$)",
    )
    a = np.geomspace(0.2, 60, 200)
    line = theory.wire_line_shape(a, magnetic_length=1.0) + 1 / 3
    figures.theory_line(shape, a, line, label=r"$1/3-(a\,\coth a-1)/a^2$")
    shape.set(
        xscale="log",
        xlabel=r"$a=L/L_B$",
        ylabel=r"rise / $[s/(1+s)]^3$ ($e^2/h$)",
        ylim=(-0.02, 0.38),
    )
    lengths = np.linspace(0.3, 1.1, 20) * wire.lengths[-1]
    s = np.linspace(0, 1.1 * wire.lengths[-1] / wire.mean_free_path.value, 100)
    figures.theory_line(
        size, s, -theory.weak_localization(s, beta=1), label=r"$\frac{1}{3}\,s^3/(1+s)^3$"
    )
    rectangle = [wire.box(length, wire.full) + wire.left(length) for length in lengths]
    size.plot(lengths / wire.mean_free_path.value, rectangle, "k:", label="rectangle")
    size.axhline(1 / 3, color="0.7", linewidth=0.8)
    size.set(xlabel=r"$s=L/l$", ylabel=r"full rise ($e^2/h$)", ylim=(0, 0.38))


study = mk.Study(
    name="weak_localization",
    description="Does a magnetic field bring back the conductance that interference took?",
    sweeps=mk.Sweep(
        system=Ribbon(width=40, length=120),
        energy=-1.0,
        disorder=mk.Anderson(width=1.5),
        axes={
            "length": (60, 120, 170),
            "flux": (-1.2e-4, 0.0, 6e-5, 1.2e-4, 2.4e-4, 4.8e-4, 1.4e-3),
        },
        observables={"g": mk.Conductance()},
        samples=700,
    ),
    presets={
        "quick": {},
        "full": {
            "system.width": 78,
            "disorder.width": 1.4,
            "length": (80, 160, 240, 310, 380),
            "flux": (-3e-5, 0.0, 7.5e-6, 1.5e-5, 3e-5, 6e-5, 1.2e-4, 2.4e-4, 6e-4),
            "samples": 2000,
        },
    },
    claims=claims,
    figure=figure,
    regime=regime,
    seed=1,
)


if __name__ == "__main__":
    mk.main(study)
