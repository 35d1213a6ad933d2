"""Thouless energy and correlation field: how much changes a sample's fingerprint.

Two conductances of one sample are alike as long as their energies differ by less than the
Thouless energy E_c = π² ħD/L'², and their fields by less than about a flux quantum through it.
Measured is the change, half the mean square of a difference, ½<[δg(x + Δ) - δg(x)]²>. Theory says
that it is var g [1 - C(Δ)], with

* in energy C = Σ [(2/3)|λ|⁻² + (1/3) Re λ⁻²]/Σ q⁻⁴ with λ = q² + iΔ/(ħD), the sum over the modes
  of diffusion between leads and walls (`theory.rectangle_energy_correlation`). In a long wire it
  is 1/2 at Δ = 0.78 E_c;
* in field C = Tr|D|²(Δf)/Tr|D|²(0) of the diffuson in the difference of the fields
  (`theory.rectangle_field_correlation`): in a long wire 1/2 at 1.17 h/e through the sample. Flux
  cancels on straight flights between the walls, and less field is seen
  (`theory.flux_cancellation`);
* var g is that of the rectangle at β = 2, with two orders in L/ξ.

Where the change is half of this var g lie the E_c and the correlation field of the data. Paths of
a few mean free paths l add fluctuations that hardly change with energy and field: they are in the
measured var g, and not in a change. Nothing is fitted that theory fixes: N/<g> = 1 + L/l gives l,
with N open modes, dwell times give the density of states ν of the same disordered wires
(`mesokwant.DelayMatrix`), and D = N l/(2πνW). Contacts make the wire longer by l: diffusion takes
place on L' = L + l. Data and theory are interpolated on the same grid of differences.

The class is β = 2. A random flux in every plaquette beside the Anderson disorder removes the
Cooperon of all paths; fields are then swept around zero. A uniform field alone leaves Cooperons of
a few scatterings, which depend on b = 4πf l_tr²: it is shown beside, and tests nothing, since b is
above 0.3.

Wires grow at fixed disorder and shape, L = 5W/2: l/L and l/W fall, and L/ξ, ξ = 2Nl, stays. Ratios
of measured to expected values are extrapolated linearly to l/L = 0, and their limits are claimed.
A curve is extrapolated at every difference, and its limit is one chi², over the first five energies
(up to 1.6 E_c) and four fields (up to 2 h/e). Regime, by rule: L >= 5 l, L <= 0.4 ξ, and b <= 0.3,
where diffusons see half of the difference of fields, at the correlation field. What limits the
agreement:

* Localization: what (L/ξ)² does to var g is computed, and half-widths and curves may change by as
  much again, which is their bound.
* The contacts add 1.041 l and not l (diffusion in two dimensions, `theory.thouless_exponent`). In
  the limit this is gone, and in the exponent it is the bound.

Errors come from a bootstrap of whole samples with their curves. Each draw gives l from its own
resistance. Wires of different sizes have other disorder, and so are independent. A run with
another seed and a uniform field alone gave -2.09(4) for the exponent by half of the measured
var g, and a correlation field that was 8 to 21 % too large.
"""

from functools import cached_property

import numpy as np
from scipy.interpolate import CubicSpline

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import (
    concatenated,
    curve_claim,
    half_width,
    limit_curve,
    limit_fit,
    mean_square_change,
)
from mesokwant.engine.results import datasets
from mesokwant.statistics import Curve, Estimate, bootstrap, curve, mean, model_fit, product, stack
from systems import Ribbon

WIDTHS = (16, 24, 36, 48)
ENERGY, STRENGTH, RANDOM_FLUX, FIELD = -1.0, 2.0, 0.15, 3e-3
THOULESS, PATH = 40.0, 7.0
"""About E_c L'², and about L' - L, to choose the steps; no result depends on them."""
STEPS = {"energy": 0.4, "flux": 0.5}
"""Steps in E_c and in h/e through the sample, both about."""
CLAIMED = {"energy": 5, "flux": 4}
"""Number of differences at which curves are claimed."""
RESAMPLES = 200
"""An error known to 5 per cent is enough."""


