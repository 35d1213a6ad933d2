"""A study: a question, the sweeps that answer it, what is claimed and how it is drawn."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any

from matplotlib.figure import Figure

from ..errors import unknown
from .claims import Claim
from .sweep import Sweep

SINGLE = "sweep"
"""Name of the sweep of a study that has just one."""


@dataclass(frozen=True)
class Study:
    """A named, reproducible measurement.

    Parameters
    ----------
    name
        Identifier, and the name of the results folder: letters, digits, ``_``
        and ``-``.
    sweeps
        A `Sweep`, or several by name.
    claims
        Called with the results, returns the `Claim`s. The results are an
        `xarray.Dataset`, or an `xarray.DataTree` with one node a sweep where
        the study has several.
    figure
        Called with the results, returns a matplotlib figure; see
        `mesokwant.figures`.
    regime
        Called with the results, returns column -> values, one a point: the
        lengths and ratios that decide where theory applies. Shown as a table.
    presets
        Preset name -> options (see `with_options`). "quick" is the default.
    seed
        (seed, sample) decides the disorder of a sample.
    description
        One line for ``mesokwant list``.

    Raises
    ------
    ValueError
        A name that could not be a folder; no sweep.
    """

    name: str
    sweeps: Sweep | Mapping[str, Sweep]
    claims: Callable[[Any], Iterable[Claim]] | None = None
    figure: Callable[[Any], Figure] | None = None
    regime: Callable[[Any], Mapping[str, Sequence[Any]]] | None = None
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: {"quick": {}})
    seed: int = 0
    description: str = ""

    def __post_init__(self) -> None:
        named = {SINGLE: self.sweeps} if isinstance(self.sweeps, Sweep) else dict(self.sweeps)
        for name in (self.name, *named, *self.presets):
            if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
                raise ValueError(f"{name!r} names a folder: use letters, digits, '_' and '-' only")
        if not named:
            raise ValueError(f"study {self.name!r} has no sweep")
        object.__setattr__(self, "seed", _checked_seed(self.seed))

    @property
    def named_sweeps(self) -> dict[str, Sweep]:
        """The sweeps by name."""
        return {SINGLE: self.sweeps} if isinstance(self.sweeps, Sweep) else dict(self.sweeps)

    def with_preset(self, preset: str) -> Study:
        """The study with the options of a preset.

        Raises
        ------
        ValueError
            No preset has this name.
        """
        if preset not in self.presets:
            raise ValueError(unknown("preset", preset, self.presets))
        return self.with_options(self.presets[preset])

    def with_options(self, options: Mapping[str, Any]) -> Study:
        """The study with other values.

        Parameters
        ----------
        options
            ``seed``, ``samples``, an axis, or anything that an axis can set, by
            name -> value or values. Where there are several sweeps a name
            counts for all that have it; ``NAME.option`` is for one of them.

        Raises
        ------
        ValueError
            A name that nothing in the study has.
        """
        sweeps = self.named_sweeps
        seed = options.get("seed", self.seed)
        chosen: dict[str, dict[str, Any]] = {key: {} for key in sweeps}
        for name, value in options.items():
            if name == "seed":
                continue
            owner, _, rest = name.partition(".")
            if rest and owner in sweeps:
                chosen[owner][rest] = value
                continue
            knowing = [key for key in sweeps if sweeps[key].knows(name)]
            if isinstance(value, tuple | list) and len(value) > 1:
                # Several values are for the sweeps that have the axis.
                swept = [k for k in knowing if sweeps[k].axis_of(sweeps[k].full_name(name))]
                knowing = swept or knowing
            # Where none knows it, the first one says so.
            for key in knowing or list(sweeps)[:1]:
                chosen[key].setdefault(name, value)
        sweeps = {key: sweep.with_options(chosen[key]) for key, sweep in sweeps.items()}
        single = isinstance(self.sweeps, Sweep)
        return dataclasses.replace(self, seed=seed, sweeps=sweeps[SINGLE] if single else sweeps)


def _checked_seed(seed: Any) -> int:
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not 0 <= int(seed) < 2**64:
        raise ValueError(f"seed must be an integer from 0 to 2**64 - 1, not {seed!r}")
    return int(seed)
