"""CSV files are read as spreadsheets and people write them, and written as RFC 4180 says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.sheets.csvfile import read_csv, write_csv
from smegraph.sheets.invisible import is_blank
from smegraph.sheets.table import MAX_CELL_CHARACTERS, Table


def read(tmp_path: Path, text: str | bytes) -> Table:
    path = tmp_path / "sheet.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_csv(path, "sheet.csv")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples of a law."""
    return tmp_path_factory.mktemp("csv")


# Normal form C is what a file is brought into; a row without any text is no row.
CELL = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff", max_codepoint=0x2FF)
)
HEAD = st.lists(st.from_regex(r"[a-z]+", fullmatch=True), min_size=2, max_size=5, unique=True)


def has_text(row: list[str]) -> bool:
    return not all(map(is_blank, row))


@given(st.data(), HEAD)
def test_what_is_written_reads_back(folder: Path, data: st.DataObject, head: list[str]) -> None:
    row = st.lists(CELL, min_size=len(head), max_size=len(head)).filter(has_text)
    rows = data.draw(st.lists(row, max_size=8))
    table = read(folder, write_csv(head, rows))
    assert table.problems == []
    assert (table.head, table.rows) == (head, rows)
    assert table.places == list(range(2, len(rows) + 2))


def test_the_studies_are_written_as_they_stand(repository: Path) -> None:
    for path in sorted((repository / "data").rglob("*.csv")):
        text = path.read_text("utf-8")
        head, *rows = csv.reader(text.splitlines(keepends=True))
        assert write_csv(head, rows) == text, path


def test_text_is_brought_into_normal_form_c(tmp_path: Path) -> None:
    assert read(tmp_path, "id\nKa\u0308yta\u0308nno\u0308n\n").rows == [["Käytännön"]]


def test_names_of_columns_may_have_space_around_them(tmp_path: Path) -> None:
    assert read(tmp_path, "id , label\na,b\n").head == ["id", "label"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(tmp_path: Path, end: str) -> None:
    table = read(tmp_path, f'id,label{end}a,"one{end}two"{end}b,c')
    assert table.rows == [["a", f"one{end}two"], ["b", "c"]]


def test_a_line_separator_of_unicode_is_text(tmp_path: Path) -> None:
    assert read(tmp_path, "id,label\na,one\u2028two\x0bthree\n").rows == [
        ["a", "one\u2028two\x0bthree"]
    ]


def test_rows_without_text_are_passed_over_and_counted(tmp_path: Path) -> None:
    table = read(tmp_path, "id,label\n\na,b\n,\n\nc,d\n")
    assert (table.rows, table.places) == ([["a", "b"], ["c", "d"]], [3, 6])


def test_empty_cells_behind_the_last_column_are_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, "id,label\na,b,,\n").rows == [["a", "b"]]


def test_every_row_of_another_width_is_named(tmp_path: Path) -> None:
    table = read(tmp_path, "id,label\na\nb,c\nd,e,f\n")
    assert [(p.row, p.kind) for p in table.problems] == [(2, "row-width"), (4, "row-width")]
    assert table.rows == [["b", "c"]]


def test_rows_before_an_unclosed_quote_are_kept(tmp_path: Path) -> None:
    table = read(tmp_path, 'id,label\na,b\nc,"d\ne,f\n')
    assert table.rows == [["a", "b"]]
    assert [(p.row, p.kind) for p in table.problems] == [(3, "csv-syntax")]


def test_the_largest_cell_is_read_and_one_more_character_is_not(tmp_path: Path) -> None:
    assert read(tmp_path, f"id\n{'x' * MAX_CELL_CHARACTERS}\n").problems == []
    (problem,) = read(tmp_path, f"id\na\n{'x' * (MAX_CELL_CHARACTERS + 1)}\n").problems
    assert (problem.row, problem.kind) == (3, "cell-too-large")


def test_a_missing_file_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    (problem,) = read_csv(tmp_path / "none.csv", "none.csv").problems
    assert (problem.file, problem.kind) == ("none.csv", "unreadable")
    assert problem.remedy


def test_a_long_sheet_of_short_lines_is_read_whole(tmp_path: Path) -> None:
    table = read(tmp_path, "id,label\n" + "a,b\n" * 400_000)  # more than one piece of the file
    assert (len(table.rows), table.problems) == (400_000, [])


NAMES = ("id", "label", "altLabels", "size")


