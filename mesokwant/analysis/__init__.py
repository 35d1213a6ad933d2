"""What several studies draw from their data: lengths, and fluctuations along an axis."""

from .correlations import correlation_width, half_width
from .ergodicity import expected_window_variance, window_variance
from .localization import decay_rates, localization_length, scaling_ratio
from .reciprocity import field_asymmetry
from .resistance import mean_free_path
from .wire import DiffusiveWire, stacked

__all__ = [
    "DiffusiveWire",
    "correlation_width",
    "decay_rates",
    "expected_window_variance",
    "field_asymmetry",
    "half_width",
    "localization_length",
    "mean_free_path",
    "scaling_ratio",
    "stacked",
    "window_variance",
]
