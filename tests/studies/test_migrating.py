"""Sheets with names of an earlier ontology are told and renamed; nothing else of them changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import STUDY, Schema
from smegraph.studies.folder import open_folder
from smegraph.studies.migrating import Change, changes

if TYPE_CHECKING:
    from tests.conftest import StudyCopy

Find = Callable[[Path, Schema], list[Change]]
ROWS = b'"a, ""b""",c;d\r\n\xc3\xa9, x \n'


def renamed(schema: Schema, sheet: str, column: str, old: str) -> Schema:
    """A schema in which a sheet was called "old-<its name>", and one of its columns `old`."""
    found = schema.sheets[sheet]
    columns = tuple(
        replace(one, former=frozenset({old})) if one.name == column else one
        for one in found.columns
    )
    sheets = dict(schema.sheets)
    sheets[sheet] = replace(found, columns=columns, former=frozenset({f"old-{sheet}"}))
    return Schema(sheets)


@pytest.fixture
def earlier(schema: Schema) -> Schema:
    return renamed(schema, "firms", "basedIn", "land")


@pytest.fixture
def found(ontology: Ontology) -> Callable[[Path, Schema], list[Change]]:
    """What the files of a folder need."""

    def find(folder: Path, schema: Schema) -> list[Change]:
        return list(changes(open_folder(folder, schema, scope=STUDY), schema, ontology))

    return find


@pytest.mark.parametrize(
    ("head", "new"),
    [
        (b"label,land\n", b"label,basedIn\n"),
        (b'"label","land"\r\n', b"label,basedIn\r\n"),
        (b"\xef\xbb\xbfland,label\r", b"\xef\xbb\xbfbasedIn,label\r"),
        (b"sep=;\nlabel;land\n", b"sep=;\nlabel;basedIn\n"),
        (b"label\tland\n", b"label\tbasedIn\n"),
        (b",\nlabel,la\xe2\x80\x8bnd\n", b",\nlabel,basedIn\n"),
    ],
)
def test_a_column_is_renamed_and_every_other_byte_stays(
    found: Find, tmp_path: Path, earlier: Schema, head: bytes, new: bytes
) -> None:
    path = tmp_path / "firms.csv"
    path.write_bytes(head + ROWS)
    (change,) = found(tmp_path, earlier)
    assert change.told == "land is now basedIn"
    change.carry_out()
    assert path.read_bytes() == new + ROWS
    assert found(tmp_path, earlier) == []
    assert [*tmp_path.iterdir()] == [path]


def test_an_entry_of_the_record_is_renamed_where_it_is_one(
    found: Find, tmp_path: Path, schema: Schema
) -> None:
    text = "id: one\ntitel: On titel\nabstract: |\n  titel: no entry\n"
    (tmp_path / "study.yaml").write_text(text, "utf-8")
    (change,) = found(tmp_path, renamed(schema, "study", "title", "titel"))
    change.carry_out()
    expected = text.replace("titel: On", "title: On")
    assert (tmp_path / "study.yaml").read_text("utf-8") == expected


def test_a_sheet_is_renamed_with_the_rest_of_its_name(
    found: Find, tmp_path: Path, earlier: Schema
) -> None:
    (tmp_path / "old-firms.more.csv").write_text("label\nA\n", "utf-8")
    (change,) = found(tmp_path, earlier)
    change.carry_out()
    assert [path.name for path in tmp_path.iterdir()] == ["firms.more.csv"]


def test_what_is_there_already_is_left_to_a_person(
    found: Find, tmp_path: Path, earlier: Schema
) -> None:
    (tmp_path / "old-firms.csv").write_text("label\nA\n", "utf-8")
    (tmp_path / "firms.csv").write_text("label,land,basedIn\nA,B,C\n", "utf-8")
    obstacles = [change.obstacle or "" for change in found(tmp_path, earlier)]
    assert ["firms.csv is there" in obstacles[0], "column basedIn" in obstacles[1]] == [True, True]


def test_a_sheet_under_a_former_name_is_told_with_the_new_one(
    tmp_path: Path, earlier: Schema
) -> None:
    (tmp_path / "old-firms.csv").write_text("label\nA\n", "utf-8")
    (problem,) = (
        p for p in open_folder(tmp_path, earlier, scope=STUDY).problems if p.kind == "renamed-sheet"
    )
    assert problem.message == 'The sheet "old-firms" is now called "firms".'
    assert "`smegraph migrate`" in (problem.remedy or "")


def test_a_column_of_the_first_edition_is_told_with_its_new_name(study: StudyCopy) -> None:
    study.add("findings.csv", statement="Use lowers distance.", lowers="mutual trust")
    error = next(e for e in study.check().errors if e["kind"] == "renamed-column")
    assert (error["kind"], error["column"]) == ("renamed-column", "lowers")
    assert error["message"] == 'The column "lowers" is now called "lowersDistanceThrough".'


HEAD = b"id,statement,cause,effect,note\r\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a,A.,market-intelligence,x,", b"a,A.,market-knowledge,x,"),
        (b"a,A.,voc:market-intelligence,x,y", b"a,A.,market-knowledge,x,y"),
        (
            b'a,"A, ""b""",Market intelligence,x,\xc3\xa9',
            b'a,"A, ""b""",market-knowledge,x,\xc3\xa9',
        ),
        (b'a,"line\r\nline","Bitcoin",x,', b'a,"line\r\nline","digital-currency-use",x,'),
        (b"a,A.,social-media-use,x,market-intelligence", None),
        (b"a,A.,no such thing,x,", None),
    ],
)
def test_a_cell_gets_the_concept_that_took_the_place_and_every_other_byte_stays(
    found: Find, tmp_path: Path, schema: Schema, before: bytes, after: bytes | None
) -> None:
    path = tmp_path / "findings.csv"
    path.write_bytes(HEAD + before + b"\r\n")
    for change in found(tmp_path, schema):
        change.carry_out()
    assert path.read_bytes() == HEAD + (after or before) + b"\r\n"
    assert found(tmp_path, schema) == []


def test_two_concepts_that_became_one_stand_once(
    found: Find, tmp_path: Path, schema: Schema
) -> None:
    path = tmp_path / "statements.csv"
    path.write_bytes(b"id,constructs\na,trust; market-intelligence;market-knowledge; Bitcoin\n")
    (change,) = found(tmp_path, schema)
    assert change.told == (
        "market-intelligence is now market-knowledge, Bitcoin is now digital-currency-use"
    )
    change.carry_out()
    expected = b"id,constructs\na,trust;market-knowledge; digital-currency-use\n"
    assert path.read_bytes() == expected


def test_a_concept_of_the_study_keeps_a_name_that_another_had(
    found: Find, tmp_path: Path, schema: Schema
) -> None:
    (tmp_path / "constructs.csv").write_text("prefLabel\nBitcoin\n", "utf-8")
    (tmp_path / "statements.csv").write_text("id,constructs\na,Bitcoin\n", "utf-8")
    assert found(tmp_path, schema) == []


@pytest.mark.parametrize("name", ["market-intelligence", "Bitcoin"])
def test_a_cell_with_a_former_name_is_told_with_the_new_one(study: StudyCopy, name: str) -> None:
    study.add("statements.csv", statement="Firms know more.", constructs=name)
    (error,) = (e for e in study.check().errors if e["kind"] == "former-name")
    assert (error["column"], error["value"]) == ("constructs", name)
    assert error["message"] == f'"{name}" is the name of no concept any more.'
    assert "`smegraph migrate` does so." in str(error["remedy"])
