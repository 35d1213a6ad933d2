"""Solve many samples at once by one elimination that all of them share.

The `backend` takes the samples in small groups. The order of elimination (`dissection`) is worked
out once per system. Compiled `kernels` eliminate the interior of a group with one sample per
`simd` lane, without interchange of pivots, and monitor how far elements grow (`growth`). What
remains is a small matrix on the interface to the leads, from which `leads` gets S. Samples that
grow too much are eliminated anew with the cuts elsewhere, and then with delayed `pivoting`.
"""
