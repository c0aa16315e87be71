"""What was published is listed, frozen, and still there."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.namespaces import BASE, ID, SME
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.ontology import MODULES, VOCABULARY, Ontology
from smegraph.ontology.versions import (
    TERMS_LIST,
    THINGS_LIST,
    VERSIONS,
    frozen_versions,
    is_term,
    list_text,
    read_list,
)
from tests.conftest import Release


def test_a_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "iris.txt"
    path.write_text(list_text([ID + "b", SME + "A", ID + "b"]), "utf-8")
    assert read_list(path) == [ID + "b", SME + "A"]
    assert read_list(tmp_path / "none") == []


@pytest.mark.parametrize("text", ["", "a b", "<a>"])
def test_a_line_that_is_no_iri_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "iris.txt"
    path.write_text(f"# Head\nid/a\n{text}\n", "utf-8")
    with pytest.raises(OntologyError, match=r"iris\.txt line 3: .* ontology#Finding"):
        read_list(path)


def test_versions_are_in_order(tmp_path: Path) -> None:
    (tmp_path / VERSIONS).mkdir()
    for name in ("0.10.0", "0.9.0", "draft"):
        (tmp_path / VERSIONS / f"{name}.ttl").touch()
    assert list(frozen_versions(tmp_path)) == ["0.9.0", "0.10.0"]


def test_terms_are_those_of_ontology_and_vocabulary() -> None:
    assert is_term(SME + "Finding")
    assert is_term(BASE + "vocab/a")
    assert not is_term(ID + "a")


# ------------------------------------------------------------------ this project's own


def test_every_term_that_was_published_is_still_there(repository: Path) -> None:
    published = read_list(repository / "ontology" / VERSIONS / TERMS_LIST)
    assert len(published) > 1600
    triples = Ontology.load(repository / "ontology").triples(MODULES, VOCABULARY)
    there = {t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)}
    assert sorted(set(published) - there) == []


def test_every_thing_that_was_published_is_still_there(repository: Path, released: Release) -> None:
    published = read_list(repository / "data" / THINGS_LIST)
    assert len(published) > 7000
    rows = released.ask("SELECT DISTINCT ?s { GRAPH ?g { ?s ?p ?o } }")
    assert sorted(set(published) - {iri for (iri,) in rows}) == []


def test_every_published_version_is_one_ontology_that_states_itself(repository: Path) -> None:
    versions = frozen_versions(repository / "ontology")
    assert versions
    for version, path in versions.items():
        text = path.read_text("utf-8")
        assert "_:" not in text
        assert f"owl:versionIRI <{BASE}ontology/{version}>" in text
        assert "owl:imports" not in text


def test_a_release_has_every_published_version(repository: Path, released: Release) -> None:
    for version, path in frozen_versions(repository / "ontology").items():
        copy = released.path / "versions" / version / "ontology.ttl"
        assert copy.read_bytes() == path.read_bytes()
