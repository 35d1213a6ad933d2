"""Call a value function of Kwant once for many sites, with objects that look like those of one.

`ManySites` stands for many sites of one family where a value function expects a single
`kwant.builder.Site`. Its ``tag`` and ``pos`` are `PerSite` objects: each of them holds one number,
vector or matrix for every site, but has the shape, the elements and the arithmetic of that of a
single site. A function that is written for one site, with NumPy's functions instead of those of
`math`, therefore works for many without a change.

A `PerSite` offers operations on each site by itself and no others: it can't be summed over sites,
be turned into a plain array, decide an ``if``, or be a key of a dictionary. What it refuses raises
a `TypeError`. A function that returns a `PerSite` has therefore treated every site alike and by
itself, unless it asks for the types of its arguments.

Examples
--------
>>> x = PerSite(np.array([0.0, 1.0, 2.0]))
>>> (np.exp(1j * np.pi * x) * np.eye(2)).shape
(2, 2)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
import tinyarray
from numpy.typing import NDArray


class PerSite(np.lib.mixins.NDArrayOperatorsMixin):
    """A number, vector or matrix of each of many sites.

    Attributes
    ----------
    data
        Its values; shape (sites, ...), where the remaining axes are those of a single site.
    """

    __slots__ = ("data",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, data: NDArray) -> None:
        self.data = data

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of what a single site has: ``()`` for a number, (axes,) for a position."""
        return self.data.shape[1:]

    @property
    def ndim(self) -> int:
        """Number of axes of what a single site has."""
        return self.data.ndim - 1

    @property
    def real(self) -> PerSite:
        """Real part."""
        return PerSite(self.data.real.copy())

    @property
    def imag(self) -> PerSite:
        """Imaginary part."""
        return PerSite(self.data.imag.copy())

    def conjugate(self) -> PerSite:
        """Complex conjugate."""
        return PerSite(self.data.conj())

    conj = conjugate

    def transpose(self) -> PerSite:
        """Transpose of a matrix; a number or vector as it is."""
        return PerSite(np.ascontiguousarray(self.data.swapaxes(-2, -1))) if self.ndim > 1 else self

    T = property(transpose)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a number of each site has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[PerSite]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, index: Any) -> PerSite:
        index = index if isinstance(index, tuple) else (index,)
        if any(isinstance(part, PerSite | np.ndarray | list) for part in index):
            raise TypeError("elements of what a site has can only be chosen by whole numbers")
        return PerSite(np.ascontiguousarray(self.data[(slice(None), *index)]))

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(
            "the values of many sites can't be used where one value is needed, as in an if; "
            "numpy.where chooses between values site by site"
        )

    # Text would be the same for all sites, although value functions make random numbers of it.
    __bool__ = __repr__ = __str__ = __format__ = __reduce_ex__ = _refuse

    # Numbers and vectors of tinyarray, for which this stands, are immutable: `x += 1` makes
    # a new value.
    __iadd__ = np.lib.mixins.NDArrayOperatorsMixin.__add__
    __isub__ = np.lib.mixins.NDArrayOperatorsMixin.__sub__
    __imul__ = np.lib.mixins.NDArrayOperatorsMixin.__mul__
    __itruediv__ = np.lib.mixins.NDArrayOperatorsMixin.__truediv__
    __ifloordiv__ = np.lib.mixins.NDArrayOperatorsMixin.__floordiv__
    __imod__ = np.lib.mixins.NDArrayOperatorsMixin.__mod__
    __ipow__ = np.lib.mixins.NDArrayOperatorsMixin.__pow__

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        # Reductions, `out=` and `where=` could reach from one site to another.
        if method != "__call__" or kwargs:
            return NotImplemented
        if ufunc is np.matmul:
            if any(np.ndim(value) != 2 for value in inputs):
                return NotImplemented
        elif ufunc.signature is not None:
            return NotImplemented
        return _for_each(_product if ufunc is np.multiply else ufunc, *inputs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func not in FUNCTIONS or kwargs:
            return NotImplemented
        return FUNCTIONS[func](*args)


def _for_each(function: Callable[..., Any], *inputs: Any) -> Any:
    """Call a function of arrays that broadcasts, such that it acts on every site by itself."""
    values = [_assembled(value) for value in inputs]
    depth = max(np.ndim(value) for value in values)
    arrays = []
    for value in values:
        if isinstance(value, PerSite):
            sites, *shape = value.data.shape
            value = value.data.reshape(sites, *(1,) * (depth - len(shape)), *shape)
        arrays.append(value)
    result = function(*arrays)
    return tuple(map(PerSite, result)) if isinstance(result, tuple) else PerSite(result)


def _product(a: Any, b: Any) -> Any:
    """Multiply as numbers of Python are multiplied.

    NumPy fuses the operations of a complex product of arrays on some processors and rounds it
    otherwise than that of two numbers.
    """
    if not (np.iscomplexobj(a) and np.iscomplexobj(b)):
        return np.multiply(a, b)
    result = np.empty(np.broadcast_shapes(np.shape(a), np.shape(b)), complex)
    result.real = a.real * b.real - a.imag * b.imag
    result.imag = a.real * b.imag + a.imag * b.real
    return result


def _norm(vector: PerSite) -> PerSite:
    if vector.ndim != 1:
        raise TypeError("numpy.linalg.norm is known for vectors alone")
    return PerSite(np.sqrt(np.sum(np.abs(vector.data) ** 2, axis=1)))


def _interpolated(x: PerSite, xs: Any, ys: Any) -> PerSite:
    if isinstance(xs, PerSite) or isinstance(ys, PerSite):
        raise TypeError("numpy.interp needs the same points for all sites")
    return PerSite(np.interp(x.data, xs, ys))


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.ndim: lambda value: value.ndim,
    np.shape: lambda value: value.shape,
    np.linalg.norm: _norm,
    np.interp: _interpolated,
    **{
        function: (lambda *values, function=function: _for_each(function, *values))
        for function in (np.where, np.clip, np.real, np.imag, np.angle, np.sinc, np.isclose)
    },
}
"""The functions of NumPy, beside its universal functions, that act on every site by itself."""


