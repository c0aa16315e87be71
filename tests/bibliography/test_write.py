"""New rows go into sheets beside those of people; all of the sheets are written, or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from smegraph.bibliography.errors import BibliographyError
from smegraph.bibliography.known import Row
from smegraph.bibliography.mapping import PERSONS, REFERENCES, WORKS, Mapping
from smegraph.bibliography.merge import Change, Fill
from smegraph.bibliography.write import compose, lock, replace_files
from smegraph.ontology.terms import IDENTIFIER, LABEL

OPEN = Path("/dev/fd")  # the descriptors of this process
BELL = {IDENTIFIER: "bell-1995", LABEL: "Bell (1995)"}


def change(*, fills: Sequence[Fill] = (), **rows: dict[str, str]) -> Change:
    """A change with a new row for each of some sheets, by the role in small letters."""
    made = Change(fills=list(fills))
    for role, cells in rows.items():
        made.rows[role.capitalize()].append(cells)
    return made


def fill(path: Path, place: int, property_: str, value: str) -> Fill:
    """A value for the empty cell of a row of a file."""
    return Fill(Row("a", "A", {}, "s", path, place, True, True, False), property_, value)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


# ---------------------------------------------------------------- texts


def test_without_a_change_no_file_gets_a_text(tmp_path: Path, mapping: Mapping) -> None:
    (tmp_path / "works.imported.csv").write_text("id,label\na,A\n", encoding="utf-8")
    assert compose(tmp_path, change(), mapping) == {}


def test_a_new_sheet_has_the_columns_that_an_import_can_fill(
    tmp_path: Path, mapping: Mapping
) -> None:
    texts = compose(tmp_path, change(works=BELL), mapping)
    (row,) = rows_of(texts[tmp_path / "works.imported.csv"])
    assert (row["id"], row["label"]) == ("bell-1995", "Bell (1995)")
    assert {"title", "year", "type", "evidenceBasis", "coder", "note"} <= row.keys()
    assert not {"locator", "charStart", "passageHash"} & row.keys()


def test_columns_that_name_rows_of_other_sheets_are_among_them(
    tmp_path: Path, mapping: Mapping
) -> None:
    link = mapping.link(REFERENCES, WORKS)
    texts = compose(tmp_path, change(references={link: "bell-1995"}), mapping)
    (row,) = rows_of(texts[tmp_path / "references.imported.csv"])
    assert row["work"] == "bell-1995"


def test_what_is_referred_to_is_written_before_what_refers_to_it(
    tmp_path: Path, mapping: Mapping
) -> None:
    link = mapping.link(REFERENCES, WORKS)
    made = change(references={link: "bell-1995"}, works=BELL, persons={IDENTIFIER: "bell-j"})
    names = [path.name for path in compose(tmp_path, made, mapping)]
    assert names == ["persons.imported.csv", "works.imported.csv", "references.imported.csv"]


def test_rows_that_are_there_stay_before_the_new_ones(tmp_path: Path, mapping: Mapping) -> None:
    path = tmp_path / "works.imported.csv"
    path.write_text("label,id\nA,a\n", encoding="utf-8")
    assert compose(tmp_path, change(works=BELL), mapping) == {
        path: "label,id\nA,a\nBell (1995),bell-1995\n"
    }


def test_a_column_that_is_missing_is_added_for_all_rows(tmp_path: Path, mapping: Mapping) -> None:
    path = tmp_path / "works.imported.csv"
    path.write_text("id,label\na,A\n", encoding="utf-8")
    made = change(works={**BELL, mapping.properties["Year"]: "1995"})
    assert compose(tmp_path, made, mapping)[path] == (
        "id,label,year\na,A,\nbell-1995,Bell (1995),1995\n"
    )


def test_what_a_sheet_has_no_column_for_is_left_out(tmp_path: Path, mapping: Mapping) -> None:
    path = tmp_path / "works.imported.csv"
    path.write_text("id,label\n", encoding="utf-8")
    texts = compose(tmp_path, change(works={**BELL, "urn:no-column": "x"}), mapping)
    assert texts[path] == "id,label\nbell-1995,Bell (1995)\n"


def test_a_cell_is_filled_in_the_row_and_the_file_where_it_is_empty(
    tmp_path: Path, mapping: Mapping
) -> None:
    path, other = tmp_path / "works.csv", tmp_path / "works.more.csv"
    for each in (path, other):
        each.write_text("id,label,year\na,A,\n\nb,B,\n", encoding="utf-8")
    year = mapping.properties["Year"]
    texts = compose(tmp_path, change(fills=[fill(path, 4, year, "1995")]), mapping)
    assert texts == {path: "id,label,year\na,A,\nb,B,1995\n"}


def test_cells_of_one_sheet_do_not_touch_a_sheet_of_another_kind(
    tmp_path: Path, mapping: Mapping
) -> None:
    path = tmp_path / "works.csv"
    path.write_text("id,label\na,A\n", encoding="utf-8")
    made = change(
        fills=[fill(path, 2, mapping.properties["Year"], "1995")], persons={IDENTIFIER: "bell-j"}
    )
    texts = compose(tmp_path, made, mapping)
    assert [path.name for path in texts] == ["persons.imported.csv", "works.csv"]
    assert (
        mapping.sheets[PERSONS].by_name["familyName"].name
        in texts[tmp_path / "persons.imported.csv"]
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_of_a_file_stay(
    tmp_path: Path, mapping: Mapping, end: str, mark: str
) -> None:
    path = tmp_path / "works.imported.csv"
    path.write_text(f"{mark}id,label{end}a,A{end}", encoding="utf-8", newline="")
    assert compose(tmp_path, change(works=BELL), mapping)[path] == (
        f"{mark}id,label{end}a,A{end}bell-1995,Bell (1995){end}"
    )


# ---------------------------------------------------------------- one import at a time


def test_a_folder_that_is_held_is_refused_to_another_import(tmp_path: Path) -> None:
    with (
        lock(tmp_path),
        pytest.raises(BibliographyError, match="Another import is at work"),
        lock(tmp_path),
    ):
        pass


def test_a_folder_is_let_go_when_an_import_fails(tmp_path: Path) -> None:
    with pytest.raises(LookupError), lock(tmp_path):
        raise LookupError
    with lock(tmp_path):
        pass


def test_no_descriptor_stays_open_when_a_folder_is_refused(tmp_path: Path) -> None:
    with lock(tmp_path):
        before = len(list(OPEN.iterdir()))
        with pytest.raises(BibliographyError), lock(tmp_path):
            pass
        assert len(list(OPEN.iterdir())) == before


# ---------------------------------------------------------------- files


def test_texts_take_the_place_of_files_byte_by_byte(tmp_path: Path) -> None:
    path, new = tmp_path / "works.csv", tmp_path / "persons.csv"
    path.write_text("old", encoding="utf-8")
    replace_files(tmp_path, {path: "id\r\né\r\n", new: "id\n"})
    assert {found.name: found.read_bytes() for found in tmp_path.iterdir()} == {
        "works.csv": "id\r\né\r\n".encode(), "persons.csv": b"id\n",
    }  # fmt: skip


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "works.csv"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    replace_files(tmp_path, {path: "new"})
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_a_killed_import_left_beside_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".works.csv.import.tmp").write_text("half", encoding="utf-8")
    replace_files(tmp_path, {})
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_cannot_be_written_leaves_every_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "works.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(BibliographyError, match=f"permissions of {tmp_path}, and import again"):
        replace_files(tmp_path, {path: "new", tmp_path / "no folder" / "persons.csv": "new"})
    assert [found.name for found in tmp_path.iterdir()] == ["works.csv"]
    assert path.read_text("utf-8") == "old"
