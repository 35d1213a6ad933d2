"""The page on installation does what it says: its commands run in a folder outside the checkout.

Blocks of the languages ``toml`` and ``bash`` are taken from the page, section by section. The
former go into the ``pyproject.toml`` of a new project, and the latter run in the project's folder,
beside a copy of the checkout. Kwant takes minutes where uv and pip have not built it before.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import ROOT

PAGE = (ROOT / "docs" / "how-to" / "installation.md").read_text()
BLOCK = re.compile(r"^```(toml|bash)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MEASURED = "<Ensemble"
"""How the result begins that the last command of each way prints."""


def blocks(section, language):
    """The blocks of one section of the page, in their order."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    found = [block for its_language, block in BLOCK.findall(text) if its_language == language]
    assert found, f"the page has no {language} in section {section!r}"
    return found


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the checkout as a clone has it, without what was installed or computed there."""
    folder = tmp_path_factory.mktemp("installation") / "mesokwant"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*", "results", "uv.lock"))
    return folder


@pytest.fixture
def project(checkout, request):
    """The empty folder of a new project beside the copy."""
    folder = checkout.parent / request.node.name
    folder.mkdir()
    return folder


def shell(folder, commands, **variables):
    """Run commands as a user types them, and return what they print."""
    env = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH")}
    python = Path(sys.base_prefix) / "bin"
    env["PATH"] = os.pathsep.join([str(python), env["PATH"], str(ROOT / ".uv" / "bin")])
    env["UV_PYTHON"] = str(python / "python3")
    command = ["bash", "-euo", "pipefail", "-c", commands]
    result = subprocess.run(
        command, cwd=folder, env=env | variables, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.mark.slow
def test_uv_adds_mesokwant_to_a_project(project):
    shell(project, "uv init --bare")
    with (project / "pyproject.toml").open("a") as file:
        file.write("\n" + "".join(blocks("In your own project, with uv", "toml")))
    (commands,) = blocks("In your own project, with uv", "bash")
    assert MEASURED in shell(project, commands)


@pytest.mark.slow
def test_pip_installs_mesokwant_into_a_virtual_environment(project):
    (commands,) = blocks("In a virtual environment, with pip", "bash")
    assert MEASURED in shell(project, commands)


@pytest.mark.slow
def test_wheels_serve_pip_and_uv_without_a_network_and_a_compiler(project, checkout):
    build, with_pip, with_uv = blocks("Built once, installed often", "bash")
    shell(project, build)
    offline = {"CC": "no-compiler", "UV_CACHE_DIR": str(project / "cache")}
    assert MEASURED in shell(project, with_pip, PIP_NO_CACHE_DIR="1", **offline)
    assert MEASURED in shell(project, with_uv, **offline)
    # In a project, the other packages come from where uv finds them.
    shell(project, "uv init --bare")
    with (project / "pyproject.toml").open("a") as file:
        file.write("\n" + "".join(blocks("Built once, installed often", "toml")))
    shell(project, "uv add --editable ../mesokwant", UV_NO_BUILD_PACKAGE="kwant tinyarray")


def test_tables_for_projects_are_those_of_this_project():
    (tables,) = blocks("In your own project, with uv", "toml")
    assert tables in (ROOT / "pyproject.toml").read_text()


def test_a_missing_kwant_is_answered_by_one_sentence():
    code = "import sys; sys.modules['kwant'] = None; import mesokwant as mk; mk.scattering"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    last = result.stderr.splitlines()[-1]
    assert last.startswith("ModuleNotFoundError: Kwant is not installed")
    assert "docs/how-to/installation.md" in last


@pytest.mark.parametrize("compiler", ["no-compiler", "no-compiler -O2"])
def test_make_names_the_compiler_that_is_missing(tmp_path, compiler):
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    env = os.environ | {"CC": compiler}
    result = subprocess.run(
        ["make", "setup"], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert result.returncode == 2
    assert f"there is no '{compiler}'" in result.stderr
    assert not (tmp_path / ".venv").exists()
