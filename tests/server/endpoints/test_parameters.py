"""Reading the parameters of a request: laws that hold for any query string and any header."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.server.endpoints.parameters import (
    FORM,
    QUERY,
    digest_of,
    grouped,
    joined,
    media_type,
    pairs_of,
    parsed_query,
)
from smegraph.server.http.negotiation import choices
from smegraph.server.http.problems import KINDS, HttpProblem

TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
NAMES = st.sampled_from(
    ["query", "update", "default-graph-uri", "using-graph-uri", "timeout", "format", "x"]
)
QUERY_ALONE = {"query": ["ASK {}"]}
PAIRS = st.lists(st.tuples(NAMES, TEXT), max_size=6)


def outcome(call: Callable[[], object]) -> str:
    """Say "fine", or the kind of the problem that a call raises."""
    try:
        call()
    except HttpProblem as problem:
        return problem.kind
    return "fine"


@given(st.lists(st.tuples(TEXT.filter(bool), TEXT), max_size=8))
def test_what_is_encoded_is_decoded_again(pairs: list[tuple[str, str]]) -> None:
    assert pairs_of(urlencode(pairs).encode()) == pairs


@given(st.binary(max_size=200))
def test_any_bytes_are_parameters_or_not_utf_8(encoded: bytes) -> None:
    assert outcome(lambda: pairs_of(encoded)) in ("fine", "not-utf-8")


@given(
    st.lists(
        st.sampled_from(
            [b"%", b"%41", b"%c3%A9", b"%zz", b"%4", b"\\", b"\\x41", b"\\N{DASH}", b"+"]
        )
        | st.binary(max_size=3).map(lambda some: some.translate(None, b"&=")),
        max_size=9,
    ).map(b"".join)
)
def test_what_is_no_encoding_stays_as_it_is(encoded: bytes) -> None:
    expected = unquote_to_bytes(encoded.replace(b"+", b" "))
    try:
        text = expected.decode()
    except UnicodeDecodeError:
        assert outcome(lambda: pairs_of(b"query=" + encoded)) == "not-utf-8"
    else:
        assert pairs_of(b"query=" + encoded) == [("query", text)]


@given(st.text(st.characters(max_codepoint=255), max_size=80), st.sampled_from(["", "text/csv, "]))
def test_a_header_means_the_same_when_it_comes_again_or_is_too_long_to_be_kept(
    accept: str, start: str
) -> None:
    expected = [found and found.format.name for found in choices(start + accept)]
    for header in (start + accept, start + accept, " " * 2000 + start + accept):
        assert formats_for(header) == expected


def formats_for(accept: str) -> list[str | None]:
    """The formats of a query with an Accept header; nothing twice when none will do."""
    try:
        request = parsed_query(QUERY_ALONE, {b"accept": accept.encode("latin-1")}, 30).request
    except HttpProblem:
        return [None, None]
    return [request.table_format, request.graph_format]


@given(PAIRS, st.booleans())
def test_any_parameters_are_a_query_or_a_problem(
    pairs: list[tuple[str, str]], writable: bool
) -> None:
    kind = outcome(lambda: parsed_query(grouped(pairs, writable), {}, 30))
    if kind != "fine":
        assert KINDS[kind][0] in (400, 403)
        return
    request = parsed_query(grouped(pairs, writable), {}, 30).request
    assert [request.text] == [value for name, value in pairs if name == "query"]
    assert request.timeout is None or 0 < request.timeout < 30


@given(PAIRS, PAIRS)
def test_the_address_of_a_post_only_adds_what_goes_with_the_body(
    address: list[tuple[str, str]], body: list[tuple[str, str]]
) -> None:
    if {"query", "update"} & {name for name, _ in address}:
        with pytest.raises(HttpProblem):
            joined(address, body)
    else:
        assert joined(address, body) == address + body


@given(st.binary(max_size=60))
def test_any_content_type_is_one_of_three_or_a_problem(value: bytes) -> None:
    kind = outcome(lambda: media_type({b"content-type": value}, (QUERY, FORM)))
    assert kind in ("fine", "unsupported-media-type", "not-utf-8")


@pytest.mark.parametrize("written", [QUERY.upper(), f" {QUERY} ", f'{QUERY};charset="UTF-8"'])
def test_a_content_type_may_be_written_in_several_ways(written: str) -> None:
    assert media_type({b"content-type": written.encode()}, (QUERY,)) == QUERY


def test_a_query_is_told_of_by_its_hash() -> None:
    # echo -n 'ASK {}' | sha256sum
    assert digest_of("ASK {}") == "819ea91ed5f12b38"


@pytest.mark.parametrize("order", [("format", "output"), ("output", "format")])
def test_synonyms_of_format_give_way_to_it(order: tuple[str, str]) -> None:
    pairs = [("query", "ASK {}"), *((name, f"{name}'s") for name in order), ("results", "x")]
    assert grouped(pairs, writable=False)["format"] == ["format's"]


def test_a_synonym_of_format_stands_for_it() -> None:
    assert grouped([("query", "ASK {}"), ("results", "csv")], writable=False)["format"] == ["csv"]


@pytest.mark.parametrize(
    ("name", "formats"),
    [
        ("json", ("json", "jsonld")),
        ("xml", ("xml", "rdfxml")),
        ("csv", ("csv", None)),
        ("n3", (None, "turtle")),
        ("application/sparql-results+xml", ("xml", None)),
        ("text/turtle", (None, "turtle")),
    ],
)
def test_a_format_goes_by_its_name_or_media_type(
    name: str, formats: tuple[str | None, str | None]
) -> None:
    request = parsed_query({"query": ["ASK {}"], "format": [name]}, {}, 30).request
    assert (request.table_format, request.graph_format) == formats
