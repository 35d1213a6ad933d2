"""Noise at a finite frequency: a conductor with a bias V emits nothing above f = eV/h.

The emission noise of the current in a lead, at kT = 0 and with E' = E + hf, is

    S(f) = (e²/h) ∫ dE Tr M(E') [1 - M(E)],    μ < E, E' < μ + eV,    M = t t†.

That it ends at eV/h is the work of the Fermi functions, whatever the conductor is: it is shown
here, but it is no measurement. What the conductor decides is the kernel K(f), the mean of the
trace, and with it how the emission gets there: S = (eV - hf) K(f).

* Diffusive wire. K/g is the Fano factor 1/3 for hf << E_c = π² ħD/L² and tends to 1 for hf >> E_c.
  For eV << E_c the emission falls linearly to zero. For eV >> E_c it first rises, from g eV/3
  towards g eV, and then falls. Langevin sources give K of a long wire
  (`theory.langevin_noise_kernel`). In a finite one electrons also need time near the contacts,
  and K ends at 1 - g/N: that is the classical theory of the modes (`theory.wire_noise_kernel`).
* Point contact. K = Σ_n T_n(E') [1 - T_n(E)], with T_n of a saddle and the levels of the channel.
  A kernel that grows with f, as T does on a step, makes the emission rise first here, too.
* A temperature rounds the cutoff: the emission at f is S = [N(hf + eV) + N(hf - eV) - 2 N(hf)] K
  more than without bias, N(x) = x/(exp(x/kT) - 1).
* Kubo: absorption less emission is 2 hf g, with a bias and without (Gavish, Levinson and Imry,
  Phys. Rev. B 62, R10637 (2000)): the bias adds the same to both, sample by sample.

Nothing is fitted: s = N/<g> - 1, and D from l = L/s and the density of states.

Regime, by rule: 6 mean free paths, L = 4 W, L <= ξ/3, f up to 5 E_c. A random flux in the wire (the
leads have none) ends weak localization; a second wire without it has 4/(45 g) more at f = 0. Its
dependence on f is not known in theory: the figure shows that it falls to less than half across E_c.
The energies lie between two thresholds of the leads, and the two orders of E and E' are averaged.
Amplitudes are kept to `STEP`, which changes K/g by less than 0.001. What limits the agreement:

* The density of states, which sets the time that electrons need. Runs with other seeds, at three
  energies between two thresholds, showed K up to 0.025 beside the theory with the density of the
  clean modes, on either side of it, and at 0.005 from it with that of a strip without thresholds
  (`theory.smooth_strip_density`): ħ/2τ is half of their distance. Disorder also shifts the band
  by Re Σ = W²/12 Re G and narrows it by the mean of exp(2πiφ), which both are included. What
  remains of the thresholds is below 3 %, which is the bound.
* The next order in s/N, of a size that is known at f = 0.
* Saddle: the barrier V_0/cosh²(x/d) is no parabola, and the saddle's T lie within 0.04 of it.
* There is no displacement current: a wire that screens its charge stays at 1/3.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import xarray as xr

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import WireNoise, excess_noise, kubo_distance
from mesokwant.analysis.wire_noise import KINETIC, LARGEST
from mesokwant.statistics import bootstrap
from systems import Constriction, Wire

STEP = 2.0**-8
"""Amplitudes are kept to this precision, so that the kept run is small."""
CENTRE = -1.031
"""Energy half-way between two thresholds of the leads of the wires, for W = 30."""
CLAIMED = (0.5, 1.0, 2.0, 3.5, 5.0)
"""Frequencies in E_c at which the kernel is claimed, or the next ones that there are."""
SADDLE_ERROR = 0.04
"""Largest error of the saddle's transmission for a barrier 1/cosh² with these parameters."""
LANGEVIN = "Langevin sources; Nagaev 1998, Naveh et al. 1999"
KUBO = "Kubo; Gavish, Levinson & Imry 2000"


@dataclass(frozen=True)
class RoundedAmplitudes:
    """Transmission amplitudes in one basis for all energies, rounded to `step`."""

    step: float = STEP
    unit: ClassVar[str] = ""
    dims: ClassVar[tuple[str, ...]] = mk.Amplitudes.dims

    def __call__(self, ensemble):
        return self.step * np.round(mk.Amplitudes(1, 0)(ensemble) / self.step)


