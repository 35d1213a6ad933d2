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

from functools import cached_property
from itertools import product

import numpy as np
from matplotlib.figure import Figure

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import (
    DiffusiveWire,
    decay_rates,
    localization_length,
    mean_free_path,
    scaling_ratio,
    stacked,
)
from mesokwant.statistics import Estimate, bootstrap, log_mean, log_variance, mean
from systems import Ribbon

DEEP = 6
"""Lengths that ξ is taken from, at least, in (N + 1) l."""
SHORT = 2.5
"""Lengths that l is taken from, at most, in Born's l."""


class Ribbons:
    """Ribbons of one width at all lengths, in both fields, and what their resistance says."""

    def __init__(self, data):
        self.g, self.lengths = data.g, data.length.values
        self.flux, width = float(data.flux.max()), data.attrs["system.width"]
        self.energy, disorder = data.attrs["energy"], data.attrs["disorder.width"]
        self.channels = int(theory.open_modes(self.energy, width))
        born = theory.square_lattice_mean_free_path(self.energy, disorder)
        short = self.lengths <= SHORT * born
        self.wires = {
            beta: DiffusiveWire(
                width,
                self.channels,
                mean_free_path(self.lengths[short], self.of(beta)[short], self.channels, beta=beta),
            )
            for beta in (1, 2)
        }
        self.deep = self.lengths >= DEEP * self.expected(1)

    def of(self, beta):
        """Conductances (length, sample) without and with the field."""
        return self.g.sel(flux=0.0 if beta == 1 else self.flux).transpose("length", "sample")

    def expected(self, beta):
        """(βN + 2 - β) l."""
        return self.wires[beta].localization_length(beta)

    def localized(self, beta):
        """Lengths and conductances that ξ is taken from."""
        return self.lengths[self.deep], self.of(beta)[self.deep]

    def ratio(self, beta):
        """ξ measured over expected."""
        xi = localization_length(*self.localized(beta))
        return _combined(xi.value / self.expected(beta), xi, self.wires[beta].path)

    @cached_property
    def doubling(self):
        """ξ/l in the field over ξ/l without, the same disorder in both."""
        rates = [decay_rates(*self.localized(beta)) for beta in (1, 2)]
        xi = bootstrap(lambda one, two: np.nanmean(one) / np.nanmean(two), *rates)
        first, second = (self.wires[beta].path for beta in (1, 2))
        return _combined(xi.value * first.value / second.value, xi, first, second)

    @property
    def left(self):
        """Share L_B/ξ of the interference that the field leaves, at most."""
        return float(theory.magnetic_length(self.flux, self.wires[1].width)) / self.expected(1)


def _combined(value, *factors):
    """A product of independent factors."""
    relative = [factor.error / factor.value for factor in factors]
    return Estimate(value, value * np.linalg.norm(relative), factors[0].n)


def _all(data):
    return [Ribbons(data[name].to_dataset()) for name in data]


def regime(data):
    """The lengths that ξ is taken from, in both fields."""
    tables = []
    for ribbons in _all(data):
        dos = theory.square_lattice_dos(ribbons.energy)
        for beta, wire in ribbons.wires.items():
            lengths = ribbons.lengths[ribbons.deep]
            tables.append(wire.regime(lengths, True, beta=beta, dos=dos, β=beta))
    return stacked(tables)


