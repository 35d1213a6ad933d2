"""Anderson localization in one dimension: every chain insulates, and theory is exact.

A chain of length L with box disorder of width W between clean leads; <ln g> = -2L/ξ defines ξ.

* ξ = 24 (4 - E²)/W² to second order in W (Thouless, in Ill-Condensed Matter (1979)), 9 % longer
  at the band centre (Kappus and Wegner, Z. Phys. B 45, 15 (1981)) and longer near the edges.
* At any W and E, ξ and the growth of var ln g are those of the stationary density of the phase
  (Dyson 1953, Schmidt 1957; `theory.chain_lyapunov`): exact numbers, no expansion.
* ln g is distributed as Abrikosov (Solid State Commun. 37, 997 (1981)) found, in the end
  log-normally: var(ln g)/(-<ln g>) -> 2.

Nothing is fitted but slopes against length, which the leads do not change.

Regime, fixed before the data. Filled points have 0.25 <= E <= 1.5, away from the anomalies,
whose widths are about W²/24 and (W²/12)^(2/3). <ln g> is used at all lengths (its law has no
lower limit), var ln g at L >= 3 ξ, where Abrikosov's is within 0.3 of its asymptote. What limits
the agreement:

* The formula of second order: the next orders, as large as the exact exponent says.
* Abrikosov's density is for W -> 0. The phase forgets in a few sites, against ξ: corrections are
  of relative order 1/ξ, at most <V²> = W²/12 here.
"""

import numpy as np
from matplotlib.figure import Figure

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import decay_rates, localization_length, scaling_ratio
from mesokwant.statistics import Estimate, cumulant, histogram, log_mean, log_variance, mean
from systems import Chain

INSIDE = (0.25, 1.5)
"""Energies away from the anomalies."""
BEYOND = "orders beyond W², from the exact exponent"


def regime(data):
    """How long the chains are, and how far theory is from its second order, at every energy."""
    energies, disorder = data["energy"].energy.values, data["energy"].attrs["disorder.width"]
    xi = 1 / theory.chain_lyapunov(energies, disorder)[0]
    return {
        "E (t)": energies,
        "W (t)": [disorder] * len(energies),
        "exact ξ (a)": xi,
        "exact ξ / second order": xi / theory.chain_localization_length(disorder, energies),
        "longest L/ξ": int(data["energy"].length.max()) / xi,
        "in regime": _regime(energies)[0],
    }


def claims(data):
    """ξ against closed and exact theory, then the distribution of ln g."""
    yield from _disorder_claims(data["disorder"].to_dataset())
    yield from _energy_claims(data["energy"].to_dataset())
    yield from _distribution_claims(data["distribution"].to_dataset())


def _disorder_claims(data):
    energy, widths = data.attrs["energy"], data.width.values
    rates = decay_rates(data.length, data.g.transpose("length", "width", "sample"))
    exact = np.array([float(theory.chain_lyapunov(energy, width)[0]) for width in widths])
    yield mk.Claim(
        "all W: mean of exact ξ / ξ",
        mean((rates / exact[:, None]).mean(axis=0)),
        1.0,
        "invariant density; Dyson 1953, Schmidt 1957",
    )
    for width, rate in zip(widths, exact, strict=True):
        formula = theory.chain_localization_length(width, energy)
        yield mk.Claim(
            f"W = {width:g}: ξ/[24 (4 - E²)/W²]",
            _scaled(localization_length(data.length, _at(data, width=width)), formula),
            1.0,
            "Thouless 1979; Kappus & Wegner 1981",
            systematic=float(abs(1 / rate / formula - 1)),
            because=BEYOND,
        )


def _energy_claims(data):
    energies, (inside, centre) = data.energy.values, _regime(data.energy.values)
    width = data.attrs["disorder.width"]
    rates = decay_rates(data.length, data.g.transpose("length", "energy", "sample"))
    exact = theory.chain_lyapunov(energies, width)[0]
    second = 1 / theory.chain_localization_length(width, energies)
    yield mk.Claim(
        "all energies: mean of exact ξ / ξ",
        mean((rates / exact[:, None]).mean(axis=0)),
        1.0,
        "invariant density; Dyson 1953, Schmidt 1957",
    )
    yield mk.Claim(
        f"{INSIDE[0]} <= E <= {INSIDE[1]}: mean of 24 (4 - E²)/W²/ξ",
        mean((rates / second[:, None])[inside].mean(axis=0)),
        1.0,
        "Thouless 1979; Kappus & Wegner 1981",
        systematic=float(np.mean(abs(exact / second - 1)[inside])),
        because=BEYOND,
    )
    anomaly = theory.chain_localization_length_centre(width)
    at_centre = localization_length(data.length, _at(data, energy=0.0))
    yield mk.Claim(
        "band centre: ξ W²",
        _scaled(at_centre, width**-2),
        float(anomaly * width**2),
        "[Γ(1/4)/Γ(3/4)]² 12; Derrida & Gardner 1984",
        systematic=float(abs(1 / exact[centre] - anomaly) * width**2),
        because=BEYOND,
    )
    yield mk.Claim(
        "band centre: ξ W² beyond second order",
        _scaled(at_centre, width**-2),
        96.0,
        "the anomaly; Kappus & Wegner 1981",
        relation=">",
    )


