"""What the page of a fact shows beside what is said of it: its passage, notices, how to cite it."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import ask, load_query, on, record
from smegraph.server.pages.things import Named, named

FACT: Final = load_query("fact")
CONTEXT: Final = 240  # characters of the document before a passage, and as many behind it
_OPEN: Final = re.compile(
    r"\bCC[ -]BY\b|\bCC0\b|creativecommons\.org/(licenses/by|publicdomain)/", re.I
)
_WHITE: Final = re.compile(r"\s+")


@record
class FactRow:
    """A row of `fact.rq`: a work behind the fact, and a notice on a work or on the document."""

    statement: str
    study: str
    study_label: str = ""
    file: str = ""
    digest: str = ""
    rights: str = ""
    start: int = -1
    end: int = -1
    hash: str = ""
    locator: str = ""
    work: str = ""
    work_label: str = ""
    basis: str = ""
    notice: str = ""
    notice_kind: str = ""
    notice_date: str = ""
    notice_address: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a document, as far as its rights let it be shown.

    Attributes:
        before: what stands before it; empty where the document states no open licence.
        text: the passage.
        after: what stands behind it; empty likewise.
        is_open: whether the document states an open licence.
    """

    before: str
    text: str
    after: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """What a publisher printed on a work: a correction, a retraction, a doubt."""

    thing: Named
    kind: str
    date: str
    address: str


@dataclass(frozen=True, slots=True)
class FactText:
    """A fact as its page shows it.

    Attributes:
        iri: its IRI.
        statement: what it says.
        study: the document that says so.
        locator: where it stands there; may be empty.
        works: whose result it is; empty where only the document says it.
        basis: on what it rests; may be empty.
        rights: what the document says of its licence; may be empty.
        passage: the passage; None where the document is not at hand or is another text.
        notices: what publishers printed on these works.
    """

    iri: str
    statement: str
    study: Named
    locator: str
    works: tuple[Named, ...]
    basis: str
    rights: str
    passage: Passage | None
    notices: tuple[Notice, ...]

    @property
    def place(self) -> str:
        """The document and the place in it, in words."""
        return f"{self.study.label}, {self.locator}" if self.locator else self.study.label

    def citation(self, version: str) -> str:
        """Return how to cite this one fact, of a release."""
        others = [work.label for work in self.works if work != self.study]
        told = f"{'; '.join(others)}, as told in {self.place}" if others else self.place
        basis = f" [{self.basis}]" if self.basis else ""
        state = f"{version[:1].lower()}{version[1:]}"
        return f"{told}: “{self.statement}”{basis}. smegraph, {state}. {self.iri}"

    def report(self, version: str) -> str:
        """Return a text with which a mistake is reported: it needs the reporter's words only."""
        return (
            f"A mistake in smegraph, {version[:1].lower()}{version[1:]}\n\n"
            f"Fact: {self.iri}\nIt says: {self.statement}\nPlace: {self.place}\n\n"
            "What is wrong: \nWhat would be right: \nWhere the document says so: \n"
        )


async def ask_fact(engine: Engine, iri: str, sources: Mapping[str, Path]) -> FactText | None:
    """Return what a page shows of a fact; None where the graph has no fact with this IRI."""
    rows = await ask(engine, on(FACT, thing=iri), FactRow)
    if not rows:
        return None
    passage = await asyncio.to_thread(find_passage, rows[0], sources)
    return fact_of(iri, rows, passage)


def fact_of(iri: str, rows: list[FactRow], passage: Passage | None) -> FactText:
    """Return a fact as its page shows it, from the rows of the query."""
    first = rows[0]
    notices = {
        row.notice: Notice(
            named(row.notice, row.notice), row.notice_kind, row.notice_date, row.notice_address
        )
        for row in rows
        if row.notice
    }
    return FactText(
        iri=iri,
        statement=first.statement,
        study=named(first.study, first.study_label),
        locator=first.locator,
        works=tuple(dict.fromkeys(named(row.work, row.work_label) for row in rows if row.work)),
        basis=first.basis,
        rights=first.rights,
        passage=passage,
        notices=tuple(notices.values()),
    )


# Decision 096: docs/decisions/096-passages-on-pages.md
def find_passage(row: FactRow, sources: Mapping[str, Path]) -> Passage | None:
    """Return the passage of a fact from its document.

    Args:
        row: the fact; its offsets count Unicode code points from 0.
        sources: the documents at hand, by file name.

    None where the document is not at hand, cannot be read, is not the text that was coded, or
    holds something else there.
    """
    path = sources.get(row.file)
    if path is None or not 0 <= row.start < row.end:
        return None
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    passage = text[row.start : row.end]
    if _sha256(data) != row.digest or _sha256(passage.encode()) != row.hash:
        return None
    is_open = is_open_licence(row.rights)
    before = text[max(0, row.start - CONTEXT) : row.start] if is_open else ""
    after = text[row.end : row.end + CONTEXT] if is_open else ""
    return Passage(_of_words(before, first=True), _line(passage), _of_words(after), is_open)


def is_open_licence(rights: str) -> bool:
    """Say whether rights state a licence that lets everybody show the text.

    >>> is_open_licence("CC BY 4.0"), is_open_licence("no licence stated in the text")
    (True, False)
    """
    return bool(_OPEN.search(rights)) and not re.search(r"\bBY-[A-Z-]*N[CD]\b", rights, re.I)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _line(text: str) -> str:
    return _WHITE.sub(" ", text).strip()


def _of_words(text: str, *, first: bool = False) -> str:
    """Return a text without the part of a word with which it begins, or with which it ends."""
    words = text.split()
    cut = words[1:] if first else words[:-1]
    return " ".join(cut if len(text) == CONTEXT else words)
