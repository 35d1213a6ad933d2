"""Chaotic cavity: what scrambles all waves knows only its symmetry and its numbers of modes.

The scattering matrix of a chaotic cavity behind two ideal leads of N modes each is a random one of
Dyson's circular ensembles (Baranger and Mello, Phys. Rev. Lett. 73, 142 (1994); Jalabert, Pichard
and Beenakker, Europhys. Lett. 27, 255 (1994)). Exact for all N, and at β = 1 (no field), 2 (field)
and 4 (spin-orbit coupling, where all is that of one spin):

* <g> = N β N/(2βN + 2 - β), N/2 less weak localization, which tends to 1/4, 0 and -1/8;
* var g (`theory.cavity_conductance_variance`), which tends to 1/(8β);
* the Fano factor <Σ T(1-T)>/<g>, which tends to 1/4, neither 1/3 nor 1;
* P(T) = (β/2) T^(β/2-1) for N = 1.

A field Φ ends weak localization as a Lorentzian, δg/(1 + (Φ/Φ_c)²), with a fitted Φ_c, which
geometry sets. It is smaller than a flux quantum, as an electron encircles much area before it
leaves, and Φ_c² is proportional to N for many modes. (Between N = 2 and 4 it grows
by 1.6 only in random Hamiltonians H + iαA, in simulations with 15000 draws.)

The cavity is a billiard whose right wall is a disc; both leads are on the left wall, so that no
path joins them. Its samples differ by a smooth potential; energies of one sample are averaged.

What is not random is measured. The mean of a reflection amplitude r_nn over samples is what a mouth
reflects at once; it enters all that is expected (`theory.nonideal_cavity_moments`). The mean
of a transmission amplitude is a direct path. Nothing else is taken from the data.

Regime, by rule: filled points have p <= 5 %, where p = (w+1)/(W+L) is the share of all particles
that leaves at an arrival at the wall through mouths of w sites. The mean potential V is strong
enough to randomize the phase of every path, whose squared mean amplitude falls as exp(-s/l) with
its length s: l = v/Γ <= L/3, with the rate Γ of the golden rule. It is weak enough not to reflect
the slowest mode near a mouth: at most 0.4 of its kinetic energy along the lead. Every cavity has
the weakest V that the first rule allows, so that V² L is the same in all. The field has 3.5 h/e
through the cavity, and a cyclotron radius of three times its length.

Exploratory runs with other seeds set these rules. A smaller disc left <g> without field up to 7 %
low at N = 4: walls at right angles return a mode to itself, as rays show. A stronger potential
returns waves, too, near the mouths and elsewhere: at V = 0.25 t <g> without field is 3 to 5 % low
at N = 4, in any size of cavity, and half of that without a potential near the mouths. With
V = 0.1 t paths keep their phases, and a quarter of weak localization is missing. At N = 4 the
window of V is narrow, and <g> is good to p/2 only; variance, noise and P(T) hardly change. The
last panel shows this. What is missing there, 1.3 % and in a cavity of 90 x 150 about 2 %, is the
same without and in the field: it is not weak localization, which is complete within 3 %, but of
the size of what rays do. (Of 40000 rays in these three shapes, 48.5 to 51.7 % left by lead 1.)

At β = 4 the coupling has a part that is random in space. With a uniform one alone, of rotations
2 theta from 0.3 to 0.7, <g> was 3 and 4 % low at N = 2 and 4, and var g 18 % high: it rotates the
spin by what depends on the displacement, so that an electron which a few walls send back beside
its own path has its spin restored, and interferes as at β = 1. (Its return into its own mode was
1.5 times as likely as in the circular ensemble, that into other modes 1.01 times.) With random
rotations of half the angle 0.09 on all hoppings it is 1.2 times, var g is right within its error of
3 %, and <g> is 1 and 2 % low at N = 2 and 4. Their mean free path is the length of the cavity:
twice as strong ones lowered <g> at N = 4 by 5 %. <g> is claimed where p/2 of it is well below
its distance to the next class; at β = 4 and N = 4 it is not, and the sign of weak antilocalization
is claimed instead.

What limits the agreement:

* Who leaves at the first arrival is not random: half of p is the bound for <g> and the noise, p
  for var g.
* In the same way weak localization may lack, or have twice, what leaves at once. The height of the
  Lorentzian is therefore fitted, and claimed by the difference of two fields.
* The Lorentzian is for many modes: the random Hamiltonians deviate by at most 0.02 δg.
* chi² of few points is skewed, and is given as the normal deviate that is exceeded as rarely.
"""

