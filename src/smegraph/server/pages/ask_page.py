"""The page to ask from, `/ask`: a box for a query, its answer, and questions to begin with.

It serves without a script: the form is posted, a short address (`?q=`) stands for the query, and
the answer comes as a table in pages. A script puts an editor and views in the place of that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from smegraph.namespaces import BASE, PREFIXES
from smegraph.release.questions import Question
from smegraph.results.formats import FORMATS, GRAPH_FORMATS, TABLE_FORMATS
from smegraph.server.endpoints.refusals import problem_of
from smegraph.server.endpoints.reply import COMPRESS
from smegraph.server.engine.engine import Engine
from smegraph.server.engine.errors import EngineError
from smegraph.server.http.body import decode, read_body
from smegraph.server.http.fields import request_fields
from smegraph.server.http.negotiation import choose_encoding
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.ask_answer import AnswerText, ask_answer
from smegraph.server.pages.ask_terms import add_terms
from smegraph.server.pages.ask_window import LONGEST, form_of, packed, unpacked
from smegraph.server.pages.asking import Kept, ask, load_query, record
from smegraph.server.pages.layout import Layout, respond
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.parameters import page_number
from smegraph.server.pages.rendering import STATIC
from smegraph.server.pages.views import Parameters
from smegraph.sparql.errors import QueryRefused

PATH: Final = "/ask"
FIRST: Final = "/"
ON_A_PAGE: Final = 100
COUNTS: Final = load_query("counts")

_ANY_QUERY: Final = "SELECT *\nWHERE { ?subject ?predicate ?object }\nLIMIT 20\n"
_PARAMETERS: Final = ("q", "query", "page", "format")
_LONGEST_ADDRESS: Final = 6000  # characters of a query in an address
_TIMEOUT: Final = 30.0  # seconds in which a form comes

FORMAT_LABELS: Final[Mapping[str, str]] = {
    "json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV",
    "turtle": "Turtle", "trig": "TriG", "ntriples": "N-Triples", "nquads": "N-Quads",
    "rdfxml": "RDF/XML", "jsonld": "JSON-LD",
}  # fmt: skip


@record
class Counts:
    """How much a release holds."""

    studies: int
    facts: int
    triples: int
    notes: int
    ontologies: int = 0


@dataclass(frozen=True, slots=True)
class QueryPage:
    """What the page says.

    Attributes:
        title: its heading.
        lead: the sentence below.
        questions: the questions to choose from.
        prefixes: whether the usual prefixes need no declaration.
        union: whether the default graph is the union of all graphs.
        pages: whether each of the project's own IRIs has a page here.
        things: at which address any other IRI has one, up to the IRI; empty where it has none.
    """

    title: str
    lead: str
    questions: Sequence[Question] = ()
    prefixes: bool = True
    union: bool = True
    pages: bool = False
    things: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the page asks for.

    Attributes:
        query: the query; empty where none is asked.
        page: which page of its rows.
        format: the format that is wanted instead of a page; may be empty.
    """

    query: str = ""
    page: int = 1
    format: str = ""

    @classmethod
    def of(cls, parameters: Parameters) -> Asked:
        """Return what parameters ask for; raises HttpProblem with what would be right."""
        found = {name: value for name, value in parameters if value}
        unknown = next((name for name, _ in parameters if name not in _PARAMETERS), None)
        if unknown is not None:
            said = f"There is no {unknown}; there are {', '.join(_PARAMETERS)}."
            raise HttpProblem("unknown-parameter", said)
        page, format = found.get("page", "1"), found.get("format", "")
        number = page_number(page)
        if format and format not in FORMATS:
            said = f"{format} is no format; there are {', '.join(FORMATS)}."
            raise HttpProblem("unknown-format", said)
        if "q" not in found:
            return cls(found.get("query", "").replace("\r\n", "\n"), number, format)
        try:
            return cls(unpacked(found["q"]), number, format)
        except ValueError as error:
            said = f"q holds no query ({error}); copy the whole of the link."
            raise HttpProblem("invalid-parameter", said) from error

    def address(self, **changes: str) -> str:
        """Return the short address of the query, below the root of the site."""
        return f"{PATH}?" + urlencode({"q": packed(self.query), **changes})


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions that belong together; without a name when there is one topic only."""

    name: str
    questions: tuple[Question, ...]


async def ask_counts(engine: Engine) -> Counts:
    """Return how much the graph holds."""
    (counts,) = await ask(engine, COUNTS, Counts)
    return counts


# Decision 093: docs/decisions/093-editor.md
def add_ask(
    app: FastAPI,
    layout: Layout,
    page: QueryPage,
    counts: Callable[[], Awaitable[Mapping[str, int]]],
    engine: Engine,
    lookup: Lookup,
    *,
    is_first: bool = True,
) -> None:
    """Add the page to ask from, and what its editor asks for.

    `counts` asks how much there is of what, and `engine` answers where there is no script. With
    `is_first` it is the first page too, with its heading and the counts.
    """
    desk = AskPage(layout, page, counts, engine)

    async def shown(request: Request) -> Response:
        return await _coded(request, await desk.answer(request.query_params.multi_items()))

    async def posted(request: Request) -> Response:
        fields = request_fields(request.scope)
        body = await read_body(request.receive, fields, limit=LONGEST, timeout=_TIMEOUT)
        return await desk.posted(parse_qsl(decode(body), keep_blank_values=True))

    kept = Kept(lambda: desk.text(is_first=True))

    async def first(request: Request) -> Response:
        return await _coded(request, respond(await kept.get()))

    add_terms(app, engine, lookup)
    app.add_api_route(PATH, shown, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route(PATH, posted, methods=["POST"], include_in_schema=False)
    if is_first:
        app.add_api_route(FIRST, first, methods=["GET", "HEAD"], include_in_schema=False)


async def _coded(request: Request, response: Response) -> Response:
    """Return a response in the content coding that the client likes best (RFC 9110 §12.5.3)."""
    choice = choose_encoding(request.headers.get("accept-encoding"))
    response.headers["Vary"] = "Accept-Encoding"
    if choice is None or choice.name == "identity" or not response.body:
        return response
    body = await asyncio.to_thread(COMPRESS[choice.name], bytes(response.body))
    headers = {n: v for n, v in response.headers.items() if n != "content-length"}
    return Response(body, response.status_code, {**headers, "Content-Encoding": choice.name})


class AskPage:
    """Writes the page: empty, or with the answer to a query."""

    def __init__(
        self,
        layout: Layout,
        page: QueryPage,
        counts: Callable[[], Awaitable[Mapping[str, int]]],
        engine: Engine,
    ) -> None:
        """Take the frame, what the page says, what asks for the counts, and what is asked."""
        self._layout, self._page, self._counts, self._engine = layout, page, counts, engine
        self._empty = Kept(self.text)
        self._topics = by_topic(page.questions)

    async def answer(self, parameters: Parameters) -> Response:
        """Return the page that an address asks for; raises HttpProblem."""
        asked = Asked.of(parameters)
        if not asked.query:
            return respond(await self._empty.get())
        if asked.format:
            values = urlencode({"query": asked.query, "format": asked.format})
            return RedirectResponse(f"{self._layout.root}/sparql?{values}", 303)
        return await self._answered(asked)

    async def posted(self, parameters: Parameters) -> Response:
        """Lead from a form to the address of its query (RFC 9110 §15.4.4); raises HttpProblem."""
        asked = Asked.of(parameters)
        address = asked.address(**({"format": asked.format} if asked.format else {}))
        if asked.query and len(address) > _LONGEST_ADDRESS:
            return await self._answered(asked)
        return RedirectResponse(self._layout.root + (address if asked.query else PATH), 303)

    async def _answered(self, asked: Asked) -> Response:
        skip = (asked.page - 1) * ON_A_PAGE
        try:
            found = await ask_answer(self._engine, asked.query, skip, ON_A_PAGE)
        except (QueryRefused, EngineError):
            return await self._refused(asked)
        text = await self.text(asked=asked, answer=found)
        return respond(text)

    async def _refused(self, asked: Asked) -> Response:
        """Say what is wrong with a query as it was written, not as a page of it was asked."""
        try:
            await ask_answer(self._engine, asked.query)
        except (QueryRefused, EngineError) as error:
            problem = problem_of(error)
            response = respond(await self.text(asked=asked, problem=problem))
            response.status_code = problem.status
            response.headers.update({"Cache-Control": "no-store", **problem.headers})
            return response
        raise HttpProblem("internal-error", "A page of the rows could not be asked for.")

    async def text(
        self,
        *,
        is_first: bool = False,
        asked: Asked | None = None,
        answer: AnswerText | None = None,
        problem: HttpProblem | None = None,
    ) -> str:
        """Return the page as HTML, with an answer or with what is wrong where there is one."""
        page, asked = self._page, asked or Asked()
        prefixes = dict(PREFIXES) if page.prefixes else {}
        sample = page.questions[0].text if page.questions else _ANY_QUERY
        return await self._layout.render(
            "ask.html",
            PATH,
            page=page,
            is_first=is_first,
            counts=await self._counts() if is_first else {},
            query=asked.query or sample,
            asked=asked,
            answer=answer,
            problem=problem,
            faulty=_faulty(asked.query, problem),
            ways=_ways(asked, answer),
            downloads=_downloads(answer),
            formats={name: FORMAT_LABELS[name] for name in FORMATS},
            topics=self._topics,
            prefixes=prefixes,
            known=self._known(prefixes, asked),
        )

    def _known(self, prefixes: Mapping[str, str], asked: Asked) -> dict[str, object]:
        """Return what the script needs to know."""
        page = self._page
        return {
            "version": self._layout.version,
            "prefixes": prefixes,
            "base": BASE,
            "pages": page.pages,
            "things": page.things,
            "asked": bool(asked.query),
            "editor": (STATIC / "bundled" / "editor.js").is_file(),
            "tables": _labels(found.name for found in TABLE_FORMATS),
            "graphs": _labels(found.name for found in GRAPH_FORMATS),
        }


def _labels(names: Iterable[str]) -> dict[str, str]:
    return {name: FORMAT_LABELS[name] for name in names}


def _downloads(answer: AnswerText | None) -> dict[str, str]:
    """Return the formats in which an answer can be had."""
    if answer is None:
        return {}
    return _labels(found.name for found in (GRAPH_FORMATS if answer.text else TABLE_FORMATS))


def _ways(asked: Asked, answer: AnswerText | None) -> dict[str, str]:
    """Return the addresses of the page of rows before and of the one behind."""
    ways = {}
    if answer is not None and form_of(asked.query) == "SELECT":
        if asked.page > 1:
            ways["Previous rows"] = asked.address(page=str(asked.page - 1))
        if answer.more:
            ways["Next rows"] = asked.address(page=str(asked.page + 1))
    return ways


def _faulty(query: str, problem: HttpProblem | None) -> str:
    """Return the line that is wrong, with a mark below the place; empty where none is known."""
    line = problem.members.get("line") if problem else None
    column = problem.members.get("column") if problem else None
    if not isinstance(line, int) or not isinstance(column, int):
        return ""
    lines = query.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    before = "".join(c if c == "\t" else " " for c in text[: column - 1])
    return f"{text}\n{before}^"


def by_topic(questions: Sequence[Question]) -> tuple[Topic, ...]:
    """Return the questions by topic, in the order in which they come."""
    groups = groupby(questions, lambda question: question.heading)
    return tuple(Topic(name, tuple(group)) for name, group in groups)
