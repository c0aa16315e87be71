"""The studies of this checkout: sound, proved against their sources, and in words of our own."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from smegraph.errors import Problem
from smegraph.namespaces import SME
from smegraph.ontology.schema import STUDY, Schema
from smegraph.ontology.terms import PASSAGES
from smegraph.sheets.yamlfile import read_record
from smegraph.studies.check import check_studies
from smegraph.studies.folder import find_folders
from smegraph.studies.passages import find_sources
from smegraph.studies.project import Project

WORDS_IN_A_ROW = 6
# Columns in which the coder writes sentences; what a document prints in a cell, a name or a list
# is a fact, and a reading may be one.
OWN_WORDS = ("statement", "note", "condition")


def records(repository: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """Every study's folder with the entries of its record."""
    for path in sorted((repository / "data" / "studies").glob("*/study.yaml")):
        table = read_record(path, path.name)
        yield path.parent, dict(zip(table.head, table.rows[0], strict=True))


def rows(repository: Path) -> Iterator[tuple[Path, int, dict[str, str]]]:
    """Every row of every study."""
    for path in sorted((repository / "data" / "studies").glob("*/*.csv")):
        with path.open(encoding="utf-8", newline="") as text:
            for number, row in enumerate(csv.DictReader(text), start=2):
                yield path, number, row


def errors(problems: list[Problem]) -> list[str]:
    return [f"{p.file}: {p.sentence()}" for p in problems if p.severity == "error"]


def source_texts(repository: Path, sources: Path) -> dict[str, str]:
    """The source text of every study, by the name of its folder; none may be missing."""
    files = find_sources(sources)
    return {
        folder.name: files[record["sourceFile"]].read_bytes().decode("utf-8")
        for folder, record in records(repository)
    }


def test_there_are_studies(repository: Path) -> None:
    assert len(list(records(repository))) >= 2


def test_no_sheet_has_an_error(repository: Path) -> None:
    problems = check_studies(Project(repository / "ontology", repository / "data"))
    assert errors(problems) == []


def test_every_passage_holds_in_its_source(repository: Path, sources: Path) -> None:
    problems = check_studies(Project.find(repository / "ontology", repository / "data", sources))
    assert errors(problems) == []
    assert "source-missing" not in {problem.kind for problem in problems}


def test_every_hash_is_that_of_its_passage(repository: Path, sources: Path) -> None:
    """The same without the code of the check, so that a fault in it cannot hide."""
    texts, counted = source_texts(repository, sources), 0
    for path, number, row in rows(repository):
        for prefix in ("", "other"):
            names = [f"{prefix}{n}" if not prefix else f"{prefix}{n[0].upper()}{n[1:]}"
                     for n in ("charStart", "charEnd", "passageHash")]  # fmt: skip
            start, end, digest = (row.get(name) or "" for name in names)
            if start:
                passage = texts[path.parent.name][int(start) : int(end)]
                assert passage.strip(), (path, number)
                assert hashlib.sha256(passage.encode()).hexdigest() == digest, (path, number)
                counted += 1
    assert counted > 1000


def test_every_source_is_the_one_that_was_coded(repository: Path, sources: Path) -> None:
    for folder, record in records(repository):
        data = (sources / record["sourceFile"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == record["sourceSha256"], folder.name


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of consecutive words of the forbidden length."""
    found = words(text)
    return set(zip(*(found[start:] for start in range(WORDS_IN_A_ROW)), strict=False))


def test_a_copied_sentence_would_be_found() -> None:
    source = "The firms that were studied did use social media to grow."
    assert runs("So firms that\nwere studied, did USE social media") & runs(source)
    assert not runs("Firms that were studied did grow") & runs(source)


def names(repository: Path) -> set[tuple[str, ...]]:
    """The runs of words in titles, names and places of publication: they carry over as they are."""
    columns = ("label", "altLabels", "title", "publishedIn", "asReported", "firstReading")
    found = {row.get(column) or "" for _, _, row in rows(repository) for column in columns}
    return set().union(*map(runs, found))


def web_addresses_left_out(text: str) -> str:
    """A text without the addresses in it, which are no words of a source either."""
    return re.sub(r"https?://[^\s;]+( \(accessed [^)]*\))?", "", text)


@pytest.mark.parametrize("column", OWN_WORDS)
def test_no_sentence_of_a_source_came_in(repository: Path, sources: Path, column: str) -> None:
    known = {study: runs(text) for study, text in source_texts(repository, sources).items()}
    printed = names(repository)
    copied = {
        f"{path.parent.name}/{path.name}:{number}": [" ".join(run) for run in shared]
        for path, number, row in rows(repository)
        if (
            shared := runs(web_addresses_left_out(row.get(column) or ""))
            & known[path.parent.name] - printed
        )
    }
    assert copied == {}


def test_every_fact_of_a_study_says_where_it_stands(repository: Path, schema: Schema) -> None:
    locator = PASSAGES[0].locator
    for folder in find_folders(repository / "data", schema):
        if folder.scope != STUDY:
            continue
        for sheet, table in folder.read():
            if not sheet.is_record and table.rows:
                if {f"{SME}ofFinding", f"{SME}estimates"} & sheet.by_path.keys():
                    continue  # such a row stands where the one that it names does
                at = table.head.index(sheet.by_path[locator].name)
                assert all(row[at].strip() for row in table.rows), (folder.name, sheet.name)
