"""Thouless energy and correlation field: how much changes a sample's fingerprint.

Two conductances of one sample are alike as long as their energies differ by less than the
Thouless energy E_c = π² ħD/L'², and their fields by less than about a flux quantum through it:

* <δg(E) δg(E + Δ)>/var g = Σ [(2/3)|λ|⁻² + (1/3) Re λ⁻²]/Σ q⁻⁴ with λ = q² + iΔ/(ħD), the sum over
  the modes of diffusion between leads and walls (`theory.rectangle_energy_correlation`). In a long
  wire it is 1/2 at Δ = 0.79 E_c: E_c ∝ 1/L².
* <δg(f) δg(f + Δf)>/var g = Tr|D|² of the diffuson in the difference of the fields
  (`theory.rectangle_field_correlation`): in a long wire 1/2 at 1.4 h/e through the sample.

Nothing is fitted. With N open modes and l the slope of N/<g> against L, g = N l/(L + l): the
contacts make the wire longer by l, and D = N l/(2πνW) with the density of states ν of the clean
lattice. Diffusion takes place on L' = L + l, which stands for the length everywhere here.

All is measured in a field that has removed the Cooperon (β = 2). Half-widths of data and theory
are interpolated on the same grid of differences. Regime, by rule: filled points have l <= W/3,
L >= 3 W and L >= 8 l (slow modes only), and L <= 0.55 ξ, ξ = 2 N l, where var g is within 6 % of
the metal's. In shorter wires paths of a few l add fluctuations that hardly depend on energy and
field: such points are drawn open, and lie above the line. What limits the agreement:

* The contact: l/2 at either end is right to a tenth or two (diffusion in two dimensions that
  starts at a plane ends 0.82 l_tr outside, and l/2 is 0.79 l_tr): 0.2 l/L of E_c is the bound.
* ν changes with the disorder, by about ħ/(2 E_F τ), and diffusion across is not slow against
  1/τ, (l/W)²/2: their sum is the bound for D.
* The field sees the walls: for l of the order of W flux cancels along a path and the correlation
  field is larger, by a share of order l/W.

Errors come from one joint bootstrap over samples. Wires of two lengths are not independent: sample
7 of a longer ribbon begins with the disorder of sample 7 of a shorter one. Whole samples are
therefore drawn, with their curves g(E) and g(f) of all lengths, and each draw gives l from its own
resistance. The exponent, the difference of two E_c, the ratios of E_c to that of the resistance
and the flux through (L + l) W all take their errors from these draws. Only the half-width of
theory in units of E_c is not computed anew, since it hardly depends on l. The full run has
correlations of 0.3 to 0.35 between the E_c of neighbouring lengths, 0.03 between the outermost.
"""

import numpy as np
import xarray as xr
from scipy.interpolate import CubicSpline

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import (
    DiffusiveWire,
    correlation_width,
    half_width,
    mean_free_path,
    path_of_averages,
)
from mesokwant.engine.results import datasets
from mesokwant.statistics import autocorrelation, bootstrap
from systems import Ribbon

LENGTHS = (120, 160, 210, 280)
WIDTH, ENERGY, FIELD = 40, -1.0, 3e-3
THOULESS = 80.0
"""About E_c L'², to choose the steps; no result depends on it."""
EXTRA = 10
"""About L' - L, for the same."""
RESAMPLES = 300
"""An error known to 4 per cent is enough."""


