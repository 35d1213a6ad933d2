"""The fingerprint: one sample fluctuates with field and energy as samples do among each other.

The conductance of a coherent disordered sample is a reproducible, noise-like function of field and
energy (Lee and Stone, Phys. Rev. Lett. 55, 1622 (1985)).

* g(f) = g(-f) in every single sample: two-terminal reciprocity (Büttiker 1988).
* An average over field or energy equals one over samples: the curve of a sample has the variance of
  the ensemble, but for neighbouring points being alike. Over a window of n points it is lower, by
  the mean correlation between them (`theory.finite_window_variance`), for the correlation function
  of a rectangle (`theory.rectangle_field_correlation`, `theory.rectangle_energy_correlation`).
* How fast a curve forgets is half the mean square of its change, ½<[δg(f + Δf) - δg(f)]²>, which
  is var g [1 - C(Δf)].

Nothing is fitted. The class of the comparison is β = 2 by a random flux in every plaquette, and the
field is swept around zero. Anderson disorder alone shows the symmetry; its windows of strong fields
are shown beside, from three flux quanta through the sample on. They test nothing, because Cooperons
of a few scatterings are left there: b = 4πf l_tr² passes 0.3. With them, <δg δg> had a tail of 0.15
var g in earlier runs, where theory has 0.08. A change does not contain what is the same at all
fields, and in a random flux nothing of it is left.

Regime, by rule: 5 l <= L <= 0.4 ξ, l from N/<g> = 1 + L/l, ξ = 2Nl; diffusion on L' = L + l. What
limits the agreement is l/L: paths of a few l are a share of that order of var g among samples and
do not change along a window, and the correlation field is theirs to about l/L
(`thouless_energy` measures how it vanishes). So the variance along the axis is compared with that
of theory for long paths, and what neighbours take is known to l/L. So is what they take in energy,
where D has the density of states of the clean lattice, which is 5 % too small.
"""

from functools import cached_property

import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import (
    DiffusiveWire,
    half_width,
    mean_square_change,
    reciprocity_claim,
    window_variance,
)
from mesokwant.statistics import bootstrap, mean
from systems import Ribbon

ENERGY = -1.0
AXES = {"flux": "field", "energy": "energy"}
QUANTA = 3
"""Flux through the sample, in h/e, from which on a uniform field is shown as a strong one."""
STEP = 1e-4
RESAMPLES = 300


class Window:
    """Curves of many samples along an axis, and what theory expects of them.

    Parameters
    ----------
    data
        Conductances of one sweep.
    axis
        "flux" or "energy".
    """

    def __init__(self, data, axis):
        self.axis, self.length, self.width = axis, int(data.length), int(data.width)
        self.g = data.g.transpose(axis, "sample").values
        self.lags = data[axis].values - data[axis].values[0]
        channels = int(theory.open_modes(ENERGY, self.width))
        path = bootstrap(
            lambda g: self.length / (channels / np.nanmean(g) - 1), self.g, resamples=RESAMPLES
        )
        self.wire = DiffusiveWire(self.width, channels, path, ENERGY)
        self.over_xi = self.length / self.wire.localization_length(beta=2)
        # Diffusons see half of the difference of two fields, which is to be about h/e.
        field = 0.0
        if axis == "flux":
            around_zero = data.flux.values.min() < 0
            field = 0.5 / (self.full * self.width) if around_zero else data.flux.values.max()
        transport = self.wire.mean_free_path / theory.mean_free_path_factor(2)
        self.b = float(theory.field_per_path(field, transport))
        metal = self.over_xi <= 0.4 and self.wire.s(self.length) >= 5
        self.inside = bool(metal and self.b <= 0.3)

    @property
    def full(self):
        """L'."""
        return self.length + self.wire.mean_free_path

    @cached_property
    def long_paths(self):
        """var g among samples by theory, of long paths."""
        sizes = {"channels": self.wire.channels, "mean_free_path": self.wire.mean_free_path}
        return theory.unitary_variance(self.length, self.width, **sizes)

    @property
    def variance(self):
        """The same as a number."""
        return self.long_paths.value

    def correlation(self, lags):
        """The correlation function that theory expects."""
        if self.axis == "flux":
            seen = np.sqrt(theory.flux_cancellation(self.wire.mean_free_path, self.width))
            return theory.rectangle_field_correlation(lags * seen, self.full, self.width)
        diffusion = float(self.wire.diffusion.value)
        return theory.rectangle_energy_correlation(lags, self.full, self.width, diffusion=diffusion)

    @cached_property
    def correlations(self):
        """The same at all differences of the data."""
        return self.correlation(self.lags)

    def along(self, points):
        """Variance along windows of this many points, over that of theory among samples."""
        return window_variance(self.g, points=points, variance=self.variance)

    def expected(self, points):
        """What theory expects of `along`."""
        return theory.finite_window_variance(self.correlations[:points])

    @cached_property
    def prediction(self):
        """What theory expects along the whole curve."""
        value = self.expected(len(self.g))
        return theory.Prediction(
            value,
            (1 - value) / self.wire.s(self.length) + self.long_paths.normalized().bound,
            because="neighbours are known to l/L; localization, next order in L/ξ",
            source="ergodicity; Lee, Stone & Fukuyama, PRB 35, 1039 (1987)",
        )

    @cached_property
    def change(self):
        """How fast a curve forgets, over the variance of theory."""
        return bootstrap(
            lambda g: mean_square_change(g)[1:] / self.variance, self.g, resamples=RESAMPLES
        )


