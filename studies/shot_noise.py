"""Shot noise: a diffusive wire makes a third of the noise of independent electrons.

The noise of a current I at zero temperature is 2eI F with F = <Σ T(1-T)>/<Σ T>, for N modes with
transmissions T. A wire of length L with the mean free path l, s = L/l, has

* F = (1/3) [1 - (1 + s)⁻³] where N is large and all modes have one velocity (de Jong and
  Beenakker, Phys. Rev. B 46, 13400 (1992)). The modes of a strip have not: the classical theory
  with their velocities (`theory.ballistic_fano_factor`) is up to 5 % lower at s of about 1.
* Without a field weak localization adds 4/(45 <g>) (the same), in a field nothing. Here it is the
  difference of the two, of the same samples. (A correction that lowered all T alike would not
  change F.)
* T = 1/cosh² x with x uniform from 0 to s: many channels are open, and many are closed (Dorokhov,
  Solid State Commun. 51, 381 (1984)). A finite wire is one in series with its contacts
  (`theory.wire_eigenvalue_count`). Without a field some of the open ones are missing.
* An insulating chain has F -> 3/4 and not 1: rare samples with T near 1 make its <Σ T> and its
  noise. F is exact at all lengths (`theory.chain_fano_factor`); <1 - T>, typical, tends to 1.
* At a temperature, S/4kTg = 2/3 + (1/3) v coth v with v = eV/2kT: thermal noise and shot noise do
  not add (Nagaev, Phys. Lett. A 169, 103 (1992)). S is here the integral over the energies of every
  sample, whose transmissions depend on them.

Nothing is fitted. s is N/<g> - 1 in the field, and l the slope of N/<g> against L there. The next
order in s/N is part of what is expected (`theory.wire_moments`), and s/N of it is the bound.

Regime, by rule: 1 <= s <= 3 for the way from ballistic to diffusive; L >= 3 W and L <= ξ/3, with
ξ = (N + 1) l, for 1/3 and for weak localization. What limits the agreement:

* The classical theory is for modes that are scattered now and then. The slowest one may be within
  ħ/τ of its threshold; what it changes is a bound. In wires with L < l the slow modes make most of
  the noise, and first runs, with other seeds, had an F that is lower by 2 to 5 % there.
* The field leaves interference on lengths below l, and a finite width adds some that a long wire
  has not. Both are local, change l and <g>, and not F, which is 1/3 for whatever l.
* Abrikosov's density, for the chain, is for weak disorder: s is known to a relative order <V²>.
"""

from dataclasses import replace
from functools import cached_property
from itertools import pairwise

import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import DiffusiveWire, bias_current, current_noise, thermal_average
from mesokwant.statistics import bootstrap, mean, paired_difference
from systems import Chain, Ribbon

RANGES = ((0.9, 1.0), (0.1, 0.5))
"""Transmissions between which channels are counted."""
TEMPERATURE = 0.005
BIASES = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0])
"""eV/2kT."""


class Noise:
    """What claims and panels share: wires, their channels, chains, and a warm wire."""

    def __init__(self, data):
        self.wires = Wires(data["wires"].to_dataset())
        self.channels = Channels(data["channels"].to_dataset())
        self.chains = Chains(data["chains"].to_dataset())
        self.warm = Warm(data["warm"].to_dataset())