class Cutoff:
    """What claims and panels share: wires over a wide and a narrow range, and a point contact."""

    def __init__(self, data):
        self.wide = WireNoise(data["wide"].to_dataset(), biased=8)
        self.narrow = WireNoise(data["narrow"].to_dataset(), biased=4)
        self.reversible = WireNoise(data["reversible"].to_dataset())
        self.contact = Contact(data["contact"].to_dataset())


class Contact:
    """The emission of a point contact, one clean sample."""

    def __init__(self, data):
        self.t = data.t.isel(sample=0)
        self.energies = data.energy.values
        self.spacing = float(np.round(self.energies[1] - self.energies[0], 9))
        self.gate, self.reach, self.confinement = (
            float(data[name]) for name in ("gate", "reach", "confinement")
        )
        self.bias = 8 * self.spacing
        self.across = theory.parabola_levels(4, self.confinement)
        # Fermi energies for which the axis holds the window at hf = eV/2 and kT = 0.
        self.levels = self.energies[5:-13]
        # The middle of the window lies on the first step.
        distance = abs(self.levels + self.bias / 2 - self.gate + 4 - self.across[0])
        self.step = float(self.levels[np.argmin(distance)])

    def theory(self, energies, barrier):
        """Amplitudes T_n^½ of the saddle or of the barrier of Eckart; modes do not mix."""
        along = np.asarray(energies)[:, None] + 4 - self.across
        if barrier == "saddle":
            top = {"omega_x": 2 * np.sqrt(self.gate) / self.reach, "potential": self.gate}
            t = theory.saddle_point_transmission(along, -0.5, omega_y=self.confinement, **top)
        else:
            t = theory.lattice_eckart_transmission(along, height=self.gate, reach=self.reach)
        amplitudes = np.sqrt(t)[:, :, None] * np.eye(len(self.across))
        return xr.DataArray(amplitudes, {"energy": energies}, ("energy", "mode_out", "mode_in"))

    def emission(self, t, frequency, level, *, kT=0.0):
        """The emission that the bias adds at one frequency, over eV."""
        window = {"bias": self.bias, "kT": kT, "fermi_energy": level}
        return excess_noise(t, frequency=frequency, **window).values / self.bias

    def against_level(self, barrier=""):
        """The emission at hf = eV/2 against the Fermi energy."""
        t = self.theory(self.energies, barrier) if barrier else self.t
        return self.emission(t, self.bias / 2, self.levels)

    def spectrum(self, *, kT=0.0, barrier="", fine=1):
        """Frequencies and the emission on the first step, to one step beyond the bias."""
        spacing = self.spacing / fine
        count = fine * (len(self.energies) - 1) + 1
        energies = self.energies[0] + spacing * np.arange(count)
        t = self.theory(energies, barrier) if barrier else self.t
        frequencies = spacing * np.arange(9 * fine + 1)
        values = [float(self.emission(t, f, self.step, kT=kT)) for f in frequencies]
        return frequencies, np.array(values)


def regime(cutoff):
    """Where the wires lie."""
    wires = {"random flux": cutoff.wide, "fine energies": cutoff.narrow, "β = 1": cutoff.reversible}
    rows = list(wires.values())
    return {
        "wire": list(wires),
        "N": [w.channels for w in rows],
        "<g>": [w.g.mean() for w in rows],
        "s = L/l": [w.s for w in rows],
        "L/W": [w.length / w.width for w in rows],
        "E_c (t)": [w.thouless for w in rows],
        "spacing of energies/E_c": [w.spacing / w.thouless for w in rows],
    }


# -- claims ---------------------------------------------------------------------------------


def claims(cutoff):
    """The kernel, the emission, its end, and Kubo."""
    yield from kernel_claims(cutoff.wide)
    yield from interference_claims(cutoff)
    yield from emission_claims(cutoff)
    yield from contact_claims(cutoff.contact)


