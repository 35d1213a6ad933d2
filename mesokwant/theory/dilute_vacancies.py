"""Dilute random vacancies in a chain: their transmissions multiply where phases are random.

A vacancy on each of many possible sites with a small probability c, and one mode: with random
phases between neighbouring vacancies <ln T> adds up, vacancy by vacancy. The phases are as random
as the distances, and what is left of their average bounds the correction.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike

from .chain import impurity_transmission
from .prediction import Prediction


def vacancies_log_transmission(
    energy: float,
    concentration: ArrayLike,
    places: float,
    *,
    spacing: int = 1,
    hoppings: Sequence[float] = (-1.0, -0.2),
) -> Prediction:
    """Return <ln T> = c n ln T₁ of a chain with one mode and random vacancies on n of its sites.

    T₁ is the transmission past one vacancy. The bound is |<e^(2ikd)>| of it, the phase averaged
    over the distance d between neighbouring vacancies: d = m a with the distance a of the sites
    that may be missing, and m from the geometric distribution, which gives
    c/|1 - (1 - c) e^(2ika)|.

    Parameters
    ----------
    energy
        Energy in t, where the band has one right-moving mode.
    concentration
        Probability c that one of these sites is missing.
    places
        Number n of sites that may be missing.
    spacing
        Distance a of these sites, in lattice constants: large enough that evanescent waves
        between vacancies do not matter.
    hoppings
        t_1, t_2, ... in t, as in `impurity_transmission`.

    Returns
    -------
    The mean of ln T with its bound, a pure number, of the shape of `concentration`.

    Raises
    ------
    ValueError
        If the chain has no or several modes, or if a vacancy lets nothing pass.

    References
    ----------
    Anderson, Thouless, Abrahams and Fisher, Phys. Rev. B 22, 3519 (1980).

    Examples
    --------
    >>> one = vacancies_log_transmission(0.3, 0.01, 100, spacing=7)
    >>> print(f"{one.value:.3f}, T₁ = {np.exp(one.value):.3f}")
    -1.873, T₁ = 0.154
    """
    band = chebyshev.chebtrim([-float(energy), *(2 * np.asarray(hoppings, dtype=float))])
    roots = chebyshev.chebroots(band)
    cosines = roots[(roots.imag == 0) & (np.abs(roots.real) < 1)].real
    if len(cosines) != 1:
        raise ValueError(
            f"The chain has {len(cosines)} modes at E = {energy}, not 1: "
            "choose an energy at which it has one right-moving mode."
        )
    transmission = float(impurity_transmission(energy, np.inf, hoppings))
    if transmission == 0:
        raise ValueError(
            "A vacancy lets nothing pass in this chain, so that ln T has no mean: "
            "give hoppings beyond the nearest neighbours."
        )
    c = np.asarray(concentration, dtype=float)
    phase = np.exp(2j * np.arccos(cosines[0]) * spacing)
    value = c * places * np.log(transmission)
    return Prediction(
        value,
        abs(value * c / (1 - (1 - c) * phase)),
        because="what is left of <e^(2ikd)> between neighbouring vacancies",
        source="random phases; Anderson et al. 1980",
    )
