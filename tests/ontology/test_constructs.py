"""The constructs roll up: families, kinds, poles, and the document that shows them for review."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.namespaces import PREFIXES
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.rules import Rules
from tools.curation import FILE, review_text

HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
TURNED = {"positive": "negative", "negative": "positive"}


def asked(ontology: Ontology, pattern: str) -> list[tuple[str, ...]]:
    """The local names of what a pattern finds in the ontology."""
    found = ontology.store.query(
        f"SELECT DISTINCT * {{ {pattern} }}", use_default_graph_as_union=True,
        prefixes=dict(PREFIXES),
    )  # fmt: skip
    assert isinstance(found, ox.QuerySolutions)
    rows = [tuple(str(value.value) for value in row) for row in found]
    return [tuple(value.rsplit("/")[-1].rsplit("#")[-1] for value in row) for row in rows]


def test_the_document_for_review_is_up_to_date(ontology: Ontology) -> None:
    """If not: `python -m tools.curation`."""
    assert FILE.read_text("utf-8") == review_text(ontology)


def test_every_construct_stands_in_the_document(ontology: Ontology) -> None:
    text = FILE.read_text("utf-8")
    constructs = asked(ontology, "?c skos:inScheme voc:scheme-constructs")
    assert len(constructs) > 700
    assert [key for (key,) in constructs if f"`{key}`" not in text] == []


def test_each_family_has_a_scheme_of_its_own(ontology: Ontology) -> None:
    pairs = asked(
        ontology,
        """{ SELECT DISTINCT ?family ?scheme {
             ?axiom a owl:AllDisjointClasses ; owl:members/rdf:rest*/rdf:first sme:Cost , ?family .
             ?c a/rdfs:subClassOf* ?family ; skos:inScheme ?scheme .
             FILTER(CONTAINS(STR(?scheme), "/scheme-family-")) } }""",
    )
    assert len(pairs) == len({family for family, _ in pairs}) == len({name for _, name in pairs})
    assert len(pairs) == 22


def test_a_narrower_concept_leads_up_to_platform_use_and_a_site_does_not(
    ontology: Ontology,
) -> None:
    below = {row[0] for row in asked(ontology, "?c skos:broader+ voc:digital-platform-use")}
    assert {"social-media-use", "foreign-sns-use", "e-commerce-platform-use"} <= below
    assert not below & {"website-use", "corporate-website", "platform-enabled-internationalization"}


@pytest.mark.parametrize(
    ("cause", "effect", "sign"),
    [
        *product(
            ("lack", "means"), ("ignorance", "knowledge"), ("positive", "negative", "no-effect")
        )
    ],
)
def test_a_finding_is_read_on_the_positive_pole(
    repository: Path, cause: str, effect: str, sign: str
) -> None:
    store = ox.Store()
    store.update(f"""{HEAD} INSERT DATA {{
        voc:lack sme:negativePoleOf voc:means . voc:ignorance sme:negativePoleOf voc:knowledge .
        id:f a sme:Finding ; sme:cause voc:{cause} ; sme:effect voc:{effect} .
        id:f sme:sign voc:{sign} }}""")
    rules = Rules.load(repository / "ontology").after
    (text,) = (rule.text for rule in rules if rule.name == "polar-reading")
    found = store.query(text, prefixes=dict(PREFIXES))
    assert isinstance(found, ox.QueryTriples)
    said = {t.predicate.value.rsplit("#")[-1]: t.object.value.rsplit("/")[-1] for t in found}
    turns = (cause == "lack") != (effect == "ignorance")
    assert said == {
        "polarCause": "means",
        "polarEffect": "knowledge",
        "polarSign": TURNED.get(sign, sign) if turns else sign,
    }
