"""The fingerprint: one sample fluctuates with field and energy as samples do among each other.

The conductance of a coherent disordered sample is a reproducible, noise-like function of field and
energy (Lee and Stone, Phys. Rev. Lett. 55, 1622 (1985)).

* g(f) = g(-f) in every single sample: two-terminal reciprocity (Büttiker 1988).
* An average over field equals one over samples: the curve of a sample has the variance of the
  ensemble, but for neighbouring fields being alike. Over a window of n fields it is lower,
  by the mean correlation between them (`analysis.expected_window_variance`), for the correlation
  function of a rectangle in strong fields (`theory.rectangle_field_correlation`).

Nothing is fitted. Regime: the window starts at three flux quanta through the sample, where the
Cooperon is gone (β = 2); l is N/<g> = 1 + L/l there; 8 l <= L <= ξ/3.

What limits the agreement: for l of the order of W flux cancels along a path between the walls, and
the correlation field is larger by a share of order l/W. So much of what neighbouring fields take
is the systematic bound.
"""

import numpy as np
from matplotlib.figure import Figure

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import (
    DiffusiveWire,
    expected_window_variance,
    field_asymmetry,
    mean_free_path,
    stacked,
    window_variance,
)
from mesokwant.statistics import Estimate, autocorrelation, mean
from systems import Ribbon

QUANTA = 3
"""Flux through the sample, in h/e, from which on the Cooperon counts as gone."""


class Curves:
    """g(f) of the samples, its part in strong fields, and what the resistance says."""

    def __init__(self, data):
        self.g, self.length = data.g, data.attrs["system.length"]
        width, self.energy = data.attrs["system.width"], data.attrs["energy"]
        self.strong = data.g.sel(flux=data.flux > QUANTA / (self.length * width))
        channels = int(theory.open_modes(self.energy, width))
        path = mean_free_path([self.length], self.strong.mean("flux").values[None], channels)
        self.wire = DiffusiveWire(width, channels, path)

    @property
    def inside(self):
        """The rule of the regime."""
        metal = self.length <= self.wire.localization_length(beta=2) / 3
        return bool(metal and self.wire.s(self.length) >= 8)

    def correlation(self, lags):
        """What theory expects."""
        return theory.rectangle_field_correlation(lags, self.length, self.wire.width)


def regime(data):
    """Where the sample lies."""
    curves = Curves(data["field"].to_dataset())
    dos = theory.square_lattice_dos(curves.energy)
    return stacked([curves.wire.regime(curves.length, curves.inside, beta=2, dos=dos)])


def claims(data):
    """The symmetry of every curve, and ergodicity."""
    field = data["field"].to_dataset()
    curves = Curves(field)
    yield mk.Claim(
        "largest |g(f) - g(-f)| of a sample",
        field_asymmetry(field.g),
        0.0,
        "reciprocity; Büttiker, IBM J. Res. Dev. 32, 317 (1988)",
        systematic=1e-8,
        because="rounding",
    )
    window = curves.strong.flux.values
    expected = expected_window_variance(curves.correlation(window - window[0]))
    yield mk.Claim(
        "var g over the field, in a sample, over var g among samples",
        window_variance(curves.strong.transpose("flux", "sample").values),
        expected,
        "ergodicity; field correlation of Altshuler & Khmelnitskii, JETP Lett. 42, 359 (1985)",
        systematic=(1 - expected) * curves.wire.blur,
        because="correlation field known to l/W",
    )


def figure(data) -> Figure:
    """Three samples against field and energy, and how fast their curves forget."""
    drawing, (axes,) = figures.panels(1, 3, size=(3.1, 2.6))
    field = data["field"].to_dataset()
    _draw_samples(axes[0], field, "flux", 1e3)
    axes[0].set(xlabel=r"flux per plaquette $f$ ($10^{-3}\,h/e$)")
    _draw_samples(axes[1], data["energy"].to_dataset(), "energy", 1)
    axes[1].set(xlabel=r"energy $E$ ($t$)")
    _draw_correlation(axes[2], Curves(field))
    for ax, letter in zip(axes, "abc", strict=True):
        ax.set_title(f"({letter})")
        ax.legend()
    return drawing


def _draw_samples(ax, data, axis, unit):
    x = unit * data[axis].values
    for sample, color in figures.colored(range(3)):
        ax.plot(x, data.g.isel(sample=sample), color=color, linewidth=0.9)
    average = mean(data.g)
    average = Estimate(average.value.values, average.error.values, average.n.values)
    figures.band(ax, x, average, color="0.5", label="mean over samples")
    ax.set(ylabel=r"$g$ of three samples ($e^2/h$)")


def _draw_correlation(ax, curves):
    found = autocorrelation(curves.strong, "flux")
    lags = found.value["flux_lag"].values
    shown = lags <= 4 / (curves.length * curves.wire.width)
    scale, unit = float(found.value[0]), curves.length * curves.wire.width
    scaled = Estimate(found.value.values / scale, found.error.values / scale, found.n.values)
    x = unit * lags[shown]
    figures.points(
        ax, x, scaled[shown], color=figures.COLORS[0], label="along the field", inside=curves.inside
    )
    figures.theory_line(ax, x, curves.correlation(lags[shown]), label="rectangle, among samples")
    ax.axhline(0, color="0.8", linewidth=0.8)
    ax.set(xlabel=r"$\Delta f\,LW$ ($h/e$)", ylabel=r"$\langle\delta g\,\delta g\rangle/$var $g$")


COMMON = {"disorder": mk.Anderson(strength=2.0), "observables": {"g": mk.Conductance()}}

study = mk.Study(
    name="fingerprint",
    description="Does one sample fluctuate with the field as samples do among each other?",
    sweeps={
        "field": mk.Sweep(
            system=Ribbon(width=40, length=180),
            energy=-1.0,
            axes={"flux": tuple(round(5e-5 * i, 6) for i in range(-6, 61))},
            samples=40,
            **COMMON,
        ),
        "energy": mk.Sweep(
            system=Ribbon(width=40, length=120),
            params={"flux": 0.0},
            axes={"energy": tuple(np.linspace(-1.02, -0.98, 41).round(6).tolist())},
            samples=40,
            **COMMON,
        ),
    },
    presets={"quick": {}, "full": {"samples": 400}},
    claims=claims,
    figure=figure,
    regime=regime,
    seed=8,
)


if __name__ == "__main__":
    mk.main(study)
