"""Dephasing: a reservoir that takes electrons and gives them back ends interference, not current.

Voltage probes on a grid of sites take electrons at the rate 1/τ_φ and give each of them back with
a random phase (Büttiker, Phys. Rev. B 33, 3020 (1986)). L_φ = √(D τ_φ) is measured and not fitted:

* The direct part of the conductance, of electrons that met no probe, falls as x/sinh x with
  x = (L + l)/L_φ (`theory.direct_share`). It is the conductance with an imaginary potential, to
  the last digit (`tests/theory/test_dephasing.py`), and loses current. With the probes floating
  the current is the same at both ends, and the mean conductance stays.
* Fluctuations: the modes of diffusion decay over L_φ, so that var g falls from 2/15 to
  3 (L_φ/L)³ in a wire; `theory.dephased_wire_variance` is the sum for the rectangle.
* Weak localization: the rise <g(f) - g(0)> falls from that of the coherent sample to that of a
  Cooperon C that decays over L_φ, plus what loops through a single probe add: a probe of one mode
  has T_ij = T_ji, and so these loops interfere too, C -> C + C²/L_φ²
  (`theory.dephased_magnetoconductance`). They make a fall that is nowhere near that of C alone.
* Control: static random potentials on the same sites, which scatter electrons at the same rate
  (`theory.static_strength`), change neither fluctuations nor localization.

Regime, by rule: l <= W/6, L = 2.5 W, and couplings that make L/L_φ cover a decade up to 5, with
L_φ >= 4 l. l is that of the strongest probes in the strongest field, where no correction is
left; L_φ is the one of the direct part in that field. The weak field is 1e-4, where the magnetic
length l_B = (4π f)^(-1/2) is 4 l and more. What limits the agreement:

* Where the leads end: diffusion ends about l/2 inside them, known to a fifth of l.
* Short loops: the field ends some before they diffuse, (l_tr/l_B)², and probes do, (l/L_φ)².
* L/ξ: the next orders are those of coherent wires, for coherent pieces; half of it is the bound.

A first trial found the rise 10 to 30 % above C alone, and exploratory runs (W = 48, l = 6, other
seeds) found 12 to 110 % at L_φ = 18 to 45, the more the weaker the field, with as many probes as
here, four times as many and a quarter. Loops through one probe were thought of then. Without a
fit they bring all of these to 0.86 to 1.0 of the formula in fields up to 3e-4, and the kept run,
with a new seed, tests them. Their weight has an independent test without any diffusion: random
scattering matrices of a cavity, whose probes of one mode lose 0.182(3) e²/h to weak localization,
where loops without a probe alone would be 0.125 and the rule says 0.188 (to the share 1/32 of the
number of modes), and a single probe of all these modes 0.124(3) (`tests/theory/test_dephasing.py`).

var g and the rise at all couplings are one claim each, by chi² with the covariances of the points,
against what they would be without dephasing, and without loops through one probe. At a single
weak coupling neither could be told.
"""

from functools import cached_property

import numpy as np
from scipy.interpolate import PchipInterpolator

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import DiffusiveWire, curve_claim, variance_ratio
from mesokwant.statistics import Estimate, bootstrap, curve, paired_difference, stack, variance
from systems import Ribbon, VoltageProbes
from systems.probes import escape_rate

ENERGY = -1.01
SPACING = 8
STRONGEST = 0.55
COUPLINGS = (0.0, 0.05, 0.1, 0.17, 0.3, STRONGEST)
DENSITY = float(theory.square_lattice_dos(ENERGY))
STATIC = "anderson.1.strength"
# Static potentials that scatter as often as the strongest probes take electrons.
EQUAL = theory.static_strength(
    SPACING**-2, escape_rate(SPACING**-2, STRONGEST, DENSITY), density=DENSITY
)


