"""TeX as MathML when the site is built: formulas need no script and no request of the reader.

Sphinx loads this module as an extension; ``html_math_renderer = "mathml"`` chooses it. Browsers
typeset MathML by themselves.

>>> formula("x^2")[:60]
'<math xmlns="http://www.w3.org/1998/Math/MathML" display="in'
>>> formula(r"\\unheard")
Traceback (most recent call last):
ValueError: the formula '\\\\unheard' has something that cannot be typeset: \\unheard
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from latex2mathml import exceptions
from latex2mathml.converter import convert

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FAILURES: tuple[type[Exception], ...] = (
    *(kind for kind in vars(exceptions).values() if isinstance(kind, type)),
    *(IndexError, KeyError, ValueError),
)
"""What the converter raises; its own exceptions have no base in common."""

UNKNOWN = re.compile(r"<m[io]>(\\[^<]*|&(?:amp;)?)</m[io]>")
"""How the converter shows a command that it does not know, or an & outside of a table."""


def formula(tex: str, *, block: bool = False) -> str:
    """A formula as MathML.

    Parameters
    ----------
    tex
        The formula, without dollar signs.
    block
        Whether it stands on lines of its own.

    Raises
    ------
    ValueError
        It has something that cannot be typeset.
    """
    try:
        result = convert(tex, display="block" if block else "inline")
    except FAILURES as error:
        raise ValueError(f"the formula {tex!r} cannot be typeset: {error!r}") from error
    if unknown := UNKNOWN.search(result):
        raise ValueError(f"the formula {tex!r} has something that cannot be typeset: {unknown[1]}")
    return result


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the renderer to Sphinx."""
    app.add_html_math_renderer("mathml", (_visit_inline, None), (_visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _visit_inline(translator: Any, node: Any) -> None:
    translator.body.append(_shown(translator, node, block=False))
    _skip()


def _visit_block(translator: Any, node: Any) -> None:
    shown = _shown(translator, node, block=True)
    translator.body.append(f'<div class="math" tabindex="0" role="group">{shown}</div>\n')
    _skip()


def _shown(translator: Any, node: Any, *, block: bool) -> str:
    """The formula; where it cannot be typeset its TeX, with a warning of the build."""
    from sphinx.util import logging

    try:
        return formula(node.astext(), block=block)
    except ValueError as error:
        logging.getLogger(__name__).warning("%s", error, location=node)
        return f"<code>{translator.encode(node.astext())}</code>"


def _skip() -> None:
    from docutils.nodes import SkipNode

    raise SkipNode