class Curves:
    """What claims and panels share: curves g(f) and g(E) of both kinds of samples."""

    def __init__(self, data):
        self.field, self.energy = data["field"].to_dataset(), data["energy"].to_dataset()
        around_zero = data["random_flux"].to_dataset()
        strong = self.field.flux * self.field.length * self.field.width > QUANTA
        strong = self.field.isel(flux=strong.values)
        self.windows = {
            "random flux, field": Window(around_zero, "flux"),
            "random flux, energy": Window(self.energy, "energy"),
            "uniform field": Window(strong, "flux"),
        }


def regime(curves):
    """Where the samples lie; b is that of the strongest field, or of half of h/e."""
    windows = curves.windows.values()
    return {
        "curves": list(curves.windows),
        "L (a)": [window.length for window in windows],
        "W (a)": [window.width for window in windows],
        "N": [window.wire.channels for window in windows],
        "l (a)": [str(window.wire.path).partition(" (")[0] for window in windows],
        "s = L/l": [float(window.wire.s(window.length)) for window in windows],
        "L/ξ": [window.over_xi for window in windows],
        "b": [window.b for window in windows],
        "in regime": [window.inside for window in windows],
    }


# -- claims ---------------------------------------------------------------------------------


def claims(curves):
    """The symmetry of every curve, and ergodicity along field and energy."""
    yield reciprocity_claim(curves.field.g)
    for name in ("random flux, field", "random flux, energy"):
        window = curves.windows[name]
        # The curve of a sample that is not ergodic would have no variance, or that of one path.
        yield mk.Claim(
            f"var g over the {AXES[window.axis]}, in a sample, over var g among samples",
            window.along(len(window.g)),
            window.prediction,
            effect=window.prediction.value,
        )


# -- figure ---------------------------------------------------------------------------------


def along_the_field(ax, curves):
    """Three samples against field, and the mean of all."""
    three_samples(ax, 1e3 * curves.field.flux, curves.field.g)
    ax.axvline(0, color="0.8", linewidth=0.8)
    ax.set(xlabel=r"flux per plaquette $f$ ($10^{-3}\,h/e$)", title=r"$g(f)=g(-f)$ in each sample")


def along_the_energy(ax, curves):
    """Three samples with a random flux against energy, and the mean of all."""
    three_samples(ax, curves.energy.energy, curves.energy.g)
    ax.set(xlabel=r"energy $E$ ($t$)", title="noise that repeats")


def three_samples(ax, x, g):
    """Curves of the first three samples, with the mean over all."""
    lines = ("-", "--", "-.")
    for (sample, color), line in zip(figures.colored(range(3)), lines, strict=True):
        style = {"color": color, "linestyle": line, "linewidth": 0.9}
        ax.plot(x, g.isel(sample=sample), label=f"sample {sample}", **style)
    figures.band(ax, x, mean(g), color="0.5", label="mean of all")
    ax.set(ylabel=r"$g$ ($e^2/h$)")


