"""Fits of a model to points that share samples, or to independent estimates.

`model_fit` takes a function with named parameters, abscissas, and either the values of many
samples at every point or an `Estimate` of independent points. It gives a `Fit`: the parameters
with errors, chi², and the curve with its error.

Points that were measured on the same samples fluctuate together. Their full covariance matrix,
which the samples give, is the weight of the fit, so that chi² and its probability are right.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.special
import xarray as xr
from numpy.typing import ArrayLike

from .arrays import Array, Values, split
from .correlations import covariance_of_means
from .estimate import Estimate


@dataclass(frozen=True, eq=False)
class Fit:
    """A model with fitted parameters.

    Attributes
    ----------
    model
        The function that was fitted.
    parameters
        Estimate of DataArrays with the dimension "parameter", which has the names as labels.
    covariance
        Matrix (parameters, parameters) of the covariances of the parameters.
    chi2, dof
        Weighted sum of squares, and points minus parameters. Where the model is right, chi² is
        dof on average.
    p_value
        Probability of a chi² at least as large where the model is right; NaN without dof.
    n
        The smallest of the numbers of samples of the points.
    """

    model: Callable[..., Any]
    parameters: Estimate
    covariance: Array
    chi2: float
    dof: int
    p_value: float
    n: int

    def __getitem__(self, name: str) -> Estimate:
        """Return one parameter.

        Raises
        ------
        KeyError
            If the model has no such parameter.
        """
        return self.parameters.sel(parameter=name).numpy()

    def __call__(self, x: ArrayLike) -> Estimate:
        """Return the curve at any abscissas, with the error that the parameters give it.

        The error is that of the linearized model.
        """
        names = list(self.parameters.value.parameter.values)
        best = self.parameters.value.to_numpy()

        def at(parameters: Array) -> Array:
            return np.asarray(self.model(x, **dict(zip(names, parameters, strict=True))), float)

        # One step along each axis of the ellipsoid of errors; a small one is linear.
        variances, axes = np.linalg.eigh(self.covariance)
        small = 1e-3
        steps = small * (axes * np.sqrt(np.maximum(variances, 0))).T
        changes = [(at(best + step) - at(best - step)) / (2 * small) for step in steps]
        value = at(best)
        error = np.linalg.norm(changes, axis=0) if names else np.zeros(value.shape)
        if value.ndim == 0:
            return Estimate(value.item(), float(error), self.n)
        return Estimate(value, error, np.full(value.shape, self.n))

    def __str__(self) -> str:
        text = f"chi²/dof = {self.chi2:.4g}/{self.dof} (p = {self.p_value:.2g})"
        return f"{self.parameters}\n{text}".lstrip()


def model_fit(
    model: Callable[..., Any],
    x: ArrayLike,
    data: Values | Estimate,
    start: Mapping[str, float],
) -> Fit:
    """Weighted least squares fit of a linear or nonlinear model.

    Parameters
    ----------
    model
        Called as ``model(x, name=value, ...)`` with the names of `start`; gives (points,).
    x
        Abscissas (points,), or whatever array the model takes.
    data
        Values (points, samples) of samples that the points share, or DataArray with the dimension
        "sample" and one other; or an `Estimate` of points that are independent.
    start
        Names of the parameters, with the values that the search begins from. A linear model
        needs no good ones. An empty mapping tests a model without parameters.

    Returns
    -------
    Fit
        Errors are those of the data and are not scaled by chi². n is the smallest of the numbers
        of samples.

    Raises
    ------
    ValueError
        If there are fewer points than parameters, if a point has no error, if there are less than
        twice as many samples as points, if the points do not determine the parameters, or if the
        search does not converge.
    TypeError
        If the values are complex.

    See Also
    --------
    linear_fit : A straight line, for any number of samples.
    bootstrap : Fits by other weights, or of other statistics than the mean.

    Notes
    -----
    For an `Estimate`, the errors are taken as exact. The covariance matrix of n samples is itself
    an estimate: with d degrees of freedom, the squared errors of the parameters grow by
    (n-1)(n-2)/((n-1-d)(n-2-d)), chi² by (n-1)/(n-2-d), and its probability is that of Hotelling's
    T² [1]_. The factors are exact for Gaussian values and linear models, and chi² is given after
    division by its factor.

    References
    ----------
    .. [1] C. R. Rao, Biometrika 46, 49 (1959).

    Examples
    --------
    >>> x = np.array([0.0, 1.0, 2.0, 3.0])
    >>> data = Estimate(np.array([2.0, 1.2, 0.75, 0.45]), np.full(4, 0.02), np.full(4, 100))
    >>> def decay(x, amplitude, length):
    ...     return amplitude * np.exp(-x / length)
    >>> print(model_fit(decay, x, data, {"amplitude": 1.0, "length": 1.0}))
    parameter=amplitude: 1.996 ± 0.019 (n = 100)
    parameter=length: 2.013 ± 0.041 (n = 100)
    chi²/dof = 0.8686/2 (p = 0.65)
    """
    means, covariance, shared = _points(data)
    names = list(start)
    dof = len(means.value) - len(names)
    n = int(np.min(means.n))

    def vector(parameters: Array) -> Array:
        found = np.asarray(model(x, **dict(zip(names, parameters, strict=True))), dtype=float)
        if found.shape != means.value.shape:
            raise ValueError(
                f"The model gives an array of shape {found.shape} for data of shape "
                f"{means.value.shape}: let it return one number for every point."
            )
        return found

    best, errors, chi2 = solve(vector, means.value, whitening(covariance), list(start.values()))
    p_value = float(scipy.special.chdtrc(dof, chi2)) if dof else math.nan
    if shared:
        m = n - 1
        p_value = hotelling(chi2, dof, m) if dof else math.nan
        errors = errors * m * (m - 1) / ((m - dof) * (m - dof - 1))
        chi2 *= (m - dof - 1) / m

    def labelled(numbers: Any) -> xr.DataArray:
        return xr.DataArray(numbers, coords={"parameter": names})

    parameters = Estimate(
        labelled(best), labelled(np.sqrt(np.diag(errors))), labelled(np.full(len(names), n))
    )
    return Fit(model, parameters, errors, chi2, dof, p_value, n)


def solve(
    vector: Callable[[Array], Array],
    target: Array,
    white: Array,
    start: Any,
    *,
    jacobian: Callable[[Array], Array] | None = None,
    evaluations: int | None = None,
) -> tuple[Array, Array, float]:
    """Least squares of white @ (vector(parameters) - target) -> (parameters, covariance, chi²).

    Raises
    ------
    ValueError
        If there are fewer points than parameters, if the points do not determine the parameters,
        or if the search does not converge.
    """
    first = np.asarray(start, dtype=float)
    if first.size > target.size:
        raise ValueError(
            f"{target.size} points cannot determine {first.size} parameters: take more points or "
            "a simpler model."
        )
    if not np.all(np.isfinite(vector(first))):
        raise ValueError("The model is not finite at the start: begin from other parameters.")
    if first.size == 0:
        distance = white @ (vector(first) - target)
        return first, np.zeros((0, 0)), float(distance @ distance)
    # This costs 0.2 s, which studies that fit nothing do not spend.
    import scipy.optimize

    result = scipy.optimize.least_squares(
        lambda parameters: white @ (vector(parameters) - target),
        first,
        jac="2-point" if jacobian is None else lambda parameters: white @ jacobian(parameters),
        method="lm",
        x_scale="jac",
        max_nfev=evaluations,
    )
    if not (result.success and np.all(np.isfinite(result.jac)) and math.isfinite(result.cost)):
        raise ValueError(
            "The fit did not converge: begin from other parameters, or take a simpler model."
        )
    lengths = np.linalg.norm(result.jac, axis=0)
    _, singular, axes = np.linalg.svd(result.jac / np.where(lengths > 0, lengths, 1))
    if singular[-1] < 1e-7 * singular[0]:
        raise ValueError(
            "The points do not determine all parameters: take more points or a simpler model."
        )
    scaled = axes.T / singular / lengths[:, None]
    return result.x, scaled @ scaled.T, 2 * float(result.cost)


def whitening(covariance: Array) -> Array:
    """Return the matrix that makes points with these covariances independent, with errors of 1.

    Raises
    ------
    ValueError
        If a linear combination of the points has no variance.
    """
    errors = np.sqrt(np.diag(covariance))
    if not np.all(errors > 0):
        raise ValueError(
            "A weighted fit needs a positive error at every point: take two or more samples "
            "there, or leave out the points where all samples are equal."
        )
    variances, axes = np.linalg.eigh(covariance / np.outer(errors, errors))
    if variances[0] < 1e-10 * variances[-1]:
        raise ValueError(
            "The samples give some combination of the points no variance, as for points that are "
            "equal or follow from each other: leave out such points."
        )
    return (axes / np.sqrt(variances)).T / errors


def require_samples(points: int, samples: int) -> None:
    """Refuse a covariance matrix of too few samples to be a weight.

    Raises
    ------
    ValueError
        If there are less than twice as many samples as points, or less than 4 more.
    """
    needed = max(2 * points, points + 4)
    if samples < needed:
        raise ValueError(
            f"The covariances of {points} points need at least {needed} samples, not {samples}: "
            "take more samples or fewer points."
        )


def _points(data: Values | Estimate) -> tuple[Estimate, Array, bool]:
    """The points, the covariances of their values, and whether samples gave the covariances."""
    if isinstance(data, Estimate):
        if np.ndim(data.value) != 1:
            raise ValueError("A fit needs an Estimate of points on one axis: use `stack`.")
        points = data.numpy()
        return points, np.diag(np.square(points.error)), False
    values, _ = split(data)
    if values.ndim != 2:
        raise ValueError(
            f"A fit needs values of shape (points, samples), not {values.shape}: select one curve."
        )
    points, covariance = covariance_of_means(values)
    require_samples(len(values), int(np.min(points.n)))
    return points, covariance, True


def hotelling(t2: float, dof: int, m: float) -> float:
    """Return the probability of a larger T², with a covariance matrix of m degrees of freedom."""
    return float(scipy.special.fdtrc(dof, m - dof + 1, t2 * (m - dof + 1) / (m * dof)))
