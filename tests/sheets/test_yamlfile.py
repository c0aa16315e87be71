"""``study.yaml`` is a sheet with one row; what could make it huge or deep is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.sheets.literals import split_cell
from smegraph.sheets.table import Table
from smegraph.sheets.yamlfile import MAX_RECORD_CHARACTERS, read_record


def read(tmp_path: Path, text: str) -> Table:
    path = tmp_path / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return read_record(path, "study.yaml")


def test_entries_become_cells_with_their_lines(tmp_path: Path) -> None:
    table = read(tmp_path, "# a comment\nid: my-study\n\nlabel: My study\n")
    assert (table.head, table.rows) == (["id", "label"], [["my-study", "My study"]])
    assert table.lines == {"id": 2, "label": 4}


def test_values_are_taken_as_they_are_written(tmp_path: Path) -> None:
    text = "a: 2020\nb: '2020'\nc: 010\nd: 1.50\ne: yes\nf: 2018-05-14\ng: 0x1F\nh: 1_000\n"
    assert read(tmp_path, text).rows == [
        ["2020", "2020", "010", "1.50", "yes", "2018-05-14", "0x1F", "1_000"]
    ]


@pytest.mark.parametrize("empty", ["", "''", "[]"])
def test_an_empty_entry_is_an_empty_cell(tmp_path: Path, empty: str) -> None:
    assert read(tmp_path, f"id: a\nnote: {empty}\n").rows == [["a", ""]]


def test_a_list_becomes_several_values(tmp_path: Path) -> None:
    table = read(tmp_path, "keywords:\n  - Social Media\n  - a; b\n  - 2020\n")
    assert split_cell(table.rows[0][0]) == ["Social Media", "a; b", "2020"]


def test_tags_make_no_objects(tmp_path: Path) -> None:
    table = read(tmp_path, "id: !!python/object/apply:os.getcwd []\nlabel: !!int twelve\n")
    assert [(problem.row, problem.column) for problem in table.problems] == [
        (1, "id"),
        (2, "label"),
    ]
    assert (table.head, table.rows) == ([], [])


def test_entries_that_hold_lists_are_known_as_such(tmp_path: Path) -> None:
    table = read(tmp_path, "title: [Untitled]\nkeywords:\n  - a\nlabel: x\n")
    assert table.lists == {"title", "keywords"}


def test_a_value_with_a_colon_is_told_with_what_to_write(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, "id: x\ntitle: Firms: a study\n").problems
    assert problem.row == 2
    assert 'Write title: "Firms: a study".' in str(problem.remedy)


@pytest.mark.parametrize(
    ("text", "row", "kind"),
    [
        ("id: &a x\nlabel: *a\n", 2, "record"),
        ("id: x\nlabel: {inner: y}\n", 2, "record"),
        ("id: x\nkeywords: [a, [b]]\n", 2, "record"),
        ("id: x\n? [a, b]\n: c\n", 2, "record"),
        ("id: x\nid: y\n", 2, "record"),
        ("id: x\nlabel: The #1 study\n", 2, "record"),
        ("id: x\nlabel: null\n", 2, "record"),
        ("id: x\n...\n", 2, "record"),
        ("- id\n", 1, "record"),
        ("just words\n", 1, "record"),
        ("", 1, "record"),
        ("id: x\n\tlabel: y\n", 2, "yaml-syntax"),
        ("id: x\nlabel: a: b\n", 2, "yaml-syntax"),
        ("id: x\n---\nid: y\n", 2, "yaml-syntax"),
        ("id: 'x\n", 2, "yaml-syntax"),
        ("id: \x07\n", None, "yaml-syntax"),
    ],
)
def test_what_is_no_record_is_refused_at_its_line(
    tmp_path: Path, text: str, row: int | None, kind: str
) -> None:
    table = read(tmp_path, text)
    (problem,) = table.problems
    assert (problem.row, problem.kind) == (row, kind)
    assert problem.remedy
    assert not problem.message.endswith("..")
    assert (table.head, table.rows) == ([], [])


def test_a_record_over_its_size_is_refused(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, "id: " + "x" * MAX_RECORD_CHARACTERS).problems
    assert problem.kind == "file-too-large"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_makes_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    table = read(tmp_path_factory.mktemp("yaml"), text)
    assert table.problems or table.rows


def test_the_records_of_the_studies_are_read(repository: Path) -> None:
    for path in sorted((repository / "data" / "studies").glob("*/study.yaml")):
        table = read_record(path, path.name)
        assert table.problems == []
        assert table.rows[0][table.head.index("id")] == path.parent.name


@pytest.mark.parametrize(
    "text",
    [
        "id:\u00a0a\nnote:\n  - b\n  - c\n",
        "\u200bid: a\nno\u00adte:\n  - b\n  - c\n",
        "\ufeff\ufeffid: a\nnote:\n\u00a0\u00a0- b\n  - c\n",
        "id: a\nnote:\n  -\u00a0b\n  -\u202fc\n",
        "id: a\nnote:\n\u200b  - b\n  - c\n",
    ],
)
def test_what_nobody_sees_is_no_part_of_the_markup(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, text)
    assert (table.head, table.rows, table.problems) == (["id", "note"], [["a", "b; c"]], [])


def test_a_space_in_a_value_stays_as_it_is(tmp_path: Path) -> None:
    assert read(tmp_path, "note: a\u00a0b:5\u202f%\n").rows == [["a\u00a0b:5\u202f%"]]


@pytest.mark.parametrize("text", ["k:\n  -a\n  - b\n", "k: a\n  - b\n", "k:\n  - a\n    - b\n"])
def test_items_that_would_become_one_text_are_refused(tmp_path: Path, text: str) -> None:
    (problem,) = read(tmp_path, text).problems
    assert (problem.row, problem.column) == (text.count("\n"), "k")
    assert "one text of a list" in problem.message


def test_a_tab_before_a_name_is_told_as_such(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, "id: a\n\tlabel: b\n").problems
    assert (problem.row, problem.remedy) == (2, "Indent with spaces; YAML takes no tab there.")


def test_a_colon_in_a_text_is_called_a_colon(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, "id: a\ntitle: Firms: a study\n").problems
    assert "a second colon in the line" in problem.message
    assert str(problem.remedy).endswith('Write title: "Firms: a study".')
