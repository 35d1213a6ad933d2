"""Systems are finalized and checked, and Kwant is imported without a trace."""

import subprocess
import sys

import pytest

from mesokwant.hamiltonian import kwant
from mesokwant.hamiltonian.system import check_params, finalized, parameter_names
from systems import Ribbon, Wire


def python(code):
    """Run code in a fresh process; give what it printed, warnings included."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def test_importing_kwant_prints_no_warning():
    assert python("import mesokwant.hamiltonian") == ""


def test_importing_kwant_leaves_the_warning_filters_alone():
    code = """
import warnings
before = list(warnings.filters)
import mesokwant.hamiltonian.system
print(warnings.filters == before)
"""
    assert python(code) == "True\n"


def salted_chain(in_leads=False):
    """A chain whose on-site energies depend on the salt."""

    def onsite(site, salt):
        return 0.0

    lattice = kwant.lattice.chain(norbs=1)
    builder, lead = kwant.Builder(), kwant.Builder(kwant.TranslationalSymmetry((-1,)))
    builder[(lattice(i) for i in range(3))] = onsite
    lead[lattice(0)] = onsite if in_leads else 0
    for part in (builder, lead):
        part[lattice.neighbors()] = -1
    builder.attach_lead(lead)
    return builder.finalized()


def test_a_finalized_system_is_returned_as_it_is():
    system = Wire(3, 4).build()
    assert finalized(system) is system


@pytest.mark.parametrize("system", [Wire(3, 4), Wire(3, 4).builder()])
def test_values_and_builders_are_finalized(system):
    assert isinstance(finalized(system), kwant.system.FiniteSystem)


def test_parameters_are_those_of_the_system_and_its_leads():
    assert parameter_names(Ribbon(3, 4).build()) == {"flux"}
    assert parameter_names(Wire(3, 4).build()) == set()


def test_the_salt_of_the_scattering_region_may_be_missing():
    check_params(salted_chain(), {})


def test_a_salt_in_the_leads_needs_a_value():
    system = salted_chain(in_leads=True)
    with pytest.raises(ValueError, match="leads have no disorder"):
        check_params(system, {})
    check_params(system, {"salt": "fixed"})


def test_a_parameter_of_the_leads_alone_needs_a_value():
    builder = kwant.Builder()
    lattice = kwant.lattice.chain(norbs=1)
    builder[lattice(0)] = 0
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1,)))
    lead[lattice(0)] = lambda site, gate: gate
    lead[lattice.neighbors()] = -1
    builder.attach_lead(lead)
    with pytest.raises(ValueError, match=r"the leads need a value for 'gate': params=dict\(gate="):
        check_params(builder.finalized(), {})
