"""Names are compared by what people see."""

from __future__ import annotations

import pytest

from smegraph.sheets.invisible import identity, is_blank, lookalikes, plain

ORDERS = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
HIDDEN = [*"\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u2060\u2063\ufeff", *ORDERS]
SPACES = "\u00a0\u2000\u2007\u2009\u200a\u202f\u205f\u3000"


@pytest.mark.parametrize("sign", HIDDEN, ids=ascii)
def test_what_nobody_sees_goes_from_a_name(sign: str) -> None:
    for text in (f"{sign}Movy", f"Mo{sign}vy", f"Movy{sign}", f"M{sign}{sign}ovy"):
        assert plain(text) == "Movy"


@pytest.mark.parametrize("sign", SPACES, ids=ascii)
def test_every_space_is_a_space(sign: str) -> None:
    assert plain(f"Firm{sign}A") == "Firm A"


def test_letters_that_a_hidden_character_parted_are_composed() -> None:
    assert plain("Ka\u200b\u0308yta") == "Käyta"


@pytest.mark.parametrize(
    "text", ["\u0645\u06cc\u200c\u062e\u0648\u0645", "क्\u200dष", "👩\u200d💻", "Käytännön", "日本"]
)
def test_a_joiner_that_has_a_meaning_stays(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ﬁrm a", "Firm A"),
        ("Firm\u00a0\u00a0A", "firm a"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0645", "\u0645\u06cc\u062e\u0648\u0645"),
        ("❤\ufe0f", "❤"),
        ("Ka\u0308si", "käsi"),
    ],
)
def test_names_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert identity(one) == identity(other)


def test_names_that_look_different_are_not() -> None:
    assert len({identity(name) for name in ("Firm A", "FirmA", "Firm-A", "Färm A", "Firm B")}) == 5


@pytest.mark.parametrize(
    "text", ["", " ", "\t", "\u00a0", "\u200b\u200d", "\ufeff \u2060", "\u3164"]
)
def test_a_cell_in_which_nobody_sees_anything_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "-", " a ", "\u200bx", "–"])
def test_a_cell_with_anything_to_see_is_not(text: str) -> None:
    assert not is_blank(text)


def test_a_letter_of_another_script_is_named() -> None:
    assert lookalikes("m\u043evy") == 'Its "\u043e" is CYRILLIC SMALL LETTER O.'
    assert lookalikes("\u0391lpha") == 'Its "\u0391" is GREEK CAPITAL LETTER ALPHA.'


@pytest.mark.parametrize("text", ["Movy", "Яндекс", "Яндекс Go", "Käytännön", "µTorrent"])
def test_words_of_one_script_have_no_such_letter(text: str) -> None:
    assert lookalikes(text) == ""
