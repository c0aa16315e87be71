"""What replaces a deprecated term is known, and an update puts it into a dataset."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox

from smegraph.namespaces import PREFIXES
from smegraph.ontology.deprecations import replacements, update_text
from smegraph.ontology.ontology import Ontology

SME = PREFIXES["sme"]
DEPRECATED = "SELECT ?term { GRAPH ?g { ?term owl:deprecated true } }"


def test_every_deprecated_term_has_a_replacement_that_is_not_deprecated(ontology: Ontology) -> None:
    deprecated = ontology.store.query(DEPRECATED, prefixes=dict(PREFIXES))
    assert isinstance(deprecated, ox.QuerySolutions)
    replaced = replacements(ontology)
    assert {row["term"].value for row in deprecated} == replaced.keys()
    assert not replaced.keys() & set(replaced.values())
    assert replaced[f"{SME}lowers"] == f"{SME}lowersDistanceThrough"


def test_nothing_uses_a_deprecated_term(ontology: Ontology, repository: Path) -> None:
    names = "|".join(iri.removeprefix(SME) for iri in replacements(ontology))
    used = re.compile(rf"sme:(?:{names})\b")
    places = [repository / "README.md", repository / "CONTRIBUTING.md"]
    places += (repository / "ontology").rglob("*.rq")
    places += (repository / "ontology" / "shapes").glob("*.ttl")
    places += (repository / "src").rglob("*.rq")
    assert len(places) > 200
    assert [path.name for path in places if used.search(path.read_text("utf-8"))] == []


def test_the_update_replaces_terms_in_every_graph_and_leaves_the_rest(ontology: Ontology) -> None:
    text = """
        <urn:a> sme:lowers <urn:b> .
        <urn:a> rdfs:label "sme:lowers" .
        sme:lowers rdfs:label "obsolete lowers" .
        GRAPH <urn:g> { <urn:a> sme:lowers <urn:c> . <urn:a> sme:increases <urn:d> }
    """
    store = ox.Store()
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    store.update(f"{head} INSERT DATA {{ {text} }}")
    expected = ox.Store()
    new = text.replace("<urn:a> sme:lowers ", "<urn:a> sme:lowersDistanceThrough ")
    new = new.replace("sme:increases", "sme:reportedToIncrease")
    expected.update(f"{head} INSERT DATA {{ {new} }}")
    store.update(update_text(ontology, replacements(ontology)))
    assert set(store) == set(expected)