STYLES = {
    "random flux, field": {"color": figures.COLORS[0], "marker": "o"},
    "random flux, energy": {"color": figures.COLORS[1], "marker": "s"},
    "uniform field": {"color": "0.6", "marker": "^"},
}


def memory(ax, curves):
    """How fast a curve forgets, against a rectangle of long paths."""
    for name in ("uniform field", "random flux, field"):
        window = curves.windows[name]
        quanta = window.lags[1:] * window.full * window.width
        shown = np.flatnonzero(quanta <= 4)
        found, theirs = window.change[shown], 1 - window.correlations[1:][shown]
        style = STYLES[name] | {"inside": window.inside}
        figures.points(ax, quanta[shown], found, label=name, **style)
        figures.residuals(ax, quanta[shown], found, theirs, **style)
    window = curves.windows["random flux, field"]
    figures.theory_curve(
        ax,
        lambda quanta: 1 - window.correlation(quanta / window.full / window.width),
        0.0,
        4.0,
        evaluations=25,
        label="rectangle",
    )
    figures.level(ax, 1)
    ax.set(xlabel=r"$\Delta f\,L'W$ ($h/e$)", title="forgotten after a flux quantum")
    ax.set(ylabel="change/var $g$")


def ergodicity(ax, curves):
    """Variance along a window against its length, in half-widths."""
    for name, window in curves.windows.items():
        sizes = np.unique(np.geomspace(3, len(window.g), 9).astype(int))
        found = [window.along(size) for size in sizes]
        theirs = np.array([window.expected(size) for size in sizes])
        half = float(half_width(window.lags, window.correlations))
        x = window.lags[sizes - 1] / half
        style = STYLES[name] | {"inside": window.inside}
        for one, place, value in zip(found, x, theirs, strict=True):
            label = name if place == x[0] else ""
            figures.points(ax, place, one, label=label, **style)
            figures.residuals(ax, place, one, value, **style)
        dense = np.arange(2, len(window.g) + 1)
        line = [window.expected(size) for size in dense]
        figures.theory_line(ax, window.lags[dense - 1] / half, line, color=style["color"])
    figures.level(ax, 1, label="among samples")
    ax.set(xscale="log", xlabel="window in half-widths of the correlation")
    ax.set(ylabel="var along/var $g$", title="one sample becomes the ensemble")


# -- study ----------------------------------------------------------------------------------


def fields(first, last):
    """Equally spaced fields, from and to whole steps."""
    return tuple(round(STEP * i, 9) for i in range(first, last + 1))


SAMPLE = Ribbon(width=30, length=90)
ANDERSON = mk.Anderson(strength=2.0)
BROKEN = ANDERSON + mk.RandomFlux(strength=0.15)

FULL = {"field.samples": 200, "random_flux.samples": 500, "energy.samples": 500}

study = mk.Study(
    name="fingerprint",
    question="Does one sample fluctuate with the field as samples do among each other?",
    sweeps={
        "field": mk.Sweep(
            system=SAMPLE,
            energy=ENERGY,
            disorder=ANDERSON,
            axes={"flux": fields(-15, 60)},
            samples=40,
        ),
        "random_flux": mk.Sweep(
            system=SAMPLE,
            energy=ENERGY,
            disorder=BROKEN,
            axes={"flux": fields(-40, 40)},
            samples=60,
        ),
        "energy": mk.Sweep(
            system=SAMPLE,
            params={"flux": 0.0},
            disorder=BROKEN,
            axes={"energy": tuple(np.linspace(-1.03, -0.97, 61).round(6).tolist())},
            samples=60,
        ),
    },
    presets={
        "full": FULL | {"seed": 1632},
        "repeat": {"like": "full", "seed": 1634},
        "toy": {
            "width": 7,
            "length": 14,
            "field.flux": (-0.04, 0.0, 0.04, 0.05, 0.06, 0.07),
            "random_flux.flux": (-0.02, -0.01, 0.0, 0.01, 0.02),
            "energy": (-1.02, -1.01, -1.0, -0.99, -0.98),
            "samples": 12,
        },
    },
    reading=Curves,
    regime=regime,
    claims=claims,
    panels=(along_the_field, along_the_energy, memory, ergodicity),
    seed=8,
)

mk.main(study, __name__)
