"""What the editor completes: by label and by name, what is wanted first, and within bounds."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from smegraph.namespaces import SME
from smegraph.server.pages.ask_terms import LABELS_PATH, MOST, TermRow, find_terms, offered
from smegraph.server.pages.lookup import Lookup
from tests.server.pages.conftest import Visitor, engine_of, site_of


@pytest.fixture(scope="module")
def visitor(release: Path) -> Visitor:
    return Visitor(site_of(release))


def names(visitor: Visitor, state: str) -> list[str]:
    found = visitor.get(f"/ask/terms?{state}").raise_for_status().json()["terms"]
    return [term["insert"] for term in found]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("q=cuber", ["id:firm-cuberdon"]),
        ("q=cuberdon", ["id:firm-cuberdon"]),
        ("q=firm+b", ["id:firm-finnish-b"]),
        ("q=B-firm", ["id:firm-finnish-b"]),
        ("q=sme:of", ["sme:ofFirm"]),
        ("q=sme:Platf", ["sme:Platform", "sme:PlatformUse"]),
        ("q=zzz", []),
        ("q=", []),
        ("q=%25_'%22;--", []),
    ],
)
def test_terms_are_found_by_the_beginnings_of_their_words(
    visitor: Visitor, state: str, expected: list[str]
) -> None:
    assert sorted(set(names(visitor, state)) & {*expected, *names(visitor, state)[:9]}) == sorted(
        {*expected, *names(visitor, state)[:9]}
    )
    assert set(expected) <= set(names(visitor, state))
    assert expected or names(visitor, state) == []


def test_what_is_wanted_comes_first(visitor: Visitor) -> None:
    assert names(visitor, "q=firm&kind=class")[0] == "sme:Firm"
    assert names(visitor, "q=fou&kind=property")[0] == "sme:founded"


def test_no_more_terms_come_than_people_read(release: Path) -> None:
    found = asyncio.run(find_terms(Lookup(engine_of(release)), "sme:"))
    assert 5 < len(found) <= MOST


def test_a_term_brings_its_prefix_where_its_name_can_be_written_so() -> None:
    term = offered(TermRow(f"{SME}cause", 1, "cause"))
    assert (term["insert"], term["prefix"], term["namespace"]) == ("sme:cause", "sme", SME)
    for iri in ("http://example.org/x", f"{SME}a/b", f"{SME}(a)"):
        other = offered(TermRow(iri, 3, ""))
        assert (other["insert"], other["prefix"]) == (f"<{iri}>", "")


@pytest.mark.parametrize("state", ["kind=cause", "x=1"])
def test_what_is_unknown_is_refused(visitor: Visitor, state: str) -> None:
    assert visitor.get(f"/ask/terms?{state}").status_code == 400


def test_labels_are_told_of_many_at_once_and_of_no_more(visitor: Visitor) -> None:
    async def posted(body: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=visitor.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            return await http.post(LABELS_PATH, content=body)

    iri = "https://w3id.org/smegraph/id/facebook"
    assert asyncio.run(posted(f"{iri}\nurn:x")).json() == {"labels": {iri: "Facebook"}}
    assert asyncio.run(posted("urn:x " * 601)).status_code == 400
