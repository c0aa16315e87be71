"""The project's own IRIs, each answered at its path: as a page, and as RDF in each format.

What is no document (things, concepts, the dataset) leads to its documents by 303, as Cool URIs for
the Semantic Web (W3C 2008, §4.2) has it; what is one (the ontology, graphs) answers itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias
from urllib.parse import quote

from fastapi import FastAPI
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from starlette.requests import Request
from starlette.responses import Response

from smegraph.export.listing import data_files
from smegraph.namespaces import BASE, ONTOLOGY, PREFIXES, RDF, SME, VOID
from smegraph.ontology.errors import OntologyError
from smegraph.release_files import ONTOLOGY_FILE, VERSIONS, stated_version
from smegraph.server.endpoints.graph_response import GraphResponse
from smegraph.server.engine.engine import Engine, QueryRequest
from smegraph.server.http.conditional import entity_tag
from smegraph.server.http.negotiation import choose_encoding
from smegraph.server.http.problems import HttpProblem
from smegraph.server.metadata.description import ENDPOINT, address_of
from smegraph.server.metadata.distributions import distributions
from smegraph.server.pages.ask_page import FORMAT_LABELS
from smegraph.server.pages.asking import Kept, ask, ask_graph, load_query, on, record
from smegraph.server.pages.documents import (
    FORMS,
    PAGE_FORM,
    VARY,
    Desk,
    Form,
    as_rdf,
    form_for,
    has_already,
    name_of,
    wants_page,
)
from smegraph.server.pages.errors import NotNamed
from smegraph.server.pages.facts import ask_fact
from smegraph.server.pages.iris import (
    DATASET,
    SHAPES_DOCUMENT,
    TERMS,
    iri_at,
    without_suffix,
)
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.mappings import Row, RowsPage, ask_rows, page_of, row_triples
from smegraph.server.pages.missing import ask_names, near_matches
from smegraph.server.pages.panels import ask_panel
from smegraph.server.pages.shapes import ShapesText, read_shapes, with_header
from smegraph.server.pages.sheet_annotations import (
    SHEET_DOCUMENT,
    annotation_terms,
    read_annotations,
    with_version,
)
from smegraph.server.pages.terms import OntologyText, TermText, ask_labels, ask_ontology
from smegraph.server.pages.things import ask_thing

Handler: TypeAlias = Callable[[Request, str, str | None], Awaitable[Response]]

ONTOLOGY_PATH: Final = "/ontology"

DOCUMENT: Final = load_query("document")
IS_KNOWN: Final = load_query("is-known")
GRAPHS: Final = load_query("graphs")
DATASET_QUERY: Final = load_query("dataset")

_EVERYTHING: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_ABOUT: Final = (
    "SELECT ?property ?value\nWHERE {{ <{}> ?property ?value }}\nORDER BY ?property ?value\n"
)
_SETS_KEPT: Final = 200  # sets of links whose rows are kept, those that there are not among them
_SEND_TIMEOUT: Final = 60.0  # seconds that a client may take nothing of a graph


@record
class KnownRow:
    """A row of a query that asks whether something is there."""

    known: int


@record
class GraphRow:
    """A row of `graphs.rq`."""

    graph: str


def add_linked(
    app: FastAPI,
    layout: Layout,
    engine: Engine,
    release: Path,
    base_url: str | None,
    sources: Mapping[str, Path] = MappingProxyType({}),
    lookup: Lookup | None = None,
) -> None:
    """Add a route for each kind of own IRI.

    `sources` are the documents at hand, by file name; without `lookup` the pages fill tables of
    their own.
    """
    pages = LinkedPages(layout, engine, release, base_url, sources, lookup or Lookup(engine))
    routes: dict[str, Handler] = {
        ONTOLOGY_PATH: pages.ontology,
        TERMS + "{name}": pages.term,
        ONTOLOGY_PATH + "/{name}": pages.version,
        "/vocab/{name:path}": pages.thing,
        "/id/{name:path}": pages.thing,
        "/graph/{name:path}": pages.graph,
        "/mappings/{name:path}": pages.mapping_set,
        "/shapes": pages.shapes,
        "/sheet": pages.sheet,
        "/dataset": pages.dataset,
    }
    for path, answer in routes.items():
        _route(app, pages, path, answer)


def _route(app: FastAPI, pages: LinkedPages, path: str, answer: Handler) -> None:
    """Add a route, and where its path has no parameter one for each suffix."""

    async def answered(request: Request) -> Response:
        asked = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        plain, suffix = without_suffix(asked)
        try:
            return await answer(request, plain, suffix)
        except NotNamed as error:
            return await pages.missing(request, suffix, error)

    for suffix in ("", *(f".{found}" for found in FORMS if "{" not in path)):
        app.add_api_route(path + suffix, answered, methods=["GET", "HEAD"], include_in_schema=False)


# Decision 074: docs/decisions/074-own-iris.md
class LinkedPages:
    """Answers for the IRIs of one release."""

    def __init__(
        self,
        layout: Layout,
        engine: Engine,
        release: Path,
        base_url: str | None,
        sources: Mapping[str, Path],
        lookup: Lookup,
    ) -> None:
        """Take the frame, what is asked, where files of the release lie, documents and tables."""
        self._sources = sources
        self._layout, self._engine, self._release = layout, engine, release
        self._base_url = base_url
        self._desk = Desk(engine, layout.root)
        self._ontology = Kept(lambda: ask_ontology(engine))
        self._labels = Kept(lambda: ask_labels(engine))
        self._names = Kept(lambda: ask_names(engine))
        self._lookup = lookup
        self._graphs = Kept(self._ask_graphs)
        self._links: dict[str, list[Row]] = {}

    async def _ask_graphs(self) -> frozenset[str]:
        return frozenset(row.graph for row in await ask(self._engine, GRAPHS, GraphRow))

    # Things, which are no documents: 303 to what is told of them

    async def thing(self, request: Request, path: str, suffix: str | None) -> Response:
        """Answer for a thing or a concept."""
        return await self._described(request, path, suffix, self._about)

    async def dataset(self, request: Request, path: str, suffix: str | None) -> Response:
        """Answer for the dataset: what it holds, graph by graph, and how it is asked."""
        site = address_of(request.scope, self._base_url)

        async def told(iri: str, document: str) -> list[Triple]:
            triples = await ask_graph(self._engine, DATASET_QUERY)
            files = await asyncio.to_thread(data_files, self._release)
            where = distributions(files, NamedNode(DATASET), site)
            return [*await self._about(iri, document), *triples, *_access(site), *where]

        return await self._described(request, path, suffix, told, site)

    async def _described(
        self,
        request: Request,
        path: str,
        suffix: str | None,
        told: Callable[[str, str], Awaitable[list[Triple]]],
        state: str = "",
    ) -> Response:
        iri, form = iri_at(path), form_for(request, suffix)
        if suffix is None:
            await self._require(iri)
            return self._see_other(path, form)
        make = self._making(path, form, iri, told)
        return await self._desk.send(request, path, form, make, negotiated=False, state=state)

    def _making(
        self,
        path: str,
        form: Form,
        iri: str,
        told: Callable[[str, str], Awaitable[list[Triple]]],
    ) -> Callable[[], Awaitable[bytes]]:
        async def make() -> bytes:
            if form is PAGE_FORM:
                return await self._page(path, iri)
            triples = await told(iri, f"{BASE}{path[1:]}.{form.suffix}")
            return await asyncio.to_thread(as_rdf, triples, form)

        return make

    async def _require(self, iri: str) -> None:
        """Return when the graph names a thing; raises NotNamed."""
        try:
            query = on(IS_KNOWN, thing=iri)
        except ValueError as error:
            raise NotNamed(iri) from error
        if not await ask(self._engine, query, KnownRow):
            raise NotNamed(iri)

    async def _about(self, iri: str, document: str) -> list[Triple]:
        """Return what is told of a thing in RDF; raises NotNamed where that is nothing."""
        try:
            query = on(DOCUMENT, thing=iri, document=document)
        except ValueError as error:
            raise NotNamed(iri) from error
        triples = await ask_graph(self._engine, query)
        thing, itself = NamedNode(iri), NamedNode(document)
        if not any(thing in (one.subject, one.object) for one in triples if one.subject != itself):
            raise NotNamed(iri)
        return triples

    async def _page(
        self,
        path: str,
        iri: str,
        *,
        term: TermText | None = None,
        is_graph: bool = False,
        listed: RowsPage | None = None,
    ) -> bytes:
        """Return the page on a thing."""
        try:
            thing = await ask_thing(self._engine, iri)
        except ValueError as error:
            raise NotNamed(iri) from error
        if thing is None:
            raise NotNamed(iri)
        # Only what stands somewhere is a fact.
        fact = await ask_fact(self._engine, iri, self._sources) if thing.place else None
        panel = None if term or is_graph else await ask_panel(self._engine, self._lookup, iri)
        return await self._render(
            "thing.html",
            path,
            thing=thing,
            iri=iri,
            term=term,
            is_graph=is_graph,
            listed=listed,
            fact=fact,
            panel=panel,
        )

    def _see_other(self, path: str, form: Form) -> Response:
        """Lead from a thing to the document on it (RFC 9110 §15.4.4)."""
        location = f"{self._layout.root}{quote(path)}.{form.suffix}"
        return Response(
            status_code=303,
            headers={"Location": location, "Vary": VARY, "Cache-Control": "no-cache"},
        )

    # Documents, which answer themselves

    async def ontology(self, request: Request, path: str, suffix: str | None) -> Response:
        """Answer for the ontology as a whole, and so for each of its hash IRIs."""
        form = form_for(request, suffix)

        async def make() -> bytes:
            text = await self._ontology.get()
            if not text.triples:
                raise NotNamed(ONTOLOGY)
            return await self._ontology_in(form, path, text)

        return await self._desk.send(request, path, form, make, negotiated=suffix is None)

    async def version(self, request: Request, path: str, suffix: str | None) -> Response:
        """Answer for a version of the ontology: the present one, or one that the release keeps."""
        form = form_for(request, suffix)

        async def make() -> bytes:
            return await self._ontology_in(form, path, await self._version(path))

        return await self._desk.send(request, path, form, make, negotiated=suffix is None)

    async def _version(self, path: str) -> OntologyText:
        """Return a version; raises NotNamed for one that there is not."""
        present = await self._ontology.get()
        if present.version_iri == iri_at(path):
            return present
        name = path.rpartition("/")[2]
        file = self._release / VERSIONS / name / ONTOLOGY_FILE
        if name.startswith(".") or not file.is_file():
            raise NotNamed(iri_at(path))
        quads = await asyncio.to_thread(lambda: [*parse(path=file, format=RdfFormat.TURTLE)])
        return OntologyText((quad.triple for quad in quads), await self._labels.get())

    async def _ontology_in(self, form: Form, path: str, text: OntologyText) -> bytes:
        if form is not PAGE_FORM:
            return await asyncio.to_thread(as_rdf, text.triples, form)
        return await self._render("ontology.html", path, ontology=text, iri=iri_at(path))

    async def term(self, request: Request, path: str, suffix: str | None) -> Response:
        """Answer for one term of the ontology, whose own IRI is a fragment of the ontology's."""
        form, iri = form_for(request, suffix), iri_at(path)

        async def make() -> bytes:
            ontology = await self._ontology.get()
            term = ontology.terms.get(iri.removeprefix(SME))
            if term is None:
                raise NotNamed(iri)
            if form is not PAGE_FORM:
                return await asyncio.to_thread(as_rdf, ontology.document_on(term.anchor), form)
            return await self._page(path, iri, term=term)

        return await self._desk.send(request, path, form, make, negotiated=suffix is None)

    async def graph(self, request: Request, path: str, suffix: str | None) -> Response:
        """Answer for a named graph: a page that describes it, or all that it holds."""
        iri = iri_at(path)
        if iri not in await self._graphs.get():  # A part of one, such as its things of one class.
            return await self.thing(request, path, suffix)
        form = form_for(request, suffix)
        if form is not PAGE_FORM:
            return await self._content(request, path, form, negotiated=suffix is None)

        async def make() -> bytes:
            return await self._page(path, iri, is_graph=True)

        return await self._desk.send(request, path, form, make, negotiated=suffix is None)

    async def _content(
        self, request: Request, path: str, form: Form, *, negotiated: bool
    ) -> Response:
        """Send what a graph holds, in parts as the engine writes it."""
        tag = entity_tag(self._desk.generation, name_of(path, form))
        headers = self._desk.headers(path, form, tag, negotiated=negotiated)
        if has_already(request, tag, self._desk.generation):
            return Response(status_code=304, headers=headers)
        coding = choose_encoding(request.headers.get("accept-encoding"))
        query = QueryRequest(
            _EVERYTHING,
            default_graphs=(iri_at(path),),
            graph_format=form.name,
            encoding=coding.name if coding else "identity",
        )
        answer = await self._engine.answer(query)
        if answer.encoding != "identity":
            headers["Content-Encoding"] = answer.encoding
        return GraphResponse(answer, headers, _SEND_TIMEOUT)

    async def mapping_set(self, request: Request, path: str, suffix: str | None) -> Response:
        """Answer for a set of links to another vocabulary, which is a document, page by page."""
        form, iri = form_for(request, suffix), iri_at(path)
        page = page_of(await self._rows(iri), request.query_params.get("page"))

        async def make() -> bytes:
            if form is PAGE_FORM:
                return await self._page(path, iri, listed=page)
            triples = await self._about(iri, f"{BASE}{path[1:]}.{form.suffix}")
            triples += row_triples(iri, page.rows)
            return await asyncio.to_thread(as_rdf, triples, form)

        state = f"page {page.number}" if page.pages > 1 else ""
        sent = await self._desk.send(
            request, path, form, make, negotiated=suffix is None, state=state
        )
        return _paged(sent, page, f"{self._layout.root}{quote(path)}.{form.suffix}")

    async def _rows(self, iri: str) -> list[Row]:
        """Return the rows of a set of links, which are read once."""
        if iri not in self._links:
            if len(self._links) >= _SETS_KEPT:
                self._links.clear()
            self._links[iri] = await ask_rows(self._engine, self._release, iri)
        return self._links[iri]

    async def shapes(self, request: Request, path: str, suffix: str | None) -> Response:
        """Answer for the shapes, which say what sheets may hold."""
        form = form_for(request, suffix)

        async def make() -> bytes:
            ontology = await self._ontology.get()
            try:
                triples = await asyncio.to_thread(read_shapes, self._release)
            except OntologyError as error:
                raise NotNamed(SHAPES_DOCUMENT) from error
            if form is PAGE_FORM:
                shapes = ShapesText(triples, ontology.named).shapes()
                return await self._render("shapes.html", path, shapes=shapes, iri=SHAPES_DOCUMENT)
            told = with_header(triples, stated_version(self._release), ontology.licence)
            return await asyncio.to_thread(as_rdf, told, form)

        return await self._desk.send(request, path, form, make, negotiated=suffix is None)

    async def sheet(self, request: Request, path: str, suffix: str | None) -> Response:
        """Answer for the annotations that make sheets of shapes, and so for each of them."""
        form = form_for(request, suffix)

        async def make() -> bytes:
            try:
                triples = await asyncio.to_thread(read_annotations)
            except (OntologyError, OSError) as error:
                raise NotNamed(SHEET_DOCUMENT) from error
            if form is PAGE_FORM:
                terms = annotation_terms(triples)
                return await self._render("sheet.html", path, terms=terms, iri=SHEET_DOCUMENT)
            told = with_version(triples, stated_version(self._release))
            return await asyncio.to_thread(as_rdf, told, form)

        return await self._desk.send(request, path, form, make, negotiated=suffix is None)

    # What all of them need

    async def _render(self, template: str, path: str, *, iri: str, **values: object) -> bytes:
        forms = {
            FORMAT_LABELS[form.name]: f"{self._layout.root}{quote(path)}.{form.suffix}"
            for form in FORMS.values()
            if form is not PAGE_FORM
        }
        page = await self._layout.render(
            template, path, iri=iri, forms=forms, query=_ABOUT.format(iri), **values
        )
        return page.encode()

    async def missing(self, request: Request, suffix: str | None, error: NotNamed) -> Response:
        """Say that there is no such thing, and which things have a name that looks alike."""
        near = await near_matches(error.iri, await self._names.get())
        if wants_page(request, suffix):
            text = await self._layout.render("missing.html", "", iri=error.iri, near=near)
            return Response(text, 404, {"Vary": VARY, "Cache-Control": "no-store"}, "text/html")
        root = self._layout.root
        told = [{"iri": one.iri, "label": one.label, "address": root + one.path} for one in near]
        meant = f" Did you mean {near[0].iri}?" if near else ""
        problem = HttpProblem("not-found", f"{error}.{meant}", headers={"Vary": VARY}, near=told)
        return problem.response()


def _paged(sent: Response, page: RowsPage, address: str) -> Response:
    """Return a page of several with the ways to those beside it (RFC 8288)."""
    if page.pages > 1:
        beside = {"prev": page.number - 1, "next": page.number + 1}
        sent.headers["Link"] = ", ".join(
            [
                sent.headers["Link"],
                *(
                    f'<{address}?page={number}>; rel="{name}"'
                    for name, number in beside.items()
                    if 1 <= number <= page.pages
                ),
            ]
        )
        if "Content-Location" in sent.headers:
            sent.headers["Content-Location"] = f"{address}?page={page.number}"
    return sent


def _access(site: str) -> list[Triple]:
    """Return where the dataset is asked and had, at the service that answers."""
    dataset = NamedNode(DATASET)
    said: dict[str, NamedNode | Literal] = {
        RDF + "type": NamedNode(PREFIXES["dcat"] + "Dataset"),
        VOID + "sparqlEndpoint": NamedNode(site + ENDPOINT),
        VOID + "vocabulary": NamedNode(SME),
        VOID + "uriSpace": Literal(BASE),
        PREFIXES["dcat"] + "landingPage": NamedNode(site + "/"),
    }
    return [Triple(dataset, NamedNode(property), value) for property, value in said.items()]