from itertools import pairwise

import kwant
import numpy as np
from scipy.special import ndtri

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import MouthAmplitudes, ScrambledWaves, squared_mean
from mesokwant.engine.results import datasets
from mesokwant.statistics import (
    Estimate,
    bootstrap,
    chi2_deviate,
    histogram,
    mean,
    model_fit,
    paired_difference,
)
from systems import Cavity

ENERGIES = (-1.13, -1.10, -1.07, -1.04)
FLUX = 0.001
RESAMPLES = 200
"""An error known to 5 per cent is enough."""
BINS = np.linspace(0, 1, 9)
LEAVING = 0.05
"""Largest share that leaves at an arrival at the wall."""
BECAUSE = "share that leaves at its first arrival at a wall"


def own_reflection(ensemble):
    """Amplitudes of all modes of lead 0, then of lead 1, that come back as the same mode."""
    diagonals = [np.einsum("...ii->...i", ensemble.submatrix(i, i)) for i in (0, 1)]
    return np.concatenate(diagonals, axis=1)


def transmission(ensemble):
    """Amplitudes from lead 0 to lead 1, shape (samples, modes out, modes in)."""
    return ensemble.submatrix(1, 0)


class Cavities:
    """What regime, claims and panels share."""

    def __init__(self, data):
        sweeps = datasets(data)
        self.classes, self.disorder = sweeps["classes"], sweeps["disorder"]
        self.width, self.length = int(self.classes.width), int(self.classes.length)
        self.mouths, self.flux = self.classes.mouth.values, float(self.classes.flux[-1])
        self.strength = float(self.classes.strength)
        self.sizes = [sweeps["small"], self.classes, sweeps["large"]]
        mouths = sweeps["mouths"]
        self.means = [MouthAmplitudes(mouths.sel(flux=flux)) for flux in mouths.flux.values]
        self.means.append(MouthAmplitudes(sweeps["spin_mouths"], spins=2))
        self.samples = {}
        for beta, means in zip((1, 2, 4), self.means, strict=True):
            data = sweeps["spins"] if beta == 4 else self.classes.isel(flux=beta - 1)
            for mouth in self.mouths:
                at_mouth = data.sel(mouth=mouth)
                self.samples[beta, mouth] = self.scrambled(at_mouth, beta, means.reflections[mouth])
        field = sweeps["field"]
        self.crossings = [
            Crossing(field.sel(mouth=mouth), self.samples[1, mouth], self.samples[2, mouth])
            for mouth in field.mouth.values
        ]

    def scrambled(self, data, beta, reflections):
        """Cavities at one mouth, with what is expected for the reflections of its modes."""
        share = (int(data.mouth) + 1) / (int(data.width) + int(data.length))
        return ScrambledWaves.measured(data, beta, reflections, share=share, because=BECAUSE)

    def widest(self, data, field):
        """The widest mouth of other cavities, without or in a field, by their own amplitudes."""
        mouth = self.mouths[-1]
        reflections = self.means[field].reflections[mouth]
        data = data.sel(mouth=mouth) if "mouth" in data.dims else data
        return self.scrambled(data.isel(flux=-field), field + 1, reflections)

    def along_lead(self, mouth):
        """Least kinetic energy along the lead: of the slowest mode, at the lowest energy."""
        number = self.samples[1, mouth].modes
        bottom = -2 - 2 * np.cos(np.pi * number / (mouth + 1))
        return float(self.classes.energy.min()) - bottom

    def weak(self, mouth, strength):
        """Whether the potential hardly reflects the slowest mode near the mouth."""
        return strength <= 0.4 * self.along_lead(mouth)

    def inside(self, beta, mouth):
        """Whether cavities lie in the regime."""
        return self.within(self.samples[beta, mouth], mouth, self.classes)

    def within(self, one, mouth, data):
        """Whether some cavities, their sweep given, lie in the regime."""
        strength, size = float(data.strength), int(data.length)
        random = damping_length(data.energy.mean(), strength, data.correlation_length) <= size / 3
        return one.share <= LEAVING and bool(random) and self.weak(mouth, strength)


