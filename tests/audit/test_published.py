"""What the service answers at the IRIs of the ontology, put to the FOOPS!-like checks."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from smegraph.audit.errors import Unavailable
from smegraph.audit.inputs import AuditInputs
from smegraph.audit.published import SERVICE_CHECKS
from smegraph.cli.audit import release_application

if TYPE_CHECKING:
    from tests.audit.conftest import Make

NAMES = (
    "foops/CN1-no-negotiation", "foops/DOC1-no-page", "foops/RDF1-no-rdf",
    "foops/URI1-does-not-resolve", "foops/URI2-another-iri", "foops/VER2-does-not-resolve",
)  # fmt: skip
CHECKS = {check.check.name: check for check in SERVICE_CHECKS}
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


def served(inputs: AuditInputs, app: ASGIApp) -> AuditInputs:
    """The inputs with an application for the service's."""
    return replace(inputs, site=lambda: app)


@pytest.mark.parametrize("name", NAMES)
def test_service_that_answers_nothing_is_told(name: str, make: Make) -> None:
    assert CHECKS[name].run(served(make(VERSION), EMPTY))


@pytest.mark.parametrize("name", NAMES)
def test_service_that_answers_its_iris_passes(name: str, make: Make) -> None:
    assert CHECKS[name].run(served(make(VERSION), SOUND)) == []


def test_every_format_that_is_missing_is_named(make: Make) -> None:
    hits = CHECKS["foops/CN1-no-negotiation"].run(served(make(VERSION), EMPTY))
    values = [hit.value for hit in hits]
    assert sorted(value.rsplit(" ", 1)[1] for value in values if value) == sorted(BODIES)


@pytest.mark.parametrize("name", NAMES)
def test_check_is_left_out_when_no_service_is_given(name: str, make: Make) -> None:
    with pytest.raises(Unavailable, match="No service is given"):
        CHECKS[name].run(make(VERSION))


def test_check_is_left_out_without_a_release(make: Make) -> None:
    inputs = make(VERSION)
    given = replace(inputs, site=partial(release_application, inputs.out))
    with pytest.raises(Unavailable, match="smegraph build"):
        CHECKS["foops/URI1-does-not-resolve"].run(given)
