"""How often the error bar of an estimator covers the truth, on synthetic data of known answer.

A `Case` draws data, estimates a number from them and knows the exact one. `coverage` repeats this,
and says which share of the repetitions lies within one and two standard errors, and which beyond
three: of a normal deviate these are 68.3, 95.4 and 0.27 per cent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mesokwant import analysis, statistics, theory

NORMAL = (0.6827, 0.9545)
"""Shares of a normal deviate within one and two standard errors."""
MEMORY, POINTS, WINDOW = 0.8, 40, 20
"""Correlation of noise from point to point, points of a curve, and of a window in it."""


@dataclass(frozen=True)
class Case:
    """An estimator on data whose answer is known.

    Attributes
    ----------
    estimate
        Takes a random generator and returns an `Estimate` of one number, or of independent ones.
    exact
        The number that it estimates.
    """

    estimate: Callable
    exact: float


@dataclass(frozen=True)
class Coverage:
    """Shares of repetitions within one and two errors, beyond three, and flagged as dominated."""

    within_one: float
    within_two: float
    beyond_three: float
    dominated: float
    repetitions: int

    def __str__(self):
        shares = f"{self.within_one:.3f} {self.within_two:.3f} {self.beyond_three:.4f}"
        return f"{shares}  dominated {self.dominated:.2f}  (n = {self.repetitions})"

    @property
    def farthest(self):
        """Largest distance of the shares within one and two errors from the normal, in sigma."""
        found, normal = np.array([self.within_one, self.within_two]), np.array(NORMAL)
        return float(
            np.max(abs(found - normal) / np.sqrt(normal * (1 - normal) / self.repetitions))
        )


def coverage(case, repetitions, seed=0):
    """Repeat a case so many times and return its `Coverage`."""
    rng = np.random.default_rng(seed)
    pulls, dominated = [], []
    while len(pulls) < repetitions:
        found = case.estimate(rng)
        pulls += list(np.ravel((np.asarray(found.value) - case.exact) / np.asarray(found.error)))
        dominated += list(np.ravel(found.dominated))
    distance = np.abs(pulls)
    return Coverage(
        float(np.mean(distance < 1)),
        float(np.mean(distance < 2)),
        float(np.mean(~(distance < 3))),
        float(np.mean(dominated)),
        len(pulls),
    )


# -- data -----------------------------------------------------------------------------------


class Chain:
    """Conductances of chains with weak disorder, drawn from Abrikosov's density.

    Parameters
    ----------
    s
        2L/ξ.
    """

    def __init__(self, s):
        root = np.linspace(1e-7, np.sqrt(s + 12 * np.sqrt(2 * s) + 5), 4000)
        density = theory.chain_log_conductance_density(-(root**2), s) * 2 * root
        # From g = 1 downwards: the few samples that decide <g> are those of the upper end.
        above = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(root))])
        self.above, self.root = above / above[-1], root
        weights = np.diff(self.above)
        middle = (root[1:] + root[:-1]) / 2
        self.log_mean = float(weights @ -(middle**2))
        self.log_variance = float(weights @ middle**4) - self.log_mean**2
        self.mean = float(weights @ np.exp(-(middle**2)))
        self.variance = float(weights @ np.exp(-2 * middle**2)) - self.mean**2
        self.log_median = float(-(np.interp(0.5, self.above, root) ** 2))

    def draw(self, rng, samples):
        """Return independent g."""
        return np.exp(-(np.interp(rng.random(samples), self.above, self.root) ** 2))


def remembering(rng, samples):
    """Return curves (POINTS, samples) of Gaussian noise with the correlation MEMORY ** steps."""
    rows = [rng.normal(size=samples)]
    for _ in range(POINTS - 1):
        rows.append(MEMORY * rows[-1] + np.sqrt(1 - MEMORY**2) * rng.normal(size=samples))
    return np.array(rows)


def in_a_window():
    """Return the variance along a window of such a curve."""
    lags = np.arange(1, WINDOW)
    return 1 - 2 * np.sum((WINDOW - lags) * MEMORY**lags) / (WINDOW * (WINDOW - 1))


LENGTHS, PATH, CHANNELS = np.array([40.0, 80.0, 120.0]), 12.0, 20
LONG, XI = np.array([300.0, 500.0, 1000.0]), 70.0
X = np.array([0.02, 0.05, 0.1, 0.2])


def wires(rng, samples):
    """Return g (lengths, samples) of diffusive wires which share most of their fluctuations."""
    own, common = rng.normal(size=(3, samples)), rng.normal(size=samples)
    return (CHANNELS / (1 + LENGTHS / PATH))[:, None] + 0.15 * own + 0.3 * common


def localized(rng, samples):
    """Return g (lengths, samples) of long wires that share their first parts."""
    steps = np.diff(LONG, prepend=0)[:, None]
    walk = rng.normal(-2 * steps / XI, np.sqrt(4 * steps / XI), (len(LONG), samples))
    return np.exp(walk.cumsum(axis=0))


def sizes(rng, samples):
    """Return ratios (points, samples) with the limit 1 and a slope, of shared skew noise."""
    own, common = rng.exponential(size=(4, samples)), rng.exponential(size=samples)
    return 1 + 0.7 * X[:, None] + (own - 1) + 0.5 * (common - 1)


def transition(rng, samples):
    """Return controls and values of four sizes with W_c = 16.5 and ν = 1.57."""
    control = np.linspace(15.0, 18.0, 6)
    data = {}
    for size in (4, 6, 9, 14):
        scaled = (control - 16.5) * size ** (1 / 1.57)
        noise = 0.1 * rng.normal(size=(6, samples)) + 0.3 * rng.normal(size=samples)
        data[size] = (-1 - 0.1 * scaled + 0.003 * scaled**2)[:, None] + noise
    return control, data


# -- estimators -----------------------------------------------------------------------------


def gaussian(function, samples, exact, **options):
    """Return the case of a statistic of independent Gaussian values, ten at a time."""
    return Case(lambda rng: function(rng.normal(size=(10, samples)), **options), exact)


def chain_cases(s, samples=3000):
    """Return the cases of one length of a chain."""
    chain = Chain(s)
    functions = {
        "<ln g>": (statistics.log_mean, chain.log_mean),
        "var ln g": (statistics.log_variance, chain.log_variance),
        "median ln g": (statistics.log_median, chain.log_median),
        "<g>": (statistics.mean, chain.mean),
        "var g": (statistics.variance, chain.variance),
    }
    return {
        f"{name}, chain, s = {s}": Case(
            lambda rng, f=function: f(chain.draw(rng, (10, samples))), exact
        )
        for name, (function, exact) in functions.items()
    }


def _pairs(rng):
    common = rng.normal(size=(10, 300))
    noise = rng.normal(size=(2, 10, 300))
    return statistics.paired_difference(common + 0.1 * noise[0], common + 0.1 * noise[1])


def _transition(name):
    def estimate(rng):
        fit = statistics.finite_size_scaling(*transition(rng, 300), order=2, resamples=100)
        return getattr(fit, name)

    return estimate


def _chi2(rng):
    return statistics.Estimate(statistics.chi2_deviate(rng.normal(size=(5, 400))), 1.0, 400)


FEW = gaussian(statistics.variance, 100, 1.0)
"""The variance of so few values is skew, so that its error bar covers less."""

FAST = {
    "variance, Gaussian, n = 1500": gaussian(statistics.variance, 1500, 1.0),
    "skewness, n = 1500": gaussian(statistics.cumulant, 1500, 0.0, order=3, standardized=True),
    "median, n = 300": gaussian(statistics.median, 300, 0.0),
    "paired difference, n = 300": Case(_pairs, 0.0),
    "limit of sizes that share samples": Case(
        lambda rng: analysis.limit_fit(sizes(rng, 300), path=X)["limit"], 1.0
    ),
    "ξ of wires that share samples": Case(
        lambda rng: analysis.localization_length(LONG, localized(rng, 300)), XI
    ),
}

SLOW = FAST | {
    "l of wires that share samples": Case(
        lambda rng: analysis.mean_free_path(LENGTHS, wires(rng, 300), CHANNELS), PATH
    ),
    "variance, Gaussian, n = 4000": gaussian(statistics.variance, 4000, 1.0),
    "skewness, n = 4000": gaussian(statistics.cumulant, 4000, 0.0, order=3, standardized=True),
    "kurtosis, n = 4000": gaussian(statistics.cumulant, 4000, 0.0, order=4, standardized=True),
    "window variance, n = 400": Case(
        lambda rng: analysis.window_variance(remembering(rng, 400), points=WINDOW), in_a_window()
    ),
    "autocorrelation at lag 3, n = 400": Case(
        lambda rng: statistics.autocorrelation(remembering(rng, 400), axis=0)[3], MEMORY**3
    ),
    "growth of var ln g, wires that share samples": Case(
        lambda rng: analysis.scaling_ratio(LONG, localized(rng, 600)), 2.0
    ),
    "critical disorder of a scaling fit": Case(_transition("critical_point"), 16.5),
    "exponent of a scaling fit": Case(_transition("nu"), 1.57),
    "deviate of chi², n = 400": Case(_chi2, 0.0),
}
