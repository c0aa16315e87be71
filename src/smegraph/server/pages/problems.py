"""The kinds of problems as documents: what `type` of a problem names (RFC 9457 §3.1.1) answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from fastapi import FastAPI
from pyoxigraph import Literal, NamedNode, Triple
from starlette.requests import Request
from starlette.responses import Response

from smegraph.namespaces import BASE, DCTERMS, RDF, SKOS
from smegraph.server.http.problems import KINDS, TYPES, HttpProblem
from smegraph.server.pages.documents import FORMS, PAGE_FORM, VARY, as_rdf, form_for
from smegraph.server.pages.iris import without_suffix
from smegraph.server.pages.layout import Layout
from smegraph.suggest import did_you_mean

PATH: Final = "/problem"
SCHEME: Final = BASE + PATH[1:]
_FILE: Final = Path(__file__).parent / "problems.yaml"
_LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
_TITLE: Final = "Problems that the service tells"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem: its name, HTTP status and title, what it means and what would be right."""

    name: str
    status: int
    title: str
    means: str
    right: str

    @property
    def iri(self) -> str:
        """Its IRI, the `type` of such a problem."""
        return TYPES + self.name


# Decision 089: docs/decisions/089-rows-and-problems.md
def problem_kinds() -> dict[str, ProblemKind]:
    """Return all kinds by name, in the order of their statuses."""
    texts = yaml.safe_load(_FILE.read_text("utf-8"))
    return {
        name: ProblemKind(name, status, title, texts[name]["means"], texts[name]["right"])
        for name, (status, title) in sorted(KINDS.items(), key=lambda kind: kind[1][0])
    }


def problem_triples(kinds: Iterable[ProblemKind]) -> Iterator[Triple]:
    """Yield kinds as concepts of one scheme."""
    scheme, english = NamedNode(SCHEME), "en"
    yield Triple(scheme, NamedNode(RDF + "type"), NamedNode(SKOS + "ConceptScheme"))
    yield Triple(scheme, NamedNode(DCTERMS + "title"), Literal(_TITLE, language=english))
    yield Triple(scheme, NamedNode(DCTERMS + "license"), NamedNode(_LICENSE))
    for kind in kinds:
        node = NamedNode(kind.iri)
        yield Triple(node, NamedNode(RDF + "type"), NamedNode(SKOS + "Concept"))
        yield Triple(node, NamedNode(SKOS + "inScheme"), scheme)
        yield Triple(node, NamedNode(SKOS + "notation"), Literal(str(kind.status)))
        texts = {"prefLabel": kind.title, "definition": kind.means, "scopeNote": kind.right}
        for name, text in texts.items():
            yield Triple(node, NamedNode(SKOS + name), Literal(text, language=english))


def add_problems(app: FastAPI, layout: Layout) -> None:
    """Add a document for each kind of problem, and one for all of them."""
    kinds = problem_kinds()

    async def answered(request: Request) -> Response:
        asked = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        path, suffix = without_suffix(asked)
        name = path.removeprefix(PATH).removeprefix("/")
        shown = [*kinds.values()] if not name else [kinds[name]] if name in kinds else []
        if not shown:
            near = did_you_mean(name, kinds, f"{PATH} lists the kinds of problems.")
            raise HttpProblem("not-found", f"No problem is called {name}. {near}")
        form = form_for(request, suffix)
        if form is PAGE_FORM:
            title = shown[0].title if name else _TITLE
            iri = shown[0].iri if name else SCHEME
            forms = {
                other.name: f"{layout.root}{path}.{other.suffix}"
                for other in FORMS.values()
                if other is not PAGE_FORM
            }
            page = await layout.render(
                "problems.html", path, kinds=shown, title=title, iri=iri, forms=forms
            )
            body = page.encode()
        else:
            body = await asyncio.to_thread(as_rdf, problem_triples(shown), form)
        return Response(body, headers={"Content-Type": form.content_type, "Vary": VARY})

    for path in (PATH, *(f"{PATH}.{suffix}" for suffix in FORMS), f"{PATH}/{{name}}"):
        app.add_api_route(path, answered, methods=["GET", "HEAD"], include_in_schema=False)
