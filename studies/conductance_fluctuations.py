"""Universal conductance fluctuations: how much differs from sample to sample.

The variance of the conductance of coherent disordered samples does not depend on size or disorder
as long as l << L << ξ, only on the symmetry and on the shape, in (e²/h)²:

* long wire: var g = 2/(15β); square: 2 Catalan/(π²β) = 0.1856/β; any rectangle: the sum of
  Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987), `theory.rectangle_variance`.
* With two spins and strong spin-orbit coupling, in Kwant's T: 2/15, and 1/15 in a field.
* In the metal g is Gaussian.

The fluctuations of single samples are in `fingerprint`.

Nothing is fitted. l is the slope of N/<g> against L in the field, for every disorder strength;
N counts the open modes; ξ = (βN + 2 - β) l. Expected is the formula of the rectangle with what
the field leaves of the Cooperon (`theory.rectangle_variance_in_field`), with the factor of finite
s = L/l, and with the first two orders in L/ξ (`theory.conductance_variance_correction`).

Regime, by rule: filled points have l <= W/2 (diffusion across), L >= 8 l and L <= ξ/3. (A first
run with another seed, W = 58 and s from 1.5 on showed what shorter samples do: squares lie above
the formula by about 0.6 l/L at β = 1, twice that in the field.) The cyclotron radius is at least
3 l. What limits the agreement:

* Finite mean free path: within about l/2 of either lead nothing diffuses. That share of the
  sample, l/L, is the relative bound.
* Finite conductance: the orders in L/ξ are those of a long wire. Their size is the bound where
  L < 2 W; half the second order elsewhere.
* Strong field: once the magnetic length is below l the field ends a Cooperon only after about l.
  The bound is the variance that a Cooperon with that decay length leaves.
* Triplets: with strong spin-orbit coupling the spin relaxes over about l; the same bound, thrice.
"""

import numpy as np
from matplotlib.figure import Figure

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import DiffusiveWire, mean_free_path, stacked
from mesokwant.statistics import Estimate, bootstrap, histogram, variance
from systems import Ribbon, SpinOrbitRibbon


class Metal:
    """The points (disorder, length) of one symmetry: measured and expected variance."""

    def __init__(self, data, beta):
        self.beta = beta
        self.flux = float(data.flux[-1]) if beta == 2 else 0.0
        self.g = data.g.sel(flux=self.flux)
        self.width, self.energy = data.attrs["system.width"], data.attrs["energy"]
        self.lengths = data.length.values
        self.strengths = data["disorder.width"].values
        # The field leaves little weak localization.
        self.wires = [
            _wire(data.g.isel(flux=-1).sel({"disorder.width": w}), self.energy, self.width)
            for w in self.strengths
        ]

    def s(self, i):
        """L/l of all lengths at the i-th disorder strength."""
        return self.wires[i].s(self.lengths)

    def x(self, i):
        """L/ξ."""
        return self.lengths / self.wires[i].localization_length(self.beta)

    def inside(self, i):
        """The rule of the regime."""
        metal = (self.x(i) <= 1 / 3) & (self.s(i) >= 8)
        return metal & (self.wires[i].blur <= 1 / 2)

    def expected(self, i):
        """Variance by theory."""
        box = [
            theory.rectangle_variance_in_field(self.flux, length, self.width)
            for length in self.lengths
        ]
        factor = theory.conductance_variance(self.s(i), beta=1) * 15 / 2
        correction = theory.conductance_variance_correction(self.x(i), beta=self.beta)
        return np.array(box) * factor + correction

    def bound(self, i):
        """Systematic bound, as argued above."""
        x, s = self.x(i), self.s(i)
        first = theory.conductance_variance_correction(x, beta=self.beta)
        second = theory.conductance_variance_correction(x, beta=2) * 2 / self.beta / 2
        orders = np.where(self.lengths < 2 * self.width, abs(first), abs(second))
        return self.expected(i) / s + orders + (_leftover(s) if self.flux else 0.0)

    def reduced(self, chosen, limit):
        """Variance over expected, times its limit: mean over the chosen points, and bound."""
        points, bounds = [], []
        for i in range(len(self.strengths)):
            for j in np.flatnonzero(self.inside(i) & chosen):
                scale = limit / self.expected(i)[j]
                points.append(self.g.isel({"disorder.width": i, "length": j}) * scale**0.5)
                bounds.append(self.bound(i)[j] * scale)
        if not points:
            return Estimate(np.nan, np.nan, 0), 0.0
        # Strengths and lengths share seeds: drawn together.
        samples = np.array([point.values for point in points])
        measured = bootstrap(lambda g: np.nanvar(g, axis=1, ddof=1).mean(), samples, resamples=300)
        return measured, float(np.mean(bounds))


