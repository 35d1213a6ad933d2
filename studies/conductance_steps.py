"""Conductance steps: a smooth point contact conducts in whole multiples of e²/h, mode by mode.

Channel and barrier are V = V0/cosh²(x/d) + ω_y² y²/4, with the mass 1/2 of the lattice, and the
channel goes on in the leads. Without a field no mode turns into another one. Mode n has the
energy E + 4 - E_n along x; ω_x = 2 V0^½/d at the top of the barrier. Theory has no parameter:

* T_n is that of the barrier of Eckart (Phys. Rev. 35, 1303 (1930)), g = Σ T_n, and the shot noise
  is Σ T_n (1 - T_n): it is 1/4 on every step and vanishes exponentially between steps.
* On the lattice E_n are eigenvalues of the cross-section (`theory.parabola_levels`), and the
  barrier changes a little (`theory.lattice_eckart_transmission`).
* A saddle has 1/T_n = 1 + exp(-2π (E + 4 - V0 - E_n)/ω_x) (Büttiker, Phys. Rev. B 41, 7906
  (1990)). The barrier is one at its top alone; by how much the two differ is computed.
* In a field the saddle has other frequencies (Fertig and Halperin, Phys. Rev. B 36, 7969 (1987);
  `theory.saddle_point_frequencies`): the thresholds rise, so that modes depopulate, and the steps
  sharpen. E_n are then levels of the channel in the field.
* A temperature rounds steps of a distance Δ: the slope between two of them is 1/Δ times
  1 + 2 Σ_m (-1)^m D(mkT) D(mω_x/2π), with D(kT) = X/sinh X, X = 2π² kT/Δ, as each harmonic of a
  ladder of steps is damped by the Fermi function and by tunnelling.
* The contact of half the size and four times the energies is the same one on a coarser lattice.

Nothing is fitted, and nothing is random: results have no statistical error. Regime, by rule:
ω_y >= 2 ω_x at every step, where plateaus are flat. What limits the agreement:

* Lattice: its first order is computed, for a long barrier. What is left is smaller by the energy
  E + 4 in t, or by (ω_x/V0)² = 4/(V0 d²). The first order times their sum is the bound.
* In a field the first order beyond the saddle is computed, `theory.eckart_transmission_in_field`.
  The next one is smaller by ω_x/V0 than 1/(4d²), what the first one is without a field. Levels of
  the lattice are those of the channel: at the saddle their shift differs by twice the relative
  change of the frequency. Both are bounds on the thresholds. Steps sharpen, so that an error of a
  threshold is a larger one of the conductance than without a field.
* Temperature: the levels of the parabola are not quite equidistant on the lattice. The bound is
  their relative spread, times the part of the slope that oscillates.

An abrupt contact, a slit in a hard wall, has steps, too. Its edges mix modes and reflect, so that
plateaus are cut by resonances of its length. Its steps are nobody's formula; it is the control.
"""

from functools import cached_property

import kwant
import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import ContactInField, SmoothContact, thermal_average
from mesokwant.analysis.point_contact import BOTTOM
from mesokwant.statistics import Estimate
from systems import Constriction, Slit

NEXT_ORDER = "next order of the lattice"
TEMPERATURES = (1 / 12, 1 / 8, 1 / 5)
"""kT over the distance of two steps."""


class Contacts:
    """What claims and panels share: contacts against gate, energy and field, and the slit."""

    def __init__(self, data):
        tables = {name: node.to_dataset().isel(sample=0) for name, node in data.children.items()}
        self.gate = SmoothContact(tables["gate"], "gate")
        self.coarse = SmoothContact(tables["coarse"], "energy")
        self.fine = SmoothContact(tables["fine"], "energy")
        self.field = ContactInField(tables["field"])
        self.slit = Abrupt(tables["slit"])
        self.warm = Warm(self.coarse, tables["coarse"].g)


