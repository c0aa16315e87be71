"""Terms, concepts and questions name the parts of the documents from which they come."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.namespaces import DCTERMS, ID, SME
from smegraph.ontology.ontology import MODULES, VOCABULARY, Ontology, Term
from smegraph.ontology.schema import Schema
from smegraph.release.questions import load_questions
from smegraph.studies.folder import find_folders
from smegraph.studies.ingest import ingest

ONTOLOGY = Path(__file__).parents[2] / "ontology"
SOURCE = ox.NamedNode(DCTERMS + "source")


@pytest.fixture(scope="module")
def documents(ontology: Ontology, schema: Schema, repository: Path) -> set[str]:
    """The IRIs of the studies and of the parts of their texts, as their sheets give them."""
    studies = find_folders(repository / "data", schema)
    found = {study.iri for study in studies if study.iri}
    assert len(found) == 5
    for result in ingest(studies, ontology, schema):
        for part in result.parts:
            if part.sheet.class_ == SME + "TextPart":
                found.update(subject for subject in part.subjects if subject)
    return found


def sources(ontology: Ontology) -> list[Term]:
    """What the terms and concepts give as their sources."""
    terms = ontology.triples(MODULES, VOCABULARY)
    return [triple.object for triple in terms if triple.predicate == SOURCE]


def test_every_part_of_a_document_that_a_term_names_is_there(
    ontology: Ontology, documents: set[str]
) -> None:
    named = [s.value for s in sources(ontology) if isinstance(s, ox.NamedNode)]
    ours = {iri for iri in named if iri.startswith(ID)}
    assert len(ours) > 50
    assert ours - documents == set()
    assert sum(iri in ours for iri in named) > 1200


def test_source_in_words_is_that_of_the_curators_alone(ontology: Ontology) -> None:
    words = {s.value for s in sources(ontology) if isinstance(s, ox.Literal)}
    assert words == {"smegraph curators"}


def test_every_source_of_a_question_is_a_document_or_a_part_of_one(documents: set[str]) -> None:
    questions = load_questions(ONTOLOGY / "questions")
    named = {source for question in questions for source in question.sources}
    assert {source for source in named if not source.startswith("id:")} == set()
    assert {source.replace("id:", ID, 1) for source in named} - documents == set()


def test_no_file_names_a_document_by_a_private_number() -> None:
    files = [
        path for path in ONTOLOGY.rglob("*") if path.suffix in {".ttl", ".rq", ".csv", ".yaml"}
    ]
    assert len(files) > 300
    numbered = re.compile(r"\bsources? 00\d\b", re.IGNORECASE)
    assert [path for path in files if numbered.search(path.read_text("utf-8"))] == []
