"""Names as databases and people write them."""

from __future__ import annotations

import pytest

from smegraph.bibliography.names import parse, take_apart
from smegraph.bibliography.record import Name


def read(text: str) -> tuple[list[Name], list[str]]:
    told: list[str] = []
    return [parse(name, told.append) for name in take_apart(text, told.append)], told


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Doe, J.; Roe, M.", ["Doe, J.", "Roe, M."]),
        ("Doe, John and Roe, Maria", ["Doe, John", "Roe, Maria"]),
        ("Doe, J.and Roe, M.", ["Doe, J.", "Roe, M."]),
        ("Doe, J. & Roe, M.", ["Doe, J.", "Roe, M."]),
        ("Doe, J.&Roe, M.", ["Doe, J.", "Roe, M."]),
        ("Doe, J. und Roe, M.", ["Doe, J.", "Roe, M."]),
        ("Doe, John / Roe, Mary", ["Doe, John", "Roe, Mary"]),
        ("Doe, J., Roe, M., & Poe, A. L.", ["Doe, J.", "Roe, M.", "Poe, A. L."]),
        ("Doe, John, Roe, Maria", ["Doe, John", "Roe, Maria"]),
        ("Doe, John, and Maria Roe", ["Doe, John", "Roe, Maria"]),
        ("John Doe and Jan van der Berg", ["Doe, John", "van der Berg, Jan"]),
        ("J. Doe, M. Roe", ["Doe, J.", "Roe, M."]),
        ("Doe JA, Roe M", ["Doe, JA", "Roe, M"]),
        ("Doe J., Roe M.", ["Doe, J.", "Roe, M."]),
        ("JOHN DOE and MARY ROE", ["DOE, JOHN", "ROE, MARY"]),
        ("King, M. L., Jr. and Bank, John", ["King, M. L., Jr.", "Bank, John"]),
    ],
)
def test_several_persons_in_one_are_taken_apart_and_told(text: str, names: list[str]) -> None:
    found, told = read(text)
    assert [name.text for name in found] == names
    assert all(name.is_person for name in found)
    assert len(told) == 1
    assert f"is read as {len(names)} names" in told[0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Doe, John", Name("Doe", "John")),
        ("Doe, John;", Name("Doe", "John")),
        ("Smith, Jr., J.", Name("Smith", "J.", "Jr.")),
        ("Smith, J., Jr.", Name("Smith", "J.", "Jr.")),
        ("Ortega y Gasset, José", Name("Ortega y Gasset", "José")),
        ("García Márquez, Gabriel José", Name("García Márquez", "Gabriel José")),
        ("Andersson, And", Name("Andersson", "And")),
        ("World Health Organization,", Name("World Health Organization", is_person=False)),
    ],
)
def test_one_name_is_one_without_a_word(text: str, name: Name) -> None:
    assert read(text) == ([name], [])


@pytest.mark.parametrize(
    "text",
    [
        "Ministry of Trade and Industry",
        "Ministry of Trade, Industry and Energy",
        "Organisation for Economic Co-operation and Development",
        "Barnes and Noble",
        "Barnes & Noble, Inc.",
        "Ernst & Young",
        "AT&T",
        "University of California, Berkeley",
        "Health Canada and Statistics Canada",
        "Doe, John, Roe, Maria, Poe",
        "Doe, A. B. and Roe",
    ],
)
def test_what_is_no_person_makes_none_and_is_told(text: str) -> None:
    found, told = read(text)
    assert found == [Name(text, is_person=False)]
    assert told


@pytest.mark.parametrize("end", [" et al.", ", et al", " and others", "; et al.", " [et al.]"])
def test_those_who_are_left_out_stand_last(end: str) -> None:
    told: list[str] = []
    assert take_apart(f"Doe, J.{end}", told.append) == ["Doe, J.", "et al."]
