"""The store that checks ask holds the ontology, and beside it shapes, annotations and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.audit.stores import SHAPES_GRAPH, SHEET_GRAPH, ontology_store, sheet_file
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.ontology import Ontology
from tests.audit.conftest import CLASSES, HEAD, ID, SME, fact

if TYPE_CHECKING:
    from tests.audit.conftest import Make

DEFAULT = ox.DefaultGraph()


def subjects(store: ox.Store, graph: ox.NamedNode | ox.DefaultGraph) -> set[str]:
    return {str(quad.subject) for quad in store.quads_for_pattern(None, None, None, graph)}


def test_terms_shapes_and_annotations_have_graphs_of_their_own(make: Make) -> None:
    folder = make(CLASSES).ontology.folder
    (folder / "shapes").mkdir()
    (folder / "shapes" / "a.ttl").write_text(HEAD + "sme:s a sh:NodeShape .", "utf-8")
    sheet_file(folder).write_text(HEAD + "sme:t a owl:AnnotationProperty .", "utf-8")
    store = ontology_store(Ontology.load(folder))
    assert subjects(store, SHAPES_GRAPH) == {f"<{SME}s>"}
    assert subjects(store, SHEET_GRAPH) == {f"<{SME}t>"}
    assert {f"<{SME}A>", f"<{SME}B>"} <= subjects(store, DEFAULT)
    assert not {f"<{SME}s>", f"<{SME}t>"} & subjects(store, DEFAULT)


def test_facts_stand_with_the_terms(make: Make) -> None:
    ontology = make(CLASSES).ontology
    assert f"<{ID}x>" not in subjects(ontology_store(ontology), DEFAULT)
    assert f"<{ID}x>" in subjects(ontology_store(ontology, [fact("x", "A")]), DEFAULT)


def test_annotations_that_are_not_turtle_are_refused(make: Make) -> None:
    ontology = make(CLASSES).ontology
    sheet_file(ontology.folder).write_text("sheet:name a", "utf-8")
    with pytest.raises(OntologyError, match=r"sheet\.ttl is not Turtle"):
        ontology_store(ontology)
