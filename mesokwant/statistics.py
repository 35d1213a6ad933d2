"""Samples -> estimates with errors.

Samples lie on the last axis of a numpy array, or on the dimension "sample" of an
`xarray.DataArray`; the result keeps the other axes. NaN marks a missing or failed sample: it is
left out, and `n` says how many were used.

Errors are standard errors from the bootstrap over disorder seeds (Efron and Tibshirani, An
Introduction to the Bootstrap, 1993): one sample is one seed, and all that came from one seed is
drawn together. Three rules keep this cheap and deterministic:

- Where the limit of infinitely many resamples is known in closed form (`mean`, `histogram`,
  `linear_fit`, which are linear in the samples) that limit is the error.
- Statistics of sums (cumulants, covariances) are resampled through their sums. Beyond `GROUPS`
  samples, neighbouring seeds are first added up in `GROUPS` groups, which are then drawn: seeds
  are independent, so the groups are, and 10⁷ samples cost no more than a few passes.
- A plug-in bootstrap of n samples underestimates by √((n-1)/n); this is put right, so that the
  error of a mean is the familiar s/√n.

With 1000 resamples and 2048 groups an error is itself known to about 3 per cent.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]
Samples: TypeAlias = ArrayLike | xr.DataArray

RESAMPLES = 1000
GROUPS = 2048


@dataclass(frozen=True, eq=False)
class Estimate:
    """A value, its standard error, and the number of samples behind it.

    Attributes
    ----------
    value, error, n
        Numbers, or arrays of one shape for many points. The error is NaN where there are too
        few samples for one.

    Examples
    --------
    >>> print(Estimate(0.33121, 0.0041, 400))
    0.3312 ± 0.0041 (n = 400)
    >>> print(Estimate(0.33121, float("nan"), 1))
    0.33121 (n = 1: no error)
    """

    value: Any
    error: Any
    n: Any

    def __str__(self) -> str:
        if np.ndim(self.value) == 0:
            return _format(float(self.value), float(self.error), int(self.n))
        return "[" + ",\n ".join(str(self[i]) for i in range(len(self.value))) + "]"

    def __repr__(self) -> str:
        return f"<Estimate {self}>"

    def __getitem__(self, index: Any) -> "Estimate":
        """Some of the points of an estimate of many."""
        return Estimate(self.value[index], self.error[index], self.n[index])


def mean(samples: Samples) -> Estimate:
    """Mean over the samples, with the error s/√n.

    This is what the bootstrap tends to with many resamples.

    Parameters
    ----------
    samples
        Array (..., samples), or DataArray with the dimension "sample".
    """

    def one(row: Array) -> tuple[float, float, int]:
        n = row.size
        if n == 0:
            return math.nan, math.nan, 0
        return row.mean(), row.std(ddof=1) / math.sqrt(n) if n > 1 else math.nan, n

    return _each(samples, one)


def variance(samples: Samples, *, resamples: int = RESAMPLES, seed: int = 0) -> Estimate:
    """Unbiased variance over the samples.

    Parameters
    ----------
    samples
        Array (..., samples), or DataArray with the dimension "sample".
    resamples, seed
        Of the bootstrap.
    """
    return cumulant(samples, 2, resamples=resamples, seed=seed)


def cumulant(
    samples: Samples,
    order: int,
    *,
    standardized: bool = False,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Cumulant of order 2, 3 or 4, unbiased (Fisher's k-statistics).

    Parameters
    ----------
    samples
        Array (..., samples), or DataArray with the dimension "sample".
    order
        2: variance, 3: third central moment, 4: fourth central moment - 3 variance².
    standardized
        Divide by variance^(order/2): skewness and excess kurtosis, 0 for a Gaussian. The ratio
        is consistent, not unbiased.
    resamples, seed
        Of the bootstrap.

    Raises
    ------
    ValueError
        For another order.
    """
    if order not in (2, 3, 4):
        raise ValueError(f"There is no cumulant of order {order} here: use 2, 3 or 4.")

    def statistic(sums: Array) -> Array:
        k = _k_statistic(sums, order)
        return k / _k_statistic(sums, 2) ** (order / 2) if standardized else k

    def one(row: Array) -> tuple[float, float, int]:
        if row.size < order:
            return math.nan, math.nan, row.size
        terms = _powers(row - row.mean(), order)
        return (*_resample_sums(terms, statistic, resamples, seed), row.size)

    return _each(samples, one)


