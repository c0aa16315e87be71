"""A class that the code has never seen, from its definition to the answer of a query.

Nothing but the ontology and a sheet is added: a module, a vocabulary, a node shape and a CSV file.
Everything runs through the commands.
"""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from smegraph.cli.main import main
from tests.conftest import copy_part

if TYPE_CHECKING:
    from tests.conftest import StudyCopy

PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX shapes: <https://w3id.org/smegraph/shapes#>
PREFIX sheet: <https://w3id.org/smegraph/sheet#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sme: <https://w3id.org/smegraph/ontology#>
PREFIX voc: <https://w3id.org/smegraph/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
MODULE = """
sme:TradeFair a owl:Class ; rdfs:label "trade fair"@en ; rdfs:subClassOf sme:Category .
sme:TradeFairVisit a owl:Class ;
    rdfs:label "trade-fair visit"@en ;
    rdfs:subClassOf sme:Fact ;
    owl:hasKey ( sme:ofFirm sme:atTradeFair sme:year sme:reportedIn ) .
sme:atTradeFair a owl:ObjectProperty ;
    rdfs:label "at trade fair"@en ;
    rdfs:domain sme:TradeFairVisit ;
    rdfs:range sme:TradeFair ;
    skos:definition "Relates a visit to the trade fair that was visited."@en ;
    skos:example "Slush" .
sme:standArea a owl:DatatypeProperty ;
    rdfs:label "stand area"@en ;
    rdfs:range xsd:decimal ;
    skos:definition "Gives the area of a firm's stand in square metres."@en ;
    skos:example "12.5" .
sme:hallCount a owl:DatatypeProperty ;
    rdfs:label "hall count"@en ;
    rdfs:domain sme:TradeFair ;
    rdfs:range xsd:integer ;
    skos:definition "Gives the number of halls of a trade fair."@en ;
    skos:example "27" .
sme:Exhibitor a owl:Class ;
    rdfs:label "exhibitor"@en ;
    owl:equivalentClass [
        a owl:Class ;
        owl:intersectionOf (
            sme:Firm
            [ a owl:Restriction ; owl:onProperty sme:hasFact ;
              owl:someValuesFrom sme:TradeFairVisit ]
        )
    ] .
"""
VOCABULARY = """
voc:slush a skos:Concept , sme:TradeFair ;
    skos:prefLabel "Slush"@en ;
    skos:altLabel "Slush Helsinki"@en ;
    skos:definition "A yearly meeting of start-ups and investors in Helsinki."@en ;
    skos:inScheme voc:scheme-trade-fairs .
voc:cebit a skos:Concept , sme:TradeFair ;
    skos:prefLabel "CeBIT"@en ;
    skos:definition "A computer fair in Hanover."@en ;
    skos:inScheme voc:scheme-trade-fairs .
voc:scheme-trade-fairs a skos:ConceptScheme ; skos:prefLabel "trade fairs"@en .
"""
SHAPE = """
shapes:TradeFairVisit a sh:NodeShape ;
    rdfs:label "Trade-fair visits"@en ;
    rdfs:comment "Fairs at which a firm showed its products."@en ;
    sh:targetClass sme:TradeFairVisit ;
    sh:node shapes:Provenance ;
    sh:order 90 ;
    sheet:name "trade-fair-visits" ;
    sheet:scope sheet:Study ;
    sheet:labelTemplate "{firm} at {fair}, {year}" ;
    sh:property shapes:Visit-firm , shapes:Visit-fair , shapes:Visit-year , shapes:Visit-area ,
        shapes:Visit-halls .
shapes:Visit-firm sh:name "firm" ; sh:path sme:ofFirm ; sh:class sme:Firm ;
    sh:minCount 1 ; sh:maxCount 1 ; sh:order 1 .
shapes:Visit-fair sh:name "fair" ; sh:path sme:atTradeFair ; sh:class sme:TradeFair ;
    sh:minCount 1 ; sh:maxCount 1 ; sh:order 2 .
shapes:Visit-year sh:name "year" ; sh:path sme:year ; sh:datatype xsd:integer ;
    sh:maxCount 1 ; sh:order 3 .
shapes:Visit-halls sh:name "halls" ; sh:path ( sme:atTradeFair sme:hallCount ) ;
    sh:datatype xsd:integer ; sh:maxCount 1 ; sh:order 5 .
shapes:Visit-area sh:name "area" ; sh:path sme:standArea ; sh:datatype xsd:decimal ;
    sh:maxCount 1 ; sh:minInclusive 0 ; sh:order 4 ; sheet:accepts sheet:DecimalComma .
"""
SHEET = """\
firm,fair,year,area,halls,locator,note
finnish-a,Slush Helsinki,2018,"12,5",,made for a test,
Firm B,slush,2019,,,made for a test,
finnish-a,CeBIT,2018,40,27,made for a test,"The largest, by far"
"""
QUESTION = """
SELECT ?firm ?fair ?year ?area WHERE {
  ?visit a sme:TradeFairVisit ; sme:ofFirm/rdfs:label ?firm ; sme:atTradeFair/rdfs:label ?fair ;
         sme:year ?year ; sme:reportedIn/rdfs:label ?study .
  OPTIONAL { ?visit sme:standArea ?area }
} ORDER BY ?firm ?fair
"""


