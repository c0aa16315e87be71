"""Readers of SSSOM by others find as many rows in our files as there are."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from smegraph.links.sssom import read_sssom

FILES = sorted((Path(__file__).parents[2] / "ontology/mappings").glob("*.sssom.tsv"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_sssom_py_reads_every_row(path: Path) -> None:
    parsers = pytest.importorskip("sssom.parsers", reason="sssom is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = parsers.parse_sssom_table(str(path))
    found = read_sssom(path, path.name)
    assert len(read.df) == len(found.links) > 0


def test_each_file_is_read_without_a_fault() -> None:
    assert [problem for path in FILES for problem in read_sssom(path, path.name).problems] == []
    assert FILES
