"""JSON-LD reads back as the graph that went in, by a context that says what is meant."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from smegraph.export.jsonld import write
from smegraph.namespaces import PREFIXES, SME, VOC, XSD
from smegraph.ontology.terms import LABEL, TYPE

CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    **PREFIXES,
    "label": LABEL,
    "Firm": SME + "Firm",
    "uses": {"@id": SME + "uses", "@type": "@vocab"},
    "founded": {"@id": SME + "founded", "@type": XSD + "integer"},
    "share": {"@id": SME + "share", "@type": XSD + "decimal"},
    "trust": VOC + "trust",
}
_NODES = st.sampled_from([VOC + "trust", VOC + "other", SME + "Firm", "urn:a", "http://e.org/x//y"])
_NODE = st.one_of(_NODES.map(ox.NamedNode), st.sampled_from("uv").map(ox.BlankNode))
_TEXT = st.sampled_from(["1", "01", "-7", "1.5", "true", "trust", "9007199254740993", "", "a:b"])
_KINDS = st.sampled_from([XSD + k for k in ("integer", "decimal", "boolean", "string", "gYear")])
_VALUE = st.one_of(
    _NODE,
    st.builds(lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(kind)), _TEXT, _KINDS),
    _TEXT.map(lambda text: ox.Literal(text, language="en")),
)
_NAMES = [LABEL, SME + "uses", SME + "founded", SME + "share", SME + "other", "http://e.org/p"]
_TRIPLE = st.builds(ox.Triple, _NODE, st.sampled_from(_NAMES).map(ox.NamedNode), _VALUE)


def canonical(triples: list[ox.Triple]) -> ox.Dataset:
    found = ox.Dataset(ox.Quad(*triple) for triple in triples)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


@given(st.lists(_TRIPLE, unique_by=str, max_size=10))
def test_what_is_written_reads_back_as_what_went_in(triples: list[ox.Triple]) -> None:
    text = "".join(write(triples, CONTEXT))
    read = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD)]
    assert canonical(read) == canonical(triples)
    assert len(Graph().parse(data=text, format="json-ld")) == len(triples)


def test_classes_properties_and_concepts_have_short_names() -> None:
    a = ox.NamedNode("urn:a")
    triples = [
        ox.Triple(a, ox.NamedNode(TYPE), ox.NamedNode(SME + "Firm")),
        ox.Triple(a, ox.NamedNode(SME + "uses"), ox.NamedNode(VOC + "trust")),
        ox.Triple(a, ox.NamedNode(SME + "founded"), ox.Literal(2015)),
    ]
    told = json.loads("".join(write(triples, CONTEXT)))
    assert told["@graph"] == [{"@id": "urn:a", "@type": "Firm", "founded": 2015, "uses": "trust"}]
    assert set(told["@context"]) == {"@version", "Firm", "founded", "trust", "uses"}