def damping_length(energy, strength, correlation_length):
    """How far the squared mean amplitude of a wave gets in a smooth potential, by the golden rule.

    The potential scatters by small angles, Γ = V² ξ √(2π)/v, at the speed v of the diagonal.
    """
    speed = 2 * np.sqrt(2) * np.sin(np.arccos(-float(energy) / 4))
    rate = strength**2 * float(correlation_length) * np.sqrt(2 * np.pi) / speed
    return speed / rate


class Crossing:
    """How a field ends weak localization, for one mouth."""

    def __init__(self, data, without, within):
        g = data.g.transpose("energy", "flux", "sample").values.mean(axis=0)
        self.modes = without.modes
        size = Cavity(int(data.width), int(data.length), int(data.mouth), int(data.bite))
        self.area = len(size.build().sites)
        self.quanta = data.flux.values[1:] * self.area
        self.rise = g[1:] - g[0]
        self.amplitude = within.ideal.conductance - without.ideal.conductance
        start = {"rate": 3.0, "height": self.amplitude}
        self.fit = model_fit(self.lorentzian, self.quanta, self.rise, start)
        # What else could end it: a Gaussian that falls to one half at the same field.
        fallen = np.exp(-np.log(2) * (self.fit["rate"].value * self.quanta) ** 2)
        distances = self.rise - self.fit["height"].value * (1 - fallen)[:, None]
        self.other = chi2_deviate(distances)

    def lorentzian(self, x, rate, height):
        """g(Φ) - g(0), with the rate 1/Φ_c."""
        return height * (1 - 1 / (1 + (rate * x) ** 2))


def regime(cavities):
    """Where the points of all mouths lie, and what is not random in them."""
    found = list(cavities.samples.items())
    r = [cavities.means[min(beta, 3) - 1].reflections[mouth] for (beta, mouth), _ in found]
    t = [
        squared_mean(cavities.means[min(beta, 3) - 1].t[mouth]).mean() for (beta, mouth), _ in found
    ]
    strength = cavities.strength
    return {
        "β": [beta for (beta, _), _ in found],
        "N": [one.modes for _, one in found],
        "p": [one.share for _, one in found],
        "V / (kinetic energy)": [strength / cavities.along_lead(mouth) for (_, mouth), _ in found],
        "mean |<r_nn>|²": [one.mean() for one in r],
        "mean |<t>|²": t,
        "in regime": [cavities.inside(beta, mouth) for (beta, mouth), _ in found],
    }


# -- claims ---------------------------------------------------------------------------------


def claims(cavities):
    """The mouths, then all moments in all classes, P(T), the field, size and disorder."""
    yield from mouth_claims(cavities)
    for (beta, mouth), one in cavities.samples.items():
        if cavities.inside(beta, mouth):
            yield from moment_claims(f"β = {beta}, N = {one.modes}", one)
    for beta in (1, 2, 4):
        yield distribution_claim(cavities.samples[beta, cavities.mouths[0]])
    for mouth in cavities.mouths:
        yield localization_claim(cavities.samples[1, mouth], cavities.samples[2, mouth])
    yield from field_claims(cavities)
    yield from size_claims(cavities)