class Wires:
    """Wires of many lengths without a field and in one; arrays have the shape (lengths,)."""

    def __init__(self, data):
        field = data.isel(flux=-1)
        self.lengths, self.flux = data.length.values, float(field.flux)
        self.g, self.noise = (
            data[name].transpose("flux", "length", "sample").values for name in ("g", "noise")
        )
        self.wire = DiffusiveWire.measured(field, beta=2)
        self.s = self.wire.channels / self.g[1].mean(axis=-1) - 1
        self.short = (self.s >= 1) & (self.s <= 3)
        long = self.lengths >= 3 * self.wire.width
        metal = self.lengths <= self.wire.localization_length(beta=1) / 3
        self.inside = long & metal
        self.velocities = theory.strip_velocities(self.wire.energy, self.wire.width)
        self.expected = self.theory(self.s, beta=2)
        self.expected_term = self.localization(self.s)

    def theory(self, s, beta):
        """The expected Fano factor."""
        channels = self.wire.channels
        return theory.wire_fano_factor(s, channels, beta=beta, velocities=self.velocities)

    def localization(self, s):
        """What the Fano factor without a field has more, whatever the velocities of the modes."""
        one, two = (theory.wire_fano_factor(s, self.wire.channels, beta=beta) for beta in (1, 2))
        return one - two

    @cached_property
    def fano(self):
        """Measured Fano factors, without a field and in it."""
        return bootstrap(fano_factors, self.noise, self.g)

    def pooled(self, statistic):
        """The mean of a statistic of the Fano factors (2, lengths) over lengths in the regime."""
        chosen = self.inside
        return bootstrap(
            lambda noise, g: np.mean(statistic(fano_factors(noise, g))),
            self.noise[:, chosen],
            self.g[:, chosen],
        )

    @cached_property
    def term(self):
        """F without a field less F in it, times <g> without."""
        return bootstrap(
            lambda noise, g: -np.diff(fano_factors(noise, g), axis=0)[0] * g[0].mean(axis=-1),
            self.noise,
            self.g,
        )


def fano_factors(noise, g):
    """<Σ T(1-T)>/<Σ T>, with the samples on the last axis."""
    return noise.mean(axis=-1) / g.mean(axis=-1)


class Channels:
    """The transmissions of a wire of one length, without a field and in it."""

    def __init__(self, data):
        self.transmissions = data["T"].transpose("flux", "channel", "sample").values
        self.g = data.g.transpose("flux", "sample").values
        number = int(theory.open_modes(float(data.energy), int(data.width)))
        self.s = number / self.g[1].mean() - 1

    def above(self, t):
        """How many transmissions are above t in every sample: shape (fluxes, samples)."""
        return (self.transmissions > t).sum(axis=1)

    def between(self, edges):
        """Channels between transmissions, over g in the field: measured and expected."""
        counts = np.array(
            [self.above(low)[1] - self.above(high)[1] for low, high in pairwise(edges)]
        )
        measured = bootstrap(lambda n, g: n.mean(axis=-1) / g.mean(), counts, self.g[1])
        number = theory.wire_eigenvalue_count(np.arccosh(np.asarray(edges) ** -0.5), 1.0, self.s)
        return measured, -np.diff(number) * (1 + self.s)


class Chains:
    """Chains of many lengths: one channel."""

    def __init__(self, data):
        self.t = data.g.transpose("length", "sample").values
        strength = float(data.strength)
        rate = float(theory.chain_lyapunov(float(data.energy), strength)[0])
        self.s = 2 * data.length.values * rate
        self.order = strength**2 / 12
        self.fano = bootstrap(lambda t: 1 - (t**2).mean(axis=-1) / t.mean(axis=-1), self.t)
        value = theory.chain_fano_factor(self.s)
        self.expected = theory.Prediction(
            value,
            abs(theory.chain_fano_factor(self.s * (1 + self.order)) - value),
            because="density for W -> 0: relative order <V²> in s",
            source="exact F(2L/ξ) for N = 1, from Abrikosov 1981",
        )

    @cached_property
    def ratio(self):
        """Fano factor over the exact one: mean over all lengths."""
        value = self.expected.value
        return bootstrap(
            lambda t: np.mean((1 - (t**2).mean(axis=-1) / t.mean(axis=-1)) / value), self.t
        )


class Warm:
    """The noise of a wire at a temperature, against the bias."""

    def __init__(self, data):
        level = float(data.energy.mean())
        window = {"kT": TEMPERATURE, "fermi_energy": level}
        voltages = 2 * TEMPERATURE * BIASES
        s = current_noise(data.g, data.noise, bias=voltages, **window) / (4 * TEMPERATURE)
        self.noise = s.transpose("bias", "sample").values
        current = bias_current(data.g, bias=voltages[1:], **window).transpose("bias", "sample")
        unbiased = thermal_average(data.g, **window).values
        self.g = np.concatenate([[unbiased], current.values / voltages[1:, None]])
        self.ratio = bootstrap(lambda s, g: s.mean(axis=-1) / g.mean(axis=-1), self.noise, self.g)
        channels = int(theory.open_modes(level, int(data.width)))
        velocities = theory.strip_velocities(level, int(data.width))
        s = channels / float(data.g.mean()) - 1
        self.fano = theory.wire_fano_factor(s, channels, beta=2, velocities=velocities)

    def expected(self, v):
        """S/4kTg in theory, where the Fano factor is that of one energy."""
        excess = theory.thermal_noise_crossover(v, fano=1.0) - 1
        return 1 + self.fano * excess


