"""The quantum spin Hall effect: a helical edge conducts e²/h whatever keeps time reversal.

An insulator with an inverted gap has one pair of states at its edge, which time reversal maps into
each other. A potential cannot turn an electron around, and magnetic impurities can.

* Ideal contacts divide the edge into segments of e²/h each. A strip has 2 e²/h; four contacts
  have R_14,14 = 3/4 and R_14,23 = 1/4, six have R_14,14 = 3/2, R_14,23 = 1/2, R_13,13 = 4/3 and
  R_13,54 = 1/3, in h/e² (Roth et al., Science 325, 294 (2009); `theory.helical_resistance`).
* A metal is no ideal contact: a share of the electrons passes by it, and none is turned around.
  Then one number for each contact, its conductance to all others together, decides all
  resistances (`theory.helical_conductance`).
* Magnetic impurities at one edge make it a single channel with random phases: <ln T> = -L/l, with
  l of the golden rule (`theory.edge_mean_free_path`), and var ln T and <T> are functions of
  <ln T> alone (Abrikosov, Solid State Commun. 37, 997 (1981)). The other edge keeps T = 1: T of
  the one is the second eigenvalue of tt†. With impurities everywhere both edges do the same.
* With the opposite sign of a small mass the gap is as large and nothing conducts in it.

Nothing is fitted. The inversion asymmetry mixes the spins: what protects is time reversal and not
the conservation of spin, which would make two quantum Hall insulators of it. Fractions are claimed
for the worst sample of all, and not for a mean.

Regime, by rule. A potential of the box width W moves no state by more than W/2. Where W < 2 (Δ -
|E|), with the gap |E| < Δ = 1.80 of the infinite system, no state of the bulk is at the Fermi
energy: there, fractions are claimed to 1e-7, which opposite edges 18 sites apart allow. Single
channels are weakly scattered if l is above 30 sites. What limits the agreement:

* The golden rule and the law of ln T are for weak scatterers. One column of sites reflects
  R = 1/l of the electrons, and the next order in the rate is of relative size R. What finite
  columns take from var ln T, R/4 of it in a long chain and 1/L in a short one, is computed
  (`theory.columns_log_variance`); the bound is its square.
* A metal absorbs worse where its band ends: with the Fermi energy in the upper half of the band of
  the leads, a first run found many electrons passing at both ends of a strip. The control
  therefore varies the mass at one energy.
* Electrons that pass all contacts of a ring interfere with themselves. Where a share of less than
  0.01 passes one contact, nothing of it is left.
"""

from functools import cached_property

import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import SingleChannel
from mesokwant.analysis.single_channel import Tabulated
from mesokwant.hamiltonian import kwant
from mesokwant.statistics import Estimate, bootstrap, log_variance, mean, median, quantile
from mesokwant.terminals import four_terminal_resistance
from systems import QuantumSpinHall

ENERGY, GAP = 0.13, 1.80
"""The Fermi energy, and where the bulk of the clean system begins, in t."""
IMMUNE = 2 * (GAP - ENERGY)
"""Strength of the potential below which no state of the bulk is at the Fermi energy."""
PRECISION = 1e-7
"""What fractions are claimed to."""
BHZ = {"mass": 2.0, "asymmetry": 0.2, "flux": 0.0}
PATIENCE = 30.0
"""Mean free path above which the scattering counts as weak, in sites."""
WIDE = 1.0
"""Gap above which the control counts as an insulator; it is the magnitude of a small mass."""
PASSING = 0.01
"""Largest share that passes a contact where resistances are compared with theory."""
ROTH = "Roth et al., Science 325, 294 (2009)"
ABRIKOSOV = "single channel; Abrikosov, Solid State Commun. 37, 997 (1981)"

RINGS = {"cross": (0, 2, 1, 3), "bar": (0, 2, 3, 1, 5, 4)}
"""The leads in their order around the edge."""
PROBES = {
    "cross": {"R_14,14": ((0, 1), (0, 1)), "R_14,23": ((0, 1), (3, 2))},
    "bar": {
        "R_14,14": ((0, 3), (0, 3)),
        "R_14,23": ((0, 3), (1, 2)),
        "R_13,13": ((0, 2), (0, 2)),
        "R_13,54": ((0, 2), (4, 3)),
    },
}
"""Current and voltage contacts by their places around the edge."""


