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

Regime. Filled points have L >= 3 W (quasi-one-dimensional) and L <= ξ/3, ξ = (N+1) l (metallic).
Every point has l < W/2 and a cyclotron radius of several W. What limits the agreement:

* Finite width. The formula needs L >> W: the ends feel the field less. The Cooperon of the real
  rectangle (dotted lines, `theory.box_magnetoconductance`, for l << W) lies lower by about
  0.6 W/L; with l = W/2 the ends are blurred and the data lie in between. The distance between
  the two theories is the systematic bound of the claims.
* Finite number of channels. The next order in L/ξ is (2/45) L/ξ or less in the rise.
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
        self.s = self.lengths / self.mean_free_path.value
        self.localization = self.lengths / (self.channels + 1) / self.mean_free_path.value
        self.inside = (self.lengths >= 3 * self.width) & (self.localization <= 1 / 3)

    @property
    def full(self):
        """The strongest field."""
        return self.fluxes[-1]

    def rise(self, length, flux):
        """Measured <g(flux) - g(0)>, the same samples in both."""
        g = self.g.sel(length=length)
        return paired_difference(g.sel(flux=flux), g.sel(flux=0.0))

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


def claims(data):
    """Sign, size and shape of the magnetoconductance, and its symmetry."""
    wire = Wire(data)
    yield from _lengths(wire)
    because = "finite width, |quasi-1D - rectangle|, and next order in L/ξ"
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
            because=because,
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
    field, shape, size = axes
    colors = dict(zip(wire.lengths, figures.COLORS, strict=False))
    dense = np.geomspace(wire.fluxes[0] / 4, wire.full, 60)
    valid = dense[theory.magnetic_length(dense, wire.width) > wire.mean_free_path.value]
    reduced = np.geomspace(0.2, 60, 200)
    for length, s, inside in zip(wire.lengths, wire.s, wire.inside, strict=True):
        color = colors[length]
        rises = [wire.rise(length, flux) for flux in wire.fluxes]
        values = Estimate(
            np.array([float(r.value) for r in rises]), np.array([float(r.error) for r in rises]), 0
        )
        figures.points(
            field, 1e4 * wire.fluxes, values, color=color, label=f"L = {length}", inside=inside
        )
        figures.theory_line(field, 1e4 * dense, wire.expected(length, dense), color=color)
        field.plot(1e4 * valid, wire.box(length, valid), ":", color=color)
        factor = (s / (1 + s)) ** 3
        a = length / theory.magnetic_length(wire.fluxes, wire.width)
        scaled = Estimate(values.value / factor, values.error / factor, 0)
        figures.points(shape, a, scaled, color=color, inside=inside)
        figures.points(
            size, [s], scaled_to_full(wire, length, rises[-1]), color=color, inside=inside
        )
    figures.theory_line(
        shape,
        reduced,
        1 / 3 + theory.wire_line_shape(reduced, magnetic_length=1.0),
        label=r"$1/3-(a\,\coth a-1)/a^2$",
    )
    s = np.linspace(0, 1.15 * wire.s.max(), 100)
    figures.theory_line(size, s, s**3 / (1 + s) ** 3 / 3, label=r"$\frac{1}{3}\,s^3/(1+s)^3$")
    field.set(
        xscale="log",
        xlabel=r"flux per plaquette $f$ ($10^{-4}\,h/e$)",
        ylabel=r"$\langle g(f)-g(0)\rangle$ ($e^2/h$)",
        title="(a)",
    )
    shape.set(
        xscale="log",
        xlabel=r"$a=L/L_B$",
        ylim=(-0.02, 0.38),
        ylabel=r"rise / $[s/(1+s)]^3$ ($e^2/h$)",
        title="(b)",
    )
    size.set(xlabel=r"$s=L/l$", ylabel=r"full rise ($e^2/h$)", title="(c)", ylim=(0, 0.38))
    size.axhline(1 / 3, color="0.6", linewidth=0.8)
    field.plot([], [], "k--", linewidth=1, label="quasi-1D")
    field.plot([], [], "k:", label="rectangle")
    for ax in axes:
        ax.legend()
    return drawing


def scaled_to_full(wire, length, rise):
    """The rise in the strongest field, with what that field leaves by the formula added."""
    s = length / wire.mean_free_path.value
    left = -theory.wire_line_shape(
        length, magnetic_length=theory.magnetic_length(wire.full, wire.width), s=s
    )
    return Estimate(np.array([float(rise.value) + left]), np.array([float(rise.error)]), rise.n)


study = mk.Study(
    name="weak_localization",
    description="Does a magnetic field bring back the conductance that interference took?",
    sweeps=mk.Sweep(
        system=Ribbon(width=40, length=120),
        energy=-1.0,
        disorder=mk.Anderson(width=1.5),
        axes={
            "length": (60, 120, 150, 180),
            "flux": (-1.2e-4, 0.0, 3e-5, 6e-5, 1.2e-4, 2.4e-4, 4.8e-4, 1.4e-3),
        },
        observables={"g": mk.Conductance()},
        samples=500,
    ),
    presets={
        "quick": {},
        "full": {
            "system.width": 80,
            "disorder.width": 1.4,
            "length": (80, 160, 240, 320, 400),
            "flux": (-3e-5, 0.0, 7.5e-6, 1.5e-5, 3e-5, 6e-5, 1.2e-4, 2.4e-4, 6e-4),
            "samples": 1500,
        },
    },
    claims=claims,
    figure=figure,
    seed=1,
)


if __name__ == "__main__":
    study.main()
