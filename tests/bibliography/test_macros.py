"""The tables of macros fit each other."""

from __future__ import annotations

import unicodedata

from smegraph.bibliography.macros import ACCENTS, ASIDE, DOUBTFUL, LAYOUT, QUIET, SPACING, SYMBOLS


def test_an_accent_is_one_combining_character() -> None:
    assert all(unicodedata.combining(mark) for mark in ACCENTS.values())
    assert set(SPACING) <= set(ACCENTS)


def test_no_macro_has_two_meanings() -> None:
    tables = [set(ACCENTS), set(SYMBOLS), set(LAYOUT), set(ASIDE), set(DOUBTFUL)]
    assert sum(map(len, tables)) == len(set().union(*tables))
    assert set(ASIDE) > QUIET
