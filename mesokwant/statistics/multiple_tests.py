"""Several tests at once: the probabilities that each of them has as one of many.

`holm` takes the p-values of tests that belong together, such as all claims of a study, and gives
the adjusted p-values. The smallest of them is one probability for all.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def holm(p_values: Sequence[float]) -> NDArray[np.float64]:
    """p-values adjusted for their number, by Holm's rule [1]_.

    Parameters
    ----------
    p_values
        Probabilities between 0 and 1, in any order, of tests that may be correlated.

    Returns
    -------
    numpy.ndarray
        Adjusted probabilities, in the same order. If all statements are true, the probability
        that any of the adjusted values lies below α is at most α, whatever the correlations.
        The smallest of them is therefore a p-value of all tests together.

    Raises
    ------
    ValueError
        If a number is no probability.

    References
    ----------
    .. [1] S. Holm, Scand. J. Stat. 6, 65 (1979).

    Examples
    --------
    >>> holm([0.01, 0.5, 0.02]).tolist()
    [0.03, 0.5, 0.04]
    """
    p = np.asarray(p_values, dtype=float)
    if p.ndim != 1 or not np.all((p >= 0) & (p <= 1)):
        raise ValueError(
            f"Holm's rule takes probabilities between 0 and 1, not {p_values!r}: leave out tests "
            "that have none."
        )
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(steps, 1)
    return adjusted