def _wire(g, energy, width):
    """A wire with the l of the lengths at which it is a metal."""
    channels = int(theory.open_modes(energy, width))
    metal = g.length.values[g.mean("sample").values >= 2]
    return DiffusiveWire(width, channels, mean_free_path(metal, g.sel(length=metal), channels))


def _leftover(s):
    """Variance of g in a wire by a Cooperon that decays over l: (3/2)(a - 2)/a⁴, a = L/l."""
    return 1.5 * (s - 2) / s**4


class Spins:
    """The wire with two spins and strong spin-orbit coupling; everything in Kwant's T."""

    def __init__(self, data):
        self.g = data.g
        self.length, self.energy = data.attrs["system.length"], data.attrs["energy"]
        self.fluxes, width = data.flux.values, data.attrs["system.width"]
        wire = SpinOrbitRibbon(width, 1, coupling=data.attrs["system.coupling"]).build()
        params = {name: data.attrs[f"params.{name}"] for name in ("theta", "zeeman")}
        modes = wire.leads[0].modes(self.energy, params=params | {"flux": 0.0})[0]
        channels = int(np.sum(modes.velocities > 0))
        path = mean_free_path([self.length], data.g.isel(flux=[-1]), channels)
        self.wire = DiffusiveWire(width, channels, path, spins=2)
        self.s = float(self.wire.s(self.length))

    def x(self, flux):
        """L/ξ: Kramers pairs without a field, all channels in one series with it."""
        if flux:
            return self.s / (2 * self.wire.channels)
        return self.length / self.wire.localization_length(beta=4)

    def expected(self, flux):
        """The singlets alone: 2/15, and 1/15 in a strong field, with all corrections."""
        box = theory.rectangle_variance_in_field(flux, self.length, self.wire.width)
        scale, beta = (1, 2) if flux else (4, 4)
        correction = theory.conductance_variance_correction(self.x(flux), beta=beta)
        return float(box + scale * correction)

    def bound(self, flux):
        """The share l/L, and what triplets that decay over l add."""
        return self.expected(flux) / self.s + 3 * float(_leftover(self.s))


def regime(data):
    """Where the points of all shapes and classes lie."""
    tables = []
    for beta in (1, 2):
        metal = Metal(data["shapes"].to_dataset(), beta)
        dos = theory.square_lattice_dos(metal.energy)
        for i, (wire, strength) in enumerate(zip(metal.wires, metal.strengths, strict=True)):
            first = {"β": beta, "disorder (t)": float(strength)}
            inside = metal.inside(i)
            tables.append(wire.regime(metal.lengths, inside, beta=beta, dos=dos, **first))
    spins = Spins(data["spins"].to_dataset())
    first = {"β": 4, "disorder (t)": data["spins"].attrs["disorder.width"]}
    tables.append(spins.wire.regime(spins.length, True, beta=4, dos=dos, **first))
    return stacked(tables)


def claims(data):
    """Variances in all classes and shapes, the ends of universality, and the fingerprint."""
    points = data["shapes"].to_dataset()
    for beta in (1, 2):
        yield from _variances(Metal(points, beta))
    yield from _ends(Metal(points, 1))
    spins = Spins(data["spins"].to_dataset())
    for flux, limit in zip(spins.fluxes, ("2/15", "1/15"), strict=True):
        yield mk.Claim(
            f"both spins, strong spin-orbit, {'in the field' if flux else 'no field'}: var T",
            variance(spins.g.sel(flux=flux)),
            spins.expected(flux),
            f"{limit} with corrections; Altshuler & Shklovskii 1986",
            systematic=spins.bound(flux),
            because="l/L of it, and triplets that decay over l",
        )
    yield from _distribution(Metal(points, 1))