def _distribution_claims(data):
    energy, width = data.attrs["energy"], data.attrs["disorder.width"]
    rate, spread = theory.chain_lyapunov(energy, width)
    deep = _deep(data)
    yield mk.Claim(
        "growth of var(ln g) / -<ln g>",
        scaling_ratio(data.length[deep], data.g.transpose("length", "sample")[deep]),
        2.0,
        "single-parameter scaling; Anderson et al. 1980",
        systematic=float(2 * abs(spread / rate - 1)),
        because=BEYOND,
    )
    for length in data.length.values:
        s = 2 * length * float(rate)
        variance, skewness = theory.chain_log_conductance_moments(s)
        g = _at(data, length=length)
        yield mk.Claim(
            f"L = {s / 2:.1f} ξ: <ln g>/(-2L/ξ)",
            _scaled(log_mean(g), -s),
            1.0,
            "linear in L: <ln g> = -2L/ξ, ξ exact; Anderson et al. 1980",
            systematic=width**2 / 12 / s,
            because="the ends: a constant of the order of <V²> in ln g",
        )
        yield mk.Claim(
            f"L = {s / 2:.1f} ξ: var ln g / exact",
            _scaled(log_variance(g), float(variance)),
            1.0,
            "Abrikosov 1981",
            systematic=width**2 / 12,
            because="density for W -> 0: relative order <V²>",
        )
        yield mk.Claim(
            f"L = {s / 2:.1f} ξ: skewness of ln g",
            cumulant(np.log(g), 3, standardized=True),
            float(skewness),
            "Abrikosov 1981; 0 is log-normal",
            systematic=width**2 / 12,
            because="density for W -> 0: relative order <V²>",
        )


def _regime(energies):
    """Which energies are away from the anomalies, and the place of the band centre."""
    return (energies >= INSIDE[0]) & (energies <= INSIDE[1]), int(np.argmin(abs(energies)))


def _at(data, **point):
    """Conductances at a point, the sample last."""
    return data.g.sel(point).transpose(..., "sample").values


def _scaled(estimate, unit):
    return Estimate(estimate.value / unit, estimate.error / abs(unit), estimate.n)


def _deep(data):
    """Lengths at which var ln g grows as it always will."""
    rate, _ = theory.chain_lyapunov(data.attrs["energy"], data.attrs["disorder.width"])
    return data.length.values * float(rate) >= 3


def figure(data) -> Figure:
    """ξ against disorder and energy; mean, distribution, variance and skewness of ln g."""
    drawing, axes = figures.panels(2, 3, size=(3.1, 2.6))
    (disorder, energy, linear), (density, scaling, normal) = axes
    _draw_disorder(disorder, data["disorder"].to_dataset())
    _draw_energy(energy, data["energy"].to_dataset())
    distribution = data["distribution"].to_dataset()
    _draw_distribution(density, distribution)
    _draw_moments(linear, scaling, normal, distribution)
    for ax, letter in zip(axes.flat, "abcdef", strict=True):
        ax.set_title(f"({letter})")
        ax.legend()
    return drawing


def _draw_disorder(ax, data):
    energy, widths = data.attrs["energy"], data.width.values
    xi = localization_length(data.length, data.g.transpose("length", "width", "sample"))
    figures.points(ax, widths, xi, color=figures.COLORS[0], label=f"chain, E = {energy:g} t")
    dense = np.geomspace(widths[0] / 1.1, 1.1 * widths[-1], 50)
    line = theory.chain_localization_length(dense, energy)
    figures.theory_line(ax, dense, line, label=r"$24(4-E^2)/W^2$")
    ax.set(xscale="log", yscale="log")
    figures.ticks(ax.xaxis, 0.2, 0.5, 1, 2)
    ax.set(xlabel=r"disorder $W$ ($t$)", ylabel=r"$\xi$ (sites)")


