"""The bootstrap over disorder samples: of any function, and fast for functions of sums.

`bootstrap` takes a function and one or several arrays of values, draws the samples of all arrays
together, and gives the function's value with its error. `resample_sums` does the same for
functions of sums over the samples, at a cost that hardly depends on their number.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from .arrays import Array, Values, require_real, sample_count
from .estimate import Estimate

RESAMPLES = 1000
GROUPS = 2048


def bootstrap(
    statistic: Callable[..., Any],
    *arrays: Values,
    resamples: int = RESAMPLES,
    resampling_seed: int = 0,
) -> Estimate:
    """Any function of one or several arrays of values, with its error.

    The same samples are drawn in all arrays and on all their other axes, so correlations between
    curves and between points of a curve enter the error of a ratio, a half-width or a fit. For
    arrays that share no samples this is still right.

    Parameters
    ----------
    statistic
        Takes the arrays with resampled samples, of unchanged shape and kind, and returns a real
        number or a real array; the arrays themselves may be complex. It sees missing samples as
        NaN. It is called resamples + 1 times.
    *arrays
        Arrays (..., samples), or DataArrays with the dimension "sample", all of the same number
        of samples.
    resamples, resampling_seed
        Number of resamples, and the seed of the random numbers that draw them.

    Returns
    -------
    Estimate
        In the unit and of the shape of the statistic; n is the common number of samples. The
        error is NaN where the statistic was not finite for some resample.

    Raises
    ------
    TypeError
        If the statistic returns complex numbers.
    ValueError
        If the numbers of samples differ.

    Examples
    --------
    >>> g = np.random.default_rng(1).normal(2.0, 0.3, size=(2, 500))
    >>> print(bootstrap(lambda g: g[1].mean() / g[0].mean(), g))
    0.9944 ± 0.0095 (n = 500)
    """
    value, drawn, n = resampled(statistic, arrays, resamples, resampling_seed)
    shape = np.shape(value)
    error: Any = np.full(shape, math.nan)
    if n > 1:
        with np.errstate(invalid="ignore"):
            error = np.std(drawn, axis=0, ddof=1) * math.sqrt(n / (n - 1))
    if not shape:
        return Estimate(float(value), float(error), n)
    if isinstance(value, xr.DataArray):
        return Estimate(value, value.copy(data=error), xr.full_like(value, n, dtype=int))
    return Estimate(np.asarray(value), error, np.full(shape, n))


def resampled(
    statistic: Callable[..., Any],
    arrays: Sequence[Values],
    resamples: int,
    resampling_seed: int,
) -> tuple[Any, Array, int]:
    """The statistic of the arrays, what it gives for each resample, and the number of samples.

    Parameters
    ----------
    statistic, arrays, resamples, resampling_seed
        As of `bootstrap`. Of a single sample there are no resamples.

    Raises
    ------
    TypeError
        If the statistic returns complex numbers.
    ValueError
        If the numbers of samples differ.
    """
    kept = [array if isinstance(array, xr.DataArray) else np.asarray(array) for array in arrays]
    sizes = {sample_count(array) for array in kept}
    if len(sizes) != 1:
        raise ValueError(
            f"Samples are drawn together in all arrays, but these have {sorted(sizes)} samples: "
            "give all arrays the same samples, padded with NaN where one is missing."
        )
    (n,) = sizes
    value = statistic(*kept)
    require_real(value)
    rng = np.random.default_rng(resampling_seed)
    indices = (rng.integers(n, size=n) for _ in range(resamples if n > 1 else 0))
    drawn = [np.asarray(statistic(*(_take(a, index) for a in kept))) for index in indices]
    return value, np.array(drawn), n


def resample_sums(
    terms: Iterable[Array],
    statistic: Callable[[Array], Array],
    resamples: int,
    resampling_seed: int,
) -> tuple[Any, Any]:
    """A function of sums over samples, and its bootstrap error.

    The error is NaN where the function is not finite for some resample, as in `bootstrap`.

    Parameters
    ----------
    terms
        For every sum, what each sample (samples,) adds to it. An iterator keeps memory low.
    statistic
        Maps sums (sums, ...) to values (...) or (values, ...).
    resamples, resampling_seed
        Number of resamples, and the seed of the random numbers that draw them.
    """
    grouped = np.stack([_group(term) for term in terms])
    groups = grouped.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = statistic(grouped.sum(axis=1))
        drawn = statistic(grouped @ _draws(groups, resamples, resampling_seed))
        error = np.std(drawn, axis=-1, ddof=1) * np.sqrt(np.divide(groups, groups - 1))
    return value, error


def resample_points(
    values: Array,
    statistic: Callable[[Array], Array] | None,
    resamples: int,
    resampling_seed: int,
) -> tuple[Array, Array]:
    """A statistic of each of several points that may share samples, and what resamples give for it.

    Parameters
    ----------
    values
        Array (points, samples), NaN where a sample is missing.
    statistic
        Maps values (points, samples) to (points,), or None for the mean.
    resamples, resampling_seed
        Number of resamples, and the seed of the random numbers that draw them.

    Returns
    -------
    value
        Array (points,).
    drawn
        Array (resamples, points), which scatters around the value as the value scatters around
        the truth.

    Raises
    ------
    ValueError
        If the statistic does not return one number for every point.
    """
    n = values.shape[-1]
    if statistic is None:
        missing = np.isnan(values)
        sums = np.apply_along_axis(_group, -1, np.where(missing, 0.0, values))
        counts = np.apply_along_axis(_group, -1, np.where(missing, 0.0, 1.0))
        n = sums.shape[-1]
        draws = _draws(n, resamples, resampling_seed)
        value = sums.sum(axis=-1) / counts.sum(axis=-1)
        drawn = ((sums @ draws) / (counts @ draws)).T
    else:
        value = np.asarray(statistic(values))
        if value.shape != values.shape[:1]:
            raise ValueError(
                f"The statistic gives shape {value.shape} for {len(values)} points: let it return "
                "one number for every point, as `numpy.mean` does with axis=-1."
            )
        rng = np.random.default_rng(resampling_seed)
        indices = (rng.integers(n, size=n) for _ in range(resamples))
        drawn = np.array([statistic(values[:, index]) for index in indices])
    return value, value + (drawn - value) * math.sqrt(n / (n - 1))


def _group(term: Array) -> Array:
    """Sums over neighbouring samples (samples,) -> (groups,)."""
    groups = min(term.size, GROUPS)
    return np.add.reduceat(term, np.arange(groups) * term.size // groups)


def _take(array: Any, index: NDArray[np.int64]) -> Any:
    return array.isel(sample=index) if isinstance(array, xr.DataArray) else array[..., index]


@lru_cache(maxsize=8)
def _draws(n: int, resamples: int, resampling_seed: int) -> Array:
    """How often each of n samples is drawn in each resample: (n, resamples).

    The columns sum to n.
    """
    drawn = np.random.default_rng(resampling_seed).integers(n, size=(resamples, n))
    drawn += n * np.arange(resamples)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=n * resamples)
    return counts.reshape(resamples, n).T.astype(float)
