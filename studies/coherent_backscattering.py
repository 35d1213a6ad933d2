"""Coherent backscattering: a wave returns into the state it came from more often than elsewhere.

A multiply scattered path and its time-reversed one return in phase. The reflection into the
time-reversed mode is therefore twice the classical one for these paths. An electron that was
scattered once is its own time-reversed path and is not counted again. In a wire with hard walls

    |r_nn|² over its far channels = 2 - p_n/2  (β = 1),    1 + p_n/2  (β = 2),

with the share p_n of single scattering; n is a standing wave, which overlaps with itself 3/2 times
as much as with another one. With spin-orbit coupling the two paths cancel: r_nn = 0 in every
sample (Kramers).

Nothing is fitted that theory fixes: `theory.born_reflection` gives p_n, the dependence on the
angle, and the interference that a random flux leaves, from the disorder alone. Far channels are
n ± 4 and n ± 5. What is compared is the variance of r_nn: |<r_nn>|² is reflected without being
scattered, because the wire refracts otherwise than the lead. (Left in, it makes up to 15 % of the
return at a flux of 0.2, which looks like a part of p_n.)

Chosen by rule: W = 40; E = -1.01, because at E = -1 small blocks of samples without diagonal
disorder are singular; far channels differ by 3/l or more in the transverse momentum at W = 1.5 t;
the three slowest modes are neither tested nor references, and modes without both far channels on
the slow side are left out; lengths of two mean free paths for the limit, six for the rest.

What limits the agreement: Born theory is the limit k l -> ∞. In it a site is passed once. The
first vertex corrections come from a second passage after a straight way there and back, which
spreads by (l/k)^½: they are of the relative order (k l)^-½, linear in the disorder, and nearly
cancel between return and far channels. Runs with other seeds, at disorder from 0.6 to 2.5 t, had
0.4 (k l)^-½ of the interference missing. The limit of weak disorder is therefore taken along a
line in W, and elsewhere the bound is half of (k l)^-½ of the interference.

Open: how the remainder vanishes. The kept run does not tell (k l)^-½ from 1/(k l): the line in W
ends at 1.016(7) of theory (chi² 3.4 for two degrees of freedom), and one in W², which was tried
only afterwards, at 1.003(4) (chi² 1.5). The weakest disorder alone is at 0.9945(37).

The peak takes what other channels lose. With N equivalent channels (Beenakker, RMP 69, 731) it
is s/(1 + s) high in all, s = L/l, and the transmission loses 1/3 [s/(1 + s)]³, weak localization:
one third for a long wire, the other reflected channels two thirds (half and half in a cavity). In
a real wire single scattering has no part in the peak, and neighbours of n share it: the peak alone
is the `crossed` sum, and with its cone out to n ± 3 it is compared with s/(1 + s). It is measured
against its far channels. Weak localization is the rise of g in a uniform field, in the same
samples: this field leaves most of the peak, which short loops make. By unitarity the other
channels lose the difference.
"""

from functools import cached_property
from itertools import pairwise
from typing import ClassVar

import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import DiffusiveWire, curve_claim
from mesokwant.statistics import Estimate, bootstrap, curve, paired_difference
from systems import Ribbon, SpinOrbitRibbon, Wire

FAR = (4, 5)
"""Distances of the far channels."""
SLOWEST = 3
"""So many slow modes are left out."""
NEAR = tuple(range(7))
"""Distances at which the cone is drawn."""
SPINS = "magnetic_impurities.strength"
RESAMPLES = 200
KRAMERS = "Kramers; Bardarson, J. Phys. A 41, 405203 (2008)"
WIDTH = "width 1/l; Akkermans, Wolf & Maynard, PRL 56, 1471 (1986)"
SUM = "equivalent channels; Beenakker, RMP 69, 731 (1997)"
SOURCE = "Bergmann, Phys. Rep. 107, 1 (1984); Born rates, kinetic equation of the modes"
VERTEX = "vertex corrections, half of (k l)^-½ of the interference"


class Returned:
    """Amplitudes r_nn, rounded so that the kept run is small: by 3 % of one at most."""

    unit: ClassVar[str] = ""
    dims: ClassVar[tuple[str, ...]] = mk.ReturnAmplitudes.dims

    def __call__(self, ensemble):
        return np.round(mk.ReturnAmplitudes()(ensemble) * 512) / 512

    def __repr__(self):
        return "Returned()"


