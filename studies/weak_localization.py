"""Weak localization: interference of time-reversed paths lowers the conductance by e²/3h.

A magnetic field brings it back, be it uniform or random.

A disordered ribbon of width W and length L between clean leads, phase coherent throughout. With N
the number of open modes, l the mean free path, s = L/l, x = L/ξ, ξ = (N+1) l, and f the flux per
plaquette in h/e:

* Without a field <g> = N/(1+s) - (1/3) s³/(1+s)³ + x/45; without time-reversal symmetry it is
  N/(1+s) - s/(45 N). The difference, the full rise, is 1/3 in a long wire with many modes (Mello
  and Stone, Phys. Rev. B 44, 3559 (1991)).
* A uniform field brings back a share of it, by the Cooperon, a particle of charge 2e that diffuses
  (Altshuler and Aronov, JETP Lett. 33, 499 (1981)). At some mean free paths, diffusion is wrong by
  up to a fifth. Theory is therefore `theory.short_wire_magnetoconductance`: the Cooperon of
  isotropic scatterers between the leads and walls of the rectangle, at any L/l and W/l, less what
  the field removes of the next order, (2/45) x (`theory.cooperon_square`).
* g(f) = g(-f) in every single sample: two-terminal reciprocity (Büttiker 1988).

The 1/3 is measured in two ways.

1. Random flux. It leaves no Cooperon at all, however short, but it shortens l, so that the two
   conductances of one length are not comparable. Instead, l is fitted in both classes, to <g> at
   all lengths with s >= 1.5. The fit has four numbers: two l, the rise, and a departure from
   N/(1+s) that both classes share, because the channels of a lattice are not equivalent. No
   uniform field and no Cooperon of any shape takes part in it, and short wires tell l.
2. Uniform field. The rise in the same samples over what theory expects, fitted linearly in l/L,
   has a limit, which is 1 for the 1/3. The strongest field is used.

Regime, by rule: L >= 2.5 W, s >= 5 and x <= 0.5. The line shape is claimed where b = 4π f l_tr²
<= 0.3 alone, which is the square of l_tr over the magnetic length. The strongest field is
beyond, since it has to destroy the Cooperon; what theory misses of paths of few scatterings is of
the order l/L, which the fit removes. l of the wires in the field comes from N/<g> in the strongest
field, less what is left of the correction there, and its error is part of the claims.

A run with another seed, which is not kept, decided the theory. Its rises were up to 21 % above the
rectangle of diffusion with the factor s³/(1+s)³, and in the weakest field 15 % below loops at any
L/l with the next order in the share p alone. That order has the square of the Cooperon; that wide
wires have more of it was found in `weak_antilocalization`, after the first kept run here and
before the second.

What limits the agreement: the statistics, 3 % of the rise in the strongest field; then the next
order, which is 6 to 10 % of a full rise.
"""

from functools import cached_property

import numpy as np
from scipy.interpolate import PchipInterpolator

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import (
    DiffusiveWire,
    concatenated,
    curve_claim,
    limit_fit,
    path_of_averages,
    reciprocity_claim,
)
from mesokwant.engine.results import datasets
from mesokwant.statistics import Estimate, bootstrap, curve, mean, model_fit
from systems import Ribbon

STRONGEST_FIELD = 0.3
"""Largest b for which a formula of diffusion is claimed."""
THIRD = "1/3; Mello & Stone, PRB 44, 3559 (1991)"


