"""The scaling law of a quantity near a transition, expanded in relevant and irrelevant fields.

A `ScalingLaw` takes orders of expansion and gives the law as a function of its parameters, of the
control (disorder, energy) and of the size:

    F(φ₁, φ₂) = Σ_ij a_ij φ₁^i φ₂^j,   φ₁ = u(w) (L/L₀)^(1/ν),   φ₂ = v(w) (L/L₀)^y,
    u(w) = w + b₂ w² + ...,   v(w) = 1 + c₁ w + ...,   w = control - critical point,   y < 0 < ν.

References
----------
.. [1] K. Slevin and T. Ohtsuki, Phys. Rev. Lett. 82, 382 (1999).
.. [2] K. Slevin and T. Ohtsuki, New J. Phys. 16, 015012 (2014).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.polynomial.polynomial import polyder, polyval, polyval2d

from .arrays import Array


@dataclass(frozen=True)
class ScalingLaw:
    """The law F of the module, as a function of a list of parameters.

    Attributes
    ----------
    order, irrelevant_order
        Highest powers of φ₁ and of φ₂ in F.
    correction_order
        Highest power of φ₁ in the terms with φ₂.
    field_order, irrelevant_field_order
        Highest powers of w in u and in v.
    y
        Exponent of the irrelevant field, or None where it is a parameter.
    reference_size
        L₀. It changes the coefficients alone and makes them well determined.

    Notes
    -----
    The coefficients of w in u and of 1 in v are 1. The literature fixes a₁₀ and a₀₁ instead: the
    laws are the same, and here most parameters are linear.
    """

    order: int
    irrelevant_order: int
    correction_order: int
    field_order: int
    irrelevant_field_order: int
    y: float | None
    reference_size: float

    @cached_property
    def names(self) -> list[str]:
        """Names of the parameters, of which "inverse_nu" stands for 1/ν."""
        return [
            "critical_point",
            "inverse_nu",
            *(["y"] if self.irrelevant_order and self.y is None else []),
            *(f"a{i}{j}" for i, j in self._powers),
            *(f"b{j}" for j in range(2, self.field_order + 1)),
            *(f"c{j}" for j in range(1, self._irrelevant_field_order + 1)),
        ]

    def __call__(self, parameters: Array, control: Array, size: Array) -> Array:
        """Return F for arrays of one shape, or that broadcast."""
        first, second = self.fields(parameters, control, size)
        return np.asarray(polyval2d(first, second, self._split(parameters)[3]), dtype=float)

    def fields(self, parameters: Array, control: Array, size: Array) -> tuple[Array, Array]:
        """Return φ₁ and φ₂; without an irrelevant field the latter is 0."""
        _, _, _, (u, v), (growth, decay) = self._terms(parameters, control, size)
        return u * growth, v * decay

    def scaling_function(self, parameters: Array, scaled: Array) -> Array:
        """Return F(φ₁, 0)."""
        return np.asarray(polyval(scaled, self._split(parameters)[3][:, 0]), dtype=float)

    def basis(self, parameters: Array, control: Array, size: Array) -> Array:
        """Return what multiplies each a_ij, an array (points, coefficients)."""
        return np.stack(self._products(*self.fields(parameters, control, size)), axis=-1)

    def jacobian(self, parameters: Array, control: Array, size: Array) -> Array:
        """Return the derivatives of F by the parameters, an array (points, parameters)."""
        w, a, polynomials, (u, v), (growth, decay) = self._terms(parameters, control, size)
        first, second = u * growth, v * decay
        by_first = polyval2d(first, second, polyder(a, axis=0)) * growth
        by_second = polyval2d(first, second, polyder(a, axis=1)) * decay
        du, dv = (polyval(w, polyder(polynomial)) for polynomial in polynomials)
        log_size = np.log(size / self.reference_size)
        return np.stack(
            [
                -by_first * du - by_second * dv,
                by_first * u * log_size,
                *([by_second * v * log_size] if "y" in self.names else []),
                *self._products(first, second),
                *(by_first * w**j for j in range(2, self.field_order + 1)),
                *(by_second * w**j for j in range(1, self._irrelevant_field_order + 1)),
            ],
            axis=-1,
        )

    @property
    def _irrelevant_field_order(self) -> int:
        return self.irrelevant_field_order if self.irrelevant_order else 0

    @cached_property
    def _powers(self) -> list[tuple[int, int]]:
        return [
            (i, j)
            for i in range(self.order + 1)
            for j in range(self.irrelevant_order + 1)
            if j == 0 or i <= self.correction_order
        ]

    def _products(self, first: Array, second: Array) -> list[Array]:
        return [first**i * second**j for i, j in self._powers]

    def _split(self, parameters: Array) -> tuple[float, float, float, Array, tuple[Array, Array]]:
        """The critical point, 1/ν, y, the matrix a and the polynomials u and v."""
        fitted = "y" in self.names
        first = 3 if fitted else 2
        last = first + len(self._powers)
        a = np.zeros((self.order + 1, self.irrelevant_order + 1))
        a[tuple(np.transpose(self._powers))] = parameters[first:last]
        b, c = np.split(parameters[last:], [self.field_order - 1])
        y = parameters[2] if fitted else self.y or 0.0
        v = np.concatenate([[1.0], c]) if self.irrelevant_order else np.zeros(1)
        return parameters[0], parameters[1], y, a, (np.concatenate([[0.0, 1.0], b]), v)

    def _terms(self, parameters: Array, control: Array, size: Array) -> tuple[Any, ...]:
        """w, a, the polynomials u and v, their values, and the powers of the size."""
        critical, inverse_nu, y, a, polynomials = self._split(parameters)
        w, ratio = control - critical, size / self.reference_size
        values = tuple(polyval(w, polynomial) for polynomial in polynomials)
        return w, a, polynomials, values, (ratio**inverse_nu, ratio**y)