class Warm:
    """Thermal averages of the coarse contact around its second plateau."""

    def __init__(self, contact, g):
        self.contact, self.g = contact, g
        first, second = contact.levels[1:3]
        self.distance = float(second - first)
        self.middle = float(BOTTOM + contact.gates[0] + (first + second) / 2)
        self.temperatures = np.array(TEMPERATURES) * self.distance

    @cached_property
    def slopes(self):
        """Slope in the middle of the plateau times the distance of the steps, for every kT."""
        step = self.distance / 100
        ends = np.array([self.middle - step, self.middle + step])
        g = thermal_average(self.g, kT=self.temperatures, fermi_energy=ends)
        return g.diff("fermi_energy").values.ravel() / (2 * step) * self.distance

    def expected(self, temperatures):
        """The slope of a ladder of equidistant steps."""
        m = np.arange(1, 40).reshape(-1, *np.ones(np.ndim(temperatures), int))
        tunnelling = float(self.contact.omega_x[0]) / (2 * np.pi)
        damping = theory.thermal_damping(m * temperatures, self.distance)
        damping = damping * theory.thermal_damping(m * tunnelling, self.distance)
        slope = 1 + 2 * np.sum((-1.0) ** m * damping, axis=0)
        spacings = np.diff(self.contact.levels[:4])
        spread = float(np.ptp(spacings)) / self.distance
        because, source = "steps are not equidistant on the lattice", "ladder of damped steps"
        return theory.Prediction(slope, spread * abs(slope - 1), because, source)

    def curve(self, kT):
        """Chemical potentials that the axis reaches, with averages of measurement and theory."""
        dense = np.linspace(self.contact.x[0], self.contact.x[-1], 600)
        mu = np.linspace(dense[0] + 8.01 * kT, dense[-1] - 8.01 * kT, 120)
        lattice = theory.lattice_eckart_transmission
        line = self.g.interp(energy=dense).copy(
            data=self.contact.transmissions(lattice, dense).sum(axis=1)
        )
        return (mu, *(thermal_average(g, kT=kT, fermi_energy=mu).values for g in (self.g, line)))


class Abrupt:
    """An abrupt contact against the energy."""

    def __init__(self, data):
        self.energies, self.g, self.noise = data.energy.values, data.g.values, data.noise.values
        self.opening = int(data.opening)
        self.modes = theory.open_modes(self.energies, self.opening)

    def plateau(self, mode):
        """The points in the middle half between two thresholds of the opening."""
        n = np.arange(1, self.opening + 1)
        thresholds = BOTTOM + 2 - 2 * np.cos(np.pi * n / (self.opening + 1))
        low, high = thresholds[mode - 1 : mode + 1]
        quarter = (high - low) / 4
        return (self.energies > low + quarter) & (self.energies < high - quarter)


def regime(contacts):
    """How sharp the steps are on all plateaus without a field."""
    rows = [
        (name, number, contact, i)
        for name, contact in (("gate", contacts.gate), ("coarse", contacts.coarse))
        for number, i in enumerate(contact.plateaus, start=1)
    ]
    rows += [
        ("fine", number, contacts.fine, i) for number, i in enumerate(contacts.fine.plateaus, 1)
    ]
    return {
        "contact": [name for name, *_ in rows],
        "plateau": [number for _, number, *_ in rows],
        "gate (t)": [contact.gates[i] for *_, contact, i in rows],
        "E + 4 (t)": [contact.energies[i] - BOTTOM for *_, contact, i in rows],
        "ω_y/ω_x": [contact.omega_y / contact.omega_x[i] for *_, contact, i in rows],
    }


# -- claims ---------------------------------------------------------------------------------


def exact(value):
    """A number that nothing random went into."""
    return Estimate(float(value), 0.0, 1)


def claims(contacts):
    """Steps, their noise, the field, temperature, and the slit."""
    for name in ("gate", "coarse", "fine"):
        yield from step_claims(name, getattr(contacts, name))
    yield from noise_claims(contacts.gate)
    yield from field_claims(contacts.field)
    warm = contacts.warm
    expected, cold = warm.expected(warm.temperatures), warm.expected(0.0)
    for i, share in enumerate(TEMPERATURES):
        name = f"kT = {share:.2g} Δ: slope between two steps, times Δ"
        effect = expected.value[i] - cold.value
        yield mk.Claim(name, exact(warm.slopes[i]), expected[i], effect=effect)
    yield from slit_claims(contacts)


