"""The small parameter of diffusion in a field."""

import numpy as np
import pytest

from mesokwant.theory import field_per_path


def test_magnetic_length_is_the_mean_free_path_where_the_parameter_is_one():
    path = 4.0
    assert field_per_path(1 / (4 * np.pi * path**2), path) == pytest.approx(1.0)


def test_parameter_is_the_same_for_both_signs_of_the_field():
    flux = np.array([-2e-3, 0.0, 2e-3])
    first, nothing, last = field_per_path(flux, 4.0)
    assert first == last > nothing == 0