def covariance(a: Samples, b: Samples, *, resamples: int = RESAMPLES, seed: int = 0) -> Estimate:
    """Unbiased covariance of two quantities measured on the same seeds.

    Parameters
    ----------
    a, b
        Arrays (..., samples) that broadcast against each other, or DataArrays with the dimension
        "sample". A seed missing in either is left out.
    resamples, seed
        Of the bootstrap.

    Raises
    ------
    ValueError
        If the numbers of samples differ.
    """
    left, right = _paired(a, b)

    def statistic(sums: Array) -> Array:
        n, sum_a, sum_b, sum_ab = sums
        return (sum_ab - sum_a * sum_b / n) / (n - 1)

    def one(row: NDArray[np.complex128]) -> tuple[float, float, int]:
        n = row.size
        if n < 2:
            return math.nan, math.nan, n
        deviation = row - row.mean()
        x, y = deviation.real, deviation.imag
        terms = [np.ones(n), x, y, x * y]
        return (*_resample_sums(terms, statistic, resamples, seed), n)

    # One complex number carries the pair through broadcasting and missing samples.
    return _each(left + 1j * right, one, dtype=complex)


def autocorrelation(
    samples: Samples, axis: int | str, *, resamples: int = RESAMPLES, seed: int = 0
) -> Estimate:
    """Correlation of the fluctuations along an axis, C(Δ) = <δg(x) δg(x + Δ)>.

    δg(x) = g(x) - <g(x)> with the average over the seeds at that x; the product is averaged over
    seeds and over all x. Seeds are drawn with their whole curve, so the error knows how few
    independent points a curve holds. C(0) is the variance averaged over x.

    Parameters
    ----------
    samples
        Array (..., samples), or DataArray with the dimension "sample".
    axis
        Axis of equally spaced x: a number for an array (not the last), a name for a DataArray.
        A seed missing at one x is left out at all x.
    resamples, seed
        Of the bootstrap.

    Returns
    -------
    Estimate with the lags 0, 1, ... (steps of x) on the last axis, for a DataArray on the
    dimension "<axis>_lag" whose coordinate is Δ.

    Raises
    ------
    ValueError
        If the coordinate of the axis is not equally spaced.
    """

    def one(curves: Array) -> tuple[Array, Array, NDArray[np.int64]]:
        points, n = curves.shape
        used = np.full(points, n)
        if n < 2:
            return np.full(points, math.nan), np.full(points, math.nan), used
        d = curves - curves.mean(axis=1, keepdims=True)
        lagged = (np.mean(d[: points - lag] * d[lag:], axis=0) for lag in range(points))

        def statistic(sums: Array) -> Array:
            n, first, products = sums[0], sums[1 : 1 + points], sums[1 + points :]
            mean = first / n
            shift = [np.mean(mean[: points - k] * mean[k:], axis=0) for k in range(points)]
            return (products / n - np.array(shift)) * n / (n - 1)

        terms = chain([np.ones(n)], d, lagged)
        return (*_resample_sums(terms, statistic, resamples, seed), used)

    return _each(samples, one, axis=axis)


def log_mean(samples: Samples) -> Estimate:
    """Mean of ln g over the samples, the typical rather than the average conductance.

    Parameters
    ----------
    samples
        g > 0: array (..., samples), or DataArray with the dimension "sample".

    Raises
    ------
    ValueError
        If some g is zero or negative.
    """
    return mean(_log(samples))


def log_variance(samples: Samples, *, resamples: int = RESAMPLES, seed: int = 0) -> Estimate:
    """Unbiased variance of ln g over the samples.

    Parameters
    ----------
    samples
        g > 0: array (..., samples), or DataArray with the dimension "sample".
    resamples, seed
        Of the bootstrap.

    Raises
    ------
    ValueError
        If some g is zero or negative.
    """
    return variance(_log(samples), resamples=resamples, seed=seed)


def paired_difference(a: Samples, b: Samples) -> Estimate:
    """Mean of a - b over seeds that both have; what fluctuates alike in both cancels.

    Parameters
    ----------
    a, b
        The same seeds under two conditions: arrays (..., samples) that broadcast against each
        other, or DataArrays with the dimension "sample", matched by its coordinate.

    Raises
    ------
    ValueError
        If the numbers of samples differ.
    """
    left, right = _paired(a, b)
    return mean(left - right)