class Wire:
    """One size of one class: its mean free path, and how fast its conductances become others.

    Parameters
    ----------
    field
        Conductances over fields.
    energy, dwell
        Conductances over energies, and delays, of the class that is tested.
    """

    def __init__(self, field, energy=None, dwell=None):
        self.sweeps = {"flux": field} | ({} if energy is None else {"energy": energy})
        self.length, self.width = int(field.length), int(field.width)
        self.channels = int(theory.open_modes(ENERGY, self.width))
        self.curves = {
            axis: sweep.g.transpose(axis, "sample").values for axis, sweep in self.sweeps.items()
        }
        self.lags = {
            axis: sweep[axis].values - sweep[axis].values[0] for axis, sweep in self.sweeps.items()
        }
        self.path = bootstrap(self.path_of, self.curves["flux"], resamples=RESAMPLES)
        self.mean_free_path = float(self.path.value)
        self.dwell = dwell
        transport = self.mean_free_path / theory.mean_free_path_factor(2)
        strong = abs(field.flux.values).min() > 0
        # Diffusons see half of the difference of two fields.
        seen = FIELD if strong else self.expected["flux"] / 2
        self.b = float(theory.field_per_path(seen, transport))
        metal = self.over_xi <= 0.4
        self.inside = bool(metal and self.length >= 5 * self.mean_free_path and self.b <= 0.3)

    def path_of(self, g):
        """l of the average conductance."""
        return self.length / (self.channels / np.nanmean(g) - 1)

    @property
    def full(self):
        """L'."""
        return self.length + self.mean_free_path

    @property
    def over_path(self):
        """l/L, the small parameter."""
        return self.mean_free_path / self.length

    @property
    def over_xi(self):
        """L/ξ."""
        return self.length / (2 * self.channels * self.mean_free_path)

    @cached_property
    def long_paths(self):
        """var g of the rectangle with two orders in L/ξ, whose size is the bound."""
        sizes = {"channels": self.channels, "mean_free_path": self.mean_free_path}
        return theory.unitary_variance(self.length, self.width, **sizes)

    @property
    def variance(self):
        """The same as a number."""
        return self.long_paths.value

    @cached_property
    def measured_variance(self):
        """Measured var g over theory."""
        return bootstrap(
            lambda g: mean_variance(g) / self.variance, self.curves["flux"], resamples=RESAMPLES
        )

    @cached_property
    def density(self):
        """ν per site, from the time that electrons dwell in the wire."""
        total = self.dwell.delays.transpose("sample", ...).values.sum(axis=(1, 2))
        return mean(total) / (2 * np.pi * self.width * self.length)

    @cached_property
    def diffusion(self):
        """D of the resistance."""
        density = float(self.density.value)
        return self.channels * self.mean_free_path / (2 * np.pi * density * self.width)

    @cached_property
    def unit(self):
        """E_c of the resistance, and h/e through the sample."""
        thouless = float(theory.thouless_energy(self.diffusion, self.full)) if self.dwell else 1.0
        return {"energy": thouless, "flux": 1 / (self.full * self.width)}

    @cached_property
    def change(self):
        """What theory expects of the change over var g, 1 - C, as functions of the difference."""
        return {axis: self.smooth(axis) for axis in self.lags}

    def smooth(self, axis):
        """A cubic spline through theory, whose points take time."""
        lags = np.linspace(0, 1.3 * self.lags[axis][-1], 21)
        if axis == "energy":
            diffusion = self.diffusion
            found = theory.rectangle_energy_correlation(
                lags, self.full, self.width, diffusion=diffusion
            )
        else:
            seen = np.sqrt(theory.flux_cancellation(self.mean_free_path, self.width))
            found = theory.rectangle_field_correlation(lags * seen, self.full, self.width)
        return CubicSpline(lags, 1 - found, bc_type=("clamped", "not-a-knot"))

    @cached_property
    def expected(self):
        """Half-widths that theory expects, by the grid of the data."""
        return {
            axis: float(half_width(lags, 1 - self.change[axis](lags)))
            for axis, lags in self.lags.items()
        }

    def scale(self, axis, g):
        """The unit of some samples over that of all, since they have their own l."""
        path = self.path_of(g)
        shorter = self.full / (self.length + path)
        return shorter if axis == "flux" else shorter**2 * path / self.mean_free_path

    def ratio_of(self, axis, g):
        """Measured over expected half-width of some samples."""
        found = half_width(self.lags[axis], self.variance - mean_square_change(g))
        return found / (self.expected[axis] * self.scale(axis, g))

    @cached_property
    def ratio(self):
        """Measured over expected half-widths; in energy with the error of ν."""
        found = {
            axis: bootstrap(lambda g, axis=axis: self.ratio_of(axis, g), g, resamples=RESAMPLES)
            for axis, g in self.curves.items()
        }
        if self.dwell is not None:
            density = self.density / float(self.density.value)
            found["energy"] = product(found["energy"], density)
        return found

    @cached_property
    def change_ratio(self):
        """Measured over expected changes, at all differences but none, as curves."""
        return {axis: self.change_over_theory(axis) for axis in self.curves}

    def change_over_theory(self, axis):
        """The curve of one axis; in energy with the error of ν."""
        lags, expected = self.lags[axis], self.change[axis]

        def ratio(g):
            lags_of_all = lags[1:] / self.scale(axis, g)
            return mean_square_change(g)[1:] / (self.variance * expected(lags_of_all))

        found = curve(ratio, self.curves[axis], resamples=RESAMPLES)
        if axis == "flux":
            return found
        # A larger ν makes E_c smaller, and what is expected at a difference larger.
        share = float(self.density.error / self.density.value)
        growth = lags[1:] * expected(lags[1:], 1) / expected(lags[1:])
        shift = share * growth * found.points.value
        covariance = found.covariance + np.outer(shift, shift)
        points = Estimate(found.points.value, np.sqrt(np.diag(covariance)), found.points.n)
        return Curve(points, covariance, found.freedom)


