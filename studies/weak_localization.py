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

import numpy as np
from matplotlib.figure import Figure

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import DiffusiveWire, field_asymmetry, mean_free_path
from mesokwant.statistics import Estimate, bootstrap, mean, paired_difference
from systems import Ribbon


class Ribbons:
    """The ribbons that the data were taken on: their lengths, and what theory expects."""

    def __init__(self, data):
        self.g, self.energy = data.g, data.attrs["energy"]
        width = data.attrs["system.width"]
        self.lengths = data.length.values
        self.fluxes = data.flux.values[data.flux.values > 0]
        channels = int(theory.open_modes(self.energy, width))
        strong = data.g.sel(flux=self.full)
        self.wire = DiffusiveWire(width, channels, mean_free_path(self.lengths, strong, channels))
        self.localization = self.lengths / self.wire.localization_length(beta=1)
        self.inside = (self.lengths >= 3 * width) & (self.localization <= 1 / 3)

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
        reach = theory.magnetic_length(self.full, self.wire.width)
        return -theory.wire_line_shape(length, magnetic_length=reach, s=self.wire.s(length))

    def formula(self, length, flux):
        """The quasi-one-dimensional formula."""
        s, reach = self.wire.s(length), theory.magnetic_length(flux, self.wire.width)
        shape = theory.wire_line_shape(length, magnetic_length=reach, s=s)
        return shape - theory.wire_line_shape(length, s=s)

    def box(self, length, flux):
        """The Cooperon of the rectangle."""
        s = self.wire.s(length)
        return theory.rectangle_magnetoconductance(flux, length, self.wire.width, s=s)

    def next_order(self, length):
        """What the next order in the number of channels takes from the full rise."""
        return 2 / 45 * length / self.wire.localization_length(beta=1)

    def expected(self, length):
        """Rise in the strongest field: rectangle and next order."""
        box = self.box(length, self.full)
        share = box / (-theory.weak_localization(self.wire.s(length), beta=1))
        return float(box - share * self.next_order(length))

    def bounds(self, length):
        """Systematic bounds of the formula and of `expected`, as argued above."""
        width = abs(self.formula(length, self.full) - self.box(length, self.full))
        order = self.next_order(length)
        return float(width + order), float(width * self.wire.blur + order / 2)


def regime(data):
    """Where each length lies."""
    found = Ribbons(data)
    dos = theory.square_lattice_dos(found.energy)
    return found.wire.regime(found.lengths, found.inside, beta=1, dos=dos)


def claims(data):
    """Sign, size and shape of the magnetoconductance, and its symmetry."""
    ribbons = Ribbons(data)
    yield _contact(ribbons)
    yield from _all_lengths(ribbons)
    for length in ribbons.lengths[ribbons.inside]:
        rise = ribbons.rise(length, ribbons.full)
        of_formula, of_box = ribbons.bounds(length)
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
            float(ribbons.formula(length, ribbons.full)),
            "(1/3) s³/(1+s)³ less what that field leaves; Mello & Stone 1991",
            systematic=of_formula,
            because="finite width, |quasi-1D - rectangle|, and next order in L/ξ",
        )
        yield mk.Claim(
            f"L = {length}: the same, for the rectangle",
            rise,
            ribbons.expected(length),
            "Cooperon with leads and walls, Altshuler & Aronov 1985; next order in L/ξ",
            systematic=of_box,
            because="l/W of |quasi-1D - rectangle|, and half the next order",
        )
        measured, formula, box = _half_fields(ribbons, length)
        yield mk.Claim(
            f"L = {length}: field of half the rise (10⁻⁴ h/e)",
            measured,
            formula,
            "(a coth a - 1)/a²; Altshuler & Aronov 1981",
            systematic=abs(formula - box),
            because="finite width, |quasi-1D - rectangle|",
        )
    yield mk.Claim(
        "largest |g(f) - g(-f)| of a sample",
        field_asymmetry(data.g),
        0.0,
        "reciprocity; Büttiker, IBM J. Res. Dev. 32, 317 (1988)",
        systematic=1e-8,
        because="rounding",
    )


