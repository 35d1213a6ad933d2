"""What several studies draw from their data: lengths, fluctuations, and claims that recur."""

from .fluctuations import correlation_width, half_width, window_variance
from .localization import (
    decay_rates,
    growth_ratio_claim,
    localization_length,
    localization_length_ratio,
    many_channel_limit,
    scaling_ratio,
)
from .modes import open_lead_modes
from .reciprocity import field_asymmetry, reciprocity_claim
from .variances import standardized, variance_ratio
from .wire import DiffusiveWire, concatenated, contact_claim, mean_free_path, path_of_averages

__all__ = [
    "DiffusiveWire",
    "concatenated",
    "contact_claim",
    "correlation_width",
    "decay_rates",
    "field_asymmetry",
    "growth_ratio_claim",
    "half_width",
    "localization_length",
    "localization_length_ratio",
    "many_channel_limit",
    "mean_free_path",
    "open_lead_modes",
    "path_of_averages",
    "reciprocity_claim",
    "scaling_ratio",
    "standardized",
    "variance_ratio",
    "window_variance",
]
