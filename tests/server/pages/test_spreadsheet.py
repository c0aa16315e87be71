"""Workbooks, read back from their parts as ECMA-376 has them."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import pytest

from smegraph.server.pages import spreadsheet
from smegraph.server.pages.spreadsheet import LONGEST, TooManyRows, workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(content: bytes) -> dict[str, tuple[str, str]]:
    """The type and the value of each cell, by its place; a formula has the type `formula`."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(one.itertext()) for one in shared.findall(f"{MAIN}si")]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    found = {}
    for cell in sheet.iter(f"{MAIN}c"):
        kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
        if value is None:
            continue
        if cell.find(f"{MAIN}f") is not None:
            kind = "formula"
        found[cell.get("r", "")] = (kind, texts[int(value)] if kind == "s" else value)
    return found


def test_values_keep_their_kinds_and_what_is_missing_is_empty() -> None:
    rows = [["Größe", 3, 1.5, True, None], ["", -2, 0.0, False, "x"]]
    assert cells(workbook(["text", "n", "share", "hedged", "note"], rows)) == {
        "A1": ("s", "text"), "B1": ("s", "n"), "C1": ("s", "share"), "D1": ("s", "hedged"),
        "E1": ("s", "note"), "A2": ("s", "Größe"), "B2": ("n", "3"), "C2": ("n", "1.5"),
        "D2": ("b", "1"), "B3": ("n", "-2"), "C3": ("n", "0"), "D3": ("b", "0"), "E3": ("s", "x"),
    }  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "007", "https://example.org/a", "+49", "@SUM(A1)"])
def test_a_text_stays_a_text(text: str) -> None:
    assert cells(workbook(["a"], [[text]]))["A2"] == ("s", text)


def test_a_text_that_is_too_long_says_that_it_is_cut() -> None:
    kind, text = cells(workbook(["a"], [["x" * (LONGEST + 1)]]))["A2"]
    assert (kind, len(text)) == ("s", LONGEST)
    assert text.endswith("(cut here; the CSV has all)")
    assert cells(workbook(["a"], [["x" * LONGEST]]))["A2"] == ("s", "x" * LONGEST)


def test_what_is_no_finite_number_is_a_text() -> None:
    found = cells(workbook(["a"], [[float("nan")], [float("inf")]]))
    assert (found["A2"], found["A3"]) == (("s", "nan"), ("s", "inf"))


def test_equal_rows_are_equal_files() -> None:
    assert workbook(["a"], [["b"]]) == workbook(["a"], [["b"]])


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    assert cells(workbook(["a"], [[1], [2]]))["A3"] == ("n", "2")
    with pytest.raises(TooManyRows, match="A sheet holds 2 rows, and there are 3"):
        workbook(["a"], [[1], [2], [3]])