def step_claims(name, contact):
    """The conductance of one contact against the barrier and the saddle."""
    title, effect = f"{name}: largest |g - Σ T_n|", contact.apart("saddle", "Eckart, lattice")
    expected = theory.Prediction(
        0.0, contact.bound, NEXT_ORDER, "Eckart 1930, levels and barrier of the lattice"
    )
    measured = exact(contact.distance("Eckart, lattice"))
    yield mk.Claim(f"{title}, barrier on the lattice", measured, expected, effect=effect)
    # A saddle in place of Eckart's barrier, and modes that open at once in place of a saddle.
    for other, below, source, effect in (
        ("Eckart", 0.005, "Eckart 1930", contact.apart("saddle", "Eckart")),
        ("saddle", 0.04, "Büttiker 1990", 0.5),
    ):
        measured = exact(contact.distance(other))
        source = f"{source}, levels of the lattice"
        yield mk.Claim(f"{title}, {other}", measured, below=below, source=source, effect=effect)


def noise_claims(contact):
    """The noise is that of the same modes: 1/4 on a step, exponentially small on a plateau."""
    noise = {name: (t * (1 - t)).sum(axis=1) for name, t in contact.theory.items()}
    line, source = noise["Eckart, lattice"], "Σ T(1-T) of Eckart 1930"
    expected = theory.Prediction(0.0, contact.bound, NEXT_ORDER, source)
    measured = exact(np.max(abs(contact.noise - line)))
    yield mk.Claim("gate: largest |noise - Σ T(1-T)|", measured, expected, effect=0.25)
    middle = contact.plateaus
    first, saddle_alone, measured = (
        abs(values[middle] / line[middle] - 1)
        for values in (noise["Eckart"], noise["saddle"], contact.noise)
    )
    bound = np.max(contact.next_order[middle] * first)
    expected = theory.Prediction(0.0, bound, NEXT_ORDER, source)
    title = f"gate, middle of {len(middle)} plateaus: largest |noise/Σ T(1-T) - 1|"
    yield mk.Claim(title, exact(measured.max()), expected, effect=saddle_alone.max())


def field_claims(field):
    """Conductance in a field, and the fields at which modes depopulate."""
    because, source = "next order of the barrier, lattice at its top", "Fertig & Halperin 1987"
    barrier, saddle_alone, blunt = (
        field.expected(field.flux, formula)
        for formula in (field.barrier, field.saddle, field.not_sharpened)
    )
    bound = np.max(abs(barrier - field.expected(field.flux, field.barrier, lowered=True)))
    expected = theory.Prediction(0.0, bound, because, f"{source}, and the top of the barrier")
    effect = np.max(abs(blunt - saddle_alone))
    measured = exact(np.max(abs(field.g - barrier)))
    yield mk.Claim("field: largest |g - Σ T_n|, barrier", measured, expected, effect=effect)
    measured = exact(np.max(abs(field.g - saddle_alone)))
    title = "field: largest |g - Σ T_n|, saddle"
    yield mk.Claim(title, measured, below=0.04, source=source, effect=effect)
    for mode, found, value, bound, landau in field.depopulation():
        expected = theory.Prediction(value, bound, because, source)
        title = f"field at which mode {mode} is half closed"
        yield mk.Claim(title, exact(found), expected, effect=landau - value)


def slit_claims(contacts):
    """The plateaus of the abrupt contact are not flat, and those of the smooth one are."""
    slit, gate = contacts.slit, contacts.gate
    source = "resonances between its ends"
    for mode in (1, 2, 3):
        noise = slit.noise[slit.plateau(mode)]
        largest = exact(noise.max() if noise.size else np.nan)
        smooth = float(gate.noise[gate.plateaus[mode - 1]])
        title = f"slit: largest noise on plateau {mode}, above that of the smooth contact"
        yield mk.Claim(title, largest, above=smooth, source=source)


# -- figure ---------------------------------------------------------------------------------

GATE = "gate $V_0$ ($t$)"
ENERGY = "$E + 4$ ($t$)"
G = "$g$ ($e^2/h$)"