def _contact(ribbons):
    """N/<g> = 1 + L/l: the contact resistance is that of N perfect channels."""
    strong, channels = ribbons.g.sel(flux=ribbons.full), ribbons.wire.channels

    def intercept(g):
        return np.polyfit(ribbons.lengths, channels / g.mean("sample"), 1)[1]

    return mk.Claim(
        f"contact resistance in units of h/(e² N), N = {channels}",
        bootstrap(intercept, strong),
        1.0,
        "N/g = 1 + L/l; Beenakker, RMP 69, 731 (1997)",
        systematic=0.05,
        because="remaining correction δg/g in the strongest field, at most 0.05",
    )


def _all_lengths(ribbons):
    """The rise of all lengths in the regime, against the formula and as the 1/3 it stands for."""
    chosen = ribbons.lengths[ribbons.inside]
    if not chosen.size:
        return
    rises = ribbons.g.sel(length=chosen, flux=ribbons.full) - ribbons.g.sel(length=chosen, flux=0.0)
    bounds = np.array([ribbons.bounds(length) for length in chosen])
    formula = np.array([float(ribbons.formula(length, ribbons.full)) for length in chosen])
    expected = np.array([ribbons.expected(length) for length in chosen])
    # Lengths share their seeds: one ratio a sample.
    samples = rises.transpose("length", "sample").values
    yield mk.Claim(
        f"{len(chosen)} lengths: rise over the formula",
        mean((samples / formula[:, None]).mean(axis=0)),
        1.0,
        "(1/3) s³/(1+s)³ less what that field leaves; Mello & Stone 1991",
        systematic=float(np.mean(bounds[:, 0] / formula)),
        because="finite width, |quasi-1D - rectangle|, and next order in L/ξ",
    )
    yield mk.Claim(
        f"{len(chosen)} lengths: full rise of a long wire",
        mean((samples / expected[:, None]).mean(axis=0) / 3),
        1 / 3,
        "1/3, after rectangle, finite s, field and next order; Mello & Stone 1991",
        sigmas=2,
        systematic=float(np.mean(bounds[:, 1] / expected)) / 3,
        because="l/W of |quasi-1D - rectangle|, and half the next order",
    )


def _half_fields(ribbons, length):
    """Flux at which half of the rise in the strongest field is reached: data and both theories.

    All three are interpolated in the same way, from the same fluxes.
    """
    fluxes = np.concatenate([[0.0], ribbons.fluxes])

    def half(rises):
        return 1e4 * np.interp(0.5, np.maximum.accumulate(rises / rises[-1]), fluxes)

    g = ribbons.g.sel(length=length, flux=fluxes)
    measured = bootstrap(lambda g: half((g - g.sel(flux=0.0)).mean("sample").values), g)
    return (
        measured,
        float(half(ribbons.formula(length, fluxes))),
        float(half(ribbons.box(length, fluxes))),
    )


def figure(data) -> Figure:
    """<g> and its rise against field, collapsed line shape, and full rise against length."""
    ribbons = Ribbons(data)
    drawing, axes = figures.panels(2, 2, size=(3.5, 2.7))
    for (length, inside), color in figures.colored(
        zip(ribbons.lengths, ribbons.inside, strict=True)
    ):
        _draw_conductance(axes[0, 0], ribbons, length, inside, color)
        rises = ribbons.rises(length)
        _draw_field(axes[0, 1], ribbons, length, rises, inside, color)
        s = ribbons.wire.s(length)
        factor = theory.weak_localization(s, beta=1) * -3
        a = length / theory.magnetic_length(ribbons.fluxes, ribbons.wire.width)
        scaled = Estimate(rises.value / factor, rises.error / factor, rises.n)
        label = f"L = {length} a"
        figures.points(axes[1, 0], a, scaled, color=color, label=label, inside=inside)
        full = Estimate(rises.value[-1:] + ribbons.left(length), rises.error[-1:], rises.n[-1:])
        figures.points(axes[1, 1], [s], full, color=color, inside=inside)
    _draw_theory(axes, ribbons)
    for ax, letter in zip(axes.flat, "abcd", strict=True):
        ax.set_title(f"({letter})")
        if ax.get_legend_handles_labels()[1]:
            ax.legend()
    return drawing


