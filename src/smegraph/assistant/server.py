"""The MCP server: the tools with their descriptions, over standard input and output.

Model Context Protocol, by the official SDK. Only queries are asked, so that nothing can be changed;
what a tool cannot answer is told in words that a model can act on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final, Literal

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from smegraph.assistant import asked, claims, descriptions, querying
from smegraph.assistant.asking import Asker
from smegraph.assistant.terms import Names
from smegraph.errors import SmegraphError
from smegraph.version import __version__

_INSTRUCTIONS: Final = """\
smegraph is an evidence graph of how small firms go abroad with digital platforms: coded studies, in
which each fact has its document and place. To tell what acts on something, use claims; for what a
term is, find_terms and describe; for questions with checked answers, list_questions and
ask_question; query for the rest. Always give works, basis and places with what you say, say when a
finding is hedged or told second-hand, and do not add what the graph does not say."""

_READS: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

Kind = Literal["any", "concept", "class", "property", "thing"]
Direction = Literal["any", "lowers", "raises", "no effect", "unclear", "nonlinear"]
Side = Literal["causes", "effects"]
_TERM: Final = "an IRI, a prefixed name such as voc:psychic-distance, or a label"


# Decision 085: docs/decisions/085-mcp-server.md
def make_server(asker: Asker) -> MCPServer:
    """Return the server whose tools ask what `asker` asks."""
    server: MCPServer = MCPServer(
        "smegraph", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING"
    )
    for tool in _tools(asker):
        server.add_tool(tool, annotations=_READS)
    return server


def _tools(asker: Asker) -> list[Callable[..., dict[str, Any]]]:
    names = Names(asker)
    return [*_terms(asker, names), *_evidence(asker, names), *_questions(asker)]


def _terms(asker: Asker, names: Names) -> list[Callable[..., dict[str, Any]]]:
    def find_terms(
        text: Annotated[str, Field(description="A name or words of it; misspelling does no harm.")],
        kind: Annotated[Kind, Field(description="Which terms to look among.")] = "any",
        count: Annotated[int, Field(ge=1, le=50)] = 10,
    ) -> dict[str, Any]:
        """Find concepts, classes, properties and things (firms, platforms, works, persons, places)
        by name.
        """
        with _told():
            return {"found": names.find(text, None if kind == "any" else kind, count)}

    def describe(
        thing: Annotated[str, Field(description=f"The thing: {_TERM}.")],
    ) -> dict[str, Any]:
        """Tell what the graph says of a thing and with it, in both directions, and where it stands
        in the documents.
        """
        with _told():
            return descriptions.describe(asker, names, thing)

    return [find_terms, describe]


def _evidence(asker: Asker, names: Names) -> list[Callable[..., dict[str, Any]]]:
    def claims_on(
        construct: Annotated[str, Field(description=f"The construct: {_TERM}.")],
        direction: Annotated[Direction, Field(description="Which findings to show.")] = "any",
        side: Annotated[
            Side, Field(description="causes: what acts on it. effects: what it acts on.")
        ] = "causes",
    ) -> dict[str, Any]:
        """Tell what lowers or raises a construct (or what the construct lowers or raises): works by
        basis, and each finding with document and place. What is below the construct is included.
        """
        with _told():
            return claims.claims(asker, names, construct, direction, side)

    def query(
        sparql: Annotated[str, Field(description="A query; usual prefixes need no declaration.")],
        rows: Annotated[int | None, Field(ge=1, description="How many rows to show.")] = None,
    ) -> dict[str, Any]:
        """Answer a SPARQL 1.1 query that reads, within limits of time and rows. Add the facts
        (?fact) to the SELECT to get the places where they stand.
        """
        with _told():
            return querying.run(asker, sparql, rows=rows)

    claims_on.__name__ = "claims"
    return [claims_on, query]


def _questions(asker: Asker) -> list[Callable[..., dict[str, Any]]]:
    def list_questions(
        topic: Annotated[
            str | None, Field(description="A topic, such as psychic distance.")
        ] = None,
    ) -> dict[str, Any]:
        """List the questions that the graph answers as a person did who read the documents."""
        with _told():
            return asked.questions(asker, topic)

    def ask_question(
        name: Annotated[str, Field(description="A name that list_questions tells.")],
    ) -> dict[str, Any]:
        """Answer one of the questions, with what was read to answer it."""
        with _told():
            return asked.ask_question(asker, name)

    return [list_questions, ask_question]


@contextmanager
def _told() -> Iterator[None]:
    """Tell a model what went wrong; the SDK keeps the words of other errors to itself."""
    try:
        yield
    except SmegraphError as error:
        raise ToolError(str(error)) from error