def kernel_claims(wire):
    """The kernel of the wire with a random flux on its curve."""
    expected, ratio = wire.expected(wire.frequencies), wire.frequencies / wire.thouless
    places = dict.fromkeys(int(np.argmin(abs(ratio - f))) for f in CLAIMED)
    for i in places:
        name = f"wire, hf = {ratio[i]:.2g} E_c: K/g"
        effect = abs(expected.value[i] - 1 / 3)
        yield mk.Claim(name, wire.kernel[i], expected[i], effect=effect)
    chosen = np.array(sorted(places))
    curve = expected[chosen]
    name = f"wire, hf = {ratio[chosen[0]]:.2g} to {ratio[chosen[-1]]:.2g} E_c: K over theory"
    effect = float(np.mean(1 - 1 / (3 * curve.value)))
    measured = wire.average(chosen, curve.value)
    yield mk.Claim(name, measured, curve.normalized().mean(), effect=effect)
    farthest = int(np.argmax(abs(wire.kernel.value - expected.value)))
    distance = wire.kernel[farthest] - expected.value[farthest]
    name = f"wire, up to {ratio[-1]:.2g} E_c: K/g farthest from theory"
    goal = theory.Prediction(0.0, 0.02, because="the goal", source=KINETIC)
    yield mk.Claim(name, distance, goal, effect=2 / 3)


def interference_claims(cutoff):
    """What interference adds at f = 0, without and with a random flux."""
    for wire, beta in ((cutoff.reversible, 1), (cutoff.wide, 2)):
        expected = theory.wire_fano_factor(
            wire.s, wire.channels, beta=beta, velocities=wire.velocities
        )
        term = theory.fano_factor_weak_localization(wire.g.mean(), beta=1)
        name = f"β = {beta}: K/g at f = 0"
        yield mk.Claim(name, wire.kernel[0], expected, effect=float(term))


def emission_claims(cutoff):
    """The emission for a bias above and below E_c, its end, and temperature."""
    for wire in (cutoff.wide, cutoff.narrow):
        found, expected = wire.emission(wire.cold), wire.spectrum(wire.up_to_end)
        middle = wire.biased // 2
        name = f"eV = {wire.bias / wire.thouless:.2g} E_c: emission at hf = eV/2 over g eV"
        # In a wire of independent electrons, the kernel is 1.
        effect = abs(0.5 - expected.value[middle])
        yield mk.Claim(name, found[middle], expected[middle], effect=float(effect))

    wire = cutoff.wide
    rise = bootstrap(lambda s, g: (s[2] - s[0]).mean() / g.mean(), wire.cold, wire.g)
    expected = wire.spectrum(wire.up_to_end)
    bound = float(expected.bound[[0, 2]].max())
    value = float(expected.value[2] - expected.value[0])
    limit = theory.Prediction(value, bound, expected.because, KINETIC)
    bias = f"eV = {wire.bias / wire.thouless:.2g} E_c"
    name = f"{bias}: emission at hf = eV/4 less that at f = 0, over g eV"
    # With the kernel of f = 0, the emission falls by a quarter.
    yield mk.Claim(name, rise, limit, effect=float(value + expected.value[0] / 4))
    beyond = float(np.max(abs(wire.cold[wire.biased :])))
    limit = theory.Prediction(0.0, source="Fermi functions alone: no measurement")
    name = f"{bias}, kT = 0: emission at hf >= eV"
    yield mk.Claim(name, mk.Estimate(beyond, 0.0, len(wire.g)), limit)

    wire = cutoff.narrow
    found, end = wire.emission(wire.warm), wire.biased
    expected = wire.spectrum(wire.up_to_end, kT=wire.spacing)[end]
    name = "kT = eV/4: emission at hf = eV over g eV"
    yield mk.Claim(name, found[end], expected, effect=expected.value)
    wire = cutoff.wide
    distance = kubo_distance(wire.t, wire.spacing, float(wire.energies[5]))
    yield kubo_claim("wire", distance / wire.g.mean(), len(wire.g))


def contact_claims(contact):
    """The point contact against the saddle, and against the barrier that it is."""
    found = contact.against_level()
    for barrier, error in (("saddle", SADDLE_ERROR), ("Eckart", 0.005)):
        expected = contact.against_level(barrier)
        farthest = int(np.argmax(abs(found - expected)))
        # T(E') [1 - T(E)] changes by no more than T does.
        because = f"T within {error:g}"
        source = "saddle; Büttiker 1990" if barrier == "saddle" else "Eckart 1930, on the lattice"
        limit = theory.Prediction(expected[farthest], error / 2, because, source)
        level = (
            contact.levels[farthest] + contact.bias / 2 + 4 - contact.gate
        ) / contact.confinement
        name = f"contact, {barrier}: emission over eV, farthest at E = V_0 + {level:.2f} ω_y"
        yield mk.Claim(name, mk.Estimate(found[farthest], 0.0, 1), limit, effect=0.125)
    g = float(abs(contact.t).max()) ** 2
    distance = kubo_distance(contact.t, contact.spacing, contact.step)
    yield kubo_claim("contact", distance / g, 1)


