"""CSL-JSON as Zotero and others write it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.bibliography.record import Name, Reading, Record, clean

Read = Callable[[str, str], Reading]


def one(read: Read, **item: object) -> Record:
    reading = read("csl", json.dumps([item]))
    assert reading.problems == []
    (record,) = reading.records
    return record


def test_a_record_has_its_variables(read: Read) -> None:
    record = one(read, id="x1", type="article-journal", title="Waves", volume=26, DOI="10.1000/x")
    assert record.id == "x1"
    assert record.fields == {
        "id": "x1", "type": "article-journal", "title": "Waves", "volume": "26", "DOI": "10.1000/x",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"family": "Bell", "given": "Jim"}, Name("Bell", "Jim")),
        ({"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
         Name("van der Berg", "Jan")),
        ({"family": "Tocqueville", "given": "Alexis", "dropping-particle": "de"},
         Name("de Tocqueville", "Alexis")),
        ({"family": "King", "given": "M. L.", "suffix": "Jr."}, Name("King", "M. L.", "Jr.")),
        ({"literal": "World Bank"}, Name("World Bank", is_person=False)),
        ({"given": "Sukarno"}, Name("Sukarno")),
    ],
)  # fmt: skip
def test_a_name_has_its_parts(read: Read, parts: dict[str, str], name: Name) -> None:
    assert one(read, author=[parts]).names["author"] == [name]


@pytest.mark.parametrize(
    ("issued", "text"),
    [
        ({"date-parts": [[2013, 5, 1]]}, "2013-5-1"),
        ({"date-parts": [["2013"]]}, "2013"),
        ({"date-parts": [[2013], [2014]]}, "2013"),
        ({"raw": "2013-05"}, "2013-05"),
        ({"literal": "in press"}, "in press"),
    ],
)
def test_a_date_is_a_text(read: Read, issued: object, text: str) -> None:
    assert one(read, issued=issued).fields["issued"] == text


def test_markup_of_a_title_is_left_out(read: Read) -> None:
    record = one(read, title='<i>Homo</i> <span class="nocase">oeconomicus</span>: a < b')
    assert record.fields["title"] == "Homo oeconomicus: a < b"


def test_a_broken_record_is_named_and_the_others_are_kept(read: Read) -> None:
    text = (
        '[\n {"id": "a", "title": "A"},\n {"id": "b", "title": B"},\n {"id": "c", "title": "C"}\n]'
    )
    reading = read("csl", text)
    assert [record.id for record in reading.records] == ["a", "c"]
    (problem,) = reading.problems
    assert problem.row == 3
    assert "line 3, column 23" in problem.message


def test_a_file_that_was_cut_off_is_told(read: Read) -> None:
    reading = read("csl", '[\n {"id": "a"},\n {"id": "b", "tit')
    assert [record.id for record in reading.records] == ["a"]
    assert [problem.row for problem in reading.problems] == [3]
    assert read("csl", '[{"id": "a"},').problems


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("text", "not an object"),
        (["list"], "not an object"),
        ({"id": "a", "author": "Bell, J."}, "author is not a list of names"),
        ({"id": "a", "author": ["Bell, J."]}, "author is not a list of names"),
        ({"id": "a", "issued": 2013}, "issued is not a date"),
    ],
)
def test_an_item_of_another_form_is_named(read: Read, item: object, reason: str) -> None:
    reading = read("csl", json.dumps([{"id": "x"}, item, {"id": "y"}]))
    assert [record.id for record in reading.records] == ["x", "y"]
    assert reason in reading.problems[0].message


def test_one_item_alone_and_a_list_under_items_are_read(read: Read) -> None:
    assert [r.id for r in read("csl", '{"id": "a", "title": "A"}').records] == ["a"]
    assert [r.id for r in read("csl", '{"items": [{"id": "a"}, {"id": "b"}]}').records] == [
        "a",
        "b",
    ]


def test_a_pit_of_brackets_is_told(read: Read) -> None:
    reading = read("csl", '[{"id": ' + "[" * 200_000)
    assert reading.records == []
    assert [problem.kind for problem in reading.problems] == ["unreadable-record"]


def test_a_number_of_thousands_of_digits_is_told(read: Read) -> None:
    reading = read("csl", '[{"id": "a", "volume": %s}, {"id": "b"}]' % ("1" * 5000))
    assert [record.id for record in reading.records] == ["b"]
    assert "thousands of digits" in reading.problems[0].message


def test_half_a_character_is_left_out(read: Read) -> None:
    assert (
        read("csl", '[{"id": "\\ud800", "title": "A\\udfffB"}]').records[0].fields["title"] == "A B"
    )


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"literal": "Doe, P.; Roe, M."}, [Name("Doe", "P."), Name("Roe", "M.")]),
        ({"family": "Doe", "given": "P.; Roe, M."}, [Name("Doe", "P."), Name("Roe", "M.")]),
        ({"family": "Barnes and Noble"}, [Name("Barnes and Noble", is_person=False)]),
    ],
)
def test_a_list_in_the_place_of_a_name_is_taken_apart_and_told(
    read: Read, parts: dict[str, str], expected: list[Name]
) -> None:
    record = one(read, author=[parts])
    assert record.names["author"] == expected
    assert record.flaws


def test_an_organization_may_have_and_in_its_name(read: Read) -> None:
    name = "Ministry of Trade, Industry and Energy"
    record = one(read, author=[{"literal": name}])
    assert record.names["author"] == [Name(name, is_person=False)]
    assert record.flaws == []


def test_et_al_is_no_person_and_told(read: Read) -> None:
    record = one(read, author=[{"family": "Bell", "given": "J."}, {"literal": "et al."}])
    assert record.names["author"] == [Name("Bell", "J.")]
    assert record.incomplete == {"author"}
    assert "is no person" in record.flaws[0]


def test_entities_are_read_as_characters(read: Read) -> None:
    record = one(read, **{"title": "R&amp;D", "container-title": "A &#38;amp; B"})
    assert (record.fields["title"], record.fields["container-title"]) == ("R&D", "A & B")


def test_thousands_of_broken_records_end_the_reading(read: Read) -> None:
    reading = read("csl", "[" + "{,}," * 5000 + "]")
    assert len(reading.problems) == 1001
    assert "the rest is not read" in reading.problems[-1].message


names = st.builds(
    lambda family, given: {"family": family, "given": given},
    st.text(st.characters(categories=["L"]), min_size=1),
    st.text(st.characters(categories=["L"])),
)


@given(
    title=st.text(
        st.characters(exclude_categories=["C", "Z"], exclude_characters="<>"), min_size=1
    ),
    authors=st.lists(names),
    indent=st.sampled_from([None, 2]),
)
def test_what_is_written_reads_back(
    read: Read, title: str, authors: list[dict[str, str]], indent: int | None
) -> None:
    item = {"id": "a", "title": title, "author": authors}
    (record,) = read("csl", json.dumps([item], indent=indent)).records
    assert record.fields.get("title", "") == clean(title)
    families = [clean(name["family"]) for name in authors]
    kept = [n.family for n in record.names.get("author", [])]
    assert kept == [family for family in families if family.casefold() != "others"]


@given(st.text('[]{}",:\\ \nab1', max_size=80))
def test_no_text_breaks_the_reader(read: Read, text: str) -> None:
    reading = read("csl", f'[{{"id": "a"}},{text}')
    assert reading.records[0].id == "a"
