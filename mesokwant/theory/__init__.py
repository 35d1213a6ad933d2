"""What theory expects: closed forms with their convention and reference, and `Prediction`.

The functions take numbers or numpy arrays, which broadcast, and give numbers or arrays. Energies
are in the hopping t from the band centre, lengths in the lattice constant, flux in h/e per
plaquette, conductances in e²/h, and hbar = 1. A `Prediction` joins such a number with a bound on
what the formula leaves out, the argument for the bound, and the source.

The symmetry index `beta` is 1 (time reversal), 2 (no time reversal) or 4 (time reversal and
spin-orbit coupling). Functions of `beta` follow random-matrix theory: they are for a sample
without a spin index, and at beta = 4 they count each Kramers pair once, g = T/2 with Kwant's
transmission T. Twice their mean and four times their variance belong to T, there and in a
spin-degenerate sample. The `spinful_*` functions speak about T itself.

>>> rise = -weak_localization(beta=1)
>>> print(Prediction(rise, 0.01, because="finite width", source="Mello & Stone 1991"))
0.333 ± 0.010 (bound: finite width; Mello & Stone 1991)
"""

from .aharonov_bohm import (
    aharonov_bohm_covariance,
    aharonov_bohm_harmonic,
    aharonov_bohm_power,
    aharonov_bohm_rise,
)
from .anderson_transition import (
    ANDERSON_DISORDER,
    ANDERSON_EXPONENT,
    self_consistent_exponent,
)
from .ballistic_noise import ballistic_fano_factor, strip_velocities
from .ballistic_rectangle import ballistic_cooperon_variance, ballistic_magnetoconductance
from .ballistic_spin import ballistic_spin_correction, ballistic_spin_magnetoconductance
from .boltzmann import (
    BoltzmannMetal,
    born_energy_shift,
    born_metal,
    round_line_time_ratio,
    smoothed_noise,
)
from .boltzmann_wire import BoltzmannWire, born_wire, kinetic_wire, strip_overlaps
from .born_reflection import BornReflection, born_reflection
from .chain import chain_green, impurity_transmission, vacancies_transmission
from .coherent_potential import CoherentPotential, coherent_potential
from .dephasing import (
    dephased_magnetoconductance,
    dephased_variance,
    dephasing_length,
    direct_share,
    static_rate,
    static_strength,
)
from .diffusive import (
    conductance,
    conductance_variance,
    conductance_variance_correction,
    fano_factor,
    spinful_conductance_variance,
    transmission_density,
    weak_localization,
    weak_localization_2d,
)
from .dilute_vacancies import vacancies_log_transmission
from .disordered_chain import (
    chain_log_conductance_density,
    chain_log_conductance_distribution,
    chain_log_conductance_moments,
    chain_lyapunov,
    chain_mean_conductance,
)
from .dmpk import DmpkWires, dmpk_wires
from .dmpk_table import DmpkLaw, dmpk_law
from .eigenstate_correlation import (
    contact_repulsion_slope,
    neighbour_repulsion_slope,
    thermal_weight,
    torus_diffuson,
    torus_flights,
)
from .finite_correlation import flux_cancellation, thouless_exponent
from .finite_cylinder import (
    cylinder_covariance,
    cylinder_harmonic,
    cylinder_power,
    cylinder_rise,
)
from .finite_dephasing import dephased_wire_rise, dephased_wire_variance
from .finite_spin_wire import (
    spinful_weak_localization_next_order,
    spinful_wire_magnetoconductance,
    spinful_wire_mean_free_path,
)
from .finite_variance import (
    finite_window_variance,
    rectangle_wire_variance,
    spinful_wire_variance,
    unitary_variance,
)
from .finite_wire import (
    rectangle_wire_magnetoconductance,
    weak_localization_next_order,
    wire_magnetoconductance,
)
from .helical_edge import (
    columns_log_variance,
    edge_mean_free_path,
    helical_conductance,
    helical_resistance,
)
from .landau import (
    classical_hall_resistance,
    landau_level_width,
    landau_overlap_strength,
    lattice_landau_levels,
    square_lattice_filling,
)
from .landau_gap import (
    landau_gap_edges,
    landau_gap_strength,
    landau_green,
    square_lattice_green_real,
)
from .lattice import (
    diffusion_constant,
    mean_free_path_factor,
    open_modes,
    saddle_point_transmission,
    square_lattice_conductivity,
    square_lattice_dos,
    square_lattice_mean_free_path,
    thouless_energy,
)
from .localization import (
    chain_localization_length,
    chain_localization_length_centre,
    chain_localization_length_edge,
    localization_gain,
    localization_length,
    log_conductance,
    log_conductance_variance,
)
from .localized_chain import chain_growth_ratio, chain_log_conductance_cumulants
from .magnetoconductance import (
    hikami_larkin_nagaoka,
    magnetic_length,
    spinful_wire_line_shape,
    wire_line_shape,
)
from .noise_cutoff import langevin_noise_kernel, smooth_strip_density, wire_noise_kernel
from .nonideal_cavity import CavityMoments, circular_matrices, nonideal_cavity_moments
from .planar_transitions import (
    PERCOLATION_EXPONENT,
    PLATEAU_EXPONENT,
    SYMPLECTIC_CONDUCTANCE,
    SYMPLECTIC_DISORDER,
    SYMPLECTIC_EXPONENT,
    lowest_level_filling,
)
from .point_contact import (
    eckart_transmission,
    eckart_transmission_in_field,
    lattice_eckart_transmission,
    parabola_levels,
    saddle_point_frequencies,
)
from .prediction import Prediction
from .propagation import propagated
from .random_matrix import (
    cavity_conductance,
    cavity_conductance_variance,
    cavity_shot_noise,
    cavity_transmission_density,
    circular_probability,
    spacing_ratio,
)
from .rectangle import (
    rectangle_energy_correlation,
    rectangle_field_correlation,
    rectangle_magnetoconductance,
    rectangle_spin_magnetoconductance,
    rectangle_variance,
    rectangle_variance_in_field,
)
from .return_probability import (
    flight_return_correction,
    flight_return_enhancement,
    return_enhancement,
    torus_diffusion,
)
from .self_consistent_born import BornMetal, self_consistent_born
from .self_consistent_wire import SelfConsistentWire, self_consistent_wire
from .short_paths import field_per_path
from .short_wire import isotropic_wire_rise, short_wire_magnetoconductance
from .shot_noise import (
    chain_fano_factor,
    fano_factor_weak_localization,
    thermal_noise_crossover,
    wire_eigenvalue_count,
    wire_eigenvalue_density,
    wire_fano_factor,
)
from .shubnikov_de_haas import (
    classical_conductance,
    cyclotron_frequency,
    landau_modulation,
    shubnikov_de_haas_conductivity,
    thermal_damping,
)
from .strip_diffusion import square_lattice_hall_angle, strip_diffusion_share
from .transit import disordered_strip_density, wire_diffusion_constant, wire_transit_time
from .unitary_wire import unitary_wire_moments
from .wire_moments import wire_moment_orders, wire_moments, wire_variance

