"""Results written in parts: the same bytes as in one piece, and ended where they must."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping, Sequence

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple

from smegraph.namespaces import PREFIXES
from smegraph.results.errors import NotWritable
from smegraph.results.formats import FORMATS, GRAPH_FORMATS, TABLE_FORMATS
from smegraph.results.streaming import PART, write_result
from smegraph.store import EmbeddedStore

LABEL = NamedNode(PREFIXES["rdfs"] + "label")
N = 12_000
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s"


def large(extra: NamedNode = LABEL, value: str = "last") -> EmbeddedStore:
    """More triples than are looked at for prefixes; the last one is special."""
    store = Store()
    store.bulk_extend(
        Quad(NamedNode(f"{PREFIXES['id']}firm-{n:05}"), LABEL, Literal(f"Firm {n}"))
        for n in range(N - 1)
    )
    store.add(Quad(NamedNode(PREFIXES["id"] + "zzz"), extra, Literal(value)))
    return EmbeddedStore(store)


STORE = large()


@pytest.mark.parametrize("found", TABLE_FORMATS, ids=lambda found: found.name)
def test_the_parts_of_a_table_are_what_the_engine_writes_at_once(found: object) -> None:
    form = FORMATS[found.name]  # type: ignore[attr-defined]
    parts: list[bytes] = []
    write_result(STORE.query(ALL), form, parts.append)
    assert b"".join(parts) == STORE.query(ALL).serialize(format=form.engine)  # type: ignore[arg-type]
    assert len(parts) > 1
    assert all(PART <= len(part) < 2 * PART for part in parts[:-1])


@pytest.mark.parametrize("found", GRAPH_FORMATS, ids=lambda found: found.name)
def test_the_parts_of_a_graph_read_back_as_the_graph(found: object) -> None:
    form = FORMATS[found.name]  # type: ignore[attr-defined]
    parts: list[bytes] = []
    write_result(STORE.query(GRAPH), form, parts.append)
    assert isinstance(form.engine, RdfFormat)
    read = {quad.triple for quad in pyoxigraph.parse(b"".join(parts), form.engine)}
    assert len(read) == N
    assert read == set(STORE.query(GRAPH))  # type: ignore[arg-type]


def test_a_long_graph_declares_every_prefix_and_an_empty_list_of_them_none() -> None:
    parts: list[bytes] = []
    write_result(STORE.query(GRAPH), FORMATS["turtle"], parts.append)
    assert b"".join(parts).count(b"@prefix") == len(PREFIXES)
    plain: list[bytes] = []
    write_result(STORE.query(GRAPH), FORMATS["turtle"], plain.append, prefixes={})
    assert b"@prefix" not in b"".join(plain)


def test_a_truth_value_is_written_as_it_is() -> None:
    parts: list[bytes] = []
    write_result(STORE.query("ASK {}"), FORMATS["json"], parts.append)
    assert parts == [b'{"head":{},"boolean":true}']


def test_a_late_property_without_an_xml_name_ends_the_work() -> None:
    parts: list[bytes] = []
    store = large(NamedNode("http://example.org/2018"))
    with pytest.raises(NotWritable, match=r"example\.org/2018"):
        write_result(store.query(GRAPH), FORMATS["rdfxml"], parts.append)
    assert parts


@pytest.mark.parametrize(("query", "name"), [(ALL, "xml"), (GRAPH, "rdfxml")])
@pytest.mark.parametrize("value", ["a\x01b", "a\ufffeb"])
def test_a_late_control_character_ends_the_work(query: str, name: str, value: str) -> None:
    store = large(value=value)
    with pytest.raises(NotWritable, match="control character"):
        write_result(store.query(query), FORMATS[name], lambda part: None)


@pytest.mark.parametrize("query", [ALL, GRAPH])
@pytest.mark.parametrize("error", [BrokenPipeError("gone"), ValueError("no"), KeyError("other")])
def test_what_the_taker_raises_ends_the_work_and_comes_back(query: str, error: Exception) -> None:
    def refuse(part: bytes) -> None:
        raise error

    with pytest.raises(type(error)) as raised:
        write_result(STORE.query(query), FORMATS["ntriples" if query == GRAPH else "csv"], refuse)
    assert raised.value is error


def test_the_whole_result_is_never_held() -> None:
    tracemalloc.start()
    try:
        total = 0

        def count(part: bytes) -> None:
            nonlocal total
            total += len(part)

        query = "SELECT * { ?s ?p ?o . ?t rdfs:label 'Firm 1' } "
        write_result(STORE.query(query), FORMATS["xml"], count)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total > 30 * PART
    assert peak < 8 * PART


def test_a_graph_in_turtle_is_grouped_where_it_is_short() -> None:
    def turtle(triples: Sequence[Triple], prefixes: Mapping[str, str]) -> str:
        return f"# {len(triples)} of {len(prefixes)}\n"

    short, long, other = ([], [], [])  # type: tuple[list[bytes], list[bytes], list[bytes]]
    query = f"{GRAPH} LIMIT 5"
    write_result(STORE.query(query), FORMATS["turtle"], short.append, turtle=turtle)
    assert b"".join(short) == f"# 5 of {len(PREFIXES)}\n".encode()
    write_result(STORE.query(GRAPH), FORMATS["turtle"], long.append, turtle=turtle)
    assert len(list(pyoxigraph.parse(b"".join(long), format=RdfFormat.TURTLE))) == N
    write_result(STORE.query(query), FORMATS["ntriples"], other.append, turtle=turtle)
    assert b"".join(other).count(b"\n") == 5