def regime(noise):
    """Where the wires lie."""
    wires = noise.wires
    table = dict(wires.wire.regime(wires.lengths, wires.inside, beta=1))
    return {"crossover": list(wires.short), **table}


# -- claims ---------------------------------------------------------------------------------


def claims(noise):
    """1/3, how it is reached, weak localization, the channels, the chain, and temperature."""
    yield from wire_claims(noise.wires)
    yield from channel_claims(noise.channels)
    yield from chain_claims(noise.chains)
    warm, v = noise.warm, 2.0
    place = int(np.flatnonzero(v == BIASES)[0])
    expected = replace(warm.expected(v), source="2/3 + (1/3) v coth v; Nagaev 1992")
    effect = 1 + v / 3 - expected.value
    yield mk.Claim("eV = 4kT: noise over 4kTg", warm.ratio[place], expected, effect=effect)


def wire_claims(wires):
    """The Fano factor of wires, in the field and by how much it is higher without."""
    for i in np.flatnonzero(wires.short):
        name, expected = f"L = {wires.s[i]:.2g} l in the field: F", wires.expected[i]
        yield mk.Claim(name, wires.fano[1][i], expected, effect=1 / 3 - expected.value)
    if not wires.inside.any():
        return
    expected, term = wires.expected[wires.inside], wires.expected_term[wires.inside]
    number = f"{wires.inside.sum()} long wires"
    measured = wires.pooled(lambda fano: fano[1] / expected.value) / 3
    source = "1/3, after the next order; Beenakker & Büttiker 1992"
    third = replace(expected.normalized().mean() / 3, source=source)
    yield mk.Claim(f"{number} in the field: F", measured, third, effect=1 / 12)

    measured = wires.pooled(lambda fano: (fano[0] - fano[1]) / term.value) * (4 / 45)
    source = "4/(45<g>), after the next order; de Jong & Beenakker 1992"
    full = replace(term.normalized().mean() * (4 / 45), source=source)
    name = f"{number}: <g> times what F has more without a field"
    yield mk.Claim(name, measured, full, effect=4 / 45)
    yield mk.Claim(f"{name}, > 0", measured, above=0.0, sigmas=5, source=source, effect=4 / 45)
    measured = wires.pooled(lambda fano: (fano[1] - expected.value) / term.value)
    bound, because = (expected.bound / term.value).mean(), expected.because
    none = theory.Prediction(0.0, bound, because, "none at β = 2; de Jong & Beenakker 1992")
    yield mk.Claim(f"{number}: share of it in the field", measured, none, effect=1.0)


def channel_claims(channels):
    """How many channels are open and nearly closed, against those of a chaotic cavity."""
    for low, high in RANGES:
        measured, expected = channels.between([low, high])
        name = f"channels with {low:g} < T < {high:g}, over <g>"
        source = "Dorokhov 1984, at finite L/l"
        cavity = 4 / np.pi * np.diff(np.arcsin(np.sqrt([low, high])))
        effect = abs(cavity - expected).item()
        yield mk.Claim(name, measured[0], expected[0], source=source, effect=effect)

    low = RANGES[0][0]
    none, field = channels.above(low)
    name, source = f"T > {low:g}: more channels in the field", "weak localization; Beenakker 1997"
    yield mk.Claim(name, paired_difference(field, none), above=0.0, sigmas=5, source=source)


def chain_claims(chains):
    """The chain on its exact curve."""
    expected = chains.expected
    name = f"{len(chains.s)} chains: F over the exact F"
    effect = np.mean(1 - 1 / 3 / expected.value)  # That of a metal is 1/3.
    yield mk.Claim(name, chains.ratio, expected.normalized().mean(), effect=effect)
    longest = chains.s[-1]
    effect = 1 - expected.value[-1]
    name = f"longest chain, L = {longest / 2:.1f} ξ: F"
    yield mk.Claim(name, chains.fano[-1], expected[-1], effect=effect)
    typical, source = mean(1 - chains.t[-1]), "typical samples: independent electrons"
    name = f"L = {longest / 2:.1f} ξ: <1 - T>"
    yield mk.Claim(name, typical, above=3 / 4, source=source, effect=1 / 4)