def read_named(tmp_path: Path, text: str) -> Table:
    (tmp_path / "sheet.csv").write_text(text, encoding="utf-8", newline="")
    return read_csv(tmp_path / "sheet.csv", "sheet.csv", NAMES)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_and_tabs_are_read_where_the_head_matches(tmp_path: Path, mark: str) -> None:
    rows = [["id", "label", "altLabels"], ["a", "Alpha, Oy", f'"B{mark} C"'], ["b", "1,5", ""]]
    table = read_named(tmp_path, "\r\n".join(mark.join(row) for row in rows))
    assert table.problems == []
    assert table.rows == [["a", "Alpha, Oy", f"B{mark} C"], ["b", "1,5", ""]]
    assert table.places == [2, 3]


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;"])
def test_a_line_that_names_the_separator_is_obeyed(tmp_path: Path, first: str) -> None:
    table = read_named(tmp_path, f"{first}\r\nid;other\r\na;b\r\n")
    assert (table.head, table.rows, table.problems) == (["id", "other"], [["a", "b"]], [])
    assert (table.head_place, table.places) == (2, [3])


def test_a_line_that_names_a_comma_is_no_head(tmp_path: Path) -> None:
    assert read_named(tmp_path, "sep=,\nid,label\na,b;c\n").rows == [["a", "b;c"]]


def test_a_head_of_commas_keeps_its_semicolons(tmp_path: Path) -> None:
    table = read_named(tmp_path, "id,label\na,b; c\n")
    assert (table.head, table.rows) == (["id", "label"], [["a", "b; c"]])


def test_a_head_that_does_not_match_is_not_guessed_at(tmp_path: Path) -> None:
    assert read_named(tmp_path, "id;lable\na;b\n").head == ["id;lable"]


def test_a_row_of_another_width_is_told_by_its_separator(tmp_path: Path) -> None:
    (problem,) = read_named(tmp_path, "id;label\na;b;c\n").problems
    assert (problem.row, problem.kind) == (2, "row-width")
    assert "holds a semicolon" in str(problem.remedy)


@pytest.mark.parametrize(
    "blank", ["", ",", " , ", "\t,", "\u00a0,\u200b", ",,,", '"",""', '" ","\u2060"', " "]
)
def test_a_row_in_which_nobody_sees_anything_is_no_row(tmp_path: Path, blank: str) -> None:
    table = read(tmp_path, f"{blank}\nid,label\n{blank}\na,b\n{blank}\nc,d\n{blank}\n")
    assert (table.head, table.rows, table.problems) == (
        ["id", "label"], [["a", "b"], ["c", "d"]], [],
    )  # fmt: skip
    assert (table.head_place, table.places) == (2, [4, 6])


def test_a_row_may_begin_with_an_empty_cell(tmp_path: Path) -> None:
    assert read(tmp_path, "id,label\n,b\n \u00a0,c\n").rows == [["", "b"], [" \u00a0", "c"]]


@pytest.mark.parametrize(
    "head", ["id,label,,", "id,label,Unnamed: 2,Unnamed: 3", "id,label,...3, "]
)
@pytest.mark.parametrize("row", ["a,b", "a,b,", "a,b,,", "a,b,,,,,"])
def test_rows_need_no_cells_of_columns_without_a_name(tmp_path: Path, head: str, row: str) -> None:
    table = read(tmp_path, f"{head}\n{row}\n")
    assert (table.rows, table.problems) == ([["a", "b", "", ""]], [])


def test_a_row_that_lacks_a_named_column_is_still_too_short(tmp_path: Path) -> None:
    table = read(tmp_path, "id,label,size,,\na,b\n")
    assert [(p.row, p.kind) for p in table.problems] == [(2, "row-width")]


def test_semicolons_are_known_beside_columns_without_a_name(tmp_path: Path) -> None:
    table = read_named(tmp_path, ";;;\nid;label;Unnamed: 2;\na;b;;\n")
    assert (table.separator, table.rows) == (";", [["a", "b", "", ""]])


@pytest.mark.parametrize("text", [" ", "\n\n", ",,\n , \n", "\ufeff", "\u200b\n", ";;;\n"])
def test_a_file_in_which_nobody_sees_anything_is_empty(tmp_path: Path, text: str) -> None:
    assert [p.kind for p in read(tmp_path, text).problems] == ["empty-file"]


@pytest.mark.parametrize(
    "head",
    ["\ufeff\ufeffid,label", "i\u200bd,label", "id\u00a0,la\u00adbel", "\u200eid,label\u2069"],
)
def test_heads_are_read_without_what_nobody_sees(tmp_path: Path, head: str) -> None:
    assert read(tmp_path, f"{head}\na,b\n").head == ["id", "label"]
