"""What is exported is read by others too: rapper (Debian's raptor2-utils), N3.js, Parquet readers.

N3.js is installed by `npm install --prefix tools/node`; `OUTSIDE_NODE_MODULES` names
another place.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.export.extract import Release
from smegraph.export.formats import FORMATS
from smegraph.export.job import Job, prepare
from tests.export.making import made

STUDY = "finnish-software"
ENGINE = {
    "turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS, "rdfxml": ox.RdfFormat.RDF_XML,
}  # fmt: skip
RAPPER = ("turtle", "ntriples", "rdfxml", "trig", "nquads")
N3 = ("turtle", "ntriples", "trig", "nquads")
MODULES = Path(
    os.environ.get(
        "OUTSIDE_NODE_MODULES", Path(__file__).parents[2] / "tools" / "node" / "node_modules"
    )
)
COUNT = """
const { Parser } = require(process.argv[1]);
const text = require("fs").readFileSync(0, "utf8");
console.log(new Parser({ format: process.argv[2] }).parse(text).length);
"""


def exported(release: Release, form: str) -> str:
    return made(release, "study", form, STUDY)


def count_of(text: str, form: str) -> int:
    return sum(1 for _ in ox.parse(text, format=ENGINE[form]))


@pytest.mark.skipif(shutil.which("rapper") is None, reason="needs Debian's raptor2-utils")
@pytest.mark.parametrize("form", RAPPER)
def test_rapper_reads_as_many_statements(release: Release, form: str) -> None:
    text = exported(release, form)
    run = ["rapper", "-c", "-i", form, "-", "https://example.org/"]
    done = subprocess.run(run, input=text.encode(), capture_output=True, check=False)
    said = done.stderr.decode()
    assert done.returncode == 0, said
    (count,) = re.findall(r"returned (\d+) triples", said)
    assert int(count) == count_of(text, form) > 10_000


@pytest.mark.skipif(
    shutil.which("node") is None or not (MODULES / "n3").is_dir(), reason="needs Node.js and N3.js"
)
@pytest.mark.parametrize("form", [*N3, "nanopub"])
def test_n3_js_reads_as_many_statements(release: Release, form: str) -> None:
    text = exported(release, form)
    run = ["node", "-e", COUNT, str(MODULES / "n3"), FORMATS[form].media_type]
    done = subprocess.run(run, input=text.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert int(done.stdout) == count_of(text, "trig" if form == "nanopub" else form) > 1000


def by_polars(path: Path) -> tuple[list[str], int]:
    frame = pytest.importorskip("polars").read_parquet(path)
    return frame.columns, len(frame)


def by_pyarrow(path: Path) -> tuple[list[str], int]:
    table = pytest.importorskip("pyarrow.parquet").read_table(path)
    return table.column_names, table.num_rows


def by_duckdb(path: Path) -> tuple[list[str], int]:
    found = pytest.importorskip("duckdb").read_parquet(str(path))
    return found.columns, len(found.fetchall())


@pytest.mark.parametrize("reader", [by_polars, by_pyarrow, by_duckdb])
def test_parquet_holds_the_rows_of_the_csv(
    release: Release, tmp_path: Path, reader: Callable[[Path], tuple[list[str], int]]
) -> None:
    pytest.importorskip("polars", reason="Parquet is written by polars: smegraph[frames]")
    path = tmp_path / "firms.parquet"
    with path.open("wb") as file:
        prepare(release, Job("class", "Firm", FORMATS["parquet"])).write(file)
    columns, count = reader(path)
    rows = [*csv.DictReader(io.StringIO(made(release, "class", "csv", "Firm")))]
    assert (columns, count) == ([*rows[0]], len(rows))
