"""The identity of a computation as plain values: compared, hashed, and said in words.

An identity is a dict of JSON values (`mesokwant.engine.identity` makes it from a study). Two
runs may share a folder where `differences` finds none.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from importlib.metadata import version
from numbers import Real
from pathlib import Path
from typing import Any

Plain = dict[str, Any]

FINGERPRINT = "Hamiltonian"
CODE = "code"
LABELS = ("dims", "unit", "units")
"""Keys that name things and decide no number."""


def differences(old: Plain, new: Plain, path: str = "") -> list[str]:
    """What differs between two identities, a phrase each."""
    phrases = []
    for key in sorted({*old, *new}):
        name = f"{path}{key}"
        before, after = old.get(key), new.get(key)
        if key in LABELS:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            phrases += differences(before, after, "" if key == "sweeps" else f"{name}: ")
        elif before == after or key == FINGERPRINT:
            continue
        elif key == CODE:
            # Compiled code tells nothing across versions of Python.
            if str(before).partition(":")[0] == str(after).partition(":")[0]:
                phrases.append(f"{path}its code is another one")
        else:
            phrases.append(f"{name} was {before!r}, is now {after!r}")
    # The fingerprint counts where nothing else explains the difference.
    if not phrases and old.get(FINGERPRINT) != new.get(FINGERPRINT):
        phrases.append(f"{path}the Hamiltonian that the system builds is another one")
    return phrases


def digest(identity: Plain) -> str:
    """A hash that is equal where `differences` finds none."""

    def canonical(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {k: canonical(v) for k, v in value.items() if k not in (CODE, *LABELS)}
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


SYSTEM = "system"
"""What stands for the system among the names that can be computed again."""


def deciders_of(sweep: Plain) -> list[str]:
    """Names of what decides all numbers of a sweep: disorder, parameters, the system."""
    return [*sweep.get("disorder_code", {}), *sweep.get("params_code", {}), SYSTEM]


def changed_code(old: Plain, new: Plain) -> list[str]:
    """Names of observables, disorder, parameters or the system whose code has changed."""
    names: dict[str, None] = {}
    for key, after in new["sweeps"].items():
        before = old["sweeps"].get(key, {})
        pairs = {
            name: (before.get("observables", {}).get(name, {}).get(CODE), entry.get(CODE))
            for name, entry in after["observables"].items()
        }
        for group in ("disorder_code", "params_code"):
            known = before.get(group, {})
            pairs |= {name: (known.get(name), code) for name, code in after.get(group, {}).items()}
        pairs[SYSTEM] = before.get("system_code"), after.get("system_code")
        fingerprints = before.get(FINGERPRINT), after.get(FINGERPRINT)
        names |= {name: None for name, (a, b) in pairs.items() if a and b and a != b}
        if not names and fingerprints[0] != fingerprints[1]:
            names[SYSTEM] = None
    return list(names)