def _draw_conductance(ax, ribbons, length, inside, color):
    """<g> in fields of both signs, and what it would be without interference."""
    found = mean(ribbons.g.sel(length=length))
    g = Estimate(found.value.values, found.error.values, found.n.values)
    figures.points(ax, 1e4 * ribbons.g.flux.values, g, color=color, inside=inside)
    ax.axhline(
        theory.conductance(ribbons.wire.channels, ribbons.wire.s(length)),
        color=color,
        linewidth=0.8,
        linestyle="--",
    )


def _draw_field(ax, ribbons, length, rises, inside, color):
    dense = np.geomspace(ribbons.fluxes[0] / 4, ribbons.full, 60)
    figures.points(ax, 1e4 * ribbons.fluxes, rises, color=color, inside=inside)
    figures.theory_line(ax, 1e4 * dense, ribbons.formula(length, dense), color=color)
    ax.plot(1e4 * dense, ribbons.box(length, dense), ":", color=color)


def _draw_theory(axes, ribbons):
    (conductance, field), (shape, size) = axes
    conductance.plot([], [], "k--", linewidth=0.8, label=r"$N/(1+L/l)$")
    conductance.set_xscale("symlog", linthresh=1e4 * ribbons.fluxes[0], linscale=0.5)
    first = 1e4 * float(ribbons.fluxes[0])
    figures.ticks(conductance.xaxis, -first, 0, first, 10 * first)
    conductance.set(
        yscale="log",
        xlabel=r"flux per plaquette $f$ ($10^{-4}\,h/e$)",
        ylabel=r"$\langle g\rangle$ ($e^2/h$)",
    )
    figures.ticks(conductance.yaxis, 2, 3, 5, 7, 10, 15, 20, 30)
    field.plot([], [], "k--", linewidth=1, label="quasi-1D formula")
    field.plot([], [], "k:", label="rectangle")
    field.set(
        xscale="log",
        xlabel=r"flux per plaquette $f$ ($10^{-4}\,h/e$)",
        ylabel=r"$\langle g(f)-g(0)\rangle$ ($e^2/h$)",
    )
    longest = ribbons.lengths[-1] / theory.magnetic_length(ribbons.full, ribbons.wire.width)
    a = np.geomspace(0.2, longest, 200)
    line = theory.wire_line_shape(a, magnetic_length=1.0) + 1 / 3
    figures.theory_line(shape, a, line, label=r"$1/3-(a\,\coth a-1)/a^2$")
    shape.set(
        xscale="log",
        xlabel=r"$a=L/L_B$",
        ylabel=r"rise / $[s/(1+s)]^3$ ($e^2/h$)",
        ylim=(-0.02, 0.38),
    )
    lengths = np.linspace(0.3, 1.1, 20) * ribbons.lengths[-1]
    s = np.linspace(0, 1.1 * ribbons.wire.s(ribbons.lengths[-1]), 100)
    figures.theory_line(
        size, s, -theory.weak_localization(s, beta=1), label=r"$\frac{1}{3}\,s^3/(1+s)^3$"
    )
    rectangle = [ribbons.expected(length) + ribbons.left(length) for length in lengths]
    size.plot(ribbons.wire.s(lengths), rectangle, "k:", label="rectangle, next order")
    size.axhline(1 / 3, color="0.7", linewidth=0.8)
    size.set(xlabel=r"$s=L/l$", ylabel=r"full rise ($e^2/h$)", ylim=(0, 0.38))


study = mk.Study(
    name="weak_localization",
    description="Does a magnetic field bring back the conductance that interference took?",
    sweeps=mk.Sweep(
        system=Ribbon(width=40, length=120),
        energy=-1.0,
        disorder=mk.Anderson(strength=1.5),
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
            "system.width": 120,
            "disorder.width": 1.0,
            "length": (120, 240, 360, 480, 600, 720),
            "flux": (-2e-5, 0.0, 1e-5, 2e-5, 5e-5, 1.2e-4, 3.8e-4),
            "samples": 1500,
        },
    },
    claims=claims,
    figure=figure,
    regime=regime,
    seed=1,
)


if __name__ == "__main__":
    mk.main(study)
