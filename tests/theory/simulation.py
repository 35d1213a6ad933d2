"""A simulated disordered chain, which several tests compare their formulas with."""

import numpy as np


def lyapunov(energy, disorder, steps=6000, chains=1500):
    """Return the growth rate of ψ_{n+1} = (E - V_n) ψ_n - ψ_{n-1} in many chains, and its error."""
    rng = np.random.default_rng(2)
    ratio, log = np.full(chains, 1.2), np.zeros(chains)
    for step in range(steps + 500):
        ratio = energy - disorder * (rng.random(chains) - 0.5) - 1 / ratio
        if step >= 500:  # By then the memory of the start is gone.
            log += np.log(np.abs(ratio))
    return log.mean() / steps, log.std() / steps / np.sqrt(chains)
