"""The identity of a computation as plain values: compared, hashed, and said in words.

An identity is a dict of JSON values (`mesokwant.engine.identity` makes it from a study). Two
runs may share a folder where `differences` finds none.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from numbers import Real
from pathlib import Path
from typing import Any, NamedTuple

Plain = dict[str, Any]

FINGERPRINT = "Hamiltonian"
CODE = "code"
DISORDER_CODE = "disorder_code"
PARAMS_CODE = "params_code"
SYSTEM_CODE = "system_code"
CODES = (CODE, DISORDER_CODE, PARAMS_CODE, SYSTEM_CODE)
"""Keys of what `mesokwant.engine.code` makes of a user's code: texts, empty for shipped code.

Every observable has its text under the first key; a sweep has those of its terms of disorder and
of its parameters by name, and that of its system. Stores of older versions lack the last three
keys, and what they have of observables is of another form. Nothing can be compared with them, so
code is no reason to refuse such a store.
"""
LABELS = ("dims", "unit", "units")
"""Keys that name things and decide no number."""

SYSTEM = "system"
"""What stands for the system among the names that can be computed again."""
PARAMS = "params"
"""What stands for a function that derives all parameters."""


class CodeChange(NamedTuple):
    """A piece of a user's code that has another text in another identity.

    Attributes
    ----------
    sweep
        Name of the sweep.
    key
        Which of `CODES` it is.
    name
        Name of the observable, the term of the disorder or the parameter; `SYSTEM`; `PARAMS`.
    before, after
        The texts.
    """

    sweep: str
    key: str
    name: str
    before: str
    after: str

    @property
    def is_comparable(self) -> bool:
        """Whether the code is another one, and not only identified in another way."""
        return len({_scheme(text) for text in (self.before, self.after) if text}) == 1

    @property
    def subject(self) -> str:
        """What the code belongs to, in words."""
        if self.key == SYSTEM_CODE:
            return "the code of the system"
        if self.key == DISORDER_CODE:
            return f"the code of the disorder {self.name!r}"
        if self.key == CODE:
            return f"the code of the observable {self.name!r}"
        if self.name == PARAMS:
            return "the function that derives the parameters"
        return f"the function given for the parameter {self.name!r}"


def differences(old: Plain, new: Plain) -> list[str]:
    """Say what differs between two identities, a phrase each."""
    before, after = old.get("sweeps", {}), new.get("sweeps", {})
    phrases = _differences({**old, "sweeps": {}}, {**new, "sweeps": {}})
    for name in sorted({*before, *after}):
        if name not in before or name not in after:
            phrases.append(f"the sweep {name!r} was {'removed' if name in before else 'added'}")
        else:
            phrases += _sweep_differences(name, before[name], after[name])
    return phrases


def _sweep_differences(sweep: str, old: Plain, new: Plain) -> list[str]:
    phrases = _differences(old, new, f"{sweep}: ")
    changes = [change for change in _code_changes(sweep, old, new) if change.is_comparable]
    # The fingerprint counts where nothing else explains the difference.
    explained = phrases or any(change.key != CODE for change in changes)
    if not explained and old.get(FINGERPRINT) != new.get(FINGERPRINT):
        phrases.append(f"{sweep}: the Hamiltonian that the system builds is another one")
    for change in changes:
        # That an observable is another one says that its code is, too.
        if not any(text.startswith(f"{sweep}: observables: {change.name}: ") for text in phrases):
            phrases.append(f"{sweep}: {change.subject} changed")
    return phrases


def _differences(old: Plain, new: Plain, path: str = "") -> list[str]:
    """Say what differs between plain values; code and fingerprints are compared elsewhere."""
    phrases = []
    for key in sorted({*old, *new} - {FINGERPRINT, *CODES, *LABELS}):
        name = f"{path}{key}"
        before, after = old.get(key), new.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            phrases += _differences(before, after, f"{name}: ")
        elif before != after and not _lost_its_module(before, after):
            phrases.append(f"{name} was {before!r}, is now {after!r}")
    return phrases


def _lost_its_module(before: Any, after: Any) -> bool:
    """Whether an older version put the module before the name of a class of the user's."""
    return (
        isinstance(before, str)
        and isinstance(after, str)
        and after.isidentifier()
        and before.endswith(f".{after}")
    )


