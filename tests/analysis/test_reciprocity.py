"""The asymmetry of curves against the field, on curves whose asymmetry is known."""

import numpy as np
import pytest
import xarray as xr

from mesokwant.analysis import field_asymmetry, reciprocity_claim


def test_largest_asymmetry_of_a_curve():
    flux = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0])
    even = xr.DataArray(
        np.cos(flux)[:, None] * [1.0, 2.0, np.nan], dims=("flux", "sample"), coords={"flux": flux}
    )
    assert field_asymmetry(even).value == 0
    odd = even + 0.1 * even.flux * xr.DataArray([0.0, 1.0, 0.0], dims="sample")
    found = field_asymmetry(odd)
    assert found.value == pytest.approx(0.4)
    assert found.n == 6
    with pytest.raises(KeyError):
        field_asymmetry(odd.sel(flux=[-2.0, 1.0]))


def test_the_claim_fails_for_a_curve_that_is_not_even():
    flux = np.array([-1.0, 0.0, 1.0])
    even = xr.DataArray(np.cos(flux)[:, None] * [1.0, 2.0], dims=("flux", "sample"))
    even = even.assign_coords(flux=flux)
    assert reciprocity_claim(even).holds
    assert not reciprocity_claim(even + 1e-6 * even.flux).holds
