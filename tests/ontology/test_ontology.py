"""The ontology keeps the rules of CONTRIBUTING.md, and is read as it stands."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.namespaces import DCTERMS, OWL, RDF, RDFS, SH, SHEET, SKOS, SME, VOC
from smegraph.ontology.deprecations import replacements
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.ontology import MODULES, SHAPES, VOCABULARY, Ontology, local_name

ONTOLOGY = "https://w3id.org/smegraph/ontology"
TERM_KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
STATUS = "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status"
ANNOTATIONS = {RDF + "type", RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel",
               SKOS + "definition", SKOS + "broader"}  # fmt: skip


def declared(ontology: Ontology, *kinds: str) -> set[str]:
    """The IRIs that the modules declare to be of a kind of OWL."""
    found = set()
    for kind in kinds:
        pattern = (None, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + kind))
        for quad in ontology.store.quads_for_pattern(*pattern, ox.NamedNode(f"urn:{MODULES}")):
            if isinstance(quad.subject, ox.NamedNode):
                found.add(quad.subject.value)
    return found


def terms(ontology: Ontology) -> list[str]:
    """Classes and properties of the project's own namespace."""
    return sorted(iri for iri in declared(ontology, *TERM_KINDS) if iri.startswith(SME))


def texts(ontology: Ontology, iri: str, predicate: str) -> list[ox.Literal]:
    return [term for term in ontology.objects(iri, predicate) if isinstance(term, ox.Literal)]


def concepts(ontology: Ontology) -> list[str]:
    return [iri for iri, types in ontology.concepts() if SKOS + "ConceptScheme" not in types]


def test_there_are_terms_and_concepts(ontology: Ontology) -> None:
    assert len(terms(ontology)) > 100
    assert len(concepts(ontology)) > 100


@pytest.mark.parametrize("predicate", [RDFS + "label", SKOS + "definition"], ids=local_name)
def test_every_term_has_one_label_and_one_definition_in_english(
    ontology: Ontology, predicate: str
) -> None:
    found = {
        iri: [text.language for text in texts(ontology, iri, predicate)] for iri in terms(ontology)
    }
    assert {iri: languages for iri, languages in found.items() if languages != ["en"]} == {}


def test_every_definition_is_a_sentence(ontology: Ontology) -> None:
    wrong = [
        (iri, text)
        for iri in (*terms(ontology), *concepts(ontology))
        for text in [ontology.definition(iri) or ""]
        if not re.fullmatch(r"[A-Z0-9“\"'].*[^.]\.", text)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "predicate",
    [RDFS + "isDefinedBy", DCTERMS + "source", SKOS + "example", STATUS],
    ids=local_name,
)
def test_every_term_says_where_it_comes_from_and_how_far_it_is(
    ontology: Ontology, predicate: str
) -> None:
    assert [iri for iri in terms(ontology) if not ontology.objects(iri, predicate)] == []


def test_every_term_is_defined_by_the_ontology(ontology: Ontology) -> None:
    wrong = {
        iri
        for iri in terms(ontology)
        if ontology.objects(iri, RDFS + "isDefinedBy") != [ox.NamedNode(ONTOLOGY)]
    }
    assert wrong == set()


def test_every_status_is_known(ontology: Ontology) -> None:
    known = {"unstable", "testing", "stable", "archaic"}
    found = {text.value for iri in terms(ontology) for text in texts(ontology, iri, STATUS)}
    assert found <= known


def test_no_two_terms_share_a_label(ontology: Ontology) -> None:
    labels = Counter(ontology.label(iri).casefold() for iri in terms(ontology))
    assert [label for label, count in labels.items() if count > 1] == []


def test_classes_begin_with_a_capital_and_properties_do_not(ontology: Ontology) -> None:
    classes = {local_name(i) for i in declared(ontology, "Class") if i.startswith(SME)}
    properties = {local_name(i) for i in terms(ontology)} - classes
    assert [name for name in classes if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)] == []
    assert [name for name in properties if not re.fullmatch(r"[a-z][A-Za-z0-9]*", name)] == []


def test_every_concept_has_one_preferred_label_in_english(ontology: Ontology) -> None:
    wrong = [
        iri
        for iri in concepts(ontology)
        if [term.language for term in texts(ontology, iri, SKOS + "prefLabel")] != ["en"]
    ]
    assert wrong == []


def test_every_concept_has_one_definition(ontology: Ontology) -> None:
    definitions = {iri: texts(ontology, iri, SKOS + "definition") for iri in concepts(ontology)}
    assert {iri for iri, found in definitions.items() if len(found) != 1} == set()


def test_every_concept_is_in_a_scheme_that_is_there(ontology: Ontology) -> None:
    schemes = {iri for iri, types in ontology.concepts() if SKOS + "ConceptScheme" in types}
    for iri in concepts(ontology):
        found = ontology.objects(iri, SKOS + "inScheme")
        assert found, iri
        assert {term.value for term in found if isinstance(term, ox.NamedNode)} <= schemes, iri


