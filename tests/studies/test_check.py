"""Broken sheets, as people write them: each is refused with its place and with what would do.

Each case below breaks real rows of a study and says what ``smegraph check`` must answer, all of it
and nothing besides. The command itself is run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from smegraph.studies.check import check_studies
from smegraph.studies.project import Project

if TYPE_CHECKING:
    from tests.conftest import Hold, StudyCopy


@dataclass(frozen=True)
class Wrong:
    """A problem that the check must report; ``says`` and ``remedy`` are parts of its words."""

    file: str
    row: int | None
    column: str | None
    kind: str
    value: str | None
    says: str
    remedy: str

    def is_told_by(self, problem: dict[str, Any]) -> bool:
        places = ("file", "row", "column", "kind", "value")
        return (
            all(problem.get(name) == getattr(self, name) for name in places)
            and self.says in problem["message"]
            and self.remedy in problem["remedy"]
        )

    def is_told_in(self, line: str) -> bool:
        place = "" if self.row is None else f"row {self.row}"
        place += f', column "{self.column}"' if self.column else ""
        start = f"{place}: " if place else ""
        return line.startswith(start) and self.says in line and self.remedy in line


Break = Callable[["StudyCopy"], list[Wrong]]
BREAKS: list[Break] = []


def broken(function: Break) -> Break:
    """Take a way of breaking a study into the list of cases."""
    BREAKS.append(function)
    return function


# ---------------------------------------------------------------------------- columns


@broken
def misspelt_column(study: StudyCopy) -> list[Wrong]:
    study.replace("firms.csv", "founded", "fuonded")
    return [
        Wrong(study.shown("firms.csv"), 1, "fuonded", "unknown-column", "fuonded",
              "no column of the sheet", 'Did you mean "founded"?'),
    ]  # fmt: skip


@broken
def column_in_the_wrong_case(study: StudyCopy) -> list[Wrong]:
    study.replace("firms.csv", "customerTypes", "CUSTOMERTYPES")
    return [
        Wrong(study.shown("firms.csv"), 1, "CUSTOMERTYPES", "unknown-column", "CUSTOMERTYPES",
              "no column of the sheet", 'Did you mean "customerTypes"?'),
    ]  # fmt: skip


@broken
def unknown_column(study: StudyCopy) -> list[Wrong]:
    study.set("samples.csv", 2, "zzz", "1")
    return [
        Wrong(study.shown("samples.csv"), 1, "zzz", "unknown-column", "zzz",
              '"zzz" is no column of the sheet', "Columns of this sheet: id, label, size"),
    ]  # fmt: skip


@broken
def repeated_column(study: StudyCopy) -> list[Wrong]:
    head, rows = study.table("samples.csv")
    study.save("samples.csv", [*head, "unit"], [[*row, "firm"] for row in rows])
    return [
        Wrong(study.shown("samples.csv"), 1, "unit", "repeated-column", "unit",
              "stands twice", "Keep one of them."),
    ]  # fmt: skip


@broken
def column_without_a_name(study: StudyCopy) -> list[Wrong]:
    head, rows = study.table("samples.csv")
    study.save("samples.csv", [*head, ""], [[*row, "what is this"] for row in rows])
    return [
        Wrong(study.shown("samples.csv"), 1, None, "unknown-column", "",
              f"Column {chr(65 + len(head))} has no name, and a value in row 2.",
              "Columns of this sheet: id"),
    ]  # fmt: skip


@broken
def missing_required_column(study: StudyCopy) -> list[Wrong]:
    study.drop("samples.csv", "unit")
    return [
        Wrong(study.shown("samples.csv"), 1, "unit", "missing-column", None,
              'The column "unit" is missing.', "Example: "),
    ]  # fmt: skip


# ---------------------------------------------------------------------------- cells


def firm_year(study: StudyCopy, column: str, value: str) -> tuple[str, int, str]:
    """Change a cell of what Firm A reported for 2018; gives file, row and column."""
    row = study.row("firm-observations.csv", firm="finnish-a", year="2018")
    study.set("firm-observations.csv", row, column, value)
    return study.shown("firm-observations.csv"), row, column


@broken
def integer_in_words(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "employees", "three")
    return [Wrong(*place, "invalid-cell", "three", "is not a whole number", "Write digits only")]


@broken
def integer_with_decimals(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "year", "2018.0")
    return [Wrong(*place, "invalid-cell", "2018.0", "is not a whole number", "for example 2014")]


@broken
def natural_number_below_zero(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "customers", "-182")
    return [Wrong(*place, "invalid-cell", "-182", "is below 0", "a whole number from 0")]


@broken
def decimal_with_a_currency_sign(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "turnover", "80 000 €")
    return [Wrong(*place, "invalid-cell", "80 000 €", "is not a number", "digits with a point")]


@broken
def comma_that_may_group_digits(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "exports", "32,000")
    return [Wrong(*place, "invalid-cell", "32,000", "may group digits", "Write 32000, or 32.000")]


@broken
def point_that_may_group_digits(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "exports", "32.000")
    return [Wrong(*place, "invalid-cell", "32.000", "may group digits", "Write 32000, or 32.0000")]


@broken
def boolean_in_other_words(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "currencyStated", "yes")
    return [Wrong(*place, "invalid-cell", "yes", "neither true nor false", "Write true or false.")]


@broken
def date_without_a_time(study: StudyCopy) -> list[Wrong]:
    study.set("interviews.csv", 2, "endedAt", "2018-05-14")
    return [
        Wrong(study.shown("interviews.csv"), 2, "endedAt", "invalid-cell", "2018-05-14",
              "is not a date with a time", "2018-05-14T13:00:00"),
    ]  # fmt: skip


@broken
def date_that_no_calendar_has(study: StudyCopy) -> list[Wrong]:
    study.set("interviews.csv", 2, "endedAt", "2018-02-30T13:00:00")
    return [
        Wrong(study.shown("interviews.csv"), 2, "endedAt", "invalid-cell", "2018-02-30T13:00:00",
              "is not a date with a time", "2018-05-14T13:00:00"),
    ]  # fmt: skip


@broken
def year_out_of_range(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "year", "20188")
    return [Wrong(*place, "invalid-cell", "20188", "is out of range", "from 1000 to 2100")]


@broken
def text_against_the_pattern(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "currency", "euro")
    return [Wrong(*place, "invalid-cell", "euro", "not have the form", "^[A-Z]{3}$")]


@broken
def key_with_a_capital(study: StudyCopy) -> list[Wrong]:
    study.set("samples.csv", 2, "id", "Case Firms")
    return [
        Wrong(study.shown("samples.csv"), 2, "id", "invalid-cell", "Case Firms",
              "does not have the form", "Example: "),
    ]  # fmt: skip


@broken
def value_that_is_not_in_the_list(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "confidence", "hihg")
    return [
        Wrong(*place, "invalid-cell", "hihg", "is not one of the allowed values",
              'Did you mean "high"? Allowed: high, medium, low.'),
    ]  # fmt: skip


@broken
def empty_required_cell(study: StudyCopy) -> list[Wrong]:
    study.set("samples.csv", 2, "unit", "  ")
    return [
        Wrong(study.shown("samples.csv"), 2, "unit", "empty-cell", None,
              "The cell is empty.", "Example: "),
    ]  # fmt: skip


@broken
def value_twice_in_a_cell(study: StudyCopy) -> list[Wrong]:
    study.set("firms.csv", 2, "offices", "Helsinki; Palo Alto; helsinki")
    return [
        Wrong(study.shown("firms.csv"), 2, "offices", "invalid-cell",
              "Helsinki; Palo Alto; helsinki", '"helsinki" stands twice', "Keep one."),
    ]  # fmt: skip


@broken
def control_character(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "note", "red \x1b[31mink")
    return [
        Wrong(*place, "invalid-cell", "red \x1b[31mink", "a control character", "Type the text")
    ]


@broken
def exports_above_turnover(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "exports", "80000.01")
    return [
        Wrong(*place, "order", "80000.01", "at most that of turnover",
              "turnover is 80000; correct one of them."),
    ]  # fmt: skip


# ---------------------------------------------------------------------------- references


@broken
def unknown_reference(study: StudyCopy) -> list[Wrong]:
    row = study.row("non-uses.csv", channel="instagram")
    study.set("non-uses.csv", row, "channel", "Instragram")
    return [
        Wrong(study.shown("non-uses.csv"), row, "channel", "invalid-cell", "Instragram",
              "is no known digital channel", 'Did you mean "Instagram"?'),
    ]  # fmt: skip


@broken
def reference_that_resembles_nothing(study: StudyCopy) -> list[Wrong]:
    row = study.row("non-uses.csv", channel="instagram")
    study.set("non-uses.csv", row, "channel", "Xqzvw")
    return [
        Wrong(study.shown("non-uses.csv"), row, "channel", "invalid-cell", "Xqzvw",
              "is no known digital channel", "Add it to its sheet"),
    ]  # fmt: skip


@broken
def reference_to_a_thing_of_another_class(study: StudyCopy) -> list[Wrong]:
    place = firm_year(study, "firm", "Instagram")
    return [
        Wrong(*place, "invalid-cell", "Instagram", "is no known firm",
              '"Instagram" is known as platform only (data/reference/channels.csv row '),
    ]  # fmt: skip


@broken
def label_of_two_things(study: StudyCopy) -> list[Wrong]:
    study.add("firms.csv", id="finnish-c", label="Firm A")
    place = firm_year(study, "firm", "Firm A")
    return [
        Wrong(*place, "invalid-cell", "Firm A", "names more than one firm",
              "Write a key: finnish-a, finnish-c."),
    ]  # fmt: skip


# ---------------------------------------------------------------------------- keys


@broken
def two_rows_with_one_key(study: StudyCopy) -> list[Wrong]:
    first = study.row("firm-observations.csv", firm="finnish-a", year="2018")
    second = study.add("firm-observations.csv", firm="Firm A", year="2018", employees="4")
    return [
        Wrong(study.shown("firm-observations.csv"), second, None, "duplicate-key", "finnish-a-2018",
              f"the key of row {first}: ", "made from firm, year"),
    ]  # fmt: skip


@broken
def two_rows_with_one_id(study: StudyCopy) -> list[Wrong]:
    second = study.add("samples.csv", id="case-firms", label="Firms", size="2", unit="firm")
    return [
        Wrong(study.shown("samples.csv"), second, None, "duplicate-key", "Firms",
              "the key of row 2: ", "made from id"),
    ]  # fmt: skip


@broken
def two_files_of_a_sheet_with_one_id(study: StudyCopy) -> list[Wrong]:
    shutil.copy(study.path("samples.csv"), study.path("samples.again.csv"))
    return [
        Wrong(study.shown("samples.csv"), 2, None, "duplicate-key", "Case firms",
              f"the key of {study.shown('samples.again.csv')} row 2: ", "made from id"),
    ]  # fmt: skip


@broken
def two_names_with_one_slug(study: StudyCopy) -> list[Wrong]:
    study.add("channels.csv", label="Google", kind="platform")
    second = study.add("channels.csv", label="Google+", kind="platform")
    return [
        Wrong(study.shown("channels.csv"), second, "id", "slug-collision", "Google+",
              '"Google+" and "Google" (row 2) would both have the key "google".',
              "Give each an id of its own."),
    ]  # fmt: skip


@broken
def name_with_the_slug_of_another_in_the_reference_data(study: StudyCopy) -> list[Wrong]:
    row = study.add("channels.csv", label="Google+", kind="platform")
    return [
        Wrong(study.shown("channels.csv"), row, "id", "slug-collision", "Google+",
              '"Google+" would have the key of "Google" (data/reference/channels.csv row',
              "Give it an id of its own"),
    ]  # fmt: skip


@broken
def id_of_another_thing_in_another_study(study: StudyCopy) -> list[Wrong]:
    other = study.data / "studies" / "a-study-before"
    other.mkdir()
    shutil.copy(study.path("study.yaml"), other)
    record = (
        (other / "study.yaml").read_text("utf-8").replace(f"id: {study.name}", "id: a-study-before")
    )
    (other / "study.yaml").write_text(record, encoding="utf-8")
    (other / "channels.csv").write_text("id,label,kind\nmix,Mixi,platform\n", encoding="utf-8")
    row = study.add("channels.csv", id="mix", label="Vero", kind="platform")
    return [
        Wrong(study.shown("channels.csv"), row, "id", "slug-collision", "Vero",
              '"Vero" has the id of "Mixi" '
              "(data/studies/a-study-before/channels.csv row 2)",
              "Give it an id of its own"),
    ]  # fmt: skip


@broken
def name_that_gives_no_key(study: StudyCopy) -> list[Wrong]:
    row = study.add("channels.csv", label="Одноклассники", kind="platform")
    return [
        Wrong(study.shown("channels.csv"), row, "id", "no-key", "Одноклассники",
              "gives no key", "Give it an id."),
    ]  # fmt: skip


# ---------------------------------------------------------------------------- files


@broken
def row_too_long(study: StudyCopy) -> list[Wrong]:
    text = study.path("samples.csv").read_text("utf-8").rstrip("\n")
    study.path("samples.csv").write_text(f"{text},one more\n", encoding="utf-8")
    return [
        Wrong(study.shown("samples.csv"), 2, None, "row-width", None,
              "more than the 10 columns", "must stand between double quotes"),
    ]  # fmt: skip


@broken
def row_too_short(study: StudyCopy) -> list[Wrong]:
    path = study.path("samples.csv")
    path.write_text(path.read_text("utf-8") + "more-firms,More firms\n", encoding="utf-8")
    return [
        Wrong(study.shown("samples.csv"), 3, None, "row-width", None,
              "The row has 2 cells, fewer than the 10 columns", "between double quotes"),
    ]  # fmt: skip


@broken
def unclosed_quote(study: StudyCopy) -> list[Wrong]:
    study.replace("samples.csv", "Case firms", '"Case firms')
    return [
        Wrong(study.shown("samples.csv"), 2, None, "csv-syntax", None,
              "cannot be read as CSV", 'written twice: "".'),
    ]  # fmt: skip


@broken
def utf_16(study: StudyCopy) -> list[Wrong]:
    text = study.path("samples.csv").read_text("utf-8")
    study.path("samples.csv").write_text(text, encoding="utf-16")
    return [
        Wrong(study.shown("samples.csv"), None, None, "encoding", None,
              "The file is UTF-16.", 'Save it as "CSV UTF-8".'),
    ]  # fmt: skip


@broken
def utf_16_without_a_mark(study: StudyCopy) -> list[Wrong]:
    text = study.path("samples.csv").read_text("utf-8").replace("Case firms", "Fallstudienfirmen ü")
    study.path("samples.csv").write_text(text, encoding="utf-16-le")
    return [
        Wrong(study.shown("samples.csv"), 2, None, "encoding", None,
              "looks like UTF-16", 'Save it as "CSV UTF-8".'),
    ]  # fmt: skip


@broken
def windows_1252(study: StudyCopy) -> list[Wrong]:
    study.set("samples.csv", 2, "label", "Käytännön yritykset – “Case”")
    text = study.path("samples.csv").read_text("utf-8")
    study.path("samples.csv").write_text(text, encoding="cp1252")
    return [
        Wrong(study.shown("samples.csv"), 2, None, "encoding", None,
              "looks like Windows-1252: byte 0xE4 in line 2", 'Save it as "CSV UTF-8".'),
    ]  # fmt: skip


@broken
def nul_character(study: StudyCopy) -> list[Wrong]:
    study.replace("samples.csv", "Case firms", "Case\0firms")
    return [
        Wrong(study.shown("samples.csv"), 2, None, "encoding", None,
              "a NUL character in line 2", 'Save it as "CSV UTF-8".'),
    ]  # fmt: skip


@broken
def empty_file(study: StudyCopy) -> list[Wrong]:
    study.path("samples.csv").write_text("\n \n", encoding="utf-8")
    return [
        Wrong(study.shown("samples.csv"), None, None, "empty-file", None,
              "The file is empty.", "Its first row must hold the column names"),
    ]  # fmt: skip


def finding(study: StudyCopy, sign: str) -> None:
    """Let the study hold one finding with a sign."""
    head = ["id", "statement", "cause", "effect", "foundBy", "sign"]
    row = ["one", "It grows.", "social-media-use", "international-growth", study.name, sign]
    study.save("findings.csv", head, [row])


@broken
def sign_that_is_none(study: StudyCopy) -> list[Wrong]:
    finding(study, "plus")
    return [
        Wrong(study.shown("findings.csv"), 2, "sign", "invalid-cell", "plus", "is no known sign",
              "Allowed: negative, no effect, nonlinear, positive, unsigned."),
    ]  # fmt: skip


@broken
def firm_that_no_sheet_has(study: StudyCopy) -> list[Wrong]:
    study.set("firm-observations.csv", 2, "firm", "Zqx")
    return [
        Wrong(study.shown("firm-observations.csv"), 2, "firm", "invalid-cell", "Zqx",
              "is no known firm",
              "Add it to its sheet, firms.csv, or write the name of one there."),
    ]  # fmt: skip


@broken
def file_separated_by_semicolons(study: StudyCopy) -> list[Wrong]:
    study.path("samples.csv").write_text(
        "id;label;sise;unit\ncase-firms;Firms, small;2;firm\n", encoding="utf-8"
    )
    return [
        Wrong(study.shown("samples.csv"), 1, None, "separator", "id;label;sise;unit",
              "separated by semicolons", "commas between the columns"),
    ]  # fmt: skip


@broken
def file_separated_by_tabs(study: StudyCopy) -> list[Wrong]:
    study.path("samples.csv").write_text("id\tlabel\tsise\tunit\na\tb\t2\tc\n", encoding="utf-8")
    return [
        Wrong(study.shown("samples.csv"), 1, None, "separator", "id\tlabel\tsise\tunit",
              "separated by tabs", "commas between the columns"),
    ]  # fmt: skip


@broken
def misspelt_sheet(study: StudyCopy) -> list[Wrong]:
    study.path("samples.csv").rename(study.path("sampels.csv"))
    return [
        Wrong(study.shown("sampels.csv"), None, None, "unknown-sheet", "sampels.csv",
              "is not the name of a sheet", 'Did you mean "samples.csv"?'),
    ]  # fmt: skip


@broken
def workbook_among_the_sheets(study: StudyCopy) -> list[Wrong]:
    study.path("Samples.xlsx").write_bytes(b"PK\x03\x04")
    return [
        Wrong(study.shown("Samples.xlsx"), None, None, "unknown-sheet", "Samples.xlsx",
              "is not the name of a sheet", 'Did you mean "samples.csv"?'),
    ]  # fmt: skip


@broken
def folder_among_the_sheets(study: StudyCopy) -> list[Wrong]:
    study.path("drafts").mkdir()
    return [
        Wrong(study.shown("drafts"), None, None, "unknown-file", "drafts",
              "A folder cannot stand beside sheets.", "Move it elsewhere."),
    ]  # fmt: skip


@broken
def sheet_of_a_study_in_the_reference_data(study: StudyCopy) -> list[Wrong]:
    study.path("samples.csv").rename(study.data / "reference" / "samples.csv")
    return [
        Wrong("data/reference/samples.csv", None, None, "misplaced-sheet", "samples.csv",
              'The sheet "samples" belongs into studies.', "Move the file there."),
    ]  # fmt: skip


# ---------------------------------------------------------------------------- passages


@broken
def passage_that_ends_before_it_starts(study: StudyCopy) -> list[Wrong]:
    study.set("samples.csv", 2, "charStart", "900")
    study.set("samples.csv", 2, "charEnd", "800")
    return [
        Wrong(study.shown("samples.csv"), 2, "charStart", "order", "900",
              "must be below that of charEnd", "charEnd is 800; correct one of them."),
    ]  # fmt: skip


@broken
def passage_without_its_hash(study: StudyCopy) -> list[Wrong]:
    study.set("samples.csv", 2, "passageHash", "")
    start = study.get("samples.csv", 2, "charStart")
    return [
        Wrong(study.shown("samples.csv"), 2, "charStart", "passage", start,
              "The passage lacks passageHash.", "Give charStart, charEnd, passageHash together."),
    ]  # fmt: skip


@broken
def hash_that_is_no_sha_256(study: StudyCopy) -> list[Wrong]:
    study.set("samples.csv", 2, "passageHash", "7E60")
    return [
        Wrong(study.shown("samples.csv"), 2, "passageHash", "invalid-cell", "7E60",
              "does not have the form", "^[0-9a-f]{64}$"),
    ]  # fmt: skip


# ---------------------------------------------------------------------------- the record


@broken
def missing_record(study: StudyCopy) -> list[Wrong]:
    study.path("study.yaml").unlink()
    return [
        Wrong(study.shown("study.yaml"), None, None, "missing-record", None,
              "The study has no study.yaml.", "`smegraph template` writes an empty one."),
    ]  # fmt: skip


@broken
def yaml_syntax_error(study: StudyCopy) -> list[Wrong]:
    line = study.replace("study.yaml", "rights: no", "rights: no: ")
    return [
        Wrong(study.shown("study.yaml"), line, None, "yaml-syntax", None,
              "cannot be read as YAML", "between quotation marks"),
    ]  # fmt: skip


@broken
def alias_bomb(study: StudyCopy) -> list[Wrong]:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    study.path("study.yaml").write_text(bomb, encoding="utf-8")
    return [
        Wrong(study.shown("study.yaml"), 2, None, "record", None,
              "An alias (*name) cannot stand in a record.", "Write the value itself."),
    ]  # fmt: skip


@broken
def lists_inside_lists_without_end(study: StudyCopy) -> list[Wrong]:
    study.path("study.yaml").write_text("coders: " + "[" * 50_000, encoding="utf-8")
    return [
        Wrong(study.shown("study.yaml"), 1, None, "record", None,
              "A list cannot stand inside a list.", "a list of values"),
    ]  # fmt: skip


@broken
def record_that_is_a_list(study: StudyCopy) -> list[Wrong]:
    study.path("study.yaml").write_text("# my study\n- id\n- label\n", encoding="utf-8")
    return [
        Wrong(study.shown("study.yaml"), 2, None, "record", None,
              "must hold names with values", "Write `name: value`"),
    ]  # fmt: skip


@broken
def empty_record(study: StudyCopy) -> list[Wrong]:
    study.path("study.yaml").write_text("# to be written\n", encoding="utf-8")
    return [
        Wrong(study.shown("study.yaml"), 1, None, "record", None,
              "The record is empty.", "Write `name: value`"),
    ]  # fmt: skip


@broken
def entry_twice(study: StudyCopy) -> list[Wrong]:
    study.replace("study.yaml", "keywords:", "label: Another label\nkeywords:")
    line = study.replace("study.yaml", "label: Another", "label: Another")
    return [
        Wrong(study.shown("study.yaml"), line, None, "record", None,
              'The entry "label" stands twice.', "Keep one."),
    ]  # fmt: skip


@broken
def misspelt_entry(study: StudyCopy) -> list[Wrong]:
    line = study.replace("study.yaml", "keywords:", "keyword:")
    return [
        Wrong(study.shown("study.yaml"), line, "keyword", "unknown-column", "keyword",
              "is no column of the sheet", 'Did you mean "keywords"?'),
    ]  # fmt: skip


@broken
def wrong_value_of_an_entry(study: StudyCopy) -> list[Wrong]:
    line = study.replace("study.yaml", "status: coded", "status: done")
    return [
        Wrong(study.shown("study.yaml"), line, "status", "invalid-cell", "done",
              "is not one of the allowed values", "Allowed: draft, coded, checked."),
    ]  # fmt: skip


@broken
def id_that_is_not_the_folders_name(study: StudyCopy) -> list[Wrong]:
    line = study.replace("study.yaml", f"id: {study.name}", "id: another-study")
    return [
        Wrong(study.shown("study.yaml"), line, "id", "record-id", "another-study",
              f'must be the name of the folder, "{study.name}"', "or rename the folder"),
    ]  # fmt: skip


@broken
def values_that_yaml_would_cut(study: StudyCopy) -> list[Wrong]:
    title = study.replace("study.yaml", "title: Chapter", "title: The #1 chapter")
    rights = study.replace("study.yaml", "rights: no", "rights: &no")
    return [
        Wrong(study.shown("study.yaml"), title, "title", "record", None,
              'YAML takes "#1 chapter on social media', 'Write title: "The #1 chapter on'),
        Wrong(study.shown("study.yaml"), rights, "rights", "record", None,
              "YAML takes &no for an anchor", 'Write rights: "&no licence stated in the text".'),
    ]  # fmt: skip


@broken
def list_in_an_entry_of_one_value(study: StudyCopy) -> list[Wrong]:
    line = study.replace("study.yaml", "title: Chapter on", "title: [Chapter] #")
    study.replace("study.yaml", "[Chapter] #", "[Chapter]\n#")
    return [
        Wrong(study.shown("study.yaml"), line, "title", "list", None,
              "holds a list, where one value belongs", "stand in quotes"),
    ]  # fmt: skip


@broken
def record_in_windows_1252(study: StudyCopy) -> list[Wrong]:
    study.replace("study.yaml", "Finnish software-firm", "Käytännön")
    text = study.path("study.yaml").read_text("utf-8")
    study.path("study.yaml").write_text(text, encoding="cp1252")
    return [
        Wrong(study.shown("study.yaml"), 2, None, "encoding", None,
              "looks like Windows-1252", "Save it as UTF-8."),
    ]  # fmt: skip


# ---------------------------------------------------------------------------- the tests


def test_there_are_enough_broken_sheets() -> None:
    assert len({case.__name__ for case in BREAKS}) == len(BREAKS) >= 50


@pytest.mark.parametrize("case", BREAKS, ids=[case.__name__ for case in BREAKS])
def test_the_check_names_what_is_wrong_where_and_what_would_do(
    case: Break, study: StudyCopy
) -> None:
    expected = case(study)
    checked = study.check()
    assert checked.exit_code == 1
    assert len(checked.errors) == len(expected), checked.errors
    for wrong in expected:
        assert any(wrong.is_told_by(error) for error in checked.errors), checked.errors
    told = study.run("check")
    assert told.exit_code == 1
    for wrong in expected:
        assert any(wrong.is_told_in(line) for line in told.under(wrong.file)), told.output


def test_a_sound_study_has_no_errors(study: StudyCopy) -> None:
    checked = study.check()
    assert checked.exit_code == 0
    assert checked.errors == []


def test_a_folder_with_many_errors_reports_all_of_them_in_one_run(study: StudyCopy) -> None:
    together = [
        misspelt_column, value_twice_in_a_cell, unknown_column, missing_required_column,
        empty_required_cell_of_a_step, boolean_in_other_words, text_against_the_pattern,
        exports_above_turnover, value_that_is_not_in_the_list, control_character,
        date_without_a_time, unknown_reference, two_names_with_one_slug, wrong_value_of_an_entry,
        workbook_among_the_sheets, windows_1252_in_the_rounds, two_rows_with_one_key,
    ]  # fmt: skip
    expected = [wrong for case in together for wrong in case(study)]
    checked = study.check()
    assert checked.exit_code == 1
    assert len(checked.errors) == len(expected) >= len(together), checked.errors
    for wrong in expected:
        assert any(wrong.is_told_by(error) for error in checked.errors), wrong


@pytest.mark.parametrize("name", ["id", "label"])
def test_two_rows_whose_names_look_the_same_never_become_two_things(
    study: StudyCopy, name: str
) -> None:
    for text in ("new-one", "new\u200b-one"):
        study.add("organizations.csv", **{"label": f"Organization {text}", name: text})
    assert [error["kind"] for error in study.check().errors] == ["duplicate-key"]


def test_a_study_says_the_same_with_characters_that_nobody_sees(study: StudyCopy) -> None:
    before = study.run("ingest").output
    for file in ("firms.csv", "firm-observations.csv", "interviews.csv"):
        path = study.path(file)
        text = path.read_text("utf-8").replace("finnish-a", "finn\u00adish\u2060-a\ufeff")
        path.write_text(text.replace("Firm A", "Firm\u00a0A\u200b"), "utf-8")
    assert study.run("ingest").output == before


def empty_required_cell_of_a_step(study: StudyCopy) -> list[Wrong]:
    study.set("selection-steps.csv", 2, "statement", "")
    return [
        Wrong(study.shown("selection-steps.csv"), 2, "statement", "empty-cell", None,
              "The cell is empty.", "Example: "),
    ]  # fmt: skip


def windows_1252_in_the_rounds(study: StudyCopy) -> list[Wrong]:
    """Interviews name rounds, so that each of them misses its round as well."""
    study.replace("interview-rounds.csv", "First interview", "Première interview")
    text = study.path("interview-rounds.csv").read_text("utf-8")
    study.path("interview-rounds.csv").write_text(text, encoding="cp1252")
    _, interviews = study.table("interviews.csv")
    return [
        Wrong(study.shown("interview-rounds.csv"), 2, None, "encoding", None,
              "looks like Windows-1252", 'Save it as "CSV UTF-8".'),
        *(
            Wrong(study.shown("interviews.csv"), row, "round", "invalid-cell",
                  study.get("interviews.csv", row, "round"), "is no known", "Add it to its sheet")
            for row in range(2, len(interviews) + 2)
        ),
    ]  # fmt: skip


def test_every_error_says_what_would_do(study: StudyCopy) -> None:
    for case in (misspelt_column, two_names_with_one_slug, unclosed_quote, misspelt_entry):
        case(study)
    assert all(error["remedy"] for error in study.check().errors)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\n\n,,,,,,,,,\n"),
        lambda data: data.replace(b"\n", b",,\n"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: data.replace(b",", b";"),
        lambda data: b"\xef\xbb\xbfsep=;\r\n" + data.replace(b",", b";"),
        lambda data: data.replace(b",", b"\t"),
    ],
    ids=[
        "byte order mark",
        "CRLF",
        "blank lines",
        "empty columns at the end",
        "CR",
        "semicolons",
        "sep",
        "tabs",
    ],
)
def test_what_spreadsheets_write_besides_is_accepted(
    change: Callable[[bytes], bytes], study: StudyCopy
) -> None:
    before = study.run("ingest", study.name_in_data())
    data = study.path("samples.csv").read_bytes()
    study.path("samples.csv").write_bytes(change(data).replace(b"coder,,", b"coder"))
    assert study.check().errors == []
    assert study.run("ingest", study.name_in_data()) == before


def test_a_row_behind_blank_lines_has_the_number_that_a_spreadsheet_shows(
    study: StudyCopy,
) -> None:
    study.path("samples.csv").write_text(
        '\nid,label,size,unit\n\na,"two\nlines",2,firm\n\nb,B,many,firm\n', encoding="utf-8"
    )
    (error,) = study.check().errors
    assert (error["row"], error["column"]) == (6, "size")


def test_the_head_behind_a_blank_line_has_its_own_number(study: StudyCopy) -> None:
    study.path("samples.csv").write_text("\nid,label,size,unti\n", encoding="utf-8")
    assert {error["row"] for error in study.check().errors} == {2}


# ---------------------------------------------------------------------------- sources


def with_source(study: StudyCopy, text: str) -> list[str]:
    """Reduce the study to one sheet whose passage stands in a source at hand."""
    for path in study.folder.glob("*.csv"):
        if path.name != "samples.csv":
            path.unlink()
    folder = study.data.parent / "sources"
    folder.mkdir()
    (folder / "ours.txt").write_text(text, encoding="utf-8", newline="")
    record = study.path("study.yaml").read_text("utf-8").splitlines()
    digest = hashlib.sha256(text.encode()).hexdigest()
    entries = {"sourceFile": "ours.txt", "sourceSha256": digest}
    lines = [
        next((f"{name}: {value}" for name, value in entries.items() if line.startswith(name)), line)
        for line in record
    ]
    study.path("study.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ["--sources", str(folder)]


def set_passage(study: StudyCopy, start: int, end: int, passage: str) -> None:
    digest = hashlib.sha256(passage.encode()).hexdigest()
    for column, value in (
        ("charStart", str(start)),
        ("charEnd", str(end)),
        ("passageHash", digest),
    ):
        study.set("samples.csv", 2, column, value)


def test_a_passage_that_the_source_bears_out_is_sound(study: StudyCopy) -> None:
    options = with_source(study, "Wir lernten zwei Firmen 🏢 kennen.\r\n")
    set_passage(study, 12, 25, "zwei Firmen 🏢")
    assert study.check(*options).problems == []


def test_a_passage_that_the_source_does_not_hold_is_refused(study: StudyCopy) -> None:
    options = with_source(study, "We came to know two firms.\n")
    set_passage(study, 16, 25, "ten firms")
    checked = study.check(*options)
    (error,) = checked.errors
    assert checked.exit_code == 1
    assert (error["file"], error["row"]) == (study.shown("samples.csv"), 2)
    assert (error["column"], error["kind"], error["value"]) == ("charStart", "passage", "16")
    assert "another text" in error["message"]
    assert hashlib.sha256(b"two firms").hexdigest() in error["remedy"]


def test_a_passage_behind_the_end_of_the_source_is_refused(study: StudyCopy) -> None:
    options = with_source(study, "We came to know two firms.\n")
    set_passage(study, 16, 250, "two firms")
    (error,) = study.check(*options).errors
    assert (error["message"], error["remedy"]) == (
        "The passage ends at 250.",
        "The source has 27 characters.",
    )


def test_a_source_that_is_not_the_one_that_was_coded_is_refused(study: StudyCopy) -> None:
    options = with_source(study, "We came to know two firms.\n")
    set_passage(study, 16, 25, "two firms")
    line = study.replace("study.yaml", "sourceSha256: ", "sourceSha256: " + "0" * 64 + "\n# ")
    (error,) = study.check(*options).errors
    assert (error["file"], error["row"]) == (study.shown("study.yaml"), line)
    assert (error["column"], error["value"]) == ("sourceSha256", "0" * 64)
    assert error["kind"] == "source-changed"
    found = hashlib.sha256(b"We came to know two firms.\n").hexdigest()
    assert found in error["message"]
    assert "0" * 64 in error["message"]
    assert "Use the document that was coded" in error["remedy"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_source_with_other_line_ends_is_told_as_such(study: StudyCopy, end: str) -> None:
    options = with_source(study, f"We came to know{end}two firms.{end}")
    other = {"\n": "\r\n", "\r\n": "\n"}[end]
    source = study.data.parent / "sources" / "ours.txt"
    source.write_bytes(source.read_bytes().replace(end.encode(), other.encode()))
    errors = {error["kind"]: error for error in study.check(*options).errors}
    name = {"\n": "LF", "\r\n": "CRLF"}[end]
    remedy = f"Only its line ends differ: take the file as it was, with {name}."
    assert errors["source-changed"]["remedy"] == remedy


def without_entries(study: StudyCopy, *names: str) -> None:
    """Take entries out of the record."""
    lines = study.path("study.yaml").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(names)]
    study.path("study.yaml").write_text("".join(kept), "utf-8")


def without_passages(study: StudyCopy) -> None:
    for path in study.folder.glob("*.csv"):
        head, _ = study.table(path.name)
        for column in ("charStart", "charEnd", "passageHash"):
            if column in head:
                study.drop(path.name, column)


@pytest.mark.parametrize("names", [("sourceSha256",), ("sourceFile", "sourceSha256")])
def test_a_study_without_a_text_needs_no_digest(study: StudyCopy, names: tuple[str, ...]) -> None:
    without_entries(study, *names)
    without_passages(study)
    assert study.check().errors == []


@pytest.mark.parametrize("name", ["sourceFile", "sourceSha256"])
def test_a_study_whose_rows_point_into_a_text_says_which(study: StudyCopy, name: str) -> None:
    without_entries(study, name)
    (error,) = study.check().errors
    assert (error["file"], error["column"], error["kind"]) == (
        study.shown("study.yaml"), name, "missing-value",
    )  # fmt: skip
    assert "as rows point into a text: " in error["message"]


def test_a_text_at_hand_gives_the_digest_that_is_missing(study: StudyCopy) -> None:
    options = with_source(study, "We came to know two firms.\n")
    set_passage(study, 16, 25, "two firms")
    without_entries(study, "sourceSha256")
    (error,) = study.check(*options).errors
    digest = hashlib.sha256(b"We came to know two firms.\n").hexdigest()
    assert error["remedy"] == f"Write sourceSha256: {digest}, if it was ours.txt."


def test_a_study_that_names_no_text_misses_none_among_the_sources(study: StudyCopy) -> None:
    options = with_source(study, "We came to know two firms.\n")
    without_entries(study, "sourceFile", "sourceSha256")
    without_passages(study)
    assert study.check(*options).problems == []


def test_a_source_that_is_not_at_hand_is_a_warning(study: StudyCopy) -> None:
    options = with_source(study, "We came to know two firms.\n")
    set_passage(study, 16, 25, "two firms")
    (study.data.parent / "sources" / "ours.txt").rename("elsewhere.txt")
    checked = study.check(*options)
    (warning,) = checked.problems
    assert checked.exit_code == 0
    assert (warning["kind"], warning["severity"]) == ("source-missing", "warning")


def test_a_source_that_is_not_utf_8_is_no_crash(study: StudyCopy) -> None:
    options = with_source(study, "We came to know two firms.\n")
    set_passage(study, 16, 25, "two firms")
    source = study.data.parent / "sources" / "ours.txt"
    source.write_bytes("Nous connûmes two firms.\n".encode("cp1252"))
    assert {error["kind"] for error in study.check(*options).errors} == {
        "source-changed",
        "passage",
    }


# ---------------------------------------------------------------------------- size

MEGABYTE = 1024 * 1024


def check_of_100_megabytes(
    study: StudyCopy, quote: str, text: str
) -> subprocess.CompletedProcess[str]:
    """What a check of its own process says of a large cell, and on standard error its memory."""
    with study.path("samples.csv").open("w", encoding="utf-8") as file:
        file.write("id,label,size,unit\na," + quote)
        for _ in range(100):
            file.write(text * (MEGABYTE // len(text)))
    # VmHWM begins anew with the process; getrusage remembers the one that started it.
    program = (
        "import re, sys; from pathlib import Path; from smegraph.cli.main import main\n"
        "try: main()\n"
        "finally:\n"
        "    status = Path('/proc/self/status').read_text()\n"
        "    print(re.search(r'VmHWM:\\s+(\\d+) kB', status)[1], file=sys.stderr)"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "check", "--ontology", str(study.ontology)],
        capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )  # fmt: skip


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory as Linux tells it")
@pytest.mark.parametrize(
    ("quote", "text", "limit"),
    [("", "x", 150), ('"', "x, y, z ", 350)],
    ids=["plain", "in an unclosed quote"],
)
def test_a_cell_of_100_megabytes_is_refused_in_little_memory(
    study: StudyCopy, quote: str, text: str, limit: int
) -> None:
    done = check_of_100_megabytes(study, quote, text)
    assert done.returncode == 1
    assert "  row 2: A cell in line 2 has over 100,000 characters." in done.stdout
    assert len(done.stdout) < 2000
    assert int(done.stderr) / 1024 < limit


@pytest.mark.timed
def test_a_cell_of_100_megabytes_is_refused_at_once(study: StudyCopy, hold: Hold) -> None:
    begun = time.perf_counter()
    check_of_100_megabytes(study, '"', "x, y, z ")
    hold("the check of a cell of 100 MB", time.perf_counter() - begun, 10)


def test_an_error_in_a_long_cell_is_told_in_short(study: StudyCopy) -> None:
    firm_year(study, "employees", "3" * 90_000)
    checked = study.run("check")
    assert checked.exit_code == 1
    assert len(checked.output) < 2000


# ---------------------------------------------------------------------------- which studies


def test_one_study_may_be_checked_alone(study: StudyCopy) -> None:
    misspelt_column(study)
    shutil.copytree(study.folder, study.data / "studies" / "another", dirs_exist_ok=True)
    record = study.data / "studies" / "another" / "study.yaml"
    text = record.read_text("utf-8").replace(f"id: {study.name}", "id: another")
    record.write_text(text, encoding="utf-8")
    files = {error["file"] for error in study.check("data/studies/another").errors}
    assert files == {"data/studies/another/firms.csv"}


def test_one_study_is_checked_against_what_the_others_name(study: StudyCopy) -> None:
    id_of_another_thing_in_another_study(study)
    (error,) = study.check(study.name_in_data()).errors
    assert (error["file"], error["kind"]) == (study.shown("channels.csv"), "slug-collision")


@pytest.mark.parametrize(
    ("sign", "concept"), [("+", "positive"), ("-", "negative"), ("\u2212", "negative")]
)
def test_a_sign_may_be_written_as_one(study: StudyCopy, sign: str, concept: str) -> None:
    finding(study, concept)
    before = study.run("ingest", study.name_in_data())
    finding(study, sign)
    assert study.run("ingest", study.name_in_data()) == before
    assert before.exit_code == 0


def test_a_sheet_stands_for_its_study(study: StudyCopy) -> None:
    misspelt_column(study)
    assert study.check(study.shown("samples.csv")).errors == study.check().errors


def test_a_study_outside_the_data_folder_may_use_the_reference_data(
    study: StudyCopy, tmp_path: Path
) -> None:
    outside = tmp_path / "desk" / study.name
    shutil.copytree(study.folder, outside)
    shutil.rmtree(study.folder)
    assert study.check(str(outside)).errors == []


def test_a_study_may_refer_to_another(study: StudyCopy) -> None:
    shutil.copytree(study.folder, study.data / "studies" / "another")
    record = study.data / "studies" / "another" / "study.yaml"
    text = record.read_text("utf-8").replace(f"id: {study.name}", "id: another")
    record.write_text(text, encoding="utf-8")
    study.set("firms.csv", 2, "caseIn", "another")
    assert study.check().errors == []


def test_no_studies_at_all_is_an_error(tmp_path: Path, ontology: object) -> None:
    (problem,) = check_studies(Project.find(data=tmp_path))
    assert (problem.kind, problem.severity) == ("no-data", "error")
    assert f"`smegraph template {tmp_path / 'studies' / 'my-study'}`" in str(problem.remedy)