class FarChannels(Returned):
    """Mean |r_mn|² over the far channels of every mode, rounded."""

    def __call__(self, ensemble):
        far = np.nanmean(mk.Backscattering(offsets=FAR)(ensemble), axis=1)
        return np.round(far * 1024) / 1024

    def __repr__(self):
        return "FarChannels()"


class Cone(Returned):
    """Mean |r_mn|² over the tested modes n, for m = n ± offset."""

    dims: ClassVar[tuple[str, ...]] = ("offset",)

    def __call__(self, ensemble):
        found = mk.Backscattering(offsets=NEAR)(ensemble)
        return np.round(found[:, :, tested(found.shape[-1])].mean(axis=-1) * 2**14) / 2**14

    def __repr__(self):
        return "Cone()"


def tested(channels):
    """Modes whose far channels are no slow ones."""
    return slice(0, channels - SLOWEST - max(FAR))


class Reflecting:
    """Return and far channels of one wire, beside what theory expects."""

    def __init__(self, data):
        self.r, self.far = (data[x].transpose("mode", "sample").values for x in ("r", "far"))
        self.near = data.cone.transpose("offset", "sample").values
        self.width, self.length = int(data.width), int(data.length)
        # A strength has its owner's name only where a fixed one could be mistaken for it.
        self.strength = float(data.get("anderson.strength", data.get("strength")))
        self.flux = float(data.get("random_flux.strength", 0.0))
        self.energy = float(data.energy)
        self.theory = self.born(self.flux)
        self.modes = tested(len(self.r))

    def born(self, flux):
        """Theory of this wire with another flux."""
        wire = self.energy, self.width, self.length
        return theory.born_reflection(*wire, strength=self.strength, flux=flux)

    @property
    def momentum_path(self):
        """k l of a round Fermi line, k v τ = 2 (4 + E) τ, with 1/τ = 2πν W²/12."""
        rate = 2 * np.pi * theory.square_lattice_dos(self.energy) * self.strength**2 / 12
        return float(2 * (4 + self.energy) / rate)

    @property
    def missing(self):
        """Bound on the share of the interference that vertex corrections take."""
        return self.momentum_path**-0.5 / 2

    @property
    def interference(self):
        """What the interference adds to the factor, mode by mode."""
        return self.theory.crossed / self.theory.far(FAR)

    @cached_property
    def factors(self):
        """The factor of every mode."""
        return bootstrap(factor_of_modes, self.r, self.far, resamples=RESAMPLES)

    @cached_property
    def factor(self):
        """Its mean over the tested modes."""
        return bootstrap(
            lambda r, far: factor_of_modes(r, far).mean(),
            *(x[self.modes] for x in (self.r, self.far)),
            resamples=RESAMPLES,
        )

    def expected(self, flux=None):
        """Theory of the mean factor."""
        born = self.theory if flux is None else self.born(flux)
        value = born.factors(FAR)[self.modes].mean()
        # A flux ends the vertex corrections with the interference, in return and far channels.
        still = self.born(0.0)
        added = (still.crossed / still.far(FAR))[self.modes].mean()
        return theory.Prediction(value, self.missing * added, VERTEX, SOURCE)

    @cached_property
    def cone(self):
        """Reflection at every distance over that of the far channels; r_nn with <r_nn>."""
        return bootstrap(over_far, self.near, resamples=RESAMPLES)


def factor_of_modes(r, far):
    """var r_nn over the mean of the far channels."""
    return r.var(axis=-1, ddof=1) / far.mean(axis=-1)


def over_far(near):
    """Reflection at the distances `NEAR` over that of the far channels."""
    return near.mean(axis=-1) / near[list(FAR)].mean()