# -- figure ---------------------------------------------------------------------------------


def crossover(ax, noise):
    """The Fano factor in the field against length."""
    ax.set_title("from none to 1/3")
    wires = noise.wires
    label = f"wire, {wires.flux:g} h/e"
    inside = wires.short | wires.inside
    figures.points(ax, wires.s, wires.fano[1], inside=inside, label=label)
    s = np.geomspace(wires.s[0] / 1.5, 1.3 * wires.s[-1], 100)
    line = wires.theory(s, 2)
    figures.theory_line(ax, s, line, label="theory, modes of the strip", bound="slowest mode")
    figures.theory_line(ax, s, theory.fano_factor(s), line=":", label="one velocity")
    figures.level(ax, 1 / 3, label="1/3")
    ax.set(xscale="log", xlabel="$s = L/l$", ylabel="Fano factor")
    figures.ticks(ax.xaxis, 0.5, 1, 2, 5, 10)


WITHOUT_AND_IN_FIELD = (("no field", figures.COLORS[1]), ("field", figures.COLORS[0]))


def weak_localization(ax, noise):
    """The Fano factor against 1/<g>, without a field and in it."""
    ax.set_title("weak localization adds noise")
    wires = noise.wires
    s = np.linspace(2, 1.15 * wires.s[-1], 100)
    for i, (label, color) in enumerate(WITHOUT_AND_IN_FIELD):
        x = 1 / wires.g[i].mean(axis=-1)
        shown = wires.s >= 2
        figures.points(
            ax, x[shown], wires.fano[i][shown], color=color, inside=wires.inside[shown], label=label
        )
        g, _ = theory.wire_moments(s, wires.wire.channels, beta=i + 1)
        figures.theory_line(ax, 1 / g, wires.theory(s, i + 1), color=color)
    x = np.linspace(0, 1 / g[-1], 100)
    line = 1 / 3 + theory.fano_factor_weak_localization(1 / np.maximum(x, 1e-9), beta=1)
    figures.theory_line(ax, x, line, line=":", label=r"$1/3+4/(45\langle g\rangle)$")
    ax.set(xlabel=r"$1/\langle g\rangle$ ($h/e^2$)", ylabel="Fano factor", xlim=0)


def distribution(ax, noise):
    """The density of transmissions: many open, many closed, few between."""
    ax.set_title("channels open or closed")
    channels = noise.channels
    edges = np.linspace(0.05, 1, 20)
    width, middle = edges[1] - edges[0], (edges[1:] + edges[:-1]) / 2
    measured, _ = channels.between(edges)
    figures.points(ax, middle, measured / width, label="wire, field")
    t = np.linspace(0.03, 0.999, 400)
    x = np.arccosh(t**-0.5)
    density = theory.wire_eigenvalue_density(x, 1.0, channels.s) * (1 + channels.s)
    figures.theory_line(ax, t, density / (2 * t * np.sqrt(1 - t)), label="Dorokhov")
    cavity = 2 / np.pi / np.sqrt(t * (1 - t))
    figures.theory_line(ax, t, cavity, line=":", label="chaotic cavity")
    ax.set(yscale="log", xlabel="transmission $T$", ylabel=r"density / $\langle g\rangle$")
    figures.ticks(ax.yaxis, 1, 2, 5, 10, 20)


def localization_term(ax, noise):
    """What weak localization adds to the Fano factor, times <g>, against length."""
    ax.set_title(r"what it adds: $4/45\langle g\rangle$")
    wires = noise.wires
    figures.points(ax, wires.s, wires.term, inside=wires.inside, label="same samples")
    s = np.geomspace(0.1, 1.15 * wires.s[-1], 100)
    g, _ = theory.wire_moments(s, wires.wire.channels, beta=1)
    line = wires.localization(s) * g
    figures.theory_line(ax, s, line, label="theory", bound="next order")
    figures.level(ax, 4 / 45, label="4/45")
    ax.set(xlabel="$s = L/l$", ylabel=r"$[F(0)-F(f)]\,\langle g\rangle$", ylim=0, xlim=0)


