"""The fingerprint: one sample fluctuates with field and energy as samples do among each other.

The conductance of a coherent disordered sample is a reproducible, noise-like function of field and
energy (Lee and Stone, Phys. Rev. Lett. 55, 1622 (1985)).

* g(f) = g(-f) in every single sample: two-terminal reciprocity (Büttiker 1988).
* An average over field equals one over samples: the curve of a sample has the variance of the
  ensemble, but for neighbouring fields being alike. Over a window of n fields it is lower,
  by the mean correlation between them (`theory.finite_window_variance`), for the correlation
  function of a rectangle in strong fields (`theory.rectangle_field_correlation`).

Nothing is fitted. Regime: the window starts at three flux quanta through the sample, where the
Cooperon is gone (β = 2); l is N/<g> = 1 + L/l there; 8 l <= L <= ξ/3.

What limits the agreement: for l of the order of W flux cancels along a path between the walls, and
the correlation field is larger by a share of order l/W. So much of what neighbouring fields take
is the systematic bound (`theory.rectangle_window_variance`).
"""

import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import DiffusiveWire, reciprocity_claim, window_variance
from mesokwant.statistics import autocorrelation, mean
from systems import Ribbon

QUANTA = 3
"""Flux through the sample, in h/e, from which on the Cooperon counts as gone."""


class Curves:
    """What claims and panels share: curves g(f) and g(E), and what the resistance says."""

    def __init__(self, data):
        self.field, self.energy = data["field"].to_dataset(), data["energy"].to_dataset()
        self.length, self.width = int(self.field.length), int(self.field.width)
        strong = self.field[["g"]].sel(flux=self.field.flux * self.area > QUANTA)
        self.strong = strong.g.transpose("flux", "sample")
        self.wire = DiffusiveWire.measured(strong.mean("flux"))
        metal = self.length <= self.wire.localization_length(beta=2) / 3
        self.inside = bool(metal and self.wire.s(self.length) >= 8)

    @property
    def area(self):
        """Plaquettes of the sample, which turn f into the flux through it."""
        return self.length * self.width


def regime(curves):
    """Where the sample lies."""
    return curves.wire.regime(curves.length, curves.inside, beta=2)


# -- claims ---------------------------------------------------------------------------------


def claims(curves):
    """The symmetry of every curve, and ergodicity."""
    yield reciprocity_claim(curves.field.g)
    yield mk.Claim(
        "var g over the field, in a sample, over var g among samples",
        window_variance(curves.strong.values),
        theory.rectangle_window_variance(
            curves.strong.flux.values,
            curves.length,
            curves.width,
            mean_free_path=curves.wire.mean_free_path,
        ),
    )


# -- figure ---------------------------------------------------------------------------------


def along_the_field(ax, curves):
    """Three samples against field, and the mean of all."""
    three_samples(ax, 1e3 * curves.field.flux, curves.field.g)
    ax.set(xlabel=r"flux per plaquette $f$ ($10^{-3}\,h/e$)")


def along_the_energy(ax, curves):
    """Three samples against energy, and the mean of all."""
    three_samples(ax, curves.energy.energy, curves.energy.g)
    ax.set(xlabel=r"energy $E$ ($t$)")


def three_samples(ax, x, g):
    """Curves of the first three samples, with the mean over all."""
    for sample, color in figures.colored(range(3)):
        ax.plot(x, g.isel(sample=sample), color=color, linewidth=0.9)
    figures.band(ax, x, mean(g), color="0.5", label="mean over samples")
    # The legend stands above the curves.
    low, high = ax.get_ylim()
    ax.set(ylim=(low, high + 0.1 * (high - low)), ylabel=r"$g$ of three samples ($e^2/h$)")
    ax.legend(loc="upper right")


def memory(ax, curves):
    """How fast a curve forgets, against the correlation of a rectangle."""
    found = autocorrelation(curves.strong, "flux")
    quanta = curves.area * found.value["flux_lag"].values
    shown = quanta <= 4
    scaled = (found / float(found.value[0])).numpy()
    label = "along the field"
    figures.points(ax, quanta[shown], scaled[shown], inside=curves.inside, label=label)
    dense = np.linspace(0, quanta[shown][-1], 40)
    line = theory.rectangle_field_correlation(dense / curves.area, curves.length, curves.width)
    figures.theory_line(ax, dense, line, label="rectangle, among samples")
    figures.level(ax, 0)
    ax.set(xlabel=r"$\Delta f\,LW$ ($h/e$)", ylabel=r"$\langle\delta g\,\delta g\rangle/$var $g$")


study = mk.Study(
    name="fingerprint",
    question="Does one sample fluctuate with the field as samples do among each other?",
    sweeps={
        "field": mk.Sweep(
            system=Ribbon(width=40, length=180),
            energy=-1.0,
            disorder=mk.Anderson(strength=2.0),
            axes={"flux": tuple(round(5e-5 * i, 6) for i in range(-6, 61))},
            samples=40,
        ),
        "energy": mk.Sweep(
            system=Ribbon(width=40, length=120),
            params={"flux": 0.0},
            disorder=mk.Anderson(strength=2.0),
            axes={"energy": tuple(np.linspace(-1.02, -0.98, 41).round(6).tolist())},
            samples=40,
        ),
    },
    presets={
        "full": {"samples": 400},
        "toy": {
            "field.width": 7,
            "field.length": 14,
            "flux": (-0.04, 0.0, 0.04, 0.05, 0.06, 0.07),
            "energy.width": 7,
            "energy.length": 14,
            "energy.energy": (-1.02, -1.0, -0.98),
            "samples": 12,
        },
    },
    reading=Curves,
    regime=regime,
    claims=claims,
    panels=(along_the_field, along_the_energy, memory),
    seed=8,
)

mk.main(study, __name__)
