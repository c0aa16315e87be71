"""One document in several forms: as a page, and as RDF in each format, by Accept and by suffix.

HTTP Semantics (RFC 9110): proactive negotiation §12.1, entity tags §8.8.3, Content-Location §8.7.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import RdfFormat, Triple
from starlette.requests import Request
from starlette.responses import Response

from smegraph.ontology.terms import TYPE
from smegraph.results.formats import GRAPH_FORMATS
from smegraph.server.endpoints.reply import COMPRESS
from smegraph.server.engine.engine import Engine, Generation
from smegraph.server.http.conditional import (
    Precondition,
    entity_tag,
    has_tag,
    is_unchanged,
    validators,
)
from smegraph.server.http.fields import request_fields
from smegraph.server.http.negotiation import choose, choose_encoding, prefers_page
from smegraph.server.http.problems import HttpProblem
from smegraph.server.metadata.triples import to_bytes
from smegraph.server.pages.iris import PAGE
from smegraph.version import __version__

Make: TypeAlias = Callable[[], Awaitable[bytes]]

VARY: Final = "Accept"
_VARY_CODED: Final = "Accept, Accept-Encoding"
_KEPT_BYTES: Final = 32 * 2**20
_LARGEST_KEPT: Final = 4 * 2**20
_WORTH_CODING: Final = 1024  # bytes


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a document.

    Attributes:
        suffix: what the address of the form ends with, without the dot.
        content_type: its Content-Type.
        rdf: the format in which it holds RDF; None for a page.
        name: the format's short name.
    """

    suffix: str
    content_type: str
    rdf: RdfFormat | None = None
    name: str = PAGE

    @property
    def media_type(self) -> str:
        """The media type without its charset."""
        return self.content_type.partition(";")[0]


PAGE_FORM: Final = Form(PAGE, "text/html; charset=utf-8")
_RDF_FORMS: Final = tuple(
    Form(
        found.extension,
        found.media_type + ("; charset=utf-8" if found.is_text else ""),
        found.engine,
        found.name,
    )
    for found in GRAPH_FORMATS
    if isinstance(found.engine, RdfFormat)
)
FORMS: Final = {form.suffix: form for form in (PAGE_FORM, *_RDF_FORMS)}


def form_for(request: Request, suffix: str | None) -> Form:
    """Return the form that an address names, or the one that the client likes best.

    Who says nothing gets Turtle; a page is for who likes it better than any RDF, as browsers do.

    Raises HttpProblem `not-acceptable` with all that is there.
    """
    if suffix is not None:
        return FORMS[suffix]
    accept = ", ".join(request.headers.getlist("accept"))
    if prefers_page(accept):
        return PAGE_FORM
    choice = choose(accept, GRAPH_FORMATS)
    if choice is None:
        raise _not_acceptable()
    return FORMS[choice.format.extension]


def wants_page(request: Request, suffix: str | None) -> bool:
    """Say whether what went wrong is told to a person, in a page, and not to a program."""
    if suffix is not None:
        return suffix == PAGE
    return prefers_page(", ".join(request.headers.getlist("accept")))


def _not_acceptable() -> HttpProblem:
    """Return the refusal that lists what is offered (RFC 9110 §15.5.7)."""
    offered = [form.media_type for form in FORMS.values()]
    detail = (
        f"This is there as {', '.join(offered)}; an address may also end with one of "
        f".{', .'.join(FORMS)}."
    )
    return HttpProblem("not-acceptable", detail, offered=offered, suffixes=[*FORMS],
                       headers={"Vary": VARY})  # fmt: skip


def as_rdf(triples: Iterable[Triple], form: Form) -> bytes:
    """Return triples in the format of a form, sorted, the class of each thing first."""
    assert form.rdf is not None  # A page is no RDF.
    return to_bytes(sorted({*triples}, key=_place), form.rdf)


def _place(triple: Triple) -> tuple[str, bool, str, str]:
    predicate = triple.predicate.value
    return str(triple.subject), predicate != TYPE, predicate, str(triple.object)


