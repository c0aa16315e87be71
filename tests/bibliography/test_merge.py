"""Rows written as BibTeX come back as the same rows, whatever they hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from smegraph.bibliography.keys import fold
from smegraph.bibliography.known import Known, Row
from smegraph.bibliography.mapping import AUTHORSHIPS, PERSONS, REFERENCES, WORKS, Mapping
from smegraph.bibliography.merge import Change, Merger
from smegraph.bibliography.record import Name, Reading, clean
from smegraph.ontology.terms import IDENTIFIER

Read = Callable[[str, str], Reading]
Work = tuple[str, list[tuple[str, str]], int]  # title, authors, year

words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9)
families = st.builds(str.capitalize, st.text("abcdeéöşl", min_size=3, max_size=8))
givens = st.sampled_from(["Anna", "A.", "A. B.", "Jean-Paul", "Bo"])
titles = st.lists(words, min_size=1, max_size=6).map(" ".join)
works = st.lists(
    st.tuples(
        titles,
        st.lists(
            st.tuples(families, givens), min_size=1, max_size=4, unique_by=lambda n: fold(n[0])
        ),
        st.integers(1995, 1997),
    ),
    max_size=6,
    unique_by=lambda work: (fold(work[0]), fold(work[1][0][0]), work[2]),
)  # fmt: skip


def as_bibtex(found: list[Work]) -> str:
    return "\n".join(
        f"@article{{k{number}, title = {{{title}}}, year = {year}, "
        f"author = {{{' and '.join(f'{family}, {given}' for family, given in authors)}}}}}"
        for number, (title, authors, year) in enumerate(found)
    )


def merge(reading: Reading, mapping: Mapping, known: Known) -> Change:
    return Merger(reading, known, mapping, "me").run()


def after(change: Change, mapping: Mapping) -> Known:
    """What is known when the rows of a change stand in the sheets of the study."""
    known = Known(mapping)
    for role in (WORKS, PERSONS):
        for cells in change.rows[role]:
            key = cells[IDENTIFIER]
            path = Path("x.imported.csv")
            known.add(role, Row(key, key, cells, "s", path, 1, True, True, True))
    work, person = mapping.link(AUTHORSHIPS, WORKS), mapping.link(AUTHORSHIPS, PERSONS)
    for cells in change.rows[AUTHORSHIPS]:
        known.authors.setdefault(cells[work], []).append(cells[person])
    known.listed = {cells[mapping.link(REFERENCES, WORKS)] for cells in change.rows[REFERENCES]}
    return known


@given(works)
def test_the_rows_of_works_come_back(read: Read, mapping: Mapping, found: list[Work]) -> None:
    change = merge(read("bibtex", as_bibtex(found) or "%"), mapping, Known(mapping))
    assert [problem for problem in change.problems if problem.severity == "error"] == []
    is_ = mapping.properties
    rows = [(row[is_["Title"]], row[is_["Year"]]) for row in change.rows[WORKS]]
    assert rows == [(title, str(year)) for title, _, year in found]
    keys = [row[IDENTIFIER] for row in change.rows[WORKS]]
    assert len(set(keys)) == len(keys)

    people = {row[IDENTIFIER]: row[is_["FamilyName"]] for row in change.rows[PERSONS]}
    work, person = mapping.link(AUTHORSHIPS, WORKS), mapping.link(AUTHORSHIPS, PERSONS)
    authors: dict[str, list[str]] = {key: [] for key in keys}
    for row in change.rows[AUTHORSHIPS]:
        authors[row[work]].append(fold(people[row[person]]))
    wanted = [[fold(family) for family, _ in names] for _, names, _ in found]
    assert list(authors.values()) == wanted


@given(works, st.randoms())
def test_twice_is_as_once_in_any_order(
    read: Read, mapping: Mapping, found: list[Work], random: Random
) -> None:
    once = merge(read("bibtex", as_bibtex(found) or "%"), mapping, Known(mapping))
    known = after(once, mapping)
    shuffled = list(found)
    random.shuffle(shuffled)
    again = merge(read("bibtex", as_bibtex(shuffled) or "%"), mapping, known)
    assert not any(again.rows.values())
    assert again.fills == []


@given(st.lists(st.text(max_size=40), max_size=3), st.text(max_size=60), st.text(max_size=20))
def test_whatever_a_record_holds_fits_the_columns(
    read: Read, mapping: Mapping, names: list[str], title: str, year: str
) -> None:
    reading = Reading("refs", "csl")
    record = read("csl", '[{"id": "a"}]').records[0]
    record.put("title", title)
    record.put("issued", year)
    for name in names:
        record.put_names("author", [Name(clean(name))])
    reading.records.append(record)
    change = merge(reading, mapping, Known(mapping))
    for role, rows in change.rows.items():
        for row in rows:
            for path, text in row.items():
                column = mapping.column(role, path)
                assert column is not None
                assert clean(text) == text
                assert not column.matcher or column.matcher.search(text)