def mean_variance(g):
    """var g, averaged along the axis."""
    return np.nanvar(g, axis=1, ddof=1).mean()


class Wires:
    """What claims and panels share: wires of both classes, and their limits."""

    def __init__(self, data):
        sweeps = datasets(data)
        self.wires = [
            Wire(*(sweeps[f"{name}_{width}"] for name in ("field", "energy", "dwell")))
            for width in WIDTHS
        ]
        self.uniform = [Wire(sweeps[f"uniform_{width}"]) for width in WIDTHS]
        self.tested = [wire for wire in self.wires if wire.inside]
        self.paths = np.array([wire.over_path for wire in self.tested])
        self.enough = len(self.tested) >= 3

    @property
    def bound(self):
        """What localization may do, beyond what is computed."""
        return np.mean([wire.long_paths.normalized().bound for wire in self.tested])

    @cached_property
    def fits(self):
        """Straight lines of the ratios of half-widths against l/L."""
        if not self.enough:
            return {}
        return {
            axis: limit_fit(stack([w.ratio[axis] for w in self.tested]), path=self.paths)
            for axis in STEPS
        }

    def limit(self, axis):
        """The ratio of half-widths in the limit l/L -> 0."""
        return self.fits[axis]["limit"] if self.enough else Estimate(np.nan, np.nan, 0)

    @cached_property
    def exponent(self):
        """Exponent of E_c against L', of which the small differences of D are taken off."""
        if not self.enough:
            return Estimate(np.nan, np.nan, 0)
        x = np.array([wire.full / self.tested[0].full for wire in self.tested])
        ratios = stack([wire.ratio["energy"] for wire in self.tested])

        def power(x, amplitude, exponent):
            return amplitude * x**exponent

        start = {"amplitude": 1.0, "exponent": -2.0}
        return model_fit(power, x, ratios * (1 / x**2), start)["exponent"]

    def limit_of_change(self, axis):
        """Change over theory in the limit, at differences in the steps of the data."""
        return limit_curve([wire.change_ratio[axis] for wire in self.tested], self.paths)


def regime(wires):
    """Where all sizes of both classes lie."""
    rows = [("random flux", wire) for wire in wires.wires]
    rows += [("uniform field", wire) for wire in wires.uniform]
    return concatenated(wire_regime(name, wire) for name, wire in rows)


def wire_regime(name, wire):
    """Where one size lies."""
    return {
        "class": [name],
        "W (a)": [wire.width],
        "L (a)": [wire.length],
        "N": [wire.channels],
        "l (a)": [str(wire.path).partition(" (")[0]],
        "s = L/l": [1 / wire.over_path],
        "L/ξ": [wire.over_xi],
        "b": [wire.b],
        "ν (1/t)": ["" if wire.dwell is None else str(wire.density).partition(" (")[0]],
        "var g/theory": [str(wire.measured_variance).partition(" (")[0]],
        "in regime": [wire.inside],
    }


