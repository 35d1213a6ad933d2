"""The command line: thin words around what Python users call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..study.study import Study


def main(study: Study | Sequence[str] | None = None, name: str = "__main__") -> None:
    """The command ``mesokwant``; with a study, the command that runs it, for its own file.

    Parameters
    ----------
    study
        A study, or the arguments of the command; those of the process by default.
    name
        ``__name__`` of the study's file: nothing happens unless the file itself is run, so that
        the last line of a study file may be ``mk.main(study, __name__)``.
    """
    if name != "__main__":
        return
    from .commands import start

    start(study)