def extend(study: StudyCopy) -> StudyCopy:
    """The study with a sheet of trade-fair visits, beside an ontology that knows them."""
    ontology = study.data.parent / "ontology"
    shutil.copytree(study.ontology, ontology)
    for file, text in (
        ("modules/fairs.ttl", MODULE),
        ("vocabulary/trade-fairs.ttl", VOCABULARY),
        ("shapes/fairs.ttl", SHAPE),
    ):
        (ontology / file).write_text(PREFIXES + text, encoding="utf-8")
    shutil.rmtree(ontology / "questions", ignore_errors=True)  # those of all the data
    study.path("trade-fair-visits.csv").write_text(SHEET, encoding="utf-8")
    return replace(study, ontology=ontology)


@pytest.fixture
def extended(study: StudyCopy) -> StudyCopy:
    """A study of one's own with trade-fair visits, in `data/` of the working folder."""
    return extend(study)


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a build of that study without the reasoner."""
    place = tmp_path_factory.mktemp("fairs")
    study = extend(copy_part(place / "data"))
    built = study.run(
        "build", "--no-reason", "--data", str(study.data), "--out", str(place / "build")
    )
    assert built.exit_code == 0, built.output
    return place / "build"


def keep_audit(study: StudyCopy, answered: Path) -> None:
    """Let the next build find what the audit of the same ontology found."""
    kept = Path("cache", "audit")
    shutil.copytree(answered / kept, study.data.parent / "build" / kept)


def ask(out: Path, query: str) -> list[list[str]]:
    """The rows of a SELECT on a release, without the head."""
    arguments = ["query", "--out", str(out), "-e", query, "--format", "csv"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return list(csv.reader(io.StringIO(result.output)))[1:]


def test_the_sheet_of_a_new_class_is_unknown_without_it(study: StudyCopy) -> None:
    study.path("trade-fair-visits.csv").write_text(SHEET, encoding="utf-8")
    assert [error["kind"] for error in study.check().errors] == ["unknown-sheet"]


def test_the_sheet_of_a_new_class_is_checked(extended: StudyCopy) -> None:
    assert extended.check().errors == []


@pytest.mark.parametrize(
    ("column", "value", "remedy"),
    [
        ("fair", "Slusch", 'Did you mean "Slush"?'),
        ("fair", "Instagram", "is known as platform only"),
        ("firm", "CeBIT", "is known as trade fair only (the vocabulary)"),
        ("area", "large", "Write digits with a point"),
        ("area", "-1", "It must be at least 0."),
    ],
)
def test_the_cells_of_a_new_class_are_refused_like_any_other(
    extended: StudyCopy, column: str, value: str, remedy: str
) -> None:
    extended.set("trade-fair-visits.csv", 2, column, value)
    (error,) = extended.check().errors
    assert (error["row"], error["column"], error["value"]) == (2, column, value)
    assert remedy in error["remedy"]


def test_a_column_may_speak_of_the_thing_that_another_column_names(answered: Path) -> None:
    query = "SELECT ?s ?halls { GRAPH ?g { ?s sme:hallCount ?halls } }"
    assert ask(answered, query) == [["https://w3id.org/smegraph/vocab/cebit", "27"]]


def test_two_rows_of_a_new_class_with_one_key_are_named(extended: StudyCopy) -> None:
    row = extended.add("trade-fair-visits.csv", firm="Firm A", fair="slush", year="2018")
    (error,) = extended.check().errors
    assert (error["row"], error["kind"]) == (row, "duplicate-key")
    assert "row 2" in error["message"]
    assert "made from firm, fair, year" in error["remedy"]


def test_a_new_class_has_its_empty_sheet_and_its_place_in_the_codebook(
    extended: StudyCopy,
) -> None:
    assert (
        extended.run("template", "data/studies/mine", "--sheet", "trade-fair-visits").exit_code == 0
    )
    folder = extended.data / "studies" / "mine"
    assert (folder / "trade-fair-visits.csv").read_text("utf-8").startswith("firm,fair,year,area,")
    codebook = (folder / "codebook.md").read_text("utf-8")
    assert "## trade-fair-visits: Trade-fair visits" in codebook
    assert "Key of a row: `firm`, `fair`, `year` together." in codebook
    assert "Allowed in `fair`: CeBIT, Slush." in codebook
    assert "Gives the area of a firm's stand in square metres." in codebook


def test_a_new_class_goes_from_its_sheet_to_an_answer(answered: Path) -> None:
    assert ask(answered, QUESTION) == [
        ["Firm A", "CeBIT", "2018", "40"],
        ["Firm A", "Slush", "2018", "12.5"],
        ["Firm B", "Slush", "2019", ""],
    ]
    labels = "SELECT ?label WHERE { ?v a sme:TradeFairVisit ; rdfs:label ?label } ORDER BY ?label"
    assert ask(answered, labels)[1] == ["Firm A at Slush, 2018"]


def test_what_follows_from_a_new_class_is_inferred(extended: StudyCopy, answered: Path) -> None:
    for sheet in extended.folder.glob("*.csv"):  # the others take the reasoner's time
        if sheet.name not in ("firms.csv", "trade-fair-visits.csv"):
            sheet.unlink()
    shutil.rmtree(extended.data / "reference")
    extended.replace("study.yaml", "countries:\n  - Finland\n", "")
    for column in ("basedIn", "offices", "financedBy"):
        extended.drop("firms.csv", column)
    keep_audit(extended, answered)
    built = extended.run("build")
    assert built.exit_code == 0, built.output
    exhibitors = (
        "SELECT ?label WHERE { GRAPH graph:inferred { ?firm a sme:Exhibitor } "
        "?firm rdfs:label ?label } ORDER BY ?label"
    )
    out = extended.data.parent / "build"
    assert ask(out, exhibitors) == [["Firm A"], ["Firm B"]]
    assert len(ask(out, QUESTION)) == 3


def test_a_build_refuses_a_wrong_row_of_a_new_class(extended: StudyCopy, answered: Path) -> None:
    keep_audit(extended, answered)
    extended.set("trade-fair-visits.csv", 2, "area", "large")
    built = extended.run("build", "--no-reason")
    assert built.exit_code == 1
    assert 'row 2, column "area": "large" is not a number.' in built.output
    assert not (extended.data.parent / "build" / "current").exists()