def claims(data):
    """ξ and its doubling against the DMPK equation, and single-parameter scaling."""
    found = _all(data)
    for ribbons in found:
        inequivalent = 1 / ribbons.channels
        for beta, left in ((1, 0.0), (2, ribbons.left)):
            factor = {1: "N + 1", 2: "2N"}[beta]
            yield mk.Claim(
                f"N = {ribbons.channels}, β = {beta}: ξ/[({factor}) l]",
                ribbons.ratio(beta),
                1.0,
                "DMPK; Beenakker, RMP 69, 731 (1997)",
                systematic=inequivalent + left,
                because="channels not equivalent, 1/N, and L_B/ξ in the field",
            )
        yield mk.Claim(
            f"N = {ribbons.channels}: the field lengthens ξ/l",
            ribbons.doubling,
            1.0,
            "Efetov & Larkin 1983",
            sigmas=5,
            relation=">",
        )
        expected = 2 * ribbons.channels / (ribbons.channels + 1)
        yield mk.Claim(
            f"N = {ribbons.channels}: (ξ/l in the field) / (ξ/l without)",
            ribbons.doubling,
            expected,
            "2N/(N + 1); Dorokhov 1983, Beenakker 1997",
            systematic=expected * (inequivalent + ribbons.left),
            because="channels not equivalent, 1/N, and L_B/ξ in the field",
        )
        for beta in (1, 2):
            yield mk.Claim(
                f"N = {ribbons.channels}, β = {beta}: growth of var(ln g) / -<ln g>",
                scaling_ratio(*ribbons.localized(beta)),
                2.0,
                "DMPK; Beenakker, RMP 69, 731 (1997)",
                systematic=0.1,
                because="5 %: the second eigenvalue still meets the first",
            )
    ratios = [scaling_ratio(*one.localized(beta)) for one in found for beta in (1, 2)]
    weights = np.array([ratio.error**-2.0 for ratio in ratios])
    yield mk.Claim(
        "all N and β: growth of var(ln g) / -<ln g>",
        Estimate(
            float(np.average([ratio.value for ratio in ratios], weights=weights)),
            float(weights.sum() ** -0.5),
            ratios[0].n,
        ),
        2.0,
        "single-parameter scaling; Anderson et al. 1980",
        systematic=0.1,
        because="5 %: the second eigenvalue still meets the first",
    )
    value, error = _many_channels(found)
    smallest = found[0].channels * found[1].channels
    yield mk.Claim(
        "N -> ∞: the field doubles ξ/l",
        Estimate(value, error, found[0].doubling.n),
        2.0,
        "ξ = βN l; Efetov & Larkin 1983, Dorokhov 1983",
        systematic=2 / smallest + 2 * found[-1].left,
        because="next order, 1/N² from the smallest two N, and L_B/ξ of the largest",
    )


def _many_channels(wires):
    """Intercept of a straight line through the doubling against 1/(N + 1), and its error."""
    found = [ribbons.doubling for ribbons in wires]
    x = [1 / (ribbons.channels + 1) for ribbons in wires]
    weights = [1 / estimate.error for estimate in found]
    line, covariance = np.polyfit(
        x, [estimate.value for estimate in found], 1, w=weights, cov="unscaled"
    )
    return float(line[1]), float(np.sqrt(covariance[1, 1]))


def figure(data) -> Figure:
    """From metal to insulator, single-parameter scaling, and the doubling of ξ."""
    drawing, (axes,) = figures.panels(1, 3, size=(3.1, 2.7))
    wires = _all(data)
    _draw_wire(axes[0], wires[-1])
    _draw_scaling(axes[1], wires)
    _draw_doubling(axes[2], wires)
    for ax, letter in zip(axes, "abc", strict=True):
        ax.set_title(f"({letter})")
        ax.legend()
    return drawing