class InField:
    """Wires in uniform fields, their mean free path, and what theory expects of them."""

    def __init__(self, data):
        self.g = data.g.transpose("length", "flux", "sample")
        self.lengths, fluxes = data.length.values, data.flux.values
        self.fluxes = fluxes[fluxes > 0]
        self.strongest = self.fluxes[-1]
        sizes = int(data.width), int(theory.open_modes(float(data.energy), int(data.width)))
        self.energy = float(data.energy)
        # The share of the correction that the field brings back hardly depends on l.
        strong = self.g.sel(flux=self.strongest).values
        path = path_of_averages(self.lengths, strong.mean(axis=-1), sizes[1])
        for _ in range(2):
            left = self.left(DiffusiveWire(*sizes, Estimate(path, 0.0, 1)))
            measured = bootstrap(
                lambda g, left=left: path_of_averages(
                    self.lengths, g.mean(axis=-1) + left, sizes[1]
                ),
                strong,
            )
            path = measured.value
        self.wire = DiffusiveWire(*sizes, measured, self.energy)
        self.x = self.lengths / self.wire.localization_length(beta=1)
        long = (self.wire.s(self.lengths) >= 5) & (self.lengths >= 2.5 * self.wire.width)
        self.inside = long & (self.x <= 0.5)
        self.weak = self.b(self.fluxes) <= STRONGEST_FIELD

    def left(self, wire):
        """What the strongest field leaves of <g> below N/(1 + s)."""
        s = wire.s(self.lengths)
        rise = formula(wire, self.lengths, self.strongest).value
        return full_rise(s, wire.channels) - rise + s / wire.channels / 45

    def b(self, flux):
        """Square of the transport mean free path over the magnetic length."""
        transport = self.wire.mean_free_path / theory.mean_free_path_factor(2)
        return theory.field_per_path(flux, transport)

    def rises(self, length, fluxes):
        """g(f) - g(0) of every sample, shape (fluxes, samples)."""
        g = self.g.sel(length=length)
        return g.sel(flux=fluxes).values - g.sel(flux=0.0).values

    @cached_property
    def expected(self):
        """The rise by theory, shape (lengths, fluxes), with the error of l."""
        lengths = self.lengths[:, None]
        return self.wire.propagated(lambda wire: formula(wire, lengths, self.fluxes))

    @cached_property
    def lines(self):
        """The rise by theory against the field at every length, interpolated."""
        few = np.geomspace(0.5 * self.fluxes[0], 1.2 * self.strongest, 16)
        rises = (formula(self.wire, length, few).value for length in self.lengths)
        # Below the first of them it grows as the square of the field.
        start = few[0] * np.array([0.0, 0.5])
        field = np.concatenate([start, few])
        return [
            PchipInterpolator(field, np.concatenate([rise[0] * np.array([0.0, 0.25]), rise]))
            for rise in rises
        ]

    @property
    def ratios(self):
        """Rise in the strongest field over theory, shape (lengths inside, samples)."""
        lengths = self.lengths[self.inside]
        rises = np.array([self.rises(length, self.strongest) for length in lengths])
        return rises / self.expected.value[self.inside, -1:]

    @cached_property
    def growth(self):
        """Fit of these ratios in l/L; None where there are too few lengths."""
        count = np.count_nonzero(self.inside)
        if count < 3 or self.g.sizes["sample"] < 4 * count:
            return None
        return limit_fit(self.ratios, path=1 / self.wire.s(self.lengths[self.inside]))

    @cached_property
    def third(self):
        """1/3 with the bound and the error that theory has for the rises."""
        relative = self.expected[self.inside, -1].normalized()
        bound, error = np.max(relative.bound) / 3, np.max(relative.error) / 3
        return theory.Prediction(1 / 3, bound, relative.because, THIRD, error)


class Ribbons:
    """What claims and panels share: wires in a random flux and without, and in uniform fields."""

    def __init__(self, data):
        sweeps = datasets(data)
        self.field, self.reversed = InField(sweeps["field"]), sweeps["reversed"].g
        free, random = sweeps["free"], sweeps["random_flux"]
        self.lengths = free.length.values
        self.free = free.g.transpose("length", "sample").values
        self.random = random.g.transpose("length", "sample").values
        self.channels = int(theory.open_modes(float(free.energy), int(free.width)))
        self.paths = [
            path_of_averages(self.lengths, g.mean(axis=-1), self.channels, beta=beta)
            for g, beta in ((self.free, 1), (self.random, 2))
        ]

    @property
    def chosen(self):
        """Which lengths the fit of the random flux takes."""
        x = self.lengths / self.paths[0] / (self.channels + 1)
        return (self.lengths / self.paths[0] >= 1.5) & (x <= 0.5)

    @cached_property
    def departures(self):
        """Fit of <g> without a field and in the random flux, with l of its own in each."""
        lengths, n = self.lengths[self.chosen], self.channels
        # Both kinds of wires share samples, whose number must allow the covariances of all points.
        if len(lengths) < 3 or self.free.shape[-1] < 8 * len(lengths):
            return None

        def model(lengths, *, path, random_path, rise, departure):
            s, r = lengths / path, lengths / random_path
            one, two = (-3 * theory.weak_localization(ratio, beta=1) for ratio in (s, r))
            free = theory.conductance(n, s) - (rise + departure) * one + s / (n + 1) / 45
            broken = theory.conductance(n, r) - departure * two - r / n / 45
            return np.concatenate([free, broken])

        values = np.concatenate([self.free[self.chosen], self.random[self.chosen]])
        start = {"path": self.paths[0], "random_path": self.paths[1], "rise": 0.3, "departure": 0.0}
        return model_fit(model, lengths, values, start)


