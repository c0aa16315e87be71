"""`smegraph ingest`: checked sheets as N-Quads, or every error and no quads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from click.testing import CliRunner

from smegraph.cli.main import main
from smegraph.namespaces import PREFIXES

if TYPE_CHECKING:
    from tests.conftest import Checkout, Release, StudyCopy


def test_ingested_quads_are_printed_or_written_alike(study: StudyCopy, tmp_path: Path) -> None:
    printed = study.run("ingest", study.name_in_data())
    assert study.run("ingest", study.name_in_data(), "--out", "out.nq").output == ""
    assert (tmp_path / "out.nq").read_text("utf-8") == printed.output
    assert printed.output.count(" .\n") > 100


def test_nothing_is_ingested_while_there_is_an_error(study: StudyCopy, tmp_path: Path) -> None:
    study.set("samples.csv", 2, "size", "two")
    refused = CliRunner().invoke(
        main, ["ingest", "--out", "out.nq", "--ontology", str(study.ontology)]
    )
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert '"two" is not a whole number.' in refused.stderr
    assert not (tmp_path / "out.nq").exists()


def test_ingest_writes_the_quads_of_one_study(checkout: Checkout, tmp_path: Path) -> None:
    study = "data/studies/arnone-deprince"
    done = checkout.run("ingest", study)
    assert (done.returncode, done.stderr) == (0, "")
    quads = list(ox.parse(input=done.stdout, format=ox.RdfFormat.N_QUADS))
    assert len(quads) > 5000
    graphs = {quad.graph_name.value for quad in quads}
    assert graphs == {PREFIXES["graph"] + "arnone-deprince"}
    target = tmp_path / "study.nq"
    assert checkout.run("ingest", study, "--out", target).stdout == ""
    assert target.read_text("utf-8") == done.stdout


def test_ingest_of_all_has_what_the_release_has(workplace: Checkout, released: Release) -> None:
    said = workplace.run("ingest").stdout
    quads = set(ox.parse(input=said, format=ox.RdfFormat.N_QUADS))
    trig = ox.parse(path=str(released.path / "smegraph.trig"), format=ox.RdfFormat.TRIG)
    graphs = {quad.graph_name for quad in quads}
    assert len(graphs) == 6  # five studies and the reference data
    # What a graph says of itself, it says in a release only.
    told = {quad for quad in trig if quad.graph_name in graphs and quad.subject != quad.graph_name}
    assert quads == told


def test_ingest_of_wrong_sheets_prints_every_error_and_no_quads(workplace: Checkout) -> None:
    sheet = workplace.data / "studies" / "arnone-deprince" / "firm-observations.csv"
    text = sheet.read_text("utf-8")
    sheet.write_text(text.replace("adlab,15,", "adlab,fifteen,"), "utf-8")
    done = workplace.run("ingest")
    assert (done.returncode, done.stdout) == (1, "")
    assert "data/studies/arnone-deprince/firm-observations.csv" in done.stderr
    assert 'row 5, column "employees"' in done.stderr