def _variances(metal):
    beta, square = metal.beta, 2 * 0.915965594 / np.pi**2
    cases = [
        ("all wires, L >= 2 W", metal.lengths >= 2 * metal.width, 2 / 15, "2/(15β)"),
        ("squares", metal.lengths == metal.width, square, "2 Catalan/(π²β)"),
    ]
    for name, chosen, limit, formula in cases:
        measured, bound = metal.reduced(chosen, limit / beta)
        yield mk.Claim(
            f"β = {beta}, {name}: var g",
            measured,
            limit / beta,
            f"{formula}; Lee, Stone & Fukuyama, PRB 35, 1039 (1987)",
            systematic=bound,
            because="l/L of it, orders in L/ξ, Cooperons shorter than l",
        )
    for j, length in enumerate(metal.lengths):
        chosen = np.arange(len(metal.lengths)) == j
        measured, bound = metal.reduced(chosen, 1.0)
        if measured.n:
            yield mk.Claim(
                f"β = {beta}, L/W = {length / metal.width:.2g}: var g over the formula",
                measured,
                1.0,
                "sum over diffusion modes of the rectangle; Lee, Stone & Fukuyama 1987",
                systematic=bound,
                because="l/L of it, orders in L/ξ, Cooperons shorter than l",
            )


def _ends(metal):
    """Beyond ξ/2 the variance is not universal any more."""
    i, j = len(metal.strengths) - 1, len(metal.lengths) - 1
    yield mk.Claim(
        f"β = 1, L = {metal.x(i)[j]:.1f} ξ: fluctuations die out in the insulator",
        variance(metal.g.isel({"disorder.width": i, "length": j})),
        2 / 15,
        "Mello & Stone, PRB 44, 3559 (1991)",
        relation="<",
    )


def _pooled(metal):
    """(g - <g>)/rms of the wires in the regime, seed by seed: shape (points, samples)."""
    curves = []
    for i in range(len(metal.strengths)):
        for j in np.flatnonzero(metal.inside(i) & (metal.lengths >= 2 * metal.width)):
            g = metal.g.isel({"disorder.width": i, "length": j}).values
            curves.append((g - np.nanmean(g)) / np.nanstd(g, ddof=1))
    return np.array(curves)


def _distribution(metal):
    pooled = _pooled(metal)
    if not pooled.size:
        return
    for order, name in ((3, "skewness"), (4, "excess kurtosis")):
        yield mk.Claim(
            f"β = 1, metal: {name}",
            bootstrap(lambda g, k=order: np.nanmean(g**k) - (3 if k == 4 else 0), pooled),
            0.0,
            "Gaussian; Altshuler, Kravtsov & Lerner, JETP Lett. 43, 441 (1986)",
            systematic=0.1,
            because="higher cumulants, of the order of (L/ξ)² and less",
        )


def figure(data) -> Figure:
    """Variance against shape and conductance, distribution, and the classes."""
    points = data["shapes"].to_dataset()
    metals = [Metal(points, beta) for beta in (1, 2)]
    drawing, axes = figures.panels(2, 2, size=(3.5, 2.7))
    (shape, universal), (bell, classes) = axes
    ratios = metals[0].lengths / metals[0].width
    for metal in metals:
        _draw_shapes(shape, universal, metal)
    shape.plot([], [], "k--", linewidth=1, label="theory of the rectangle")
    universal.plot([], [], "k--", linewidth=1, label=r"orders $L/\xi$ and $(L/\xi)^2$")
    shape.set(
        xscale="log",
        xlabel=r"length over width $L/W$",
        ylabel=r"var $g$ ($(e^2/h)^2$)",
        xlim=(0.85 * ratios[0], 1.2 * ratios[-1]),
        ylim=0,
    )
    figures.ticks(shape.xaxis, 0.5, 1, 2, 4)
    universal.set(
        xscale="log", xlabel=r"$L/\xi$", ylabel="var $g$ / rectangle, no localization", ylim=(0, 2)
    )
    _draw_distribution(bell, metals[0])
    _draw_classes(classes, metals, Spins(data["spins"].to_dataset()))
    for ax, letter in zip(axes.flat, "abcd", strict=True):
        ax.set_title(f"({letter})")
        if ax.get_legend_handles_labels()[1]:
            ax.legend()
    return drawing