def formula(wire, length, flux):
    """The rise by theory."""
    return theory.short_wire_magnetoconductance(
        flux, length, wire.width, channels=wire.channels, mean_free_path=wire.mean_free_path
    )


def full_rise(s, channels):
    """Rise of <g> if nothing is left of the correction, to the next order in x."""
    x = np.asarray(s) / (channels + 1)
    return -theory.weak_localization(s, beta=1) - theory.weak_localization_next_order(x)


def regime(ribbons):
    """Where each length lies in each field."""
    wires = ribbons.field
    return concatenated(
        wires.wire.regime(
            wires.lengths,
            wires.inside & (wires.b(flux) <= STRONGEST_FIELD),
            beta=1,
            **{"f (h/e)": float(flux), "b": float(wires.b(flux))},
        )
        for flux in wires.fluxes
    )


# -- claims ---------------------------------------------------------------------------------


def claims(ribbons):
    """Sign, size and shape of the magnetoconductance, and its symmetry."""
    wires = ribbons.field
    if ribbons.departures:
        expected = theory.Prediction(1 / 3, source=THIRD)
        name = "random flux: full rise of a long wire"
        yield mk.Claim(name, ribbons.departures["rise"], expected, effect=1 / 3)
    if wires.growth:
        name = "uniform field, l/L → 0: full rise"
        yield mk.Claim(name, wires.growth["limit"] / 3, wires.third, effect=1 / 3)
    length = wires.lengths[-1]
    rise = mean(wires.rises(length, wires.strongest))
    source = "Altshuler et al., PRB 22, 5142 (1980)"
    name, effect = f"L = {length}: the rise is positive", float(wires.expected.value[-1, -1])
    yield mk.Claim(name, rise, above=0.0, source=source, sigmas=5, effect=effect)
    yield from shape_claims(wires)
    yield contact_claim(ribbons)
    yield reciprocity_claim(ribbons.reversed)


def contact_claim(ribbons):
    """The contact resistance in the random flux, the next order of <g> taken off."""
    lengths, n = ribbons.lengths, ribbons.channels

    def intercept(g):
        classical = g.mean(axis=-1)
        for _ in range(5):
            slope, found = np.polyfit(lengths, n / classical, 1)
            classical = g.mean(axis=-1) + slope * lengths / n / 45
        return found

    expected = theory.Prediction(
        1.0,
        0.05,
        because="modes that are not equivalent: 0.04 for isotropic velocities in a plane",
        source="N/g = 1 + L/l; Beenakker, RMP 69, 731 (1997)",
    )
    name = f"contact resistance in units of h/(e² N), N = {n}"
    # Without contacts the resistance would vanish at L = 0.
    return mk.Claim(name, bootstrap(intercept, ribbons.random), expected, effect=1.0)


