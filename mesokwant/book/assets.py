"""The files that belong to the page of a study, made once and kept until something changes.

`prepare` takes a stored run and a folder of the site. It puts there the figure in three formats, a
thumbnail, the numbers of every panel as CSV, a drawing of the device and the papers as BibTeX, and
gives what the page says about them as `Facts`. The facts are kept in a file beside the site with a
digest of all that they came from, so that a study that did not change costs nothing.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.util
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import figures, files
from ..study import catalog
from .drawn import device, drawn, module_of
from .exports import bibtex_of, write_csv
from .runs import UNREADABLE, StoredRun

FAILURES = (
    *UNREADABLE,
    *(ArithmeticError, AssertionError, ImportError, NameError, RuntimeError, SyntaxError),
)
"""What the code of a study may raise: its page then has the rest, and says so."""

THUMBNAIL = 640
"""Width of a thumbnail in pixels."""

VERSION = 1
"""It is raised when the files or the facts change; then all of them are made anew."""


@dataclass
class Facts:
    """What a page needs to know about its files.

    Attributes
    ----------
    question, summary, docstring, source
        The study's question, first line, whole docstring, and code; empty where it is unknown.
    panels
        ``letter``, ``says`` and ``file`` of every panel with numbers.
    regime
        Column -> cells of the table of the regime.
    device
        What is drawn in ``device.svg``; empty where there is none.
    figures
        Formats of the figure.
    cites
        Whether ``sources.bib`` has entries.
    problems
        A sentence for everything that is missing.
    """

    question: str = ""
    summary: str = ""
    docstring: str = ""
    source: str = ""
    panels: list[dict[str, str]] = field(default_factory=list)
    regime: dict[str, list[str]] | None = None
    device: str = ""
    figures: list[str] = field(default_factory=list)
    cites: bool = False
    problems: list[str] = field(default_factory=list)


def prepare(run: StoredRun, name: str | None, folder: Path, cache: Path) -> Facts:
    """Make the files of a study, unless they are there already.

    Parameters
    ----------
    run
        The run that stands for the study.
    name
        By which the catalog finds the study: its name, or the path of its file. None for a study
        that is not known here: then its page has what lies in the folder of its run.
    folder, cache
        Folder of the files, and the file that keeps the facts.
    """
    digest = _digest(run, name)
    kept = _kept(cache, digest)
    if kept is not None and folder.is_dir():
        return kept
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    facts = Facts()
    for suffix, path in run.figures.items():
        shutil.copyfile(path, folder / f"figure.{suffix}")
    if name is None:
        facts.problems.append(
            "no study of this name is installed, so that only what its run left is shown; name "
            "its file, as in `mesokwant book STUDY.py`"
        )
    else:
        try:
            _from_study(facts, run, name, folder)
        except FAILURES as error:
            facts.problems.append(f"the study {name} cannot be read: {error}")
    facts.figures = [suffix for suffix in figures.FORMATS if (folder / f"figure.{suffix}").exists()]
    if "png" in facts.figures:
        _thumbnail(folder / "figure.png", folder / "thumbnail.png")
    cache.parent.mkdir(parents=True, exist_ok=True)
    content = {"digest": digest} | dataclasses.asdict(facts)
    files.write(cache, json.dumps(content, indent=1).encode())
    return facts


def _from_study(facts: Facts, run: StoredRun, name: str, folder: Path) -> None:
    """Add what the code of the study gives, step by step: what fails is missing alone."""
    study = catalog.find_study(name)
    module = module_of(name)
    facts.question = study.question
    if module is not None:
        facts.docstring = module.__doc__ or ""
        facts.summary = " ".join(facts.docstring.split("\n\n")[0].split())
        facts.source = Path(module.__file__).read_text()
        text = bibtex_of(name, run)
        facts.cites = bool(text.strip())
        if facts.cites:
            files.write(folder / "sources.bib", text.encode())
    try:
        if shown := device(study):
            facts.device = repr(shown[0])
            shown[1].savefig(folder / "device.svg", metadata={"Date": None})
    except FAILURES as error:
        facts.problems.append(f"its device cannot be drawn: {error}")
    try:
        configured = study.with_preset(run.preset)
        figure = None if run.figures else folder
        result = drawn(configured, run.preset, run.folder.parents[1], figure=figure)
    except FAILURES as error:
        facts.problems.append(
            f"its results cannot be read as the study is now, so that the numbers behind the "
            f"figure and the table of the regime are missing: {error}"
        )
        return
    facts.regime = result.regime
    facts.problems += result.warnings
    paths = write_csv(result.panels, folder, run.study)
    facts.panels = [
        {"letter": panel.letter, "says": panel.says, "file": path.name}
        for panel, path in zip(result.panels, paths, strict=True)
    ]


def _thumbnail(source: Path, target: Path) -> None:
    from PIL import Image

    with Image.open(source) as picture:
        picture.thumbnail((THUMBNAIL, 2 * THUMBNAIL))
        picture.save(target, optimize=True)


def _kept(cache: Path, digest: str) -> Facts | None:
    """The facts of the last build, if they came of the same."""
    try:
        content: dict[str, Any] = json.loads(cache.read_text())
    except (OSError, ValueError):
        return None
    if content.pop("digest", None) != digest:
        return None
    return Facts(**content)


def _digest(run: StoredRun, name: str | None) -> str:
    """A hash of what the files come from: the study's file, its results and its figure."""
    parts = [str(VERSION), name or "", run.study, run.preset]
    for path in sorted(run.folder.rglob("*")):
        if path.suffix == ".parquet":
            parts.append(f"{path.name} {path.stat().st_size}")
        elif path.is_file():
            parts.append(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    if name is not None:
        modules = catalog.study_names()
        spec = importlib.util.find_spec(modules[name]) if name in modules else None
        source = Path(name) if spec is None or spec.origin is None else Path(spec.origin)
        parts.append(source.read_text() if source.is_file() else "")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