def code_changes(old: Plain, new: Plain) -> list[CodeChange]:
    """Find the pieces of code that have other texts in another identity.

    Pieces of which an identity of an older version has no text are left out.
    """
    before = old.get("sweeps", {})
    return [
        change
        for name, sweep in new.get("sweeps", {}).items()
        for change in _code_changes(name, before.get(name, {}), sweep)
    ]


def incomparable_code(old: Plain, new: Plain) -> list[str]:
    """Say of which code nobody can tell whether it changed, a phrase each."""
    return [
        f"{change.subject} can't be compared: it was identified by {_python(change.before)}"
        for change in code_changes(old, new)
        if not change.is_comparable
    ]


def with_code(old: Plain, new: Plain) -> Plain:
    """Give an identity the code of another one, from which it does not differ.

    From then on code is compared that was incomparable, or that an older version did not know.
    """
    sweeps = {}
    for name, sweep in old["sweeps"].items():
        after = new["sweeps"][name]
        observables = {
            observable: {**entry, CODE: after["observables"][observable][CODE]}
            for observable, entry in sweep["observables"].items()
        }
        codes = {key: after[key] for key in CODES if key in after}
        sweeps[name] = {**sweep, **codes, "observables": observables}
    return {**old, "sweeps": sweeps}


def _code_changes(sweep: str, old: Plain, new: Plain) -> Iterator[CodeChange]:
    texts_of_old, texts_of_new = _texts(old), _texts(new)
    for (key, name), after in texts_of_new.items():
        before = texts_of_old.get((key, name), after)
        # An older version left the text empty for much of the code that counts now.
        if before != after and (before or SYSTEM_CODE in old):
            yield CodeChange(sweep, key, name, before, after)


def _texts(sweep: Plain) -> dict[tuple[str, str], str]:
    """The code of a sweep: (key, name) -> text."""
    observables = sweep.get("observables", {})
    texts = {(CODE, name): entry[CODE] for name, entry in observables.items() if CODE in entry}
    for key in (DISORDER_CODE, PARAMS_CODE):
        texts |= {(key, name): text for name, text in sweep.get(key, {}).items()}
    if SYSTEM_CODE in sweep:
        texts[SYSTEM_CODE, SYSTEM] = sweep[SYSTEM_CODE]
    return texts


def _scheme(text: str) -> str:
    """How code was identified: version of the scheme and of Python, ``2:cpython-311``."""
    return text.rpartition(":")[0]


def _python(text: str) -> str:
    scheme, _, python = _scheme(text).rpartition(":")
    return python if scheme else "an older version of mesokwant"


def digest(identity: Plain) -> str:
    """A hash that is equal where `differences` finds none."""

    def canonical(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {k: canonical(v) for k, v in value.items() if k not in (*CODES, *LABELS)}
            return sorted(kept.items())
        if isinstance(value, list | tuple):
            return [canonical(v) for v in value]
        number = isinstance(value, Real) and not isinstance(value, bool)
        return float(value) if number else value

    text = json.dumps(canonical(identity))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def provenance() -> Plain:
    """Versions of what computes, and the git revision where mesokwant runs from a checkout."""
    packages = ("mesokwant", "kwant", "numpy", "scipy")
    versions = {"python": platform.python_version()} | {name: version(name) for name in packages}
    revision = _revision()
    return versions | ({"revision": revision} if revision else {})


def _revision() -> str:
    """The commit of the checkout, with ``+changes`` where files differ from it; else empty."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return ""
    command = ["git", "-C", str(root), "describe", "--always", "--abbrev=12", "--dirty=+changes"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def deciders_of(sweep: Plain) -> list[str]:
    """Names of what decides all numbers of a sweep: disorder, parameters, the system."""
    return [*sweep.get(DISORDER_CODE, {}), *sweep.get(PARAMS_CODE, {}), SYSTEM]


def changed_code(old: Plain, new: Plain) -> list[str]:
    """Names of observables, disorder, parameters or the system whose code has changed."""
    changes = [change for change in code_changes(old, new) if change.is_comparable]
    names = [change.name for change in changes]
    for sweep, after in new["sweeps"].items():
        explained = any(change.sweep == sweep and change.key != CODE for change in changes)
        before = old["sweeps"].get(sweep, after)
        if not explained and before.get(FINGERPRINT) != after.get(FINGERPRINT):
            names.append(SYSTEM)
    return list(dict.fromkeys(names))
