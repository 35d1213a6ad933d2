"""The pages of a folder of documentation, as pages of the site.

`documents` takes the folder ``docs`` of a checkout and gives the text of every page with its links
made right: links to results and to studies lead to the pages of the studies, and links to files
that are no pages of the site stay as text.

Pages of the folders in `SECTIONS` stand below their titles, in the order of their file names. What
lies in the folder itself stands below the last title. Notebooks, as ``.ipynb`` files or as Markdown
with the head of a MyST notebook, are executed when the site is built.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

SECTIONS = {
    "Tutorials": "tutorials",
    "How-to": "how-to",
    "Explanations": "explanations",
    "More documentation": ".",
}
"""Title -> the folder of its pages below the folder of the documentation."""

ENDINGS = (".md", ".ipynb")

REPLACED = {"gallery.md": "index", "README.md": "index"}
"""Pages that the index of statements stands for."""

BESIDE = ("CONTRIBUTING.md", "CHANGELOG.md")
"""Pages beside the folder that belong to the documentation."""

LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


@dataclass
class Documents:
    """Pages of documentation.

    Attributes
    ----------
    texts
        Name of a page in the site, with its ending -> its text.
    files
        Name of a picture in the site -> the file.
    sections
        Title -> names of its pages, without their endings.
    """

    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    sections: dict[str, list[str]] = field(default_factory=dict)


def documents(folder: Path, studies: Collection[str]) -> Documents:
    """All pages of a folder of documentation.

    Parameters
    ----------
    folder
        The folder; pages of `BESIDE` may lie beside it.
    studies
        Names of the studies that have a page in the site.

    Raises
    ------
    FileNotFoundError
        There is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder of documentation {folder}")
    root = folder.resolve().parent
    result = Documents()
    pages: dict[Path, str] = {}
    for title, name in SECTIONS.items():
        paths = [path for path in sorted((folder / name).glob("*")) if path.suffix in ENDINGS]
        if name == ".":
            paths = [path for path in paths if path.name not in REPLACED]
            paths += [root / beside for beside in BESIDE if (root / beside).is_file()]
        for path in paths:
            inside = path.resolve().relative_to(root)
            pages[path.resolve()] = str(inside)
            result.sections.setdefault(title, []).append(str(inside.with_suffix("")))
    for path, name in pages.items():
        text = path.read_text()
        if path.suffix == ".md":
            linked = partial(_link, page=path, root=root, pages=pages, studies=studies)
            text = LINK.sub(partial(linked, pictures=result.files), text)
        result.texts[name] = text
    return result


def _link(
    match: re.Match[str],
    *,
    page: Path,
    root: Path,
    pages: dict[Path, str],
    studies: Collection[str],
    pictures: dict[str, Path],
) -> str:
    """A link as the site has it."""
    picture, text, target = match.groups()
    address = target.partition("#")[0]
    if "://" in target or not address:
        return match[0]
    file = (page.parent / address).resolve()
    here = page.parent.relative_to(root)
    if file in pages:
        return match[0]
    if file.name in REPLACED:
        return f"[{text}]({_from(here, REPLACED[file.name])}.md)"
    parts = file.relative_to(root).parts if file.is_relative_to(root) else ()
    if parts[:1] == ("results",) and parts[1] in studies:
        return f"{picture}[{text}]({_from(here, f'studies/{parts[1]}/{parts[-1]}')})"
    if parts[:1] == ("studies",) and file.stem in studies:
        return f"[{text}]({_from(here, f'studies/{file.stem}')}.md)"
    if picture and file.is_file():
        pictures[str(Path(*parts))] = file
        return match[0]
    return text


def _from(here: Path, target: str) -> str:
    """The address of a page or file as seen from a folder of the site."""
    return Path(os.path.relpath(target, here)).as_posix()