def histogram(samples: Samples, edges: ArrayLike) -> Estimate:
    """Probability density in bins, with the spread over seeds as the error of every bin.

    All axes but the samples are pooled: the transmission eigenvalues of one seed, say, which
    repel each other and are not independent draws. Values outside the bins count in the
    normalization, so the density integrates to the part inside. A bin that no sample fell into
    gets the error of one count, for zero would claim certainty.

    Parameters
    ----------
    samples
        Array (..., samples), or DataArray with the dimension "sample".
    edges
        Ascending edges of the bins; the last bin includes its right edge.

    Returns
    -------
    Estimate with arrays of one entry a bin; n is the number of seeds with any value.

    Raises
    ------
    ValueError
        If every sample is missing.
    """
    values, _ = _split(samples)
    values = values.reshape(-1, values.shape[-1])
    edges = np.asarray(edges, dtype=float)
    bins = edges.size - 1
    # Sums over seeds of counts h, of h², of h e and of e², where e is the seed's entries.
    h, hh, he = np.zeros((3, bins))
    entries = squares = 0.0
    seeds = 0
    block = max(1, 2**20 // max(bins, len(values)))
    for start in range(0, values.shape[1], block):
        part = values[:, start : start + block]
        index = np.searchsorted(edges, part, side="right") - 1
        index[part == edges[-1]] = bins - 1
        inside = (index >= 0) & (index < bins)
        flat = (np.arange(part.shape[1]) * bins + index)[inside]
        counts = np.bincount(flat, minlength=part.shape[1] * bins).reshape(-1, bins)
        present = np.sum(~np.isnan(part), axis=0)
        h += counts.sum(axis=0)
        hh += (counts**2).sum(axis=0)
        he += present @ counts
        entries += present.sum()
        squares += (present**2).sum()
        seeds += int(np.count_nonzero(present))
    if not entries:
        raise ValueError("There is nothing to draw a histogram of: every sample is missing.")
    share = h / entries
    spread = np.maximum(hh - 2 * share * he + share**2 * squares, 0)
    spread = np.where(h == 0, 1.0, spread)
    error = np.sqrt(spread * seeds / (seeds - 1)) if seeds > 1 else np.full(bins, math.nan)
    widths = np.diff(edges)
    return Estimate(share / widths, error / entries / widths, np.full(bins, seeds))


def linear_fit(x: ArrayLike, samples: Samples) -> Estimate:
    """Straight line through the means at the points x, weighted by their errors.

    The weights are those of independent points; the errors are not: seeds that the points share
    are followed through the fit, exactly as a bootstrap of whole seeds would at fixed weights.

    Parameters
    ----------
    x
        Abscissas, (points,).
    samples
        Array (points, samples), or DataArray with the dimension "sample" and one other.

    Returns
    -------
    Estimate of (intercept, slope); n is the number of seeds with any value.

    Raises
    ------
    ValueError
        If a point has no error (fewer than two samples) or an error of zero.
    """
    values, _ = _split(samples)
    points = mean(values)
    if not np.all(points.error > 0):
        raise ValueError(
            "A weighted fit needs an error at every point: take two or more samples there, or "
            "leave out the points where all samples are equal."
        )
    design = np.stack([np.ones(len(values)), np.asarray(x, dtype=float)], axis=1)
    solve = np.linalg.pinv(design / points.error[:, None]) / points.error
    deviation = np.nan_to_num(values - points.value[:, None]) / points.n[:, None]
    seeds = np.count_nonzero(np.any(~np.isnan(values), axis=0))
    error = np.sqrt(np.sum((solve @ deviation) ** 2, axis=1) * seeds / (seeds - 1))
    return Estimate(solve @ points.value, error, np.full(2, seeds))


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
    sizes = {_sample_count(array) for array in kept}
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


def _each(
    samples: Samples,
    function: Callable[[Any], tuple[Any, Any, Any]],
    *,
    axis: int | str | None = None,
    dtype: type = float,
) -> Estimate:
    """Apply a function (valid samples of a point) -> (value, error, n) to every point.

    With `axis` the function gets a matrix (axis, samples) of the samples valid on all of it, and
    returns arrays along the lags of that axis.
    """
    values, frame = _split(samples, dtype)
    inner = 1
    if axis is not None:
        inner = 2
        if frame is None:
            if values.ndim < 2 or axis in (-1, values.ndim - 1):
                raise ValueError("The last axis holds the samples: give another one.")
            values = np.moveaxis(values, int(axis), -2)
        else:
            values = np.moveaxis(values, frame.get_axis_num(axis), -2)
            frame = _lag_frame(frame, str(axis))
    outer = values.shape[: values.ndim - inner]
    results = []
    for block in values.reshape(math.prod(outer), *values.shape[len(outer) :]):
        missing = np.isnan(block).any(axis=0) if axis is not None else np.isnan(block)
        results.append(function(block[..., ~missing] if missing.any() else block))
    parts = [np.array(part) for part in zip(*results, strict=True)]
    parts = [part.reshape(outer + part.shape[1:]) for part in parts]
    if parts[0].ndim == 0:
        return Estimate(*(part.item() for part in parts))
    if frame is not None:
        return Estimate(*(frame.copy(data=part) for part in parts))
    return Estimate(*parts)


def _split(samples: Samples, dtype: type = float) -> tuple[NDArray[Any], xr.DataArray | None]:
    """The numbers with the samples last, and for a DataArray what labels a result."""
    frame = None
    if isinstance(samples, xr.DataArray):
        _sample_count(samples)
        frame = samples.sum("sample")
        samples = samples.transpose(..., "sample").to_numpy()
    # "same_kind" lets integers through and refuses complex amplitudes.
    return np.asarray(samples).astype(dtype, casting="same_kind", copy=False), frame


def _lag_frame(frame: xr.DataArray, axis: str) -> xr.DataArray:
    """The labels of a result with the axis replaced by its lags, last."""
    x = frame[axis].to_numpy()
    steps = np.diff(x)
    if not np.allclose(steps, np.mean(steps) if steps.size else 0, rtol=1e-6, atol=0):
        raise ValueError(f"A correlation along {axis!r} needs equally spaced values of it.")
    lags = xr.DataArray(x - x[0], dims=f"{axis}_lag", coords={f"{axis}_lag": x - x[0]})
    return frame.isel({axis: 0}, drop=True) + 0.0 * lags


def _sample_count(array: Any) -> int:
    if not isinstance(array, xr.DataArray):
        return np.shape(array)[-1]
    if "sample" not in array.dims:
        raise ValueError(f"There is no dimension 'sample' among {array.dims}: rename yours.")
    return array.sizes["sample"]


def _paired(a: Samples, b: Samples) -> tuple[Any, Any]:
    """Both with the same samples; DataArrays are matched by the coordinate "sample"."""
    if isinstance(a, xr.DataArray) and isinstance(b, xr.DataArray):
        # Growing one side leaves its new samples unpaired; other axes have to agree.
        a, b = xr.align(a, b, join="inner", exclude=set(a.dims + b.dims) - {"sample"})
        return xr.align(a, b, join="exact")
    if isinstance(a, xr.DataArray) or isinstance(b, xr.DataArray):
        raise TypeError("A pairing needs two arrays or two DataArrays: labels cannot be guessed.")
    a, b = np.asarray(a), np.asarray(b)
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(
            f"A pairing needs the same seeds on both sides, not {a.shape[-1]} and {b.shape[-1]} "
            "samples: cut both to the common ones, or pad with NaN."
        )
    return a, b


def _log(samples: Samples) -> Any:
    values = samples if isinstance(samples, xr.DataArray) else np.asarray(samples)
    blocked = int(np.sum(np.asarray(values) <= 0))
    if blocked:
        raise ValueError(
            f"ln g needs g > 0, but {blocked} of {values.size} samples are zero or negative: "
            "take shorter systems, or put NaN there and say so with the result."
        )
    return np.log(values)


def _take(array: Any, index: NDArray[np.int64]) -> Any:
    return array.isel(sample=index) if isinstance(array, xr.DataArray) else array[..., index]


def _powers(x: Array, order: int) -> Iterator[Array]:
    power = np.ones_like(x)
    yield power
    for _ in range(order):
        power = power * x
        yield power


def _resample_sums(
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


@lru_cache(maxsize=8)
def _draws(n: int, resamples: int, seed: int) -> Array:
    """How often each of n seeds is drawn in each resample: (n, resamples), columns sum to n."""
    drawn = np.random.default_rng(seed).integers(n, size=(resamples, n))
    drawn += n * np.arange(resamples)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=n * resamples)
    return counts.reshape(resamples, n).T.astype(float)


def _k_statistic(sums: Array, order: int) -> Array:
    """Fisher's unbiased cumulant from power sums (orders 0, 1, 2, ... on the first axis)."""
    n = sums[0]
    raw = sums / n
    m1, m2 = raw[1], raw[2] - raw[1] ** 2
    if order == 2:
        return m2 * n / (n - 1)
    if order == 3:
        m3 = raw[3] - 3 * m1 * raw[2] + 2 * m1**3
        return m3 * n**2 / ((n - 1) * (n - 2))
    m4 = raw[4] - 4 * m1 * raw[3] + 6 * m1**2 * raw[2] - 3 * m1**4
    return ((n + 1) * m4 - 3 * (n - 1) * m2**2) * n**2 / ((n - 1) * (n - 2) * (n - 3))


def _format(value: float, error: float, n: int) -> str:
    """Two digits of the error, and the value to the same place."""
    if math.isnan(error):
        return f"{value:.6g} (n = {n}: no error)"
    if not 1e-6 < error < 1e5:
        return f"{value:.6g} ± {error:.2g} (n = {n})"
    places = max(0, 1 - math.floor(math.log10(float(f"{error:.1e}"))))
    return f"{value:.{places}f} ± {error:.{places}f} (n = {n})"
