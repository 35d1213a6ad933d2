"""Change the code in small ways, one at a time, and see whether the fast tests notice.

The command takes a sample of the small changes (*mutants*) that Cosmic Ray [1]_ can make to the
modules named in ``mutants.toml``: a number changed by one, or by 5 % if it is no integer, an
operator swapped, a condition negated, a loop left out. It runs the fast tests that mirror the
changed module on each, and then those of the whole folder on the ones that survived. It prints
a table and the survivors. ``docs/explanations/testing.md`` says how to read them.

All changes are made to a copy of the repository. Results are kept in a session of Cosmic Ray
beside the copy, so that a run that was stopped goes on where it was::

    python -m tools.mutants --mutants 320 --seed 1
    python -m tools.mutants --again             # with new tests, the survivors alone

References
----------
.. [1] https://cosmic-ray.readthedocs.io
"""

from __future__ import annotations

import argparse
import ast
import difflib
import fnmatch
import hashlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import cosmic_ray.plugins
import parso
import pytest
from cosmic_ray.ast import ast_nodes, get_ast, is_number
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.number_replacer import NumberReplacer
from cosmic_ray.operators.operator import Operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkItem, WorkResult
from hypothesis import Phase, settings

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((Path(__file__).parent / "mutants.toml").read_text())
COPIED = ("mesokwant", "systems", "studies", "tests", "docs", "pyproject.toml", "README.md")

MIRRORED, FOLDER = "the mirrored tests", "all tests of the folder"
"""The two passes: which fast tests a mutant has met."""

NOT_RUN = (4, 5, 70)
"""What a run of the tests ends with if none ran: wrong arguments, no test, a mistake here."""

CPU_SECONDS, WALL_SECONDS, MEMORY = 100, 2000, 6 * 2**30
"""Limits of the tests of one mutant; one that never ends is caught."""


class ChangeInteger(NumberReplacer):
    """Add 1 to an integer or subtract it."""

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        if is_number(node) and isinstance(ast.literal_eval(node.value), int):
            yield from super().mutation_positions(node)


class ChangeFloat(Operator):
    """Make a number that is no integer larger by 5 %."""

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        if not is_number(node):
            return
        value = ast.literal_eval(node.value)
        if not isinstance(value, int) and abs(value) > SETTINGS["skip"]["tolerance"]:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        changed = repr(1.05 * ast.literal_eval(node.value))
        return parso.python.tree.Number(node.prefix + changed, node.start_pos)

    @classmethod
    def examples(cls) -> Sequence[Any]:
        return ()


OWN_OPERATORS: dict[str, type[Operator]] = {
    "ChangeInteger": ChangeInteger,
    "ChangeFloat": ChangeFloat,
}


def operator_named(name: str) -> Operator:
    """An operator of this module or of Cosmic Ray."""
    return (OWN_OPERATORS.get(name) or cosmic_ray.plugins.get_operator(name))()


