"""Anderson localization in wires: the metal ends at ξ, and a magnetic field doubles ξ.

A disordered ribbon with N channels and mean free path l, without (β = 1) and with (β = 2) a
magnetic field:

* A metal, g = N/(1 + L/l) + (1 - 2/β)/3, for l << L << ξ; an insulator, <ln g> = -2L/ξ, beyond
  ξ = (βN + 2 - β) l (Dorokhov 1983; Mello, Pereyra and Kumar 1988; as in Beenakker, Rev. Mod.
  Phys. 69, 731 (1997)).
* The field makes ξ/l longer by 2N/(N + 1): by 2 for many channels (Efetov and Larkin 1983).
* In the insulator var(ln g)/(-<ln g>) -> 2, as in a chain (`chain_localization`).

Nothing is fitted but slopes. l is the slope of N/<g> against L in short wires, L < 2.5 l_Born,
in the same field, with weak localization taken off. ξ is the slope of <ln g> against L over all
L >= 6 (N + 1) l; both fields have the same disorder.

Regime, fixed before the data: these lengths, and a field with a cyclotron radius of 2 W that
leaves N as it is. What limits the agreement:

* Channels of the lattice are not equivalent, as those of the DMPK equation are. Only the leading
  term βN l is universal; a correction of relative order 1/N is not.
* The field must break time reversal in less than ξ: it leaves a share of about L_B/ξ of the
  interference, which makes ξ shorter. This, too, falls as 1/N.
* The second transmission eigenvalue lies L/ξ (β = 1) to 2L/ξ (β = 2) beyond the first in -ln T/2,
  with a spread √(2L/ξ), and they repel. Where they still meet var ln g is smaller; at L = 6 ξ
  that is in about 5 % of the samples: so much is allowed for var(ln g)/(-<ln g>).
"""

from dataclasses import replace

import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import (
    DiffusiveWire,
    concatenated,
    growth_ratio_claim,
    localization_length,
    localization_length_ratio,
    many_channel_limit,
    scaling_ratio,
)
from mesokwant.engine.results import datasets
from mesokwant.statistics import Estimate, log_mean, log_variance, mean, product, stack
from systems import Ribbon

DEEP = 6
"""Lengths that ξ is taken from, at least, in (N + 1) l."""
SHORT = 2.5
"""Lengths that l is taken from, at most, in Born's l."""


class RibbonsInBothFields:
    """Ribbons of one width at all lengths, in both fields, and what their resistance says."""

    def __init__(self, data):
        self.lengths, flux = data.length.values, float(data.flux.max())
        born = theory.square_lattice_mean_free_path(float(data.energy), float(data.strength))
        short = data.isel(length=self.lengths <= SHORT * born)
        fields = {1: 0.0, 2: flux}
        self.g = {beta: data.g.sel(flux=field) for beta, field in fields.items()}
        self.wires = {
            beta: DiffusiveWire.measured(short.sel(flux=field), beta=beta)
            for beta, field in fields.items()
        }
        self.channels = self.wires[1].channels
        unit = self.wires[1].localization_length(beta=1)
        self.deep = self.lengths >= DEEP * unit
        self.remaining = theory.remaining_interference(
            flux, self.wires[1].width, localization_length=unit
        )
        self.xi = {beta: localization_length(*self.localized(beta)) for beta in (1, 2)}
        self.growth = {beta: scaling_ratio(*self.localized(beta)) for beta in (1, 2)}
        self.gain = self.measured_gain()

    def localized(self, beta):
        """Lengths and conductances that ξ is taken from."""
        return self.lengths[self.deep], self.g[beta].isel(length=self.deep)

    def expected(self, beta):
        """(βN + 2 - β) l, with its bound."""
        wire, remaining = self.wires[beta], self.remaining if beta == 2 else 0.0
        return theory.wire_localization_length(
            self.channels, wire.mean_free_path, beta=beta, remaining=remaining
        )

    def ratio(self, beta):
        """ξ measured over expected."""
        path, xi = self.wires[beta].path, self.xi[beta]
        # ξ and l are of the same samples, though of other lengths: the product takes them as
        # independent, here and in the gain.
        return product(xi, path.value / path) / self.expected(beta).value

    def measured_gain(self):
        """ξ/l in the field over ξ/l without, the same disorder in both."""
        lengths, without = self.localized(1)
        gain = localization_length_ratio(lengths, without, self.localized(2)[1])
        return product(gain, self.wires[1].path, 1 / self.wires[2].path)


