"""What stands behind the equals sign of a BibTeX field."""

from __future__ import annotations

import pytest

from smegraph.bibliography.errors import BibliographyError
from smegraph.bibliography.values import MAX_MACRO_CHARACTERS, Macros, Unreadable


def test_a_value_is_put_together() -> None:
    macros = Macros("a.bib", 100)
    macros.define("J", '"Journal of "', 1)
    assert macros.resolve('j # {A {"} B} # " # " # 2013 # may') == 'Journal of A {"} B # 20135'
    assert macros.unknown("j # jibs") == "jibs"


def test_a_missing_comma_is_named() -> None:
    with pytest.raises(Unreadable, match="a comma is missing"):
        Macros("a.bib", 100).resolve("{A} year = {2013}")


def define_doubles(macros: Macros) -> None:
    for number in range(1, 60):
        macros.define(f"a{number}", f"a{number - 1} # a{number - 1}", number + 1)


def test_macros_that_double_each_other_end_with_one_error() -> None:
    macros = Macros("a.bib", 2000)
    macros.define("a0", '"lol"', 1)
    with pytest.raises(BibliographyError, match=r'a\.bib, line \d+: the macro "a\d+" stands for'):
        define_doubles(macros)


def test_a_long_macro_in_many_values_ends_with_one_error() -> None:
    macros = Macros("a.bib", 2000)
    macros.define("a", f'"{"x" * MAX_MACRO_CHARACTERS}"', 1)
    with pytest.raises(BibliographyError, match=r"macros \(@string\) of a\.bib stand for over"):
        macros.resolve(" # ".join(["a"] * 1000))