# -- claims ---------------------------------------------------------------------------------

LEE = "Lee, Stone & Fukuyama, PRB 35, 1039 (1987)"
KHMELNITSKII = "Altshuler & Khmelnitskii, JETP Lett. 42, 359 (1985)"


def claims(wires):
    """The power law, D from both sides, the flux quantum, and both curves."""
    lengths = [wire.length for wire in wires.tested] or [1.0, 2.0]
    path = np.mean([wire.mean_free_path for wire in wires.wires])
    exponent = theory.thouless_exponent(lengths, mean_free_path=path)
    # Ballistic electrons would need the time L/v, and have the exponent -1.
    yield mk.Claim("exponent of E_c against L + l", wires.exponent, exponent, effect=1.0)
    # On a line, D is v l, and in the plane half of it.
    name = "l/L → 0: D from the correlation over D from the resistance"
    yield mk.Claim(name, wires.limit("energy"), expected(wires, LEE), effect=0.5)
    # Cooperons have twice the charge, and would need half of the field.
    name = "l/L → 0: correlation field over theory"
    yield mk.Claim(name, wires.limit("flux"), expected(wires, KHMELNITSKII), effect=0.5)
    if wires.enough:
        yield change_claim(wires, "energy", "change of g in energy", LEE)
        yield change_claim(wires, "flux", "change of g in the field", KHMELNITSKII)


def expected(wires, source):
    """Measured over expected, which is 1, with the bound of localization."""
    bound = wires.bound if wires.tested else 0.0
    return theory.Prediction(1.0, bound, "localization, next order in L/ξ", source)


def change_claim(wires, axis, name, source):
    """The limit of a curve; against, the curve whose unit is half of that of theory."""
    found, largest = wires.limit_of_change(axis), wires.tested[-1]
    chosen = np.arange(CLAIMED[axis])
    lags, change = largest.lags[axis][1 + chosen], largest.change[axis]
    one = expected(wires, source)
    one = theory.Prediction(np.ones(len(lags)), one.bound, one.because, source)
    double = change(2 * lags) / change(lags)
    covariance = found.covariance[np.ix_(chosen, chosen)]
    kept = Curve(found.points[chosen], covariance, found.freedom)
    return curve_claim(f"l/L → 0: {name}", kept, one, against=double)


# -- figure ---------------------------------------------------------------------------------


def energy_change(ax, wires):
    """Change of g against the difference of energies in units of E_c."""
    changes(ax, wires, "energy", 2.8)
    ax.set(xlabel=r"$\Delta/E_c$, $E_c=\pi^2\hbar D/L'^2$ from the resistance")
    ax.set(title="another sample after about $E_c$")


def field_change(ax, wires):
    """Change of g against the flux through the sample."""
    changes(ax, wires, "flux", 4.0)
    ax.set(xlabel=r"$\Delta f\,L'W$ ($h/e$)", title="another sample after about $h/e$")


def changes(ax, wires, axis, last):
    """Measured change of all sizes over var g, with the line of theory for the longest wire."""
    widths = [wire.width for wire in wires.wires]
    inside = [wire.inside for wire in wires.wires]
    styles = figures.each(widths, inside=inside, label="W = {} a")
    for wire, (_, style) in zip(wires.wires, styles, strict=True):
        ratio, lags = wire.change_ratio[axis].points, wire.lags[axis][1:]
        x, theirs = lags / wire.unit[axis], wire.change[axis](lags)
        figures.points(ax, x, ratio * theirs, **style)
        strip = {key: value for key, value in style.items() if key != "label"}
        figures.residuals(ax, x, ratio * theirs, theirs, **strip)
    longest = wires.wires[-1]
    figures.theory_curve(
        ax,
        lambda x: longest.change[axis](x * longest.unit[axis]),
        0.0,
        last,
        label=r"theory, $l\ll L$",
    )
    ax.set(ylabel="change of $g$ over var $g$", ylim=(0, 1.05))


def thouless_scaling(ax, wires):
    """E_c in units of π² ħD/L'² against l/L."""
    ratios(ax, wires, "energy", [("random flux", wires.wires)])
    ax.set(ylabel=r"$E_c L'^2/\pi^2\hbar D$", title="interference knows the classical $D$")


