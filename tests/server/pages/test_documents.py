"""Which form of a document a request gets, and what is kept of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse
from starlette.requests import Request

from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.documents import (
    FORMS,
    PAGE_FORM,
    Desk,
    as_rdf,
    form_for,
    name_of,
    wants_page,
)
from smegraph.store.embedded import EmbeddedStore
from tests.server.inprocess import InProcessEngine


def asking(**fields: str) -> Request:
    headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in fields.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": headers})


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("*/*", "ttl"),
        ("", "ttl"),
        ("text/turtle, text/html;q=0.5", "ttl"),
        ("application/rdf+xml, text/turtle;q=0.9", "rdf"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/json", "jsonld"),
        ("text/html;q=0.2, application/trig;q=0.1", "html"),
    ],
)
def test_accept_decides_without_a_suffix(accept: str, suffix: str) -> None:
    assert form_for(asking(accept=accept), None) is FORMS[suffix]
    assert wants_page(asking(accept=accept), None) == (suffix == "html")


def test_a_suffix_outweighs_accept() -> None:
    assert form_for(asking(accept="text/html"), "nt") is FORMS["nt"]
    assert not wants_page(asking(accept="text/html"), "nt")
    assert form_for(asking(accept="image/png"), "html") is PAGE_FORM


def test_what_is_not_offered_is_refused_with_what_is() -> None:
    with pytest.raises(HttpProblem) as refused:
        form_for(asking(accept="image/png"), None)
    assert refused.value.kind == "not-acceptable"
    assert refused.value.members["suffixes"] == [*FORMS]


def test_statements_on_a_thing_stand_together_whatever_their_order() -> None:
    turtle = "<urn:b> <urn:p> 1 . <urn:a> <urn:p> 2 . <urn:b> <urn:q> 3 ; a <urn:C> ."
    triples = [quad.triple for quad in parse(turtle, RdfFormat.TURTLE)]
    for form in FORMS.values():
        if form.rdf is not None:
            first, second = (as_rdf(order, form) for order in (triples, triples[::-1]))
            assert first == second
            assert len([*parse(first, form.rdf)]) == 4
    assert as_rdf(triples, FORMS["ttl"]).count(b"urn:b") == 1


def test_a_document_is_made_once_and_each_form_has_its_name() -> None:
    desk, made = Desk(InProcessEngine(EmbeddedStore(Store())), ""), []

    async def make() -> bytes:
        made.append(1)
        return b"x" * 2000

    async def both() -> None:
        for _ in range(2):
            await desk.send(asking(), "/id/a", FORMS["ttl"], make, negotiated=False)

    asyncio.run(both())
    assert made == [1]
    names = {name_of("/id/a", form, state) for form in FORMS.values() for state in ("", "x")}
    assert len(names) == 2 * len(FORMS)


def test_what_is_kept_has_a_limit() -> None:
    desk = Desk(InProcessEngine(EmbeddedStore(Store())), "")
    sizes = iter([5 * 2**20, *[3 * 2**20] * 12])

    async def make() -> bytes:
        return b"x" * next(sizes)

    async def all() -> None:
        for number in range(13):
            await desk.send(asking(), f"/id/{number}", FORMS["ttl"], make, negotiated=False)

    asyncio.run(all())
    assert len(desk._kept) == 10


def test_another_state_than_required_is_refused(linked: Path) -> None:
    desk = Desk(InProcessEngine(EmbeddedStore(Store())), "")

    async def make() -> bytes:
        raise AssertionError("it is made")

    request = asking(if_match='"other"')
    with pytest.raises(HttpProblem) as refused:
        asyncio.run(desk.send(request, "/id/a", FORMS["ttl"], make, negotiated=False))
    assert refused.value.kind == "precondition-failed"
