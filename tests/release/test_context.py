"""The context names what the ontology and the vocabulary hold, each name once."""

from __future__ import annotations

from smegraph.namespaces import PREFIXES, SME, VOC, XSD
from smegraph.ontology.ontology import Ontology
from smegraph.release.context import context_of, used_of


def test_terms_and_concepts_have_names_that_lead_to_them(ontology: Ontology) -> None:
    context = context_of(ontology.triples("modules"), ontology.triples("vocabulary"))
    assert context["@version"] == 1.1
    assert context["Firm"] == SME + "Firm"
    assert context["cause"] == {"@id": SME + "cause", "@type": "@vocab"}
    assert context["founded"] == {"@id": SME + "founded", "@type": XSD + "integer"}
    assert context["psychic-distance"] == VOC + "psychic-distance"
    assert PREFIXES.items() <= context.items()
    iris = [said["@id"] if isinstance(said, dict) else said for said in context.values()]
    assert len(iris) == len({str(iri) for iri in iris})


def test_a_part_of_a_context_has_the_prefixes_that_it_needs() -> None:
    context = {"@version": 1.1, "a": "http://e.org/", "b": "http://f.org/", "a:c": "http://e.org/c"}
    assert used_of(context, ["a:c"]) == {
        "@version": 1.1, "a": "http://e.org/", "a:c": "http://e.org/c",
    }  # fmt: skip
