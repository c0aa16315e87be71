"""The page of contradictions, over the release that this checkout's studies make."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import httpx
import pytest

from smegraph.server.pages.ask_window import unpacked
from smegraph.server.pages.contradictions import QUERY, arrange, ask_notes
from tests.server.pages.conftest import Outline, Visitor, engine_of

if TYPE_CHECKING:
    from tests.conftest import Release

Serve: TypeAlias = Callable[[Path], httpx.Client]
PATH = "/contradictions"


@pytest.fixture(scope="module")
def client(serve: Serve, released: Release) -> httpx.Client:
    return serve(released.path)


@pytest.fixture(scope="module")
def rows(repository: Path) -> list[tuple[str, dict[str, str]]]:
    """The rows of the sheets, each with its study."""
    found = []
    for path in sorted((repository / "data" / "studies").glob("*/data-quality-notes*.csv")):
        with path.open(encoding="utf-8", newline="") as text:
            found += [(path.parent.name, row) for row in csv.DictReader(text)]
    return found


def page(client: httpx.Client, **choice: str) -> Outline:
    response = client.get(PATH, params=choice)
    assert response.status_code == 200
    return Outline(response.text)


def articles(client: httpx.Client, **choice: str) -> list[str]:
    """The notes on all pages of a choice."""
    found: list[str] = []
    for number in range(1, 100):
        outline = page(client, **choice, page=str(number))
        found += outline.articles
        if not any(f"page={number + 1}" in link for link in outline.links):
            break
    return found


def test_every_note_of_the_sheets_is_listed_once(
    client: httpx.Client, rows: list[tuple[str, dict[str, str]]]
) -> None:
    found = articles(client)
    assert len(found) == len(set(found)) == len(rows) > 100
    assert len(page(client).articles) == 50
    assert f"<strong>{len(rows)}</strong>" in client.get(PATH).text


def test_a_note_shows_its_statement_readings_places_and_things(client: httpx.Client) -> None:
    text = client.get(PATH, params={"q": "co-founder owner-managers"}).text
    (article,) = re.findall(r'(?s)<article [^>]*note-informant-roles">(.*?)</article>', text)
    for shown in (
        "lists a co-founder for Firm A",
        "owner-managers or CEOs",
        "section 3.1",
        "characters 19,884–19,943",
        "Co-Founder (Firm A)",
        "Table 1",
        "characters 47,568–47,599",
        ">Interview with Co-Founder, Firm A</a>",
    ):
        assert shown in article


def test_a_study_is_chosen_by_a_link(
    client: httpx.Client, rows: list[tuple[str, dict[str, str]]]
) -> None:
    for study, count in Counter(study for study, _ in rows).items():
        assert f"{PATH}?study={study}" in page(client).links
        assert len(articles(client, study=study)) == count


def test_a_kind_is_chosen_by_a_link_within_a_study(
    client: httpx.Client, rows: list[tuple[str, dict[str, str]]]
) -> None:
    study = "finnish-software"
    counts = Counter(row["kind"].replace(" ", "-") for name, row in rows if name == study)
    links = page(client, study=study).links
    for kind, count in counts.items():
        assert f"{PATH}?kind={kind}&study={study}" in links
        assert len(articles(client, study=study, kind=kind)) == count


def test_what_is_chosen_is_marked_and_counted(client: httpx.Client) -> None:
    text = client.get(PATH, params={"kind": "misattribution"}).text
    assert text.count('aria-current="true"') == 2
    assert re.search(r"<strong>\d+</strong> of \d+\.", text)


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [
        ("study=none", 404, "not-found"),
        ("kind=none", 404, "not-found"),
        ("sort=kind", 400, "unknown-parameter"),
        ("kind=misattribution&kind=misattribution", 400, "repeated-parameter"),
        ("q=a&q=b", 400, "repeated-parameter"),
        ("page=none", 400, "invalid-parameter"),
        ("page=1000", 400, "invalid-parameter"),
    ],
)
def test_what_is_unknown_is_refused_by_name(
    client: httpx.Client, query: str, status: int, kind: str
) -> None:
    response = client.get(f"{PATH}?{query}")
    assert response.status_code == status
    assert response.json()["type"].endswith(kind)


def test_the_same_is_there_as_data(
    client: httpx.Client, rows: list[tuple[str, dict[str, str]]]
) -> None:
    (link,) = [found for found in page(client).links if found.startswith("/ask?q=")][:1]
    query = unpacked(link.removeprefix("/ask?q="))
    response = client.get("/sparql", params={"query": query, "format": "csv"})
    assert response.headers["content-type"].startswith("text/csv")
    found = list(csv.DictReader(io.StringIO(response.text, newline="")))
    assert {row["statement"] for row in found} == {row["statement"] for _, row in rows}


def test_links_to_things_say_what_the_graph_knows_of_them(client: httpx.Client) -> None:
    answered = [found for found in page(client).links if found.startswith("/ask?q=")]
    for link in answered[1:4]:
        assert client.get(link).text.count("\n") > 1


def test_its_outline_is_sound(client: httpx.Client) -> None:
    found = page(client)
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(found.headings, found.headings[1:], strict=False))
    assert (found.tags["main"], found.tags["header"], found.tags["footer"]) == (1, 1, 1)
    assert found.tags["style"] == 0


def test_the_first_page_leads_to_it(client: httpx.Client) -> None:
    assert f'href="{PATH}"' in client.get("/").text


def test_a_release_without_contradictions_says_so(serve: Serve, release: Path) -> None:
    client = serve(release)
    assert "This release holds no contradictions." in client.get(PATH).text
    assert PATH not in client.get("/").text


def test_the_query_stands_in_a_file_and_needs_no_declared_prefix() -> None:
    assert "PREFIX" not in QUERY
    assert QUERY.startswith("# Where")


def test_rows_become_notes_with_their_readings_and_things(whole: Path) -> None:
    turnover, year = asyncio.run(ask_notes(engine_of(whole)))
    assert (year.key, year.study.key, year.kind.key) == ("note-year", "arnone-deprince", "doubt")
    assert [(reading.name, reading.text) for reading in year.readings] == [
        ("One reading", "2014"),
        ("The other", "2015"),
    ]
    assert year.about == ()
    assert (turnover.readings[0].start, turnover.readings[0].end) == (1200, 1250)
    assert [thing.label[:6] for thing in turnover.about] == ["Firm B", "Noted "]
    assert turnover.about[0].path == "/id/firm-finnish-b"


def test_notes_are_narrowed_down_and_counted(visitor: Visitor) -> None:
    assert visitor.outline(PATH).articles == ["note-turnover", "note-year"]
    assert visitor.outline(f"{PATH}?kind=gap").articles == ["note-turnover"]
    assert visitor.outline(f"{PATH}?study=arnone-deprince").articles == ["note-year"]
    both = visitor.get(f"{PATH}?study=arnone-deprince&kind=gap").text
    assert "<strong>0</strong> of 2." in both


def test_notes_are_found_by_words_in_what_they_say_and_are_about(visitor: Visitor) -> None:
    assert visitor.outline(f"{PATH}?q=TURNOVER").articles == ["note-turnover"]
    assert visitor.outline(f"{PATH}?q=years+given").articles == ["note-year"]
    assert visitor.outline(f"{PATH}?q=firm+b").articles == ["note-turnover"]
    assert visitor.outline(f"{PATH}?q=turnover&kind=doubt").articles == []
    assert "None meets all of this" in visitor.get(f"{PATH}?q=nothing").text
    assert f"{PATH}?kind=gap&q=turnover" in visitor.outline(f"{PATH}?q=turnover").links


def test_notes_come_in_pages(whole: Path) -> None:
    notes = asyncio.run(ask_notes(engine_of(whole))) * 40
    first, second = arrange(notes), arrange(notes, page=2)
    assert list(first["pages"]) == ["Next page"]  # type: ignore[call-overload]
    assert second["pages"] == {"Previous page": f"{PATH}?page=1"}
    assert first["shown"] == 80
