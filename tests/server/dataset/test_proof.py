"""What is proved of a change: that it can be read again, whatever the way."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple

from smegraph.server.dataset.errors import MalformedDocument, TermTooLong
from smegraph.server.dataset.proof import (
    may_grow,
    prove_document,
    prove_store,
    prove_text,
    size_of,
)

SUBJECT, PREDICATE = NamedNode("urn:s"), NamedNode("urn:p")
VALUES = [
    "",
    "plain",
    'a"b',
    "back\\slash",
    "\n\r\t\x08\x0c",
    "\x00\x01\x1f\x7f",
    "é\u0085\U0001f600",
]


def written(path: Path, *values: str) -> Path:
    triples = [Triple(SUBJECT, PREDICATE, Literal(value)) for value in values]
    pyoxigraph.serialize(triples, path, RdfFormat.N_TRIPLES)
    return path


@pytest.mark.parametrize("value", VALUES)
def test_the_size_of_a_value_is_what_the_engine_writes(tmp_path: Path, value: str) -> None:
    line = written(tmp_path / "a.nt", value).read_bytes()
    assert len(line) == len(b'<urn:s> <urn:p> "" .\n') + size_of(value.encode())


@pytest.mark.parametrize("value", VALUES)
def test_a_literal_is_as_long_in_an_update_as_in_a_document(tmp_path: Path, value: str) -> None:
    path = written(tmp_path / "a.nt", value * 50 + "x" * 20)
    term = path.read_text("utf-8").split(" ", 2)[2].removesuffix(" .\n")
    size = len(term.encode())
    prove_text(f"INSERT DATA {{ <urn:s> <urn:p> {term} }}", size)
    prove_document(path, size)
    with pytest.raises(TermTooLong, match=f"{size} bytes"):
        prove_text(f"INSERT DATA {{ <urn:s> <urn:p> {term} }}", size - 1)
    with pytest.raises(TermTooLong, match=f"{size} bytes"):
        prove_document(path, size - 1)


LONG = "x" * 100


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"ASK {{ ?s ?p '{LONG}' }}", (1, 13)),
        (f"# first\nASK {{ ?s ?p '''{LONG}\n''' }}", (2, 13)),
        (f'ASK {{ ?s "short" """{LONG}" \'\'\' "" x""" }}', (1, 18)),
        (f"ASK {{\r\n?s <urn:{LONG}> 'a' }}", (2, 4)),
        (f"ASK {{ ?s ?p '\\u0078{LONG}' }}", (1, 13)),
    ],
)
def test_the_place_of_a_long_term_is_that_of_its_first_character(
    text: str, place: tuple[int, int]
) -> None:
    with pytest.raises(TermTooLong) as refused:
        prove_text(text, 90)
    assert (refused.value.line, refused.value.column) == place


@pytest.mark.parametrize("text", [f"# {LONG}\nASK {{}}", f"ASK {{ ?{LONG} ?p 1 }}", "ASK {}"])
def test_a_comment_and_a_name_may_be_long(text: str) -> None:
    prove_text(text, 90)


def test_a_document_is_read_as_it_will_be(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_text('<urn:s> <urn:p> "a" .\n<urn:s> <urn:p> .\n')
    with pytest.raises(MalformedDocument, match="read again"):
        prove_document(path, 1000)


@pytest.mark.parametrize("which", [0, 1])
def test_a_long_iri_is_told_as_one(tmp_path: Path, which: int) -> None:
    terms = [NamedNode("urn:s"), NamedNode("urn:p")]
    terms[which] = NamedNode(f"urn:{LONG}")
    path = tmp_path / "a.nt"
    pyoxigraph.serialize([Triple(*terms, Literal("a"))], path, RdfFormat.N_TRIPLES)
    with pytest.raises(TermTooLong, match="An IRI takes 106 bytes"):
        prove_document(path, 90)


def test_a_line_may_be_longer_than_a_term(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    terms = NamedNode(f"urn:s{LONG}"), NamedNode(f"urn:p{LONG}"), Literal(LONG)
    pyoxigraph.serialize([Triple(*terms)], path, RdfFormat.N_TRIPLES)
    prove_document(path, 120)


@pytest.mark.parametrize("graph", [None, NamedNode("urn:g")])
def test_a_store_tells_of_a_literal_in_any_graph(graph: NamedNode | None) -> None:
    store = Store()
    store.add(Quad(SUBJECT, PREDICATE, Literal(LONG), graph))
    prove_store(store, 102)
    with pytest.raises(TermTooLong, match="<urn:p> of <urn:s> would be a term"):
        prove_store(store, 101)


@pytest.mark.parametrize(
    ("text", "grows"),
    [
        ("INSERT DATA { <urn:a> <urn:b> 1 }", False),
        ("INSERT { ?s ?p ?t } WHERE { ?s ?p ?o BIND(concat (?o, ?o) AS ?t) }", True),
        ("INSERT { ?s ?p ?t } WHERE { SELECT (GROUP_CONCAT(?o) AS ?t) { ?s ?p ?o } }", True),
        ("LOAD <http://example.org/>", True),
    ],
)
def test_what_can_make_a_longer_term_is_known(text: str, grows: bool) -> None:
    assert may_grow(text) is grows


@pytest.mark.parametrize("escape", ["\\z", "\\u12", "\\uD800"])
def test_a_wrong_escape_in_a_long_string_is_left_to_the_engine(escape: str) -> None:
    prove_text(f'INSERT DATA {{ <urn:s> <urn:p> "{LONG}{escape}" }}', 90)


@pytest.mark.parametrize("place", range(4))
def test_a_store_tells_of_an_iri_in_any_place(place: int) -> None:
    terms = [NamedNode(f"urn:{name}") for name in "spog"]
    terms[place] = NamedNode(f"urn:{LONG}")
    store = Store()
    store.add(Quad(*terms))
    store.add(Quad(BlankNode(), PREDICATE, BlankNode()))
    prove_store(store, 106)
    with pytest.raises(TermTooLong, match="106 bytes"):
        prove_store(store, 105)
