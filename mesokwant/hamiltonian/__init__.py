"""Turn a Kwant system into arrays: finalize and check it (`system`), lay it out (`structure`).

All modules of mesokwant get Kwant from here, by ``from ..hamiltonian import kwant``.
"""

import warnings

# Without MUMPS, Kwant warns at its import, and so in every worker process, although mesokwant's
# own solver does without MUMPS. The warning is silenced for this import alone: importing
# mesokwant must not change the warning filters of the user, whose own `import kwant` still warns
# where it comes first.
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "MUMPS is not available", RuntimeWarning)
    import kwant

__all__ = ["kwant"]
