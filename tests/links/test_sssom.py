"""SSSOM files are read strictly: rows in are rows out, and each fault has its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.links.sssom import read_sssom
from smegraph.namespaces import SKOS, VOC
from tests.links.conftest import COLUMNS, HEAD, ROW, kinds

if TYPE_CHECKING:
    from tests.links.conftest import Read

MORE = f"{COLUMNS}\tmapping_date\tconfidence\tcomment\tauthor_id\tpredicate_modifier"


def test_row_is_read_with_its_iris_and_its_line(read: Read) -> None:
    found = read()
    (link,) = found.links
    assert found.problems == []
    assert (link.row, link.subject, link.predicate, link.object) == (
        15, VOC + "apple", SKOS + "exactMatch", "https://example.org/fruit/1",
    )  # fmt: skip
    assert (found.iri, found.value("mapping_set_title")) == (
        "https://w3id.org/smegraph/mappings/fruit", "Fruit",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "kind", "row"),
    [
        ("#license: https://creativecommons.org/licenses/by/4.0/\n", "", "no-license", None),
        ("creativecommons.org/licenses/by/4.0/", "", "iri", 5),
        ("#license: https://", "#license: ", "iri", 5),
        ("#mapping_set_id: https://w3id.org/smegraph/mappings/fruit\n", "", "no-set-id", None),
        ("#mapping_set_title: Fruit\n", "", "no-title", None),
        ("#mapping_set_title", "#mapping_set_titel", "unknown-entry", 3),
        ("#mapping_set_version", "#mapping_set_title", "duplicate-entry", 4),
        ("#  ex: https", "#  voc: https", "duplicate-entry", 13),
        ("#  ex: https://example.org/fruit/", "#  ex: fruit", "prefix", 13),
        ("https://schema.org/", "http://schema.org/", "prefix", 11),
        ("Fruit\n", "Fruit: sweet\n", "yaml-syntax", 3),
        ('"1"\n', "[a, b]\n", "entry", 4),
    ],
)
def test_fault_of_the_head_is_told_with_its_line(
    read: Read, old: str, new: str, kind: str, row: int | None
) -> None:
    problems = read(head=HEAD.replace(old, new)).problems
    assert (kind, row) in [(problem.kind, problem.row) for problem in problems]
    assert all(problem.remedy for problem in problems)


@pytest.mark.parametrize(
    ("old", "new", "kind", "column"),
    [
        ("skos:exactMatch", "skos:sameMatch", "unknown-predicate", "predicate_id"),
        ("skos:exactMatch", "owl:sameAs", "owl-same-as", "predicate_id"),
        ("ex:1", "https://example.org/fruit/1", "iri-for-curie", "object_id"),
        ("ex:1", "<https://example.org/fruit/1>", "iri-for-curie", "object_id"),
        ("ex:1", "ex:1 2", "space-in-curie", "object_id"),
        ("ex:1", "ex:1 ", "space-in-curie", "object_id"),
        ("ex:1", "xe:1", "unknown-prefix", "object_id"),
        ("ex:1", "fruit", "curie", "object_id"),
        ("ex:1", "", "no-value", "object_id"),
        ("voc:apple", "", "no-value", "subject_id"),
        ("semapv:ManualMappingCuration", "", "no-justification", "mapping_justification"),
        ("semapv:Manual", "semapv:Manuel", "unknown-justification", "mapping_justification"),
        ("\tsemapv", "semapv", "cells", None),
        ("ex:1", '"ex:1', "tsv-syntax", None),
    ],
)
def test_fault_of_a_row_is_told_with_line_and_column(
    read: Read, old: str, new: str, kind: str, column: str | None
) -> None:
    found = read(ROW.replace("apple", "pear"), ROW.replace(old, new, 1))
    told = {(problem.kind, problem.row, problem.column) for problem in found.problems}
    assert (kind, 16, column) in told
    assert len(found.links) == 2


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ("29.11.2026\t\t\t\t", "date"),
        ("2026-02-30\t\t\t\t", "date"),
        ("20261129\t\t\t\t", "date"),
        ("\t1.5\t\t\t", "number"),
        ("\t0,9\t\t\t", "number"),
        ("\t\t a\t\t", "space"),
        ("\t\t\torcid:1\t", "unknown-prefix"),
        ("\t\t\t\tnot", "choice"),
    ],
)
def test_fault_of_another_column_is_told(read: Read, cells: str, kind: str) -> None:
    assert kinds(read(f"{ROW}\t{cells}", columns=MORE).problems) == [kind]


def test_what_other_columns_hold_is_kept(read: Read) -> None:
    found = read(f"{ROW}\t2026-11-29\t0.95\tA note.\tex:me|ex:you\tNot", columns=MORE)
    assert found.problems == []
    (link,) = found.links
    assert link.cells["comment"] == "A note."
    assert link.is_denied
    assert list(found.stated()) == []


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        (COLUMNS.replace("mapping_justification", "justification"), "unknown-column"),
        (COLUMNS.replace("mapping_justification", "justification"), "no-justification"),
        (COLUMNS.replace("object_id", "subject_id"), "duplicate-column"),
        (COLUMNS.replace("object_id", "comment"), "no-column"),
    ],
)
def test_columns_are_those_of_sssom(read: Read, columns: str, kind: str) -> None:
    assert kind in kinds(read(columns=columns).problems)


def test_faults_are_told_all_at_once_and_no_row_is_lost(read: Read) -> None:
    rows = [ROW.replace("ex:1", f"ex:{n} x") for n in range(30)]
    found = read(*rows)
    assert len(found.links) == len(found.problems) == 30


def test_an_empty_line_is_a_row_that_is_wrong(read: Read) -> None:
    found = read(ROW, "", ROW)
    assert ("cells", 16) in [(p.kind, p.row) for p in found.problems]
    assert len(found.links) == 3


@pytest.mark.parametrize("text", ["", HEAD, HEAD + "\n"])
def test_a_file_without_columns_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.sssom.tsv"
    path.write_text(text, "utf-8")
    assert "no-columns" in kinds(read_sssom(path, "a").problems)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    path.write_bytes((HEAD + COLUMNS + "\n" + ROW).encode("utf-16"))
    assert kinds(read_sssom(path, "a").problems) == ["encoding"]


def test_line_ends_of_windows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    path.write_bytes(f"{HEAD}{COLUMNS}\n{ROW}\n".replace("\n", "\r\n").encode())
    found = read_sssom(path, "a")
    assert (found.problems, len(found.links)) == ([], 1)
