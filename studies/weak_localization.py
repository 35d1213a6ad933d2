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
strongest field, where no correction is left. The next order in the number of channels lowers the
rise by (2/45) L/ξ in a long wire (<g> at β = 1 and 2 from the Dorokhov-Mello-Pereyra-Kumar
equation; Mello and Stone 1991).

Regime, fixed before the data. Filled points have L >= 3 W (quasi-one-dimensional) and L <= ξ/3,
ξ = (N+1) l (metallic). At every point l < W/2, the cyclotron radius is several W, and N is the
same in all fields. What limits the agreement:

* Finite width. The formula needs L >> W: near the leads the field acts less, and a weak-field rise
  is lower by about 4 (W/L)². The Cooperon of the real rectangle (dotted lines,
  `theory.rectangle_magnetoconductance`, for l << W) has no such limit; with l of the order of W/2
  the data may lie between the two. Their distance is the systematic bound where the formula is
  tested, l/W of it where the rectangle is.
* Finite number of channels. The formula leaves the next order out, so it is part of its bound; with
  the rectangle it is part of what is expected, less by what the field has not removed, and half
  of it is the bound.
"""

from dataclasses import replace

import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import DiffusiveWire, contact_claim, reciprocity_claim
from mesokwant.statistics import bootstrap, mean, paired_difference
from systems import Ribbon


class Ribbons:
    """What claims and panels share: the wire that was measured, and where theory is about it."""

    def __init__(self, data):
        self.g, self.lengths = data.g, data.length.values
        self.fluxes = data.flux.values[data.flux.values > 0]
        self.strongest = self.fluxes[-1]
        self.wire = DiffusiveWire.measured(data.sel(flux=self.strongest), beta=2)
        metal = self.lengths <= self.wire.localization_length(beta=1) / 3
        self.inside = (self.lengths >= 3 * self.wire.width) & metal

    def rise(self, length, flux):
        """Measured <g(flux) - g(0)>, the same samples in both."""
        g = self.g.sel(length=length)
        return paired_difference(g.sel(flux=flux), g.sel(flux=0.0))

    def remainder(self, length):
        """What the strongest field leaves of the correction, by the formula."""
        reach = theory.magnetic_length(self.strongest, self.wire.width)
        return -theory.wire_line_shape(length, magnetic_length=reach, s=self.wire.s(length))


def regime(ribbons):
    """Where each length lies."""
    return ribbons.wire.regime(ribbons.lengths, ribbons.inside, beta=1)


# -- claims ---------------------------------------------------------------------------------


def claims(ribbons):
    """Sign, size and shape of the magnetoconductance, and its symmetry."""
    wire, field = ribbons.wire, ribbons.strongest
    yield contact_claim(ribbons.lengths, ribbons.g.sel(flux=field), wire.channels)
    yield from pooled_claims(ribbons)
    for length in ribbons.lengths[ribbons.inside]:
        rise = ribbons.rise(length, field)
        name = f"L = {length}: positive magnetoconductance"
        source = "Altshuler et al., PRB 22, 5142 (1980)"
        yield mk.Claim(name, rise, above=0.0, source=source, sigmas=5)
        name = f"L = {length}: rise in the strongest field"
        yield mk.Claim(name, rise, wire.rise(length, field))
        name = f"L = {length}: the same, for the rectangle"
        yield mk.Claim(name, rise, wire.rise(length, field, rectangle=True))
        name = f"L = {length}: field of half the rise (10⁻⁴ h/e)"
        yield mk.Claim(name, *half_fields(ribbons, length))
    yield reciprocity_claim(ribbons.g)


def pooled_claims(ribbons):
    """The rise of all lengths in the regime, against the formula and as the 1/3 it stands for."""
    chosen, field = ribbons.lengths[ribbons.inside], ribbons.strongest
    if not chosen.size:
        return
    # Lengths share their disorder: one mean of ratios a sample.
    rises = ribbons.g.sel(length=chosen, flux=field) - ribbons.g.sel(length=chosen, flux=0.0)
    rises = rises.transpose("length", "sample").values
    formula = ribbons.wire.rise(chosen, field)
    rectangle = ribbons.wire.rise(chosen, field, rectangle=True)
    yield mk.Claim(
        f"{len(chosen)} lengths: rise over the formula",
        mean((rises / formula.value[:, None]).mean(axis=0)),
        formula.normalized().mean(),
    )
    source = "1/3, after rectangle, finite s, field and next order; Mello & Stone 1991"
    yield mk.Claim(
        f"{len(chosen)} lengths: full rise of a long wire",
        mean((rises / rectangle.value[:, None]).mean(axis=0)) / 3,
        replace(rectangle.normalized().mean() / 3, source=source),
        sigmas=2,
    )


def half_fields(ribbons, length):
    """Flux at which half of the rise in the strongest field is reached: data, and theory.

    Data, formula and rectangle are interpolated in the same way, from the same fluxes.
    """
    fluxes = np.concatenate([[0.0], ribbons.fluxes])

    def half(rises):
        return 1e4 * np.interp(0.5, np.maximum.accumulate(rises / rises[-1]), fluxes)

    g = ribbons.g.sel(length=length, flux=fluxes).transpose("flux", "sample").values
    measured = bootstrap(lambda g: half((g - g[0]).mean(axis=-1)), g)
    formula = half(ribbons.wire.rise(length, fluxes).value)
    rectangle = half(theory.rectangle_magnetoconductance(fluxes, length, ribbons.wire.width))
    return measured, theory.Prediction(
        formula,
        abs(formula - rectangle),
        because="finite width, |quasi-1D - rectangle|",
        source="(a coth a - 1)/a²; Altshuler & Aronov 1981",
    )


# -- figure ---------------------------------------------------------------------------------

FLUX = r"flux per plaquette $f$ ($10^{-4}\,h/e$)"


def conductance(ax, ribbons):
    """<g> in fields of both signs, and what it would be without interference."""
    for length, style in figures.each(ribbons.lengths, inside=ribbons.inside):
        figures.points(ax, 1e4 * ribbons.g.flux, mean(ribbons.g.sel(length=length)), **style)
        figures.level(ax, ribbons.wire.drude(length), color=style["color"], line="--")
    ax.plot([], [], "k--", linewidth=0.8, label=r"$N/(1+L/l)$")
    first = 1e4 * float(ribbons.fluxes[0])
    ax.set_xscale("symlog", linthresh=first, linscale=0.5)
    figures.ticks(ax.xaxis, -first, 0, first, 10 * first)
    ax.set(yscale="log", xlabel=FLUX, ylabel=r"$\langle g\rangle$ ($e^2/h$)")
    figures.ticks(ax.yaxis, 2, 3, 5, 7, 10, 15, 20, 30)


def magnetoconductance(ax, ribbons):
    """The rise against field, with both theories."""
    dense = np.geomspace(ribbons.fluxes[0] / 4, ribbons.strongest, 60)
    for length, style in figures.each(ribbons.lengths, inside=ribbons.inside):
        figures.points(ax, 1e4 * ribbons.fluxes, ribbons.rise(length, ribbons.fluxes), **style)
        wire, s = ribbons.wire, ribbons.wire.s(length)
        formula = wire.rise(length, dense)
        figures.theory_line(ax, 1e4 * dense, formula, color=style["color"])
        rectangle = theory.rectangle_magnetoconductance(dense, length, wire.width, s=s)
        figures.theory_line(ax, 1e4 * dense, rectangle, color=style["color"], line=":")
    ax.plot([], [], "k--", linewidth=1, label="quasi-1D formula")
    ax.plot([], [], "k:", label="rectangle")
    ax.set(xscale="log", xlabel=FLUX, ylabel=r"$\langle g(f)-g(0)\rangle$ ($e^2/h$)")


def line_shape(ax, ribbons):
    """The rise over its full size against L/L_B: one curve for all lengths."""
    reach = theory.magnetic_length(ribbons.fluxes, ribbons.wire.width)
    for length, style in figures.each(ribbons.lengths, inside=ribbons.inside, label="L = {} a"):
        full = -3 * theory.weak_localization(ribbons.wire.s(length), beta=1)
        figures.points(ax, length / reach, ribbons.rise(length, ribbons.fluxes) / full, **style)
    a = np.geomspace(0.2, ribbons.lengths[-1] / reach[-1], 200)
    line = theory.wire_line_shape(a, magnetic_length=1.0) + 1 / 3
    figures.theory_line(ax, a, line, label=r"$1/3-(a\,\coth a-1)/a^2$")
    ax.set(xscale="log", xlabel=r"$a=L/L_B$", ylim=(-0.02, 0.38))
    ax.set(ylabel=r"rise / $[s/(1+s)]^3$ ($e^2/h$)")


def full_rise(ax, ribbons):
    """The full rise against length, with what the strongest field leaves added."""
    wire, field = ribbons.wire, ribbons.strongest
    for length, style in figures.each(ribbons.lengths, inside=ribbons.inside):
        full = ribbons.rise(length, field) + ribbons.remainder(length)
        figures.points(ax, wire.s(length), full, **style)
    s = np.linspace(0, 1.1 * wire.s(ribbons.lengths[-1]), 100)
    formula = -theory.weak_localization(s, beta=1)
    figures.theory_line(ax, s, formula, label=r"$\frac{1}{3}\,s^3/(1+s)^3$")
    lengths = np.linspace(0.3, 1.1, 30) * ribbons.lengths[-1]
    rectangle = wire.rise(lengths, field, rectangle=True) + ribbons.remainder(lengths)
    label = "rectangle, next order"
    figures.theory_line(ax, wire.s(lengths), rectangle, label=label, line=":")
    figures.level(ax, 1 / 3, color="0.7")
    ax.set(xlabel=r"$s=L/l$", ylabel=r"full rise ($e^2/h$)", ylim=(0, 0.38))


study = mk.Study(
    name="weak_localization",
    question="Does a magnetic field bring back the conductance that interference took?",
    sweeps=mk.Sweep(
        system=Ribbon(width=40, length=120),
        energy=-1.0,
        disorder=mk.Anderson(strength=1.5),
        axes={
            "length": (60, 120, 170),
            "flux": (-1.2e-4, 0.0, 6e-5, 1.2e-4, 2.4e-4, 4.8e-4, 1.4e-3),
        },
        samples=700,
    ),
    presets={
        "full": {
            "width": 120,
            "strength": 1.0,
            "length": (120, 240, 360, 480, 600, 720),
            "flux": (-2e-5, 0.0, 1e-5, 2e-5, 5e-5, 1.2e-4, 3.8e-4),
            "samples": 1500,
        },
        "toy": {"width": 7, "length": (8, 16), "flux": (-1e-3, 0.0, 1e-3, 2e-3), "samples": 12},
    },
    reading=Ribbons,
    regime=regime,
    claims=claims,
    panels=(conductance, magnetoconductance, line_shape, full_rise),
    seed=1,
)

mk.main(study, __name__)