def mouth_claims(cavities):
    """Both measures of what is not random are small."""
    for beta, means in zip((1, 2, 4), cavities.means, strict=True):
        for name, amplitudes, most in (("r_nn", means.r, 0.02), ("t_nm", means.t, 0.002)):
            values = np.concatenate(list(amplitudes.values()), axis=1)
            found = bootstrap(lambda s: squared_mean(s).mean(), values, resamples=RESAMPLES)
            title = f"β = {beta}, all modes: mean of |<{name}>|²"
            yield mk.Claim(title, found, below=most, source="0 for an ideal cavity")


def moment_claims(name, one):
    """<g>, its variance and the noise; P(T) says more than the last two at N = 1.

    The effect is another class; that of the noise is a diffusive conductor, where it differs.
    """
    expected = one.expected_conductance
    effect = other_class(theory.cavity_conductance, one)
    if expected.bound <= effect / 4:
        yield mk.Claim(f"{name}: <g>", one.conductance, expected, effect=effect)
    else:
        found, source = one.conductance - one.modes / 2, "antilocalization, of any size"
        yield mk.Claim(f"{name}: <g> - N/2", found, above=0.0, source=source, effect=effect)
    if one.modes == 1:
        return
    effect = other_class(theory.cavity_conductance_variance, one)
    yield mk.Claim(f"{name}: var g", one.variance, one.expected_variance, effect=effect)
    expected = one.expected_fano
    if abs(expected.value - 1 / 3) > 0.05:
        noise = one.expected_shot_noise
        effect = abs(one.ideal.conductance / 3 - noise.value)
        yield mk.Claim(f"{name}: <Σ T(1-T)>", one.shot_noise, noise, effect=effect)
        effect = abs(expected.value - 1 / 3)
        yield mk.Claim(f"{name}: Fano factor", one.fano, expected, effect=effect)


def other_class(moment, one):
    """Distance of a moment to that of the class with or without a field, or without coupling."""
    found, other = (
        moment(one.modes, one.modes, beta=beta) for beta in (one.beta, {1: 2, 2: 1, 4: 2}[one.beta])
    )
    return float(abs(found - other))


def distribution_claim(one):
    """P(T) of one mode by chi²; its effect is the chi² of the distribution of another class."""

    def distance(beta):
        inside = np.stack([(one.g > low) & (one.g <= high) for low, high in pairwise(BINS)])
        probability = np.diff(BINS ** (beta / 2))
        # The last bin follows from the others.
        return chi2_deviate((inside.mean(axis=1) - probability[:, None])[:-1])

    wrong = min(distance(beta) for beta in (1, 2, 4) if beta != one.beta)
    measured = Estimate(distance(one.beta), 1.0, one.g.shape[-1])
    source = "(β/2) T^(β/2-1); Baranger & Mello 1994"
    name = f"β = {one.beta}, N = 1: deviate of the chi² of P(T)"
    return mk.Claim(name, measured, 0.0, source=source, effect=wrong)


def localization_claim(without, within):
    """Weak localization: what a field adds to <g>, in the same samples."""
    measured = paired_difference(within.g.mean(axis=0), without.g.mean(axis=0))
    value = within.ideal.conductance - without.ideal.conductance
    source = "N/(4N+2); Jalabert, Pichard & Beenakker 1994"
    bound = without.share / 2 * within.ideal.conductance
    expected = theory.Prediction(value, bound, BECAUSE, source)
    name = f"N = {without.modes}: <g> in the field less <g> without"
    return mk.Claim(name, measured, expected, effect=value)


