"""SHACL holds for the graph of a study, or every violation is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.graph.errors import ShapeError
from smegraph.graph.validate import ShapeValidator
from smegraph.namespaces import PREFIXES
from smegraph.ontology.ontology import Ontology

if TYPE_CHECKING:
    from tests.conftest import Checkout

HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())
STUDY = 'id:work-small a sme:SourceDocument ; rdfs:label "A small study" .'
FIRM = """
id:firm-cuberdon a sme:Firm ; rdfs:label "Cuberdon" .
"""
YEAR = """
id:firm-year-1 a sme:FirmObservation ; rdfs:label "Cuberdon, 2013" ; sme:reportedIn id:work-small ;
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


@pytest.fixture(scope="module")
def shapes(ontology: Ontology) -> ShapeValidator:
    return ShapeValidator(ontology)


def test_facts_that_keep_to_the_shapes_pass(shapes: ShapeValidator) -> None:
    assert shapes.validate("small", triples(FIRM + YEAR), triples(STUDY)) == []


def test_missing_year_is_a_warning_that_names_the_fact(shapes: ShapeValidator) -> None:
    undated = YEAR.replace("sme:year 2013 ;", "")
    (warning,) = shapes.validate("small", triples(FIRM + undated), triples(STUDY))
    assert (warning.severity, warning.file, warning.column) == ("warning", "small", "year")
    assert "firm-year-1> (Cuberdon, 2013)" in warning.message


def test_every_violation_is_named_with_its_thing_and_property(shapes: ShapeValidator) -> None:
    wrong = YEAR.replace("sme:reportedIn id:work-small ;", "").replace('"2"^^', '"-2"^^')
    with pytest.raises(ShapeError) as caught:
        shapes.validate("small", triples(FIRM + wrong), triples(STUDY))
    said = str(caught.value).splitlines()
    assert said[0] == "small: the graph breaks its shapes:"
    assert all("firm-year-1> (Cuberdon, 2013)" in line for line in said[1:])
    assert {line.split('"')[1] for line in said[1:]} == {"reportedIn", "headcount"}


def test_exports_above_turnover_are_refused(shapes: ShapeValidator) -> None:
    wrong = YEAR.replace("sme:year", "sme:exports 5.0 ; sme:turnover 4.0 ; sme:year")
    with pytest.raises(ShapeError, match=r'column "exports": .*firm-year-1'):
        shapes.validate("small", triples(FIRM + wrong), triples(STUDY))


def test_reference_to_nothing_is_refused(shapes: ShapeValidator) -> None:
    with pytest.raises(ShapeError, match=r'column "ofFirm": .*firm-year-1'):
        shapes.validate("small", triples(YEAR), triples(STUDY))


def test_others_answer_for_the_context(shapes: ShapeValidator) -> None:
    nameless = "id:firm-nameless a sme:Firm ."
    context = triples(STUDY + nameless)
    assert shapes.validate("small", triples(FIRM + YEAR), context) == []
    with pytest.raises(ShapeError, match="firm-nameless"):
        shapes.validate("small", triples(FIRM + YEAR + nameless), triples(STUDY))


def test_clean_result_is_remembered_with_its_warnings(ontology: Ontology, tmp_path: Path) -> None:
    facts = triples(FIRM + YEAR.replace("sme:year 2013 ;", ""))
    first = ShapeValidator(ontology, tmp_path).validate("small", facts, triples(STUDY))
    (entry,) = tmp_path.iterdir()
    entry.write_text(entry.read_text("utf-8").replace("Cuberdon", "Remembered"), "utf-8")
    again = ShapeValidator(ontology, tmp_path).validate(
        "small", list(reversed(facts)), triples(STUDY)
    )
    assert "Remembered" in again[0].message
    assert again[0].message.replace("Remembered", "Cuberdon") == first[0].message


def test_violation_is_found_again(ontology: Ontology, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ShapeError):
            ShapeValidator(ontology, tmp_path).validate("small", triples(YEAR), triples(STUDY))
    assert list(tmp_path.iterdir()) == []