class Backscattering:
    """What claims and panels share."""

    def __init__(self, data):
        names = [name for name in data.children if name.startswith("limit")]
        self.limit = [Reflecting(data[name].to_dataset()) for name in names]
        flux = data["flux"].to_dataset()
        axis = "random_flux.strength"
        self.flux = [Reflecting(flux.sel({axis: f})) for f in flux[axis].values]
        self.broken = Reflecting(data["broken"].to_dataset())
        self.field = data["field"].to_dataset()
        self.spin = data["spin"].to_dataset()

    @cached_property
    def weak(self):
        """Measured over expected factor at W -> 0, along a line in W."""
        wires = [(w.strength, w.modes, w.theory.factors(FAR)[w.modes].mean()) for w in self.limit]

        def intercept(*values):
            pairs = zip(values[::2], values[1::2], wires, strict=True)
            ratios = [factor_of_modes(r[m], f[m]).mean() / t for r, f, (_, m, t) in pairs]
            return np.polyfit([w[0] for w in wires], ratios, 1)[::-1]

        values = [x for w in self.limit for x in (w.r, w.far)]
        return bootstrap(intercept, *values, resamples=RESAMPLES)

    @cached_property
    def rise(self):
        """Rise of g in the field, in the samples of the peak, and what theory expects."""
        g = self.field.g.transpose("flux", "sample").values
        wire = DiffusiveWire.measured(self.field.isel(flux=-1))
        expected = wire.rise(int(self.field.length), float(self.field.flux[-1]), rectangle=True)
        return paired_difference(g[1], g[0]).numpy(), expected, wire

    @cached_property
    def peak(self):
        """The peak and the peak with its cone, summed over all modes, and the expected peak."""
        wire, modes, born = self.flux[0], self.flux[0].modes, self.flux[0].theory
        far = born.far(FAR)
        classical = (np.diagonal(born.ladder) / far)[modes]
        near = [(born.far((k,)) / far)[modes].mean() for k in NEAR[1 : FAR[0]]]
        # The slow modes, which are not tested, share in both as theory says.
        peaks, channels = (x.sum() / x[modes].sum() for x in (born.crossed, far))

        def heights(r, far, cone):
            far = far.mean(axis=-1)
            peak = peaks * (r.var(axis=-1, ddof=1) - classical * far).sum()
            cone = cone.mean(axis=-1)
            above = cone[1 : FAR[0]] / cone[list(FAR)].mean() - near
            return np.array([peak, peak + 2 * channels * far.sum() * above.sum()])

        value = born.crossed.sum()
        # The far channels are lower by what they lose to the peak.
        bound = value * (wire.missing + 1 / len(wire.r))
        expected = theory.Prediction(value, bound, f"{VERTEX}; 1/N", SOURCE)
        values = wire.r[modes], wire.far[modes], wire.near
        return bootstrap(heights, *values, resamples=RESAMPLES), expected

    @property
    def ideal(self):
        """Gains of N equivalent channels: the peak, the other reflected ones, transmission."""
        share = float(self.rise[2].s(int(self.field.length)))
        share /= 1 + share
        return share * np.array([1, share**2 / 3 - 1, -(share**2) / 3])

    @cached_property
    def kramers(self):
        """Largest |r_nn| with spin-orbit coupling and without, and with magnetic impurities."""
        r = abs(self.spin.r).max("mode").transpose(SPINS, "sample").values
        return r.max(axis=-1), r.shape[-1]


def regime(found):
    """Where the wires lie."""
    rows = [*found.limit, *found.flux, found.broken]
    return {
        "disorder (t)": [w.strength for w in rows],
        "random flux (h/e)": [w.flux for w in rows],
        "L (a)": [w.length for w in rows],
        "k l": [w.momentum_path for w in rows],
        "p": [w.theory.single_share[w.modes].mean() for w in rows],
        "classical g": [w.theory.transmission for w in rows],
        "tested modes": [w.modes.stop for w in rows],
    }


# -- claims ---------------------------------------------------------------------------------


