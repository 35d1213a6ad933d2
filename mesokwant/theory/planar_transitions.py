"""Transitions in two dimensions: what numerical work of others found, and classical percolation.

Without a field and without spin-orbit coupling all states of a disordered plane are localized.
Spin-orbit coupling makes a metal that ends at a critical disorder (the symplectic class), and in
a quantizing field one energy in each Landau level has extended states (the quantum Hall class).
No closed form is known for the exponents ν of ξ ~ |x - x_c|^-ν. The constants are `Prediction`s
with the errors of their sources. In smooth disorder without tunnelling and interference, the
edges of Hall droplets would meet as clusters of classical percolation do, with an exact ν = 4/3.

References
----------
.. [1] Y. Asada, K. Slevin and T. Ohtsuki, Phys. Rev. B 70, 035115 (2004).
.. [2] P. Markos and L. Schweitzer, J. Phys. A 39, 3221 (2006).
.. [3] K. Slevin and T. Ohtsuki, Phys. Rev. B 80, 041304 (2009).
.. [4] M. P. M. den Nijs, J. Phys. A 12, 1857 (1979).
"""

from __future__ import annotations

from .prediction import Prediction

SYMPLECTIC_EXPONENT = Prediction(
    2.746, source="SU(2) model; Asada, Slevin & Ohtsuki, PRB 70, 035115 (2004)", error=0.009
)
"""ν of the symplectic class in two dimensions."""
SYMPLECTIC_DISORDER = Prediction(
    5.838,
    source="Ando's model, θ = π/6, E = 0.01; Markos & Schweitzer, J. Phys. A 39, 3221 (2006)",
    error=0.007,
)
"""W_c of Ando's model with box disorder, in t."""
SYMPLECTIC_CONDUCTANCE = Prediction(
    1.42, source="periodic squares; Markos & Schweitzer, J. Phys. A 39, 3221 (2006)", error=0.005
)
"""Mean conductance of periodic squares at W_c, both spins counted, in e²/h."""
PLATEAU_EXPONENT = Prediction(
    2.593, source="network model; Slevin & Ohtsuki, PRB 80, 041304 (2009)", error=0.006
)
"""ν of the step between two Hall plateaus."""
PERCOLATION_EXPONENT = Prediction(4 / 3, source="den Nijs, J. Phys. A 12, 1857 (1979)")
"""ν of classical percolation in two dimensions."""
