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
are interpolated on the same grid of differences, and errors come from the bootstrap of whole
curves. Regime, by rule: filled points have l <= W/3, L >= 3 W and L >= 8 l (slow modes only), and
L <= 0.55 ξ, ξ = 2 N l, where var g is within 6 % of the metal's. In shorter wires paths of a few l
add fluctuations that hardly depend on energy and field: such points are drawn open, and lie
above the line. What limits the agreement:

* The contact: l/2 at either end is right to a tenth or two (diffusion in two dimensions that
  starts at a plane ends 0.82 l_tr outside, and l/2 is 0.79 l_tr): 0.2 l/L of E_c is the bound.
* ν changes with the disorder, by about ħ/(2 E_F τ), and diffusion across is not slow against
  1/τ, (l/W)²/2: their sum is the bound for D.
* The field sees the walls: for l of the order of W flux cancels along a path and the correlation
  field is larger, by a share of order l/W.
"""

import numpy as np
from matplotlib.figure import Figure

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import DiffusiveWire, correlation_width, half_width, mean_free_path
from mesokwant.statistics import Estimate, autocorrelation
from systems import Ribbon

LENGTHS = (120, 160, 210, 280)
WIDTH, ENERGY, FIELD = 40, -1.0, 3e-3
THOULESS = 80.0
"""About E_c L'², to choose the steps; no result depends on it."""
EXTRA = 10
"""About L' - L, for the same."""


class Samples:
    """Curves g(E) and g(f) of the wires of all lengths, and what their resistance says."""

    def __init__(self, data):
        names = sorted((n for n in data.children if n.startswith("energy")), key=_number)
        self.energy = [data[name].to_dataset() for name in names]
        self.field = [data[name.replace("energy", "field")].to_dataset() for name in names]
        self.lengths = np.array([d.attrs["system.length"] for d in self.energy])
        width, middle = self.energy[0].attrs["system.width"], float(self.energy[0].energy.mean())
        channels = int(theory.open_modes(middle, width))
        count = min(d.sizes["sample"] for d in self.energy)
        curves = [d.g.mean("energy").isel(sample=slice(count)).values for d in self.energy]
        path = mean_free_path(self.lengths, np.array(curves), channels)
        self.wire = DiffusiveWire(width, channels, path)
        self.dos = float(theory.square_lattice_dos(middle))
        self.diffusion = self.wire.diffusion(self.dos)
        self.full = self.lengths + path.value
        slow = (self.lengths >= 8 * path.value) & (self.lengths >= 3 * width)
        metal = self.lengths <= 0.55 * self.wire.localization_length(beta=2)
        self.inside = slow & metal & (self.wire.blur <= 1 / 3)

    def energy_width(self, i):
        """Measured half-width and that of theory for D from the resistance."""
        lags = self.energy[i].energy.values - self.energy[i].energy.values[0]
        return correlation_width(self.energy[i].g, "energy"), half_width(
            lags, self.energy_theory(i, lags)
        )

    def energy_theory(self, i, lags):
        """The correlation function."""
        return theory.rectangle_energy_correlation(
            lags, self.full[i], self.wire.width, diffusion=self.diffusion.value
        )

    def over_resistance(self, found, expected):
        """A width over what the resistance expects, with the errors of both."""
        value = found.value / expected
        relative = np.hypot(found.error / found.value, self.diffusion.error / self.diffusion.value)
        return Estimate(value, float(value * relative), found.n)

    def field_width(self, i):
        """The same for the field, in h/e through the sample."""
        flux = self.field[i].flux.values
        unit = self.full[i] * self.wire.width
        found = correlation_width(self.field[i].g, "flux")
        expected = half_width(flux - flux[0], self.field_theory(i, flux - flux[0]))
        scaled = Estimate(found.value * unit, found.error * unit, found.n)
        return scaled, float(expected * unit)

    def field_theory(self, i, lags):
        """The correlation function."""
        return theory.rectangle_field_correlation(lags, self.full[i], self.wire.width)

    def thouless(self, i):
        """E_c from the half-width, in the convention π² ħD/L'²."""
        found, expected = self.energy_width(i)
        scale = float(theory.thouless_energy(self.diffusion.value, self.full[i])) / expected
        return Estimate(found.value * scale, found.error * scale, found.n)


def regime(data):
    """Where each length lies."""
    samples = Samples(data)
    return samples.wire.regime(samples.lengths, samples.inside, beta=2, dos=samples.dos)


def claims(data):
    """The power law, D from both sides, and the flux quantum."""
    samples = Samples(data)
    chosen = np.flatnonzero(samples.inside)
    yield _longest_is_quickest(samples)
    if len(chosen) > 1:
        yield from _power_law(samples, chosen)
    contact = 0.2 / samples.wire.s(samples.lengths)
    blur = samples.wire.blur**2 / 2
    for i in chosen:
        found, expected = samples.energy_width(i)
        yield mk.Claim(
            f"L = {samples.lengths[i]}: D from the correlation over D from the resistance",
            samples.over_resistance(found, expected),
            1.0,
            "E_c = π² ħD/L²; Lee, Stone & Fukuyama, PRB 35, 1039 (1987)",
            systematic=float(contact[i] + blur + _disorder_share(samples)),
            because="contacts, diffusion across, density of states",
        )
    for i in chosen:
        found, expected = samples.field_width(i)
        yield mk.Claim(
            f"L = {samples.lengths[i]}: correlation field, h/e through the sample",
            found,
            expected,
            "Altshuler & Khmelnitskii, JETP Lett. 42, 359 (1985)",
            systematic=expected * samples.wire.blur,
            because="flux cancellation, l/W",
        )


