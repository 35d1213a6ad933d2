"""Values of many disorder samples -> estimates with errors.

The values of the samples lie on the last axis of a numpy array, or on the dimension "sample" of
an `xarray.DataArray`. Every function returns an `Estimate` (value, standard error, number of
samples) that keeps the other axes. NaN marks a missing or failed sample: it is left out, and `n`
says how many samples were used.

    >>> from mesokwant import statistics
    >>> statistics.mean([0.2, 0.4, 0.3, 0.5])
    <Estimate 0.350 ± 0.065 (n = 4)>

What to take
------------
- `mean` and `cumulant` for quantities that have moments; `median` and `quantile` for those with
  heavy tails, such as resistances between probes; `log_mean` and `log_median` where g spreads over
  decades; `circular_mean` and `circular_variance` for phases.
- `linear_fit` for a straight line, `model_fit` for any model with chi² and its probability, and
  `finite_size_scaling` for the exponent of a transition.
- `curve` to compare a whole curve with theory, whose points share samples: one chi² and one p.
- `bootstrap` for everything else.

How errors are found
--------------------
Errors are standard errors from the bootstrap over disorder samples [1]_: everything that was
computed from one sample is drawn together. Four rules keep this cheap and deterministic:

- Where the limit of infinitely many resamples is known in closed form (`mean`, `histogram` and
  `linear_fit`, which are linear in the values), that limit is the error.
- The ranks of order statistics in a resample are drawn from their own distribution, so that
  quantiles cost no more than sorting.
- Statistics of sums (cumulants and covariances) are resampled through their sums. With more than
  `resampling.GROUPS` samples, neighbouring samples are first added up in that many groups, and
  the groups are drawn. The samples are independent, and therefore the groups are too; 10⁷ samples
  cost no more than a few passes over the data.
- A plain bootstrap of n samples underestimates the error by √((n-1)/n). All errors are corrected
  for this, so that the error of a mean is the familiar s/√n.

With 1000 resamples and 2048 groups, an error is itself known to about 3 per cent.

Where a statistic is not finite for some resample, its error is NaN. Nothing is left out of a
bootstrap, because what remains would scatter less than the statistic does.

When a number cannot be trusted
-------------------------------
A mean of values that spread over decades may be the value of one rare sample, and its error is then
too small by any factor: a sample that is rarer still is not among those that were drawn. `mean`,
the cumulants and what is built on them say so by `Estimate.dominated`, where one sample carries
more than a tenth of the sum (of the absolute values for a mean, of squares for a variance). The
typical value is the better question then: `log_mean`, `median`.

What shares what
----------------
The pair (seed, sample) decides all random numbers of a sample. Whatever else differs, sample 7 of
a study is the same draw everywhere:

- Sweeps, fields, energies and strengths of the disorder in one study see the same configurations
  of the disorder. Differences and ratios between them are therefore much sharper than their two
  errors suggest: `paired_difference` and `bootstrap` make use of this.
- The sites of a ribbon are ordered along x and the random numbers are handed out in that order.
  A longer ribbon therefore begins with the potential of the shorter one, and estimates from
  different lengths are NOT independent. Only one `bootstrap` call with the arrays of all lengths
  gives the error of a slope or a ratio; adding the errors in quadrature can be wrong either way.
- Systems of different kinds (another width, lattice or lead) share the same random numbers too,
  though on other sites. Nothing guarantees that their conductances are uncorrelated.

`product` and `weighted_mean` treat their estimates as independent. They may be used if the
estimates come from different values of `seed`, or if a test (`covariance` of the two arrays
of values is zero within its error) has shown that they are uncorrelated.

References
----------
.. [1] B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (Chapman and Hall, 1993).
"""

from .circular import circular_mean, circular_variance
from .combination import product, stack, weighted_mean
from .correlations import autocorrelation, covariance
from .curves import Curve, CurveTest, curve
from .distribution import histogram
from .estimate import Estimate
from .fit import linear_fit
from .goodness import chi2_deviate, distance_deviate
from .least_squares import Fit, model_fit
from .moments import cumulant, log_mean, log_variance, mean, paired_difference, variance
from .multiple_tests import holm
from .quantiles import log_median, median, quantile
from .resampling import bootstrap
from .scaling import finite_size_scaling
from .scaling_fit import ScalingFit

__all__ = [
    "Curve",
    "CurveTest",
    "Estimate",
    "Fit",
    "ScalingFit",
    "autocorrelation",
    "bootstrap",
    "chi2_deviate",
    "circular_mean",
    "circular_variance",
    "covariance",
    "cumulant",
    "curve",
    "distance_deviate",
    "finite_size_scaling",
    "histogram",
    "holm",
    "linear_fit",
    "log_mean",
    "log_median",
    "log_variance",
    "mean",
    "median",
    "model_fit",
    "paired_difference",
    "product",
    "quantile",
    "stack",
    "variance",
    "weighted_mean",
]
