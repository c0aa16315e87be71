"""RIS as databases and reference managers write it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from smegraph.bibliography.record import Name, Reading, Record, clean

Read = Callable[[str, str], Reading]


def one(read: Read, *lines: str) -> Record:
    reading = read("ris", "\n".join(["TY  - JOUR", *lines, "ER  - "]))
    assert reading.problems == []
    (record,) = reading.records
    return record


def test_a_record_has_its_tags(read: Read) -> None:
    record = one(read, "AU  - Bell, J.", "AU  - Loane, S.", "TI  - Waves", "T2  - JMM", "ID  - x1")
    assert record.id == "x1"
    assert record.names["AU"] == [Name("Bell", "J."), Name("Loane", "S.")]
    assert record.fields == {"TY": "JOUR", "TI": "Waves", "T2": "JMM", "ID": "x1"}


@pytest.mark.parametrize(
    ("first", "last", "pages"),
    [("56", "71", "56-71"), ("56-71", "", "56-71"), ("56-71", "71", "56-71"), ("56", "56", "56")],
)
def test_pages_are_one_text(read: Read, first: str, last: str, pages: str) -> None:
    assert one(read, f"SP  - {first}", f"EP  - {last}").fields["SP"] == pages


def test_a_line_without_a_tag_continues_the_one_before(read: Read) -> None:
    record = one(read, "TI  - A title that", "goes on", "AU  - Bell, J.", "PB  - Sage")
    assert record.fields["TI"] == "A title that goes on"
    assert record.names["AU"] == [Name("Bell", "J.")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bell, Jim", Name("Bell", "Jim")),
        ("van der Berg, J.", Name("van der Berg", "J.")),
        ("King, Martin Luther, Jr.", Name("King", "Martin Luther", "Jr.")),
        ("S. Okazaki", Name("Okazaki", "S.")),
        ("C. R. Taylor", Name("Taylor", "C. R.")),
        ("World Health Organization,", Name("World Health Organization", is_person=False)),
    ],
)
def test_a_name_has_its_parts(read: Read, text: str, name: Name) -> None:
    record = one(read, f"AU  - {text}")
    assert record.names["AU"] == [name]
    assert record.flaws == []


def test_a_name_without_a_comma_is_taken_for_an_organization_and_told(read: Read) -> None:
    record = one(read, "AU  - World Health Organization")
    assert record.names["AU"] == [Name("World Health Organization", is_person=False)]
    assert "has no comma" in record.flaws[0]


def test_several_names_in_one_line_are_taken_apart_and_told(read: Read) -> None:
    record = one(read, "AU  - Doe, Pedro J.; Roe, Maria; Poe, Ana Luisa")
    assert record.names["AU"] == [
        Name("Doe", "Pedro J."), Name("Roe", "Maria"), Name("Poe", "Ana Luisa")
    ]  # fmt: skip
    assert 'read as 3 names, separated by ";"' in record.flaws[0]


def test_names_on_lines_that_continue_one_another_are_several(read: Read) -> None:
    record = one(read, "AU  - Doe, John", "Roe, Maria", "TI  - A")
    assert record.names["AU"] == [Name("Doe", "John"), Name("Roe", "Maria")]
    record = one(read, "AU  - World Health", "Organization,", "TI  - A")
    assert record.names["AU"] == [Name("World Health Organization", is_person=False)]


def test_entities_and_tags_are_read_as_characters(read: Read) -> None:
    record = one(
        read, "AU  - Mu&ntilde;oz, J.; Roe, M.", "TI  - R&amp;amp;D of <i>firms</i>",
        "JF  - Business &amp; Society",
    )  # fmt: skip
    assert record.names["AU"] == [Name("Muñoz", "J."), Name("Roe", "M.")]
    assert (record.fields["TI"], record.fields["JF"]) == ("R&D of firms", "Business & Society")


def test_a_dash_in_the_first_page_is_a_range(read: Read) -> None:
    assert one(read, "SP  - 56–71", "EP  - 71").fields["SP"] == "56–71"


def test_et_al_is_no_author(read: Read) -> None:
    record = one(read, "AU  - Bell, J.", "AU  - et al.")
    assert record.names["AU"] == [Name("Bell", "J.")]
    assert record.incomplete == {"AU"}


def test_the_series_of_a_book_is_not_what_it_appeared_in(read: Read) -> None:
    reading = read("ris", "TY  - BOOK\nBT  - Les PME\nT2  - Dominos\nER  - \n")
    assert reading.records[0].fields == {"TY": "BOOK", "TI": "Les PME"}


def test_a_record_without_an_end_is_read_and_told(read: Read) -> None:
    reading = read("ris", "TY  - BOOK\nTI  - A\nTY  - BOOK\nTI  - B\nER  - ")
    assert [record.fields["TI"] for record in reading.records] == ["A", "B"]
    assert reading.records[0].flaws == ["ER is missing before line 3."]


def test_a_file_that_ends_within_a_record_loses_it_by_name(read: Read) -> None:
    reading = read("ris", "TY  - BOOK\nTI  - A\nER  - \n\nTY  - BOOK\nTI  - Half of a ti")
    assert [record.fields["TI"] for record in reading.records] == ["A"]
    assert [(problem.row, problem.severity) for problem in reading.problems] == [(5, "error")]


def test_tags_outside_of_records_are_told_once(read: Read) -> None:
    reading = read(
        "ris", "Provider: X\n\nTI  - Lost\nAU  - Lost, A.\nER  - \nTY  - BOOK\nTI  - A\nER  -"
    )
    assert [record.fields["TI"] for record in reading.records] == ["A"]
    assert [problem.row for problem in reading.problems] == [3]


def test_spaces_that_an_editor_cut_off_are_no_matter(read: Read) -> None:
    reading = read("ris", "TY  - BOOK\nTI  - A\nN1  -\nER  -")
    assert [record.fields["TI"] for record in reading.records] == ["A"]


characters = st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="<&")
words = st.text(characters, min_size=1, max_size=20).map(clean).filter(bool)


@given(title=words, publisher=words, volume=st.integers(0, 99))
def test_what_rispy_writes_reads_back(read: Read, title: str, publisher: str, volume: int) -> None:
    text = rispy.dumps(
        [{"type_of_reference": "JOUR", "title": title, "publisher": publisher,
          "volume": str(volume), "authors": ["Bell, J."]}]
    )  # fmt: skip
    (record,) = read("ris", text).records
    wanted = {"TY": "JOUR", "TI": title, "PB": publisher, "VL": str(volume)}
    assert record.fields == wanted
    assert record.names["AU"] == [Name("Bell", "J.")]


@given(st.text(max_size=200), st.text("TYERAU  -\nx", max_size=100))
def test_no_text_breaks_the_reader(read: Read, text: str, syntax: str) -> None:
    reading = read("ris", f"{text}\n{syntax}\nTY  - BOOK\nTI  - Last\nER  - \n")
    assert reading.records[-1].fields["TI"] == "Last"
