"""A theoretical expectation as a value: the number, and a bound on what theory leaves out.

It takes the number (or an array of numbers), the systematic bound, the argument for the bound,
the source, and the standard error that measured inputs of the formula give it. It gives a value
that scales and adds, so that a claim and a figure draw the same expectation with the same bound
from one object. `mesokwant.theory.propagated` finds the error from those of the inputs.

>>> rise = Prediction(1 / 3, 0.01, because="finite width", source="Mello & Stone 1991")
>>> print(2 * rise)
0.667 ± 0.020 (bound: finite width; Mello & Stone 1991)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Prediction:
    """A theoretical value, or an array of them, with a bound on its systematic error.

    A prediction can be scaled by numbers and arrays, and shifted by them; its bound and its error
    then scale by their magnitude. Two predictions can be added and subtracted: their bounds add,
    because a bound has no sign that could cancel, and their reasons and sources are joined. Their
    errors add as well, because the same measured length usually stands behind both.

    Parameters
    ----------
    value
        The expected number, or an array of expected numbers, in the unit of what is measured.
    bound
        The largest distance from `value` that is due to what theory leaves out, at least zero:
        one number, or an array of the shape of `value`. It is kept in the shape of `value`.
    because
        The argument for the bound. It is required where a bound is positive.
    source
        The formula and the paper.
    error
        Standard error of `value` that is due to measured inputs of the formula, such as the mean
        free path; see `propagated`. It is given and kept as the bound is. A claim adds it to the
        error of what is measured, in quadrature.

    Raises
    ------
    ValueError
        If a bound or an error is negative or NaN, if it has another shape than `value`, or if a
        bound is positive and `because` is empty.

    Examples
    --------
    >>> p = Prediction([0.5, 1.0], 0.02, because="finite width")
    >>> print(p[0] - 0.1)
    0.400 ± 0.020 (bound: finite width)
    >>> p.mean().value
    0.75
    """

    value: Any
    bound: Any = 0.0
    because: str = ""
    source: str = ""
    error: Any = 0.0

    # With this, numpy leaves `array * prediction` to the methods below.
    __array_ufunc__ = None

    def __post_init__(self) -> None:
        value = np.array(self.value, dtype=float)
        for name in ("bound", "error"):
            width = np.array(getattr(self, name), dtype=float)
            if width.ndim and width.shape != value.shape:
                raise ValueError(
                    f"The {name} has the shape {width.shape} and the value has the shape "
                    f"{value.shape}: give one {name} for all values, or one for each."
                )
            if not np.all(width >= 0):
                raise ValueError(
                    f"The {name} of a prediction must be zero or positive, but it is {width}: "
                    f"give its magnitude, or leave the {name} out."
                )
            object.__setattr__(self, name, _plain(np.full(value.shape, width)))
        if np.any(np.greater(self.bound, 0)) and not self.because:
            raise ValueError(
                f"The bound of a prediction is {self.bound}, but no argument for it is given: "
                "say in `because` what theory leaves out."
            )
        object.__setattr__(self, "value", _plain(value))

    @property
    def low(self) -> Any:
        """The smallest value that the bound allows, ``value - bound``."""
        return self.value - self.bound

    @property
    def high(self) -> Any:
        """The largest value that the bound allows, ``value + bound``."""
        return self.value + self.bound

    def with_bound(self, bound: ArrayLike, because: str) -> Prediction:
        """Add another bound and the argument for it.

        Parameters
        ----------
        bound
            The bound to add, in the unit of the value: one number, or one for each value.
        because
            The argument for this bound.

        Returns
        -------
        The same value with the sum of the bounds.

        Raises
        ------
        ValueError
            If the bound is negative or NaN, or positive without an argument.

        Examples
        --------
        >>> print(Prediction(1.0, 0.1, "short wire").with_bound(0.05, "finite width"))
        1.00 ± 0.15 (bound: short wire; finite width)
        """
        return self + Prediction(np.zeros(np.shape(bound)), bound, because)

    def sum(self) -> Prediction:
        """Return the sum of all values; their bounds add, and so do their errors."""
        return self._replaced(np.sum(self.value), np.sum(self.bound), np.sum(self.error))

    def mean(self) -> Prediction:
        """Return the mean of the values, of their bounds and of their errors: a pooled claim."""
        return self._replaced(np.mean(self.value), np.mean(self.bound), np.mean(self.error))

    def normalized(self) -> Prediction:
        """Return the prediction divided by its own value: 1, with the relative bound and error.

        This is what the ratio of the measured to the expected value is compared with.

        Raises
        ------
        ValueError
            If a value is zero or not finite.
        """
        if not np.all(np.isfinite(self.value)) or np.any(np.equal(self.value, 0)):
            raise ValueError(
                f"A prediction of {self.value} cannot be divided by itself: "
                "compare the difference of measured and expected value instead of the ratio."
            )
        return self / self.value

    def __len__(self) -> int:
        return len(self.value)

    def __float__(self) -> float:
        if np.ndim(self.value):
            raise TypeError(
                f"A prediction of shape {np.shape(self.value)} is no single number: "
                "select one value with [index] first."
            )
        return float(self.value)

    def __getitem__(self, index: Any) -> Prediction:
        """Select some of the values, with their bounds, as numpy does."""
        parts = (self.value, self.bound, self.error)
        return self._replaced(*(np.asarray(part)[index] for part in parts))

    def __neg__(self) -> Prediction:
        return self._replaced(np.negative(self.value), self.bound, self.error)

    def __mul__(self, factor: Any) -> Prediction:
        if not _is_number(factor):
            return NotImplemented
        numbers = np.asarray(factor, dtype=float)
        size = np.abs(numbers)
        return self._replaced(self.value * numbers, self.bound * size, self.error * size)

    __rmul__ = __mul__

    def __truediv__(self, divisor: Any) -> Prediction:
        if not _is_number(divisor):
            return NotImplemented
        numbers = np.asarray(divisor, dtype=float)
        size = np.abs(numbers)
        return self._replaced(self.value / numbers, self.bound / size, self.error / size)

    def __add__(self, other: Any) -> Prediction:
        if isinstance(other, Prediction):
            return Prediction(
                np.add(self.value, other.value),
                np.add(self.bound, other.bound),
                _joined(self.because, other.because),
                _joined(self.source, other.source),
                np.add(self.error, other.error),
            )
        if not _is_number(other):
            return NotImplemented
        value = self.value + np.asarray(other, dtype=float)
        widths = (np.broadcast_to(part, value.shape) for part in (self.bound, self.error))
        return self._replaced(value, *widths)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Prediction:
        if isinstance(other, Prediction):
            return self + (-other)
        if not _is_number(other):
            return NotImplemented
        return self + np.negative(np.asarray(other, dtype=float))

    def __rsub__(self, other: Any) -> Prediction:
        return -self + other

    def __str__(self) -> str:
        argument = f"bound: {self.because}" if np.any(np.greater(self.bound, 0)) else ""
        error = ""
        if np.any(np.greater(self.error, 0)):
            error = "error of inputs: " + ", ".join(f"{e:.2g}" for e in np.ravel(self.error))
        notes = _joined(argument, error, self.source)
        return _format(self.value, self.bound) + (f" ({notes})" if notes else "")

    def __repr__(self) -> str:
        return f"<Prediction {self}>"

    def _replaced(self, value: Any, bound: Any, error: Any) -> Prediction:
        """Return another value, bound and error with the same argument and source."""
        return Prediction(value, bound, self.because, self.source, error)


def _is_number(operand: Any) -> bool:
    """Whether the operand is a number or an array, which numpy can convert."""
    return isinstance(operand, Real) or (
        hasattr(operand, "__array__") and not isinstance(operand, Prediction)
    )


def _plain(array: NDArray[np.float64]) -> Any:
    """Return an array, or a plain number instead of an array without dimensions."""
    return array if array.ndim else float(array)


def _joined(*texts: str) -> str:
    """Join reasons or sources by semicolons, each of them once."""
    parts = [part for text in texts for part in text.split("; ") if part]
    return "; ".join(dict.fromkeys(parts))


def _format(value: Any, bound: Any) -> str:
    """Write the bound with two digits, and the value to the same place."""
    if np.ndim(value):
        return "[" + ",\n ".join(_format(*pair) for pair in zip(value, bound, strict=True)) + "]"
    if bound == 0:
        return f"{value:.6g}"
    if not 1e-6 < bound < 1e5:
        return f"{value:.6g} ± {bound:.2g}"
    places = max(0, 1 - math.floor(math.log10(float(f"{bound:.1e}"))))
    return f"{value:.{places}f} ± {bound:.{places}f}"