def ribbons_of_all_widths(data):
    """What claims and panels share: the ribbons of each width, the narrowest first."""
    return [RibbonsInBothFields(sweep) for sweep in datasets(data).values()]


def gain_of_many_channels(widths):
    """The gain by the field, extrapolated to N -> ∞."""
    return many_channel_limit([one.channels for one in widths], [one.gain for one in widths])


def regime(widths):
    """The lengths that ξ is taken from, in both fields."""
    return concatenated(
        wire.regime(ribbons.lengths[ribbons.deep], True, beta=beta, **{"β": beta})
        for ribbons in widths
        for beta, wire in ribbons.wires.items()
    )


# -- claims ---------------------------------------------------------------------------------


def claims(widths):
    """ξ and its doubling against the DMPK equation, and single-parameter scaling."""
    growth = theory.wire_growth_ratio(DEEP)
    for ribbons in widths:
        number = f"N = {ribbons.channels}"
        for beta, factor in ((1, "N + 1"), (2, "2N")):
            name = f"{number}, β = {beta}: ξ/[({factor}) l]"
            yield mk.Claim(name, ribbons.ratio(beta), ribbons.expected(beta).normalized())
        name, source = f"{number}: the field lengthens ξ/l", "Efetov & Larkin 1983"
        yield mk.Claim(name, ribbons.gain, above=1.0, source=source, sigmas=5)
        expected = theory.localization_gain(ribbons.channels, remaining=ribbons.remaining)
        yield mk.Claim(f"{number}: (ξ/l in the field) / (ξ/l without)", ribbons.gain, expected)
        for beta, ratio in ribbons.growth.items():
            yield growth_ratio_claim(growth, ratio, where=f"{number}, β = {beta}")
    # Both fields have the same disorder, and all widths the same random numbers: the means over
    # them take these as independent.
    yield growth_ratio_claim(
        replace(growth, source="single-parameter scaling; Anderson et al. 1980"),
        *(ratio for ribbons in widths for ratio in ribbons.growth.values()),
        where="all N and β",
    )
    yield mk.Claim(
        "N -> ∞: the field doubles ξ/l",
        gain_of_many_channels(widths),
        theory.many_channel_gain(
            [ribbons.channels for ribbons in widths], remaining=widths[-1].remaining
        ),
    )


# -- figure ---------------------------------------------------------------------------------


def conductance(ax, widths):
    """<g> and exp<ln g> of the widest ribbons against length, from metal to insulator."""
    ribbons = widths[-1]
    lengths = ribbons.lengths
    for (beta, wire), color in figures.colored(ribbons.wires.items()):
        field = "no field" if beta == 1 else "field"
        g = ribbons.g[beta].transpose("length", "sample").values
        figures.points(ax, lengths, mean(g), color=color, label=f"⟨g⟩, {field}")
        logs = log_mean(g)
        typical, shown = np.exp(logs.value), logs.value > -18
        # Open marks tell exp<ln g> from <g> here, and say nothing of the regime.
        figures.points(
            ax,
            lengths[shown],
            Estimate(typical, typical * logs.error, logs.n)[shown],
            color=color,
            inside=False,
            label=f"exp⟨ln g⟩, {field}",
        )
        xi = ribbons.expected(beta).value
        dense = np.geomspace(lengths[0], 0.6 * xi, 60)
        metal = wire.drude(dense) + theory.weak_localization(wire.s(dense), beta=beta)
        figures.theory_line(ax, dense, metal, color=color)
        dense = np.geomspace(xi, max(lengths[-1], xi), 100)
        insulator = np.exp(theory.log_conductance(dense, xi))
        figures.theory_line(ax, dense, insulator, color=color, line=":")
        ax.axvline(xi, color=color, linewidth=0.6)
    ax.set(xscale="log", yscale="log", ylim=(1e-7, 2 * ribbons.channels))
    ax.set(xlabel=f"length L (sites), N = {ribbons.channels}", ylabel=r"$g$ ($e^2/h$)")


