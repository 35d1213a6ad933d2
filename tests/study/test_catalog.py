"""The catalog: what it finds, and what it says where a user's files hide shipped packages."""

import subprocess
import sys

import pytest

from mesokwant.study import catalog

OWN_STUDY = """
import mesokwant as mk
from systems import chain

study = mk.Study(
    name="mine",
    sweeps=mk.Sweep(chain(), energy=0.3, samples=2, disorder=mk.Anderson(1.0), solver="kwant"),
)
"""
OWN_SYSTEMS = """
import kwant


def chain():
    lattice = kwant.lattice.chain(norbs=1)
    builder, lead = kwant.Builder(), kwant.Builder(kwant.TranslationalSymmetry((-1,)))
    for part, length in ((builder, 4), (lead, 1)):
        part[(lattice(x) for x in range(length))] = 0
        part[lattice.neighbors()] = -1
    builder.attach_lead(lead)
    builder.attach_lead(lead.reversed())
    return builder
"""


def mesokwant(folder, *arguments):
    """Run ``python -m mesokwant``, which imports from the working folder first."""
    command = [sys.executable, "-m", "mesokwant", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture
def with_systems(tmp_path):
    """A folder whose file systems.py hides the systems of mesokwant."""
    (tmp_path / "systems.py").write_text(OWN_SYSTEMS)
    return tmp_path


@pytest.fixture
def with_studies(tmp_path):
    """A folder whose package studies/ hides the studies of mesokwant."""
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "__init__.py").touch()
    (tmp_path / "studies" / "theirs.py").write_text("raise RuntimeError('this is not a study')")
    return tmp_path


def says_what_is_hidden(text, file):
    return f"{file} hides the package" in text and "rename this file" in text


def test_nothing_hides_the_shipped_packages_here():
    assert catalog.hidden_packages() == {}
    assert catalog.all_study_names() == sorted(catalog.study_names())


def test_help_works_beside_own_systems(with_systems):
    result = mesokwant(with_systems, "run", "--help")
    assert result.returncode == 0
    assert result.stderr == ""


def test_list_names_the_file_that_hides_the_systems(with_systems):
    result = mesokwant(with_systems, "list")
    assert result.returncode == 0
    assert says_what_is_hidden(result.stderr, with_systems / "systems.py")
    assert result.stderr.count("\n") == 1
    assert "weak_localization" not in result.stdout  # it imports the shipped systems


def test_list_names_the_file_that_hides_the_studies_and_lists_systems(with_studies):
    result = mesokwant(with_studies, "list")
    assert result.returncode == 0
    assert says_what_is_hidden(result.stderr, with_studies / "studies" / "__init__.py")
    assert "ribbon" in result.stdout
    assert "theirs" not in result.stdout


@pytest.mark.parametrize(
    "command", ["run weak_localization", "run all", "check all", "show ribbon"]
)
def test_what_needs_hidden_systems_is_refused_in_one_sentence(with_systems, command):
    result = mesokwant(with_systems, *command.split())
    assert result.returncode == 2
    assert says_what_is_hidden(result.stderr, with_systems / "systems.py")
    assert result.stderr.count("hides") == 1
    assert "Traceback" not in result.stderr


def test_show_draws_a_system_beside_own_studies(with_studies):
    result = mesokwant(with_studies, "show", "chain")
    assert result.returncode == 0, result.stderr
    assert (with_studies / "results/systems/chain.png").is_file()


def test_a_study_file_uses_own_systems_in_workers_too(with_systems):
    (with_systems / "my_study.py").write_text(OWN_STUDY)
    result = mesokwant(with_systems, "run", "my_study.py", "--workers", "2")
    assert result.returncode == 0, result.stderr
    assert (with_systems / "results/mine/quick").is_dir()


def test_a_folder_of_study_files_hides_nothing(tmp_path):
    # Without __init__.py it is no package, and Python finds the shipped one behind it.
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "mine.py").write_text("")
    result = mesokwant(tmp_path, "list")
    assert "weak_localization" in result.stdout
    assert result.stderr == ""


def test_hidden_packages_are_seen_in_a_session_that_imported_them(with_systems):
    code = "import systems; from mesokwant.study import catalog; print(*catalog.hidden_packages())"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=with_systems, capture_output=True, text=True
    )
    assert result.stdout.split() == ["systems"]


@pytest.mark.parametrize("name", ["weak_localisation", "wea_localization"])
def test_a_mistyped_study_is_answered_with_the_nearest(name):
    with pytest.raises(ValueError, match="did you mean 'weak_localization'"):
        catalog.find_study(name)


def test_a_missing_study_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no study file .*mine\.py"):
        catalog.find_study(str(tmp_path / "mine.py"))
