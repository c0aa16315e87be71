"""The figure of the kinds of classes shows what the ontology declares, and is up to date."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner

from smegraph.cli.main import main
from smegraph.namespaces import OWL, RDF, RDFS, SKOS, SME
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.figure import draw, read_kinds
from smegraph.ontology.ontology import MODULES, Ontology
from smegraph.ontology.terms import FACT

FILE = Path(__file__).parents[2] / "ontology" / "figure.svg"
SVG = "{http://www.w3.org/2000/svg}"
KINDS = (FACT, SME + "Category", SME + "Construct")


def below(ontology: Ontology, top: str) -> set[str]:
    """The classes below another one, found by asking every class what is above it."""
    return {
        triple.subject.value
        for triple in ontology.triples(MODULES)
        if triple.predicate.value == RDF + "type" and triple.object.value == OWL + "Class"
        if top in ontology.superclasses(triple.subject.value) and triple.subject.value != top
    }


def test_figure_of_the_ontology_is_up_to_date(ontology: Ontology) -> None:
    """If not: `smegraph figure --out ontology/figure.svg`."""
    assert FILE.read_text("utf-8") == draw(ontology)


@pytest.mark.parametrize("top", KINDS, ids=["fact", "category", "construct"])
def test_every_class_of_a_kind_stands_in_the_figure_once(ontology: Ontology, top: str) -> None:
    classes = below(ontology, top)
    assert len(classes) > 20
    written = ["".join(text.itertext()) for text in ET.parse(FILE).iter(f"{SVG}text")]
    for iri in classes:
        label = ontology.label(iri)
        groups = [g for g in ET.parse(FILE).iter(f"{SVG}g") if g.findtext(f"{SVG}text") == label]
        assert [g.findtext(f"{SVG}title") for g in groups] == [ontology.definition(iri)]
    name = ontology.label(top).capitalize()
    assert written[written.index(name) + 1] == f"{len(classes)} classes"


def test_classes_stand_under_the_one_above_them(ontology: Ontology) -> None:
    (category, construct) = read_kinds(ontology).concepts
    assert (category.iri, construct.iri) == (SME + "Category", SME + "Construct")
    rows = [(depth, iri.removeprefix(SME)) for depth, iri in construct.below]
    at = rows.index((0, "Capability"))
    assert rows[at + 1 : at + 3] == [(1, "DigitalCapability"), (1, "DynamicCapability")]


def test_properties_lead_from_facts_to_the_kind(ontology: Ontology) -> None:
    _, construct = read_kinds(ontology).concepts
    assert {"cause", "effect", "mediator", "moderator"} <= set(construct.properties)


def test_figure_needs_nothing_else_and_tells_what_it_shows() -> None:
    svg = ET.parse(FILE).getroot()
    title, description = svg.findtext(f"{SVG}title"), svg.findtext(f"{SVG}desc")
    assert title == "The three kinds of classes: fact, category and construct"
    assert "classes below construct: benefit, business activity" in (description or "")
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} == {
        "svg", "title", "desc", "style", "rect", "text", "path", "g",
    }  # fmt: skip
    assert not [name for element in svg.iter() for name in element.attrib if "href" in name]
    style = svg.findtext(f"{SVG}style") or ""
    assert "prefers-color-scheme: dark" in style
    assert "url(" not in style


def test_command_writes_the_figure(tmp_path: Path) -> None:
    target = tmp_path / "figure.svg"
    options = ["figure", "--out", str(target), "--ontology", str(FILE.parent)]
    assert CliRunner().invoke(main, options).exit_code == 0
    assert target.read_bytes() == FILE.read_bytes()


def test_ontology_without_the_three_kinds_has_no_figure(tmp_path: Path) -> None:
    text = (
        f"<{SME}Fact> a <{OWL}Class> ."
        f"<{SME}Thing> a <{OWL}Class> ; <{RDFS}subClassOf> <{SKOS}Concept> ."
    )
    (tmp_path / "smegraph.ttl").write_text(text, "utf-8")
    with pytest.raises(OntologyError, match=r"two kinds of concepts .* has 1\."):
        draw(Ontology.load(tmp_path))
    done = CliRunner().invoke(main, ["figure", "--out", "f.svg", "--ontology", str(tmp_path)])
    assert (done.exit_code, Path("f.svg").exists()) == (1, False)
