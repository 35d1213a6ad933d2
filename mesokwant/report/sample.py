"""The picture of one sample: the density and the current of the electrons from one lead."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..figures import StudyFigure, compose, current_map, density_map, house_style
from ..hamiltonian import kwant
from ..solver.scattering import scattering
from ..study.sweep import Sweep


def draw(sweep: Sweep, *, number: int = 0, seed: int = 0, lead: int = 0) -> StudyFigure:
    """Draw the density and the current of the electrons that come in from a lead.

    Parameters
    ----------
    sweep
        A sweep without axes.
    number, seed
        Which sample, and the seed of its disorder.
    lead
        The lead that the electrons come from.

    Returns
    -------
    matplotlib.figure.Figure
        Panel (a) has the local density of the states of these electrons in 1/t, summed over the
        orbitals of a site. Panel (b) has their current, as a transmission per length: over a cut
        through the sample, it adds up to the transmission through this cut.

    Raises
    ------
    ValueError
        The lead does not exist, or has no modes at this energy; the system has three dimensions;
        or `mesokwant.scattering` refuses the sweep.
    """
    ensemble = scattering(
        sweep.system,
        sweep.energy,
        params=sweep.kwant_params,
        disorder=sweep.disorder,
        numbers=[number],
        seed=seed,
    )
    if not ensemble.num_propagating(lead):
        raise ValueError(
            f"lead {lead} has no modes at the energy {sweep.energy!r}: choose an energy in its "
            "band, or another lead"
        )
    sample = ensemble.system(number)
    states = kwant.wave_function(sample, sweep.energy)(lead)
    density = sum(map(kwant.operator.Density(sample), states)) / (2 * np.pi)
    current = sum(map(kwant.operator.Current(sample), states))

    def densities(ax: Any, _: Any) -> None:
        density_map(ax, sample, density, label=f"density of states from lead {lead} (1/$t$)")

    def currents(ax: Any, _: Any) -> None:
        current_map(ax, sample, current, label=f"transmission from lead {lead} (1/$a$)")

    with house_style():
        return compose([densities, currents], None)
