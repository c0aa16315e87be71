"""The examples run, and both say the same."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.client import connect

if TYPE_CHECKING:
    from tests.conftest import Release

EXAMPLES = Path(__file__).parents[2] / "examples"


def works(release: Release) -> str:
    """How many works the queries of the examples find, as the examples tell it."""
    with connect(release.path) as graph:
        rows = graph.select((EXAMPLES / "queries" / "works.rq").read_text("utf-8"))
    dois = sum(row.doi is not None for row in rows)
    return f"{len(rows)} works, {dois} of them with a DOI"


def test_queries_of_the_examples_find_something_and_need_no_hint(released: Release) -> None:
    with connect(released.path) as graph:
        for path in sorted((EXAMPLES / "queries").glob("*.rq")):
            rows = graph.select(path.read_text("utf-8"))
            assert rows, path.name
            assert rows.hints == (), path.name


@pytest.mark.slow
def test_notebook_goes_from_question_to_table_plot_and_citation(
    released: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("ipykernel", "matplotlib", "pandas"):
        pytest.importorskip(module, reason="the extra examples is not installed")
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    plot = tmp_path / "plot.svg"
    monkeypatch.setenv("SMEGRAPH", str(released.path))
    monkeypatch.setenv("PLOT", str(plot))
    monkeypatch.setenv("PYTHONPATH", str(EXAMPLES.parent / "src"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(EXAMPLES / "platforms.ipynb", as_version=4)
    nbclient.NotebookClient(
        notebook, timeout=1800, startup_timeout=1800, kernel_name="python3",
        resources={"metadata": {"path": str(EXAMPLES)}},
    ).execute()  # fmt: skip
    printed = "".join(
        output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", ())
    )
    assert works(released) in printed
    assert "smegraph, release" in printed
    assert "<svg" in plot.read_text("utf-8")


def test_notebook_is_kept_without_outputs() -> None:
    text = (EXAMPLES / "platforms.ipynb").read_text("utf-8")
    assert not re.search(r'"execution_count": \d', text)
    assert '"output_type"' not in text


def test_r_script_says_the_same(
    released: Release, tmp_path: Path, service: tuple[subprocess.Popen[str], str]
) -> None:
    script = shutil.which("Rscript")
    if script is None:
        pytest.skip("R is not installed")
    plot = tmp_path / "plot.pdf"
    done = subprocess.run(
        [script, "--vanilla", str(EXAMPLES / "platforms.R"), service[1], str(plot)],
        capture_output=True, text=True, timeout=1800, check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert works(released) in done.stdout
    assert "smegraph, release" in done.stdout
    assert plot.read_bytes().startswith(b"%PDF")
