"""Keys and labels follow the convention of the sheets."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.bibliography.keys import (
    fold,
    initials,
    part,
    person_key,
    person_label,
    work_key,
    work_label,
)
from smegraph.bibliography.record import Name
from smegraph.ontology.schema import Schema
from smegraph.ontology.terms import IDENTIFIER

ZAHEER, OKAZAKI, TAYLOR = Name("Zaheer", "S."), Name("Okazaki", "S."), Name("Taylor", "C. R.")


@pytest.mark.parametrize(
    ("names", "more", "year", "key", "label"),
    [
        ([ZAHEER], False, "2005", "zaheer-2005", "Zaheer (2005)"),
        ([OKAZAKI, TAYLOR], False, "2013", "okazaki-taylor-2013", "Okazaki & Taylor (2013)"),
        ([OKAZAKI, TAYLOR, ZAHEER], False, "2000", "okazaki-et-al-2000", "Okazaki et al. (2000)"),
        ([OKAZAKI], True, "2000", "okazaki-et-al-2000", "Okazaki et al. (2000)"),
        ([Name("D’Angelo"), Name("Presutti")], False, "2019", "dangelo-presutti-2019",
         "D’Angelo & Presutti (2019)"),
        ([Name("Torrès")], False, "1999", "torres-1999", "Torrès (1999)"),
        ([Name("van der Berg")], False, "", "van-der-berg-nd", "van der Berg (n.d.)"),
        ([], False, "2019", "small-firms-year-book-2019",
         "The small firms of a year: a book (2019)"),
    ],
)  # fmt: skip
def test_a_work_is_named_by_authors_and_year(
    names: list[Name], more: bool, year: str, key: str, label: str
) -> None:
    title = "The small firms of a year: a book"
    assert work_key(names, more, year, title) == key
    assert work_label(names, more, year, title) == label


@pytest.mark.parametrize(
    ("name", "key", "label"),
    [
        (OKAZAKI, "okazaki-s", "Okazaki, S."),
        (Name("Okazaki", "Shintaro"), "okazaki-s", "Okazaki, S."),
        (Name("Coviello", "Nicole E."), "coviello-n-e", "Coviello, N. E."),
        (Name("Coviello", "N.E."), "coviello-n-e", "Coviello, N. E."),
        (Name("Coviello", "NE"), "coviello-n-e", "Coviello, N. E."),
        (Name("Sartre", "Jean-Paul"), "sartre-j-p", "Sartre, J.-P."),
        (Name("Sartre", "J.-P."), "sartre-j-p", "Sartre, J.-P."),
        (Name("King", "Martin Luther", "Jr."), "king-m-l-jr", "King, M. L., Jr."),
        (Name("Silva", "Maria de"), "silva-m", "Silva, M."),
        (Name("Østergaard", "Åse"), "ostergaard-a", "Østergaard, Å."),
        (Name("Plato"), "plato", "Plato"),
    ],
)
def test_a_person_is_named_by_family_name_and_initials(name: Name, key: str, label: str) -> None:
    assert person_key(name) == key
    assert person_label(name) == label


def test_a_name_without_latin_letters_has_a_key_of_its_own() -> None:
    keys = {part("王"), part("李"), part("Иванов")}
    assert len(keys) == 3
    assert all(re.fullmatch("x[0-9a-f]{8}", key) for key in keys)


@given(
    st.lists(st.builds(Name, st.text(min_size=1), st.text(), st.text()), max_size=4),
    st.booleans(), st.sampled_from(["", "2013"]), st.text(),
)  # fmt: skip
def test_every_key_fits_its_column(
    schema: Schema, names: list[Name], more: bool, year: str, title: str
) -> None:
    matcher = schema.sheets["works"].by_path[IDENTIFIER].matcher
    assert matcher is not None
    assert matcher.search(work_key(names, more, year, title))
    for name in names:
        assert matcher.search(person_key(name))


@given(st.text())
def test_initials_of_initials_are_themselves(given_name: str) -> None:
    assert initials(initials(given_name)) == initials(given_name)


@given(st.text())
def test_folding_twice_is_as_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