def claims(found):
    """The factor, its end in a flux, the cone, the Kramers zero, and the sum rule."""
    limit, effect = found.weak, found.limit[0].interference[found.limit[0].modes].mean()
    mean = found.limit[0].expected().value
    name = "disorder -> 0: factor over theory"
    expected = theory.Prediction(1.0, 0.005, "curvature, 1/(k l)", SOURCE)
    yield mk.Claim(name, limit[0], expected, effect=float(effect / mean))
    for wire in found.limit:
        name = f"disorder {wire.strength:g} t: factor, mean of {wire.modes.stop} modes"
        full = wire.interference[wire.modes].mean()
        yield mk.Claim(name, wire.factor, wire.expected(), effect=full)
    full = found.flux[0].interference[found.flux[0].modes].mean()
    for wire in found.flux:
        yield mk.Claim(f"flux {wire.flux:g}: factor", wire.factor, wire.expected(), effect=full)
    wire = found.broken
    name = f"β = 2 (flux {wire.flux:g}, disorder {wire.strength:g} t): factor"
    yield mk.Claim(name, wire.factor, wire.expected(), effect=full)
    name = "β = 2: the once scattered still return more often, p/2"
    yield mk.Claim(name, wire.factor, above=1.0, sigmas=5, source=SOURCE)
    yield from mode_claims(found)
    strong, weak = found.flux[0], found.limit[0]
    name = f"disorder {strong.strength:g} t: cone, n ± 1 over far channels"
    yield mk.Claim(name, strong.cone[1], above=1.0, sigmas=5, source=WIDTH)
    name = f"cone at {strong.strength:g} t less cone at {weak.strength:g} t, n ± 1"
    difference = strong.cone[1].value - weak.cone[1].value
    error = np.hypot(strong.cone[1].error, weak.cone[1].error)
    measured = Estimate(float(difference), float(error), strong.cone[1].n)
    yield mk.Claim(name, measured, above=0.0, source=WIDTH)
    yield from spin_claims(found)
    yield from sum_claims(found)


def mode_claims(found):
    """The modes follow theory one by one, with and without time reversal."""
    # Without single scattering, all modes would have the factor 2, or 1.
    for label, wire, none in (("β = 1", found.limit[0], 2.0), ("β = 2", found.broken, 1.0)):
        m = wire.modes
        bound = np.full(m.stop, wire.expected().bound)
        expected = theory.Prediction(wire.theory.factors(FAR)[m], bound, VERTEX, SOURCE)
        measured = curve(factor_of_modes, wire.r[m], wire.far[m])
        name = f"{label}: factors of {m.stop} modes, chi²"
        yield curve_claim(name, measured, expected, against=np.full(m.stop, none))


def spin_claims(found):
    """Nothing returns into the time-reversed mode with spin-orbit coupling."""
    largest, samples = found.kramers
    expected = theory.Prediction(0.0, 1e-8, "rounding", KRAMERS)
    measured = Estimate(float(largest[0]), 0.0, samples)
    typical = float(np.sqrt(found.spin.near.isel(offset=1).mean()))
    yield mk.Claim("spin-orbit: largest |r_nn|", measured, expected, effect=typical)
    measured = Estimate(float(largest[-1]), 0.0, samples)
    yield mk.Claim("with magnetic impurities: largest |r_nn|", measured, above=0.01, source=KRAMERS)


def sum_claims(found):
    """The peak, its cone, and what the transmission loses of it."""
    (peak, total), expected = found.peak
    rise, localization, wire = found.rise
    yield mk.Claim("height of the peak, all modes", peak, expected, effect=expected.value)
    ideal = found.ideal
    bound = ideal[0] * (found.flux[0].missing + 1 / wire.channels)
    whole = theory.Prediction(ideal[0], bound, f"{VERTEX}; 1/N", f"s/(1 + s); {SUM}")
    yield mk.Claim("height of the peak with its cone", total, whole, effect=ideal[0])
    yield mk.Claim("loss of the transmission", rise, localization, effect=localization.value)
    # The same samples: the errors may be correlated, and so they are added.
    value = rise.value / total.value
    error = abs(value) * (rise.error / abs(rise.value) + total.error / abs(total.value))
    share = Estimate(float(value), float(error), total.n)
    name = "share of peak and cone that the transmission loses: less than in a cavity, 1/2"
    effect = 0.5 + float(ideal[2] / ideal[0])
    yield mk.Claim(name, share, below=0.5, sigmas=5, source=SUM, effect=effect)


# -- figure ---------------------------------------------------------------------------------

FACTOR = "return over far channels"


def paths(ax, found):
    """A path in the wire, and the one that time reversal makes of it."""
    ax.set_title("both ways return in phase")
    rng = np.random.default_rng(3)
    ax.fill_between([0, 10], 0, 6, color="0.95", linewidth=0)
    ax.plot(*(rng.uniform((0.3, 0.3), (9.7, 5.7), (70, 2)).T), ".", color="0.75", markersize=3)
    stops = np.array([(-2, 2.6), (2.5, 3.0), (5.2, 4.9), (6.6, 2.2), (3.6, 1.1), (-2, 0.7)])
    for shift, order, color in ((0.0, 1, figures.COLORS[0]), (0.22, -1, figures.COLORS[1])):
        line = (stops + shift * np.array([0, 1]))[::order]
        for start, end in pairwise(line):
            arrow = {"arrowstyle": "->", "color": color, "linewidth": 1.1}
            ax.annotate("", end, start, arrowprops=arrow)
    ax.plot(*stops[1:-1].T, "ko", markersize=4)
    ax.text(-2, 4.3, "lead,\nmode $n$", fontsize=7)
    ax.set(xlim=(-2.4, 10.4), ylim=(-0.3, 6.3), xlabel="along the wire", ylabel="across")
    ax.set(xticks=[], yticks=[])