def field_claims(cavities):
    """The Lorentzian, and its widths."""
    crossings = cavities.crossings
    # Deviates of several mouths add up to one with the error 1.
    root = np.sqrt(len(crossings))
    measured = sum(-ndtri(one.fit.p_value) for one in crossings) / root
    effect = sum(one.other for one in crossings) / root
    name = "all mouths: deviate of the chi² of Lorentzians"
    source = "Baranger, Jalabert & Stone 1993"
    samples = crossings[0].rise.shape[-1]
    yield mk.Claim(name, Estimate(measured, 1.0, samples), 0.0, source=source, effect=effect)
    few, many = (cavities.crossings[place].fit["rate"] for place in (0, -1))
    ratio = (few.value / many.value) ** 2
    error = 2 * ratio * np.hypot(few.error / few.value, many.error / many.value)
    measured = Estimate(ratio, error, few.n)
    if 3 * error < 0.6:  # Few samples do not tell the 1.6 of random Hamiltonians from 1.
        name = "Φ_c² of the widest mouth over that of the narrower one"
        source = "more modes leave sooner; 2 for many modes, 1.6 in random Hamiltonians"
        yield mk.Claim(name, measured, above=1.0, source=source)


def size_claims(cavities):
    """<g> of the widest mouths in a larger cavity, and in one too small to scramble."""
    small, _, large = cavities.sizes
    for field in (0, 1):
        one = cavities.widest(large, field)
        name = f"{int(large.width)} x {int(large.length)}, β = {field + 1}, N = {one.modes}: <g>"
        effect = other_class(theory.cavity_conductance, one)
        yield mk.Claim(name, one.conductance, one.expected_conductance, effect=effect)
    one = cavities.widest(small, 0)
    name = f"{int(small.width)} x {int(small.length)}, β = 1, N = {one.modes}: <g> is less"
    source = "returns before all is scrambled are doubled"
    yield mk.Claim(name, one.conductance, below=one.ideal.conductance, source=source)


# -- figure ---------------------------------------------------------------------------------

COLORED = dict(zip((1, 2, 4), figures.COLORS, strict=False))
LABELS = {1: "β = 1, no field", 2: "β = 2, field", 4: "β = 4, spin-orbit"}


def device(ax, cavities):
    """The electrons that come from the lower lead, in one sample."""
    ax.set_title("one sample, from below")
    data = cavities.classes
    size = Cavity(
        *(int(data[name]) for name in ("width", "length")), int(data.mouth[-1]), int(data.bite)
    )
    energy = float(data.energy[-1])
    disorder = mk.Gaussian(cavities.strength, float(data.correlation_length))
    sample = mk.scattering(size, energy, params={"flux": 0.0}, disorder=disorder).system(0)
    waves = kwant.wave_function(sample, energy=energy)(0)
    density = np.sum(np.abs(waves) ** 2, axis=0) / (2 * np.pi)
    figures.density_map(ax, sample, density, label="density from lead 0 (1/t)")
    for number, lead in enumerate(size.builder().leads):
        y = [site.tag[1] for site in lead.interface]
        ax.plot([-2, -2], [min(y) - 0.5, max(y) + 0.5], color="#D55E00", linewidth=3)
        ax.annotate(f"{number} ", (-3, np.mean(y)), ha="right", va="center", color="#D55E00")
    ax.set_xlim(left=-9)


def by_modes(ax, cavities, measured, expected, exact, *, legend=False):
    """One moment against N in all classes, with the curves of the circular ensembles."""
    dense = np.linspace(0.95, 4.5, 150)
    for beta, color in COLORED.items():
        for mouth in cavities.mouths:
            one = cavities.samples[beta, mouth]
            label = LABELS[beta] if legend and mouth == cavities.mouths[0] else ""
            inside = cavities.inside(beta, mouth)
            figures.points(ax, one.modes, measured(one), color=color, label=label, inside=inside)
            ax.plot(one.modes, expected(one).value, "k_", markersize=9, zorder=6)
        figures.theory_line(ax, dense, exact(dense, beta), color=color)
    if legend:
        ax.plot([], [], "k--", linewidth=1, label="circular ensembles")
        ax.plot([], [], "k_", label="the same behind the mouths")
    ax.set(xlabel="modes $N$ in either lead", xlim=(0.5, 4.5))
    ax.set_xticks([1, 2, 3, 4])


