"""The value that every statistic returns: a number, or numbers at many points, with errors.

An `Estimate` takes a value, its standard error and the number of samples behind it. It scales and
shifts by exact numbers, selects points as xarray does, and shows itself in a terminal and in a
notebook. It does not combine with another estimate, since only the samples tell how the two are
correlated.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from . import printing


def _arithmetic(formula: Callable[[Any, Any, Any], tuple[Any, Any]]) -> Callable[[Any, Any], Any]:
    """Make a method from a formula (value, error, exact number) -> (new value, new error)."""

    def method(self: "Estimate", other: Any) -> Any:
        exact = _exact(other)
        if exact is NotImplemented:
            return NotImplemented
        value, error = formula(_plain(self.value), _plain(self.error), exact)
        rest = (error, self.n, self.dominated)
        return Estimate(value, *(_broadcast(part, value) for part in rest))

    return method


@dataclass(frozen=True, eq=False)
class Estimate:
    """A value, its standard error, and the number of samples behind it.

    The operators ``+ - * /`` with a number, an array or a DataArray treat that operand as exact:
    factors scale the error by their absolute value, summands leave it as it is, and arrays
    broadcast. A DataArray has to stand on the right of the estimate: write ``-estimate + array``
    for a difference, and ``1 / estimate * array`` for a ratio.
    Two estimates do not combine by operators: use `paired_difference` or `bootstrap` with the
    values of the samples, or `product` for independent estimates.

    Attributes
    ----------
    value, error, n
        Numbers, or arrays or DataArrays of one shape for many points. The error has the unit of
        the value; it is NaN where there are too few samples for one.
    dominated
        Whether one sample carries so much of the sum behind the value that neither the value nor
        its error can be trusted; see `mesokwant.statistics`. Tables mark such a number, and
        figures draw it open and without its error.

    Examples
    --------
    >>> g = Estimate(0.33121, 0.0041, 400)
    >>> print(g)
    0.3312 ± 0.0041 (n = 400)
    >>> 1 - 2 * g
    <Estimate 0.3376 ± 0.0082 (n = 400)>
    >>> print(Estimate(0.33121, float("nan"), 1))
    0.33121 (n = 1: no error)

    Many points are indexed like arrays, or selected by their labels:

    >>> x = xr.DataArray([0.5, 0.8], coords={"flux": [0.0, 0.1]})
    >>> g = Estimate(x, 0.02 * x, xr.full_like(x, 400, dtype=int))
    >>> g
    <Estimate of 2 points (flux: 2)>
    flux=0: 0.500 ± 0.010 (n = 400)
    flux=0.1: 0.800 ± 0.016 (n = 400)
    >>> g.sel(flux=0.1)
    <Estimate 0.800 ± 0.016 (n = 400)>
    """

    value: Any
    error: Any
    n: Any
    dominated: Any = False

    # With this, numpy arrays on the left leave the operation to the estimate.
    __array_ufunc__ = None

    __add__ = __radd__ = _arithmetic(lambda value, error, x: (value + x, error))
    __sub__ = _arithmetic(lambda value, error, x: (value - x, error))
    __rsub__ = _arithmetic(lambda value, error, x: (x - value, error))
    __mul__ = __rmul__ = _arithmetic(lambda value, error, x: (value * x, error * abs(x)))
    __truediv__ = _arithmetic(lambda value, error, x: (value / x, error / abs(x)))
    __rtruediv__ = _arithmetic(lambda value, error, x: (x / value, abs(x) * error / value**2))

    def __neg__(self) -> "Estimate":
        return self * -1

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        # An xarray.DataArray on the left of an operator comes here: it takes every other operand
        # for an array and would lose the error.
        raise TypeError(
            "An Estimate is no array, because an array would lose its error: take its `value`, "
            "or write the Estimate to the left of a DataArray."
        )

    def __len__(self) -> int:
        self._require_points()
        return len(self.value)

    def __iter__(self) -> Iterator["Estimate"]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> "Estimate":
        """Return the points at an index, a slice or a mask, as numpy selects them."""
        self._require_points()
        return self._apply(operator.itemgetter(index))

    def sel(self, *args: Any, **kwargs: Any) -> "Estimate":
        """Return the points at these labels; takes what `xarray.DataArray.sel` takes.

        Raises
        ------
        TypeError
            If the values are no DataArrays.
        KeyError
            If there is no such label.

        Examples
        --------
        >>> x = xr.DataArray([0.5, 0.8], coords={"flux": [0.0, 0.1]})
        >>> Estimate(x, 0.02 * x, 0 * x + 400).sel(flux=0.09, method="nearest")
        <Estimate 0.800 ± 0.016 (n = 400)>
        """
        self._require_labels("sel")
        return self._apply(operator.methodcaller("sel", *args, **kwargs))

    def isel(self, *args: Any, **kwargs: Any) -> "Estimate":
        """Return the points at these positions; takes what `xarray.DataArray.isel` takes.

        Raises
        ------
        TypeError
            If the values are no DataArrays.

        Examples
        --------
        >>> x = xr.DataArray([0.5, 0.8], coords={"flux": [0.0, 0.1]})
        >>> Estimate(x, 0.02 * x, 0 * x + 400).isel(flux=-1)
        <Estimate 0.800 ± 0.016 (n = 400)>
        """
        self._require_labels("isel")
        return self._apply(operator.methodcaller("isel", *args, **kwargs))

    def numpy(self) -> "Estimate":
        """Return the same estimate without labels: plain numpy arrays, or Python numbers.

        Examples
        --------
        >>> x = xr.DataArray([0.5, 0.8], coords={"flux": [0.0, 0.1]})
        >>> Estimate(x, 0.02 * x, 0 * x + 400).numpy().value
        array([0.5, 0.8])
        """
        if np.ndim(self.value) == 0:
            parts = float(self.value), float(self.error), int(self.n), bool(self.dominated)
            return Estimate(*parts)
        return self._apply(np.asarray)

    def to_dataset(self) -> xr.Dataset:
        """Return a Dataset with the variables "value", "error", "n" and "dominated".

        Dimensions without a name are called "dim_0", "dim_1", ... as xarray does.

        Examples
        --------
        >>> dict(Estimate([0.5, 0.8], [0.01, 0.02], [400, 400]).to_dataset().sizes)
        {'dim_0': 2}
        """
        parts = {"value": self.value, "error": self.error, "n": self.n}
        parts["dominated"] = _broadcast(self.dominated, self.value)
        return xr.Dataset({name: xr.DataArray(part) for name, part in parts.items()})

    def __str__(self) -> str:
        return printing.text(self.value, self.error, self.n, self.dominated)

    def __repr__(self) -> str:
        if np.ndim(self.value) == 0:
            return f"<Estimate {self}>"
        return f"<Estimate of {printing.points_and_sizes(self.value)}>\n{self}".rstrip()

    def _repr_html_(self) -> str:
        return printing.table(self.value, self.error, self.n, self.dominated)

    def _apply(self, function: Callable[[Any], Any]) -> "Estimate":
        dominated = self.dominated if np.ndim(self.dominated) == 0 else function(self.dominated)
        return Estimate(function(self.value), function(self.error), function(self.n), dominated)

    def _require_points(self) -> None:
        if np.ndim(self.value) == 0:
            raise TypeError(
                "This Estimate is a single number and has no points to choose from: use its "
                "`value` and `error`."
            )

    def _require_labels(self, method: str) -> None:
        if not isinstance(self.value, xr.DataArray):
            raise TypeError(
                f"`{method}` needs an Estimate of DataArrays, and this one has no labels: index "
                "it with brackets, or compute it from a DataArray."
            )


def _plain(quantity: Any) -> Any:
    """Return a DataArray as it is, and anything else as a numpy array or a Python number."""
    if isinstance(quantity, xr.DataArray):
        return quantity
    array = np.asarray(quantity)
    return array.item() if array.ndim == 0 else array


def _exact(other: Any) -> Any:
    """The other operand of an arithmetic operation; NotImplemented where it is no real number."""
    if isinstance(other, Estimate):
        raise TypeError(
            "Two estimates cannot be combined by operators, since they may be correlated: use "
            "`paired_difference` or `bootstrap` with the values of the samples, or `product` for "
            "independent estimates."
        )
    exact = _plain(other)
    kind = exact.dtype.kind if hasattr(exact, "dtype") else np.asarray(exact).dtype.kind
    return exact if kind in "biuf" else NotImplemented


def _broadcast(quantity: Any, value: Any) -> Any:
    """Repeat an error, a number of samples or a flag at all points of the value."""
    if isinstance(value, xr.DataArray):
        # xarray broadcasts by names, and drops the points that alignment has dropped.
        kind = bool if np.asarray(quantity).dtype == bool else int
        zeros = xr.zeros_like(value, dtype=kind)
        repeated = quantity | zeros if kind is bool else quantity + zeros
        return repeated.transpose(*value.dims)
    quantity = _plain(quantity)
    if np.ndim(value) == 0:
        return quantity
    return np.broadcast_to(quantity, np.shape(value)).copy()
