"""What several studies draw from their data: lengths, and fluctuations along an axis."""

from .ergodicity import expected_window_variance, window_variance
from .resistance import mean_free_path

__all__ = ["expected_window_variance", "mean_free_path", "window_variance"]
