"""The results of a run as labelled arrays: of a study, or of all that a folder holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import xarray as xr

from ..store.block import MISSING
from ..store.records import Records
from ..store.store import Store
from ..study.study import SINGLE, Study

Results = xr.Dataset | xr.DataTree


def results(study: Study, store: Records) -> Results:
    """The points and samples of a study as its store has them."""
    return assembled(
        {
            name: store.dataset(name, sweep.axes, sweep.samples)
            for name, sweep in study.named_sweeps.items()
        }
    )


def load(folder: str | Path) -> Results:
    """Open all stored results of a run: ``results/<study>/<preset>``.

    Parameters
    ----------
    folder
        The folder of the run.

    Returns
    -------
    xarray.Dataset or xarray.DataTree
        As from `mesokwant.run`, with all points and samples that are stored.

    Raises
    ------
    FileNotFoundError
        There are none.
    """
    store = Store(Path(folder))
    return assembled({name: store.dataset(name) for name in store.identity["sweeps"]})


def folder_of(study: Study, preset: str, out: str | Path) -> Path:
    """Where the results of a study live."""
    return Path(out) / study.name / preset


def counts(data: Results) -> tuple[int, int]:
    """How many samples there are in results, and how many of them are missing."""
    nodes = datasets(data).values()
    return (
        sum(node["state"].size for node in nodes),
        sum(int((node["state"] == MISSING).sum()) for node in nodes),
    )


def datasets(data: Results) -> dict[str, xr.Dataset]:
    """Name of a sweep -> its results."""
    if isinstance(data, xr.Dataset):
        return {SINGLE: data}
    return {name: node.to_dataset() for name, node in data.children.items()}


def assembled(of_sweeps: Mapping[str, xr.Dataset]) -> Results:
    """The results of one sweep, or a tree with a node for each of several."""
    if list(of_sweeps) == [SINGLE]:
        return of_sweeps[SINGLE]
    return xr.DataTree.from_dict(dict(of_sweeps))
