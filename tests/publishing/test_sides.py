"""A side is a release, a version of one, or a file; its headers are told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.namespaces import GRAPH
from smegraph.publishing.errors import ComparisonError
from smegraph.publishing.sides import DEFAULT, Side, open_side
from tests.conftest import Release
from tests.publishing.conftest import HEAD, OLD


def test_headers_stand_apart(old: Side) -> None:
    assert len(old.headers[GRAPH + "one"]) == 2
    assert len(old.graphs[GRAPH + "one"]) == 10
    assert len(old.headers[GRAPH + "meta"]) == 1
    assert old.headers[GRAPH + "ontology"] == frozenset()
    assert len(old.whole(GRAPH + "one")) == 12


def test_a_version_is_looked_for_where_releases_are(tmp_path: Path) -> None:
    (tmp_path / "0.1.0").mkdir()
    (tmp_path / "0.1.0" / "smegraph.trig").write_text(HEAD + OLD, "utf-8")
    by_version = open_side("0.1.0", tmp_path / "nowhere", tmp_path)
    by_folder = open_side(str(tmp_path / "0.1.0"))
    by_file = open_side(str(tmp_path / "0.1.0" / "smegraph.trig"))
    assert by_version.graphs == by_folder.graphs == by_file.graphs
    assert by_version.name == "0.1.0"


def test_a_turtle_file_is_one_graph_whose_header_stands_apart(tmp_path: Path) -> None:
    path = tmp_path / "one.ttl"
    path.write_text(HEAD + "graph:one dcterms:title 'One' . id:a a sme:Firm .", "utf-8")
    side = open_side(str(path))
    assert list(side.graphs) == [DEFAULT]
    assert (len(side.graphs[DEFAULT]), len(side.headers[DEFAULT])) == (1, 1)


def test_what_is_nowhere_is_refused_with_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "0.1.0").mkdir()
    with pytest.raises(ComparisonError, match=r"0\.1\.1 is no file.*Did you mean \"0\.1\.0\""):
        open_side("0.1.1", tmp_path)
    with pytest.raises(ComparisonError, match="There is no release yet"):
        open_side("0.1.1", tmp_path / "nowhere")
    with pytest.raises(ComparisonError, match=r"0\.1\.0 is no release: it has no smegraph\.trig"):
        open_side(str(tmp_path / "0.1.0"))


def test_a_file_that_is_no_rdf_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b>", "utf-8")
    (tmp_path / "a.csv").write_text("a", "utf-8")
    with pytest.raises(ComparisonError, match=r"a\.ttl cannot be read"):
        open_side(str(tmp_path / "a.ttl"))
    with pytest.raises(ComparisonError, match=r"a\.csv has no ending that is known: \.ttl"):
        open_side(str(tmp_path / "a.csv"))


def test_each_graph_of_a_release_has_its_header(released: Release) -> None:
    side = open_side(str(released.path))
    assert len(side.graphs) >= 10
    assert all(side.headers.values())
    count = released.ask("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert sum(len(side.whole(graph)) for graph in side.graphs) == int(count[0][0])
