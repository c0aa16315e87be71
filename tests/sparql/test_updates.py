"""Updates made ready for the engine: LOAD is found in every reading, USING goes before WHERE."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from smegraph.sparql.errors import DatasetConflict, InvalidGraphName, MalformedQuery
from smegraph.sparql.updates import calls_load, malformed, with_dataset

A, B = "http://e/a", "http://e/b"


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://e/x>",
        "load silent <http://e/x> INTO GRAPH <http://e/g>",
        "CLEAR ALL;LOAD<http://e/x>",
        "# LOAD\nLOAD # comment\n <http://e/x>",
        "PREFIX x: <http://e/> LOADx:y",
        "PREFIX x: <http://e/> LOADSILENTx:y",
    ],
)
def test_load_is_found_however_it_is_written(update: str) -> None:
    assert calls_load(update)


@pytest.mark.parametrize(
    "update",
    [
        "CLEAR ALL",
        'INSERT DATA { <http://e/load> <http://e/p> "LOAD <http://e/x>" }',
        "# LOAD <http://e/x>\nCLEAR ALL",
        "DELETE WHERE { ?load ?p ?o }",
        "PREFIX loads: <http://e/> DELETE WHERE { loads:x ?p ?o }",
    ],
)
def test_the_word_elsewhere_is_no_load(update: str) -> None:
    assert not calls_load(update)


def test_a_known_prefix_may_be_glued_to_load() -> None:
    assert not calls_load("INSERT DATA { loadsme:y <http://e/p> 1 }")
    assert calls_load("LOADsme:y", prefixes=["sme"])


def test_an_allowed_address_may_be_loaded_and_no_other() -> None:
    assert not calls_load("LOAD <http://e/x>", allowed=["http://e/x"])
    assert calls_load("LOAD <http://e/x>; LOAD <http://e/y>", allowed=["http://e/x"])


def test_without_a_dataset_an_update_stays_as_it_is() -> None:
    update = "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"
    assert with_dataset(update, None, None) == update


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (
            "INSERT { ?s ?p 1 }\nWHERE { ?s ?p ?o }",
            f"INSERT {{ ?s ?p 1 }}\n USING <{A}> USING NAMED <{B}> WHERE {{ ?s ?p ?o }}",
        ),
        (
            "DELETE WHERE { ?s ?p ?o }",
            f"DELETE  {{ ?s ?p ?o }} USING <{A}> USING NAMED <{B}> WHERE {{ ?s ?p ?o }}",
        ),
        ('INSERT DATA { <a:b> <a:c> "WHERE" }', 'INSERT DATA { <a:b> <a:c> "WHERE" }'),
    ],
)
def test_the_dataset_goes_before_each_where(update: str, expected: str) -> None:
    assert with_dataset(update, [A], [B]) == expected


def test_an_update_with_the_dataset_changes_what_it_sees() -> None:
    store = Store()
    store.update("INSERT DATA { GRAPH <http://e/a> { <http://e/s> <http://e/p> 1 } }")
    update = "INSERT { ?s <http://e/q> ?o } WHERE { ?s <http://e/p> ?o } ; CLEAR SILENT GRAPH <x:x>"
    store.update(with_dataset(update, [A], None))
    assert store.query("ASK { <http://e/s> <http://e/q> 1 }")


@pytest.mark.parametrize(
    "update",
    [
        "WITH <http://e/a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } USING <http://e/a> WHERE { ?s ?p ?o }",
    ],
)
def test_a_dataset_may_be_named_once(update: str) -> None:
    with pytest.raises(DatasetConflict):
        with_dataset(update, [A], None)


def test_a_where_that_is_glued_to_another_word_is_told_with_its_place() -> None:
    with pytest.raises(MalformedQuery) as caught:
        with_dataset("DELETE { ?s ?p ?o }\nWHEREx", [A], None)
    assert (caught.value.diagnosis.line, caught.value.diagnosis.column) == (2, 1)


def test_a_graph_is_named_by_an_absolute_iri() -> None:
    with pytest.raises(InvalidGraphName, match="'a b'"):
        with_dataset("CLEAR ALL", ["a b"], None)


def test_a_query_in_the_place_of_an_update_is_told_as_such() -> None:
    error = malformed("PREFIX e: <http://e/> SELECT * { ?s ?p ?o }", "error", {}, None)
    assert "send it as `query`" in str(error)


def test_a_malformed_update_is_told_where_it_is_wrong() -> None:
    update = "INSERT DAT { }"
    with pytest.raises(SyntaxError) as caught:
        Store().update(update)
    found = malformed(update, str(caught.value), {}, None).diagnosis
    assert (found.line, found.column, found.found) == (1, 8, "DAT")
