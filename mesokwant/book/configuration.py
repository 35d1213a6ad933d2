"""How Sphinx makes the site: extensions, theme, notebooks, and what docstrings need.

`configuration` gives the values that a file ``conf.py`` would have, and `write` writes that file.
Nothing in them makes a reader's browser ask another address: the theme brings its fonts and scripts
along, formulas are MathML, and the search runs in the page.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import files

if TYPE_CHECKING:
    from sphinx.application import Sphinx

STATIC = Path(__file__).parent / "static"

NOTEBOOK_SECONDS = 120
"""Time that a cell of a notebook may take."""


def configuration(title: str, work: Path) -> dict[str, Any]:
    """Values of Sphinx's configuration.

    Parameters
    ----------
    title
        Title of the site.
    work
        Folder that keeps the results of notebooks, so that they run only when they changed.
    """
    return {
        "project": title,
        "version": version("mesokwant"),
        "extensions": [
            "myst_nb",
            "sphinx.ext.autodoc",
            "sphinx.ext.autosummary",
            "sphinx.ext.viewcode",
            "numpydoc",
            "mesokwant.book.mathml",
            "mesokwant.book.configuration",
        ],
        "html_theme": "furo",
        "html_title": title,
        "html_static_path": [str(STATIC)],
        "html_css_files": ["book.css"],
        "html_js_files": ["book.js"],
        "html_copy_source": False,
        "html_show_sphinx": False,
        "html_show_copyright": False,
        # Summaries are fetched, which a browser refuses to pages from the file system.
        "html_show_search_summary": False,
        "html_math_renderer": "mathml",
        "pygments_style": "a11y-high-contrast-light",
        "pygments_dark_style": "a11y-high-contrast-dark",
        "default_role": "py:obj",
        "autodoc_member_order": "bysource",
        "autodoc_typehints": "none",
        "autosummary_generate": False,
        "numpydoc_show_class_members": False,
        "myst_enable_extensions": ["dollarmath", "deflist"],
        "myst_heading_anchors": 3,
        "nb_execution_mode": "cache",
        "nb_execution_cache_path": str(work / "notebooks"),
        # Each in an empty folder of its own, which is removed: studies leave results.
        "nb_execution_in_temp": True,
        "nb_execution_timeout": NOTEBOOK_SECONDS,
        "nb_execution_raise_on_error": True,
        "suppress_warnings": ["myst.xref_missing", "config.cache"],
    }


def write(title: str, work: Path) -> None:
    """Write ``conf.py``; Furo reads some values from nowhere else."""
    text = (
        "from pathlib import Path\n\n"
        "from mesokwant.book.configuration import configuration\n\n"
        f"globals().update(configuration({title!r}, Path({str(work.resolve())!r})))\n"
    )
    path = work / "conf.py"
    if not path.is_file() or path.read_text() != text:
        files.write(path, text.encode())


def setup(app: Sphinx) -> dict[str, bool]:
    """Make plain docstrings safe for reStructuredText, and the sidebar readable for machines."""
    # Before numpydoc, which has the usual priority.
    app.connect("autodoc-process-docstring", _escape, priority=400)
    # After MyST-NB, which writes beside the site, where other files may be.
    app.connect("builder-inited", _keep_pictures_inside, priority=900)
    # After Furo, which makes the sidebar.
    app.connect("html-page-context", _level_captions, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _keep_pictures_inside(app: Sphinx) -> None:
    """Have the pictures of notebooks written to the folder of the work."""
    pictures = Path(app.confdir) / "pictures"
    settings: Any = app.env
    settings.mystnb_config = settings.mystnb_config.copy(output_folder=str(pictures))


def _level_captions(_: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Say the level of the headings in the sidebar, which screen readers ask for."""
    name = "furo_navigation_tree"
    levelled = 'role="heading" aria-level="2"'
    context[name] = context.get(name, "").replace('role="heading"', levelled)


CODE = re.compile(r"(``.*?``|`[^`]*`|\[[0-9*#]+\]_)")
PLURAL = re.compile(r"(`[^`\s][^`]*`)(?=\w)")


def _escape(_: Any, kind: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    """Escape what formulas in plain text have in common with markup: ``|T|²``, ``x_``, ``a*b``."""
    for i, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            plain = "".join(
                piece if j % 2 else _escaped(piece, j == 0)
                for j, piece in enumerate(CODE.split(line))
            )
            lines[i] = PLURAL.sub(r"\1\\ ", plain)


def _escaped(text: str, first: bool) -> str:
    bullet = re.match(r"\s*\* ", text) if first else None
    start = bullet.end() if bullet else 0
    body = re.sub(r"(?<!\\)([|*])", r"\\\1", text[start:])
    return text[:start] + re.sub(r"(?<=\w)_(?=\W|$)", r"\\_", body)