def on_grid(site):
    """Whether a site has a probe, or a static potential."""
    return all(tag % SPACING == SPACING // 2 for tag in site.tag)


class Probes:
    """What claims and panels share: samples with probes, their l and L_φ, and what is expected."""

    def __init__(self, data):
        data = {name: data[name].to_dataset() for name in data.children}
        self.data, self.field, self.dense = data["probes"], data["field"], data["dense"]
        self.static = data["static"]
        self.lengths = self.data.length.values
        self.couplings = self.data.probe_coupling.values[1:]
        self.weak, self.strong = self.data.flux.values[1:]
        ends = self.data.sel(probe_coupling=self.couplings[-1], flux=self.strong)
        self.wire = DiffusiveWire.measured(ends, beta=2)
        self.path = self.wire.mean_free_path
        self.length = int(self.lengths[-1])
        self.g = self.data.g.sel(length=self.length)

    def lengths_of(self, direct, length):
        """L_φ of every coupling but 0 by direct parts, shape (couplings with 0, samples)."""
        shares = direct[1:].mean(axis=-1) / direct[0].mean()
        found = [theory.dephasing_length(x, length, mean_free_path=self.path) for x in shares]
        return np.array(found)

    @cached_property
    def direct(self):
        """Direct parts in the strong field, shape (lengths, couplings with 0, samples)."""
        parts = self.data.direct.sel(flux=self.strong)
        return parts.transpose("length", "probe_coupling", "sample").values

    @cached_property
    def phi(self):
        """L_φ of every length: shape (couplings,) each."""
        return [
            bootstrap(lambda d, x=x: self.lengths_of(d, x), direct, resamples=100)
            for x, direct in zip(self.lengths, self.direct, strict=True)
        ]

    @cached_property
    def phi_ratio(self):
        """L_φ of the first length over that of the last one; the samples share their disorder."""
        ends = self.lengths[[0, -1]]

        def ratio(direct):
            first, last = (self.lengths_of(*x) for x in zip(direct, ends, strict=True))
            return first / last

        return bootstrap(ratio, self.direct[[0, -1]], resamples=100)

    @cached_property
    def golden_rule(self):
        """L_φ = √(D τ_φ) by the rate of the probes and D of the resistance."""
        rates = [escape_rate(SPACING**-2, c, DENSITY) for c in self.couplings]
        return np.sqrt(self.wire.diffusion.value / np.array(rates))

    @cached_property
    def a(self):
        """L/L_φ of all couplings, with 0 first."""
        return np.append(0.0, self.length / self.phi[-1].value)

    @cached_property
    def values(self):
        """g without a field, shape (couplings with 0, samples)."""
        return self.g.sel(flux=0.0).transpose("probe_coupling", "sample").values

    def expected_variance(self, phi):
        """Variance of g without a field for some L_φ."""
        wire = self.wire
        sizes = {"channels": wire.channels, "mean_free_path": self.path}
        return theory.dephased_wire_variance(self.length, wire.width, dephasing_length=phi, **sizes)

    def cooperon(self, flux, phi, *, single_mode=True):
        """Rise <g(f) - g(0)> by the Cooperon with L_φ, with or without loops through a probe."""
        sizes = {"dephasing_length": phi, "mean_free_path": self.path, "single_mode": single_mode}
        length, width = self.length, self.wire.width
        return float(theory.dephased_magnetoconductance(flux, length, width, **sizes))

    def expected_rise(self, flux, phi):
        """Rise <g(f) - g(0)> for some L_φ, with its bound."""
        sizes = {"channels": self.wire.channels, "mean_free_path": self.path}
        return theory.dephased_wire_rise(
            flux, self.length, self.wire.width, dephasing_length=phi, **sizes
        )

    @cached_property
    def coherent_rise(self):
        """Rise <g(f) - g(0)> in the weak field without probes, with its bound."""
        return theory.short_wire_magnetoconductance(
            self.weak,
            self.length,
            self.wire.width,
            channels=self.wire.channels,
            mean_free_path=self.path,
        )

    @cached_property
    def rises(self):
        """Measured rise in the weak field at every coupling, with 0 first."""
        return stack([rise(self.g.sel(probe_coupling=c), self.weak) for c in self.g.probe_coupling])


def rise(g, flux):
    """Measured <g(flux) - g(0)>, the same samples in both."""
    return paired_difference(g.sel(flux=flux), g.sel(flux=0.0))


def regime(probes):
    """Where each coupling lies."""
    points = len(probes.couplings)
    return {
        "coupling (t)": list(probes.couplings),
        "L_φ (a)": list(probes.phi[-1].value),
        "L/L_φ": list(probes.a[1:]),
        "L_φ/l": list(probes.phi[-1].value / probes.path),
        "l (a)": [probes.path] * points,
        "l/W": [probes.wire.path_over_width] * points,
        "L/ξ": [probes.length / probes.wire.localization_length(1)] * points,
        "in regime": list(probes.phi[-1].value >= 4 * probes.path),
    }


# -- claims ---------------------------------------------------------------------------------


def claims(probes):
    """Current, L_φ, fluctuations and weak localization with probes, and the static control."""
    yield from current_claims(probes)
    yield from length_claims(probes)
    yield from variance_claims(probes)
    yield from localization_claims(probes)
    yield from control_claims(probes)


def current_claims(probes):
    """Floating probes conserve the current; an imaginary potential does not."""
    worst = float(abs(probes.data.g - probes.data.back).max())
    source = "Büttiker, PRB 33, 3020 (1986)"
    rounding = theory.Prediction(0.0, 1e-9, because="rounding", source=source)
    name = "current at both ends of a sample, in any field: largest difference"
    yield mk.Claim(name, Estimate(worst, 0.0, probes.data.g.size), rounding, effect=1.0)
    strongest = probes.data.sel(length=probes.length, flux=probes.strong).isel(probe_coupling=-1)
    coherent = probes.g.sel(flux=probes.strong, probe_coupling=0.0)
    kept = (strongest.direct + strongest.reflected) / probes.wire.channels
    lost = bootstrap(lambda kept: 1 - kept.mean(), kept.values)
    name = "imaginary potential: share of the electrons that it takes away"
    yield mk.Claim(name, lost, above=0.0, sigmas=5, source=source)
    ratio = bootstrap(lambda a, b: a.mean() / b.mean(), strongest.g.values, coherent.values)
    because = "weak localization left in the strong field, and elastic scattering by probes"
    expected = theory.Prediction(1.0, 0.05, because=because, source=source)
    direct = float(strongest.direct.mean() / coherent.mean())
    name = f"L/L_φ = {probes.a[-1]:.1f}: mean g in the strong field over that without probes"
    yield mk.Claim(name, ratio, expected, effect=1 - direct)


def length_claims(probes):
    """L_φ of the direct part: the same at two lengths, and that of the golden rule."""
    phi = probes.phi[-1]
    source = "two streams with loss; Büttiker 1986"
    because = "end of the diffusion inside the leads, known to l/5"
    end = theory.Prediction(1.0, probes.path / 5 / probes.lengths[0], because, source)
    for i in range(1, len(probes.couplings)):
        name = f"L_φ = {phi.value[i]:.0f} a"
        both = f"{name}: that of L = {probes.lengths[0]} over that of L = {probes.lengths[-1]}"
        yield mk.Claim(both, probes.phi_ratio[i], end, effect=0.5)
    rule = probes.golden_rule[1:]
    measured = curve(
        lambda direct: probes.lengths_of(direct, probes.length)[1:] / rule,
        probes.direct[-1],
        resamples=100,
    )
    loss = probes.path / phi.value[1:] / 2
    because = f"{because}; l/2L_φ, where probes come before diffusion"
    one = theory.Prediction(np.ones_like(rule), end.bound + loss, because, source)
    # A rate that is wrong by 2 changes L_φ by √2.
    wrong = np.full_like(rule, 2**0.5)
    name = f"{len(rule)} couplings: L_φ over √(D τ_φ), chi²"
    yield curve_claim(name, measured, one, against=wrong)


def variance_claims(probes):
    """var g at every L_φ by one chi², and over the formula for all of them."""
    expected = probes.expected_variance(probes.phi[-1].value)
    coherent = float(probes.expected_variance(np.inf).value)
    found = variance(probes.values)
    name, effect = "L_φ infinite: var g", coherent
    yield mk.Claim(name, found[0], probes.expected_variance(np.inf), effect=effect)
    measured = curve(lambda g: g.var(axis=-1, ddof=1), probes.values[1:])
    name = f"{len(probes.couplings)} couplings: var g, chi²"
    yield curve_claim(name, measured, expected, against=np.full_like(expected.value, coherent))
    pooled = variance_ratio(probes.values[1:], expected.value)
    source = "Lee, Stone & Fukuyama 1987"
    mean = theory.Prediction(1.0, expected.normalized().mean().bound, expected.because, source)
    effect = float((coherent / expected.value).mean() - 1)
    yield mk.Claim("all couplings: var g over the formula", pooled, mean, effect=effect)


def localization_claims(probes):
    """Weak localization falls with L_φ, and loops through one probe are part of it."""
    coherent = probes.coherent_rise
    # The static control has the same sample without probes, and more samples.
    without = probes.static.g.isel({STATIC: 0})
    name = "without probes: rise in the weak field"
    yield mk.Claim(name, rise(without, probes.weak), coherent, effect=float(coherent.value))
    phis = probes.phi[-1].value
    expected = probes.expected_rise(probes.weak, phis)
    g = probes.g.sel(probe_coupling=probes.couplings).transpose("probe_coupling", "sample", ...)
    rises = (g.sel(flux=probes.weak) - g.sel(flux=0.0)).values
    plain = np.array([probes.cooperon(probes.weak, phi, single_mode=False) for phi in phis])
    name = f"{len(phis)} couplings: rise in the weak field, with loops through one probe, chi²"
    yield curve_claim(name, curve(lambda g: g.mean(axis=-1), rises), expected, against=plain)
    name = f"L/L_φ = {probes.a[-1]:.2g}: rise in the weak field"
    effect = positive(coherent.value - expected.value[-1])
    yield mk.Claim(name, probes.rises[-1], expected[-1], effect=effect)
    g = probes.dense.g.isel(probe_coupling=-1)
    direct = probes.dense.direct.sel(flux=probes.weak).transpose("probe_coupling", "sample").values
    phi = float(probes.lengths_of(direct, probes.length)[0])
    formula = probes.expected_rise(probes.weak, phi)
    name = f"four times as many, weaker probes, L_φ = {phi:.0f} a: rise"
    effect = positive(coherent.value - formula.value)
    yield mk.Claim(name, rise(g, probes.weak), formula, effect=effect)


def positive(effect):
    """An effect, or none where a sample is too small to have it."""
    return float(effect) if effect > 0 else None


def control_claims(probes):
    """Static potentials of the same rate neither end fluctuations nor weak localization."""
    g = probes.static.g.transpose(STATIC, "flux", "sample").values
    ratio = bootstrap(lambda g: g[1].var() / g[0].var(), g[:, 0], resamples=300)
    path = theory.Prediction(
        1.0, probes.path / probes.length, "a little shorter l, l/L", "elastic: no dephasing"
    )
    dephased = probes.expected_variance(probes.phi[-1].value[-1]).value
    effect = 1 - float(dephased / probes.expected_variance(np.inf).value)
    yield mk.Claim(
        "static potentials of the same rate: var g over that without", ratio, path, effect=effect
    )
    rises = g[:, 1] - g[:, 0]
    change = bootstrap(lambda r: (r[1] - r[0]).mean(), rises)
    effect = positive(probes.rises[0].value - probes.rises[-1].value)
    expected = theory.Prediction(0.0, source="elastic: no dephasing")
    name = "static potentials of the same rate: change of the rise in the weak field"
    yield mk.Claim(name, change, expected, effect=effect)


# -- figure ---------------------------------------------------------------------------------

RATIO = r"length over dephasing length $L/L_\varphi$"
RISE = r"$\langle g(f)-g(0)\rangle$ ($e^2/h$)"


def smooth(few, values):
    """A hundred points of a curve that takes long to compute, from a few of them."""
    x = np.linspace(few[0], few[-1], 100)
    return x, PchipInterpolator(few, values)(x)


def device(ax, probes):
    """The sample, its leads, and the sites that have a probe."""
    ax.set_title("reservoirs that give back")
    length, width = probes.length, probes.wire.width
    for start in (-0.12 * length, length):
        ax.fill_between(
            [start, start + 0.12 * length], 0, width, color=figures.COLORS[1], alpha=0.3
        )
    ax.fill_between([0, length], 0, width, color="0.92")
    x, y = np.meshgrid(range(SPACING // 2, length, SPACING), range(SPACING // 2, width, SPACING))
    ax.plot(x.ravel(), y.ravel(), "o", color=figures.COLORS[0], markersize=3, label="voltage probe")
    for a, place in ((probes.phi[-1].value[-1], 0.3), (probes.phi[-1].value[-2], 0.7)):
        ax.errorbar(place * length, 1.2 * width, xerr=a / 2, color="k", capsize=2, linewidth=1)
        ax.text(place * length, 1.28 * width, rf"$L_\varphi={a:.0f}\,a$", ha="center", va="bottom")
    ax.set(aspect="equal", xlabel="x (a)", ylabel="y (a)", ylim=(-0.1 * width, 2.1 * width))


def currents(ax, probes):
    """Mean conductance with floating probes, and its direct part."""
    ax.set_title("probes keep the current")
    at_field = probes.data.sel(length=probes.length, flux=probes.strong)
    coherent = float(at_field.g.isel(probe_coupling=0).mean())
    for name, label in (("g", "probes float"), ("direct", "direct part = imaginary potential")):
        values = at_field[name].transpose("probe_coupling", "sample").values
        color = figures.COLORS[name == "direct"]
        figures.points(
            ax, probes.a, bootstrap(lambda v: v.mean(axis=1), values), color=color, label=label
        )
    a = np.linspace(0.01, 1.1 * probes.a[-1], 100)
    share = theory.direct_share(
        probes.length, dephasing_length=probes.length / a, mean_free_path=probes.path
    )
    figures.theory_line(ax, a, coherent * share, label=r"two streams, $\approx x/\sinh x$")
    figures.level(ax, coherent)
    ax.set(xlabel=RATIO, ylabel=r"$\langle g\rangle$ ($e^2/h$)", ylim=(0, 1.8 * coherent))
    ax.legend(loc="upper right")


def dephasing_lengths(ax, probes):
    """L_φ of both lengths against the coupling."""
    ax.set_title(r"$L_\varphi$ is the golden rule's")
    for (phi, length), color in figures.colored(zip(probes.phi, probes.lengths, strict=True)):
        figures.points(ax, probes.couplings, phi, color=color, label=f"direct part, L = {length} a")
    c = np.geomspace(probes.couplings[0] / 1.2, 1.2 * probes.couplings[-1], 100)
    rates = np.array([escape_rate(SPACING**-2, x, DENSITY) for x in c])
    line = np.sqrt(probes.wire.diffusion.value / rates)
    figures.theory_line(ax, c, line, label=r"$\sqrt{D\tau_\varphi}$, golden rule")
    ax.set(xscale="log", yscale="log", xlabel="coupling to the probe (t)")
    figures.ticks(ax.xaxis, 0.05, 0.1, 0.2, 0.5)
    figures.ticks(ax.yaxis, 30, 50, 100, 200)
    ax.set(ylabel=r"dephasing length $L_\varphi$ (a)")


def fluctuations(ax, probes):
    """var g against L/L_φ, and of static potentials of the rate of the strongest probes."""
    ax.set_title(r"fluctuations end with $L_\varphi$")
    figures.points(ax, probes.a, variance(probes.values), label="voltage probes")
    g = probes.static.g.sel(flux=0.0).isel({STATIC: -1}).values
    label = "static potentials, same rate"
    figures.points(ax, probes.a[-1], variance(g), color=figures.COLORS[1], label=label)
    a = np.linspace(0.01, 1.1 * probes.a[-1], 100)
    line = probes.expected_variance(probes.length / a)
    figures.theory_line(ax, a, line, label="rectangle with $L_\\varphi$, no fit", bound="bound")
    ax.set(yscale="log", xlabel=RATIO, ylabel=r"var $g$ ($(e^2/h)^2$)")
    figures.ticks(ax.yaxis, 0.02, 0.05, 0.1)


def localization(ax, probes):
    """The rise in the weak field against L/L_φ, with its formula."""
    ax.set_title("loops through one probe count")
    figures.points(ax, probes.a, probes.rises, label="voltage probes")
    static = probes.static.g.isel({STATIC: -1})
    label = "static potentials, same rate"
    figures.points(
        ax, probes.a[-1], rise(static, probes.weak), color=figures.COLORS[1], label=label
    )
    few = np.linspace(0.05, 1.1 * probes.a[-1], 14)
    line = probes.expected_rise(probes.weak, probes.length / few)
    a, value = smooth(few, line.value)
    line = theory.Prediction(value, smooth(few, line.bound)[1], line.because)
    figures.theory_line(ax, a, line, label="with loops through one probe", bound="bound")
    plain = [probes.cooperon(probes.weak, x, single_mode=False) for x in probes.length / few]
    line = smooth(few, plain)
    figures.theory_line(ax, *line, line=":", label=r"Cooperon with $L_\varphi$ alone")
    coherent = float(probes.coherent_rise.value)
    ax.plot(0, coherent, "k*", markersize=7, label="coherent sample")
    ax.set(xlabel=RATIO, ylabel=RISE, ylim=(0, 2.4 * coherent))
    ax.legend(loc="upper right")


def field_curve(ax, probes):
    """The rise against field at the strongest coupling."""
    ax.set_title("strongest probes, against field")
    fluxes = probes.field.flux.values[1:]
    figures.points(
        ax, 1e4 * fluxes, stack([rise(probes.field.g, f) for f in fluxes]), label="probes"
    )
    phi = float(probes.phi[-1].value[-1])
    few = np.linspace(np.log(fluxes[0] / 1.5), np.log(fluxes[-1]), 14)
    for single, style in ((True, "--"), (False, ":")):
        rises = [probes.cooperon(f, phi, single_mode=single) for f in np.exp(few)]
        x, line = smooth(few, np.log(rises))
        name = "with loops through one probe" if single else r"Cooperon with $L_\varphi$ alone"
        figures.theory_line(ax, 1e4 * np.exp(x), np.exp(line), line=style, label=name)
    edge = 1e4 / (4 * np.pi * (2 * probes.path) ** 2)
    ax.axvspan(edge, 1e4 * fluxes[-1], color="0.93", label=r"$l_B<2l$: no diffusion")
    ax.set(xscale="log", yscale="log", xlabel=r"flux per plaquette $f$ ($10^{-4}\,h/e$)")
    ax.set(ylabel=RISE, ylim=(3e-4, 60))
    ax.legend(loc="upper left")


def ribbon(**fields):
    """The sample with probes on the sites of a grid."""
    return VoltageProbes(Ribbon(width=48, length=120), **fields)


FLOATING = {"g": mk.Conductance(1, 0, floating="all others"), "direct": mk.Conductance(1, 0)}
ENDS = {"back": mk.Conductance(0, 1, floating="all others"), "reflected": mk.Conductance(0, 0)}
SAME = {"energy": ENERGY, "disorder": mk.Anderson(strength=2.5)}

study = mk.Study(
    name="dephasing",
    question="What ends interference: scattering, or a reservoir that takes the electron's phase?",
    sweeps={
        "probes": mk.Sweep(
            ribbon(where=on_grid),
            axes={"length": (60, 120), "probe_coupling": COUPLINGS, "flux": (0.0, 1e-4, 2.4e-3)},
            observables=FLOATING | ENDS,
            samples=60,
            **SAME,
        ),
        "field": mk.Sweep(
            ribbon(where=on_grid),
            params={"probe_coupling": STRONGEST},
            axes={"flux": (0.0, 5e-5, 2e-4, 4e-4, 8e-4, 1.6e-3)},
            observables=FLOATING,
            samples=60,
            **SAME,
        ),
        "dense": mk.Sweep(
            ribbon(spacing=4),
            axes={"probe_coupling": (0.0, 0.24), "flux": (0.0, 1e-4)},
            observables=FLOATING,
            samples=40,
            **SAME,
        ),
        "static": mk.Sweep(
            Ribbon(width=48, length=120),
            energy=ENERGY,
            disorder=mk.Anderson(strength=2.5) + mk.Anderson(strength=0.0, where=on_grid),
            axes={STATIC: (0.0, EQUAL), "flux": (0.0, 1e-4)},
            samples=1000,
        ),
    },
    presets={
        "full": {
            "probes.samples": 1500,
            "field.samples": 500,
            "dense.samples": 300,
            "static.samples": 6000,
        },
        "toy": {
            "width": 12,
            "probes.length": (12, 20),
            "field.length": 20,
            "dense.length": 20,
            "static.length": 20,
            "probes.probe_coupling": (0.0, 0.3, STRONGEST),
            "field.flux": (0.0, 1e-3),
            "samples": 12,
        },
    },
    reading=Probes,
    regime=regime,
    claims=claims,
    panels=(device, currents, dephasing_lengths, fluctuations, localization, field_curve),
    seed=17,
)

mk.main(study, __name__)