# -- which mutants ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """A mutant that may be drawn.

    ``rank`` decides the sample: those with the smallest ranks are drawn.
    """

    spec: MutationSpec
    rank: str


def digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def candidates(path: Path, seed: int) -> list[Candidate]:
    """One mutant for every place of a module that can be changed, in the order of the ranks.

    A rank depends on the seed and on the text of the line, so that an edit of other lines
    changes hardly anything about the sample.
    """
    source = (ROOT / path).read_text()
    lines, tree, skipped = source.splitlines(), get_ast(source), skipped_spans(source)
    best: dict[tuple[int, int], Candidate] = {}
    same_text: Counter[tuple[str, int]] = Counter()
    same_place: Counter[tuple[tuple[int, int], str]] = Counter()
    number_of: dict[tuple[int, int], int] = {}
    for name in SETTINGS["operators"]:
        operator = operator_named(name)
        places = (place for node in ast_nodes(tree) for place in operator.mutation_positions(node))
        for occurrence, (start, end) in enumerate(places):
            text = lines[start[0] - 1].strip()
            # The star of a signature is no operator, although Cosmic Ray takes it for one.
            star = lines[start[0] - 1][start[1] :].startswith("*,")
            if star or any(first <= start < last for first, last in skipped):
                continue
            if start not in number_of:
                number_of[start] = same_text[text, start[1]]
                same_text[text, start[1]] += 1
            here = seed, path, text, start[1], number_of[start]
            # The changes of one place compete by a digest of their own: every place has one rank.
            variant = digest(*here, name, same_place[start, name])
            same_place[start, name] += 1
            spec = MutationSpec(
                module_path=path,
                operator_name=name,
                occurrence=occurrence,
                start_pos=start,
                end_pos=end,
                definition_name=variant,
            )
            known = best.get(start)
            if known is None or variant < str(known.spec.definition_name):
                best[start] = Candidate(spec, digest(*here))
    return sorted(best.values(), key=lambda candidate: candidate.rank)


def skipped_spans(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Start and end of all code whose change no test of numbers should notice.

    These are annotations, decorators, texts, messages of errors and warnings, texts for the
    display, units, and the constants and keywords that ``mutants.toml`` names.
    """
    lines = source.splitlines()
    spans = []

    def column(line: int, offset: int) -> int:
        return len(lines[line - 1].encode()[:offset].decode())

    def skip(node: Any) -> None:
        start = node.lineno, column(node.lineno, node.col_offset)
        spans.append((start, (node.end_lineno, column(node.end_lineno, node.end_col_offset))))

    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef(name=name) if name in SETTINGS["skip"]["functions"]:
                skip(node)
            case ast.Raise() | ast.JoinedStr():
                skip(node)
            case ast.Call(func=ast.Attribute(attr="warn")):
                skip(node)
            case ast.keyword(arg=name) if name in SETTINGS["skip"]["keywords"]:
                skip(node)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if name in SETTINGS["skip"]["constants"]:
                    skip(node)
            case ast.Assign(targets=[ast.Tuple(elts=names)]):
                if {ast.unparse(name) for name in names} & set(SETTINGS["skip"]["constants"]):
                    skip(node)
        for name in ("annotation", "returns"):
            if isinstance(getattr(node, name, None), ast.AST):
                skip(getattr(node, name))
        for decorator in getattr(node, "decorator_list", []):
            skip(decorator)
    return spans


def modules() -> list[Path]:
    """The modules to mutate, relative to the root."""
    found = [
        path.relative_to(ROOT)
        for folder in SETTINGS["folders"]
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]
    return [
        path
        for path in found
        if not any(fnmatch.fnmatch(path.as_posix(), p) for p in SETTINGS["skip"]["modules"])
    ]


def sample(total: int, seed: int) -> list[MutationSpec]:
    """Draw mutants of all modules: of each as many as it has places, and three at least."""
    of_module = {path: candidates(path, seed) for path in modules()}
    places = sum(map(len, of_module.values()))
    chosen = []
    for found in of_module.values():
        share = max(SETTINGS["least_per_module"], round(total * len(found) / places))
        chosen += [candidate.spec for candidate in found[:share]]
    print(f"{len(chosen)} mutants out of {places} places in {len(of_module)} modules")
    return chosen


# -- running the tests -----------------------------------------------------------------------


def copy_repository(copy: Path) -> None:
    """Bring the copy that is mutated up to date."""
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    for name in COPIED:
        if (ROOT / name).is_dir():
            for path in (copy / name).rglob("*.py"):
                if not (ROOT / path.relative_to(copy)).exists():
                    path.unlink()
            shutil.copytree(ROOT / name, copy / name, dirs_exist_ok=True, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, copy / name)


def folder_of(path: Path) -> str:
    """The folder of the tests of a module."""
    parts = path.parts[1:] if path.parts[0] == "mesokwant" else path.parts
    return f"tests/{parts[0]}"


def tests_of(copy: Path, path: Path, which: str) -> list[str]:
    """The tests of a module: the mirrored file and the doctests, or the rest of the folder."""
    folder = copy / folder_of(path)
    names = [f"test_{path.stem}.py"]
    for pattern, other_names in SETTINGS["tests"].items():
        if fnmatch.fnmatch(path.as_posix(), pattern):
            names = other_names
    mirrored = [folder / name for name in names]
    if which == MIRRORED:
        return [*(str(test.relative_to(copy)) for test in mirrored), str(path)]
    rest = [test for test in sorted(folder.glob("test_*.py")) if test not in mirrored]
    return [str(test.relative_to(copy)) for test in rest]