def _draw_wire(ax, ribbons):
    for beta, color in ((1, figures.COLORS[0]), (2, figures.COLORS[1])):
        g, s = ribbons.of(beta), ribbons.lengths / float(ribbons.wires[beta].path.value)
        average, typical = mean(g), log_mean(g)
        field = "no field" if beta == 1 else "field"
        shown = typical.value > -18
        figures.points(ax, ribbons.lengths, average, color=color, label=f"⟨g⟩, {field}")
        typical = Estimate(np.exp(typical.value), np.exp(typical.value) * typical.error, typical.n)
        figures.points(
            ax,
            ribbons.lengths[shown],
            typical[shown],
            color=color,
            inside=False,
            label=f"exp⟨ln g⟩, {field}",
        )
        dense = np.geomspace(ribbons.lengths[0], 0.6 * ribbons.expected(beta), 60)
        s = dense / float(ribbons.wires[beta].path.value)
        metal = theory.conductance(ribbons.channels, s) + theory.weak_localization(s, beta=beta)
        figures.theory_line(ax, dense, metal, color=color)
        dense = np.geomspace(ribbons.expected(beta), ribbons.lengths[-1], 60)
        insulator = np.exp(theory.log_conductance(dense, ribbons.expected(beta)))
        ax.plot(dense, insulator, ":", color=color)
        ax.axvline(ribbons.expected(beta), color=color, linewidth=0.6)
    ax.set(
        xscale="log",
        yscale="log",
        ylim=(1e-7, 2 * ribbons.channels),
        xlabel=f"length L (sites), N = {ribbons.channels}",
        ylabel=r"$g$ ($e^2/h$)",
    )


def _draw_scaling(ax, wires):
    top = 0.0
    for (ribbons, beta), color in figures.colored(product(wires, (1, 2))):
        x, variance = -log_mean(ribbons.of(beta)).value, log_variance(ribbons.of(beta))
        top = max(top, x.max())
        label = f"N = {ribbons.channels}, β = {beta}"
        shown = x > 0
        inside = ribbons.deep[shown]
        figures.points(ax, x[shown], variance[shown], color=color, label=label, inside=inside)
    figures.theory_line(ax, [0, top], [0, 2 * top], label="slope 2")
    ax.set(xlabel=r"$-\langle\ln g\rangle$", ylabel=r"var $\ln g$")


def _draw_doubling(ax, wires):
    x = np.array([1 / (ribbons.channels + 1) for ribbons in wires])
    found = [ribbons.doubling for ribbons in wires]
    doubling = Estimate(*np.array([(e.value, e.error, e.n) for e in found]).T)
    figures.points(ax, x, doubling, color=figures.COLORS[0], label="(ξ/l in the field)/(ξ/l)")
    dense = np.array([0, 0.5])
    figures.theory_line(ax, dense, 2 - 2 * dense, label="2N/(N + 1)")
    value, error = _many_channels(wires)
    ax.errorbar([0], [value], [error], fmt="s", color=figures.COLORS[1], label="N → ∞")
    ax.set(xlabel="1/(N + 1)", ylabel="gain of ξ by the field", xlim=(-0.01, 0.25), ylim=(1.3, 2.3))


def _wire(width, disorder, lengths, samples):
    """Sweep of a ribbon, in the field of a cyclotron radius of twice its width (k_F = 1.3)."""
    return mk.Sweep(
        system=Ribbon(width=width, length=lengths[0]),
        energy=-1.0,
        disorder=mk.Anderson(strength=disorder),
        axes={"length": lengths, "flux": (0.0, round(1.3 / (4 * np.pi * width), 5))},
        observables={"g": mk.Conductance()},
        samples=samples,
    )


study = mk.Study(
    name="localization",
    description="Where does a metallic wire become an insulator, and does a field postpone it?",
    sweeps={
        "wire5": _wire(7, 2.0, (5, 10, 20, 40, 80, 160, 400, 800, 1200), 1000),
        "wire10": _wire(15, 2.0, (5, 10, 20, 40, 80, 160, 320, 800, 1500), 800),
        "wire20": _wire(30, 2.0, (5, 10, 20, 40, 80, 160, 320, 640, 1450, 2900), 200),
    },
    presets={
        "quick": {},
        "full": {
            "wire5.samples": 6000,
            "wire10.samples": 6000,
            "wire20.disorder.width": 1.5,
            "wire20.length": (10, 20, 40, 80, 160, 320, 640, 1280, 2600, 5200),
            "wire20.samples": 3000,
        },
    },
    claims=claims,
    figure=figure,
    regime=regime,
    seed=2,
)


if __name__ == "__main__":
    mk.main(study)
