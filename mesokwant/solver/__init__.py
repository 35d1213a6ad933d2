"""Compute scattering matrices from a finalized system, energy, parameters and disorder.

`scattering` is the entry: it sets up a `problem`, has one of the `backends` solve it, and gives
an `ensemble`. `base` is the contract of a back end; `reference` (Kwant) and `batched` (one
elimination for all samples) are the two that there are.
"""
