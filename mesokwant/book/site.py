"""The site: sources that are written where they changed, and Sphinx, which makes pages of them.

`build` takes the folder of all results and gives a folder of HTML that any browser opens, from the
file system too. All that the site is made from lies in its folder ``.work``: a second build does
again only what changed. With a folder of documentation the site has its pages and notebooks, and
the API reference.
"""

from __future__ import annotations

import io
import re
import shutil
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click

from .. import files
from ..study import catalog
from . import pages, reference
from .assets import prepare
from .documents import Documents, documents
from .entries import Entry, slug
from .runs import StoredRun, found
from .statements import Statement, statements

WORK = ".work"
"""Folder in the site that keeps what it is made from."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """A site that was built.

    Attributes
    ----------
    index
        Its first page.
    entries
        The studies in it.
    warnings
        What Sphinx warned of, and headlines that no run has.
    """

    index: Path
    entries: Sequence[Entry]
    warnings: Sequence[str]


def build(
    out: Path,
    results: Path,
    *,
    docs: Path | None = None,
    study_files: Sequence[str] = (),
    command: click.Command | None = None,
    workers: int = 1,
    say: Say = lambda line: None,
) -> Built:
    """Build the site, or the part of it that changed.

    Parameters
    ----------
    out
        Folder of the site.
    results
        Folder of all results.
    docs
        Folder of documentation; without it the site is about results alone.
    study_files
        Paths of studies in files of their own, whose results lie in the folder.
    command
        The command line, which the reference has a page about.
    workers
        Processes.
    say
        Called with a line about every step.

    Raises
    ------
    FileNotFoundError
        There are no results, or no documentation.
    ValueError
        A file of statements is wrong; a study file has no study.
    """
    work = out / WORK
    runs = found(results)
    if not runs:
        raise FileNotFoundError(f"there are no results in {results}; `mesokwant run` makes them")
    names = _names(runs, study_files)
    entries = _entries(runs, names, out, workers, say)
    title = "Mesoscopic physics, measured" if docs is not None else f"Results in {results.name}"
    documented = Documents() if docs is None else documents(docs, [e.slug for e in entries])
    texts = {f"{pages.FOLDER}/{e.slug}.md": pages.study_page(e) for e in entries}
    if docs is not None:
        texts |= {f"reference/{n}.rst": text for n, text in reference.pages(command).items()}
        texts |= documented.texts
    index = pages.index_page(entries, title=title) + _contents(entries, documented)
    texts["index.md"] = index
    source = work / "source"
    _write(source, texts)
    for name, path in documented.files.items():
        _copy(path, source / name)
    say(f"{len(texts)} pages: running Sphinx")
    caught = _run_sphinx(source, out, title, workers)
    _remove_stale(out, texts)
    caught += [sentence for entry in entries if (sentence := entry.lacks_headline)]
    return Built(out / "index.html", entries, caught)


def _names(runs: Iterable[str], study_files: Sequence[str]) -> dict[str, str]:
    """Name of a study with results -> by which the catalog finds it."""
    installed = catalog.study_names()
    known = {name: name for name in runs if name in installed}
    return known | {catalog.find_study(path).name: path for path in study_files}


def _entries(
    runs: dict[str, list[StoredRun]], names: dict[str, str], out: Path, workers: int, say: Say
) -> list[Entry]:
    """The studies with their files, made by several processes."""
    said = _statements(names)
    jobs = {}
    with _executor(workers) as executor:
        for study, of_study in runs.items():
            folder = out / pages.FOLDER / slug(study)
            cache = out / WORK / "facts" / f"{slug(study)}.json"
            arguments = (of_study[0], names.get(study), folder, cache)
            jobs[study] = executor.submit(prepare, *arguments)
        entries = []
        for study, job in jobs.items():
            facts = job.result()
            entries.append(Entry(runs[study], said.get(study, Statement()), facts))
            problems = entries[-1].problems
            say(f"{study}: " + (f"incomplete, {problems[0]}" if problems else "files are ready"))
    return entries


def _statements(names: dict[str, str]) -> dict[str, Statement]:
    """The statements about some studies, from the tables beside their files."""
    found_ones: dict[str, Statement] = {}
    for name, path in names.items():
        module_file = Path(path) if path.endswith(".py") else _file_of(path)
        found_ones |= {n: s for n, s in statements(module_file.parent).items() if n == name}
    return found_ones


def _file_of(name: str) -> Path:
    import importlib.util

    spec = importlib.util.find_spec(catalog.study_names()[name])
    return Path(spec.origin) if spec is not None and spec.origin else Path(name)


class _Here:
    """The executor that works in this process, for one worker."""

    def submit(self, function: Callable[..., Any], *args: Any) -> Any:
        from concurrent.futures import Future

        future: Future[Any] = Future()
        future.set_result(function(*args))
        return future


@contextmanager
def _executor(workers: int) -> Iterator[Executor | _Here]:
    if workers <= 1:
        yield _Here()
        return
    # Not forked: libraries have threads of their own by now.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        yield executor


def _contents(entries: Sequence[Entry], documented: Documents) -> str:
    """The table of contents beside every page: chapters, documentation, reference."""
    sections: dict[str, list[str]] = {}
    for entry in pages.in_order(entries):
        names = sections.setdefault(entry.statement.chapter, [])
        names.append(f"{pages.FOLDER}/{entry.slug}")
    sections |= documented.sections
    if documented.texts:
        sections["Reference"] = ["reference/index"]
    blocks = [
        "\n".join(["```{toctree}", ":hidden:", f":caption: {title}", "", *names, "```"])
        for title, names in sections.items()
    ]
    return "\n" + "\n\n".join(blocks) + "\n"


def _write(source: Path, texts: dict[str, str]) -> None:
    """Write what changed, and remove pages that are no more."""
    for name, text in texts.items():
        path = source / name
        if not path.is_file() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(path, text.encode())
    for path in source.rglob("*"):
        is_page = path.suffix in (".md", ".rst", ".ipynb")
        if is_page and path.relative_to(source).as_posix() not in texts:
            path.unlink()


def _copy(path: Path, target: Path) -> None:
    if not target.is_file() or target.read_bytes() != path.read_bytes():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _remove_stale(out: Path, texts: dict[str, str]) -> None:
    """Remove pages and files of studies that have no results any more."""
    kept = {Path(name).stem for name in texts if name.startswith(f"{pages.FOLDER}/")}
    for path in (out / pages.FOLDER).iterdir():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path)
        elif path.suffix == ".html" and path.stem not in kept:
            path.unlink()


def _run_sphinx(source: Path, out: Path, title: str, workers: int) -> list[str]:
    """Run Sphinx; return its warnings."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    from . import configuration

    configuration.write(title, out / WORK)
    caught = io.StringIO()
    # Sphinx leaves no trace in docutils, so that a site can be built twice in a process.
    with patch_docutils(str(out / WORK)), docutils_namespace(), warnings.catch_warnings():
        # The libraries of Sphinx warn their developers.
        warnings.simplefilter("ignore")
        app = Sphinx(
            str(source),
            str(out / WORK),
            str(out),
            str(out / WORK / "doctrees"),
            "html",
            status=None,
            warning=caught,
            parallel=workers,
        )
        app.build()
    lines = re.sub(r"\x1b\[[0-9;]*m", "", caught.getvalue()).splitlines()
    return [line for line in lines if line.strip()]
