"""The value functions of the shipped systems take many sites at once."""

from collections import defaultdict
from itertools import chain

import kwant
import numpy as np
import pytest

from mesokwant.hamiltonian.persite import Family, ManySites, blocks
from systems import EXAMPLES
from tests.helpers.parameters import params_of


def calls_of(system):
    """The value functions of a finalized system, each with its arguments: sites or bonds."""
    edges = [(system.sites[to], system.sites[source]) for to, source in system.graph]
    onsites = zip(((site,) for site in system.sites), system.onsites, strict=True)
    hoppings = zip(edges, system.hoppings, strict=True)
    calls = defaultdict(list)
    for sites, (value, names) in chain(onsites, hoppings):
        if names is not None and value is not kwant.builder.Other:
            calls[value, names, tuple(site.family for site in sites)].append(sites)
    return calls


@pytest.mark.parametrize("system", EXAMPLES.values(), ids=EXAMPLES)
def test_value_functions_take_many_sites_at_once(system):
    built = system.build()
    params = params_of(built)
    for (function, names, _), sites in calls_of(built).items():
        given = [params[name] for name in names]
        single = np.array([np.reshape(function(*each, *given), (-1,)) for each in sites])
        norb = int(np.sqrt(single.shape[1]))
        members = [Family(list(each)) for each in zip(*sites, strict=True)]
        many = [ManySites(family, np.arange(len(sites))) for family in members]
        together = blocks(function(*many, *given), (norb, norb), len(sites))
        np.testing.assert_allclose(together.reshape(single.shape), single, rtol=0, atol=1e-14)