def fraction(shape, name):
    """Resistance that theory expects between ideal contacts."""
    return theory.helical_resistance(len(RINGS[shape]), *PROBES[shape][name])


class Edges:
    """What claims and panels share: fractions, contacts that are not ideal, and single channels."""

    def __init__(self, data):
        sweeps = {name: data[name].to_dataset() for name in data.children}
        self.strip, self.control = sweeps["strip"].g, sweeps["control"].g
        self.resistances = {shape: sweeps[shape] for shape in RINGS}
        self.broken = sweeps["broken"]
        self.contacts = Contacts(sweeps["contacts"])
        self.weak, self.strong = Edge(sweeps["edge"]), Edge(sweeps["strong"])
        self.both = BothEdges(sweeps["both"])
        sizes = {name: int(sweeps["bar"][name]) for name in ("width", "length", "arm_width")}
        self.bar = QuantumSpinHall(shape="bar", **sizes)

    def fractions(self):
        """(name, values, expected) of everything that time reversal protects."""
        yield "strip: G", self.strip, 2.0
        for shape, sweep in self.resistances.items():
            for name in PROBES[shape]:
                yield f"{len(RINGS[shape])} contacts: {name}", sweep[name], fraction(shape, name)

    @cached_property
    def sample(self):
        """One bar with the strongest disorder of the regime, and its density of states."""
        strength = max(w for w in self.strip.strength.values if w < IMMUNE)
        ensemble = mk.scattering(self.bar, ENERGY, params=BHZ, disorder=mk.Anderson(strength))
        return ensemble.system(0), kwant.ldos(ensemble.system(0), energy=ENERGY)


class Contacts:
    """The cross with metallic leads: how much each absorbs, and what theory makes of it."""

    def __init__(self, data):
        self.potentials = data.lead_potential.values
        ring = np.array(RINGS["cross"])
        G = data.G.transpose("lead_potential", "sample", ...).values
        G = G[..., ring[:, None], ring]
        # A contact conducts p to either side as long as little passes the others. Where much
        # does, which is outside the regime, interference can raise it above 1.
        self.absorbed = np.minimum(np.diagonal(G, axis1=-2, axis2=-1) / 2, 1.0)
        passed = 1 - self.absorbed.mean(axis=-1)
        self.passed = mean(passed)
        self.inside = passed.max(axis=-1) < PASSING
        self.rises = deviations(G)
        self.expected = deviations(theory.helical_conductance(self.absorbed))

    def ratio(self, name):
        """What a resistance differs from the fraction, over what theory expects."""
        found, expected = self.rises[name][self.inside], self.expected[name][self.inside]
        return bootstrap(lambda f, e: np.mean(f.mean(axis=-1) / e.mean(axis=-1)), found, expected)


def deviations(G):
    """Resistances of four contacts less the fractions, by name, from conductance matrices."""
    return {
        name: four_terminal_resistance(G, current=current, voltage=voltage)
        - fraction("cross", name)
        for name, (current, voltage) in PROBES["cross"].items()
    }


class Edge(SingleChannel):
    """One edge with magnetic impurities, beside the other one, which has none."""

    def __init__(self, data):
        self.strength = float(data.strength)
        eigenvalues = data.t.transpose("length", "sample", "channel").values
        self.other = eigenvalues[..., 0]
        path, spread = mean_free_path(int(data.width), self.strength)
        super().__init__(eigenvalues[..., 1], data.length.values, path=path, spread=spread)

    @property
    def weak(self):
        """Whether the scattering is weak."""
        return self.path > PATIENCE


class BothEdges:
    """A strip with magnetic impurities everywhere: two single channels of the golden rule."""

    def __init__(self, data):
        self.g = data.g.transpose("length", "sample")
        self.path, _ = mean_free_path(int(data.width), float(data.strength))
        self.s = data.length.values / self.path
        value = 2 * theory.chain_mean_conductance(self.s)
        shifted = 2 * theory.chain_mean_conductance(self.s * (1 + 1 / self.path))
        self.expected = theory.Prediction(
            value, value - shifted, because="next order of the golden rule", source=ABRIKOSOV
        )

    @property
    def ratio(self):
        """<G> over that of theory, mean over the lengths."""
        expected = self.expected.value[:, None]
        return mean((self.g.values / expected).mean(axis=0))


