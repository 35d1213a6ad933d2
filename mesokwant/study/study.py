"""A study: a question, the sweeps that answer it, what is claimed and how it is drawn."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from typing import TYPE_CHECKING, Any

from ..names import unknown
from .claims import Claim
from .sweep import Sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SINGLE = "sweep"
"""Name of the sweep of a study that has just one."""

QUICK = "quick"
"""Name of the preset that is run where none is named; every study has it."""

FULL, REPEAT = "full", "repeat"
"""Names of the preset of the run that is kept, and of the one that repeats it with another seed."""

LIKE = "like"
"""Option of a preset that names the earlier preset whose options it has besides its own."""


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
    question
        What the study answers, in one line.
    reading
        What regime, claims and panels share: called once with the results, it returns any
        object, which is handed to all of them. Without it they get the results themselves. The
        results are an `xarray.Dataset`, or an `xarray.DataTree` with one node a sweep where the
        study has several.
    regime
        Called with the reading, returns column -> values, one a point: the
        lengths and ratios that decide where theory applies. Shown as a table.
    claims
        Called with the reading, returns the `Claim`s.
    panels
        The panels of the figure: functions (axes, reading) that draw one panel each and label
        it. Grid, letters, legends and style are those of `mesokwant.figures`.
    presets
        Preset name -> options (see `with_options`). "quick" is the default, and there without
        options where it is not given; "toy" is the size at which tests run the study; "full" is
        the run that is kept, and "repeat" repeats it with another seed. The option ``like``
        names an earlier preset, whose options apply wherever this one gives no other value:
        ``{"like": "full", "seed": 12}``.
    seed
        (seed, sample) decides the disorder of a sample.

    Raises
    ------
    ValueError
        A name that could not be a folder; no sweep; a preset that is like no earlier one.
    TypeError
        Sweeps, presets or panels of another kind.
    """

    name: str
    sweeps: Sweep | Mapping[str, Sweep]
    question: str = ""
    reading: Callable[[Any], Any] | None = None
    regime: Callable[[Any], Mapping[str, Sequence[Any]]] | None = None
    claims: Callable[[Any], Iterable[Claim]] | None = None
    panels: Sequence[Callable[[Axes, Any], None]] = ()
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seed: int = 0

    def __post_init__(self) -> None:
        self._check_types()
        object.__setattr__(self, "presets", _completed({QUICK: {}, **self.presets}))
        for name in (self.name, *self.named_sweeps, *self.presets):
            if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
                raise ValueError(f"{name!r} names a folder: use letters, digits, '_' and '-' only")
        if not self.named_sweeps:
            raise ValueError(f"study {self.name!r} has no sweep")
        object.__setattr__(self, "panels", tuple(self.panels))
        object.__setattr__(self, "seed", checked_seed(self.seed))

    def _check_types(self) -> None:
        sweeps = self.sweeps
        named = isinstance(sweeps, Mapping) and all(isinstance(s, Sweep) for s in sweeps.values())
        if not (isinstance(sweeps, Sweep) or named):
            raise TypeError(f"sweeps must be a mk.Sweep, or several by name, not {sweeps!r}")
        presets = self.presets
        if not (isinstance(presets, Mapping) and all(map(_is_mapping, presets.values()))):
            raise TypeError(
                "presets must map names to options, such as {'full': {'samples': 1000}}, "
                f"not {presets!r}"
            )
        if callable(self.panels) or not all(map(callable, self.panels)):
            raise TypeError(
                "panels must be a sequence of functions (axes, reading), such as "
                f"panels=(conductance,), not {self.panels!r}"
            )

    @property
    def named_sweeps(self) -> dict[str, Sweep]:
        """The sweeps by name."""
        return {SINGLE: self.sweeps} if isinstance(self.sweeps, Sweep) else dict(self.sweeps)

    @property
    def is_single(self) -> bool:
        """Whether the study has just one sweep, without a name of its own."""
        return isinstance(self.sweeps, Sweep)

    def read(self, data: Any) -> Any:
        """What regime, claims and panels are handed: the reading of the results."""
        return data if self.reading is None else self.reading(data)

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
            ``seed``, ``samples``, an axis, or anything that an axis can set, by name -> value
            or values. One value goes to every sweep that knows the name, several values to
            every sweep that has the axis; ``SWEEP.option`` is for one sweep alone.

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
            takers = [key for key in sweeps if sweeps[key].knows(name)]
            if isinstance(value, tuple | list) and len(value) > 1:
                swept = [k for k in takers if sweeps[k].axis_of(sweeps[k].full_name(name))]
                takers = swept or takers
            # A name that no sweep knows is refused by the first sweep.
            for key in takers or list(sweeps)[:1]:
                chosen[key].setdefault(name, value)
        sweeps = {key: sweep.with_options(chosen[key]) for key, sweep in sweeps.items()}
        return dataclasses.replace(
            self, seed=seed, sweeps=sweeps[SINGLE] if self.is_single else sweeps
        )


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)


def _completed(presets: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The presets with all options of those that they are like, and without ``like``.

    Raises
    ------
    ValueError
        A preset is like one that does not stand before it.
    """
    completed: dict[str, dict[str, Any]] = {}
    for name, options in presets.items():
        given = dict(options)
        model = given.pop(LIKE, None)
        if model is not None and model not in completed:
            raise ValueError(
                f"preset {name!r} is like {model!r}, but "
                + unknown("preset before it", str(model), completed)
            )
        completed[name] = (completed[model] if model is not None else {}) | given
    return completed


def checked_seed(seed: Any) -> int:
    """The seed as a plain integer.

    Raises
    ------
    ValueError
        It is no integer from 0 to 2**64 - 1.
    """
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not 0 <= int(seed) < 2**64:
        raise ValueError(f"seed must be an integer from 0 to 2**64 - 1, not {seed!r}")
    return int(seed)
