"""The stores that checks ask: the ontology, and the ontology with the facts of all studies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from smegraph.ontology.errors import OntologyError
from smegraph.ontology.ontology import MODULES, SHAPES, VOCABULARY, Ontology

SHEET_FILE = "sheet.ttl"
SHAPES_GRAPH, SHEET_GRAPH = ox.NamedNode("urn:shapes"), ox.NamedNode("urn:sheet")


def ontology_store(ontology: Ontology, facts: Iterable[str] = ()) -> ox.Store:
    """Return a store of header, modules and vocabularies, with shapes and annotations beside them.

    Args:
        ontology: the ontology.
        facts: lines of N-Triples that the default graph holds too.

    Raises:
        OntologyError: `sheet.ttl` is not Turtle.
    """
    store = ox.Store()
    terms = ontology.triples(MODULES, VOCABULARY)
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in terms)
    shapes = ontology.triples(SHAPES)
    store.extend(ox.Quad(t.subject, t.predicate, t.object, SHAPES_GRAPH) for t in shapes)
    sheet = sheet_file(ontology.folder)
    if sheet.is_file():
        try:
            store.load(path=str(sheet), format=ox.RdfFormat.TURTLE, to_graph=SHEET_GRAPH)
        except SyntaxError as error:
            raise OntologyError(f"{sheet} is not Turtle: {error}") from error
    data = "".join(facts).encode()
    if data:
        store.load(input=data, format=ox.RdfFormat.N_TRIPLES)
    return store


def sheet_file(ontology: Path) -> Path:
    """Return where the annotations of sheets are declared."""
    return ontology / SHEET_FILE
