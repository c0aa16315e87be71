"""Paragraphs and sentences, however the lines of a text were broken."""

from __future__ import annotations

import textwrap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.coverage.intervals import Span
from smegraph.coverage.segments import paragraphs, sentences

FIRST = (
    "The firm sells a service for contracts abroad and has customers in many countries. It uses "
    "several platforms for it, and each of them serves another purpose in another market. "
) * 3 + "So it grew."
SECOND = (
    "Another firm watches prices for shops of all sizes and helps them to set their own. Its "
    "founders tell that they met their first customers on a platform where both were members. "
) * 3 + "It grew too."


def shown(text: str, spans: list[Span]) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in spans]


def broken(*texts: str, width: int = 66, end: str = "\n", between: str = "\n") -> str:
    """Texts broken into lines of a width."""
    return between.join(end.join([*textwrap.wrap(text, width), ""]) for text in texts)


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST}\n\n{SECOND}\n",
        f"{FIRST}\r\n{SECOND}\r\n",
        broken(FIRST, SECOND),
        broken(FIRST, SECOND, between=""),
        broken(FIRST, SECOND, width=100, end=" \n\n"),
        broken(FIRST, SECOND, width=100, end=" \n\n", between=" \n\n"),
        broken(FIRST, SECOND, width=100, end="\r\n"),
    ],
    ids=["lines", "crlf", "wrapped", "unspaced", "spaced", "spaced-twice", "wrapped-crlf"],
)
def test_paragraphs_are_found_in_every_form(text: str) -> None:
    assert shown(text, paragraphs(text)) == [FIRST, SECOND]


def test_a_heading_is_a_paragraph_of_its_own() -> None:
    text = broken(FIRST, "4.2 Firm B", SECOND, width=100, end=" \n\n", between="")
    assert shown(text, paragraphs(text)) == [FIRST, "4.2 Firm B", SECOND]


def test_the_break_of_a_page_within_a_paragraph_is_none() -> None:
    lines = textwrap.wrap(FIRST, 100)
    text = " \n\n".join(lines[:2]) + " \n " + " \n\n".join(lines[2:])
    assert len(paragraphs(text)) == 1


def test_every_row_of_a_table_is_a_line() -> None:
    text = "Firm\tFounded\nSkills (2 people)\t2010\nADlab (15 people)\t2000\n"
    assert len(paragraphs(text)) == 3


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\u00a0"])
def test_a_text_of_white_space_has_no_paragraphs(text: str) -> None:
    assert paragraphs(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It grew. It sold.", ["It grew.", "It sold."]),
        ("So it is (Persaud et al. 2012). Yes.", ["So it is (Persaud et al. 2012).", "Yes."]),
        ("Many (e.g. Nummela, 2010) agree.", ["Many (e.g. Nummela, 2010) agree."]),
        ("See Fig. 1 for it. Then go.", ["See Fig. 1 for it.", "Then go."]),
        ("“It works.” He said so.", ["“It works.”", "He said so."]),
        ("In the U.S. Firms sell.", ["In the U.S. Firms sell."]),
        ("This is Firm A. The firm sells.", ["This is Firm A.", "The firm sells."]),
        ("Why? “Because.” Good!", ["Why?", "“Because.”", "Good!"]),
        ("At 13.00 or 2.5 percent.", ["At 13.00 or 2.5 percent."]),
        ("It ended. but goes on", ["It ended. but goes on"]),
        ("No stop", ["No stop"]),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert shown(text, sentences(text, Span(0, len(text)))) == expected


WORDS = st.text(st.sampled_from("aB1. \n\r\t“”(,é🏢!"), max_size=300)


@given(WORDS)
def test_every_visible_character_stands_in_one_sentence_of_one_paragraph(text: str) -> None:
    found = [piece for paragraph in paragraphs(text) for piece in sentences(text, paragraph)]
    assert all(a.end <= b.start for a, b in pairwise(found))
    held = {at for start, end in found for at in range(start, end)}
    assert {at for at, character in enumerate(text) if not character.isspace()} <= held


@given(WORDS)
def test_no_paragraph_and_no_sentence_begins_with_white_space(text: str) -> None:
    for paragraph in paragraphs(text):
        assert not text[paragraph.start].isspace()
        assert not text[paragraph.end - 1].isspace()
        assert not any(text[start].isspace() for start, _ in sentences(text, paragraph))
