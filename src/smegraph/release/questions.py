"""Competency questions: queries in `ontology/questions`, each beside its expected answer.

A question is two files of a folder that stands for its topic: `<topic>/<name>.rq` and `.csv`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smegraph.results.formats import FORMATS
from smegraph.results.serialise import serialise
from smegraph.sparql.errors import QueryRefused
from smegraph.store import EmbeddedStore


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        topic: the name of its folder, such as `psychic-distance`; empty where it lies in none.
        name: the file name without the ending.
        title: the question in words (the comment `# title:`).
        sources: the parts of the documents that answer it, or the documents where no part does
            (each a comment `# source:`).
        text: the query, without the comments on title and sources.
        expected: the expected answer in SPARQL 1.1 CSV, or None when there is none.
    """

    topic: str
    name: str
    title: str
    sources: tuple[str, ...]
    text: str
    expected: str | None

    @property
    def path(self) -> str:
        """Topic and name, as the files are found below `questions/`."""
        return f"{self.topic}/{self.name}" if self.topic else self.name

    @property
    def heading(self) -> str:
        """The topic in words, as a heading."""
        return self.topic.replace("-", " ").capitalize()


@dataclass(frozen=True)
class Answer:
    """What the graph answers to a question.

    `missing` rows are expected and not found, `surplus` ones the reverse; rows in another
    order than expected are told by `misplaced`.
    """

    question: Question
    rows: int
    missing: tuple[tuple[str, ...], ...] = ()
    surplus: tuple[tuple[str, ...], ...] = ()
    misplaced: bool = False
    error: str | None = None

    @property
    def is_right(self) -> bool:
        """Whether the answer is the expected one."""
        return not (self.missing or self.surplus or self.misplaced or self.error)


def load_questions(folder: Path) -> list[Question]:
    """Return the questions of a folder and of those in it, by topic, then by title.

    Without a title a question is called by its name.
    """
    found = [_question(path, folder) for path in sorted(folder.rglob("*.rq"))]
    return sorted(found, key=lambda question: (question.topic, question.title))


_COMMENT = re.compile(r"^#\s*(title|source):\s*(.+?)\s*$\n?", re.MULTILINE)


def _question(path: Path, folder: Path) -> Question:
    text = path.read_text(encoding="utf-8")
    said: dict[str, list[str]] = {"title": [], "source": []}
    for match in _COMMENT.finditer(text):
        said[match[1]].append(match[2])
    answer = path.with_suffix(".csv")
    return Question(
        topic="" if path.parent == folder else path.parent.relative_to(folder).as_posix(),
        name=path.stem,
        title=" ".join(said["title"]) or path.stem.replace("-", " "),
        sources=tuple(said["source"]),
        text=_COMMENT.sub("", text).strip() + "\n",
        expected=answer.read_text(encoding="utf-8") if answer.is_file() else None,
    )


def ask_all(questions: list[Question], store: EmbeddedStore) -> Iterator[Answer]:
    """Put the questions to a store, one after the other."""
    for question in questions:
        yield ask(question, store)


def ask(question: Question, store: EmbeddedStore) -> Answer:
    """Put one question and compare the answer with the expected one."""
    try:
        body = serialise(store.query(question.text), FORMATS["csv"]).decode("utf-8")
    except QueryRefused as error:
        return Answer(question, 0, error=str(error))
    found = _rows(body)
    if question.expected is None:
        return Answer(question, max(len(found) - 1, 0), error="There is no expected answer.")
    wanted = _rows(question.expected)
    missing = tuple(row for row in wanted if wanted.count(row) > found.count(row))
    surplus = tuple(row for row in found if found.count(row) > wanted.count(row))
    misplaced = not missing and not surplus and wanted != found
    return Answer(question, max(len(found) - 1, 0), missing, surplus, misplaced)


def _rows(text: str) -> list[tuple[str, ...]]:
    """Rows of SPARQL 1.1 CSV with the head first; an ASK has one cell and no head."""
    # An empty line is a row whose one variable is unbound.
    return [tuple(row) or ("",) for row in csv.reader(io.StringIO(text, newline=""))]
