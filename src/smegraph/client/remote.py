"""The backend over HTTP: any service that speaks the SPARQL 1.1 Protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO, Final, TypeVar, cast

import pyoxigraph
from pyoxigraph import RdfFormat, Triple

from smegraph.client.backend import Hints
from smegraph.client.errors import (
    BrokenTransfer,
    CannotConnect,
    DeadlineExceeded,
    IncompleteAnswer,
    NotAuthorized,
    Refused,
    ServiceFailed,
    Unavailable,
    UnexpectedAnswer,
    WrongForm,
)
from smegraph.client.requests import Request, Table
from smegraph.client.results import READERS, TSV
from smegraph.client.transport import HttpTransport, Reply
from smegraph.client.wholeness import check_count

_GRAPHS: Final[Mapping[str, RdfFormat]] = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
ACCEPT_TABLE: Final = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.7, "
    "application/json;q=0.5, application/xml;q=0.3"
)
_ACCEPT_GRAPH: Final = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"
_TOO_LONG: Final = "buffer maximal size"  # what the engine says of a term, in a MemoryError
_PROBE: Final = Request("ASK {}")

_T = TypeVar("_T")


class RemoteBackend:
    """A SPARQL 1.1 endpoint (see `Backend`)."""

    def __init__(self, transport: HttpTransport, address: str, given: str | None = None) -> None:
        """Take what sends requests, and the endpoint's own address.

        Updates go to the one that was `given`: they follow to no other.
        """
        self._transport = transport
        self.name, self._given = address, given or address

    def table(self, request: Request) -> tuple[Table, Hints]:
        """Return the variables and the rows of a SELECT (JSON Results §3), and hints."""
        with self._transport.query(self.name, request, ACCEPT_TABLE) as reply:
            result = results_of(reply)
            if isinstance(result, bool):
                raise WrongForm("This is an ASK query: ask it with .ask().")
            check_count(len(result[1]), reply.most_rows, request.text)
            return result, reply.hints

    def truth(self, request: Request) -> bool:
        """Return the answer to an ASK."""
        with self._transport.query(self.name, request, ACCEPT_TABLE) as reply:
            return _truth(reply)

    def triples(self, request: Request) -> tuple[list[Triple], Hints]:
        """Return the triples of a CONSTRUCT or DESCRIBE, and hints."""
        with self._transport.query(self.name, request, _ACCEPT_GRAPH) as reply:
            triples = _triples(reply, self.name.partition("?")[0])
            check_count(len(triples), reply.most_rows, request.text)
            return triples, reply.hints

    def update(self, text: str, token: str | None, timeout: float | None) -> None:
        """Send an update (SPARQL 1.1 Protocol §2.2.2)."""
        self._transport.update(self._given, text, token, timeout)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()


def find_endpoint(url: str, transport: HttpTransport) -> RemoteBackend:
    """Return the endpoint at an address, or at `sparql` below it, whichever answers `ASK {}`.

    Raises CannotConnect, with what each address answered, or why there was no answer.
    """
    said = []
    for address in _addresses(url):
        try:
            with transport.query(address, _PROBE, ACCEPT_TABLE) as reply:
                _truth(reply)
                return RemoteBackend(transport, reply.address, address)
        except (
            IncompleteAnswer, Refused, ServiceFailed, UnexpectedAnswer, WrongForm,
        ) as error:  # fmt: skip
            if isinstance(error, NotAuthorized):
                raise
            said.append(f"{address}: {error}")
        except (Unavailable, BrokenTransfer, DeadlineExceeded) as error:
            raise CannotConnect(f"There is no answer from {url}. {error}") from error
    raise CannotConnect(
        "\n  ".join([f"{url} is no SPARQL endpoint, and there is none below it.", *said])
    )


def _addresses(url: str) -> Sequence[str]:
    """Return where to look: a host, or what ends in "/", is more likely a service's front page."""
    bare, _, parameters = url.partition("?")
    if parameters:
        return (url,)
    below = bare.rstrip("/") + "/sparql"
    is_front = bare.endswith("/") or bare.count("/") <= len("//")
    return (below, bare) if is_front else (bare, below)


def _truth(reply: Reply) -> bool:
    result = results_of(reply)
    if not isinstance(result, bool):
        raise WrongForm("This is a SELECT query: ask it with .select().")
    return result


def _triples(reply: Reply, base: str) -> list[Triple]:
    format = _format(reply, _GRAPHS)
    body = cast("IO[bytes]", reply)  # the parser calls nothing but `read`
    try:
        return [quad.triple for quad in pyoxigraph.parse(body, format, base_iri=base)]
    except MemoryError as error:
        if _TOO_LONG not in str(error):
            raise
        raise UnexpectedAnswer(
            "The graph has a literal or an IRI of more than 16 MiB, which is not read in a graph. "
            "Ask for its values with SELECT.",
            status=reply.status,
        ) from error


def results_of(reply: Reply) -> Table | bool:
    """Return the table of a SELECT, or the truth value of an ASK."""
    read = _format(reply, READERS)
    if reply.media_type == TSV and not reply.has_end:
        raise UnexpectedAnswer(
            f"It answers with {TSV} and does not tell how long that is: a part of it would look "
            "like the whole.",
            status=reply.status,
        )
    return read(reply.whole())


def _format(reply: Reply, formats: Mapping[str, _T]) -> _T:
    found = formats.get(reply.media_type)
    if found is None:
        raise UnexpectedAnswer(
            f"It answers with {reply.media_type or 'no media type'}, which is not what a SPARQL "
            f"endpoint answers to this query. What is read: {', '.join(formats)}.",
            status=reply.status,
        )
    return found
