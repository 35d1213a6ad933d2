"""How estimates are compared with what is known exactly."""

import numpy as np
import pytest


def pulls(estimate, expected):
    """(value - expected) / error: of unit variance where the error is right."""
    return (np.asarray(estimate.value) - expected) / np.asarray(estimate.error)


def assert_honest(estimate, expected):
    """Over many independent points: no bias, and the errors are the scatter of the values."""
    value, error = np.asarray(estimate.value), np.asarray(estimate.error)
    assert abs(value.mean() - expected) < 4 * value.std() / np.sqrt(value.size)
    assert np.sqrt(np.mean(error**2)) == pytest.approx(value.std(), rel=0.1)