def run_tests(copy: Path, tests: Sequence[str], *, compile_anew: bool) -> tuple[int, str]:
    """Run tests in a child process that has loaded the libraries already, but not this project.

    Returns
    -------
    status
        Exit status of pytest, or minus the signal that ended it.
    output
        What it printed.
    """
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryFile("w+") as output:
        child = os.fork()
        if child == 0:
            _test_and_exit(copy, tests, output.fileno(), cache if compile_anew else "")
        end = time.monotonic() + WALL_SECONDS
        while True:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                break
            if time.monotonic() > end:
                os.killpg(child, signal.SIGKILL)
                end = float("inf")
            time.sleep(0.05)
        output.seek(0)
        return os.waitstatus_to_exitcode(status), output.read()


def _test_and_exit(copy: Path, tests: Sequence[str], output: int, cache: str) -> NoReturn:
    """Run pytest in this process, which is a child, and end it."""
    status = 70
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 10))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.chdir(copy)
        sys.path[0] = str(copy)
        if cache:
            # Otherwise the unchanged kernels in the cache of the copy would run.
            import numba

            numba.config.CACHE_DIR = cache
        options = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
        options += ["--hypothesis-profile=mutants", f"--rootdir={copy}", "--tb=line"]
        # Hypothesis is loaded before pytest could rewrite it.
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
        status = int(pytest.main([*options, *tests]))
    except Exception:  # noqa: BLE001 - the parent reads what was printed
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def load_libraries() -> None:
    """Import what the tests import, apart from this project, before any child is started."""
    import importlib
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in SETTINGS["libraries"]:
            importlib.import_module(name)
    settings.register_profile(
        "mutants",
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],  # a failure is not shrunk
    )
    loaded = {name.split(".")[0] for name in sys.modules} & {"mesokwant", "systems", "studies"}
    if loaded:
        raise RuntimeError(f"{loaded} must not be loaded before it is changed")


def check_unchanged(copy: Path, paths: Sequence[Path]) -> None:
    """Check that all tests pass without a change; this also fills the caches of the copy."""
    for folder in sorted({folder_of(path) for path in paths}):
        status, output = run_tests(copy, [folder], compile_anew=False)
        if status:
            raise SystemExit(f"The tests in {folder} fail without any change ({status}):\n{output}")


def test_mutant(copy: Path, spec: MutationSpec, which: str) -> WorkResult:
    """Change the module in the copy, run its tests, and put the module back."""
    module = copy / spec.module_path
    source, times = module.read_text(), (module.stat().st_atime, module.stat().st_mtime)
    changed = mutate_code(source, operator_named(spec.operator_name), spec.occurrence)
    assert changed is not None and changed != source
    compiled = any(spec.module_path.match(pattern) for pattern in SETTINGS["compiled"])
    try:
        module.write_text(changed)
        tests = tests_of(copy, spec.module_path, which)
        status, output = run_tests(copy, tests, compile_anew=compiled)
    finally:
        module.write_text(source)
        os.utime(module, times)
    if status in NOT_RUN:
        raise RuntimeError(f"The tests {tests} did not run:\n{output}")
    outcome = TestOutcome.KILLED if status else TestOutcome.SURVIVED
    return WorkResult(
        worker_outcome=WorkerOutcome.NORMAL,
        output=f"{which}: {status}\n{output[-2000:]}",
        test_outcome=outcome,
        diff=difference(source, changed),
    )


def difference(source: str, changed: str) -> str:
    """The lines that differ, before and after."""
    lines = difflib.unified_diff(source.splitlines(), changed.splitlines(), n=0, lineterm="")
    changes = [line for line in lines if line[0] in "-+" and line[:3] not in ("---", "+++")]
    return "\n".join(line[0] + line[1:].strip() for line in changes)


# -- the session and its report --------------------------------------------------------------


def job_of(spec: MutationSpec) -> str:
    return digest(spec.module_path, spec.definition_name)[:32]


