"""A term that the engine cannot read is told with its place, whatever way it comes in."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from smegraph.store.errors import SourceError
from smegraph.store.loading import dump
from smegraph.store.long_terms import LONGEST_READ, line_of_long_term
from smegraph.store.sources import find_source
from tests.store.examples import ONE, write

LONG = b"x" * (LONGEST_READ + 1000)
BEFORE = b"<urn:a> <urn:b> <urn:c> .\n" * 3


@pytest.mark.parametrize("format", [RdfFormat.N_TRIPLES, RdfFormat.TURTLE])
@pytest.mark.parametrize("before", [b"", BEFORE, BEFORE * 300_000])
def test_its_line_is_where_it_begins(format: RdfFormat, before: bytes) -> None:
    document = io.BytesIO(before + b'<urn:a> <urn:b> "' + LONG + b'" .\n')
    assert line_of_long_term(document, format, "file:///") == before.count(b"\n") + 1


def test_what_can_be_read_has_none() -> None:
    document = io.BytesIO(BEFORE)
    assert line_of_long_term(document, RdfFormat.TURTLE, "file:///") is None


def test_a_file_with_one_is_named_beside_the_other_faults(tmp_path: Path) -> None:
    write(
        tmp_path, a__nt=ONE + b'<urn:a> <urn:b> "' + LONG + b'" .\n', b__ttl=b"no turtle", c__nt=ONE
    )
    with pytest.raises(SourceError) as raised:
        dump(find_source(tmp_path), io.BytesIO(), union=True)
    first, second = raised.value.faults
    assert (first.file, first.line, first.column) == ("a.nt", 2, None)
    assert "more than 16 MiB" in first.message
    assert second.file == "b.ttl"


def test_one_that_becomes_long_as_n_triples_is_named_by_its_statement(tmp_path: Path) -> None:
    """RDF/XML has no limit, and Turtle may write as one byte what takes six."""
    xml = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e#">'
        b'<rdf:Description rdf:about="urn:a"><e:b>' + LONG + b"</e:b></rdf:Description></rdf:RDF>"
    )
    grown = b'<urn:a> <urn:e#b> "' + b"\a" * (LONGEST_READ // 5) + b'" .\n'
    for name, text in (("a__rdf", xml), ("a__ttl", grown)):
        folder = tmp_path / name
        folder.mkdir()
        write(folder, **{name: text})
        with pytest.raises(SourceError, match=r"<urn:e#b> of <urn:a> cannot be loaded: .* 16 MiB"):
            dump(find_source(folder), io.BytesIO(), union=True)


def test_one_in_a_store_is_named_by_its_statement(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    subject, predicate = NamedNode("urn:a"), NamedNode("urn:b")
    store.add(Quad(subject, predicate, Literal(LONG.decode())))
    store.flush()
    del store
    with pytest.raises(SourceError, match="<urn:b> of <urn:a> cannot be loaded"):
        dump(find_source(tmp_path / "store"), io.BytesIO(), union=False)