class Wires:
    """What claims and panels share: curves of all lengths, and what one bootstrap says of them."""

    def __init__(self, data):
        sweeps = datasets(data)
        names = sorted((n for n in sweeps if n.startswith("energy")), key=_number)
        first = sweeps[names[0]]
        g = [sweeps[name].g for name in [*names, *(n.replace("energy", "field") for n in names)]]
        # The joint bootstrap is over the samples that all sweeps have.
        g = xr.align(*g, join="inner", exclude=["energy", "flux"])
        self.energy_curves, self.field_curves = g[: len(names)], g[len(names) :]
        self.energies = _lags(self.energy_curves, "energy")
        self.fluxes = _lags(self.field_curves, "flux")
        self.lengths = np.array([int(sweeps[name].length) for name in names])
        width, energy = int(first.width), float(first.energy.mean())
        channels = int(theory.open_modes(energy, width))
        averages = np.stack([g.mean("energy").values for g in self.energy_curves])
        path = mean_free_path(self.lengths, averages, channels)
        self.wire = DiffusiveWire(width, channels, path, energy)
        self.full = self.lengths + path.value
        slow = (self.lengths >= 8 * path.value) & (self.lengths >= 3 * width)
        metal = self.lengths <= 0.55 * self.wire.localization_length(beta=2)
        self.inside = slow & metal & (self.wire.path_over_width <= 1 / 3)
        self.expected = self.thouless_energy(self.lengths, path.value)
        # E_c over the half-width, by theory.
        self.scale = self.expected.value / [
            half_width(lags, self.energy_theory(i, lags)) for i, lags in enumerate(self.energies)
        ]
        found = bootstrap(
            self.measured,
            averages,
            np.stack([g.transpose("energy", "sample").values for g in self.energy_curves]),
            np.stack([g.transpose("flux", "sample").values for g in self.field_curves]),
            resamples=RESAMPLES,
        )
        self.exponent, self.difference = found[0], found[1]
        rows = np.arange(2, len(found.value)).reshape(3, -1)
        self.thouless, self.ratio, self.field = (found[row] for row in rows)

    def measured(self, averages, energy_curves, field_curves):
        """What is claimed of some samples, from their curves and their own mean free path.

        Exponent and difference, then of every length E_c, its ratio to that of the resistance,
        and the correlation field in h/e through the sample.
        """
        averages = np.nanmean(averages, axis=-1)
        path = path_of_averages(self.lengths, averages, self.wire.channels)
        full = self.lengths + path
        thouless = self.scale * correlation_width(self.energies, energy_curves)
        ratio = thouless / self.thouless_energy(self.lengths, path).value
        field = correlation_width(self.fluxes, field_curves) * full * self.wire.width
        slope = _slope(np.log(full[self.inside]), np.log(thouless[self.inside]))
        return np.concatenate([[slope, thouless[-1] - thouless[0]], thouless, ratio, field])

    def thouless_energy(self, length, path):
        """E_c that the resistance expects."""
        size = {"channels": self.wire.channels, "mean_free_path": path, "energy": self.wire.energy}
        return theory.wire_thouless_energy(length, self.wire.width, **size)

    def energy_theory(self, i, lags):
        """Correlation function in energy of the wire number i."""
        diffusion = self.wire.diffusion.value
        return theory.rectangle_energy_correlation(
            lags, self.full[i], self.wire.width, diffusion=diffusion
        )

    def correlation_field(self, length, fluxes):
        """Correlation field that theory expects, interpolated between these fluxes."""
        path = self.wire.mean_free_path
        return theory.correlation_field(fluxes, length, self.wire.width, mean_free_path=path)


def _number(name):
    return int(name.rpartition("_")[2])


def _lags(curves, axis):
    return np.stack([g[axis].values - g[axis].values[0] for g in curves])


def _slope(x, y):
    """Least-squares slope of y against x, unweighted; NaN where there is no line."""
    if len(x) < 2:
        return np.nan
    x = x - x.mean()
    return x @ y / (x @ x)


def regime(wires):
    """Where each length lies."""
    return wires.wire.regime(wires.lengths, wires.inside, beta=2)


# -- claims ---------------------------------------------------------------------------------


def claims(wires):
    """The power law, D from both sides, and the flux quantum."""
    chosen = np.flatnonzero(wires.inside)
    name = "E_c of the longest wire less that of the shortest (t)"
    source = "Thouless, Phys. Rep. 13, 93 (1974)"
    yield mk.Claim(name, wires.difference, below=0.0, source=source, sigmas=5)
    if len(chosen) > 1:
        path = wires.wire.mean_free_path
        exponent = theory.thouless_exponent(wires.lengths[chosen], mean_free_path=path)
        yield mk.Claim("exponent of E_c against L + l", wires.exponent, exponent)
    for i in chosen:
        name = f"L = {wires.lengths[i]}: D from the correlation over D from the resistance"
        yield mk.Claim(name, wires.ratio[i], wires.expected[i].normalized())
    for i in chosen:
        name = f"L = {wires.lengths[i]}: correlation field, h/e through the sample"
        expected = wires.correlation_field(wires.lengths[i], wires.fluxes[i])
        yield mk.Claim(name, wires.field[i], expected)


# -- figure ---------------------------------------------------------------------------------

LENGTH = r"$L'=L+l$ ($a$)"


def energy_correlation(ax, wires):
    """Correlation in energy against the difference in units of E_c."""
    x = np.linspace(0, 3, 61)
    for i, style in _each(wires):
        unit = wires.expected.value[i]
        _correlation(ax, wires.energy_curves[i], "energy", unit, style)
        figures.theory_line(ax, x, wires.energy_theory(i, x * unit), color=style["color"])
    figures.level(ax, 0)
    ax.set(xlabel=r"$\Delta/E_c$, $E_c=\pi^2\hbar D/L'^2$ from the resistance")