def conductance(ax, cavities):
    """<g> - N/2: weak localization."""
    ax.set_title("weak localization, by symmetry")

    def exact(n, beta):
        return theory.cavity_conductance(n, n, beta=beta) - n / 2

    by_modes(
        ax,
        cavities,
        lambda one: one.conductance - one.modes / 2,
        lambda one: one.expected_conductance - one.modes / 2,
        exact,
        legend=True,
    )
    ax.set(ylabel=r"$\langle g\rangle-N/2$ ($e^2/h$)", ylim=(-0.28, 0.72))


def variance(ax, cavities):
    """var g."""
    ax.set_title("var $g$ in three classes")

    def exact(n, beta):
        return theory.cavity_conductance_variance(n, n, beta=beta)

    by_modes(ax, cavities, lambda one: one.variance, lambda one: one.expected_variance, exact)
    ax.set(ylabel=r"var $g$ ($(e^2/h)^2$)", ylim=(0, 0.15))


def fano(ax, cavities):
    """The Fano factor."""
    ax.set_title("noise: Fano 1/4 for many modes")

    def exact(n, beta):
        shape = {"beta": beta}
        return theory.cavity_shot_noise(n, n, **shape) / theory.cavity_conductance(n, n, **shape)

    by_modes(ax, cavities, lambda one: one.fano, lambda one: one.expected_fano, exact)
    figures.level(ax, 1 / 4, line=":", color="0.4")
    ax.set(ylabel="Fano factor", ylim=(0.2, 0.45))


def distribution(ax, cavities):
    """P(T) of one mode."""
    ax.set_title(r"one mode: $P(T)\propto T^{\beta/2-1}$")
    middle = (BINS[1:] + BINS[:-1]) / 2
    t = np.linspace(0.005, 1, 300)
    for beta, color in COLORED.items():
        one = cavities.samples[beta, cavities.mouths[0]]
        density = histogram(one.g, BINS)
        figures.points(ax, middle, density, color=color, label=f"β = {beta}")
        line = theory.cavity_transmission_density(t, beta=beta)
        figures.theory_line(ax, t, line, color=color)
        ax.plot(middle, np.diff(BINS ** (beta / 2)) / np.diff(BINS), "k_", zorder=6)
    ax.plot([], [], "k_", label="theory in these bins")
    ax.set(xlabel="transmission $T$, $N=1$", ylabel="probability density", ylim=(0, 3.6))


def field(ax, cavities):
    """What a field adds to <g>, with Lorentzians."""
    ax.set_title("a field ends it: Lorentzians")
    for one, color in figures.colored(cavities.crossings):
        found = mean(one.rise)
        figures.points(ax, one.quanta, found, color=color, label=f"N = {one.modes}")
        x = np.linspace(0, 1.05 * one.quanta[-1], 200)
        figures.theory_line(ax, x, one.fit(x).value, color=color)
        figures.level(ax, one.amplitude, color=color, line=":")
    ax.plot([], [], "k--", linewidth=1, label="Lorentzian")
    ax.plot([], [], "k:", linewidth=1, label="exact height")
    ax.set(xlabel=r"flux $\Phi$ through the cavity ($h/e$)")
    ax.set(ylabel=r"$\langle g(\Phi)\rangle-\langle g(0)\rangle$ ($e^2/h$)", ylim=0)


def ends(ax, cavities):
    """<g> over the exact one: what other sizes and stronger disorder do."""
    ax.set_title("where scrambling ends")
    mouth = cavities.mouths[-1]
    strengths = cavities.disorder.strength.values
    cases = [cavities.disorder.sel(strength=strength) for strength in strengths]
    small, _, large = cavities.sizes
    for data in (small, large):
        text = f"{int(data.width)} x {int(data.length)}"
        ax.annotate(text, (float(data.strength), 0.885), rotation=90, ha="center", fontsize=7)
        cases.append(data)
    for field in (0, 1):
        color = COLORED[field + 1]
        for number, data in enumerate(cases):
            one = cavities.widest(data, field)
            ratio = one.conductance / one.ideal.conductance
            inside = cavities.within(one, mouth, data)
            label = "" if number else f"N = {one.modes}, β = {field + 1}"
            figures.points(ax, float(data.strength), ratio, color=color, inside=inside, label=label)
    figures.level(ax, 1, color="k", line="--", label="circular ensemble")
    ax.set(
        xlabel="mean potential $V$ ($t$)", ylabel=r"$\langle g\rangle$ / exact", ylim=(0.88, 1.09)
    )
    ax.set(xlim=(0, 0.43))