def mode_by_mode(ax, found):
    """The factor of every mode, with and without time reversal."""
    ax.set_title("mode by mode")
    cases = (found.limit[0], "β = 1"), (found.broken, "β = 2 (random flux)")
    for (wire, label), color in figures.colored(cases):
        n = np.arange(wire.modes.stop)
        name = f"{label}, {wire.strength:g} $t$"
        figures.points(ax, n + 1, wire.factors[wire.modes], color=color, label=name)
        figures.theory_line(ax, n + 1, wire.theory.factors(FAR)[wire.modes], color=color)
        p = wire.theory.single_share[wire.modes]
        curve = 2 - p / 2 if wire.flux == 0 else 1 + p / 2
        figures.theory_line(ax, n + 1, curve, color="0.5", line=":")
    figures.theory_line(ax, [], [], label="Born, modes of the wire")
    figures.theory_line(ax, [], [], color="0.5", line=":", label="$2-p_n/2$ and $1+p_n/2$")
    ax.set(xlabel="mode $n$", ylabel=FACTOR, ylim=(0.6, 2.2))


def weak_disorder(ax, found):
    """Measured over expected against disorder."""
    ax.set_title("Born theory at weak disorder")
    for wire in found.limit:
        expected = wire.expected().value
        figures.points(ax, wire.strength, wire.factor / expected)
    top = 1.15 * max(w.strength for w in found.limit)
    x = np.linspace(0, top, 100)
    intercept, slope = found.weak.value
    figures.theory_line(ax, x, intercept + slope * x, color="0.5", label="straight line")
    figures.points(ax, 0.0, found.weak[0], color=figures.COLORS[1], label="limit $W\\to0$")
    figures.level(ax, 1.0, color="k", line="--", label="Born theory")
    ax.set(xlabel="disorder $W$ ($t$)", ylabel="measured factor/theory", xlim=(-0.05, top))


def flux(ax, found):
    """The factor against the random flux."""
    ax.set_title("a random flux ends it")
    x = np.array([w.flux for w in found.flux])
    factor = np.array([w.factor.value for w in found.flux])
    error = np.array([w.factor.error for w in found.flux])
    figures.points(ax, x, Estimate(factor, error, np.full(len(x), found.flux[0].factor.n)))
    grid = np.linspace(0, 1.05 * x[-1], 100)
    lines = [found.flux[0].expected(f) for f in grid]
    value, bound = ([getattr(p, name) for p in lines] for name in ("value", "bound"))
    expected = theory.Prediction(np.array(value), np.array(bound), VERTEX)
    figures.theory_line(ax, grid, expected, label="Born, no fit", bound="bound")
    figures.level(ax, 1.0, label="as in far channels")
    ax.set(xlabel="random flux of a bond ($h/e$)", ylabel=FACTOR)


def cone(ax, found):
    """The cone, and the zero with spin-orbit coupling."""
    ax.set_title("the cone, and the zero of Kramers")
    wires = [
        (found.limit[0], "β = 1, "), (found.flux[0], "β = 1, "), (found.broken, "β = 2, ")
    ]  # fmt: skip
    for (wire, label), color in figures.colored(wires):
        values = wire.cone
        figures.points(ax, NEAR, values, color=color, label=f"{label}{wire.strength:g} $t$")
        ax.plot(NEAR, values.value, color=color, linewidth=0.8)
    protected = found.spin.near.isel({SPINS: 0})
    near = protected.mean("mode").transpose("offset", "sample").values
    spin = bootstrap(over_far, near, resamples=RESAMPLES)
    figures.points(ax, NEAR, spin, color=figures.COLORS[3], label="spin-orbit, β = 4")
    ax.plot(NEAR, spin.value, color=figures.COLORS[3], linewidth=0.8)
    figures.level(ax, 1.0)
    ax.set(xlabel=r"distance $|m-n|$ of the modes", ylabel=r"$|r_{mn}|^2$ over far channels")


