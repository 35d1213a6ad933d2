"""A notebook shows progress, data, estimates and figures without widgets and without pyplot."""

from __future__ import annotations

import base64
import json

import pytest

from tests.helpers import ROOT

nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")
pytest.importorskip("ipykernel")

STUDY = """
import mesokwant as mk
from systems import Wire

def conductances(ax, data):
    ax.plot(data.energy, data.g.mean("sample"), label="wire")
    ax.set(xlabel="energy (t)", ylabel="conductance ($e^2/h$)")

sweep = mk.Sweep(
    Wire(width=2, length=3), disorder=mk.Anderson(1.0), axes={"energy": (-0.5, 0.5)}
)
study = mk.Study("wires", sweep, panels=[conductances])
"""

CELLS = (
    STUDY,
    "data = mk.run(sweep, samples=8, workers=1)",
    "data",
    "mk.statistics.mean(data.g)",
    "mk.scattering(Wire(width=2, length=3), -1.0, disorder=mk.Anderson(1.0), samples=5)",
    "mk.draw(study, data)",
    "mk.draw(study, data, width=2.0)",
    "import sys; 'matplotlib.pyplot' in sys.modules",
    "import matplotlib.pyplot; mk.draw(study, data)",
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """The outputs of each cell, computed by a kernel of this Python."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setenv("PYTHONPATH", str(ROOT))
        notebook = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, CELLS)])
        nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return dict(zip(CELLS, (cell.outputs for cell in notebook.cells), strict=True))


def result(outputs, cell):
    """What a cell shows of its last expression."""
    (shown,) = (output for output in outputs[cell] if output.output_type == "execute_result")
    return shown


def streamed(outputs, cell):
    """What a cell writes to its streams."""
    return "".join(o.text for o in outputs[cell] if o.output_type == "stream")


def test_progress_is_a_line_that_is_written_in_place(outputs):
    text = streamed(outputs, CELLS[1])
    assert text.startswith("\rsweep: 0 of 16 samples\r")
    assert "\rsweep: 16 of 16 samples in " in text
    assert text.count("\n") == 1


def test_nothing_else_is_written(outputs):
    assert [cell for cell in CELLS if streamed(outputs, cell)] == [CELLS[1]]


@pytest.mark.parametrize("cell", CELLS[2:4])
def test_data_and_estimates_are_tables(outputs, cell):
    data = result(outputs, cell).data
    assert {"text/plain", "text/html"} <= set(data)


def test_an_ensemble_is_one_line(outputs):
    text = result(outputs, CELLS[4]).data["text/plain"]
    assert text.startswith("<Ensemble")
    assert "\n" not in text


@pytest.mark.parametrize("cell", [CELLS[5], CELLS[6], CELLS[8]])
def test_a_figure_shows_itself_with_and_without_pyplot(outputs, cell):
    picture = base64.b64decode(result(outputs, cell).data["image/png"])
    assert picture.startswith(b"\x89PNG")


def test_a_figure_is_as_wide_as_it_says(outputs):
    sizes = [result(outputs, cell).metadata["image/png"]["width"] for cell in CELLS[5:7]]
    assert sizes == [340, 200]


def test_figures_do_not_need_pyplot(outputs):
    assert json.loads(result(outputs, CELLS[7]).data["text/plain"].lower()) is False
