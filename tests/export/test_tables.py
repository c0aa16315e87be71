"""A table of a class has its things, in the columns of its sheet."""

from __future__ import annotations

import csv
import io
import json

from smegraph.export.extract import Release
from smegraph.export.formats import FORMATS
from smegraph.export.job import Job, prepare
from tests.export.making import made


def test_a_table_of_a_class_has_its_things_and_metadata_that_fit(release: Release) -> None:
    prepared = prepare(release, Job("class", "Firm", FORMATS["csv"]))
    file = io.BytesIO()
    prepared.write(file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8"), newline="")))
    firms = {row[0].value for row in release.solutions("SELECT ?x { ?x a sme:Firm }")}
    assert {row["id"] for row in rows} == firms
    assert prepared.metadata is not None
    told = json.loads(prepared.metadata("firms.csv"))
    assert told["url"] == "firms.csv"
    assert [column["name"] for column in told["tableSchema"]["columns"]] == list(rows[0])
    assert told["dc:license"]
    assert told["dc:title"]


def test_a_value_stands_where_the_sheet_has_it(release: Release) -> None:
    rows = list(csv.DictReader(io.StringIO(made(release, "class", "csv", "sme:Firm"), newline="")))
    (adlab,) = (row for row in rows if row["label"] == "ADlab")
    assert (adlab["founded"], adlab["basedInLabel"]) == ("2000", "Belgium")
    assert adlab["basedIn"].endswith("/id/place-belgium")
    (several,) = (row for row in rows if row["label"] == "Crea-Appli")
    assert several["customerTypesLabel"] == "B2B; B2C"


def test_a_select_query_is_a_table(release: Release) -> None:
    query = "SELECT ?x ?none { ?firm a sme:OutgrewMicroFirm ; rdfs:label ?x }"
    text = made(release, "query", "csv", query)
    assert text.splitlines()[0] == "x,none"
    assert all(line.endswith(",") for line in text.splitlines()[1:])
    assert len(text.splitlines()) == 2
