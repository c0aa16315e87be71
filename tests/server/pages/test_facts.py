"""The page of a fact: its passage as far as rights allow, notices, a citation, a report."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from smegraph.namespaces import ID, PREFIXES
from smegraph.server.pages.errors import ReleaseUnreadable
from smegraph.server.pages.facts import (
    CONTEXT,
    FactRow,
    FactText,
    ask_fact,
    find_passage,
    is_open_licence,
)
from smegraph.server.pages.site import release_site
from smegraph.store.embedded import store_union
from tests.server.conftest import HEAD, write_release
from tests.server.pages.conftest import Visitor, engine_of

SPAN = "Platforms raise\ntrust <b>abroad</b>."
TEXT = "First words " + "x" * 5 + " é" * 200 + " before. " + SPAN + " After " + "word " * 80


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


START, END = TEXT.index(SPAN), TEXT.index(SPAN) + len(SPAN)
ROW = FactRow("It raises trust", ID + "work-a", "A (2020)", "a.txt", sha(TEXT), "CC BY 4.0",
              START, END, sha(SPAN), "page 3")  # fmt: skip

GRAPH = f"""
id:work-a a sme:SourceDocument ; rdfs:label "A (2020)" ; sme:sourceFile "a.txt" ;
    sme:sourceSha256 "{sha(TEXT)}" ; dcterms:rights "CC BY 4.0" .
id:work-b a sme:Work ; rdfs:label "B (1999)" .
id:fact-a a sme:Fact ; rdfs:label "It raises <trust>" ; sme:reportedIn id:work-a ;
    sme:locator "page 3" ; sme:charStart {START} ; sme:charEnd {END} ;
    sme:passageHash "{sha(SPAN)}" ; sme:foundBy id:work-a , id:work-b ;
    sme:evidenceBasis voc:primary-data .
voc:primary-data rdfs:label "primary data" . voc:retraction rdfs:label "retraction" .
id:notice-b a sme:PublicationNotice ; sme:noticeOn id:work-b ; sme:noticeKind voc:retraction ;
    sme:noticeDate "2021" ; rdfs:label "retraction: B (1999)" .
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_release(tmp_path_factory.mktemp("facts"))
    store = Store(str(folder / "store"))
    store.load(HEAD + GRAPH, format=RdfFormat.TURTLE, to_graph=NamedNode(PREFIXES["graph"] + "a"))
    store_union(store)
    store.flush()
    return folder


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    return {"a.txt": tmp_path / "a.txt"}


def told(release: Path, iri: str, sources: dict[str, Path] | None = None) -> FactText | None:
    return asyncio.run(ask_fact(engine_of(release), iri, sources or {}))


def test_a_passage_with_an_open_licence_stands_in_its_context(sources: dict[str, Path]) -> None:
    passage = find_passage(ROW, sources)
    assert passage is not None
    assert passage.text == "Platforms raise trust <b>abroad</b>."
    assert passage.before.endswith("é é before.")
    assert passage.after.startswith("After word word")
    assert passage.after.endswith(" word")
    assert len(passage.before) <= CONTEXT >= len(passage.after)


def test_without_an_open_licence_the_passage_stands_alone(sources: dict[str, Path]) -> None:
    passage = find_passage(replace(ROW, rights="no licence stated in the text"), sources)
    assert passage is not None
    assert (passage.before, passage.after, passage.is_open) == ("", "", False)
    assert passage.text


@pytest.mark.parametrize(
    "row",
    [
        replace(ROW, digest=sha("another text")),
        replace(ROW, hash=sha("another passage")),
        replace(ROW, start=-1),
        replace(ROW, start=END, end=START),
        replace(ROW, file="b.txt"),
    ],
)
def test_a_passage_that_cannot_be_proved_is_not_shown(
    sources: dict[str, Path], row: FactRow
) -> None:
    assert find_passage(row, sources) is None


def test_a_document_that_is_gone_or_no_text_shows_nothing(tmp_path: Path) -> None:
    assert find_passage(ROW, {"a.txt": tmp_path / "a.txt"}) is None
    (tmp_path / "a.txt").write_bytes(b"\xff")
    assert find_passage(ROW, {"a.txt": tmp_path / "a.txt"}) is None


@pytest.mark.parametrize(
    ("rights", "is_open"),
    [
        ("CC BY 4.0", True), ("CC-BY-SA 4.0", True), ("CC0 1.0", True),
        ("https://creativecommons.org/licenses/by/4.0/", True), ("CC BY-NC-ND 4.0", False),
        ("© A publisher; all rights reserved", False), ("", False),
    ],
)  # fmt: skip
def test_which_rights_let_everybody_show_the_text(rights: str, is_open: bool) -> None:
    assert is_open_licence(rights) is is_open


def test_a_fact_is_cited_with_its_works_place_basis_and_release(release: Path) -> None:
    fact = told(release, ID + "fact-a")
    assert fact is not None
    assert fact.citation("Release 1") == (
        "B (1999), as told in A (2020), page 3: “It raises <trust>” [primary data]. "
        "smegraph, release 1. https://w3id.org/smegraph/id/fact-a"
    )
    own = replace(fact, works=(fact.study,))
    assert own.citation("Release 1").startswith("A (2020), page 3: “")


def test_a_report_names_the_fact_and_leaves_room_for_words(release: Path) -> None:
    fact = told(release, ID + "fact-a")
    assert fact is not None
    report = fact.report("Release 1")
    assert "Fact: https://w3id.org/smegraph/id/fact-a\n" in report
    assert "Place: A (2020), page 3\n" in report


def test_a_notice_on_a_work_behind_a_fact_is_told_once(release: Path) -> None:
    fact = told(release, ID + "fact-a")
    assert fact is not None
    assert [(one.thing.iri, one.kind, one.date) for one in fact.notices] == [
        (ID + "notice-b", "retraction", "2021")
    ]


def test_what_is_no_fact_has_none_of_it(release: Path) -> None:
    assert told(release, ID + "work-b") is None


def test_the_page_shows_it_as_text(release: Path, sources: dict[str, Path]) -> None:
    folder = sources["a.txt"].parent
    site = Visitor(release_site(release, engine_of(release), sources=folder))
    page = site.get("/id/fact-a.html").text
    assert "<mark>Platforms raise trust &lt;b&gt;abroad&lt;/b&gt;.</mark>" in page
    assert 'A publisher printed a notice on a work behind this: <a href="/id/notice-b">' in page
    without = Visitor(release_site(release, engine_of(release))).get("/id/fact-a.html").text
    assert "The document is not at hand here" in without
    assert '<h2 id="cite">' not in site.get("/id/work-b.html").text


def test_a_folder_of_documents_that_there_is_not_is_refused(release: Path, tmp_path: Path) -> None:
    with pytest.raises(ReleaseUnreadable, match="would be right"):
        release_site(release, engine_of(release), sources=tmp_path / "none")
