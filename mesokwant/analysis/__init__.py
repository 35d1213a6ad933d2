"""What several studies draw from their data: lengths, fluctuations, and claims that recur."""

from .fluctuations import correlation_width, expected_window_variance, half_width, window_variance
from .localization import decay_rates, localization_length, scaling_ratio
from .reciprocity import field_asymmetry, reciprocity_claim
from .wire import DiffusiveWire, concatenated, contact_claim, mean_free_path

__all__ = [
    "DiffusiveWire",
    "concatenated",
    "contact_claim",
    "correlation_width",
    "decay_rates",
    "expected_window_variance",
    "field_asymmetry",
    "half_width",
    "localization_length",
    "mean_free_path",
    "reciprocity_claim",
    "scaling_ratio",
    "window_variance",
]
