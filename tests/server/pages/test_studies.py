"""The pages on documents that are coded, against the graph."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from smegraph.namespaces import ID
from smegraph.server.pages.asking import ask, record
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.studies import CodedRow, CodedSheet, kinds_of, study_rows
from tests.server.pages.conftest import Visitor, engine_of, site_of


@record
class _Number:
    number: int


def test_kinds_are_counted_as_the_graph_has_them(papers_release: Path) -> None:
    async def both() -> None:
        engine = engine_of(papers_release)
        lookup = Lookup(engine)
        studies = await study_rows(lookup)
        assert [study.key for study in studies] == ["cases", "review"]
        for study in studies:
            for kind in await kinds_of(lookup, study.iri):
                asked = await ask(
                    engine,
                    "SELECT (COUNT(DISTINCT ?f) AS ?number) "
                    f"{{ ?f a sme:{kind.name} ; sme:reportedIn <{study.iri}> }}",
                    _Number,
                )
                assert kind.facts == asked[0].number
        cases = {kind.name: kind for kind in await kinds_of(lookup, f"{ID}work-cases")}
        assert cases["PlatformUse"].bases == [("primary data", 2)]
        assert "FirmObservation" in cases

    asyncio.run(both())


def test_list_leads_to_each_document(papers: Visitor) -> None:
    page = papers.get("/studies").text
    assert 'href="/studies/cases"' in page
    assert "Cases &lt;i&gt;of&lt;/i&gt; firms" in page
    rows = papers.get("/studies.json").json()["rows"]
    assert [row["study"] for row in rows] == ["cases", "review"]


def test_document_has_a_sheet_for_each_kind(papers: Visitor) -> None:
    page = papers.get("/studies/cases?kind=PlatformUse").text
    assert "Firm A uses LinkedIn" in page
    assert "<td>Table 2</td>" in page
    assert 'aria-current="page"' in page
    assert "not measured in this release" in page
    rows = list(csv.DictReader(io.StringIO(papers.get("/studies/cases.csv?kind=NonUse").text)))
    assert {row["place"] for row in rows} == {"Table 2", "Results"}


def test_what_follows_is_no_part_of_a_sheet(papers: Visitor) -> None:
    rows = papers.get("/studies/cases.json?kind=FirmObservation").json()["rows"]
    assert {row["turnover"] for row in rows} == {"80000", "160000", ""}
    assert not any("intensity" in column for column in rows[0])


def test_coverage_is_told_where_the_release_has_it(papers_release: Path, tmp_path: Path) -> None:
    release = tmp_path / "release"
    shutil.copytree(papers_release, release)
    measured = {"label": "", "source": {"file": "a.txt"}, "problems": []}
    told = {"studies": [{"study": "cases", "codedPercent": 61.4, **measured},
                        {"study": "review", **measured}]}  # fmt: skip
    (release / "coverage.json").write_text(json.dumps(told), "utf-8")
    visitor = Visitor(site_of(release))
    assert "61.4 % of the text" in visitor.get("/studies/cases").text
    assert "61.4 % of its text coded" in visitor.get("/studies").text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/studies/case", 404, "Did you mean cases"),
        ("/studies/cases?kind=PlatformUses", 400, "PlatformUse"),
        ("/studies/cases?page=2", 400, "no page 2"),
        ("/studies/cases?sheet=x", 400, "no parameter sheet"),
        ("/studies?x=1", 400, "no parameter x"),
    ],
)
def test_what_there_is_not_is_told_on_a_page(
    papers: Visitor, path: str, status: int, said: str
) -> None:
    answer = papers.get(path, accept="text/html")
    assert answer.status_code == status
    assert said in answer.text.replace("&#34;", '"')


def test_column_that_most_facts_fill_stands_first() -> None:
    sheet = CodedSheet.of(
        [
            CodedRow("urn:1", "urn:rare", "a", "One", "p. 1"),
            CodedRow("urn:1", "urn:often", "b", "One", "p. 1"),
            CodedRow("urn:2", "urn:often", "c", "Two"),
            CodedRow("urn:2", "urn:often", "d", "Two", "", "", "Dee"),
        ]
    )
    assert sheet.columns == ["urn:often", "urn:rare"]
    assert sheet.table().rows == [
        ["urn:1", "One", "b", "a", "p. 1"], ["urn:2", "Two", "c; Dee", "", ""],
    ]  # fmt: skip