def _draw_shapes(shape, universal, metal):
    ratio = metal.lengths / metal.width
    box = theory.rectangle_variance_in_field
    # Side by side, so that none hides another.
    places = ratio * 1.05 ** np.linspace(-1.5, 1.5, len(metal.strengths))[:, None]
    for i, (strength, color) in enumerate(figures.colored(metal.strengths)):
        v = _plain(variance(metal.g.isel({"disorder.width": i})))
        figures.points(shape, places[i], v, color=color, inside=metal.inside(i))
        base = metal.expected(i) - theory.conductance_variance_correction(
            metal.x(i), beta=metal.beta
        )
        scaled = Estimate(v.value / base, v.error / base, v.n)
        label = f"disorder {strength:g} $t$" if metal.beta == 1 else ""
        universal.plot([], [], "o", color=color, label=label or None)
        figures.points(universal, metal.x(i), scaled, color=color, inside=metal.inside(i))
    lengths = np.geomspace(metal.lengths[0], metal.lengths[-1], 30)
    line = [box(metal.flux, length, metal.width) for length in lengths]
    figures.theory_line(shape, lengths / metal.width, line)
    at = (1.25 * lengths[-1] / metal.width, line[-1])
    shape.annotate(f"β = {metal.beta}", at, va="center", annotation_clip=False)
    x = np.geomspace(0.02, 0.6, 50)
    correction = theory.conductance_variance_correction(x, beta=metal.beta)
    end = 1 + 7.5 * metal.beta * correction
    figures.theory_line(universal, x, end)
    universal.annotate(f"β = {metal.beta}", (1.05 * x[-1], end[-1]), va="center")


def _draw_distribution(ax, metal):
    pooled = _pooled(metal)
    if not pooled.size:
        return
    edges = np.linspace(-4, 4, 25)
    middle = (edges[1:] + edges[:-1]) / 2
    figures.points(ax, middle, histogram(pooled, edges), color=figures.COLORS[0], label="β = 1")
    z = np.linspace(-4, 4, 100)
    figures.theory_line(ax, z, np.exp(-z * z / 2) / np.sqrt(2 * np.pi), label="Gaussian")
    ax.set(xlabel=r"$(g-\langle g\rangle)/\mathrm{rms}\,g$", ylabel="probability density")


def _draw_classes(ax, metals, spins):
    bars = [
        (f"β = {m.beta}", m.reduced(m.lengths >= 2 * m.width, 2 / 15 / m.beta)[0]) for m in metals
    ]
    limits = [2 / 15, 1 / 15, 2 / 15, 1 / 15]
    for flux, name, limit in zip(
        spins.fluxes, ("spin-orbit", "the same\nin a field"), limits[2:], strict=True
    ):
        v, scale = variance(spins.g.sel(flux=flux)), limit / spins.expected(flux)
        bars.append((name, Estimate(v.value * scale, v.error * scale, v.n)))
    values = Estimate(
        *(np.array([getattr(e, k) for _, e in bars]) for k in ("value", "error", "n"))
    )
    figures.points(ax, range(len(bars)), values, color=figures.COLORS[0], label="wires")
    for place, limit in enumerate(limits):
        figures.theory_line(ax, [place - 0.3, place + 0.3], [limit, limit])
    ax.set_xticks(range(len(bars)), [name for name, _ in bars])
    ax.set(ylabel=r"var of Kwant's $T$ ($(e^2/h)^2$)", ylim=(0, 0.2), xlim=(-0.5, 3.5))


def _plain(estimate):
    return Estimate(estimate.value.values, estimate.error.values, estimate.n.values)


def _sweep(system, axes, **options):
    common = {"disorder": mk.Anderson(strength=2.0), "observables": {"g": mk.Conductance()}}
    return mk.Sweep(system=system, energy=-1.0, axes=axes, **common, **options)


study = mk.Study(
    name="conductance_fluctuations",
    description="Are the fluctuations from sample to sample universal, and where does that end?",
    sweeps={
        "shapes": _sweep(
            Ribbon(width=60, length=120),
            {
                "disorder.width": (1.5, 2.0, 2.6),
                "length": (60, 120, 240),
                "flux": (0.0, 3e-3),
            },
            samples=500,
        ),
        "spins": _sweep(
            SpinOrbitRibbon(width=30, length=150, coupling="ando"),
            {"flux": (0.0, 3e-3)},
            params={"theta": 0.6, "zeeman": 0.0},
            samples=600,
        ),
    },
    presets={
        "quick": {},
        "full": {
            "shapes.system.width": 100,
            "shapes.length": (50, 100, 200, 400, 600),
            "shapes.disorder.width": (1.2, 1.6, 2.0, 2.8),
            "shapes.flux": (0.0, 2e-3),
            "shapes.samples": 4000,
            "spins.system.width": 48,
            "spins.length": 300,
            "spins.disorder.width": 1.8,
            "spins.flux": (0.0, 2e-3),
            "spins.samples": 8000,
        },
    },
    claims=claims,
    figure=figure,
    regime=regime,
    seed=8,
)


if __name__ == "__main__":
    mk.main(study)
