"""The search for the parameters of a scaling law, which may have several minima of chi².

A `ScalingSearch` takes a law, the controls and sizes of the data, and their weights. It gives the
minima of chi² for the data, and the parameters for resampled data.
"""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from .arrays import Array
from .least_squares import solve
from .scaling_law import ScalingLaw

INVERSE_NU = (0.25, 0.5, 0.8, 1.2, 2.0)
IRRELEVANT = (-0.5, -1.5, -3.0)
# Beyond these y, the correction is a constant, or concerns the smallest size alone.
Y_RANGE = (-10.0, -0.1)


@dataclass(frozen=True, eq=False)
class ScalingSearch:
    """A law at the controls and sizes of the data.

    Attributes
    ----------
    law
        The scaling law.
    x, size
        Control and size of every datum, arrays (data,).
    white
        Matrix (data, data) that makes the data independent, with errors of 1.
    """

    law: ScalingLaw
    x: Array
    size: Array
    white: Array

    def minima(self, target: Array) -> list[tuple[Array, float]]:
        """Return (parameters, chi²) of the best minimum, and of those that the data allow too.

        These have a chi² that is larger by less than 9, the square of three standard errors.
        Minima that are no transition are left out.

        Raises
        ------
        ValueError
            If there are too few data, if no search converges, or if none finds a transition.
        """
        if target.size <= len(self.law.names):
            raise ValueError(
                f"{target.size} data cannot test a scaling law of {len(self.law.names)} "
                "parameters: take more controls or sizes, or lower orders."
            )
        found: list[tuple[Array, float]] = []
        for start in self._starts(target):
            try:
                parameters, chi2 = self._fit(target, start)
            except ValueError:
                continue
            if not any(np.isclose(chi2, other, rtol=1e-4) for _, other in found):
                found.append((parameters, chi2))
        if not found:
            raise ValueError(
                "The fit of the scaling law did not converge from any start: the data do not "
                "determine all parameters, so lower the orders or fix `y`."
            )
        found.sort(key=lambda minimum: minimum[1])
        best, lowest = found[0]
        allowed = [m for m in found if m[1] < lowest + 9 and not self._problem(m[0])]
        if not allowed:
            raise ValueError(self._problem(best))
        return allowed

    def refits(self, drawn: Array, minima: list[tuple[Array, float]]) -> tuple[Array, int]:
        """Return the parameters (resamples, parameters), and the number of fits that failed.

        Raises
        ------
        ValueError
            If more than a tenth of the fits fail.
        """
        refits = []
        for target in drawn:
            fits = []
            for start, _ in minima:
                try:
                    fits.append(self._fit(target, start))
                except ValueError:
                    continue
            if fits:
                refits.append(min(fits, key=lambda fit: fit[1])[0])
        failed = len(drawn) - len(refits)
        if failed > 0.1 * len(drawn):
            raise ValueError(
                f"{failed} of {len(drawn)} resamples could not be fitted: the data do not "
                "determine all parameters, so lower the orders or fix `y`."
            )
        return np.array(refits), failed

    def _fit(self, target: Array, start: Array) -> tuple[Array, float]:
        """Parameters and chi², with y at the better end of its range if it would leave that."""
        free = "y" in self.law.names
        try:
            parameters, chi2 = self._solve(self.law, target, start)
            if not free or Y_RANGE[0] < parameters[2] < Y_RANGE[1]:
                return parameters, chi2
        except ValueError:
            if not free:
                raise
        ends = []
        for y in Y_RANGE:
            parameters, chi2 = self._solve(replace(self.law, y=y), target, np.delete(start, 2))
            ends.append((np.insert(parameters, 2, y), chi2))
        return min(ends, key=lambda end: end[1])

    def _solve(self, law: ScalingLaw, target: Array, start: Array) -> tuple[Array, float]:
        # A search that leaves for huge exponents has no finite result, which `solve` refuses.
        with np.errstate(over="ignore", invalid="ignore"):
            parameters, _, chi2 = solve(
                lambda parameters: law(parameters, self.x, self.size),
                target,
                self.white,
                start,
                jacobian=lambda parameters: law.jacobian(parameters, self.x, self.size),
                evaluations=100,
            )
        return parameters, chi2

    def _starts(self, target: Array) -> list[Array]:
        """For every pair of exponents the best critical point of a grid, with its coefficients."""
        white = self.white @ target
        names = self.law.names
        linear = [name.startswith("a") for name in names]

        def start(*nonlinear: float) -> tuple[float, Array]:
            parameters = np.zeros(len(names))
            parameters[: len(nonlinear)] = nonlinear
            basis = self.white @ self.law.basis(parameters, self.x, self.size)
            parameters[linear] = np.linalg.lstsq(basis, white, rcond=None)[0]
            return float(np.sum((basis @ parameters[linear] - white) ** 2)), parameters

        critical_points = np.linspace(self.x.min(), self.x.max(), 9)[1:-1]
        exponents = product(INVERSE_NU, *([IRRELEVANT] if "y" in names else []))
        return [
            min((start(point, *pair) for point in critical_points), key=lambda found: found[0])[1]
            for pair in exponents
        ]

    def _problem(self, parameters: Array) -> str:
        """Why the parameters do not describe a transition; empty if they do."""
        low, high = self.x.min(), self.x.max()
        if not low < parameters[0] < high:
            return (
                f"The fitted critical point {parameters[0]:.6g} is outside of the controls from "
                f"{low:g} to {high:g}: take controls on both sides of the transition."
            )
        if parameters[1] <= 0:
            return (
                f"The fitted 1/ν = {parameters[1]:.3g} is not positive, as if the curves became "
                "flatter with the size: there is no transition, or the sizes are too small."
            )
        if "y" in self.law.names and parameters[2] in Y_RANGE:
            return (
                f"The data do not determine y, which reached the end {parameters[2]:g} of its "
                "range: fix `y`, or leave the irrelevant field out."
            )
        return ""
