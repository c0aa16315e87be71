"""A text with parts replaced still knows where each character came from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smegraph.sparql.rewriting import Edit, Rewritten, blank


def test_what_is_not_replaced_comes_from_its_own_place() -> None:
    text = "one two three"
    changed = Rewritten(text).edited([Edit(4, 7, "a longer one"), Edit(0, 3, "1"), Edit(8, 8, "+")])
    assert changed.text == "1 a longer one +three"
    assert text[changed.origin(changed.text.index("three")) :] == "three"
    assert changed.origin(len(changed.text)) == len(text)


def test_what_is_put_in_comes_from_what_it_replaces() -> None:
    changed = Rewritten("a bc d").edited([Edit(2, 4, "longer")])
    assert [changed.origin(place) for place in range(2, 8)] == [2, 3, 4, 4, 4, 4]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.text("xy", max_size=4))))
def test_edits_upon_edits_lead_back_to_the_first_text(sizes: list[tuple[int, int, str]]) -> None:
    edits, place = [], 0
    for gap, length, text in sizes:
        edits.append(Edit(place + gap, place + gap + length, text))
        place += gap + length + 1
    letters = "".join(chr(0x100 + n) for n in range(place + 1))
    once = Rewritten(letters).edited(edits)
    twice = once.edited([Edit(0, 0, "zz")])
    for index, character in enumerate(twice.text):
        if character not in "xyz":
            assert letters[twice.origin(index)] == character


def test_a_text_without_edits_is_the_same() -> None:
    text = Rewritten("text")
    assert text.edited([]) is text


def test_blank_keeps_the_lines() -> None:
    assert blank("a\r\nbé\n") == " \r\n  \n"
