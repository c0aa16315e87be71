"""Hints as a response header: a structured field of strings, whatever stands in them."""

from __future__ import annotations

import pytest

from smegraph.results.hint_field import LONGEST, decode_hints, encode_hints


@pytest.mark.parametrize(
    "hints",
    [
        ("`sme:couse` is in no graph.",),
        ('the graph has `"a\\b"`', "a second, with a comma"),
        ('the graph has `"Größe 100 %"@de`, 漢字 and "quotes"',),
        ("a line\nand a tab\t and no more",),
        ("",),
        (),
    ],
)
def test_hints_come_back_as_they_were(hints: tuple[str, ...]) -> None:
    assert decode_hints(encode_hints(hints).decode("ascii")) == hints


def test_the_header_has_printable_ascii_only() -> None:
    value = encode_hints(['ä"\r\nSet-Cookie: x', "漢字", "\x7f"])
    assert all(0x20 <= byte <= 0x7E for byte in value)


def test_hints_without_room_are_left_out_whole() -> None:
    value = encode_hints(["a" * 1500, "b" * 3000, "c" * 1500])
    assert len(value) <= LONGEST
    assert decode_hints(value.decode()) == ("a" * 1500, "c" * 1500)


@pytest.mark.parametrize("value", ["", "text", '"open', '"a" "b"', '"a", 7', '"a",', '%"%zz"'])
def test_what_is_no_list_of_strings_holds_no_hints(value: str) -> None:
    assert decode_hints(value) == ()
