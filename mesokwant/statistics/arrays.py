"""Arrays and labelled arrays of values, taken apart into points and put together again.

The values of the samples are on the last axis of an array, or on the dimension "sample" of a
DataArray. `each_point` applies a function of one point's values to all points and gives an
`Estimate` with the labels of the remaining dimensions.
"""

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from .estimate import Estimate

Array: TypeAlias = NDArray[np.float64]
Values: TypeAlias = ArrayLike | xr.DataArray


def each_point(
    values: Values,
    function: Callable[[Any], tuple[Any, ...]],
    *,
    axis: int | str | None = None,
    dtype: type = float,
) -> Estimate:
    """Apply a function (valid values of a point) -> (value, error, n[, dominated]) to every point.

    With `axis`, the function gets a matrix (axis, samples) of the samples that are valid on all
    of the axis, and it returns arrays along the lags of that axis.

    Raises
    ------
    ValueError
        If the axis is the one of the samples.
    """
    array, frame = split(values, dtype)
    inner = 1
    if axis is not None:
        inner = 2
        if frame is None:
            if array.ndim < 2 or axis in (-1, array.ndim - 1):
                raise ValueError("The last axis holds the samples: give another one.")
            array = np.moveaxis(array, int(axis), -2)
        else:
            array = np.moveaxis(array, frame.get_axis_num(axis), -2)
            frame = _lag_frame(frame, str(axis))
    outer = array.shape[: array.ndim - inner]
    results = []
    for point in array.reshape(math.prod(outer), *array.shape[len(outer) :]):
        missing = np.isnan(point).any(axis=0) if axis is not None else np.isnan(point)
        results.append(function(point[..., ~missing] if missing.any() else point))
    parts = [np.array(part) for part in zip(*results, strict=True)]
    parts = [part.reshape(outer + part.shape[1:]) for part in parts]
    if parts[0].ndim == 0:
        return Estimate(*(part.item() for part in parts))
    if frame is not None:
        return Estimate(*(frame.copy(data=part) for part in parts))
    return Estimate(*parts)


def split(values: Values, dtype: type = float) -> tuple[NDArray[Any], xr.DataArray | None]:
    """Return the numbers with the samples last, and for a DataArray what labels a result."""
    if dtype is not complex:
        require_real(values)
    frame = None
    if isinstance(values, xr.DataArray):
        sample_count(values)
        frame = values.sum("sample")
        values = values.transpose(..., "sample").to_numpy()
    # "same_kind" lets integers through and refuses text.
    return np.asarray(values).astype(dtype, casting="same_kind", copy=False), frame


def require_real(values: Any) -> None:
    """Refuse complex numbers, which have no order, no logarithm with an error and no sign.

    Raises
    ------
    TypeError
        If the values are complex.
    """
    if np.iscomplexobj(values):
        raise TypeError(
            "This statistic needs real values, and these are complex: take their real part, "
            "imaginary part, absolute value or `numpy.angle` first."
        )


def sample_count(array: Any) -> int:
    """Return the number of samples, missing ones included."""
    if not isinstance(array, xr.DataArray):
        return np.shape(array)[-1]
    if "sample" not in array.dims:
        raise ValueError(f"There is no dimension 'sample' among {array.dims}: rename yours.")
    return array.sizes["sample"]


def paired(a: Values, b: Values) -> tuple[Any, Any]:
    """Return both with the same samples; DataArrays are matched by the coordinate "sample".

    Raises
    ------
    TypeError
        If only one of them is a DataArray, or one is complex.
    ValueError
        If the numbers of samples of two arrays, or other coordinates of two DataArrays, differ.
    """
    require_real(a)
    require_real(b)
    if isinstance(a, xr.DataArray) and isinstance(b, xr.DataArray):
        # If one side has more samples, they stay unpaired. The other axes have to agree.
        a, b = xr.align(a, b, join="inner", exclude=set(a.dims + b.dims) - {"sample"})
        return xr.align(a, b, join="exact")
    if isinstance(a, xr.DataArray) or isinstance(b, xr.DataArray):
        raise TypeError("A pairing needs two arrays or two DataArrays: labels cannot be guessed.")
    a, b = np.asarray(a), np.asarray(b)
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(
            f"A pairing needs the same samples on both sides, not {a.shape[-1]} and {b.shape[-1]} "
            "of them: cut both to the common samples, or pad with NaN."
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