def shape_claims(wires):
    """The rise in weak fields, at all lengths, and the field of half of it."""
    lengths, fluxes = wires.lengths[wires.inside], wires.fluxes[wires.weak]
    samples = wires.g.sizes["sample"]
    if not lengths.size or len(fluxes) < 2 or samples < 2 * len(lengths) * len(fluxes):
        return
    at, fields = np.repeat(lengths, len(fluxes)), np.tile(fluxes, len(lengths))
    rises = np.concatenate([wires.rises(length, fluxes) for length in lengths])
    # The charge of a pair of paths is 2e: a charge e would need twice the field.
    single = formula(wires.wire, at, fields / 2).value
    name = f"rise at {len(lengths)} lengths in {len(fluxes)} weak fields"
    measured = curve(lambda g: g.mean(axis=-1), rises)
    rows, columns = np.flatnonzero(wires.inside), np.flatnonzero(wires.weak)
    points = np.repeat(rows, len(columns)), np.tile(columns, len(rows))
    yield curve_claim(name, measured, wires.expected[points], against=single)
    length = lengths[-1]
    rises = wires.rises(length, fluxes)
    measured = bootstrap(lambda g: half_field(fluxes, g.mean(axis=-1)), rises)
    theirs = wires.expected[rows[-1], columns]
    half = half_field(fluxes, theirs.value)
    # What theory leaves out has the same sign in all fields.
    ends = (theirs.value + sign * theirs.bound for sign in (-1, 1))
    bound = max(abs(half_field(fluxes, end) - half) for end in ends)
    expected = theory.Prediction(half, bound, theirs.because, theirs.source)
    name = f"L = {length}: field of half of the largest weak rise (10⁻⁴ h/e)"
    yield mk.Claim(name, measured, expected, effect=half)


def half_field(fluxes, rises):
    """Flux in 10⁻⁴ h/e at which half of the last rise is reached, by interpolation."""
    rises, fluxes = np.concatenate([[0.0], rises]), np.concatenate([[0.0], fluxes])
    return 1e4 * np.interp(0.5, np.maximum.accumulate(rises / rises[-1]), fluxes)


# -- figure ---------------------------------------------------------------------------------

FLUX = r"flux per plaquette $f$ ($10^{-4}\,h/e$)"


def curves(wires):
    """The lengths in uniform fields, with their marks."""
    return figures.each(wires.lengths, inside=wires.inside, label="L = {} a")


def departure(ax, ribbons):
    """<g> less the classical conductance, against the field."""
    wires = ribbons.field
    top = 1.1e4 * wires.fluxes[-1]
    for (length, style), rise in zip(curves(wires), wires.lines, strict=True):
        s, n = wires.wire.s(length), wires.wire.channels
        classical, full = theory.conductance(n, s) - s / n / 45, full_rise(s, n)
        found = mean(wires.g.sel(length=length).values) - classical
        figures.points(ax, 1e4 * wires.g.flux, found, **style)

        def line(field, rise=rise, full=full):
            return rise(1e-4 * field) - full

        figures.theory_curve(ax, line, 0.0, top, color=style["color"])
    figures.level(ax, 0.0)
    ax.set(xlabel=FLUX, ylabel=r"$\langle g\rangle$ less classical ($e^2/h$)")
    ax.set_title("a field brings back what was taken")


def magnetoconductance(ax, ribbons):
    """The rise against field, with theory."""
    wires = ribbons.field
    low, high = 0.5e4 * wires.fluxes[0], 1.2e4 * wires.fluxes[-1]
    rows = zip(curves(wires), wires.expected, wires.lines, strict=True)
    for (length, style), expected, rise in rows:
        rises, marks = mean(wires.rises(length, wires.fluxes)), {**style}
        marks["inside"] = style["inside"] & wires.weak
        figures.points(ax, 1e4 * wires.fluxes, rises, **marks)
        shown = {name: marks[name] for name in ("color", "marker", "inside")}
        figures.residuals(ax, 1e4 * wires.fluxes, rises, expected, relative=False, **shown)

        def line(field, rise=rise):
            return rise(1e-4 * field)

        figures.theory_curve(ax, line, low, high, spacing="log", color=style["color"])
    ax.set(xscale="log", xlabel=FLUX, ylabel=r"$\langle g(f)-g(0)\rangle$ ($e^2/h$)")
    ax.set_title("rise in a uniform field; open: $b>0.3$")