def mean_free_path(width, strength):
    """Mean free path of the lower edge by the golden rule, and the spread of its columns."""
    lead = QuantumSpinHall(width, 2).build().leads[1]
    states = lead.modes(ENERGY, params=BHZ)[0].wave_functions
    count = states.shape[1] // 2
    # The lowest rows carry the spins. There, all states that move one way are the lower edge's,
    # but for a factor: Kwant may mix those of both edges, which have the same wave number.
    rows = states.reshape(width, 4, 2 * count)[:3].reshape(12, 2 * count)
    lower = []
    for moving in (rows[:, count:], rows[:, :count]):
        directions, sizes, _ = np.linalg.svd(moving, full_matrices=False)
        lower.append((directions[:, 0] * sizes[0]).reshape(3, 4))
    return theory.edge_mean_free_path(strength, *lower)


def regime(edges):
    """Where the single channels lie."""
    channels = [(edges.weak, i) for i in range(len(edges.weak.lengths))]
    channels += [(edges.strong, i) for i in range(len(edges.strong.lengths))]
    return {
        "magnetic strength (t)": [c.strength for c, _ in channels],
        "L (a)": [c.lengths[i] for c, i in channels],
        "golden l (a)": [c.path for c, _ in channels],
        "L/l": [c.lengths[i] / c.path for c, i in channels],
        "-<ln T>": [c.s[i] for c, i in channels],
        "largest 1 - T of the other edge": [np.abs(1 - c.other[i]).max() for c, i in channels],
        "in regime": [c.weak for c, _ in channels],
    }


# -- claims ---------------------------------------------------------------------------------


def claims(edges):
    """Fractions, the trivial insulator, contacts, and what magnetic impurities do."""
    yield from fraction_claims(edges)
    yield from control_claims(edges.control)
    yield from contact_claims(edges.contacts)
    yield from channel_claims(edges)
    yield from broken_claims(edges.broken)


def fraction_claims(edges):
    """The worst of all samples, for every fraction."""
    because = "the precision that is claimed"
    for name, values, value in edges.fractions():
        strengths = values.strength.values
        inside = values[{"strength": strengths < IMMUNE}].values.ravel()
        worst = Estimate(float(inside[np.abs(inside - value).argmax()]), 0.0, inside.size)
        expected = theory.Prediction(value, PRECISION, because=because, source=ROTH)
        title = f"{name}, worst sample with W <= {strengths[strengths < IMMUNE].max():g}"
        yield mk.Claim(title, worst, expected, effect=value / 4)


def control_claims(control):
    """Between the same metals, a gap of the inverted sign conducts and a trivial one does not."""
    masses = control.mass.values
    values = control.transpose("mass", "sample").values
    inverted, trivial = values[masses >= WIDE], values[masses <= -WIDE]
    because, source = "electrons that pass the metal", "one helical pair at each edge"
    expected = theory.Prediction(2.0, 2 * PASSING, because=because, source=source)
    title = f"metallic leads, mass >= {WIDE:g}: <G>"
    yield mk.Claim(title, mean(inverted.mean(axis=0)), expected, effect=2.0)
    because, source = "tunnelling through 28 sites", "no state in the gap"
    expected = theory.Prediction(0.0, 1e-4, because=because, source=source)
    worst = Estimate(float(trivial.max()), 0.0, trivial.size)
    title = f"metallic leads, mass <= -{WIDE:g}: largest G"
    yield mk.Claim(title, worst, expected, effect=2.0)


def contact_claims(contacts):
    """Metallic contacts: no fraction, but no electron that is turned around either."""
    if not contacts.inside.any():
        return
    source = "absorbed or passing; `theory.helical_conductance`"
    because = "interference around the ring"
    for name in PROBES["cross"]:
        expected = theory.Prediction(1.0, PASSING / 2, because=because, source=source)
        title = f"metallic contacts, {name}: difference from the fraction over theory"
        yield mk.Claim(title, contacts.ratio(name), expected, effect=1.0)
    rise = mean(contacts.rises["R_14,14"][contacts.inside].mean(axis=0))
    title = "metallic contacts: R_14,14 - 3/4, mean over potentials"
    yield mk.Claim(
        title, rise, above=100 * PRECISION, sigmas=5, source="contacts that are not ideal"
    )


