"""What many sites have in common with one, and what they refuse."""

import copy
import math
import operator

import numpy as np
import pytest
import scipy.special
import tinyarray as ta
from hypothesis import given
from hypothesis import strategies as st

from mesokwant.hamiltonian.persite import PerSite

X = np.array([0.3, -1.2, 2.0])
V = np.array([[0.3, 1.0], [-1.2, 2.0], [2.0, 0.5]])
MATRIX = np.array([[1.0, 2.0j], [-2.0j, 0.5]])

SAME = [
    lambda x, v: -x + 2 * x**2 - 1 / x,
    lambda x, v: np.exp(1j * x) * MATRIX,
    lambda x, v: x * ta.array([[1, 2], [3, 4]]),
    lambda x, v: np.where(x > 0, x, 3.0) * np.cos(v[1]),
    lambda x, v: np.hypot(*v) + sum(v) - v[-1] * len(v),
    lambda x, v: (v - np.array([1.0, 2.0])) * (1, -1) / x,
    lambda x, v: np.linalg.norm(v - np.array([1.0, 2.0])),
    lambda x, v: (x * MATRIX) @ MATRIX + np.conj(np.exp(1j * x) * MATRIX).T,
    lambda x, v: np.clip(x, -1, 1) + np.interp(x, [-2, 0, 3], [1, 2, 5]) + np.sinc(x),
    lambda x, v: np.real(np.exp(1j * x)) + np.exp(1j * x).imag + np.angle(np.exp(1j * x)),
    lambda x, v: scipy.special.erf(x) + divmod(x, 0.7)[1],
    lambda x, v: (x < 1) & ~(v[1] >= 1),
    lambda x, v: x * 0 + np.ndim(v) + np.shape(v)[0] + v.ndim,
]


@pytest.mark.parametrize("function", SAME)
def test_every_site_gets_what_it_gets_alone(function):
    together = function(PerSite(X), PerSite(V))
    alone = [np.asarray(function(np.float64(x), v)) for x, v in zip(X, V, strict=True)]
    assert together.shape == alone[0].shape
    np.testing.assert_allclose(together.data, alone, rtol=1e-15, atol=1e-15)


number = st.floats(-1e3, 1e3).filter(lambda x: x == 0 or abs(x) > 1e-30)


@given(st.lists(st.tuples(number, number, number, number), min_size=2))
def test_complex_products_are_those_of_numbers_to_the_last_bit(parts):
    a, b = np.array([(complex(p, q), complex(r, s)) for p, q, r, s in parts]).T
    expected = [complex(x) * complex(y) for x, y in zip(a, b, strict=True)]
    assert (PerSite(a) * PerSite(b)).data.tolist() == expected


REFUSED = [
    bool, float, int, complex, hash, repr, str, math.sin, operator.index, copy.copy,
    np.sum, np.any, np.max, np.sort, np.dot, np.unique, np.float64, ta.array,
    np.add.reduce, np.add.accumulate,
    lambda x: len(x),
    lambda x: x[0],
    lambda x: list(x),
    lambda x: f"{x}",
    lambda x: 1 if x > 0 else 2,
    lambda x: x in (1, 2),
    lambda x: min(x, 0),
    lambda x: x.data_of_all,
    lambda x: np.asarray(x) > 0 or 1,
    lambda x: np.add(x, 1, out=x),
    lambda x: np.add(x, 1, where=x > 0),
    lambda x: np.interp(0.5, x, x),
    lambda x: np.array([1, 2, 3])[x],
    lambda x: {x: 1},
    lambda x: np.matmul(x, x),
]  # fmt: skip


@pytest.mark.parametrize("function", REFUSED)
def test_what_needs_one_value_is_refused(function):
    with pytest.raises((TypeError, AttributeError, IndexError, ValueError)):
        function(PerSite(X))


def test_an_index_reaches_no_other_site():
    with pytest.raises(TypeError, match="whole numbers"):
        PerSite(V)[np.array([0, 1])]
    np.testing.assert_array_equal(PerSite(V)[..., None].data, V[..., None])


def test_an_assignment_in_place_makes_a_new_value():
    before = PerSite(X)
    after = before
    after += 1
    np.testing.assert_array_equal(before.data, X)
    np.testing.assert_array_equal(after.data, X + 1)
