"""FOOPS!-like checks of what the service answers at the IRIs of the ontology.

The application is asked inside this process, without a network: what FOOPS! would get once w3id.org
forwards to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox
from starlette.types import ASGIApp

from smegraph.audit.findings import Check, Hit
from smegraph.audit.inputs import AuditInputs, EngineCheck
from smegraph.namespaces import BASE, OWL, RDF

_FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


@dataclass(frozen=True)
class Page:
    """What the service answered, behind its redirections."""

    status: int
    type: str
    body: bytes


class Service:
    """An application, asked by IRI.

    >>> async def echo(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 200, "headers": []})
    ...     await send({"type": "http.response.body", "body": scope["path"].encode()})
    >>> Service(echo).get("https://w3id.org/smegraph/ontology#Firm", "text/html").body
    b'/ontology'
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def get(self, iri: str, accept: str) -> Page:
        """Ask for an IRI of ours; up to five redirections within the service are followed."""
        path = "/" + iri.removeprefix(BASE).partition("#")[0]
        for _ in range(5):
            status, headers, body = asyncio.run(self._ask(path, accept))
            where = urlsplit(headers.get("location", ""))
            if not (300 <= status < 400 and where.path):
                break
            path = where.path
        return Page(status, headers.get("content-type", "").partition(";")[0], body)

    async def _ask(self, path: str, accept: str) -> tuple[int, dict[str, str], bytes]:
        sent: list[MutableMapping[str, Any]] = []
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
            "root_path": "", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
            "headers": [(b"host", b"127.0.0.1"), (b"accept", accept.encode())],
        }  # fmt: skip

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        start = next(m for m in sent if m["type"] == "http.response.start")
        headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        bodies = (m.get("body", b"") for m in sent if m["type"] == "http.response.body")
        return start["status"], headers, b"".join(bodies)


def header_iris(inputs: AuditInputs, *predicates: str) -> Iterator[str]:
    """Yield the ontology's IRI, or what its header says by the predicates."""
    pattern = (None, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Ontology"))
    for quad in inputs.ontology.store.quads_for_pattern(*pattern):
        subject = quad.subject
        if isinstance(subject, ox.NamedNode):
            if not predicates:
                yield subject.value
            for predicate in predicates:
                for value in inputs.ontology.objects(subject, predicate):
                    yield value.value if not isinstance(value, ox.Triple) else str(value)


def statements(page: Page) -> list[ox.Quad]:
    """Return the statements of a page in RDF; none when it is not RDF."""
    form = _FORMATS.get(page.type)
    if page.status != 200 or form is None:
        return []
    try:
        return list(ox.parse(page.body, format=form, base_iri=BASE))
    except SyntaxError:
        return []


def _unanswered(inputs: AuditInputs, iris: Iterable[str], accept: str) -> Iterator[Hit]:
    service = Service(inputs.application)
    for iri in iris:
        page = service.get(iri, accept)
        if page.status != 200:
            yield Hit(ox.NamedNode(iri), f"{page.status} for {accept}")


def _resolves(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    return _unanswered(inputs, header_iris(inputs), "*/*")


def _version_resolves(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    return _unanswered(inputs, header_iris(inputs, OWL + "versionIRI"), "*/*")


def _declares_itself(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    service = Service(inputs.application)
    for iri in header_iris(inputs):
        subject = ox.NamedNode(iri)
        found = statements(service.get(iri, "text/turtle"))
        declared = ox.Triple(subject, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Ontology"))
        if not any(quad.triple == declared for quad in found):
            yield Hit(subject, "no `a owl:Ontology` in what is answered")


def _negotiates(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    service = Service(inputs.application)
    for iri in header_iris(inputs):
        for media_type in _FORMATS:
            page = service.get(iri, media_type)
            if page.status != 200 or page.type != media_type:
                yield Hit(ox.NamedNode(iri), f"{page.status} {page.type} for {media_type}")


def _is_rdf(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    service = Service(inputs.application)
    for iri in header_iris(inputs):
        if not any(statements(service.get(iri, media_type)) for media_type in _FORMATS):
            yield Hit(ox.NamedNode(iri), "no RDF")


def _has_page(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    service = Service(inputs.application)
    for iri in header_iris(inputs):
        page = service.get(iri, "text/html")
        if page.status != 200 or page.type != "text/html":
            yield Hit(ox.NamedNode(iri), f"{page.status} {page.type} for text/html")


def _check(name: str, title: str, source: str, remedy: str) -> Check:
    return Check(f"foops/{name}", title, "warning", f"FOOPS! tests, {source}", remedy)


_ANSWER = "Let the service answer the path of the IRI."
SERVICE_CHECKS = (
    EngineCheck(
        _check("URI1-does-not-resolve", "The ontology's IRI is not answered", "URI1", _ANSWER),
        _resolves,
    ),
    EngineCheck(
        _check(
            "URI2-another-iri",
            "What is answered at the ontology's IRI does not declare it",
            "URI2",
            "Answer with the file whose header has this IRI.",
        ),
        _declares_itself,
    ),
    EngineCheck(
        _check("VER2-does-not-resolve", "The version IRI is not answered", "VER2", _ANSWER),
        _version_resolves,
    ),
    EngineCheck(
        _check(
            "CN1-no-negotiation",
            "A format that the service does not answer in",
            "CN1",
            "Answer in RDF/XML, Turtle, N-Triples and JSON-LD, as is asked for.",
        ),
        _negotiates,
    ),
    EngineCheck(
        _check("RDF1-no-rdf", "The ontology is not answered as RDF", "RDF1", _ANSWER),
        _is_rdf,
    ),
    EngineCheck(
        _check(
            "DOC1-no-page",
            "The ontology's IRI answers browsers with no page",
            "DOC1",
            "Answer text/html with a page about the ontology.",
        ),
        _has_page,
    ),
)
