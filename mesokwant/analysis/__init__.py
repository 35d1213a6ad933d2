"""What several studies draw from their data: lengths that theory needs and does not fix."""

from .resistance import mean_free_path

__all__ = ["mean_free_path"]
