"""Turn a Kwant system into arrays.

`system` finalizes and checks it, `structure` lays out the pattern of its Hamiltonian, `evaluation`
gives the elements: value functions are called for many sites at once (`persite`), and only where
they may have changed (`snapshot`).

All modules of mesokwant get Kwant from here, by ``from ..hamiltonian import kwant``.
"""

import warnings

# Without MUMPS, Kwant warns at its import, and so in every worker process, although mesokwant's
# own solver does without MUMPS. The warning is silenced for this import alone: importing
# mesokwant must not change the warning filters of the user, whose own `import kwant` still warns
# where it comes first.
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "MUMPS is not available", RuntimeWarning)
    try:
        import kwant
    except ModuleNotFoundError as error:
        if error.name != "kwant":
            raise
        # A plain `pip install kwant` ends in a message about a header of NumPy.
        raise ModuleNotFoundError(
            "Kwant is not installed in this Python; `pip install kwant` alone does not build it, "
            "and docs/how-to/installation.md of mesokwant has the commands for uv, pip and conda",
            name="kwant",
        ) from error

__all__ = ["kwant"]
