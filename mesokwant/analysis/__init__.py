"""What several studies draw from their data: lengths that theory needs and does not fix."""

from .localization import decay_rates, localization_length, scaling_ratio
from .resistance import mean_free_path

__all__ = ["decay_rates", "localization_length", "mean_free_path", "scaling_ratio"]
