"""The Dorokhov-Mello-Pereyra-Kumar (DMPK) equation, solved by Monte Carlo: from metal to insulator.

A wire is a chain of thin slabs, each of which reflects all of its N equivalent modes equally and
scatters them isotropically. Its transmissions then spread over s = L/l as the DMPK equation says,
at any N and any length, without an expansion in 1/N, in l/L or in L/ξ.

The scattering matrices of many wires are composed at once. No eigenvalue is followed: the
equation of motion of the eigenvalues is singular wherever two of them meet, which at β = 1 is
always near, whereas the matrices need no smaller steps there, and the symmetry class is that of
the reflection matrix of a slab alone: symmetric at β = 1, without symmetry at β = 2, antisymmetric
in 2N dimensions at β = 4 (Kramers pairs, which are counted once).

>>> wires = dmpk_wires(1, 2.0, beta=2, samples=400, seed=1)
>>> bool(abs(wires.log_g[-1].mean() + wires.s[-1]) < 4 * (2 * wires.s[-1] / 400) ** 0.5)
True
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]

THIN = 1 / 16
"""Largest length of a thin slab, in mean free paths."""
GROWTH = 4
"""A slab is made of so many of those before it."""
SECTION = 1 / 4
"""Length of the slabs that long wires are made of, in ξ."""
TOGETHER = 500
"""Wires that are composed at once: few enough for the cache."""


class DmpkWires(NamedTuple):
    """Wires of several lengths: what they conduct, and how noisy they are.

    Parameters
    ----------
    s
        Lengths over the mean free path, ascending, shape (lengths,).
    x
        The same lengths over ξ = (βN + 2 - β) l.
    log_g
        ln g of every wire, with g = Σ T in e²/h, shape (lengths, samples).
    noise
        Σ T(1-T) of every wire, of the same shape.
    """

    s: Array
    x: Array
    log_g: Array
    noise: Array


class Slabs(NamedTuple):
    """Scattering matrices of many slabs: each of the parts has the shape (slabs, modes, modes)."""

    r: Complex
    t: Complex
    back: Complex
    """Transmission from right to left."""
    right: Complex
    """Reflection of the right side."""

    @property
    def length(self) -> float:
        """Length in mean free paths, from <ln det tt†> = -Ns, which holds for every length."""
        return float(-2 * np.linalg.slogdet(self.t)[1].mean() / self.t.shape[-1])


def dmpk_wires(
    channels: int, longest: float, *, beta: int, samples: int, seed: int = 0
) -> DmpkWires:
    """Return wires that obey the DMPK equation, at lengths from less than l to far beyond ξ.

    Slabs of at most l/16 are drawn, and composed to slabs of four times the length until these are
    ξ/4 long; beyond, wires grow by ξ/4. Every wire draws its slabs from those of the step before,
    as many as there are samples, with replacement. All slabs of a step may reflect more or less
    than they should, by chance or because they are not infinitely thin. To first order this is
    another length, and the length that is returned is therefore not the nominal one but that of
    <ln det tt†> = -Ns, which holds for the DMPK equation at every length.

    Parameters
    ----------
    channels
        Number N of open modes; at beta = 4, Kramers pairs of modes.
    longest
        The greatest length, in ξ = (βN + 2 - β) l; it is rounded up to a multiple of ξ/4.
    beta
        Symmetry index: 1, 2 or 4.
    samples
        Number of wires.
    seed
        The wires are the same for the same seed.

    Returns
    -------
    Lengths in the unit of l, and in that of ξ, with ln g (g in e²/h) and the shot noise
    Σ T(1-T) of every wire. At beta = 4 a Kramers pair counts once. Wires of different lengths
    share slabs.

    Raises
    ------
    ValueError
        If there is no such symmetry index, or less than one mode, or less than two samples.

    References
    ----------
    Dorokhov, JETP Lett. 36, 318 (1982); Mello, Pereyra and Kumar, Ann. Phys. 181, 290 (1988);
    Beenakker, Rev. Mod. Phys. 69, 731 (1997), for the equation; the method is derived here.

    Examples
    --------
    >>> wires = dmpk_wires(2, 0.5, beta=1, samples=100)
    >>> wires.log_g.shape, wires.x.round(2).tolist()[-2:]
    ((8, 100), [0.24, 0.52])
    """
    if beta not in (1, 2, 4) or channels < 1 or samples < 2:
        raise ValueError(
            f"The DMPK equation has no solution for beta = {beta}, channels = {channels}, "
            f"samples = {samples}: give beta = 1, 2 or 4, one mode and two samples at least."
        )
    rng = np.random.default_rng(seed)
    # The two states of a Kramers pair are two modes here, and count as one in the end.
    degeneracy = 2 if beta == 4 else 1
    xi = beta * channels + 2 - beta
    levels = max(0, int(np.ceil(np.log(SECTION * xi / THIN) / np.log(GROWTH))))
    with threadpool_limits(1):  # On matrices as small, threads cost more than they save.
        thin, modes = SECTION * xi / GROWTH**levels, channels * degeneracy
        slabs = _thin_slabs(rng, samples, modes, thin, beta)
        s, sums = [slabs.length], [_sums(slabs.t)[None]]
        for level in range(levels + 1):
            last = level == levels
            number = int(np.ceil(longest / SECTION)) if last else GROWTH
            s += [n * slabs.length for n in range(2, number + 1)]
            slabs, found = _grown(rng, slabs, number, beta, whole=not last)
            sums.append(found)
    g, squares = np.moveaxis(np.concatenate(sums), 1, 0) / degeneracy
    return DmpkWires(np.array(s), np.array(s) / xi, np.log(g), g - squares)


def _thin_slabs(
    rng: np.random.Generator, samples: int, modes: int, length: float, beta: int
) -> Slabs:
    """Return slabs of a small length that reflect all modes equally, the Cayley transform of B.

    B is a Gaussian matrix with the symmetry of the class, and <Σ_j |B_ij|²> is the length.
    """
    b = rng.normal(size=(2, samples, modes, modes))
    b = b[0] + 1j * b[1]
    if beta == 2:
        b *= (length / modes / 2) ** 0.5
    else:
        sign = 1 if beta == 1 else -1
        b = (b + sign * b.swapaxes(-1, -2)) / 2
        b *= (length / (modes + sign)) ** 0.5
    dagger, one = b.conj().swapaxes(-1, -2), np.eye(modes)
    left, right = (np.linalg.inv(one + square / 4) for square in (dagger @ b, b @ dagger))
    r = b @ left
    t, back = 2 * left - one, 2 * right - one
    return Slabs(r, t.astype(complex), back.astype(complex), -r.conj().swapaxes(-1, -2))


def _grown(
    rng: np.random.Generator, slabs: Slabs, number: int, beta: int, *, whole: bool
) -> tuple[Slabs, Array]:
    """Compose wires of 2 to `number` slabs each.

    Returns the longest wires (without what they do from the right, unless `whole`), and their
    `_sums` at every length but the first, shape (number - 1, 2, samples).
    """
    samples = len(slabs.t)
    sums, parts = np.empty((number - 1, 2, samples)), []
    for start in range(0, samples, TOGETHER):
        here = slice(start, start + TOGETHER)
        count = len(slabs.t[here])
        wires = _drawn(rng, slabs, count, beta)
        for n in range(1, number):
            wires = _joined(wires, _drawn(rng, slabs, count, beta), whole=whole)
            sums[n - 1, :, here] = _sums(wires.t)
        parts.append(wires)
    return Slabs(*map(np.concatenate, zip(*parts, strict=True))), sums


def _drawn(rng: np.random.Generator, slabs: Slabs, count: int, beta: int) -> Slabs:
    """Draw slabs with replacement, and give each of their modes a random phase.

    Isotropic slabs do not change by it. Without it, what the drawn slabs reflect on average would
    add up coherently, because their number is finite.
    """
    chosen = rng.integers(len(slabs.t), size=count)
    r, t, back, right = (part[chosen] for part in slabs)
    shape = (2 if beta == 2 else 1, count, slabs.t.shape[-1])
    phases = np.exp(2j * np.pi * rng.random(shape))
    to_right, to_left = phases[0], phases[1] if beta == 2 else phases[0].conj()
    return Slabs(
        to_left[:, :, None] * r * to_right[:, None].conj(),
        to_right[:, :, None] * t * to_right[:, None].conj(),
        to_left[:, :, None] * back * to_left[:, None].conj(),
        to_right[:, :, None] * right * to_left[:, None].conj(),
    )


def _joined(first: Slabs, second: Slabs, *, whole: bool) -> Slabs:
    """Return the scattering matrices of two slabs behind each other.

    Without `whole` what the pair does to waves from the left is not followed: r and `back` are
    those of the first slab.
    """
    modes = first.t.shape[-1]
    between = np.eye(modes) - first.right @ second.r
    waves = np.linalg.solve(between, np.concatenate([first.t, first.right], axis=-1))
    t, right = waves[..., :modes], waves[..., modes:]
    r, back = first.r, first.back
    if whole:
        returning = back @ second.r
        r = r + returning @ t
        back = (back + returning @ right) @ second.back
    return Slabs(r, second.t @ t, back, second.right + second.t @ right @ second.back)


def _sums(t: Complex) -> Array:
    """Return Σ T and Σ T² of every slab, shape (2, slabs)."""
    products = t @ t.conj().swapaxes(-1, -2)
    g = np.einsum("kii->k", products).real
    return np.stack([g, np.sum(products.real**2 + products.imag**2, axis=(-1, -2))])
