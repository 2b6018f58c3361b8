"""Notebooks hold no outputs, and run from top to bottom."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbclient import NotebookClient

from conftest import ROOT

BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """Let a kernel find no settings of a person, and no renderer that asks another host."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("PLOTLY_RENDERER", raising=False)


def code_cells(book):
    """Return the cells of a notebook that run."""
    return [cell for cell in book.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_notebook_holds_no_output_and_no_path_of_a_machine(path):
    """Outputs would carry buyers' data into the repository."""
    book = nbformat.read(path, as_version=4)
    assert not [cell for cell in code_cells(book) if cell.outputs or cell.execution_count]
    assert code_cells(book)[0].metadata.tags == ["parameters"]
    text = json.dumps(book)
    assert not [word for word in ("/home/", "/Users/", "C:\\\\", "/tmp/") if word in text]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path, tmp_path, offline):
    """Its closing asserts are the test; every chart in it is drawn."""
    book = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(book, timeout=120, kernel_name="python3", resources=where).execute()
    drawn = [out for cell in code_cells(book) for out in cell.outputs if "data" in out]
    assert any("application/vnd.plotly.v1+json" in out["data"] for out in drawn)