def kubo_claim(name, distance, samples):
    """A bias adds the same to absorption and emission."""
    expected = theory.Prediction(0.0, 1e-6, because="rounding", source=KUBO)
    title = f"{name}: what a bias adds to absorption less emission, over 2 hf g"
    return mk.Claim(title, mk.Estimate(distance, 0.0, samples), expected, effect=0.05)


# -- figure ---------------------------------------------------------------------------------

EMISSION = r"excess emission $S/(g\,eV)$"


def kernel(ax, cutoff):
    """The kernel against frequency."""
    wire = cutoff.wide
    ax.set_title("wire: up from 1/3 across $E_c$")
    for one, color in ((cutoff.narrow, figures.COLORS[1]), (wire, figures.COLORS[0])):
        label = rf"wire, steps of ${one.spacing / one.thouless:.1g}\,E_c$"
        x = one.frequencies[1:] / one.thouless
        figures.points(ax, x, one.kernel[1:], color=color, label=label)
    x = np.geomspace(0.07, 1.2 * LARGEST, 120)
    figures.theory_line(ax, x, wire.expected(x * wire.thouless), label="modes of the wire")
    figures.theory_line(
        ax, x, theory.langevin_noise_kernel(x), line=":", label="long wire (Langevin)"
    )
    figures.level(ax, 1 / 3, label="1/3 (also: screened)")
    ax.set(xscale="log", xlabel="$hf/E_c$", ylabel="kernel $K/g$", ylim=(0.25, 0.95))
    figures.ticks(ax.xaxis, 0.1, 0.3, 1, 3)


def interference(ax, cutoff):
    """What the kernel has more than the classical theory."""
    ax.set_title("weak localization falls across $E_c$")
    wires = (cutoff.wide, "random flux"), (cutoff.reversible, "no flux")
    for (wire, label), color in figures.colored(wires):
        expected = wire.expected(wire.frequencies)
        x = wire.frequencies / wire.thouless
        figures.points(ax, x, wire.kernel - expected.value, color=color, label=label)
    wire = cutoff.wide
    x = np.linspace(0, LARGEST, 100)
    bound = wire.expected(x * wire.thouless)
    zero = theory.Prediction(np.zeros(100), bound.bound, bound.because)
    figures.theory_line(ax, x, zero, label="classical theory", bound="its bound")
    wire = cutoff.reversible
    one = theory.wire_fano_factor(wire.s, wire.channels, beta=1)
    rise = one.value - theory.fano_factor(wire.s)
    ax.plot(0, rise, "k*", markersize=7, zorder=6, label="weak localization, $f=0$")
    ax.set(xlabel="$hf/E_c$", ylabel="$K/g$ less the classical one", ylim=(-0.015, 0.05))


def emission(ax, cutoff):
    """The emission against frequency, for a bias above and below E_c."""
    ax.set_title("emission falls, or first rises")
    x = np.linspace(0, 1.25, 126)
    for wire, color in figures.colored((cutoff.wide, cutoff.narrow)):
        label = rf"$eV={wire.bias / wire.thouless:.1f}\,E_c$"
        found = wire.emission(wire.cold)
        figures.points(ax, wire.up_to_end / wire.bias, found, color=color, label=label)
        figures.theory_line(ax, x, wire.spectrum(x * wire.bias), color=color)
    figures.theory_line(ax, [], [], color="0.3", label="theory, modes of the wire")
    x = np.linspace(0, 1, 100)
    figures.theory_line(ax, x, (1 - x) / 3, line=":", color="0.4", label="$(1-hf/eV)/3$")
    ax.set(xlabel="$hf/eV$", ylabel=EMISSION, ylim=(-0.02, 0.78))


