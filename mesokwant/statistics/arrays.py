"""Arrays and labelled arrays of samples, taken apart into points and put together again."""

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from .estimate import Estimate

Array: TypeAlias = NDArray[np.float64]
Samples: TypeAlias = ArrayLike | xr.DataArray


def each_point(
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
    values, frame = split(samples, dtype)
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


def split(samples: Samples, dtype: type = float) -> tuple[NDArray[Any], xr.DataArray | None]:
    """The numbers with the samples last, and for a DataArray what labels a result."""
    frame = None
    if isinstance(samples, xr.DataArray):
        sample_count(samples)
        frame = samples.sum("sample")
        samples = samples.transpose(..., "sample").to_numpy()
    # "same_kind" lets integers through and refuses complex amplitudes.
    return np.asarray(samples).astype(dtype, casting="same_kind", copy=False), frame


def sample_count(array: Any) -> int:
    if not isinstance(array, xr.DataArray):
        return np.shape(array)[-1]
    if "sample" not in array.dims:
        raise ValueError(f"There is no dimension 'sample' among {array.dims}: rename yours.")
    return array.sizes["sample"]


def paired(a: Samples, b: Samples) -> tuple[Any, Any]:
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


def _lag_frame(frame: xr.DataArray, axis: str) -> xr.DataArray:
    """The labels of a result with the axis replaced by its lags, last."""
    x = frame[axis].to_numpy()
    steps = np.diff(x)
    if not np.allclose(steps, np.mean(steps) if steps.size else 0, rtol=1e-6, atol=0):
        raise ValueError(f"A correlation along {axis!r} needs equally spaced values of it.")
    lags = xr.DataArray(x - x[0], dims=f"{axis}_lag", coords={f"{axis}_lag": x - x[0]})
    return frame.isel({axis: 0}, drop=True) + 0.0 * lags