def test_one_dataset_leaves_nothing_behind_for_the_next(ontology: Ontology) -> None:
    shapes, context = ShapeValidator(ontology), triples(STUDY)
    assert shapes.validate("whole", triples(FIRM + YEAR), context) == []
    with pytest.raises(ShapeError, match=r'column "ofFirm"'):
        shapes.validate("without its firm", triples(YEAR), context)
    assert shapes.validate("whole", triples(FIRM + YEAR), context) == []


def test_ontology_is_parsed_once(ontology: Ontology, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes, parse, parsed = ShapeValidator(ontology), ox.parse, list[int]()

    def counted(*, input: bytes | str, format: ox.RdfFormat) -> ox.QuadParser:
        if isinstance(input, bytes):  # not the Turtle of these tests
            parsed.append(input.count(b"\n"))
        return parse(input=input, format=format)

    monkeypatch.setattr(ox, "parse", counted)
    for _ in range(2):
        shapes.validate("small", triples(FIRM + YEAR), triples(STUDY))
    small, large = (sorted(parsed)[:2], sorted(parsed)[2:])
    assert max(small) < 20
    assert len(large) == 2  # the terms, and the shapes


REACHING = """
<urn:shape> a sh:NodeShape ; sh:targetClass sme:Firm ; sh:property <urn:market> .
<urn:market> sh:path ( sme:foreignMarket skos:editorialNote ) ; sh:minCount 1 .
"""
CLOSED = """
<urn:shape> a sh:NodeShape ; sh:targetClass sme:Firm ; sh:property <urn:market> .
<urn:market> sh:path sme:foreignMarket ; sh:node <urn:place> .
<urn:place> a sh:NodeShape ; sh:closed true ; sh:property <urn:type> .
<urn:type> sh:path rdf:type .
"""
ABROAD = "id:firm-cuberdon a sme:Firm ; sme:foreignMarket voc:abroad ."
MARKET = 'voc:abroad a sme:Place ; skos:editorialNote "Not at home." .'


def with_shapes(folder: Path, checkout: Checkout, shapes: str, vocabulary: str) -> ShapeValidator:
    """A validator of a few shapes and a concept."""
    for name, turtle in {"shapes": shapes, "vocabulary": vocabulary}.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "some.ttl").write_text(HEAD + turtle, "utf-8")
    (folder / "smegraph.ttl").symlink_to(checkout.ontology / "smegraph.ttl")
    (folder / "modules").symlink_to(checkout.ontology / "modules")
    return ShapeValidator(Ontology.load(folder))


def test_shape_sees_what_its_path_leads_to_in_the_vocabulary(
    checkout: Checkout, tmp_path: Path
) -> None:
    whole = with_shapes(tmp_path / "whole", checkout, REACHING, MARKET)
    assert whole.validate("small", triples(ABROAD), []) == []
    without = with_shapes(tmp_path / "without", checkout, REACHING, "voc:abroad a sme:Place .")
    with pytest.raises(ShapeError, match="Less than 1 values"):
        without.validate("small", triples(ABROAD), [])


def test_closed_shape_sees_all_of_the_vocabulary(checkout: Checkout, tmp_path: Path) -> None:
    closed = with_shapes(tmp_path / "closed", checkout, CLOSED, MARKET)
    with pytest.raises(ShapeError, match="Value does not conform"):
        closed.validate("small", triples(ABROAD), [])
    bare = with_shapes(tmp_path / "bare", checkout, CLOSED, "voc:abroad a sme:Place .")
    assert bare.validate("small", triples(ABROAD), []) == []


def test_what_no_shape_can_reach_is_not_read(shapes: ShapeValidator) -> None:
    read = {str(predicate) for _, predicate, _ in shapes._ontology_triples}
    assert f"{PREFIXES['rdfs']}subClassOf" in read
    assert f"{PREFIXES['rdfs']}isDefinedBy" not in read