__all__ = [
    "CoherentPotential",
    "coherent_potential",
    "ANDERSON_DISORDER",
    "ANDERSON_EXPONENT",
    "PERCOLATION_EXPONENT",
    "PLATEAU_EXPONENT",
    "SYMPLECTIC_CONDUCTANCE",
    "SYMPLECTIC_DISORDER",
    "SYMPLECTIC_EXPONENT",
    "BoltzmannMetal",
    "BoltzmannWire",
    "BornMetal",
    "BornReflection",
    "CavityMoments",
    "DmpkLaw",
    "DmpkWires",
    "Prediction",
    "SelfConsistentWire",
    "aharonov_bohm_covariance",
    "aharonov_bohm_harmonic",
    "aharonov_bohm_power",
    "aharonov_bohm_rise",
    "ballistic_cooperon_variance",
    "ballistic_fano_factor",
    "ballistic_magnetoconductance",
    "ballistic_spin_correction",
    "ballistic_spin_magnetoconductance",
    "born_energy_shift",
    "born_metal",
    "born_reflection",
    "born_wire",
    "cavity_conductance",
    "cavity_conductance_variance",
    "cavity_shot_noise",
    "cavity_transmission_density",
    "chain_fano_factor",
    "chain_green",
    "chain_growth_ratio",
    "chain_localization_length",
    "chain_localization_length_centre",
    "chain_localization_length_edge",
    "chain_log_conductance_cumulants",
    "chain_log_conductance_density",
    "chain_log_conductance_distribution",
    "chain_log_conductance_moments",
    "chain_lyapunov",
    "chain_mean_conductance",
    "circular_matrices",
    "circular_probability",
    "classical_conductance",
    "classical_hall_resistance",
    "columns_log_variance",
    "conductance",
    "conductance_variance",
    "conductance_variance_correction",
    "contact_repulsion_slope",
    "cyclotron_frequency",
    "cylinder_covariance",
    "cylinder_harmonic",
    "cylinder_power",
    "cylinder_rise",
    "dephased_magnetoconductance",
    "dephased_variance",
    "dephased_wire_rise",
    "dephased_wire_variance",
    "dephasing_length",
    "diffusion_constant",
    "direct_share",
    "dmpk_law",
    "dmpk_wires",
    "eckart_transmission",
    "eckart_transmission_in_field",
    "disordered_strip_density",
    "edge_mean_free_path",
    "fano_factor",
    "fano_factor_weak_localization",
    "field_per_path",
    "finite_window_variance",
    "flight_return_correction",
    "flight_return_enhancement",
    "flux_cancellation",
    "helical_conductance",
    "helical_resistance",
    "hikami_larkin_nagaoka",
    "impurity_transmission",
    "kinetic_wire",
    "isotropic_wire_rise",
    "landau_gap_edges",
    "landau_gap_strength",
    "landau_green",
    "landau_level_width",
    "landau_modulation",
    "landau_overlap_strength",
    "langevin_noise_kernel",
    "lattice_eckart_transmission",
    "lattice_landau_levels",
    "localization_gain",
    "localization_length",
    "log_conductance",
    "log_conductance_variance",
    "magnetic_length",
    "lowest_level_filling",
    "mean_free_path_factor",
    "neighbour_repulsion_slope",
    "nonideal_cavity_moments",
    "open_modes",
    "parabola_levels",
    "propagated",
    "rectangle_energy_correlation",
    "rectangle_field_correlation",
    "rectangle_magnetoconductance",
    "rectangle_spin_magnetoconductance",
    "rectangle_variance",
    "rectangle_variance_in_field",
    "rectangle_wire_magnetoconductance",
    "rectangle_wire_variance",
    "return_enhancement",
    "round_line_time_ratio",
    "saddle_point_frequencies",
    "saddle_point_transmission",
    "self_consistent_born",
    "self_consistent_exponent",
    "self_consistent_wire",
    "short_wire_magnetoconductance",
    "shubnikov_de_haas_conductivity",
    "smooth_strip_density",
    "smoothed_noise",
    "spacing_ratio",
    "spinful_conductance_variance",
    "spinful_weak_localization_next_order",
    "spinful_wire_line_shape",
    "spinful_wire_magnetoconductance",
    "spinful_wire_mean_free_path",
    "spinful_wire_variance",
    "square_lattice_conductivity",
    "square_lattice_dos",
    "square_lattice_filling",
    "square_lattice_green_real",
    "square_lattice_hall_angle",
    "square_lattice_mean_free_path",
    "static_rate",
    "static_strength",
    "strip_overlaps",
    "strip_diffusion_share",
    "strip_velocities",
    "thermal_damping",
    "thermal_noise_crossover",
    "thermal_weight",
    "thouless_energy",
    "thouless_exponent",
    "torus_diffusion",
    "torus_diffuson",
    "torus_flights",
    "transmission_density",
    "unitary_variance",
    "vacancies_log_transmission",
    "vacancies_transmission",
    "weak_localization",
    "weak_localization_2d",
    "weak_localization_next_order",
    "wire_eigenvalue_count",
    "wire_eigenvalue_density",
    "wire_fano_factor",
    "wire_diffusion_constant",
    "wire_line_shape",
    "wire_magnetoconductance",
    "wire_moment_orders",
    "unitary_wire_moments",
    "wire_moments",
    "wire_variance",
    "wire_noise_kernel",
    "wire_transit_time",
]