def billiard(
    axes,
    samples,
    observables=None,
    *,
    shape=(60, 100, 40),
    strength=0.15,
    spin_orbit=False,
    **params,
):
    """Sweep of a cavity of width, length and bite."""
    width, length, bite = shape
    disorder = mk.Gaussian(strength=strength, correlation_length=4.0)
    return mk.Sweep(
        Cavity(width, length, mouth=6, bite=bite, spin_orbit=spin_orbit),
        params={"flux": 0.0, **params},
        disorder=disorder + mk.RandomSpinOrbit(0.09) if spin_orbit else disorder,
        axes={**axes, "energy": ENERGIES},
        observables=observables or {"g": mk.Conductance(), "noise": mk.ShotNoise()},
        samples=samples,
    )


MOUTHS, FIELDS = {"mouth": (2, 3, 6)}, {"flux": (0.0, FLUX)}
MEANS = {"r": own_reflection, "t": transmission}
SPIN = {"spin_orbit": True, "theta": 0.15}
FLUXES = (0.0, 1e-5, 2e-5, 3e-5, 5e-5, 8e-5, 1.5e-4, 4e-4)

study = mk.Study(
    name="chaotic_cavity",
    question="Does a cavity that scrambles all waves know only its symmetry and its modes?",
    sweeps={
        "classes": billiard(MOUTHS | FIELDS, 300),
        "mouths": billiard(MOUTHS | FIELDS, 120, MEANS),
        "spins": billiard(MOUTHS, 200, **SPIN),
        "spin_mouths": billiard(MOUTHS, 80, MEANS, **SPIN),
        "field": billiard({"mouth": (3, 6), "flux": FLUXES}, 150),
        "small": billiard({"flux": (0.0, 4 * FLUX)}, 300, shape=(30, 50, 20), strength=0.21),
        "large": billiard(
            {"flux": (0.0, round(FLUX / 2.25, 9))}, 100, shape=(90, 150, 60), strength=0.122
        ),
        "disorder": billiard(FIELDS | {"strength": (0.1, 0.15, 0.25, 0.4)}, 60),
    },
    presets={
        "full": {
            "seed": 20265,
            "classes.samples": 2000,
            "mouths.samples": 300,
            "spins.samples": 600,
            "spin_mouths.samples": 120,
            "field.samples": 500,
            "small.samples": 600,
            "large.samples": 400,
            "disorder.samples": 200,
        },
        "repeat": {
            "like": "full",
            "seed": 1646,
            "classes.samples": 1000,
            "mouths.samples": 150,
            "spins.samples": 300,
            "spin_mouths.samples": 60,
            "small.samples": 300,
            "large.samples": 200,
            "disorder.samples": 100,
        },
        "toy": {
            "width": 13,
            "length": 14,
            "bite": 5,
            "mouth": (2, 3),
            "small.mouth": 3,
            "large.mouth": 3,
            "disorder.mouth": 3,
            "field.flux": (0.0, 5e-3, 1.5e-2, 4e-2),
            "disorder.strength": (0.1, 0.25),
            "classes.samples": 60,
            "spins.samples": 60,
            "samples": 20,
        },
    },
    reading=Cavities,
    regime=regime,
    claims=claims,
    panels=(device, conductance, variance, fano, distribution, field, ends),
    seed=73,
)

mk.main(study, __name__)
