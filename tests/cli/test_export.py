"""`smegraph export`: what it writes where, and what it says of what does not fit."""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from rdflib import Graph

if TYPE_CHECKING:
    from tests.conftest import Checkout


def export(checkout: Checkout, built: Path, *told: str | Path) -> subprocess.CompletedProcess[str]:
    return checkout.run("export", "--out", built, *told)


def test_standard_output_is_nothing_but_the_graph(checkout: Checkout, built: Path) -> None:
    done = export(checkout, built, "--ontology")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(Graph().parse(data=done.stdout, format="turtle")) > 1000


def test_the_ending_tells_format_and_compression(
    checkout: Checkout, built: Path, tmp_path: Path
) -> None:
    packed, plain = tmp_path / "a.nq.gz", tmp_path / "a.nq"
    for path in (packed, plain):
        done = export(checkout, built, "--graph", "reference", "-o", path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert len(list(ox.parse(path=str(plain)))) == plain.read_text("utf-8").count("\n")


def test_a_table_of_a_class_has_its_metadata_beside_it(
    checkout: Checkout, built: Path, tmp_path: Path
) -> None:
    done = export(checkout, built, "--class", "Firm", "-o", tmp_path / "firms.csv")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "firms.csv",
        "firms.csv-metadata.json",
    ]


def test_two_scopes_are_refused_by_name(checkout: Checkout, built: Path) -> None:
    done = export(checkout, built, "--ontology", "--study", "finnish-software")
    assert done.returncode == 2
    assert "--ontology and --study" in done.stderr or "--study and --ontology" in done.stderr


def test_what_is_not_there_is_told_and_no_file_is_made(
    checkout: Checkout, built: Path, tmp_path: Path
) -> None:
    done = export(checkout, built, "--study", "nobody", "-o", tmp_path / "a.ttl")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith('smegraph: There is no study "nobody"; there are')
    assert not [*tmp_path.iterdir()]


def test_a_reader_that_goes_is_no_error(checkout: Checkout, built: Path) -> None:
    process = checkout.start("export", "--out", built, "--format", "nquads")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    process.wait(60)


def test_a_release_goes_out_in_the_words_of_another_vocabulary(
    checkout: Checkout, built: Path, tmp_path: Path
) -> None:
    path = tmp_path / "cubes.ttl"
    done = export(checkout, built, "--as", "qb", "-o", path)
    assert (done.returncode, done.stderr) == (0, "")
    cubes = "SELECT ?set { ?set a <http://purl.org/linked-data/cube#DataSet> }"
    assert len(Graph().parse(path).query(cubes)) > 1
    wrong = export(checkout, built, "--as", "qbb")
    assert wrong.returncode == 1
    assert 'There is no crosswalk "qbb". Did you mean "qb"?' in wrong.stderr