def scaling(ax, widths):
    """var(ln g) against -<ln g>: one line for all widths and fields."""
    top = 0.0
    pairs = [(ribbons, beta) for ribbons in widths for beta in (1, 2)]
    for (ribbons, beta), color in figures.colored(pairs):
        g = ribbons.g[beta].transpose("length", "sample").values
        x, variance = -log_mean(g).value, log_variance(g)
        top, shown = max(top, x.max()), x > 0
        label = f"N = {ribbons.channels}, β = {beta}"
        inside = ribbons.deep[shown]
        figures.points(ax, x[shown], variance[shown], color=color, label=label, inside=inside)
    slope = theory.wire_growth_ratio(DEEP).value
    figures.theory_line(ax, [0, top], [0, slope * top], label=f"slope {slope:g}")
    ax.set(xlabel=r"$-\langle\ln g\rangle$", ylabel=r"var $\ln g$")


def doubling(ax, widths):
    """The gain of ξ/l by the field against 1/(N + 1), and its limit."""
    x = np.array([1 / (ribbons.channels + 1) for ribbons in widths])
    gains = stack([ribbons.gain for ribbons in widths])
    figures.points(ax, x, gains, label="(ξ/l in the field)/(ξ/l)")
    dense = np.linspace(1e-6, 0.5, 60)
    figures.theory_line(ax, dense, theory.localization_gain(1 / dense - 1), label="2N/(N + 1)")
    limit = gain_of_many_channels(widths)
    ax.errorbar([0], limit.value, limit.error, fmt="s", color=figures.COLORS[1], label="N → ∞")
    ax.set(xlabel="1/(N + 1)", ylabel="gain of ξ by the field", xlim=(-0.01, 0.25), ylim=(1.3, 2.3))


def ribbon_sweep(width, strength, lengths, samples):
    """Sweep of a ribbon, in the field of a cyclotron radius of twice its width (k_F = 1.3)."""
    return mk.Sweep(
        system=Ribbon(width=width, length=lengths[0]),
        energy=-1.0,
        disorder=mk.Anderson(strength=strength),
        axes={"length": lengths, "flux": (0.0, round(1.3 / (4 * np.pi * width), 5))},
        samples=samples,
    )


study = mk.Study(
    name="localization",
    question="Where does a metallic wire become an insulator, and does a field postpone it?",
    sweeps={
        "wire5": ribbon_sweep(7, 2.0, (5, 10, 20, 40, 80, 160, 400, 800, 1200), 1000),
        "wire10": ribbon_sweep(15, 2.0, (5, 10, 20, 40, 80, 160, 320, 800, 1500), 800),
        "wire20": ribbon_sweep(30, 2.0, (5, 10, 20, 40, 80, 160, 320, 640, 1450, 2900), 200),
    },
    presets={
        "full": {
            "wire5.samples": 6000,
            "wire10.samples": 6000,
            "wire20.strength": 1.5,
            "wire20.length": (10, 20, 40, 80, 160, 320, 640, 1280, 2600, 5200),
            "wire20.samples": 3000,
        },
        "toy": {
            "wire5.width": 4,
            "wire10.width": 6,
            "wire20.width": 7,
            "length": (4, 8, 120, 160),
            "strength": 4.0,
            "samples": 6,
        },
    },
    reading=ribbons_of_all_widths,
    regime=regime,
    claims=claims,
    panels=(conductance, scaling, doubling),
    seed=2,
)

mk.main(study, __name__)
