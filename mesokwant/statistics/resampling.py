"""The bootstrap over disorder seeds: of any function, and fast for functions of sums."""

import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from .arrays import Array, Samples, sample_count
from .estimate import Estimate

RESAMPLES = 1000
GROUPS = 2048


def bootstrap(
    statistic: Callable[..., Any],
    *arrays: Samples,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Any function of one or several sets of samples, with its error.

    The same seeds are drawn in all arrays and on all their other axes, so correlations between
    curves and between points of a curve enter the error of a ratio, a half-width or a fit. For
    arrays that share no seeds this is still right.

    Parameters
    ----------
    statistic
        Takes the arrays with resampled samples, of unchanged shape and kind, and returns a
        number or an array. It sees missing samples as NaN. It is called resamples + 1 times.
    *arrays
        Arrays (..., samples), or DataArrays with the dimension "sample", all of the same number
        of samples.
    resamples, seed
        Number of resamples; seed of the resampling.

    Returns
    -------
    Estimate of the shape of the statistic; n is the common number of samples. The error is NaN
    where the statistic was NaN for some resample.

    Raises
    ------
    ValueError
        If the numbers of samples differ.

    Examples
    --------
    >>> g = np.random.default_rng(1).normal(2.0, 0.3, size=(2, 500))
    >>> print(bootstrap(lambda g: g[1].mean() / g[0].mean(), g))
    0.9944 ± 0.0095 (n = 500)
    """
    kept = [array if isinstance(array, xr.DataArray) else np.asarray(array) for array in arrays]
    sizes = {sample_count(array) for array in kept}
    if len(sizes) != 1:
        raise ValueError(
            f"Seeds are resampled together, but the arrays have {sorted(sizes)} samples: give all "
            "the same seeds, padded with NaN where a sample is missing."
        )
    (n,) = sizes
    value = statistic(*kept)
    shape = np.shape(value)
    error: Any = np.full(shape, math.nan)
    if n > 1:
        rng = np.random.default_rng(seed)
        drawn = []
        for _ in range(resamples):
            index = rng.integers(n, size=n)
            drawn.append(np.asarray(statistic(*(_take(array, index) for array in kept))))
        error = np.std(drawn, axis=0, ddof=1) * math.sqrt(n / (n - 1))
    if not shape:
        return Estimate(float(value), float(error), n)
    if isinstance(value, xr.DataArray):
        return Estimate(value, value.copy(data=error), xr.full_like(value, n, dtype=int))
    return Estimate(np.asarray(value), error, np.full(shape, n))


def resample_sums(
    terms: Iterable[Array], statistic: Callable[[Array], Array], resamples: int, seed: int
) -> tuple[Any, Any]:
    """A function of sums over samples, and its bootstrap error.

    Parameters
    ----------
    terms
        For every sum, what each sample (samples,) adds to it. An iterator keeps memory low.
    statistic
        Maps sums (sums, ...) to values (...) or (values, ...).
    """

    def group(term: Array) -> Array:
        groups = min(term.size, GROUPS)
        return np.add.reduceat(term, np.arange(groups) * term.size // groups)

    grouped = np.stack([group(term) for term in terms])
    groups = grouped.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = statistic(grouped.sum(axis=1))
        drawn = statistic(grouped @ _draws(groups, resamples, seed))
        # A resample of few or equal samples may have no variance to divide by.
        finite = np.isfinite(drawn)
        count = finite.sum(axis=-1)
        drawn = np.where(finite, drawn, 0.0)
        centre = drawn.sum(axis=-1) / count
        squares = np.where(finite, (drawn - centre[..., None]) ** 2, 0.0).sum(axis=-1)
        error = np.sqrt(squares / (count - 1) * groups / (groups - 1))
    return value, error


def _take(array: Any, index: NDArray[np.int64]) -> Any:
    return array.isel(sample=index) if isinstance(array, xr.DataArray) else array[..., index]


@lru_cache(maxsize=8)
def _draws(n: int, resamples: int, seed: int) -> Array:
    """How often each of n seeds is drawn in each resample: (n, resamples), columns sum to n."""
    drawn = np.random.default_rng(seed).integers(n, size=(resamples, n))
    drawn += n * np.arange(resamples)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=n * resamples)
    return counts.reshape(resamples, n).T.astype(float)
