"""What services say of their refusals, in whatever they say it."""

from __future__ import annotations

import json

import pytest

from smegraph.client.server_words import words_of

PAGE = """<!DOCTYPE html>
<html><head><title>Error 400</title><style>h1 { color: red }</style><script>a<b</script></head>
<!-- <b>no</b> --><body><h1>Bad&nbsp;Request</h1><pre>line 1: 'x' &lt; 'y'</pre></body></html>"""


@pytest.mark.parametrize("media_type", ["text/html", "application/xhtml+xml", "text/plain", ""])
def test_a_page_gives_its_words(media_type: str) -> None:
    assert words_of(PAGE, media_type) == "Error 400 Bad Request line 1: 'x' < 'y'"


@pytest.mark.parametrize(
    "told",
    [
        {"exception": "Here.", "query": "SELECT", "status": "ERROR"},
        {"error": {"code": 400, "message": "Here."}},
        {"errors": [], "message": " Here.\n"},
        {"title": "Bad request", "detail": "Here."},
        {"error": "Here."},
        [{"message": "Here."}],
        "Here.",
    ],
)
def test_json_gives_its_reason(told: object) -> None:
    assert words_of(json.dumps(told), "application/problem+json") == "Here."


@pytest.mark.parametrize("told", ["{}", "5", "null", '{"message": 5}'])
def test_json_without_a_reason_gives_nothing(told: str) -> None:
    assert words_of(told, "application/json") == ""


def test_what_is_no_json_is_taken_as_text() -> None:
    assert words_of("Parse error", "application/json") == "Parse error"
    assert words_of("[" * 90_000, "application/json").startswith("[[")


def test_an_iri_in_plain_text_is_no_tag() -> None:
    assert words_of("Expected one of:\n  <http://a/> 'x'", "text/plain") == (
        "Expected one of: <http://a/> 'x'"
    )


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>a<![foo[ b", "a"),
        ("<p>a<!-- b", "a"),
        ("<p>a<b", "a"),
        ("<p>1 < 2</p>", "1 < 2"),
        ("<error><![CDATA[a < b]]></error>", "a < b"),
        ("", ""),
    ],
)
def test_a_page_need_not_be_well_formed(page: str, words: str) -> None:
    assert words_of(page, "text/html") == words


def test_a_long_text_is_cut_and_control_characters_are_written_out() -> None:
    assert words_of("x" * 10_000, "text/plain") == "x" * 500 + "…"
    assert words_of("a\x1b[2Jb", "text/plain") == "a\\x1b[2Jb"


@pytest.mark.parametrize("part", ["<script ", "<!--", "<![CDATA[", "<a", "&", "<"])
def test_a_hostile_page_is_read_up_to_a_length(part: str) -> None:
    assert len(words_of(part * 100_000, "text/html")) <= 501


LONG = "SELECT *\n{ " + "?a ?b ?c . " * 100 + "}"


@pytest.mark.parametrize("repeated", [LONG, " ".join(LONG.split()), f"<pre>{LONG}</pre>"])
def test_a_query_that_is_repeated_before_the_reason_is_left_out(repeated: str) -> None:
    body = f"Parse error:\n{repeated}\n\nEncountered 'x'"
    media_type = "text/html" if "<pre>" in repeated else "text/plain"
    assert words_of(body, media_type, LONG) == "Parse error: … Encountered 'x'"


def test_a_short_query_takes_no_letters_out_of_the_words() -> None:
    assert words_of("ASK {} is wrong", "text/plain", "ASK {}") == "ASK {} is wrong"
    assert words_of("Why.", "text/plain", "") == "Why."
