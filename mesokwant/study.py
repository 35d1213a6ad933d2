"""A study: a question, the sweeps that answer it, what is claimed and how it is drawn."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from matplotlib.figure import Figure

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
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: {"quick": {}})
    seed: int = 0
    description: str = ""

    def __post_init__(self) -> None:
        named = {SINGLE: self.sweeps} if isinstance(self.sweeps, Sweep) else dict(self.sweeps)
        for name in (self.name, *named):
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
                raise ValueError(f"{name!r} names a folder: use letters, digits, '_' and '-' only")
        if not named:
            raise ValueError(f"study {self.name!r} has no sweep")
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or self.seed < 0:
            raise ValueError(f"seed must be a non-negative integer, not {self.seed!r}")

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
            near = difflib.get_close_matches(preset, self.presets, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(
                f"study {self.name!r} has no preset {preset!r}{hint} "
                f"(there are: {', '.join(self.presets)})"
            )
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
        for name, value in options.items():
            if name == "seed":
                continue
            owner, _, rest = name.partition(".")
            chosen, option = ([owner], rest) if rest and owner in sweeps else (list(sweeps), name)
            taken, refusals = {}, []
            for key in chosen:
                try:
                    taken[key] = sweeps[key].with_options({option: value})
                except ValueError as error:
                    refusals.append(error)
            if not taken:
                raise refusals[0]
            sweeps |= taken
        single = isinstance(self.sweeps, Sweep)
        return dataclasses.replace(self, seed=seed, sweeps=sweeps[SINGLE] if single else sweeps)
