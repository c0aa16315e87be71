"""SHACL holds for the graph of a study, or every violation is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.graph.errors import ShapeError
from smegraph.graph.validate import validate
from smegraph.namespaces import PREFIXES
from smegraph.ontology.ontology import Ontology

if TYPE_CHECKING:
    from tests.conftest import Checkout

HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())
STUDY = 'id:work-small a sme:Study ; rdfs:label "A small study" .'
FIRM = """
id:firm-cuberdon a sme:Firm ; rdfs:label "Cuberdon" .
"""
YEAR = """
id:firm-year-1 a sme:FirmYear ; rdfs:label "Cuberdon, 2013" ; sme:reportedIn id:work-small ;
    sme:ofFirm id:firm-cuberdon ; sme:headcount "2"^^xsd:nonNegativeInteger ; sme:year 2013 ;
    sme:locator "Table 1" .
"""


def triples(turtle: str) -> list[str]:
    """Turtle with the usual prefixes as N-Triples lines."""
    parsed = ox.parse(input=HEAD + turtle, format=ox.RdfFormat.TURTLE)
    return [f"{quad.triple} .\n" for quad in parsed]


@pytest.fixture(scope="module")
def ontology(checkout: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    """The real terms and shapes; the vocabulary, which no fact here needs, would take time."""
    folder = tmp_path_factory.mktemp("ontology")
    for name in ("smegraph.ttl", "modules", "shapes"):
        (folder / name).symlink_to(checkout.ontology / name)
    return Ontology.load(folder)


def test_facts_that_keep_to_the_shapes_pass(ontology: Ontology) -> None:
    assert validate("small", triples(FIRM + YEAR), ontology, triples(STUDY)) == []


def test_missing_year_is_a_warning_that_names_the_fact(ontology: Ontology) -> None:
    undated = YEAR.replace("sme:year 2013 ;", "")
    (warning,) = validate("small", triples(FIRM + undated), ontology, triples(STUDY))
    assert (warning.severity, warning.file, warning.column) == ("warning", "small", "year")
    assert "firm-year-1> (Cuberdon, 2013)" in warning.message


def test_every_violation_is_named_with_its_thing_and_property(ontology: Ontology) -> None:
    wrong = YEAR.replace("sme:reportedIn id:work-small ;", "").replace('"2"^^', '"-2"^^')
    with pytest.raises(ShapeError) as caught:
        validate("small", triples(FIRM + wrong), ontology, triples(STUDY))
    said = str(caught.value).splitlines()
    assert said[0] == "small: the graph breaks its shapes:"
    assert all("firm-year-1> (Cuberdon, 2013)" in line for line in said[1:])
    assert {line.split('"')[1] for line in said[1:]} == {"reportedIn", "headcount"}


def test_exports_above_turnover_are_refused(ontology: Ontology) -> None:
    wrong = YEAR.replace("sme:year", "sme:exports 5.0 ; sme:turnover 4.0 ; sme:year")
    with pytest.raises(ShapeError, match=r'column "exports": .*firm-year-1'):
        validate("small", triples(FIRM + wrong), ontology, triples(STUDY))


def test_reference_to_nothing_is_refused(ontology: Ontology) -> None:
    with pytest.raises(ShapeError, match=r'column "ofFirm": .*firm-year-1'):
        validate("small", triples(YEAR), ontology, triples(STUDY))


def test_others_answer_for_the_context(ontology: Ontology) -> None:
    nameless = "id:firm-nameless a sme:Firm ."
    context = triples(STUDY + nameless)
    assert validate("small", triples(FIRM + YEAR), ontology, context) == []
    with pytest.raises(ShapeError, match="firm-nameless"):
        validate("small", triples(FIRM + YEAR + nameless), ontology, triples(STUDY))


def test_clean_result_is_remembered_with_its_warnings(ontology: Ontology, tmp_path: Path) -> None:
    facts = triples(FIRM + YEAR.replace("sme:year 2013 ;", ""))
    first = validate("small", facts, ontology, triples(STUDY), tmp_path)
    (entry,) = tmp_path.iterdir()
    entry.write_text(entry.read_text("utf-8").replace("Cuberdon", "Remembered"), "utf-8")
    again = validate("small", list(reversed(facts)), ontology, triples(STUDY), tmp_path)
    assert "Remembered" in again[0].message
    assert again[0].message.replace("Remembered", "Cuberdon") == first[0].message


def test_violation_is_found_again(ontology: Ontology, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ShapeError):
            validate("small", triples(YEAR), ontology, triples(STUDY), tmp_path)
    assert list(tmp_path.iterdir()) == []
