"""Queries of the audit are read with all that they must say of themselves."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.audit.queries import load_queries
from smegraph.ontology.errors import RuleError

HEADER = "# title: T\n# level: error\n# source: S\n# remedy: R\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "audit" / "project" / "H1-test.rq"
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return folder


def test_name_is_family_and_file(tmp_path: Path) -> None:
    (query,) = load_queries(write(tmp_path, HEADER + "SELECT ?place { ?place a owl:Class }"))
    check = query.check
    assert (check.name, check.family, check.level) == ("project/H1-test", "project", "error")
    assert (check.title, check.source, check.remedy) == ("T", "S", "R")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER.replace("# remedy: R\n", ""), "no comment `# remedy:`"),
        (HEADER.replace("error", "grave"), "the level grave"),
        (HEADER + "# place: P\n", "an unknown comment `# place:`"),
    ],
)
def test_incomplete_header_is_refused(tmp_path: Path, header: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        load_queries(write(tmp_path, header + "SELECT ?place { ?place ?p ?o }"))


@pytest.mark.parametrize("text", ["SELECT ?x {", "SELECT ?x { ?x ?y ?z }", "ASK { ?x ?y ?z }"])
def test_query_that_selects_no_place_is_refused(tmp_path: Path, text: str) -> None:
    (query,) = load_queries(write(tmp_path, HEADER + text))
    with pytest.raises(RuleError, match="project/H1-test"):
        query.run(ox.Store())
