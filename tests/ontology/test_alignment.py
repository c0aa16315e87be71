"""Our classes and properties below those of other vocabularies, and what follows in a release."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.namespaces import PREFIXES, RDFS, SME
from smegraph.ontology.ontology import MODULES, Ontology
from smegraph.store import EmbeddedStore

if TYPE_CHECKING:
    from tests.conftest import Release

BELOW = {f"{RDFS}subClassOf", f"{RDFS}subPropertyOf"}
# Pairs of a pattern of ours and the same in other words.
SAME = [
    ("?x a sme:Firm", "?x a schema:Organization, org:FormalOrganization, foaf:Organization"),
    ("?x a sme:Person", "?x a schema:Person, foaf:Person, prov:Person"),
    ("?x a sme:Work", "?x a schema:CreativeWork, bibo:Document, dcterms:BibliographicResource"),
    ("?x a sme:Periodical", "?x a schema:Periodical, bibo:Periodical, fabio:Periodical"),
    ("?x a sme:Country", "?x a schema:Country, schema:Place, dcterms:Location"),
    ("?x a sme:City", "?x a schema:City, schema:Place"),
    ("?x sme:cites ?y", "?x cito:cites ?y ; schema:citation ?y"),
    ("?x sme:reviews ?y", "?x cito:reviews ?y"),
    ("?x sme:studiesCountry ?y", "?x schema:spatialCoverage ?y"),
    ("?x sme:familyName ?y", "?x foaf:familyName ?y ; schema:familyName ?y"),
]


def below(ontology: Ontology) -> set[tuple[str, str, str]]:
    """What stands below a term of another vocabulary: the term, how, and the other one."""
    return {
        (str(triple.subject.value), triple.predicate.value, triple.object.value)
        for triple in ontology.triples(MODULES)
        if triple.predicate.value in BELOW
        and isinstance(triple.subject, ox.NamedNode)
        and isinstance(triple.object, ox.NamedNode)
        and not triple.object.value.startswith(SME)
    }


def expanded(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return PREFIXES.get(prefix, f"{prefix}:") + name


@pytest.mark.parametrize(("ours", "theirs"), SAME, ids=[ours for ours, _ in SAME])
def test_what_is_ours_is_theirs_in_a_release(released: Release, ours: str, theirs: str) -> None:
    store = EmbeddedStore(released.path / "store")
    rest = f"SELECT (COUNT(*) AS ?n) {{ {ours} OPTIONAL {{ {theirs} . BIND(1 AS ?is) }}"
    known, without = (
        int(next(iter(store.query(query)))["n"].value)
        for query in (f"{rest} }}", f"{rest} FILTER(!BOUND(?is)) }}")
    )
    assert known > 0
    assert without == 0


def test_each_term_of_another_vocabulary_is_declared(ontology: Ontology) -> None:
    declared = {
        triple.subject.value
        for triple in ontology.triples(MODULES)
        if triple.predicate.value.endswith("#type") and isinstance(triple.subject, ox.NamedNode)
    }
    assert {above for _, _, above in below(ontology)} <= declared


def test_what_the_mappings_take_into_the_modules_is_there(
    ontology: Ontology, repository: Path
) -> None:
    known, missing = below(ontology), []
    for path in sorted((repository / "ontology" / "mappings").glob("*.sssom.tsv")):
        lines = [line for line in path.read_text("utf-8").split("\n") if not line.startswith("#")]
        for row in csv.DictReader(lines, delimiter="\t"):
            if "[into the modules]" in (row.get("comment") or ""):
                names = [row[name] for name in ("subject_id", "predicate_id", "object_id")]
                if tuple(map(expanded, names)) not in known:
                    missing.append(" ".join(names))
    assert missing == []