def _assembled(value: Any) -> Any:
    """Make one `PerSite` of an array or of nested lists that have some as elements."""
    if isinstance(value, list | tuple):
        value = np.array(value)
    elif type(value).__module__ == "tinyarray":
        return np.asarray(value)
    if not (isinstance(value, np.ndarray) and value.dtype == object):
        return value
    parts = [part for part in value.flat if isinstance(part, PerSite)]
    if not parts or any(part.shape for part in parts):
        raise TypeError("the elements of a matrix must be numbers")
    columns = [np.broadcast_to(getattr(v, "data", v), len(parts[0].data)) for v in value.flat]
    return PerSite(np.stack(columns, axis=1).reshape(-1, *value.shape))


def blocks(result: Any, shape: tuple[int, int], sites: int) -> NDArray[np.complex128]:
    """Read what a value function returned for many sites or bonds.

    Parameters
    ----------
    result
        A `PerSite`, a matrix that has some as elements, or one value for all.
    shape
        Shape of the block of a single site or bond.
    sites
        Number of sites or bonds.

    Returns
    -------
    numpy.ndarray
        Shape (sites, *shape).

    Raises
    ------
    TypeError
        If the function returned no numbers, or blocks of another shape.
    """
    result = _assembled(result)
    if not isinstance(result, PerSite):
        # The function has not looked at the sites.
        matrix = np.asarray(tinyarray.matrix(result, complex))
        result = PerSite(np.broadcast_to(matrix, (sites, *matrix.shape)))
    if result.data.dtype.kind not in "biufc":
        raise TypeError("the value function returned no numbers")
    data = result.data.reshape(-1, 1, 1) if result.ndim == 0 else result.data
    if data.shape != (sites, *shape):
        raise TypeError(f"the value function returned blocks of shape {result.shape}, not {shape}")
    return data.astype(complex)


class Family:
    """The sites of one family in a system, with their tags and positions as arrays."""

    def __init__(self, sites: list[Any]) -> None:
        self.family = sites[0].family
        self.sites = sites

    @cached_property
    def tags(self) -> NDArray:
        """Shape (sites, ...).

        Raises
        ------
        TypeError
            If tags are no integers.
        """
        tags = np.array([site.tag for site in self.sites])
        if tags.dtype.kind != "i":
            raise TypeError("the tags of this family are no integers")
        return tags

    @cached_property
    def positions(self) -> NDArray[np.float64]:
        """Shape (sites, axes)."""
        return np.array([site.pos for site in self.sites], float)


class ManySites:
    """Many sites of one family, in the form of one.

    Attributes
    ----------
    family
        The family that all sites have in common.
    size
        Number of sites.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, members: Family, chosen: NDArray[np.int64]) -> None:
        self._members, self._chosen = members, chosen
        self.family = members.family
        self.size = len(chosen)

    @cached_property
    def tag(self) -> PerSite:
        """Tags of the sites."""
        return PerSite(self._members.tags[self._chosen])

    @cached_property
    def pos(self) -> PerSite:
        """Positions of the sites."""
        return PerSite(self._members.positions[self._chosen])

    def __iter__(self) -> Iterator[Any]:
        return iter((self.family, self.tag))

    def __getitem__(self, index: int) -> Any:
        return (self.family, self.tag)[index]

    def __len__(self) -> int:
        return 2

    def _refuse(self, *args: Any) -> NoReturn:
        raise TypeError("many sites can't be compared or written as one can")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __repr__ = __str__ = __format__ = __reduce_ex__ = _refuse