class Desk:
    """Hands out documents of the present state of the data; what was made is kept, up to 32 MiB."""

    def __init__(self, engine: Engine, root: str, forms: Mapping[str, Form] | None = None) -> None:
        """Take the engine, whose generation names the state, the path of the site, and the forms.

        Without forms a document is there as a page and as RDF.
        """
        self._engine, self._root = engine, root
        self._forms = FORMS if forms is None else forms
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._bytes = 0

    @property
    def generation(self) -> Generation:
        """The state of the data that documents are made from."""
        return self._engine.generation

    # Decision 074: docs/decisions/074-own-iris.md
    async def send(
        self,
        request: Request,
        path: str,
        form: Form,
        make: Make,
        *,
        negotiated: bool,
        state: str = "",
    ) -> Response:
        """Return a document in a form: 304 without any work for who has it, else made or kept.

        `path` is that of the document without a suffix; `negotiated` says whether Accept decided,
        and `state` is what the document depends on beside the data.

        Raises HttpProblem `precondition-failed`, and what `make` raises.
        """
        name = name_of(path, form, state)
        tag = entity_tag(self.generation, name)
        headers = self.headers(path, form, tag, negotiated=negotiated)
        if has_already(request, tag, self.generation):
            return Response(status_code=304, headers=headers)
        body = self._kept.get(tag)  # which names the state of the data
        if body is None:
            body = await make()
            self._keep(tag, body)
        else:
            self._kept.move_to_end(tag)
        return await _coded(request, body, headers)

    def headers(self, path: str, form: Form, tag: bytes, *, negotiated: bool) -> dict[str, str]:
        """Return the headers of a document in a form, with the ways to the other forms."""
        address = self._root + path
        others = ", ".join(
            f'<{address}.{other.suffix}>; rel="alternate"; type="{other.media_type}"'
            for other in self._forms.values()
            if other is not form
        )
        headers = {
            name.decode(): value.decode() for name, value in validators(self.generation, tag)
        }
        headers |= {"Content-Type": form.content_type, "Vary": "Accept-Encoding", "Link": others}
        if negotiated:
            headers |= {"Vary": _VARY_CODED, "Content-Location": f"{address}.{form.suffix}"}
        return headers

    def _keep(self, name: bytes, body: bytes) -> None:
        if len(body) > _LARGEST_KEPT or name in self._kept:
            return
        self._kept[name] = body
        self._bytes += len(body)
        while self._bytes > _KEPT_BYTES:
            self._bytes -= len(self._kept.popitem(last=False)[1])


def name_of(path: str, form: Form, state: str = "") -> bytes:
    """Return a name for a document in a form, as this version of smegraph writes it."""
    told = f"{__version__} {path} {form.suffix} {state}"
    return hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=9).hexdigest().encode()


def has_already(request: Request, tag: bytes, generation: Generation) -> bool:
    """Say whether the client has what it asks for (RFC 9110 §13.2.2).

    Raises HttpProblem `precondition-failed` where it requires another state.
    """
    fields = request_fields(request.scope)
    precondition = Precondition.of(fields, changes=False)
    if precondition is not None and not precondition.holds([tag], generation):
        raise HttpProblem("precondition-failed", "The document is another one than is required.")
    none_match, since = fields.get(b"if-none-match"), fields.get(b"if-modified-since")
    return has_tag(none_match, tag) or is_unchanged(none_match, since, generation)


async def _coded(request: Request, body: bytes, headers: dict[str, str]) -> Response:
    """Return a body in the content coding that the client likes best (RFC 9110 §12.5.3)."""
    choice = choose_encoding(request.headers.get("accept-encoding"))
    if choice is not None and choice.name != "identity" and len(body) >= _WORTH_CODING:
        body = await asyncio.to_thread(COMPRESS[choice.name], body)
        headers["Content-Encoding"] = choice.name
    return Response(body, headers=headers)
