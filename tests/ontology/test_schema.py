"""Shapes are read as sheets; a shape that is none is refused with its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from smegraph.namespaces import SME
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Schema, kebab, value_kind
from smegraph.ontology.terms import PASSAGES, TYPE

PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX sheet: <https://w3id.org/smegraph/sheet#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sme: <https://w3id.org/smegraph/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX : <urn:shape:>
"""
MODULE = """
sme:Ship a owl:Class ; rdfs:label "ship"@en ; owl:hasKey ( sme:flag sme:number ) .
sme:flag skos:definition "Names the flag."@en ; skos:example "Finland" .
"""
SHIP = """
:Ship sheet:name "ships" ; sh:targetClass sme:Ship ; sh:property :id , :flag .
:id sh:name "id" ; sh:path dcterms:identifier ; sh:datatype xsd:string ; sh:order 1 .
:flag sh:name "flag" ; sh:path sme:flag ; sh:datatype xsd:string ; sh:order 2 .
"""
Folder = Callable[[str, str], Ontology]


@pytest.fixture
def small(tmp_path: Path) -> Folder:
    """Makes an ontology folder of one module and one file of shapes."""

    def make(module: str, shapes: str) -> Ontology:
        (tmp_path / "smegraph.ttl").write_text("", encoding="utf-8")
        for kind, text in (("modules", module), ("shapes", shapes)):
            (tmp_path / kind).mkdir(exist_ok=True)
            (tmp_path / kind / "all.ttl").write_text(PREFIXES + text, encoding="utf-8")
        return Ontology.load(tmp_path)

    return make


def test_a_node_shape_with_a_name_is_a_sheet(small: Folder) -> None:
    sheet = Schema.read(small(MODULE, SHIP)).sheets["ships"]
    assert [column.name for column in sheet.columns] == ["id", "flag"]
    assert sheet.class_ == SME + "Ship"
    assert sheet.key == (SME + "flag", SME + "number")


def test_a_column_takes_its_meaning_from_its_property(small: Folder) -> None:
    column = Schema.read(small(MODULE, SHIP)).sheets["ships"].by_name["flag"]
    assert (column.description, column.example) == ("Names the flag.", "Finland")


def test_a_shape_may_say_it_better_than_the_property(small: Folder) -> None:
    said = ':flag sh:description "The flag of the ship." ; sheet:example "Åland" .'
    column = Schema.read(small(MODULE, SHIP + said)).sheets["ships"].by_name["flag"]
    assert (column.description, column.example) == ("The flag of the ship.", "Åland")


def test_the_columns_of_an_included_shape_are_the_sheets_own(small: Folder) -> None:
    extra = """
    :Ship sh:node :Common . :Common sh:property :note .
    :note sh:name "note" ; sh:path sme:note ; sh:order 0 .
    """
    sheet = Schema.read(small(MODULE, SHIP + extra)).sheets["ships"]
    assert [column.name for column in sheet.columns] == ["note", "id", "flag"]


def test_a_sequence_path_speaks_of_the_node_that_another_column_names(small: Folder) -> None:
    further = """
    :Ship sh:property :port , [ sh:name "berths" ; sh:path ( sme:port sme:berths ) ] .
    :port sh:name "port" ; sh:path sme:port ; sh:minCount 1 ; sh:maxCount 1 ; sh:order 3 .
    sme:berths skos:definition "Gives the number of berths." .
    """
    column = Schema.read(small(MODULE, SHIP + further)).sheets["ships"].by_name["berths"]
    assert (column.via, column.predicate) == (SME + "port", SME + "berths")
    assert column.description == "Gives the number of berths."


def test_a_path_that_is_no_way_to_a_value_is_no_column(small: Folder) -> None:
    inverse = ':Ship sh:property [ sh:name "fleet" ; sh:path [ sh:inversePath sme:ship ] ] .'
    assert len(Schema.read(small(MODULE, SHIP + inverse)).sheets["ships"].columns) == 2


