"""One query evaluated for a request: its format, its coding, its parts, its limits."""

from __future__ import annotations

import gc
import json
import sys
import threading
import zlib

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from smegraph.namespaces import PREFIXES
from smegraph.results.errors import NotWritable
from smegraph.results.formats import FORMATS
from smegraph.results.serialise import serialise
from smegraph.server.engine.engine import QueryRequest
from smegraph.server.engine.errors import NotAccepted, ResultTooLarge
from smegraph.server.workers.evaluate import Evaluation, evaluate
from smegraph.sparql.errors import MalformedQuery
from smegraph.store.embedded import EmbeddedStore

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LABEL = NamedNode(PREFIXES["rdfs"] + "label")
N = 3000
ALL = "SELECT * { ?s ?p ?o }"
FEW = "SELECT * { ?s ?p ?o } LIMIT 2"


def labels(last: str = "last") -> EmbeddedStore:
    store = Store()
    for n in range(N - 1):
        store.add(Quad(NamedNode(f"{PREFIXES['id']}firm-{n:05}"), LABEL, Literal(f"Firm {n}")))
    store.add(Quad(NamedNode(PREFIXES["id"] + "zzz"), LABEL, Literal(last)))
    return EmbeddedStore(store)


STORE = labels()


class Client:
    """Takes the parts of a result, and notes how it was begun."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, str]] = []
        self.parts: list[bytes] = []

    def start(self, format: str, encoding: str):  # type: ignore[no-untyped-def]
        self.begun.append((format, encoding))
        return self.parts.append


def never(format: str, encoding: str):  # type: ignore[no-untyped-def]
    raise AssertionError("a short result does not come in parts")


def decoded(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return zlib.decompress(body, zlib.MAX_WBITS | 16)
    return zstd.decompress(body) if encoding == "zstd" else body


def whole(query: str, name: str) -> bytes:
    return serialise(STORE.query(query), FORMATS[name])


def test_a_short_result_is_returned_whole() -> None:
    found = evaluate(STORE, QueryRequest(FEW), never)
    assert found == Evaluation("json", "identity", whole(FEW, "json"))


@pytest.mark.parametrize(
    ("query", "name"), [(ALL, "csv"), ("CONSTRUCT WHERE { ?s ?p ?o }", "ntriples")]
)
@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_a_long_result_comes_in_parts(query: str, name: str, encoding: str) -> None:
    client = Client()
    request = QueryRequest(query, table_format=name, graph_format=name, encoding=encoding)
    found = evaluate(STORE, request, client.start, inline=1000)
    assert found == Evaluation(name, encoding, None)
    assert client.begun == [(name, encoding)]
    assert decoded(b"".join(client.parts), encoding) == whole(query, name)


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_result_is_whole_as_long_as_it_is_short_when_encoded(encoding: str) -> None:
    body = whole(ALL, "json")
    assert len(body) > 4 * 65_536
    found = evaluate(STORE, QueryRequest(ALL, encoding=encoding), never)
    assert found.encoding == encoding
    assert found.body is not None
    assert decoded(found.body, encoding) == body


def test_the_bound_of_a_whole_result_is_exact() -> None:
    size = len(whole(ALL, "tsv"))
    request = QueryRequest(ALL, table_format="tsv")
    assert evaluate(STORE, request, never, inline=size).body == whole(ALL, "tsv")
    client = Client()
    assert evaluate(STORE, request, client.start, inline=size - 1).body is None
    assert b"".join(client.parts) == whole(ALL, "tsv")


def test_parts_are_neither_crumbs_nor_lumps() -> None:
    client = Client()
    evaluate(STORE, QueryRequest(ALL), client.start)
    assert len(client.parts) > 3
    assert all(65_536 <= len(part) <= 3 * 65_536 for part in client.parts[:-1])


@pytest.mark.parametrize(("query", "encoding"), [(FEW, "gzip"), (FEW, "zstd"), (ALL, "br")])
def test_a_result_below_one_kilobyte_and_an_unknown_coding_stay_as_they_are(
    query: str, encoding: str
) -> None:
    found = evaluate(STORE, QueryRequest(query, encoding=encoding), never, inline=10**7)
    assert (found.encoding, found.body) == ("identity", whole(query, "json"))


def test_the_limit_counts_the_bytes_before_they_are_encoded() -> None:
    size = len(whole(ALL, "json"))
    request = QueryRequest(ALL, encoding="gzip")
    assert evaluate(STORE, request, never, limit=size).encoding == "gzip"
    with pytest.raises(ResultTooLarge):
        evaluate(STORE, request, never, limit=size - 1)


def test_a_result_of_another_kind_than_is_accepted_is_refused_with_what_is_offered() -> None:
    with pytest.raises(NotAccepted) as refused:
        evaluate(STORE, QueryRequest(ALL, table_format=None), never)
    assert refused.value.offered == ("json", "xml", "csv", "tsv")
    with pytest.raises(NotAccepted) as refused:
        evaluate(STORE, QueryRequest("DESCRIBE id:zzz", graph_format=None), never)
    assert "trig" in refused.value.offered


def test_a_strict_request_sees_the_stored_default_graph() -> None:
    store = Store()
    store.add(Quad(LABEL, LABEL, Literal("there"), LABEL))
    held = EmbeddedStore(store)
    counts = []
    for strict in (False, True):
        body = evaluate(held, QueryRequest(ALL, strict=strict), never).body
        counts.append(len(json.loads(body or b"")["results"]["bindings"]))
    assert counts == [1, 0]


REFUSED = [
    (QueryRequest("SELECT"), MalformedQuery),
    (QueryRequest(ALL, table_format=None), NotAccepted),
    (QueryRequest(ALL, table_format="xml"), NotWritable),
    (QueryRequest("CONSTRUCT WHERE { ?s ?p ?o }", graph_format="rdfxml"), NotWritable),
]


@pytest.mark.parametrize(("request_", "refusal"), REFUSED)
def test_a_refusal_keeps_no_result_alive(
    request_: QueryRequest, refusal: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine's results complain when another thread than their own drops them."""
    store = labels("a\x01b")
    raised: list[Exception] = []
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)

    def work() -> None:
        try:
            evaluate(store, request_, Client().start)
        except refusal as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert isinstance(raised.pop(), refusal)
    gc.collect()
    assert not complaints