def device(ax, contacts):
    """The electrons that come from the left on the second plateau, and where V = E."""
    ax.set_title("two modes pass")
    contact = contacts.coarse
    energy = contacts.warm.middle
    gate, omega = float(contact.gates[0]), contact.omega_y
    params = {"gate": gate, "reach": contact.reach, "confinement": omega, "flux": 0.0}
    sample = mk.scattering(Constriction(*contact.size), energy, params=params).system(0)
    waves = kwant.wave_function(sample, energy=energy)(0)
    density = np.sum(abs(waves) ** 2, axis=0) / (2 * np.pi)
    figures.density_map(ax, sample, density, label="density from the left (1/t)")
    places = np.array([site.pos for site in sample.sites])
    x, y = (np.linspace(p.min(), p.max(), 200) for p in places.T)
    potential = gate / np.cosh(x / contact.reach) ** 2 + (omega * y[:, None] / 2) ** 2
    ax.contour(x, y, potential, [energy - BOTTOM], colors="white", linewidths=0.9, linestyles="--")


def against_gate(ax, contacts):
    """Conductance and noise against the gate."""
    ax.set_title("whole steps, noise between")
    contact = contacts.gate
    figures.points(ax, contact.x, exacts(contact.g), label="conductance")
    color = figures.COLORS[1]
    figures.points(ax, contact.x, exacts(4 * contact.noise), color=color, label="4 × noise")
    dense = np.linspace(contact.x[0], contact.x[-1], 500)
    t = contact.transmissions(theory.lattice_eckart_transmission, dense)
    figures.theory_line(ax, dense, t.sum(axis=1), label="Eckart, lattice")
    figures.theory_line(ax, dense, 4 * (t * (1 - t)).sum(axis=1))
    ax.set(xlabel=GATE, ylabel=f"{G}, 4 Σ T(1-T)")


def distances(ax, contacts):
    """How far each theory is from the conductance, for the two sizes of the lattice."""
    ax.set_title("Eckart's barrier, to 0.002")
    names = list(contacts.coarse.theory)
    for (name, contact), color in figures.colored(
        {"coarse": contacts.coarse, "fine, a/2": contacts.fine}.items()
    ):
        values = [contact.distance(one) for one in names]
        ax.plot(range(len(names)), values, "o-", color=color, label=name, linewidth=0.6)
    figures.level(ax, 0.005, line=":", color="0.4", label="0.005")
    labels = [name.replace(", ", ",\n") for name in names]
    ax.set_xticks(range(len(names)), labels)
    ax.set(yscale="log", ylabel=r"largest $|g-\Sigma T_n|$", xlim=(-0.4, len(names) - 0.6))


def in_field(ax, contacts):
    """Conductance against the field: modes depopulate."""
    ax.set_title("a field closes modes")
    field = contacts.field
    figures.points(ax, field.flux, exacts(field.g), label="conductance")
    dense = np.linspace(field.flux[0], field.flux[-1], 400)
    figures.theory_line(ax, dense, field.expected(dense, field.barrier), label="theory in a field")
    for *_, landau in field.depopulation():
        ax.axvline(landau, color="0.6", linewidth=0.7, linestyle=":")
    ax.plot([], [], ":", color="0.6", label="Landau level, no channel")
    ax.set(xlabel="field $f$ ($h/e$ per plaquette)", ylabel=G, ylim=(-0.9, 4.2))


def temperature(ax, contacts):
    """Conductance against energy at several temperatures."""
    ax.set_title("temperature rounds the steps")
    warm = contacts.warm
    contact, last = warm.contact, len(TEMPERATURES)
    figures.points(ax, contact.x - BOTTOM, exacts(contact.g), color="0.6", label="$kT=0$")
    for i, color in figures.colored(range(last)):
        mu, measured, line = warm.curve(warm.temperatures[i])
        # One above the other, so that none hides another.
        measured, line = measured + 1 + i, line + 1 + i
        label = rf"$kT=\Delta/{1 / TEMPERATURES[i]:.0f}$, + {1 + i}"
        ax.plot(mu - BOTTOM, measured, color=color, label=label, linewidth=2.5, alpha=0.5)
        figures.theory_line(ax, mu - BOTTOM, line)
    dense = np.linspace(contact.x[0], contact.x[-1], 600)
    t = contact.transmissions(theory.lattice_eckart_transmission, dense)
    figures.theory_line(ax, dense - BOTTOM, t.sum(axis=1), label="Eckart, lattice")
    ax.set(xlabel="chemical potential + 4 ($t$)", ylabel=G, ylim=(-0.3, 9.3))
    ax.legend(loc="upper left")


