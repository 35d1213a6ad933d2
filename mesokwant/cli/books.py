"""``mesokwant book`` and ``mesokwant export``: results as a site, and as files for others."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..engine import executors
from .terminal import FAILING, one_line_errors


@click.command()
@click.argument("studies", nargs=-1, metavar="[STUDY.py]...")
@click.option("--out", default="book", show_default=True, help="Folder of the site.")
@click.option("--results", default="results", show_default=True, help="Folder of all results.")
@click.option("--docs", metavar="FOLDER", help="Add the pages of FOLDER, and the API reference.")
@click.option("--workers", type=int, help="Processes [default: all cores].")
@click.option("--open", "opens", is_flag=True, help="Show the site in a browser.")
def book(
    studies: tuple[str, ...],
    out: str,
    results: str,
    docs: str | None,
    workers: int | None,
    opens: bool,
) -> None:
    """Build a site of all statements, numbers and figures in a results folder.

    Name the files of studies that are not installed. What did not change since the last time is
    not done again. The exit status is 1 if a link, a formula or a notebook of the site is wrong.
    """
    with one_line_errors():
        try:
            from ..book.site import build
        except ModuleNotFoundError as error:
            raise ImportError(
                f"the book needs {error.name}: install the extra, pip install 'mesokwant[book]'"
            ) from error
        built = build(
            Path(out),
            Path(results),
            docs=None if docs is None else Path(docs),
            study_files=studies,
            command=click.get_current_context().find_root().command,
            workers=workers or executors.cores(),
            say=click.echo,
        )
    for line in built.warnings:
        click.echo(line, err=True)
    click.echo(f"book: {built.index}")
    if opens:
        click.launch(built.index.resolve().as_uri())
    sys.exit(FAILING if built.warnings else 0)


@click.command()
@click.argument("study")
@click.option(
    "--format",
    "kind",
    default="csv",
    show_default=True,
    metavar="FORMAT",
    help="csv, json, netcdf or bibtex.",
)
@click.option("--preset", default="quick", show_default=True, help="Preset that was run.")
@click.option("--out", default="results", show_default=True, help="Folder of all results.")
@click.option("--to", default=".", show_default=True, help="Folder for the files.")
def export(study: str, kind: str, preset: str, out: str, to: str) -> None:
    """Write the numbers behind the figure of STUDY, or the papers that it cites.

    CSV has a file for every panel; JSON and netCDF have one for all. BibTeX needs no results.
    """
    from ..book.exports import export as write

    with one_line_errors():
        for path in write(study, preset, Path(out), Path(to), format=kind):
            click.echo(path)