def _longest_is_quickest(samples):
    first, last = samples.thouless(0), samples.thouless(len(samples.lengths) - 1)
    error = float(np.hypot(first.error, last.error))
    return mk.Claim(
        "E_c of the longest wire less that of the shortest (t)",
        Estimate(last.value - first.value, error, int(last.n)),
        0.0,
        "Thouless, Phys. Rep. 13, 93 (1974)",
        sigmas=5,
        relation="<",
    )


def _power_law(samples, chosen):
    """Exponent of E_c against L', unweighted: wires of two lengths are two samples."""
    logs = np.log(samples.full[chosen])
    weights = (logs - logs.mean()) / np.sum((logs - logs.mean()) ** 2)
    found = [samples.thouless(i) for i in chosen]
    slope = sum(w * np.log(e.value) for w, e in zip(weights, found, strict=True))
    error = np.sqrt(sum((w * e.error / e.value) ** 2 for w, e in zip(weights, found, strict=True)))
    shorter, longer = samples.lengths[chosen][[0, -1]]
    steps = 0.2 / samples.wire.s(np.array([shorter, longer]))
    ends = (steps[0] - steps[1]) / (logs[-1] - logs[0])
    yield mk.Claim(
        "exponent of E_c against L + l",
        Estimate(float(slope), float(error), int(found[0].n)),
        -2.0,
        "E_c = π² ħD/L²; Thouless, Phys. Rep. 13, 93 (1974)",
        systematic=float(ends),
        because="contacts, a tenth of l at either end",
    )


def _disorder_share(samples):
    """ħ/(2 E_F τ): how much disorder blurs the density of states; E_F from the band bottom."""
    energy = float(samples.energy[0].energy.mean())
    transport = float(samples.wire.path.value) * 2 / np.pi
    rate = 2 * samples.diffusion.value / transport**2
    return rate / (2 * (4 + energy))


def figure(data) -> Figure:
    """Correlation in energy and field, and what their widths scale with."""
    samples = Samples(data)
    drawing, axes = figures.panels(2, 2, size=(3.5, 2.7))
    (energy, thouless), (field, quantum) = axes
    for i, (length, color) in enumerate(figures.colored(samples.lengths)):
        unit = float(theory.thouless_energy(samples.diffusion.value, samples.full[i]))
        _draw_correlation(energy, samples.energy[i], "energy", unit, color, f"L = {length} a")
        area = 1 / (samples.full[i] * samples.wire.width)
        _draw_correlation(field, samples.field[i], "flux", area, color, f"L = {length} a")
        for ax, scale, theory_of in (
            (energy, unit, samples.energy_theory),
            (field, area, samples.field_theory),
        ):
            x = np.linspace(0, 3, 25)
            figures.theory_line(ax, x, theory_of(i, x * scale), color=color)
        inside = bool(samples.inside[i])
        found, _ = samples.field_width(i)
        point = samples.thouless(i)
        for ax, estimate, unit in ((thouless, point, 1e-3), (quantum, found, 1)):
            one = Estimate([estimate.value / unit], [estimate.error / unit], [estimate.n])
            figures.points(ax, [samples.full[i]], one, color=color, inside=inside)
    energy.set(xlabel=r"$\Delta/E_c$, $E_c=\pi^2\hbar D/L'^2$ from the resistance")
    field.set(xlabel=r"$\Delta f\,L'W$ ($h/e$)")
    for ax in (energy, field):
        ax.set(ylabel=r"$\langle\delta g\,\delta g\rangle/\mathrm{var}\,g$", xlim=(0, 3))
        ax.axhline(0, color="0.8", linewidth=0.8)
    _draw_scaling(thouless, quantum, samples)
    for ax, letter in zip(axes.flat, "abcd", strict=True):
        ax.set_title(f"({letter})")
        ax.legend()
    return drawing


def _draw_correlation(ax, dataset, axis, unit, color, label):
    found = autocorrelation(dataset.g, axis)
    lags = found.value[f"{axis}_lag"].values / unit
    scale = float(found.value[0])
    scaled = Estimate(found.value.values / scale, found.error.values / scale, found.n.values)
    figures.points(ax, lags[1:], scaled[1:], color=color, label=label)


def _draw_scaling(thouless, quantum, samples):
    dense = np.geomspace(0.9 * samples.full[0], 1.1 * samples.full[-1], 30)
    line = theory.thouless_energy(samples.diffusion.value, dense)
    figures.theory_line(thouless, dense, 1e3 * line, label=r"$\pi^2\hbar D/L'^2$, resistance")
    thouless.set(xscale="log", yscale="log", xlabel=r"$L'=L+l$ ($a$)")
    thouless.set(ylabel=r"$E_c$ from the correlation ($10^{-3}\,t$)")
    figures.ticks(thouless.xaxis, 100, 150, 200, 300)
    figures.ticks(thouless.yaxis, 0.5, 1, 2, 3, 5)
    expected = [samples.field_width(i)[1] for i in range(len(samples.full))]
    figures.theory_line(quantum, samples.full, expected, label="rectangle")
    quantum.set(xlabel=r"$L'=L+l$ ($a$)", ylabel=r"correlation field $\Delta f\,L'W$ ($h/e$)")
    quantum.set(ylim=(0, None))


def _number(name):
    return int(name.rpartition("_")[2])


def _sweeps():
    """A sweep in energy and one in field for every length, in steps of a third of the width."""
    common = {"disorder": mk.Anderson(strength=2.0), "observables": {"g": mk.Conductance()}}
    common |= {"samples": 220}
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
    description="How far must energy or field move until a sample is another one?",
    sweeps=_sweeps(),
    presets={"quick": {}, "full": {"samples": 2500}},
    claims=claims,
    figure=figure,
    regime=regime,
    seed=6,
)


if __name__ == "__main__":
    mk.main(study)