def channel_claims(edges):
    """One edge is a single channel without a parameter, and two edges are two."""
    channel, order = edges.weak, 1 / edges.weak.path
    exact = channel.variance(channel.s)
    thin = theory.chain_log_conductance_moments(channel.s)[0]
    bounds = (thin / exact - 1) ** 2
    because = "second order of finite columns"
    unit = theory.Prediction(1.0, bounds.mean(), because=because, source=ABRIKOSOV)
    variances, means = channel.pooled
    lengths = f"one edge, {len(channel.s)} lengths"
    # Were ln T log-normal with single-parameter scaling, its variance would be -2<ln T>.
    effect = np.abs(2 * channel.s / exact - 1)
    title = f"{lengths}: var ln T over that of a single channel"
    yield mk.Claim(title, variances, unit, effect=effect.mean())
    for i, length in enumerate(channel.lengths):
        expected = theory.Prediction(exact[i], bounds[i] * exact[i], because, source=ABRIKOSOV)
        name = f"L = {length / channel.path:.1f} l: var ln T"
        found = channel.variances[i] * exact[i]
        yield mk.Claim(name, found, expected, effect=effect[i] * exact[i])
    # Without interference, T would be 1/(1 + s).
    classical = np.abs(1 / (1 + channel.s) / channel.mean(channel.s) - 1).mean()
    expected = theory.Prediction(1.0, order / 4, because="finite columns", source=ABRIKOSOV)
    yield mk.Claim(f"{lengths}: <T> over that at <ln T>", means, expected, effect=classical)
    because, source = "next order of the golden rule", "golden rule"
    expected = theory.Prediction(1.0, order, because=because, source=source)
    # Of the three directions of a spin, two turn an electron around.
    yield mk.Claim(f"{lengths}: -L/<ln T> over l", channel.paths, expected, effect=0.5)
    worst = np.abs(1 - channel.other).max()
    expected = theory.Prediction(0.0, PRECISION, "the precision that is claimed", "time reversal")
    largest = Estimate(float(worst), 0.0, channel.other.size)
    yield mk.Claim("the other edge: largest 1 - T", largest, expected, effect=1.0)
    both = edges.both
    effect = np.abs(2 / (1 + both.s) / both.expected.value - 1).mean()
    title = f"impurities everywhere, {len(both.s)} lengths: <G> over 2<T> at L/l"
    yield mk.Claim(title, both.ratio, both.expected.normalized().mean(), effect=effect)


def broken_claims(broken):
    """Magnetic impurities destroy all fractions of six contacts."""
    strength = broken.strength.values[-1]
    for name in PROBES["bar"]:
        value = fraction("bar", name)
        away = median(abs(broken[name].sel(strength=strength) / value - 1))
        title = f"6 contacts, magnetic strength {strength:g}: median |{name}/({value:.3g}) - 1|"
        yield mk.Claim(title, away, above=0.05, source="time reversal broken")


# -- figure ---------------------------------------------------------------------------------

FRACTIONS = {3 / 2: "3/2", 1 / 2: "1/2", 4 / 3: "4/3", 1 / 3: "1/3", 3 / 4: "3/4", 1 / 4: "1/4"}


def device(ax, edges):
    """The bar with its contacts, and the states of one disordered sample at the Fermi energy."""
    ax.set_title("helical edges, six contacts")
    sample, density = edges.sample
    figures.density_map(ax, sample, density, label="density of states (1/t)")
    bar = edges.bar
    free = bar.length - 2 * bar.arm_width
    arms = free // 4 + bar.arm_width / 2, bar.length - free // 4 - bar.arm_width / 2
    low, middle, high = 2.0, bar.width / 2, bar.width - 3.0
    places = [(3, middle), (arms[0], high), (arms[1], high)]
    places += [(bar.length - 4, middle), (arms[1], low), (arms[0], low)]
    for number, place in enumerate(places, start=1):
        ax.annotate(str(number), place, ha="center", va="center", color="white")


def gap(ax, edges):
    """Conductance against the mass, whose sign says whether the gap is inverted."""
    ax.set_title("an inverted gap conducts")
    control = edges.control.transpose("mass", "sample")
    masses = control.mass.values
    figures.points(ax, masses, mean(control), inside=abs(masses) >= WIDE, label="strip")
    figures.level(ax, 2, color="k", line="--", label="2 edges")
    for place, text in ((0.1, "trivial"), (0.65, "inverted")):
        ax.annotate(text, (place, 0.55), xycoords="axes fraction")
    ax.set(xlabel="mass ($t$)", ylabel="$G$ between metals ($e^2/h$)", ylim=(-0.1, 2.5))
    ax.legend(loc="lower right")