def _draw_energy(ax, data):
    width, energies = data.attrs["disorder.width"], data.energy.values
    xi = localization_length(data.length, data.g.transpose("length", "energy", "sample"))
    color = figures.COLORS[0]
    label = f"chain, W = {width:g} t"
    figures.points(ax, energies, xi, color=color, label=label, inside=_regime(energies)[0])
    dense = np.concatenate([np.linspace(0, 0.2, 9), np.linspace(0.25, energies[-1], 21)])
    ax.plot(dense, 1 / theory.chain_lyapunov(dense, width)[0], color="0.5", label="exact")
    line = theory.chain_localization_length(width, dense)
    figures.theory_line(ax, dense, line, label=r"$24(4-E^2)/W^2$")
    ax.plot(
        0,
        theory.chain_localization_length_centre(width),
        "k*",
        markersize=7,
        zorder=6,
        label="centre, W → 0",
    )
    ax.set(xlabel=r"energy $E$ ($t$)", ylabel=r"$\xi$ (sites)")


def _draw_distribution(ax, data):
    rate = float(theory.chain_lyapunov(data.attrs["energy"], data.attrs["disorder.width"])[0])
    for length, color in figures.colored(data.length.values):
        s = 2 * length * rate
        edges = np.linspace(-s - 4 * np.sqrt(2 * s), min(0.0, 4 * np.sqrt(2 * s) - s), 26)
        density = histogram(np.log(_at(data, length=length)), edges)
        middle = (edges[1:] + edges[:-1]) / 2
        figures.points(ax, middle, density, color=color, label=f"L = {s / 2:.1f} ξ")
        grid = np.linspace(edges[0], -1e-3, 200)
        ax.plot(grid, theory.chain_log_conductance_density(grid, s), color=color, linewidth=1)
        normal = np.exp(-((grid + s) ** 2) / (4 * s)) / np.sqrt(4 * np.pi * s)
        figures.theory_line(ax, grid, normal, color="0.4")
    ax.plot([], [], color="k", linewidth=1, label="Abrikosov")
    figures.theory_line(ax, [], [], color="0.4", label="log-normal")
    ax.set(yscale="log", ylim=(3e-4, 1), xlabel=r"$\ln g$", ylabel="probability density")


def _draw_moments(linear, scaling, normal, data):
    g, lengths, color = data.g.transpose("length", "sample").values, data.length.values, "0.5"
    average, (rate, _) = (
        log_mean(g),
        theory.chain_lyapunov(data.attrs["energy"], data.attrs["disorder.width"]),
    )
    figures.points(linear, lengths, average, color=figures.COLORS[0], label="chain")
    end = np.array([0, 1.05 * lengths[-1]])
    figures.theory_line(linear, end, -2 * end * float(rate), label=r"$-2L/\xi$, exact $\xi$")
    linear.set(xlabel="length L (sites)", ylabel=r"$\langle\ln g\rangle$")

    x, s = -average.value, np.linspace(0.05, 40, 40)
    variance, skewness = theory.chain_log_conductance_moments(s)
    figures.points(
        scaling, x, log_variance(g), color=figures.COLORS[0], label="chain", inside=_deep(data)
    )
    scaling.plot(s, variance, color=color, label="Abrikosov")
    figures.theory_line(scaling, s, 2 * s, label="slope 2")
    scaling.set(xlabel=r"$-\langle\ln g\rangle$", ylabel=r"var $\ln g$")

    found = cumulant(np.log(g), 3, standardized=True)
    figures.points(normal, x, found, color=figures.COLORS[0], label="chain")
    normal.plot(s, skewness, color=color, label="Abrikosov")
    normal.axhline(0, color="k", linestyle="--", linewidth=1, label="log-normal")
    normal.set(xlabel=r"$-\langle\ln g\rangle$", ylabel=r"skewness of $\ln g$")


def _chain(energy, width, axes, samples):
    return mk.Sweep(
        system=Chain(length=1000),
        energy=energy,
        disorder=mk.Anderson(strength=width),
        axes=axes,
        observables={"g": mk.Conductance()},
        samples=samples,
    )


study = mk.Study(
    name="chain_localization",
    description="How soon does a disordered chain insulate, and how is its ln g distributed?",
    sweeps={
        "disorder": _chain(
            1.2,
            1.0,
            {"length": (1000, 2000, 4000), "width": (0.2, 0.3, 0.45, 0.65, 0.95, 1.4, 2.0)},
            1500,
        ),
        "energy": _chain(
            0.0,
            1.0,
            {
                "length": (500, 1000, 2000),
                "energy": (0.0, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.7, 1.85, 1.95),
            },
            2000,
        ),
        "distribution": _chain(1.2, 0.7, {"length": (125, 500, 1000, 2000)}, 8000),
    },
    presets={
        "quick": {},
        "full": {
            "disorder.samples": 5000,
            "energy.samples": 3000,
            "distribution.samples": 30000,
        },
    },
    claims=claims,
    figure=figure,
    regime=regime,
    seed=2,
)


if __name__ == "__main__":
    mk.main(study)
