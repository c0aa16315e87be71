"""What XML cannot carry, wherever the parts of a document are cut."""

from __future__ import annotations

import io
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from smegraph.results.errors import NotWritable
from smegraph.results.xml_limits import CharacterCheck, kept_line_ends, with_names
from smegraph.store.rdf_input import LineEnds

FORBIDDEN = ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1f", "\ufffe", "\uffff"]
ALLOWED = ["\t", "\n", "\r", " ", "\x7f", "\x85", "é", "\ufffd", "\U0001fffe"]


def parts_of(body: bytes, cuts: list[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(body) + 1) for cut in cuts), len(body)]
    return [body[start:end] for start, end in pairwise(places)]


def check(parts: list[bytes]) -> None:
    checked = CharacterCheck()
    for part in parts:
        checked.feed(part)


CUTS = st.lists(st.integers(0, 30), max_size=6)


@pytest.mark.parametrize("character", FORBIDDEN)
@given(cuts=CUTS)
def test_a_forbidden_character_is_found_wherever_parts_are_cut(
    character: str, cuts: list[int]
) -> None:
    with pytest.raises(NotWritable, match="control character"):
        check(parts_of(f"<a>b{character}c</a>".encode(), cuts))


@given(text=st.text(st.sampled_from(ALLOWED), max_size=8), cuts=CUTS)
def test_every_other_character_is_let_through(text: str, cuts: list[int]) -> None:
    check(parts_of(f"<a>{text}</a>".encode(), cuts))


@pytest.mark.parametrize("character", [*FORBIDDEN, *ALLOWED])
def test_what_is_forbidden_is_what_a_parser_refuses(character: str) -> None:
    document = f"<a>{character}</a>".encode()
    if character in ALLOWED:
        assert ElementTree.fromstring(document).tag == "a"
    else:
        with pytest.raises(ElementTree.ParseError):
            ElementTree.fromstring(document)


@given(st.text(st.sampled_from("a\r\né"), max_size=12), CUTS)
def test_a_parser_finds_every_line_end_as_it_was(text: str, cuts: list[int]) -> None:
    parts: list[bytes] = []
    write = kept_line_ends(parts.append)
    for part in parts_of(text.encode(), cuts):
        write(part)
    assert (ElementTree.fromstring(b"<a>%b</a>" % b"".join(parts)).text or "") == text


def test_a_carriage_return_is_written_as_a_reference() -> None:
    parts: list[bytes] = []
    kept_line_ends(parts.append)(b"a\r\nb\rc\n")
    assert parts == [b"a&#xD;\nb&#xD;c\n"]


@given(
    st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b"\r\r"]), max_size=20).map(b"".join),
    st.integers(1, 5),
)
def test_line_ends_are_read_as_a_parser_has_to(text: bytes, size: int) -> None:
    """XML 1.0 §2.11, whatever the sizes in which the document is read."""
    read = LineEnds(io.BytesIO(text))
    found = b"".join(iter(lambda: read.read(size), b""))
    assert found == text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def triple(predicate: str) -> Triple:
    return Triple(NamedNode("http://e/s"), NamedNode(predicate), Literal("o"))


@pytest.mark.parametrize("name", ["http://e/p", "http://e/#_p", "http://e/2018-p", "urn:é"])
def test_a_predicate_that_ends_in_a_name_can_be_an_element(name: str) -> None:
    assert list(with_names([triple(name)])) == [triple(name)]


@pytest.mark.parametrize("name", ["http://e/2018", "http://e/", "http://e/p#", "http://e/a%20"])
def test_another_predicate_is_refused_after_those_before_it(name: str) -> None:
    passed = with_names([triple("http://e/p"), triple(name)])
    assert next(passed) == triple("http://e/p")
    with pytest.raises(NotWritable, match="cannot name the property"):
        next(passed)