def chain(ax, noise):
    """The Fano factor of chains, and that of typical ones."""
    ax.set_title("from metal to insulator")
    chains = noise.chains
    figures.points(ax, chains.s, chains.fano, label=r"$\langle T(1-T)\rangle/\langle T\rangle$")
    label, color = r"$\langle 1-T\rangle$", figures.COLORS[1]
    figures.points(ax, chains.s, mean(1 - chains.t), color=color, label=label)
    s = np.linspace(0.05, 1.3 * chains.s[-1], 100)
    figures.theory_line(ax, s, theory.chain_fano_factor(s), label="exact, N = 1")
    figures.level(ax, 3 / 4, label="3/4")
    figures.level(ax, 1 / 3, line=":", label="1/3")
    ax.set(xlabel=r"$2L/\xi$", ylabel="Fano factor", ylim=(0, 1.05))


def temperature(ax, noise):
    """Noise over thermal noise against the bias."""
    ax.set_title("from thermal to shot noise")
    warm = noise.warm
    single = (warm.noise / warm.g)[:, :30]
    ax.plot(BIASES, single, color="0.8", linewidth=0.6)
    ax.plot([], [], color="0.8", label="single samples")
    figures.points(ax, BIASES, warm.ratio, label="mean")
    v = np.linspace(0, 1.05 * BIASES[-1], 100)
    figures.theory_line(ax, v, warm.expected(v), label=r"$2/3+(1/3)\,v\,\coth v$")
    figures.theory_line(ax, v, 1 + v / 3, line=":", label="sum $1+v/3$")
    ax.set(xlabel="$v=eV/2kT$", ylabel="noise / $4kTg$")


def ribbon(axes, observables, samples, **options):
    """Sweep of a disordered ribbon."""
    return mk.Sweep(
        system=Ribbon(width=48, length=120),
        energy=-1.0,
        disorder=mk.Anderson(strength=1.5),
        axes=axes,
        observables={"g": mk.Conductance(), **observables},
        samples=samples,
        **options,
    )


FLUX = (0.0, 3e-3)
NOISE, EIGENVALUES = {"noise": mk.ShotNoise()}, {"T": mk.TransmissionEigenvalues()}

study = mk.Study(
    name="shot_noise",
    question="Is the noise of a diffusive wire a third of that of independent electrons?",
    sweeps={
        "wires": ribbon({"length": (12, 22, 44, 88, 144, 180), "flux": FLUX}, NOISE, 1200),
        "channels": ribbon({"flux": FLUX}, EIGENVALUES, 1000),
        "chains": mk.Sweep(
            Chain(length=63),
            energy=1.2,
            disorder=mk.Anderson(strength=0.7),
            axes={"length": (63, 125, 250, 500)},
            samples=20000,
        ),
        "warm": ribbon(
            {"energy": tuple(np.linspace(-1.085, -0.915, 35).round(4).tolist())},
            NOISE,
            60,
            params={"flux": FLUX[1]},
        ),
    },
    presets={
        "full": {
            "wires.width": 60,
            "wires.strength": 1.4,
            "wires.length": (12, 25, 50, 100, 180, 240, 300),
            "wires.samples": 2000,
            "channels.width": 60,
            "channels.strength": 1.4,
            "channels.length": 180,
            "channels.samples": 1500,
            "wires.flux": (0.0, 2e-3),
            "channels.flux": (0.0, 2e-3),
            "chains.length": (63, 125, 250, 500, 750),
            "chains.samples": 60000,
            "warm.width": 40,
            "warm.length": 120,
            "warm.strength": 1.7,
            "warm.samples": 200,
        },
        "repeat": {"like": "full", "seed": 1640, "chains.samples": 20000},
        "toy": {
            "width": 7,
            "wires.length": (6, 24, 30),
            "wires.strength": 2.5,
            "channels.length": 24,
            "warm.length": 12,
            "wires.flux": (0.0, 0.02),
            "channels.flux": (0.0, 0.02),
            "chains.length": (63, 125),
            "samples": 12,
        },
    },
    reading=Noise,
    regime=regime,
    claims=claims,
    panels=(crossover, weak_localization, distribution, localization_term, chain, temperature),
    seed=53,
)

mk.main(study, __name__)