def balance(ax, found):
    """The peak, and who loses it."""
    ax.set_title("the others pay for the peak")
    ((peak, total), expected), (rise, localization, _) = found.peak, found.rise
    others = Estimate(rise.value - total.value, rise.error + total.error, total.n)
    for i, part in enumerate((peak, total, others, -rise)):
        figures.points(ax, i, part, label="measured" if i == 0 else "")
    ax.plot([0.2], [expected.value], "k_", markersize=9, label="Born, crossed paths")
    ax.plot([3.2], [-localization.value], "kx", markersize=5, label="weak localization")
    ax.plot(np.arange(1, 4) + 0.4, found.ideal, "k*", label="equivalent channels")
    figures.level(ax, 0.0)
    ax.set_xticks(range(4), ["peak", "peak\n+ cone", "other\nreflected", "trans-\nmitted"])
    ax.set(ylabel="gain by interference ($e^2/h$)", xlim=(-0.4, 3.7), ylim=(-0.9, 1.9))
    ax.legend(loc="upper right")


# -- sweeps ---------------------------------------------------------------------------------

MEASURED = {"r": Returned(), "far": FarChannels(), "cone": Cone()}


def wire(disorder, length, samples, axes=None):
    """Sweep of a wire."""
    system = Wire(width=40, length=length)
    given = {"energy": -1.01, "disorder": disorder, "axes": axes or {}}
    return mk.Sweep(system, observables=MEASURED, samples=samples, **given)


# Two mean free paths of the wire, 22 (1.5 t/W)².
LIMIT = {0.6: 275, 0.85: 137, 1.15: 75, 1.5: 44}
STRONG = 1.5
FLUXES = (0.0, 0.015, 0.03, 0.045, 0.065, 0.1)

study = mk.Study(
    name="coherent_backscattering",
    question="Does a wave come back into the state it came from twice as often as elsewhere?",
    sweeps={
        **{
            f"limit_{i}": wire(mk.Anderson(strength=w), length, 1500)
            for i, (w, length) in enumerate(LIMIT.items())
        },
        "flux": wire(
            mk.Anderson(strength=STRONG) + mk.RandomFlux(strength=0.0),
            132,
            800,
            {"random_flux.strength": FLUXES},
        ),
        "broken": wire(mk.Anderson(strength=0.75) + mk.RandomFlux(strength=0.05), 352, 1800),
        "field": mk.Sweep(
            Ribbon(width=40, length=132),
            energy=-1.01,
            disorder=mk.Anderson(strength=STRONG),
            axes={"flux": (0.0, 0.0015)},
            samples=800,
        ),
        "spin": mk.Sweep(
            SpinOrbitRibbon(width=12, length=30, coupling="ando"),
            energy=-1.01,
            params={"theta": 0.3, "zeeman": 0.0, "flux": 0.0},
            disorder=mk.Anderson(strength=2.0) + mk.MagneticImpurities(strength=0.0),
            axes={"magnetic_impurities.strength": (0.0, 0.3)},
            observables={
                "r": mk.ReturnAmplitudes(spin=True),
                "near": mk.Backscattering(spin=True, offsets=NEAR),
            },
            samples=60,
        ),
    },
    presets={
        "full": {f"limit_{i}.samples": 6000 for i in range(4)}
        | {
            "flux.samples": 3000,
            "broken.samples": 2500,
            "field.samples": 6000,
            "spin.samples": 200,
        },
        "repeat": {"like": "full", "seed": 1644},
        "toy": {f"limit_{i}.length": 12 for i in range(4)}
        | {f"limit_{i}.width": 20 for i in range(4)}
        | {"broken.width": 20, "broken.length": 12}
        | {"flux.width": 20, "flux.length": 12, "field.width": 20, "field.length": 12}
        | {"flux.random_flux.strength": (0.0, 0.1), "spin.width": 8, "spin.length": 6}
        | {"samples": 12},
    },
    reading=Backscattering,
    regime=regime,
    claims=claims,
    panels=(paths, mode_by_mode, weak_disorder, flux, cone, balance),
    seed=613,
)

mk.main(study, __name__)
