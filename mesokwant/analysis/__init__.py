"""What several studies draw from their data: lengths, and fluctuations along an axis."""

from .correlations import correlation_width, half_width
from .ergodicity import expected_window_variance, window_variance
from .resistance import mean_free_path

__all__ = [
    "correlation_width",
    "expected_window_variance",
    "half_width",
    "mean_free_path",
    "window_variance",
]
