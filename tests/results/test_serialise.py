"""Results in every format, read back by parsers that are not the writers."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Store

from smegraph.results.errors import NotWritable
from smegraph.results.formats import FORMATS, GRAPH_FORMATS, TABLE_FORMATS
from smegraph.results.serialise import serialise
from smegraph.store import EmbeddedStore

NAME = 'Ünï "quoted", <b>&amp;</b>\n2nd line'
FIRM = NamedNode("https://w3id.org/smegraph/id/firm-a")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def one_statement() -> EmbeddedStore:
    store = Store()
    store.add(Quad(FIRM, LABEL, Literal(NAME, language="en")))
    return EmbeddedStore(store)


STORE = one_statement()
RESULTS = "{http://www.w3.org/2005/sparql-results#}"


def written(query: str, name: str) -> bytes:
    return serialise(STORE.query(query), FORMATS[name])


def test_solutions_carry_every_character_in_every_format() -> None:
    query = "SELECT ?firm ?name ?unbound { ?firm rdfs:label ?name }"
    (row,) = json.loads(written(query, "json"))["results"]["bindings"]
    assert row == {
        "firm": {"type": "uri", "value": FIRM.value},
        "name": {"type": "literal", "value": NAME, "xml:lang": "en"},
    }
    tree = ElementTree.fromstring(written(query, "xml"))
    assert [literal.text for literal in tree.iter(RESULTS + "literal")] == [NAME]
    table = list(csv.reader(io.StringIO(written(query, "csv").decode(), newline="")))
    assert table == [["firm", "name", "unbound"], [FIRM.value, NAME, ""]]
    head, line, rest = written(query, "tsv").decode().split("\n")
    assert (head, rest) == ("?firm\t?name\t?unbound", "")
    assert line.split("\t")[0] == f"<{FIRM.value}>"
    assert "\\n2nd line" in line


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "\r", "a\nb", "\r\r\n\n"])
@pytest.mark.parametrize("name", ["xml", "rdfxml"])
def test_xml_keeps_line_ends(name: str, text: str) -> None:
    """XML 1.0 §2.11: a parser makes a line feed of every carriage return that is no reference."""
    store = Store()
    store.add(Quad(FIRM, LABEL, Literal(text)))
    query = "SELECT ?o { ?s ?p ?o }" if name == "xml" else "CONSTRUCT WHERE { ?s ?p ?o }"
    document = serialise(EmbeddedStore(store).query(query), FORMATS[name])
    found = [element.text for element in ElementTree.fromstring(document).iter() if element.text]
    assert text in found


@pytest.mark.parametrize(("query", "truth"), [("ASK {}", "true"), ("ASK { ?s a 1 }", "false")])
def test_a_truth_value_has_every_table_format(query: str, truth: str) -> None:
    assert json.loads(written(query, "json"))["boolean"] is (truth == "true")
    tree = ElementTree.fromstring(written(query, "xml"))
    assert [found.text for found in tree.iter(RESULTS + "boolean")] == [truth]
    assert written(query, "csv").decode().strip() == truth
    assert written(query, "tsv").decode().strip() == truth


PARSERS = {
    "turtle": "turtle",
    "ntriples": "nt",
    "rdfxml": "xml",
    "jsonld": "json-ld",
    "trig": "trig",
    "nquads": "nquads",
}


@pytest.mark.filterwarnings("ignore:(ConjunctiveGraph|Dataset.default_context) is deprecated")
@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE id:firm-a"])
def test_a_graph_reads_back_the_same_in_every_format(name: str, query: str) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=written(query, name), format=PARSERS[name])
    expected = rdflib.URIRef(FIRM.value), rdflib.RDFS.label, rdflib.Literal(NAME, lang="en")
    assert list(dataset.default_graph) == [expected]
    assert len(dataset) == 1


def test_turtle_declares_only_the_prefixes_that_it_uses() -> None:
    text = written("CONSTRUCT WHERE { ?s ?p ?o }", "turtle").decode()
    declared = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert sorted(declared) == ["id:", "rdfs:"]
    assert "id:firm-a" in text


def test_rdf_xml_refuses_a_property_without_an_xml_name() -> None:
    query = "CONSTRUCT { ?s <http://example.org/2018> ?o } WHERE { ?s ?p ?o }"
    with pytest.raises(NotWritable, match=r"example\.org/2018"):
        written(query, "rdfxml")
    assert b"2018" in written(query, "turtle")


@pytest.mark.parametrize("name", ["xml", "json"])
def test_xml_refuses_a_control_character_that_json_can_carry(name: str) -> None:
    query = 'SELECT ("a\\u0001b" AS ?x) {}'
    if name == "json":
        assert json.loads(written(query, name))["results"]["bindings"][0]["x"]["value"] == "a\x01b"
    else:
        with pytest.raises(NotWritable, match="control character"):
            written(query, name)


@pytest.mark.parametrize("found", GRAPH_FORMATS, ids=lambda found: found.name)
def test_a_table_has_no_graph_format(found: object) -> None:
    with pytest.raises(NotWritable):
        serialise(STORE.query("ASK {}"), found)  # type: ignore[arg-type]


@pytest.mark.parametrize("found", TABLE_FORMATS, ids=lambda found: found.name)
def test_a_graph_has_no_table_format(found: object) -> None:
    with pytest.raises(NotWritable):
        serialise(STORE.query("DESCRIBE id:firm-a"), found)  # type: ignore[arg-type]
