"""The result of a fit of a scaling law: exponents, and what a figure of the collapse needs.

A `ScalingFit` takes the law and its fitted parameters. It gives the critical point, the exponents
and the value at criticality as estimates, the fitted curves, and the common curve on which the
data of all sizes fall.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from .arrays import Array
from .estimate import Estimate
from .scaling_law import ScalingLaw


@dataclass(frozen=True, eq=False)
class ScalingFit:
    """A scaling law with fitted parameters.

    Attributes
    ----------
    law
        The law with its orders.
    parameters
        Estimate of DataArrays with the dimension "parameter": "critical_point", "nu", "y" where
        it was fitted, and the coefficients of the law. n is the number of samples of all sizes.
    resampled
        DataArray (resample, parameter) of the parameters that refits to resampled data gave.
    chi2, dof, p_value
        Weighted sum of squares, data minus parameters, and the probability of a chi² at least
        as large where the law is right.
    failed
        Number of resamples whose fit did not converge. They are left out.
    bounded
        Number of resamples in which a fitted y reached the end of its range from -10 to -0.1.
        Where they are many, the data do not determine y.
    """

    law: ScalingLaw
    parameters: Estimate
    resampled: xr.DataArray
    chi2: float
    dof: int
    p_value: float
    failed: int
    bounded: int

    @property
    def critical_point(self) -> Estimate:
        """Control at which the quantity does not depend on large sizes."""
        return self._parameter("critical_point")

    @property
    def nu(self) -> Estimate:
        """Exponent ν of the correlation length."""
        return self._parameter("nu")

    @property
    def y(self) -> Estimate | None:
        """Exponent of the irrelevant field, or None where none was fitted."""
        return self._parameter("y") if "y" in self.law.names else None

    @property
    def critical_value(self) -> Estimate:
        """The quantity at the critical point, in the limit of large sizes."""
        return self._parameter("a00")

    @property
    def parameter_count(self) -> int:
        """Number of fitted parameters."""
        return len(self.law.names)

    @property
    def data_count(self) -> int:
        """Number of fitted data: all controls of all sizes."""
        return self.dof + self.parameter_count

    def curve(self, control: ArrayLike, size: ArrayLike) -> Array:
        """Return the fitted quantity at any controls and sizes that broadcast."""
        x, sizes = np.broadcast_arrays(np.asarray(control, float), np.asarray(size, float))
        return self.law(self._best, x, sizes)

    def collapse(self, control: ArrayLike, size: float, data: Any) -> tuple[Array, Any]:
        """Return what places data on the common curve, which is `scaling_function`.

        Parameters
        ----------
        control
            Controls (points,).
        size
            The size of the data.
        data
            The measured quantity (points,): numbers, or an Estimate.

        Returns
        -------
        scaled
            φ₁ = u(w) (L/L₀)^(1/ν), an array (points,).
        corrected
            The data without the fitted irrelevant part, of their own kind.
        """
        x, sizes = np.broadcast_arrays(np.asarray(control, float), np.asarray(size, float))
        scaled, _ = self.law.fields(self._best, x, sizes)
        irrelevant = self.law(self._best, x, sizes) - self.scaling_function(scaled)
        return scaled, data - irrelevant

    def scaling_function(self, scaled: ArrayLike) -> Array:
        """Return the common curve F(φ₁, 0) at any φ₁."""
        return self.law.scaling_function(self._best, np.asarray(scaled, dtype=float))

    def __str__(self) -> str:
        lines = [
            f"{self.parameters}",
            f"chi²/dof = {self.chi2:.4g}/{self.dof} (p = {self.p_value:.2g}), "
            f"{self.data_count} data, {self.parameter_count} parameters",
        ]
        if self.failed or self.bounded:
            lines.append(
                f"Of {len(self.resampled) + self.failed} resamples, {self.failed} could not be "
                f"fitted and {self.bounded} do not determine y."
            )
        return "\n".join(lines)

    @property
    def _best(self) -> Array:
        best = self.parameters.value.to_numpy().copy()
        best[1] = 1 / best[1]
        return best

    def _parameter(self, name: str) -> Estimate:
        return self.parameters.sel(parameter=name).numpy()
