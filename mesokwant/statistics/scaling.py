"""Finite-size scaling: the critical point and the exponent of a transition.

`finite_size_scaling` takes the values of many samples of a quantity (such as ln g) at several
controls (disorder or energy) and sizes, and fits the scaling law of
`mesokwant.statistics.scaling_law` to them. It gives a `ScalingFit` with the critical point, ν, the
value at criticality, chi², and what a figure of the collapse needs.

References
----------
.. [1] K. Slevin and T. Ohtsuki, Phys. Rev. Lett. 82, 382 (1999).
.. [2] K. Slevin and T. Ohtsuki, New J. Phys. 16, 015012 (2014).
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import scipy.linalg
import scipy.special
import xarray as xr
from numpy.typing import ArrayLike

from .arrays import Array, Values, split
from .correlations import covariance_of_means
from .estimate import Estimate
from .least_squares import require_samples, whitening
from .resampling import resample_points
from .scaling_fit import ScalingFit
from .scaling_law import ScalingLaw
from .scaling_search import Y_RANGE, ScalingSearch


def finite_size_scaling(
    control: ArrayLike | Mapping[float, ArrayLike],
    data: Mapping[float, Values],
    *,
    order: int = 3,
    irrelevant_order: int = 0,
    correction_order: int | None = None,
    field_order: int = 1,
    irrelevant_field_order: int = 0,
    y: float | None = None,
    statistic: Callable[[Array], Array] | None = None,
    resamples: int = 200,
    resampling_seed: int = 0,
) -> ScalingFit:
    """Fit the scaling law of a transition to samples at several controls and sizes.

    Parameters
    ----------
    control
        Disorder, energy or another control, (points,); or one such array for every size.
    data
        For every size, values (points, samples), or a DataArray with the dimension "sample" and
        one other. The points of a size may share samples; different sizes must not.
    order, irrelevant_order
        Highest powers of the relevant and of the irrelevant field in the law. Without the latter
        (order 0) there are no corrections to scaling.
    correction_order
        Highest power of the relevant field in the terms with the irrelevant one: 0 for a
        correction that is the same at all controls, and `order` by default.
    field_order, irrelevant_field_order
        Highest powers of the distance to the critical point in the two fields.
    y
        A fixed exponent of the irrelevant field, y < 0; by default it is fitted, between -10 and
        -0.1.
    statistic
        Quantity that scales, from values (points, samples) to (points,), such as a median; by
        default the mean. It is called once for every resample.
    resamples, resampling_seed
        Number of resamples, and the seed of the random numbers that draw them.

    Returns
    -------
    ScalingFit
        Statistical errors, at these orders and this range of data. Other orders and ranges tell
        the systematic ones.

    Raises
    ------
    ValueError
        If there are too few sizes, data or samples for the orders; if an order or y is out of
        range; or if the data show no transition: the critical point is outside of the controls,
        or an exponent has the wrong sign.
    TypeError
        If the values are complex.

    Notes
    -----
    The weight of a size is the inverse covariance of its points. It comes from n samples (or
    resamples), and is therefore reduced by (n - points - 2)/(n - 1). Errors are those of refits:
    samples are drawn within each size, together for all points that share them, and separately for
    different sizes. The search begins from a grid of exponents, and a refit from every minimum that
    the data allow as well as the best.

    In a study, the pair (seed, sample) decides the random numbers of all sizes. Give each size a
    seed of its own, or show that the values of two sizes have no `covariance`.

    References
    ----------
    .. [1] K. Slevin and T. Ohtsuki, Phys. Rev. Lett. 82, 382 (1999).
    .. [2] K. Slevin and T. Ohtsuki, New J. Phys. 16, 015012 (2014).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> disorder = np.linspace(15, 18, 7)
    >>> def log_conductance(size):  # W_c = 16.5, ν = 1.6
    ...     return -1 - 0.1 * (disorder - 16.5) * size ** (1 / 1.6)
    >>> fit = finite_size_scaling(
    ...     disorder,
    ...     {L: log_conductance(L)[:, None] + rng.normal(size=(7, 2000)) for L in (4, 6, 8, 12)},
    ...     order=1,
    ... )
    >>> fit.critical_point, fit.nu
    (<Estimate 16.520 ± 0.046 (n = 8000)>, <Estimate 1.598 ± 0.079 (n = 8000)>)
    """
    orders = {
        "order": order,
        "irrelevant_order": irrelevant_order,
        "correction_order": order if correction_order is None else correction_order,
        "field_order": field_order,
        "irrelevant_field_order": irrelevant_field_order,
    }
    law = _law([float(size) for size in data], orders, y)
    if resamples < 2:
        raise ValueError(
            f"Errors need at least 2 resamples, and 100 for two digits, not {resamples}."
        )
    controls = control if isinstance(control, Mapping) else dict.fromkeys(data, control)
    seeds = np.random.SeedSequence(resampling_seed).generate_state(len(data))
    x, means, drawn, whites, samples = [], [], [], [], 0
    for size, seed in zip(data, seeds, strict=True):
        if size not in controls:
            raise ValueError(f"There is no control for size {size}: give one array for every size.")
        points = np.asarray(controls[size], dtype=float)
        values = _checked(points, data[size], size)
        mean, resampled = resample_points(values, statistic, resamples, int(seed))
        estimates, covariance = covariance_of_means(values)
        n = int(np.min(estimates.n))
        if statistic is not None:
            n, covariance = min(n, resamples), np.cov(resampled, rowvar=False)
        require_samples(points.size, n)
        whites.append(whitening(covariance * (n - 1) / (n - points.size - 2)))
        x.append(points)
        means.append(mean)
        drawn.append(resampled)
        samples += int(np.count_nonzero(np.any(~np.isnan(values), axis=0)))
    sizes = np.repeat(np.array([float(size) for size in data]), [len(points) for points in x])
    search = ScalingSearch(law, np.concatenate(x), sizes, scipy.linalg.block_diag(*whites))
    minima = search.minima(np.concatenate(means))
    best, chi2 = minima[0]
    refits, failed = search.refits(np.concatenate(drawn, axis=1), minima)

    def labelled(numbers: Any) -> xr.DataArray:
        names = ["nu" if name == "inverse_nu" else name for name in law.names]
        return xr.DataArray(
            numbers,
            dims=("resample", "parameter")[-np.ndim(numbers) :],
            coords={"parameter": names},
        )

    dof = sizes.size - best.size
    best, refits = _with_nu(best), _with_nu(refits)
    return ScalingFit(
        law,
        Estimate(
            labelled(best),
            labelled(refits.std(axis=0, ddof=1)),
            labelled(np.full(best.size, samples)),
        ),
        labelled(refits),
        chi2,
        dof,
        float(scipy.special.chdtrc(dof, chi2)),
        failed,
        int(np.count_nonzero(np.isin(refits[:, 2], Y_RANGE))) if "y" in law.names else 0,
    )


def _law(sizes: list[float], orders: dict[str, int], y: float | None) -> ScalingLaw:
    """The law for these sizes, refused where they cannot determine its exponents."""
    irrelevant = orders["irrelevant_order"]
    if min(orders["order"], orders["field_order"]) < 1 or min(orders.values()) < 0:
        raise ValueError(
            "A scaling law needs `order` and `field_order` of at least 1, and the other orders of "
            f"at least 0, not {orders}."
        )
    if orders["correction_order"] > orders["order"]:
        raise ValueError("The `correction_order` cannot exceed the `order`: raise the latter.")
    if not irrelevant and (y is not None or orders["irrelevant_field_order"]):
        raise ValueError("`y` and `irrelevant_field_order` need an `irrelevant_order` above 0.")
    if y is not None and y >= 0:
        raise ValueError(f"An irrelevant field has an exponent y < 0, not {y}.")
    needed = 4 if irrelevant and y is None else 3
    if len(sizes) < needed or min(sizes) <= 0:
        raise ValueError(
            f"A scaling law of these orders needs at least {needed} positive sizes, not "
            f"{sorted(sizes)}: take more sizes, or leave out or fix the irrelevant exponent."
        )
    return ScalingLaw(**orders, y=y, reference_size=float(np.exp(np.mean(np.log(sizes)))))


def _checked(control: Array, values: Values, size: float) -> Array:
    array, _ = split(values)
    if control.ndim != 1 or array.ndim != 2 or len(array) != control.size:
        raise ValueError(
            f"Size {size} has controls of shape {control.shape} and values of shape {array.shape}: "
            "give (points,) and (points, samples)."
        )
    return array


def _with_nu(parameters: Array) -> Array:
    """The same with ν in the place of 1/ν."""
    changed = parameters.copy()
    changed[..., 1] = 1 / changed[..., 1]
    return changed