def temperature(ax, cutoff):
    """The end of the emission at a temperature."""
    ax.set_title("temperature rounds the end (wire)")
    wire, x = cutoff.narrow, np.linspace(0, 1.3, 118)
    curves = (wire.cold, 0.0, "$kT=0$"), (wire.warm, wire.spacing, "$kT=eV/4$")
    for (spectra, kT, label), color in figures.colored(curves):
        found = wire.emission(spectra)
        figures.points(ax, wire.up_to_end / wire.bias, found, color=color, label=label)
        figures.theory_line(ax, x, wire.spectrum(x * wire.bias, kT=kT), color=color)
    ax.axvline(1, color="0.8", linewidth=0.8, label="$eV/h$, by Fermi's functions")
    ax.set(xlabel="$hf/eV$", ylabel=EMISSION)


def steps(ax, cutoff):
    """The emission of the contact against the Fermi energy."""
    contact = cutoff.contact
    ax.set_title("a point contact is silent on plateaus")
    middle = contact.levels + contact.bias / 2 + 4 - contact.gate
    x = middle / contact.confinement
    ax.plot(x, contact.against_level(), "o", color=figures.COLORS[0], label="contact, $hf=eV/2$")
    figures.theory_line(ax, x, contact.against_level("saddle"), line=":", label="saddle")
    figures.theory_line(ax, x, contact.against_level("Eckart"), label=r"barrier $1/\cosh^2$")
    ax.set(xlabel=r"energy above the barrier ($\hbar\omega_y$)", ylabel="excess emission $S/eV$")
    ax.set(ylim=(-0.01, 0.36))


def rounding(ax, cutoff):
    """The spectrum of the contact on its first step, at temperatures."""
    contact = cutoff.contact
    ax.set_title("point contact on its first step")
    temperatures = ((0, "$kT=0$"), (2, "$kT=eV/4$"))
    for (number, label), color in figures.colored(temperatures):
        kT = number * contact.spacing
        frequencies, found = contact.spectrum(kT=kT)
        ax.plot(frequencies / contact.bias, found, "o", color=color, label=label)
        x, line = contact.spectrum(kT=kT, barrier="saddle", fine=3)
        figures.theory_line(ax, x / contact.bias, line, color=color)
    figures.theory_line(ax, [], [], color="0.3", label="saddle")
    ax.set(xlabel="$hf/eV$", ylabel="excess emission $S/eV$")


# -- sweeps ---------------------------------------------------------------------------------


def around(centre, spacing, first, last):
    """Equally spaced energies around one."""
    return tuple(np.round(centre + spacing * np.arange(first, last), 6).tolist())


def wire(disorder, energies, samples):
    """Sweep of a wire over energies."""
    return mk.Sweep(
        system=Wire(width=30, length=120),
        disorder=disorder,
        axes={"energy": energies},
        observables={"g": mk.Conductance(), "t": RoundedAmplitudes()},
        samples=samples,
    )


FLUX = mk.Anderson(strength=1.3) + mk.RandomFlux(strength=0.08)

study = mk.Study(
    name="noise_cutoff",
    question="What does a conductor with a bias emit below the frequency eV/h?",
    sweeps={
        "wide": wire(FLUX, around(CENTRE, 0.005, -14, 14), 60),
        "narrow": wire(FLUX, around(CENTRE, 0.001, -16, 16), 40),
        "reversible": wire(mk.Anderson(strength=1.35), around(CENTRE, 0.01, -2, 3), 100),
        "contact": mk.Sweep(
            system=Constriction(width=21, length=110),
            params={"gate": 0.4, "reach": 9.0, "confinement": 0.3, "flux": 0.0},
            axes={"energy": around(-3.7, 0.0075, 0, 93)},
            observables={"t": mk.Amplitudes(1, 0)},
        ),
    },
    presets={
        "full": {
            "seed": 20262,
            "wide.samples": 110,
            "narrow.samples": 50,
            "reversible.samples": 300,
        },
        "repeat": {
            "like": "full",
            "seed": 1645,
            "wide.samples": 55,
            "narrow.samples": 25,
            "reversible.samples": 150,
        },
        "toy": {
            "wide.width": 8,
            "wide.length": 20,
            "narrow.width": 8,
            "narrow.length": 20,
            "reversible.width": 8,
            "reversible.length": 20,
            "contact.width": 7,
            "contact.length": 9,
            "contact.energy": around(-3.8, 0.011, 0, 66),
            "wide.samples": 6,
            "narrow.samples": 6,
            "reversible.samples": 6,
        },
    },
    reading=Cutoff,
    regime=regime,
    claims=claims,
    panels=(kernel, interference, emission, temperature, steps, rounding),
    seed=131,
)

mk.main(study, __name__)
