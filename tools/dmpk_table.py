"""Write the table of the DMPK equation, `mesokwant/theory/dmpk_table.npz`, or a part of it.

    python tools/dmpk_table.py [BETA] [CHANNELS ...]

It takes about 40 minutes on one core for the whole table, and replaces the rows that it computes.
"""

import sys
import time

import numpy as np

from mesokwant.theory.dmpk import dmpk_wires
from mesokwant.theory.dmpk_table import TABLE, tabulated

LONGEST = 8
"""Length of the longest wires, in ξ."""
FEW = (1, 2, 3, 4, 5, 6, 8, 10)
CHANNELS = (*FEW, 15, 20, 30)
"""Numbers of modes, the same in every class."""


def number_of_samples(beta, channels):
    """Fewer where a wire costs more: at beta = 4 a mode costs eight times as much."""
    return 8000 if beta == 4 else 20000 if channels <= 20 else 10000


def rows(beta, channels):
    """The rows of one class and number of modes, by their names in the file."""
    samples = number_of_samples(beta, channels)
    wires = dmpk_wires(channels, LONGEST, beta=beta, samples=samples, seed=1000 * beta + channels)
    fields = tabulated(wires, channels)
    return {
        f"{beta}/{channels}/{name}": np.asarray(values, dtype=np.float32)
        for name, values in fields.items()
    }


def main(arguments):
    betas = [int(arguments[0])] if arguments else [1, 2, 4]
    numbers = [int(n) for n in arguments[1:]]
    for beta in betas:
        for channels in numbers or CHANNELS:
            start = time.perf_counter()
            new = rows(beta, channels)
            # Read again before every write: another process may compute other rows meanwhile.
            kept = dict(np.load(TABLE)) if TABLE.exists() else {}
            np.savez_compressed(TABLE, **kept | new)
            print(f"beta = {beta}, N = {channels}: {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