def immunity(ax, edges):
    """Largest deviation of all samples from the fractions, against a potential."""
    ax.set_title("fractions survive disorder")
    names = ("strip: G", "4 contacts: R_14,14", "6 contacts: R_14,14")
    shown = [part for part in edges.fractions() if part[0] in names]
    for (name, values, value), color in figures.colored(shown):
        away = np.abs(values / value - 1).transpose("strength", "sample").values.max(axis=1)
        away = Estimate(away, np.zeros(len(away)), values.sizes["sample"])
        strengths, label = values.strength.values, name.split(":")[0]
        inside = strengths < IMMUNE
        figures.points(ax, strengths, away, color=color, inside=inside, label=label)
    ax.axvspan(0, IMMUNE, color="0.92", linewidth=0)
    ax.annotate("no bulk state at $E$", (0.1, 1e-6))
    figures.level(ax, PRECISION, color="k", line="--", label="claimed")
    ax.set(yscale="log", xlabel="potential disorder $W$ ($t$)", xlim=0)
    ax.set(ylabel="largest relative deviation", ylim=(1e-15, 1e3))
    ax.legend(loc="upper left")


def destruction(ax, edges):
    """Resistances of six contacts against the strength of magnetic impurities."""
    ax.set_title("magnetic impurities end them")
    broken = edges.broken.transpose("strength", "sample")
    strengths = broken.strength.values
    for name, color in figures.colored(PROBES["bar"]):
        low, high = (quantile(broken[name], q).value for q in (0.1, 0.9))
        ax.fill_between(strengths, low, high, color=color, alpha=0.2, linewidth=0)
        label = f"$R_{{{name[2:]}}}$"
        figures.points(ax, strengths, median(broken[name]), color=color, label=label)
        value = fraction("bar", name)
        figures.level(ax, value, color=color, line="--")
    ax.set(
        yscale="log",
        ylim=(0.25, 30),
        xlabel="magnetic strength $J$ ($t$)",
        ylabel="resistance ($h/e^2$)",
    )
    figures.ticks(ax.yaxis, 1 / 3, 1 / 2, 4 / 3, 3, 10)
    ax.set_yticklabels(["1/3", "1/2", "4/3", "3", "10"])
    ax.legend(loc="upper left")


def single_channel(ax, edges):
    """var ln T against -<ln T> of one edge with magnetic impurities."""
    ax.set_title("then an edge is one channel")
    for channel, color in ((edges.strong, figures.COLORS[1]), (edges.weak, figures.COLORS[0])):
        label = f"one edge, $l = {channel.path:.0f}$ sites"
        found = log_variance(channel.t)
        figures.points(ax, channel.s, found, color=color, inside=channel.weak, label=label)
    s = np.geomspace(edges.weak.s.min() / 1.3, 1.2 * edges.strong.s.max(), 100)
    variance = Tabulated(lambda s: theory.chain_log_conductance_moments(s)[0], s[0], s[-1])
    figures.theory_line(ax, s, variance(s), label="single channel")
    figures.theory_line(ax, s, 2 * s, line=":", label=r"$-2\langle\ln T\rangle$")
    ax.set(xscale="log", yscale="log", xlabel=r"$-\langle\ln T\rangle$", ylabel=r"var $\ln T$")
    ax.legend(loc="lower right")


def metals(ax, edges):
    """Resistances of four metallic contacts against what passes by them."""
    ax.set_title("metals: what passes by counts")
    contacts = edges.contacts
    passed = contacts.passed.value
    dense = np.geomspace(passed.min() / 1.5, 1.5 * passed.max(), 100)
    G = theory.helical_conductance(np.repeat(1 - dense[:, None], 4, axis=1))
    lines = deviations(G)
    for (name, rises), color in figures.colored(contacts.rises.items()):
        label = f"$|R_{{{name[2:]}}}-{FRACTIONS[fraction('cross', name)]}|$"
        sign = np.sign(rises.mean())
        found = mean(sign * rises)
        figures.points(ax, passed, found, color=color, inside=contacts.inside, label=label)
        figures.theory_line(ax, dense, abs(lines[name]), color=color)
    ax.plot([], [], "k--", linewidth=1, label="equal contacts")
    ax.set(xscale="log", yscale="log", xlabel="share that passes a contact")
    ax.set(ylabel="deviation ($h/e^2$)")


# -- sweeps ---------------------------------------------------------------------------------


