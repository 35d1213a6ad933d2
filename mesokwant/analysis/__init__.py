"""What several studies draw from their data: lengths, fluctuations, windows, recurring claims."""

from .cavities import MouthAmplitudes, ScrambledWaves, squared_mean
from .curves import curve_claim
from .cylinders import cylinder_conductivities
from .dmpk_wire import DmpkWire
from .emission import excess_noise, finite_frequency_noise, noise_kernel
from .extrapolation import limit_curve, limit_fit
from .fluctuations import correlation_width, half_width, mean_square_change, window_variance
from .hall_plateau import HallPlateau
from .localization import (
    decay_rates,
    localization_length,
    localization_length_ratio,
    many_channel_limit,
    ratio_of_slopes,
    scaling_ratio,
)
from .modes import open_lead_modes
from .oscillations import EnergyOscillations, FieldOscillations, disordered_metal
from .point_contact import ContactInField, SmoothContact
from .reciprocity import field_asymmetry, reciprocity_claim
from .single_channel import SingleChannel
from .times import dwell_time, transit_time
from .variances import standardized, variance_ratio
from .windows import bias_current, current_noise, differential_conductance, thermal_average
from .wire import DiffusiveWire, concatenated, contact_claim, mean_free_path, path_of_averages
from .wire_noise import WireNoise, kubo_distance

__all__ = [
    "ContactInField",
    "DiffusiveWire",
    "DmpkWire",
    "EnergyOscillations",
    "FieldOscillations",
    "HallPlateau",
    "MouthAmplitudes",
    "ScrambledWaves",
    "SingleChannel",
    "SmoothContact",
    "WireNoise",
    "bias_current",
    "concatenated",
    "contact_claim",
    "correlation_width",
    "current_noise",
    "curve_claim",
    "cylinder_conductivities",
    "decay_rates",
    "differential_conductance",
    "disordered_metal",
    "dwell_time",
    "excess_noise",
    "field_asymmetry",
    "finite_frequency_noise",
    "half_width",
    "kubo_distance",
    "limit_curve",
    "limit_fit",
    "localization_length",
    "localization_length_ratio",
    "many_channel_limit",
    "mean_free_path",
    "mean_square_change",
    "noise_kernel",
    "open_lead_modes",
    "path_of_averages",
    "ratio_of_slopes",
    "reciprocity_claim",
    "scaling_ratio",
    "squared_mean",
    "standardized",
    "thermal_average",
    "transit_time",
    "variance_ratio",
    "window_variance",
]
