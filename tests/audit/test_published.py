"""What the service answers at the IRIs of the ontology, put to the FOOPS!-like checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from smegraph.audit.inputs import NotAtHand
from smegraph.audit.published import WEB, Service

if TYPE_CHECKING:
    from tests.audit.conftest import Make

NAMES = (
    "foops/CN1-no-negotiation", "foops/DOC1-no-page", "foops/RDF1-no-rdf",
    "foops/URI1-does-not-resolve", "foops/URI2-another-iri", "foops/VER2-does-not-resolve",
)  # fmt: skip
CHECKS = {check.check.name: check for check in WEB}
IRI = "https://w3id.org/smegraph/ontology"
TRIPLE = (
    f"<{IRI}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    "<http://www.w3.org/2002/07/owl#Ontology> .\n"
)
BODIES = {
    "text/turtle": TRIPLE,
    "application/n-triples": TRIPLE,
    "application/ld+json": f'{{"@id": "{IRI}", "@type": "http://www.w3.org/2002/07/owl#Ontology"}}',
    "application/rdf+xml": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f'<rdf:Description rdf:about="{IRI}"><rdf:type '
    'rdf:resource="http://www.w3.org/2002/07/owl#Ontology"/></rdf:Description></rdf:RDF>',
}
VERSION = f"<{IRI}> owl:versionIRI <{IRI}/1> ."


def answer(request: Request) -> Response:
    accept = request.headers["accept"]
    if accept in ("text/html", "*/*"):
        return Response("<h1>smegraph</h1>", media_type="text/html")
    return Response(BODIES[accept], media_type=accept)


SOUND = Starlette(
    routes=[
        Route("/ontology", answer),
        Route("/ontology/1", lambda request: RedirectResponse("/ontology", 303)),
    ]
)
EMPTY = Starlette()


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[Starlette], None]:
    """Put an application into the place of the release's."""

    def served(app: Starlette) -> None:
        monkeypatch.setattr("smegraph.audit.published._service", lambda material: Service(app))

    return served


@pytest.mark.parametrize("name", NAMES)
def test_service_that_answers_nothing_is_told(
    name: str, make: Make, serve: Callable[[Starlette], None]
) -> None:
    serve(EMPTY)
    assert CHECKS[name].run(make(VERSION))


@pytest.mark.parametrize("name", NAMES)
def test_service_that_answers_its_iris_passes(
    name: str, make: Make, serve: Callable[[Starlette], None]
) -> None:
    serve(SOUND)
    assert CHECKS[name].run(make(VERSION)) == []


def test_every_format_that_is_missing_is_named(
    make: Make, serve: Callable[[Starlette], None]
) -> None:
    serve(EMPTY)
    values = [hit.value for hit in CHECKS["foops/CN1-no-negotiation"].run(make(VERSION))]
    assert sorted(value.rsplit(" ", 1)[1] for value in values if value) == sorted(BODIES)


def test_service_is_left_out_without_a_release(make: Make) -> None:
    with pytest.raises(NotAtHand, match="smegraph build"):
        CHECKS["foops/URI1-does-not-resolve"].run(make(VERSION))