def resistances(shape):
    """The observables of all fractions of a shape."""
    ring = RINGS[shape]
    return {
        name: mk.Resistance(
            current=tuple(ring[i] for i in current), voltage=tuple(ring[i] for i in voltage)
        )
        for name, (current, voltage) in PROBES[shape].items()
    }


def cross(**fields):
    """A cross with four contacts."""
    return QuantumSpinHall(width=18, length=28, shape="cross", arm_width=14, **fields)


BAR = QuantumSpinHall(width=18, length=56, shape="bar", arm_width=14)
STRENGTHS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)


def sweep(system, disorder, axes, observables, samples, **settings):
    """Sweep with the parameters that all have in common."""
    settings = {"energy": ENERGY, "params": BHZ} | settings
    return mk.Sweep(
        system=system,
        disorder=disorder,
        axes=axes,
        observables=observables,
        samples=samples,
        **settings,
    )


def channel(strength, lengths, samples):
    """Sweep over the length of a strip with magnetic impurities at its lower edge."""
    return sweep(
        QuantumSpinHall(width=10, length=lengths[0]),
        mk.MagneticImpurities(strength, where=QuantumSpinHall.edge),
        {"length": lengths},
        {"t": mk.TransmissionEigenvalues()},
        samples,
    )


CONDUCTANCE = {"g": mk.Conductance()}

study = mk.Study(
    name="quantum_spin_hall",
    question="Is a helical edge immune to what keeps time reversal, and to nothing else?",
    sweeps={
        "strip": sweep(
            QuantumSpinHall(20, 40), mk.Anderson(0.0), {"strength": STRENGTHS}, CONDUCTANCE, 20
        ),
        "cross": sweep(
            cross(), mk.Anderson(0.0), {"strength": STRENGTHS}, resistances("cross"), 20
        ),
        "bar": sweep(BAR, mk.Anderson(0.0), {"strength": STRENGTHS}, resistances("bar"), 20),
        "control": sweep(
            QuantumSpinHall(14, 28, lead_potential=-2.5),
            mk.Anderson(1.0),
            {"mass": tuple(float(m) for m in np.arange(-2, 2.01, 0.25))},
            CONDUCTANCE,
            10,
            params=BHZ,
        ),
        "contacts": sweep(
            cross(),
            mk.Anderson(2.0),
            {"lead_potential": (-4.4, -4.2, -4.0, -3.8, -3.4, -3.0, -2.6, -2.2)},
            {"G": mk.ConductanceMatrix()},
            40,
        ),
        "edge": channel(0.4, (20, 40, 80, 160, 320), 500),
        "strong": channel(1.0, (10, 20, 40, 80, 160), 400),
        "both": sweep(
            QuantumSpinHall(10, 20),
            mk.MagneticImpurities(0.4),
            {"length": (20, 40, 80, 160)},
            CONDUCTANCE,
            400,
        ),
        "broken": sweep(
            BAR,
            mk.MagneticImpurities(0.1),
            {"strength": (0.05, 0.1, 0.2, 0.3, 0.4, 0.6)},
            resistances("bar"),
            80,
        ),
    },
    presets={
        "full": {
            "strip.samples": 200,
            "cross.samples": 100,
            "bar.samples": 100,
            "control.samples": 40,
            "contacts.samples": 100,
            "edge.samples": 6000,
            "strong.samples": 1500,
            "both.samples": 3000,
            "broken.samples": 150,
        },
        "repeat": {"like": "full", "seed": 1648},
        "toy": {
            "width": 6,
            "strip.length": 6,
            "control.length": 6,
            "control.mass": (-1.0, 1.0),
            "cross.arm_width": 4,
            "contacts.arm_width": 4,
            "bar.arm_width": 4,
            "broken.arm_width": 4,
            "cross.length": 6,
            "contacts.length": 6,
            "bar.length": 10,
            "broken.length": 10,
            "contacts.lead_potential": (-4.0, -3.0),
            "edge.length": (10, 20),
            "strong.length": (10, 20),
            "both.length": (10, 20),
            "strip.strength": (0.0, 3.0),
            "cross.strength": (0.0, 3.0),
            "bar.strength": (0.0, 3.0),
            "broken.strength": (0.2, 0.4),
            "samples": 6,
        },
    },
    reading=Edges,
    regime=regime,
    claims=claims,
    panels=(device, gap, immunity, destruction, single_channel, metals),
    seed=31,
)

mk.main(study, __name__)
