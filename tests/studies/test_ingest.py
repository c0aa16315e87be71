"""Rows become quads: each row one thing, with its class, its study and its label."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smegraph.namespaces import SME
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import STUDY, Schema
from smegraph.ontology.terms import FACT, LABEL, REPORTED_IN, TYPE
from smegraph.sheets.csvfile import read_csv
from smegraph.sheets.invisible import plain
from smegraph.studies.check import ingest_studies
from smegraph.studies.errors import DataError, refuse_errors
from smegraph.studies.folder import find_folders
from smegraph.studies.ingest import ingest
from smegraph.studies.project import Project
from smegraph.studies.reader import Ingested

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StudyCopy

ID = "https://w3id.org/smegraph/id/"
SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def read(study: StudyCopy, ontology: Ontology, schema: Schema) -> Ingested:
    """The study as quads."""
    results = ingest(find_folders(study.data, schema), ontology, schema)
    return next(result for result in results if result.folder.name == study.name)


def store_of(result: Ingested) -> ox.Store:
    store = ox.Store()
    store.load("".join(result.lines).encode(), format=ox.RdfFormat.N_QUADS)
    return store


def objects(store: ox.Store, subject: str, predicate: str) -> list[str]:
    pattern = (ox.NamedNode(subject), ox.NamedNode(predicate), None, None)
    found = [quad.object for quad in store.quads_for_pattern(*pattern)]
    return sorted(term.value for term in found if isinstance(term, ox.NamedNode | ox.Literal))


def test_a_row_becomes_a_thing_of_its_class_reported_in_its_study(
    study: StudyCopy, ontology: Ontology, schema: Schema
) -> None:
    store = store_of(read(study, ontology, schema))
    subject = f"{ID}firm-year-{study.name}-finnish-a-2018"
    assert objects(store, subject, TYPE) == [SME + "FirmObservation"]
    assert objects(store, subject, REPORTED_IN) == [f"{ID}work-{study.name}"]
    assert objects(store, subject, SME + "ofFirm") == [f"{ID}firm-finnish-a"]
    assert objects(store, subject, LABEL) == ["Firm A, 2018"]


def test_a_role_that_the_document_does_not_tell_is_left_out_of_key_and_label(
    study: StudyCopy, ontology: Ontology, schema: Schema
) -> None:
    store = store_of(read(study, ontology, schema))
    assert objects(store, f"{ID}firm-year-{study.name}-finnish-a", LABEL) == ["Firm A"]


def test_a_kind_replaces_the_class_of_the_sheet(
    study: StudyCopy, ontology: Ontology, schema: Schema
) -> None:
    study.add("channels.csv", label="Mixi", kind="platform")
    store = store_of(read(study, ontology, schema))
    assert objects(store, f"{ID}channel-{study.name}-mixi", TYPE) == [SME + "Platform"]


def test_a_thing_beyond_the_study_is_reported_in_none(
    study: StudyCopy, ontology: Ontology, schema: Schema
) -> None:
    store = store_of(read(study, ontology, schema))
    assert objects(store, f"{ID}firm-finnish-a", REPORTED_IN) == []


def test_rows_may_refer_to_rows_behind_them(
    study: StudyCopy, ontology: Ontology, schema: Schema
) -> None:
    study.add("places.csv", label="Espoo", kind="city", locatedIn="Uusimaa")
    study.add("places.csv", label="Uusimaa", kind="region", locatedIn="Finland")
    result = read(study, ontology, schema)
    assert [p for p in result.problems if p.severity == "error"] == []
    assert objects(store_of(result), f"{ID}place-{study.name}-espoo", SME + "locatedIn") == [
        f"{ID}place-{study.name}-uusimaa"
    ]


def test_every_statement_stands_in_the_graph_of_its_study(
    study: StudyCopy, ontology: Ontology, schema: Schema
) -> None:
    graphs = {str(graph) for graph in store_of(read(study, ontology, schema)).named_graphs()}
    assert graphs == {f"<https://w3id.org/smegraph/graph/{study.name}>"}


def test_every_row_is_a_subject(repository: Path, ontology: Ontology, schema: Schema) -> None:
    folders = find_folders(repository / "data", schema)
    for result in ingest(folders, ontology, schema):
        rows = sum(len(table.rows) for _, table in result.folder.read())
        subjects = {line.split(" ", 1)[0] for line in result.lines}
        mentions = {subject for subject in subjects if subject.startswith(f"<{ID}mention-")}
        assert len(subjects - mentions) == rows > 0, result.folder.name


def test_every_fact_names_the_study_that_reports_it(
    repository: Path, ontology: Ontology, schema: Schema
) -> None:
    folders = find_folders(repository / "data", schema)
    for result in ingest(folders, ontology, schema):
        if result.folder.scope != STUDY:
            continue
        store = store_of(result)
        for quad in store.quads_for_pattern(None, ox.NamedNode(TYPE), None, None):
            assert isinstance(quad.object, ox.NamedNode)
            if FACT in ontology.superclasses(quad.object.value):
                assert isinstance(quad.subject, ox.NamedNode)
                assert objects(store, quad.subject.value, REPORTED_IN) == [result.folder.iri]


def test_reading_twice_gives_the_same_lines(
    repository: Path, ontology: Ontology, schema: Schema
) -> None:
    def lines() -> list[str]:
        folders = find_folders(repository / "data", schema)
        return [line for result in ingest(folders, ontology, schema) for line in result.lines]

    assert lines() == lines() != []


def test_the_lines_are_quads_that_the_store_reads(
    repository: Path, ontology: Ontology, schema: Schema
) -> None:
    for result in ingest(find_folders(repository / "data", schema), ontology, schema):
        assert len(store_of(result)) == len(set(result.lines)) > 0


@settings(max_examples=8, suppress_health_check=SUPPRESSED)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_change_the_graph(
    study: StudyCopy, ontology: Ontology, schema: Schema, order: random.Random
) -> None:
    before = set(read(study, ontology, schema).lines)
    for path in sorted(study.folder.glob("*.csv")):
        head, rows = study.table(path.name)
        order.shuffle(rows)
        columns = order.sample(range(len(head)), len(head))
        study.save(
            path.name, [head[c] for c in columns], [[row[c] for c in columns] for row in rows]
        )
    assert set(read(study, ontology, schema).lines) == before


def test_splitting_a_sheet_does_not_change_the_graph(
    study: StudyCopy, ontology: Ontology, schema: Schema
) -> None:
    before = set(read(study, ontology, schema).lines)
    head, rows = study.table("firm-observations.csv")
    study.save("firm-observations.csv", head, rows[:2])
    study.save("firm-observations.more.csv", head, rows[2:])
    assert set(read(study, ontology, schema).lines) == before


HOSTILE = st.text(
    st.one_of(
        st.sampled_from("\"\\<>{}|^`';.\n\r\t_:@#%é🏢\u2028\u0085\u200d"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    min_size=1,
)


@settings(max_examples=60, suppress_health_check=SUPPRESSED)
@given(HOSTILE)
def test_no_text_of_a_cell_breaks_out_of_its_literal(
    study: StudyCopy, ontology: Ontology, schema: Schema, text: str
) -> None:
    for path in study.folder.glob("*.csv"):
        if path.name != "samples.csv":
            path.unlink()
    study.save("samples.csv", ["id", "label", "size", "unit"], [["a", text, "2", text]])
    ((_, label, _, unit),) = read_csv(study.path("samples.csv"), "").rows or [["", "", "", ""]]
    result = read(study, ontology, schema)
    if any(problem.file.endswith("samples.csv") for problem in result.problems):
        return
    store = store_of(result)
    subject = f"{ID}sample-{study.name}-a"
    paths = {c.name: c.path for c in schema.sheets["samples"].columns}
    assert objects(store, subject, paths["label"]) == [plain(label).strip()]
    assert objects(store, subject, paths["unit"]) == [unit.strip()]
    assert len(objects(store, subject, TYPE)) == 1


def test_errors_stop_an_ingestion_with_all_of_them(study: StudyCopy) -> None:
    study.set("samples.csv", 2, "size", "two")
    study.replace("firms.csv", "founded", "fuonded")
    with pytest.raises(DataError, match="2 errors in the sheets") as refused:
        ingest_studies(Project(study.ontology, study.data))
    assert {problem.kind for problem in refused.value.problems} >= {
        "invalid-cell",
        "unknown-column",
    }


def test_warnings_do_not_stop_an_ingestion(
    study: StudyCopy, ontology: Ontology, schema: Schema
) -> None:
    result = read(study, ontology, schema)
    assert {problem.severity for problem in result.problems} == {"warning"}
    refuse_errors(result.problems)


def test_a_study_that_says_more_of_a_shared_thing_adds_to_it(
    study: StudyCopy, ontology: Ontology, schema: Schema
) -> None:
    study.add("channels.csv", label="Twitter", altLabels="X", kind="platform")
    study.set("non-uses.csv", 2, "channel", "X")
    result = read(study, ontology, schema)
    assert [p for p in result.problems if p.severity == "error"] == []
    assert f"<{ID}channel-twitter>" in "".join(result.lines)


def test_two_studies_may_name_one_thing_by_one_name(
    study: StudyCopy, ontology: Ontology, schema: Schema
) -> None:
    other = study.data / "studies" / "another"
    other.mkdir()
    record = study.path("study.yaml").read_text("utf-8").replace(f"id: {study.name}", "id: another")
    (other / "study.yaml").write_text(record, encoding="utf-8")
    (other / "channels.csv").write_text("label,kind\nMixi,platform\n", encoding="utf-8")
    study.add("channels.csv", label="mixi", kind="platform")
    results = ingest(find_folders(study.data, schema), ontology, schema)
    refuse_errors(p for result in results for p in result.problems)


def test_a_key_that_would_break_an_iri_is_refused(
    study: StudyCopy, ontology: Ontology, schema: Schema
) -> None:
    sheet = schema.sheets["samples"]
    loose = [replace(c, pattern=None) if c.name == "id" else c for c in sheet.columns]
    sheets = {**schema.sheets, "samples": replace(sheet, columns=tuple(loose))}
    study.set("samples.csv", 2, "id", "a> <urn:b")
    (error,) = (p for p in read(study, ontology, Schema(sheets)).problems if p.severity == "error")
    assert (error.kind, error.row, error.value) == ("no-key", 2, "a> <urn:b")
