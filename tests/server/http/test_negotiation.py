"""Content negotiation: qualities, wildcards, exclusions, and laws that hold for any header."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.results.formats import GRAPH_FORMATS, TABLE_FORMATS
from smegraph.server.http.negotiation import (
    ENCODINGS,
    choices,
    choose,
    choose_encoding,
    parse_accept,
    prefers_page,
)

if TYPE_CHECKING:
    from tests.conftest import Hold

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv", "text/tab-separated-values"


def table(accept: str | None) -> str | None:
    choice = choose(accept, TABLE_FORMATS)
    return choice.media_type if choice else None


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("*", JSON),
        (JSON, JSON),
        (XML, XML),
        ("TEXT/CSV", CSV),
        ("application/json", "application/json"),
        ("application/xml", "application/xml"),
        ("text/*", CSV),
        ("text/*;q=0.5, text/tab-separated-values", TSV),
        (f"{CSV};q=0.4, {TSV};q=0.5", TSV),
        (f"{CSV}, {JSON}", JSON),
        (f"*/*, {CSV}", CSV),
        (f"{CSV};q=0.001, */*;q=0", CSV),
        (f"*/*, {JSON};q=0", XML),
        ("*/*, application/*;q=0", CSV),
        (f"{CSV};charset=utf-8;q=0.9, {TSV};q=0.8", CSV),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
        ('text/csv;note="a,b;q=0", text/html', CSV),
        ("text/turtle", None),
        ("*/*;q=0", None),
        (f"{CSV};q=0, {JSON};q=0.0", None),
        ("*/*, application/*;q=0, text/*;q=0.000", None),
        (f"{CSV};q=2, {TSV};q=0.1", TSV),
        ("nonsense, */turtle", None),
    ],
)
def test_get_query_accept(accept: str | None, expected: str | None) -> None:
    assert table(accept) == expected


def test_text_says_its_encoding_and_json_has_only_one() -> None:
    csv, json = choose(CSV, TABLE_FORMATS), choose(JSON, TABLE_FORMATS)
    assert csv is not None
    assert csv.content_type == "text/csv; charset=utf-8"
    assert json is not None
    assert json.content_type == JSON


MEDIA_TYPES = [name for found in (*TABLE_FORMATS, *GRAPH_FORMATS) for name in found.media_types]
RANGES = st.sampled_from([*MEDIA_TYPES, "*/*", "text/*", "application/*", "text/html"])
QUALITIES = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
ELEMENTS = st.dictionaries(RANGES, QUALITIES, max_size=6)
OFFERS = st.sampled_from([TABLE_FORMATS, GRAPH_FORMATS])


def header(elements: dict[str, float]) -> str:
    return ", ".join(f"{name};q={quality:.3f}" for name, quality in elements.items())


@given(st.text(max_size=80), OFFERS)
def test_any_header_at_all_gives_an_offer_or_nothing(text: str, offers: tuple) -> None:  # type: ignore[type-arg]
    choice = choose(text, offers)
    assert choice is None or choice.media_type in choice.format.media_types


@given(ELEMENTS, st.randoms(use_true_random=False), OFFERS)
def test_the_order_of_the_elements_does_not_matter(elements, random, offers) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(elements.items())
    random.shuffle(shuffled)
    assert choose(header(elements), offers) == choose(header(dict(shuffled)), offers)


@given(ELEMENTS, RANGES, OFFERS)
def test_what_is_excluded_by_name_is_never_chosen(elements, excluded, offers) -> None:  # type: ignore[no-untyped-def]
    choice = choose(header(elements | {excluded: 0.0}), offers)
    assert choice is None or choice.media_type != excluded


@given(ELEMENTS, OFFERS)
def test_no_other_name_that_is_accepted_has_a_higher_quality(elements, offers) -> None:  # type: ignore[no-untyped-def]
    choice = choose(header(elements), offers)
    named = {
        name: elements[name] for found in offers for name in found.media_types if name in elements
    }
    best = max(named.values(), default=0.0)
    if choice is None:
        assert best == 0 or not elements
    elif choice.media_type in named:
        assert named[choice.media_type] == best
    elif elements:
        main = choice.media_type.split("/")[0]
        assert elements.get(f"{main}/*", elements.get("*/*", -1.0)) >= best


@given(ELEMENTS)
def test_a_header_reads_back_as_it_was_written(elements: dict[str, float]) -> None:
    found = parse_accept(header(elements))
    assert {f"{part.type}/{part.subtype}": part.quality for part in found} == elements


def test_a_header_too_long_to_be_remembered_means_the_same() -> None:
    assert choose_encoding("br, " * 500 + "gzip") == choose_encoding("br, gzip")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html", True),
        ("text/html, text/turtle;q=0.9", True),
        ("text/html;q=0.9, text/turtle", False),
        ("text/html, text/turtle", False),
        ("*/*", False),
        ("", False),
        ("application/ld+json", False),
        ("text/html;q=0", False),
    ],
)
def test_only_a_browser_prefers_a_page_to_a_graph(accept: str, expected: bool) -> None:
    assert prefers_page(accept) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, ("identity", True)),
        ("", ("identity", True)),
        ("gzip", ("gzip", True)),
        ("x-gzip", ("gzip", True)),
        ("GZIP", ("gzip", True)),
        ("gzip, deflate, br, zstd", ("zstd", True)),
        ("gzip, zstd;q=0.9", ("gzip", True)),
        ("gzip;q=0.5, identity", ("identity", True)),
        ("gzip;q=0", ("identity", True)),
        ("br", ("identity", True)),
        ("*", ("zstd", True)),
        ("gzip, *", ("gzip", True)),
        ("*, zstd;q=0", ("gzip", True)),
        ("*;q=0.5, identity;q=0.8", ("identity", True)),
        ("gzip, identity;q=0", ("gzip", False)),
        ("gzip, *;q=0", ("gzip", False)),
        ("identity, *;q=0", ("identity", True)),
        ("gzip;q=2, zstd;q=x", ("identity", True)),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("br, *;q=0", None),
    ],
)
def test_accept_encoding(header: str | None, expected: tuple[str, bool] | None) -> None:
    choice = choose_encoding(header)
    assert (choice and (choice.name, choice.identity)) == expected


CODINGS = st.sampled_from([*ENCODINGS, "*", "br"])


@given(st.dictionaries(CODINGS, QUALITIES, max_size=5), CODINGS)
def test_a_coding_that_is_excluded_by_name_is_never_chosen(elements, excluded) -> None:  # type: ignore[no-untyped-def]
    choice = choose_encoding(header(elements | {excluded: 0.0}))
    assert choice is None or choice.name != excluded


@given(st.dictionaries(CODINGS, QUALITIES, max_size=5))
def test_identity_will_do_unless_it_is_excluded(elements: dict[str, float]) -> None:
    choice = choose_encoding(header(elements))
    excluded = elements.get("identity", elements.get("*", 1.0)) == 0
    assert (choice is not None and choice.identity) is not excluded


@given(st.text(max_size=60))
def test_any_accept_encoding_at_all_gives_an_offer_or_nothing(text: str) -> None:
    choice = choose_encoding(text)
    assert choice is None or choice.name in ENCODINGS


STARTS = ("", '"', "text/csv;", '"\\')
UNITS = ('\\"', '"', ",", ";", "*/*,", 'a="\\",', " ", "text/csv;q=1,")


def reading(start: str, unit: str) -> float:
    """The seconds of work that the longest header takes which is taken in."""
    longest = start + unit * (32_768 // len(unit)) + "\\"
    began = time.process_time()
    choices(longest)
    choose_encoding(longest)
    return time.process_time() - began


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("start", STARTS)
def test_no_header_is_read_again_and_again(start: str, unit: str) -> None:
    assert reading(start, unit) < 30  # milliseconds, unless the search begins anew at each place


@pytest.mark.timed
def test_no_header_takes_long_to_read(hold: Hold) -> None:
    slowest = max(reading(start, unit) for start in STARTS for unit in UNITS)
    hold("the longest Accept header", slowest, 0.5)
