"""Terms of other ontologies are those that these have, or that somebody looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smegraph.audit.external_terms import ONTOLOGY_CHECKS
from tests.audit.conftest import found

if TYPE_CHECKING:
    from tests.audit.conftest import Make

CHECK = next(
    check for check in ONTOLOGY_CHECKS if check.check.name == "oops/P40-namespace-hijacking"
)


def test_misspelt_term_of_another_ontology_is_named(make: Make) -> None:
    sound = 'id:a skos:prefLabel "a"@en ; a foaf:Person . sme:B rdfs:subClassOf org:Organization .'
    assert found(CHECK, make(sound)) == []
    hits = found(CHECK, make('id:a skos:preferedLabel "a"@en .'))
    assert hits == [("<http://www.w3.org/2004/02/skos/core#preferedLabel>", "unknown there")]


def test_term_of_a_namespace_that_nobody_looked_up_is_named_until_it_is(make: Make) -> None:
    inputs = make("id:a a <http://example.org/ns#Thing> .")
    ((place, value),) = found(CHECK, inputs)
    assert (place, value) == ("<http://example.org/ns#Thing>", "a namespace that nobody looked up")
    folder = inputs.ontology.folder / "audit"
    folder.mkdir()
    (folder / "external-terms.txt").write_text("# Example\nhttp://example.org/ns#Thing\n", "utf-8")
    assert found(CHECK, inputs) == []
