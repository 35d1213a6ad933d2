"""Samples -> estimates with errors.

Samples lie on the last axis of a numpy array, or on the dimension "sample" of an
`xarray.DataArray`; the result keeps the other axes. NaN marks a missing or failed sample: it is
left out, and `n` says how many were used.

Errors are standard errors from the bootstrap over disorder seeds (Efron and Tibshirani, An
Introduction to the Bootstrap, 1993): one sample is one seed, and all that came from one seed is
drawn together. Three rules keep this cheap and deterministic:

- Where the limit of infinitely many resamples is known in closed form (`mean`, `histogram`,
  `linear_fit`, which are linear in the samples) that limit is the error.
- Statistics of sums (cumulants, covariances) are resampled through their sums. Beyond
  `resampling.GROUPS` samples, neighbouring seeds are first added up in that many groups, which
  are then drawn: seeds are independent, so the groups are, and 10⁷ samples cost no more than a
  few passes.
- A plug-in bootstrap of n samples underestimates by √((n-1)/n); this is put right, so that the
  error of a mean is the familiar s/√n.

With 1000 resamples and 2048 groups an error is itself known to about 3 per cent.
"""

from .correlations import autocorrelation, covariance
from .distribution import histogram
from .estimate import Estimate
from .fit import linear_fit
from .moments import cumulant, log_mean, log_variance, mean, paired_difference, variance
from .resampling import bootstrap

__all__ = [
    "Estimate",
    "autocorrelation",
    "bootstrap",
    "covariance",
    "cumulant",
    "histogram",
    "linear_fit",
    "log_mean",
    "log_variance",
    "mean",
    "paired_difference",
    "variance",
]
