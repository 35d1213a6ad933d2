"""Values of the Kwant parameters of the shipped systems, with which tests build any of them."""

from mesokwant.hamiltonian.system import parameter_names

VALUES = {
    "alpha": 0.4,
    "asymmetry": 0.2,
    "bore_flux": 0.2,
    "confinement": 0.3,
    "flux": 0.03,
    "gate": 0.3,
    "hole_flux": 0.2,
    "impurity": 0.7,
    "lead_potential": -0.5,
    "mass": 1.7,
    "probe_coupling": 0.4,
    "quanta": 2,
    "reach": 1.5,
    "theta": 0.3,
    "zeeman": 0.2,
}


def params_of(built, scale=1.0):
    """Values of the parameters of a finalized system and its leads, energies and fields scaled."""
    scales = {name: 1 if name in ("quanta", "reach") else scale for name in VALUES}
    return {name: scales[name] * VALUES[name] for name in parameter_names(built)}