def flux_quantum(ax, wires):
    """Correlation field over theory against l/L, also in a uniform field."""
    families = [("random flux", wires.wires), ("uniform field", wires.uniform)]
    ratios(ax, wires, "flux", families)
    ax.set(ylabel="correlation field over theory", title="a flux quantum through the sample")


def ratios(ax, wires, axis, families):
    """Half-widths over theory against l/L, with the fit, its limit, and the bound."""
    colors = (figures.COLORS[0], "0.6")
    for (name, family), color, marker in zip(families, colors, "os", strict=False):
        for wire in family:
            style = {"color": color, "marker": marker, "inside": wire.inside}
            label = name if wire is family[-1] else ""
            figures.points(ax, wire.over_path, wire.ratio[axis], label=label, **style)
    last = 1.1 * max(wire.over_path for _, family in families for wire in family)
    one, x = expected(wires, LEE), np.linspace(0, last, 200)
    line = theory.Prediction(np.ones(200), np.full(200, one.bound), one.because)
    figures.theory_line(ax, x, line, label="theory", bound=r"bound, $(L/\xi)^2$")
    if wires.enough:
        found = wires.fits[axis](np.stack([np.ones(200), x]))
        figures.band(ax, x, found, color=colors[0], label="linear in $l/L$")
        figures.points(
            ax, 0.0, wires.limit(axis), color=figures.COLORS[1], marker="D", label="limit"
        )
    ax.set(xlabel=r"$l/L$", xlim=(-0.05 * last, last))


# -- study ----------------------------------------------------------------------------------


def sweeps_of(width):
    """Sweeps of one size, in steps of about a third of the half-width."""
    length = 5 * width // 2
    system, full = Ribbon(width=width, length=length), length + PATH
    steps = np.arange(-4, 5)
    energies = ENERGY + STEPS["energy"] * THOULESS / full**2 * steps
    fluxes = STEPS["flux"] / (width * full) * steps
    anderson = mk.Anderson(strength=STRENGTH)
    common = {"system": system, "disorder": anderson + mk.RandomFlux(strength=RANDOM_FLUX)}
    energy, flux = {"energy": ENERGY}, {"params": {"flux": 0.0}}
    uniform = {"system": system, "disorder": anderson} | energy
    return {
        f"energy_{width}": mk.Sweep(**common, **flux, axes={"energy": rounded(energies)}),
        f"field_{width}": mk.Sweep(**common, **energy, axes={"flux": rounded(fluxes)}),
        f"dwell_{width}": mk.Sweep(
            **common, **energy, **flux, observables={"delays": mk.DelayMatrix()}
        ),
        f"uniform_{width}": mk.Sweep(**uniform, axes={"flux": rounded(FIELD + fluxes)}),
    }


def rounded(values):
    """Plain numbers for an axis."""
    return tuple(np.round(values, 14).tolist())


def numbers_of_samples(tested, dwell, uniform):
    """Options of a preset: numbers of samples, one a width."""
    kinds = {"energy": tested, "field": tested, "dwell": dwell, "uniform": uniform}
    return {
        f"{kind}_{width}.samples": number
        for kind, numbers in kinds.items()
        for width, number in zip(WIDTHS, numbers, strict=True)
    }


FULL = numbers_of_samples((5000, 4500, 2200, 900), (500, 300, 200, 100), (1500, 1200, 500, 150))
QUICK = numbers_of_samples((3200, 1200, 1600, 150), (300, 200, 150, 40), (300, 300, 100, 60))

study = mk.Study(
    name="thouless_energy",
    question="How far must energy or field move until a sample is another one?",
    sweeps={name: sweep for width in WIDTHS for name, sweep in sweeps_of(width).items()},
    presets={
        "quick": QUICK,
        "full": FULL | {"seed": 1631},
        "repeat": {"like": "full", "seed": 1633},
        "toy": {
            f"{kind}_{full_width}.{option}": value
            for kind in ("energy", "field", "dwell", "uniform")
            for full_width, width in zip(WIDTHS, (6, 7, 9, 10), strict=True)
            for option, value in (("width", width), ("length", 2 * width), ("samples", 24))
        },
    },
    reading=Wires,
    regime=regime,
    claims=claims,
    panels=(energy_change, thouless_scaling, field_change, flux_quantum),
    seed=6,
)

mk.main(study, __name__)
