"""The text of a sheet: UTF-8 in one form, or a problem that says how to save it."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.errors import Problem
from smegraph.sheets.table import (
    MAX_CELL_CHARACTERS,
    MAX_FILE_BYTES,
    decode,
    huge_cell,
    read_text,
)

MEGABYTE = 1024 * 1024


def problem(data: bytes, shown: str = "sheet.csv") -> Problem:
    """What is wrong with some bytes."""
    found = decode(data, shown)
    assert isinstance(found, Problem)
    return found


# ---------------------------------------------------------------- UTF-8


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_a_text_in_utf_8_is_read_in_normal_form_c(text: str) -> None:
    assert decode(text.encode(), "sheet.csv") == unicodedata.normalize("NFC", text)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(codecs.BOM_UTF8 + b"id,label\n", "sheet.csv") == "id,label\n"


def test_line_ends_stay_as_they_are() -> None:
    assert decode(b"a\r\nb\rc\n", "sheet.csv") == "a\r\nb\rc\n"


# ---------------------------------------------------------------- other encodings


@pytest.mark.parametrize("name", ["utf-16", "utf-32"])
def test_a_file_with_the_mark_of_another_encoding_is_called_by_it(name: str) -> None:
    found = problem("id,label\n".encode(name))
    assert (found.kind, found.row) == ("encoding", None)
    assert found.message == f"The file is {name.upper()}."


def test_a_file_of_windows_is_guessed_and_the_first_wrong_byte_is_told() -> None:
    found = problem("id,label\na,Käytännön\n".encode("cp1252"))
    assert found.message == (
        "The file is not UTF-8 but looks like Windows-1252: byte 0xE4 in line 2."
    )
    assert (found.file, found.row) == ("sheet.csv", 2)


def test_a_file_of_utf_16_without_a_mark_is_guessed() -> None:
    assert "looks like UTF-16: byte 0xE4 in line 1" in problem("iä".encode("utf-16-le")).message


def test_a_file_of_no_known_encoding_is_not_guessed() -> None:
    assert problem(b"id\n\x81\n").message == "The file is not UTF-8: byte 0x81 in line 2."


@pytest.mark.parametrize(("data", "line"), [(b"id\na\n\0\n", 3), (b"\0id\n", 1)])
def test_a_nul_character_is_told_with_its_line(data: bytes, line: int) -> None:
    found = problem(data)
    assert (found.kind, found.row) == ("encoding", line)
    assert found.message == f"The file holds a NUL character in line {line}."


@pytest.mark.parametrize(
    ("shown", "remedy"),
    [("sheet.csv", 'Save it as "CSV UTF-8".'), ("study.yaml", "Save it as UTF-8.")],
)
def test_people_are_told_how_to_save_the_file(shown: str, remedy: str) -> None:
    assert problem(b"\xff", shown).remedy == remedy


# ---------------------------------------------------------------- files


def test_a_file_is_read_as_its_bytes_are(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(codecs.BOM_UTF8 + "é\r\n".encode())
    assert read_text(tmp_path / "a.csv", "a.csv") == "é\r\n"


@pytest.mark.parametrize("name", ["none.csv", "folder"])
def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    found = read_text(tmp_path / name, "shown.csv")
    assert isinstance(found, Problem)
    assert (found.file, found.kind) == ("shown.csv", "unreadable")


def test_a_file_over_the_limit_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)  # takes no room on the disk
    found = read_text(path, "huge.csv")
    assert isinstance(found, Problem)
    assert found.kind == "file-too-large"
    assert f"{MAX_FILE_BYTES + 1:,} bytes" in found.message


@pytest.mark.parametrize(
    ("before", "line"), [(b"", 1), (b"id\na\n" * (MEGABYTE // 5 + 1), 419_433)]
)
def test_a_stretch_too_long_for_a_cell_is_told_with_its_line(
    tmp_path: Path, before: bytes, line: int
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(before + b"x" * 3 * MEGABYTE)
    found = read_text(path, "a.csv")
    assert found == huge_cell("a.csv", line, line)


@pytest.mark.parametrize("end", [b",", b"\n", b"\r"])
def test_a_long_file_of_short_cells_is_read_whole(tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((b"x" * 999 + end) * 3000)
    text = read_text(path, "a.csv")
    assert isinstance(text, str)
    assert len(text) == 3_000_000


def test_a_cell_that_is_too_long_is_told_with_row_and_line() -> None:
    found = huge_cell("a.csv", 3, 7)
    assert (found.row, found.kind) == (3, "cell-too-large")
    assert found.message == f"A cell in line 7 has over {MAX_CELL_CHARACTERS:,} characters."
