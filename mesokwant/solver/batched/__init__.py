"""Solve many samples at once by one elimination that all of them share.

The `backend` takes the samples of one or several problems in small groups. The order of elimination
(`dissection`) is worked out once per system. `elements` gives H - E. Compiled `kernels` eliminate
the interior of a group with one sample per `simd` lane, block by block (`blocks`), without
interchange of pivots, and monitor how far elements grow (`growth`). What remains is a small matrix
on the interface to the leads, from which `leads` gets S. Samples that grow too much are eliminated
anew with delayed `pivoting`, by kernels of their own (`pivoting_kernels`). `prepared` keeps what
the samples of a problem share.
"""