def run_pass(database: WorkDB, copy: Path, specs: Sequence[MutationSpec], which: str) -> None:
    """Test some mutants and keep their results."""
    for number, spec in enumerate(specs, 1):
        start = time.monotonic()
        result = test_mutant(copy, spec, which)
        database.set_result(job_of(spec), result)
        place = f"{spec.module_path}:{spec.start_pos[0]}"
        outcome = "caught  " if result.is_killed else "SURVIVED"
        seconds = time.monotonic() - start
        print(f"{number}/{len(specs)} {outcome} {place} ({which}, {seconds:.0f} s)", flush=True)
        if not result.is_killed:
            print(result.diff, flush=True)


def report(results: dict[str, WorkResult], specs: Sequence[MutationSpec]) -> None:
    """Print how many mutants of each package were caught, and those that survived."""
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    survivors = []
    for spec in specs:
        path, result = spec.module_path.as_posix(), results[job_of(spec)]
        change = str(result.diff).replace("\n+", " -> ").removeprefix("-")
        if result.is_killed:
            outcome = "caught"
        elif is_harmless(path, change):
            outcome = "harmless"
        else:
            outcome = "survived"
            survivors.append(f"{path}:{spec.start_pos[0]}\n{change}")
        table[path.removeprefix("mesokwant/").split("/")[0]][outcome] += 1
        table["all"][outcome] += 1
    print("\n".join(["", *survivors, ""]))
    print(f"{'folder':<12}{'mutants':>9}{'caught':>9}{'harmless':>10}{'survived':>10}  share")
    for folder in sorted(table, key=lambda name: (name == "all", name)):
        counts = table[folder]
        share = counts["caught"] / max(1, counts["caught"] + counts["survived"])
        print(
            f"{folder:<12}{counts.total():>9}{counts['caught']:>9}{counts['harmless']:>10}"
            f"{counts['survived']:>10}  {100 * share:.1f} %"
        )


def is_harmless(path: str, change: str) -> bool:
    """Whether ``mutants.toml`` lists a change, by parts of the line before and after."""
    before, after = change.replace(" ", "").split("->", 1) if "->" in change else (change, "")
    for entry in SETTINGS["harmless"]:
        old, new = entry["change"].replace(" ", "").split("->")
        if path == entry["module"] and old in before and before.replace(old, new, 1) == after:
            return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--mutants", type=int, default=320, help="how many to draw")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--only", default="*", help="modules whose path matches this pattern")
    parser.add_argument("--again", action="store_true", help="test the survivors again")
    parser.add_argument("--report", action="store_true", help="only print what is known")
    parser.add_argument(
        "--no-check", action="store_true", help="leave out the check that the tests pass unchanged"
    )
    default = Path(tempfile.gettempdir()) / "mesokwant-mutants"
    parser.add_argument("--folder", type=Path, default=default, help="for the copy and session")
    chosen = parser.parse_args()

    copy = chosen.folder / "copy"
    copy.mkdir(parents=True, exist_ok=True)
    specs = [
        spec
        for spec in sample(chosen.mutants, chosen.seed)
        if fnmatch.fnmatch(spec.module_path.as_posix(), chosen.only)
    ]
    with use_db(str(chosen.folder / "session.sqlite"), WorkDB.Mode.create) as database:
        known = {item.job_id for item in database.work_items}
        new = [spec for spec in specs if job_of(spec) not in known]
        database.add_work_items(WorkItem.single(job_of(spec), spec) for spec in new)
        if not chosen.report:
            copy_repository(copy)
            load_libraries()
            results = dict(database.results)
            open_ = [spec for spec in specs if job_of(spec) not in results]
            survivors = [spec for spec in specs if _survived(results, spec)]
            pending = [*open_, *(survivors if chosen.again else [])]
            if not chosen.no_check:
                check_unchanged(copy, [spec.module_path for spec in pending])
            run_pass(database, copy, open_, MIRRORED)
            if chosen.again:
                run_pass(database, copy, survivors, MIRRORED)
            results = dict(database.results)
            survivors = [spec for spec in specs if _survived(results, spec, MIRRORED)]
            run_pass(database, copy, survivors, FOLDER)
        results = dict(database.results)
        report(results, [spec for spec in specs if job_of(spec) in results])


def _survived(results: dict[str, WorkResult], spec: MutationSpec, which: str = "") -> bool:
    """Whether a mutant survived, with this pass as the last that it met if one is named."""
    result = results.get(job_of(spec))
    return result is not None and not result.is_killed and str(result.output).startswith(which)


if __name__ == "__main__":
    main()