def abrupt(ax, contacts):
    """Conductance of the slit against the energy, with the modes of its opening."""
    ax.set_title("an abrupt slit resonates")
    slit = contacts.slit
    ax.plot(slit.energies - BOTTOM, slit.g, color=figures.COLORS[0], label="abrupt slit")
    noise = {"color": figures.COLORS[1], "label": "4 × noise"}
    ax.plot(slit.energies - BOTTOM, 4 * slit.noise, **noise)
    figures.theory_line(ax, slit.energies - BOTTOM, slit.modes, label="modes of the slit")
    ax.set(xlabel=ENERGY, ylabel=f"{G}, 4 Σ T(1-T)", ylim=(-0.15, 4.4))


def exacts(values):
    """Numbers without errors, for points."""
    return Estimate(values, np.zeros_like(values), np.ones_like(values, dtype=int))


# -- sweeps ---------------------------------------------------------------------------------


def energies(omega_y, number):
    """Energies from below the first step to beyond the fourth one, for a gate of 4 ω_y/3."""
    return tuple(float(e) for e in np.round(BOTTOM + omega_y * np.linspace(1.17, 5.37, number), 6))


def evenly(first, last, number):
    """Evenly spaced values of an axis."""
    return tuple(float(x) for x in np.round(np.linspace(first, last, number), 6))


def sweep(system, axes, *, energy=0.0, **params):
    """Sweep over contacts without disorder."""
    return mk.Sweep(
        system,
        energy=energy,
        params={name: value for name, value in params.items() if name not in axes},
        axes=axes,
        observables={"g": mk.Conductance(), "noise": mk.ShotNoise()},
        samples=1,
    )


def contact(width, axes, *, confinement, reach, gate=0.0, flux=0.0, energy=0.0):
    """Sweep over smooth contacts, so long that the barrier has died out at the leads."""
    shape = {"confinement": confinement, "reach": reach, "gate": gate, "flux": flux}
    return sweep(Constriction(width, int(12 * reach)), axes, energy=energy, **shape)


SLIT = Slit(width=50, length=30, opening=10, depth=20)

study = mk.Study(
    name="conductance_steps",
    question="Are the steps of a point contact those of its modes over the barrier, with no fit?",
    sweeps={
        "gate": contact(
            31, {"gate": evenly(0.05, 1.13, 37)}, confinement=0.3, reach=15.0, energy=BOTTOM + 1.2
        ),
        "coarse": contact(31, {"energy": energies(0.3, 64)}, confinement=0.3, reach=10.0, gate=0.4),
        "fine": contact(
            61, {"energy": energies(0.075, 16)}, confinement=0.075, reach=20.0, gate=0.1
        ),
        "field": contact(
            45,
            {"flux": evenly(0.0, 0.035, 36)},
            confinement=0.15,
            reach=16.0,
            gate=0.2,
            energy=BOTTOM + 0.8,
        ),
        "slit": sweep(SLIT, {"energy": evenly(-3.94, -2.9, 160)}, flux=0.0),
    },
    presets={
        "full": {
            "gate.gate": evenly(0.05, 1.13, 109),
            "coarse.energy": energies(0.3, 190),
            "fine.energy": energies(0.075, 64),
            "field.flux": evenly(0.0, 0.035, 141),
            "slit.energy": evenly(-3.94, -2.9, 260),
        },
        "toy": {
            "gate.gate": evenly(0.05, 1.13, 9),
            "coarse.energy": energies(0.3, 60),
            "fine.energy": energies(0.075, 4),
            "field.flux": evenly(0.0, 0.035, 4),
            "slit.energy": evenly(-3.94, -2.9, 12),
            "width": 15,
            "length": 15,
            "depth": 5,
        },
    },
    reading=Contacts,
    regime=regime,
    claims=claims,
    panels=(device, against_gate, distances, in_field, temperature, abrupt),
    seed=23,
)

mk.main(study, __name__)