def test_a_wish_is_no_column_but_makes_one_expected(small: Folder) -> None:
    wish = """
    :Ship sh:property :wish .
    :wish sh:path sme:flag ; sh:minCount 1 ; sh:severity sh:Warning .
    """
    sheet = Schema.read(small(MODULE, SHIP + wish)).sheets["ships"]
    assert len(sheet.columns) == 2
    assert sheet.by_name["flag"].expected
    assert not sheet.by_name["flag"].required


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (":Two sheet:name 'ships' ; sh:targetClass sme:Ship ; sh:property :id .", "Two shapes"),
        ("[] sheet:name 'boats' ; sh:targetClass sme:Ship .", "with an IRI of its own"),
        (":Boat sheet:name 'boats' ; sh:property :id .", "without sh:targetClass"),
        (":Boat sheet:name 'boats' ; sh:targetClass sme:Ship ; sh:property :flag .",
         "gives its rows no key.*missing: number"),
        (":Boat sheet:name 'boats' ; sh:targetClass sme:Boat ; sh:property :flag .",
         "gives its rows no key.*missing: all"),
        (":Ship sh:property [ sh:name 'flag' ; sh:path sme:note ] .", "two columns with one"),
        (":Ship sheet:labelTemplate '{flag} {port}' .", r"no column \['port'\]"),
        (":flag sheet:accepts sheet:Roman .", r"not \['Roman'\]"),
        (":Ship sh:property [ sh:name 'built' ; sh:path sme:built ; sh:datatype xsd:gYear ] .",
         "cannot be checked as .*gYear"),
        (":Ship sh:property [ sh:name 'kind' ; sh:path rdf:type ; sh:in ( sme:Raft ) ] .",
         "sme.*Raft.*does not declare|Raft>, which the ontology does not declare"),
        (":Ship sh:property [ sh:name 'size' ; sh:path ( sme:port sme:size ) ] .",
         "size begins with port, which must itself be a column"),
        (":Ship sh:property [ sh:name 'size' ; sh:path ( sme:flag sme:size ) ] .",
         "size begins with flag, .* names exactly one node"),
        (":Ship sh:property [ sh:name 'size' ; sh:path ( sme:a sme:b sme:c ) ] .", "two steps"),
    ],
)  # fmt: skip
def test_a_shape_that_is_no_sheet_is_refused(small: Folder, change: str, message: str) -> None:
    with pytest.raises(OntologyError, match=message):
        Schema.read(small(MODULE, SHIP + change))


def test_things_keep_their_iris_where_their_class_got_another_name(schema: Schema) -> None:
    sheet = schema.sheets["firm-observations"]
    assert schema.renamed["firm-years"] is sheet
    assert sheet.base("ours").endswith("/id/firm-year-ours-")


def test_exactly_one_sheet_is_the_record(small: Folder, schema: Schema) -> None:
    assert schema.record.name == "study"
    with pytest.raises(OntologyError, match="not 0"):
        _ = Schema.read(small(MODULE, SHIP)).record


@pytest.mark.parametrize(
    ("name", "expected"),
    [("FirmObservation", "firm-observation"), ("Firm", "firm"), ("NonUse", "non-use")],
)
def test_the_name_of_a_class_becomes_a_part_of_iris(name: str, expected: str) -> None:
    assert kebab(name) == expected


def test_a_fact_belongs_to_its_study_and_a_thing_beyond_it_does_not(schema: Schema) -> None:
    assert schema.sheets["firm-observations"].base("a-study").endswith("/firm-year-a-study-")
    assert schema.sheets["channels"].base("a-study").endswith("/channel-")


def test_every_sheet_of_a_study_says_where_a_row_stands(schema: Schema) -> None:
    for sheet in schema.sheets.values():
        if not sheet.is_record:
            assert set(PASSAGES[0]) <= set(sheet.by_path), sheet.name


def test_every_row_has_a_key_of_columns_that_one_must_fill_in(schema: Schema) -> None:
    for sheet in schema.sheets.values():
        keyed = [sheet.by_path[path] for path in sheet.key if path in sheet.by_path]
        named = sheet.by_path.keys() & {"http://purl.org/dc/terms/identifier"}
        assert named or any(column.required for column in keyed), sheet.name


def test_every_key_fits_into_an_iri(schema: Schema) -> None:
    for sheet in schema.sheets.values():
        if column := sheet.by_path.get("http://purl.org/dc/terms/identifier"):
            assert column.matcher, sheet.name
            assert column.matcher.search("crea-appli-2"), sheet.name
            for wrong in ("Crea", "a b", "a>", "a/b", "a-", "", "ä"):
                assert not column.matcher.search(wrong), (sheet.name, wrong)


def columns(schema: Schema) -> list[tuple[str, str]]:
    return [(s.name, c.name) for s in schema.sheets.values() for c in s.columns]


def test_every_column_is_described_in_a_sentence(schema: Schema) -> None:
    for sheet, name in columns(schema):
        description = schema.sheets[sheet].by_name[name].description
        assert re.fullmatch(r"[A-Z].*\.", description), (sheet, name)


def test_every_column_has_an_example_or_a_list_of_values(schema: Schema) -> None:
    for sheet, name in columns(schema):
        column = schema.sheets[sheet].by_name[name]
        assert column.example or column.options, (sheet, name)


def test_every_sheet_has_a_title_and_a_comment(schema: Schema) -> None:
    for sheet in schema.sheets.values():
        assert sheet.title, sheet.name
        assert sheet.comment.endswith("."), sheet.name


def test_every_column_says_in_words_what_it_holds(schema: Schema, ontology: Ontology) -> None:
    for sheet, name in columns(schema):
        kind = value_kind(schema.sheets[sheet].by_name[name], ontology)
        assert kind, (sheet, name)
        assert "http" not in kind, (sheet, name)


def test_the_kind_of_a_row_is_chosen_from_a_list(schema: Schema) -> None:
    kinds = [sheet.by_path[TYPE] for sheet in schema.sheets.values() if TYPE in sheet.by_path]
    assert kinds
    assert all(column.options for column in kinds)