def test_every_concept_is_of_a_class_that_the_modules_declare(ontology: Ontology) -> None:
    replaced = replacements(ontology)
    for iri, types in ontology.concepts():
        own = [type_ for type_ in types if type_.startswith(SME)]
        assert all(ontology.is_class(type_) for type_ in own), iri
        assert bool(own) != (iri in replaced) or SKOS + "ConceptScheme" in types, iri


def test_every_concept_that_another_names_is_there(ontology: Ontology) -> None:
    known = {iri for iri, _ in ontology.concepts()}
    named = {
        triple.object.value
        for triple in ontology.triples(VOCABULARY)
        if isinstance(triple.object, ox.NamedNode) and triple.object.value.startswith(VOC)
    }
    assert named - known == set()


def test_no_two_concepts_of_a_class_share_a_name(ontology: Ontology) -> None:
    names: dict[tuple[str, str], set[str]] = {}
    for iri, types in ontology.concepts():
        for predicate in (SKOS + "prefLabel", SKOS + "altLabel"):
            for text in texts(ontology, iri, predicate):
                for type_ in types:
                    if type_.startswith(SME):
                        names.setdefault((type_, text.value.casefold()), set()).add(iri)
    assert {key: iris for key, iris in names.items() if len(iris) > 1} == {}


def test_every_property_of_a_column_is_declared(ontology: Ontology) -> None:
    properties = declared(ontology, *TERM_KINDS[1:]) | ANNOTATIONS
    paths = {
        triple.object.value
        for triple in ontology.triples(SHAPES)
        if triple.predicate.value == SH + "path" and isinstance(triple.object, ox.NamedNode)
    }
    assert len(paths) > 50
    assert paths - properties == set()


@pytest.mark.parametrize("predicate", ["class", "targetClass"])
def test_every_class_of_a_shape_is_declared(ontology: Ontology, predicate: str) -> None:
    classes = {
        triple.object.value
        for triple in ontology.triples(SHAPES)
        if triple.predicate.value == SH + predicate and isinstance(triple.object, ox.NamedNode)
    }
    assert classes
    assert {iri for iri in classes if not ontology.is_class(iri)} == set()


def test_every_annotation_of_a_sheet_is_described(ontology: Ontology, repository: Path) -> None:
    text = (repository / "ontology" / "sheet.ttl").read_text("utf-8")
    described = set(re.findall(r"^sheet:(\w+)$", text, re.MULTILINE))
    used = {
        local_name(triple.predicate.value)
        for triple in ontology.triples(SHAPES)
        if triple.predicate.value.startswith(SHEET)
    }
    assert used <= described


def test_every_class_of_facts_with_a_sheet_is_told_apart_by_its_study(ontology: Ontology) -> None:
    for iri in sorted(declared(ontology, "Class")):
        if SME + "Fact" in ontology.superclasses(iri) and ontology.key(iri):
            assert SME + "reportedIn" in ontology.key(iri), iri


def test_blank_nodes_of_two_files_never_meet(tmp_path: Path) -> None:
    (tmp_path / "smegraph.ttl").write_text("", encoding="utf-8")
    (tmp_path / "modules").mkdir()
    for name in ("a", "b"):
        text = f"<urn:{name}> <urn:p> [ <urn:q> 1 ] ."
        (tmp_path / "modules" / f"{name}.ttl").write_text(text, encoding="utf-8")
    ontology = Ontology.load(tmp_path)
    assert ontology.objects("urn:a", "urn:p") != ontology.objects("urn:b", "urn:p")


def test_reading_twice_gives_the_same_names(repository: Path, ontology: Ontology) -> None:
    again = Ontology.load(repository / "ontology")
    kinds = (MODULES, VOCABULARY, SHAPES)
    assert {str(t) for t in again.triples(*kinds)} == {str(t) for t in ontology.triples(*kinds)}


def test_a_folder_without_a_header_is_no_ontology(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match=r"smegraph\.ttl is missing"):
        Ontology.load(tmp_path)


def test_a_file_that_is_no_turtle_is_named(tmp_path: Path) -> None:
    (tmp_path / "smegraph.ttl").write_text("this is no Turtle", encoding="utf-8")
    with pytest.raises(OntologyError, match=r"smegraph\.ttl is not Turtle"):
        Ontology.load(tmp_path)


def test_a_class_that_is_above_itself_is_no_endless_loop(tmp_path: Path) -> None:
    text = (
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
        "<urn:a> rdfs:subClassOf <urn:b> . <urn:b> rdfs:subClassOf <urn:a> ."
    )
    (tmp_path / "smegraph.ttl").write_text(text, encoding="utf-8")
    assert Ontology.load(tmp_path).superclasses("urn:a") == {"urn:a", "urn:b"}