def limit(ax, ribbons):
    """The rise in the strongest field over theory, against l/L, and its limit."""
    wires = ribbons.field
    if not wires.growth:
        return
    x = 1 / wires.wire.s(wires.lengths[wires.inside])
    figures.points(ax, x, mean(wires.ratios) / 3, label="uniform field")
    dense = np.linspace(0, 1.1 * x[0], 100)
    fitted = wires.growth(np.stack([np.ones_like(dense), dense])) / 3
    figures.band(ax, dense, fitted, color="0.6", label="fit")
    limits = [("its limit", wires.growth["limit"] / 3, "s", 0.0)]
    if ribbons.departures:
        limits.append(("random flux", ribbons.departures["rise"], "^", -0.05 * x[0]))
    for (label, one, marker, place), color in zip(limits, figures.COLORS[1:], strict=False):
        figures.points(ax, [place], one, marker=marker, color=color, label=label)
    figures.level(ax, 1 / 3, color="k", line="--", label="1/3")
    ax.set(xlabel=r"$l/L$", ylabel=r"full rise of a long wire ($e^2/h$)", ylim=(0.25, 0.42))
    ax.set_title("the limit is 1/3, in both kinds of field")


def classes(ax, ribbons):
    """<g> less the classical conductance of its own l, without a field and in the random flux."""
    fit, n = ribbons.departures, ribbons.channels
    if not fit:
        return
    sets = (
        ("no field", "path", ribbons.free, 1),
        ("random flux", "random_path", ribbons.random, 2),
    )
    for (label, path, g, beta), style in figures.each(sets):
        s = ribbons.lengths / fit[path].value
        shared = fit["departure"].value * 3 * theory.weak_localization(s, beta=1)
        found = mean(g) - (theory.conductance(n, s) + shared)
        marks = {name: style[name] for name in ("color", "marker")}
        figures.points(ax, s, found, inside=ribbons.chosen, label=label, **marks)

        def line(s, beta=beta):
            return -s / n / 45 - (full_rise(s, n) if beta == 1 else 0.0)

        figures.theory_curve(ax, line, 0.0, 1.1 * s[-1], color=style["color"])
        figures.residuals(ax, s, found, line(s), relative=False, inside=ribbons.chosen, **marks)
    figures.level(ax, -1 / 3, color="k", line=":", label="-1/3")
    ax.set(xlabel=r"$s=L/l$", ylabel=r"$\langle g\rangle$ less classical ($e^2/h$)")
    ax.set_title("a random flux removes all of it")


# -- study ----------------------------------------------------------------------------------

RANDOM_FLUX = 0.12
"""Width of the distribution of the flux of a bond, in h/e."""
REVERSED = (-1e-3, -1e-4, 1e-4, 1e-3)
FIELDS = (0.0, 7e-5, 1.5e-4, 4.5e-4, 1.4e-3)


def sweep(width, axes, samples, *, random_flux=None):
    """Sweep of a ribbon over its length, and over a uniform field."""
    disorder = mk.Anderson(strength=2.0)
    if random_flux:
        disorder = disorder + mk.RandomFlux(strength=random_flux)
    return mk.Sweep(
        system=Ribbon(width=width, length=axes["length"][0]),
        energy=-1.01,
        params={"flux": 0.0},
        disorder=disorder,
        axes=axes,
        samples=samples,
    )


LENGTHS = {"length": (18, 30, 48, 66, 90, 120)}

study = mk.Study(
    name="weak_localization",
    question="Does a magnetic field bring back the conductance that interference took?",
    sweeps={
        "free": sweep(36, LENGTHS, 1500),
        "random_flux": sweep(36, LENGTHS, 1500, random_flux=RANDOM_FLUX),
        "field": sweep(40, {"length": (100, 125, 150), "flux": FIELDS}, 400),
        "reversed": sweep(24, {"length": (40, 80), "flux": REVERSED}, 50),
    },
    presets={
        "full": {
            "seed": 1627,
            "free.samples": 15000,
            "random_flux.samples": 15000,
            "field.length": (120, 145, 170),
            "field.width": 48,
            "field.samples": 6000,
        },
        "repeat": {"like": "full", "seed": 1636},
        "toy": {
            "width": 20,
            "length": (14, 24, 34),
            "field.length": (50, 54, 58),
            "field.flux": (0.0, 2e-4, 4e-4),
            "anderson.strength": 2.3,
            "samples": 20,
        },
    },
    reading=Ribbons,
    regime=regime,
    claims=claims,
    panels=(departure, magnetoconductance, limit, classes),
    seed=1,
)

mk.main(study, __name__)
