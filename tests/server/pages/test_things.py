"""What the graph knows of a thing, from the rows of its queries."""

from __future__ import annotations

import asyncio
from pathlib import Path

from smegraph.namespaces import GRAPH, RDF, RDFS, SME, XSD
from smegraph.server.pages.things import CountRow, ThingRow, ask_thing, thing_of
from tests.server.pages.conftest import engine_of

IT = "https://w3id.org/smegraph/id/it"
STUDY, DERIVED = GRAPH + "study", GRAPH + "derived"


def row(
    property: str,
    value: str,
    graph: str = STUDY,
    *,
    thing: bool = False,
    label: str = "",
    datatype: str = "",
    language: str = "",
) -> ThingRow:
    return ThingRow(property, value, thing, graph, "", language, datatype, label)


def test_what_documents_say_stands_apart_from_what_follows() -> None:
    rows = [
        row(SME + "year", "2014", datatype=XSD + "integer"),
        row(SME + "year", "2014", DERIVED, datatype=XSD + "integer"),
        row(SME + "involves", "urn:a", DERIVED, thing=True, label="A"),
    ]
    found = thing_of(IT, rows, [], [])
    (stated,), (follows,) = found.stated, found.follows
    assert [value.text for value in stated.values] == ["2014"]
    assert {graph.iri for graph in stated.values[0].graphs} == {STUDY, DERIVED}
    assert [value.text for value in follows.values] == ["A"]


def test_numbers_are_in_their_order_and_truths_are_words() -> None:
    rows = [row(SME + "year", year) for year in ("2014", "900", "2000")]
    rows.append(row(SME + "open", "true", datatype=XSD + "boolean"))
    rows.append(row(SME + "name", "Firma", language="de"))
    statements = {one.property.iri: one.values for one in thing_of(IT, rows, [], []).stated}
    assert [value.text for value in statements[SME + "year"]] == ["900", "2000", "2014"]
    assert statements[SME + "open"][0].text == "yes"
    assert statements[SME + "name"][0].note == "de"


def test_a_fact_has_its_place_in_the_order_of_reading() -> None:
    rows = [
        row(SME + "charStart", "12"), row(SME + "locator", "Table 1"),
        row(SME + "reportedIn", "urn:w", thing=True, label="A work"),
    ]  # fmt: skip
    found = thing_of(IT, rows, [], [])
    assert [one.values[0].text for one in found.place] == ["A work", "Table 1", "12"]
    assert found.stated == ()


def test_kinds_that_were_given_stand_before_those_that_follow() -> None:
    rows = [
        row(RDF + "type", SME + "Agent", DERIVED, thing=True, label="agent"),
        row(RDF + "type", SME + "Firm", thing=True, label="firm"),
        row(RDF + "type", "http://www.w3.org/ns/prov#Agent", DERIVED, thing=True),
    ]
    assert [kind.label for kind in thing_of(IT, rows, [], []).kinds] == ["firm", "agent"]


def test_what_points_at_it_comes_with_a_query_for_all() -> None:
    found = thing_of(IT, [], [CountRow(SME + "cause", 120, "cause")], [])
    assert found.pointing_count == 120
    assert "?thing sme:cause id:it" in found.pointing[0].query
    assert found.name.label == "id/it"


def test_what_the_graph_does_not_name_is_nothing(linked: Path) -> None:
    engine = engine_of(linked)
    assert asyncio.run(ask_thing(engine, IT)) is None
    found = asyncio.run(ask_thing(engine, "https://w3id.org/smegraph/vocab/networking"))
    assert found is not None
    assert found.name.label == "networking"
    assert found.definition == "A purpose that consists in meeting others."
    assert {one.property.iri for one in found.pointing} >= {SME + "cause", SME + "involves"}
    assert RDFS + "label" not in {one.property.iri for one in found.stated}
