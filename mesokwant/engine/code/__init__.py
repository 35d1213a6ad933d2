"""A digest of all code and constants that decide what a callable does.

`code_digest` takes a function, a class or any other value of a study and gives a short text. Two
texts differ where the code differs that the value may run, however deep in helper modules the
difference is. A store compares them, so that it never answers new code with old numbers.

What counts as the user's own code is every module that is neither of the standard library, nor
installed among the libraries, nor a part of mesokwant and its systems: files beside a study,
packages that are installed in editable form, notebooks, and the modules of `studies`. It is
followed through global names, attributes of modules, imports inside functions, closures, default
arguments, classes with their bases, and the attributes of instances. Constants count by their
value. Everything else counts by its name alone: another version of a library is the same code,
also of one's own package where it is installed without ``--editable``.

What decides no number changes nothing: comments, formatting, docstrings, annotations of functions
at the top of a module and of methods, names of local variables, the places of files, line
numbers, and the process. Attributes called ``dims``, ``unit`` or ``units`` label results and
count only where the code itself reads them. These limits are known:

*   Functions count by their bytecode, which all patch releases of a minor version of Python
    share. Other minor versions compile otherwise: the digest starts with the version, and digests
    of two versions can't be compared.
*   An edit that changes the bytecode or a constant but no number counts as a difference: for
    example another order of the keys of a dictionary, or annotations of nested functions.
*   Constants are those at the time of the digest. A dictionary that functions fill and read is
    such a constant, and looks like another one after a run in the same process; the content of
    `functools.cache` and lists that functions only append to are left out.
*   Arrays count bit by bit. Where importing a module computes them, another machine may round
    them in another way.

What can't be covered is refused: code that is chosen by its text (``eval``, ``exec``,
``globals``, ``importlib.import_module``), functions that assign global names or read files, and
values with a hidden state such as generators of random numbers, open files and locks.

>>> from functools import partial
>>> def power(x, exponent):
...     return x**exponent
>>> code_digest(partial(power, exponent=2)) == code_digest(partial(power, exponent=3))
False
"""

from __future__ import annotations

import sys
import types
from typing import Any

from .ownership import is_own_class, is_own_namespace
from .values import ValueReader

SCHEME = "2"
"""What digests start with. The first scheme covered the bytecode of a single function alone."""


def code_digest(value: Any) -> str:
    """Identify all code and constants that decide what a value does.

    Parameters
    ----------
    value
        A function, method, `functools.partial`, class, instance of a class, or plain value.

    Returns
    -------
    str
        ``2:cpython-311:`` and 32 hexadecimal digits. It is the same in every process and on
        every machine with this minor version of Python.

    Raises
    ------
    ValueError
        If something that the value uses can't be covered; the message says how to make it so.

    Examples
    --------
    >>> code_digest(lambda x: x + 1) == code_digest(lambda y: y + 1)
    True
    """
    return f"{SCHEME}:{sys.implementation.cache_tag}:{ValueReader().digest(value)}"


def is_own(value: Any) -> bool:
    """Say whether a function, or the class of a value, is the user's own code."""
    value = getattr(value, "__func__", value)
    if isinstance(value, types.FunctionType):
        return is_own_namespace(value.__globals__)
    return is_own_class(value if isinstance(value, type) else type(value))