def thouless_scaling(ax, wires):
    """E_c from the correlation against length, and what the resistance expects."""
    for i, style in _each(wires, label=""):
        figures.points(ax, wires.full[i], 1e3 * wires.thouless[i], **style)
    path = wires.wire.mean_free_path
    dense = np.geomspace(0.9 * wires.full[0], 1.1 * wires.full[-1], 60)
    line = 1e3 * wires.thouless_energy(dense - path, path)
    label = r"$\pi^2\hbar D/L'^2$, resistance"
    figures.theory_line(ax, dense, line, label=label, bound="bound")
    ax.set(xscale="log", yscale="log", xlabel=LENGTH)
    ax.set(ylabel=r"$E_c$ from the correlation ($10^{-3}\,t$)")
    figures.ticks(ax.xaxis, 100, 150, 200, 300)
    figures.ticks(ax.yaxis, 0.5, 1, 2, 3, 5)


def field_correlation(ax, wires):
    """Correlation in field against the flux through the sample."""
    x = np.linspace(0, 3, 13)
    for i, style in _each(wires):
        unit = 1 / (wires.full[i] * wires.wire.width)
        _correlation(ax, wires.field_curves[i], "flux", unit, style)
        line = theory.rectangle_field_correlation(x * unit, wires.full[i], wires.wire.width)
        dense = np.linspace(0, 3, 121)
        # The curve is even and smooth, and each of its points takes time.
        smooth = CubicSpline(x, line, bc_type=("clamped", "not-a-knot"))
        figures.theory_line(ax, dense, smooth(dense), color=style["color"])
    figures.level(ax, 0)
    ax.set(xlabel=r"$\Delta f\,L'W$ ($h/e$)")


def flux_quantum(ax, wires):
    """Correlation field through the sample against length."""
    for i, style in _each(wires, label=""):
        figures.points(ax, wires.full[i], wires.field[i], **style)
    full = np.linspace(0.9 * wires.full[0], 1.05 * wires.full[-1], 20)
    quanta = wires.fluxes[0, :5] * wires.full[0]
    path = wires.wire.mean_free_path
    lines = [wires.correlation_field(x - path, quanta / x) for x in full]
    line = theory.Prediction(
        [one.value for one in lines], [one.bound for one in lines], lines[0].because
    )
    figures.theory_line(ax, full, line, label="rectangle", bound=r"bound, $l/W$")
    ax.set(xlabel=LENGTH, ylabel=r"correlation field $\Delta f\,L'W$ ($h/e$)", ylim=(0, None))


def _each(wires, label="L = {} a"):
    """Number and style of every length."""
    for i, (_, style) in enumerate(figures.each(wires.lengths, inside=wires.inside, label=label)):
        yield i, style


def _correlation(ax, g, axis, unit, style):
    """Measured correlation function over its value at no difference."""
    found = autocorrelation(g, axis)
    scaled = found / float(found.value[0])
    figures.points(ax, found.value[f"{axis}_lag"].values[1:] / unit, scaled[1:], **style)
    ax.set(ylabel=r"$\langle\delta g\,\delta g\rangle/\mathrm{var}\,g$", xlim=(0, 3))


def _sweeps():
    """A sweep in energy and one in field for every length, in steps of a third of the width."""
    common = {"disorder": mk.Anderson(strength=2.0), "samples": 220}
    sweeps = {}
    for length in LENGTHS:
        system = Ribbon(width=WIDTH, length=length)
        unit = THOULESS / (length + EXTRA) ** 2
        energies = tuple(round(ENERGY + 0.35 * unit * i, 12) for i in range(-4, 5))
        step = 0.5 / WIDTH / (length + EXTRA)
        fluxes = tuple(round(FIELD + step * i, 14) for i in range(-4, 5))
        sweeps[f"energy_{length}"] = mk.Sweep(
            system=system, params={"flux": FIELD}, axes={"energy": energies}, **common
        )
        sweeps[f"field_{length}"] = mk.Sweep(
            system=system, energy=ENERGY, axes={"flux": fluxes}, **common
        )
    return sweeps


study = mk.Study(
    name="thouless_energy",
    question="How far must energy or field move until a sample is another one?",
    sweeps=_sweeps(),
    presets={
        "full": {"samples": 2500},
        "toy": {
            "width": 7,
            **{f"energy_{length}.length": length // 12 for length in LENGTHS},
            **{f"field_{length}.length": length // 12 for length in LENGTHS},
            "samples": 12,
        },
    },
    reading=Wires,
    regime=regime,
    claims=claims,
    panels=(energy_correlation, thouless_scaling, field_correlation, flux_quantum),
    seed=6,
)

mk.main(study, __name__)
