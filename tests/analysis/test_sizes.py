"""Sizes of a scaling fit: their disorder is independent, and the axis reaches its strength."""

import numpy as np

import mesokwant as mk
from mesokwant.analysis.sizes import by_control, independent_disorder
from systems import Chain


def sweep(place, samples):
    disorder, axis = independent_disorder(mk.Anderson(1.0), place)
    return mk.Sweep(
        Chain(6), energy=0.3, disorder=disorder, axes={axis: (0.5, 2.0)}, samples=samples
    )


def test_places_share_no_random_numbers():
    """Correlations of 400 samples have the error 0.05: four of them are allowed."""
    first, second = (by_control(mk.run(sweep(place, 400)).g)[1][1] for place in (0, 2))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.2


def test_terms_without_strength_do_nothing():
    control, weak = by_control(mk.run(sweep(1, 3)).g)
    disorder = mk.Anderson(0.0) + mk.Anderson(0.5)
    ensemble = mk.scattering(Chain(6), 0.3, disorder=disorder, samples=3)
    np.testing.assert_allclose(weak[0], mk.Conductance(1, 0)(ensemble), rtol=1e-9)
    assert control.tolist() == [0.5, 2.0]
