"""Editors read from the endpoint which properties things of each class have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smegraph.graph.partitions import PARTITIONS, narrowest, partitions
from smegraph.graph.triples import line, named
from smegraph.namespaces import RDF, SME, VOID

if TYPE_CHECKING:
    from tests.conftest import Release

# The query that SIB's sparql-editor sends for completion, without what it joins for labels.
EDITOR = """
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype {
    ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
    ?pp void:property ?prop .
    OPTIONAL {
        { ?pp void:classPartition [ void:class ?objectClass ] }
        UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] }
    }
}"""
A, B, C = (named(f"urn:{name}") for name in "abc")


def typed(thing: str, *classes: str) -> list[str]:
    return [line(thing, named(RDF + "type"), named(SME + class_)) for class_ in classes]


def of(lines: list[str], property_: str) -> set[tuple[str, str]]:
    """Subjects without their namespace, and objects, of one property."""
    found = (text.split(" ", 2) for text in lines if named(VOID + property_) in text)
    return {(s.removeprefix(f"<{PARTITIONS}#")[:-1], o.split('"')[1]) for s, _, o in found}


def test_editor_completes_properties_and_what_they_lead_to(released: Release) -> None:
    rows = set(released.ask(EDITOR))
    assert (SME + "Finding", SME + "cause", SME + "Construct", "") in rows
    assert (SME + "Finding", SME + "foundBy", SME + "Work", "") in rows
    string = "http://www.w3.org/2001/XMLSchema#string"
    assert (SME + "Finding", SME + "locator", "", string) in rows
    assert not any(row[1] == SME + "cause" for row in rows if row[0] == SME + "Firm")


def test_every_class_and_property_of_facts_is_there(released: Release) -> None:
    told = {row[:2] for row in released.ask(EDITOR)}
    used = released.ask(
        "SELECT DISTINCT ?class ?p FROM graph:finnish-software "
        "{ ?x a ?class ; ?p ?o FILTER(STRSTARTS(STR(?class), STR(sme:))) }"
    )
    assert used
    assert {(row[0], row[1]) for row in used} <= told


@pytest.mark.parametrize("property_", ["sme:cause", "rdf:type", "sme:locator"])
def test_triples_are_counted_once_in_all_graphs(released: Release, property_: str) -> None:
    ((stated,),) = released.ask(
        f"SELECT ?n {{ ?c void:class sme:Finding ; void:propertyPartition ?p ."
        f" ?p void:property {property_} ; void:triples ?n }}"
    )
    graphs = "GRAPH ?g { ?x ?p ?o } FILTER(?g != graph:ontology && ?g != graph:meta)"
    ((counted,),) = released.ask(
        f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?x ?o"
        f" {{ ?x a sme:Finding . {graphs} FILTER(?p = {property_}) }} }}"
    )
    assert int(stated) == int(counted) > 0


def test_a_triple_in_two_graphs_is_one() -> None:
    lines = [*typed(A, "Firm"), line(A, named(SME + "founded"), '"x"')]
    found = partitions([lines, lines])
    assert ("Firm.founded", "1") in of(found, "triples")
    assert ("Firm", "1") in of(found, "entities")


def test_order_of_lines_does_not_matter() -> None:
    lines = [*typed(A, "Firm", "Agent"), *typed(B, "Agent"), line(A, "<urn:p>", B)]
    assert partitions([lines]) == partitions([lines[::-1]])


def test_objects_are_told_by_the_narrowest_class_that_has_all() -> None:
    sets = {frozenset({"Thing", "Work"}), frozenset({"Thing", "Work", "Review"})}
    assert narrowest(sets, {"Thing": 9, "Work": 5, "Review": 1}) == ["Work"]


def test_objects_of_kinds_that_share_no_class_have_several() -> None:
    sets = {frozenset({"Work"}), frozenset({"Section"})}
    assert narrowest(sets, {"Work": 5, "Section": 1}) == ["Section", "Work"]


def test_of_two_classes_with_the_same_members_our_own_is_told() -> None:
    sets = {frozenset({"http://xmlns.com/foaf/0.1/Person", SME + "Person"})}
    members = {"http://xmlns.com/foaf/0.1/Person": 3, SME + "Person": 3}
    assert narrowest(sets, members) == [SME + "Person"]


def test_a_thing_without_a_class_has_no_partition() -> None:
    assert partitions([[line(C, "<urn:p>", A)]]) == []
