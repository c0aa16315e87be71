"""An answer as pages show it: a table with labels and links, a yes or no, or a graph as text."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from smegraph.namespaces import XSD
from smegraph.server.engine.engine import Engine, QueryRequest
from smegraph.server.pages.ask_window import form_of, window
from smegraph.server.pages.asking import ask, load_query, record
from smegraph.server.pages.things import Named, named
from smegraph.server.pages.views import Table

LABELS: Final = load_query("labels-of")
MOST_LABELS: Final = 600
"""How many things are asked for their labels at once."""
_PREFERRED: Final = ("", "en")
_NUMBERS: Final = frozenset(
    XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "gYear")
)
_SHOWN_TEXT: Final = 200_000  # characters of a graph


@record
class _LabelRow:
    thing: str
    label: str
    language: str
    rank: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a table.

    Attributes:
        text: what people read.
        thing: what it is, with its page here; None for a literal.
        note: its language; may be empty.
        is_number: whether it is a number.
    """

    text: str
    thing: Named | None = None
    note: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class AnswerText:
    """An answer as pages show it.

    Attributes:
        form: the form of the query: SELECT, ASK, CONSTRUCT or DESCRIBE.
        columns: the names of the variables.
        rows: a cell for each variable; None where it has no value.
        table: the same as plain values, IRIs in full.
        verdict: what an ASK is answered; None for other forms.
        text: a graph in Turtle; empty for other forms.
        more: whether there are rows behind these.
        hints: sentences on what the data have not.
    """

    form: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell | None]] = ()
    table: Table = field(default_factory=lambda: Table((), ()))
    verdict: bool | None = None
    text: str = ""
    more: bool = False
    hints: Sequence[str] = ()


async def ask_labels(engine: Engine, iris: Iterable[str]) -> dict[str, str]:
    """Return what people read of some things, by IRI; without those that have no label.

    Where there are several, one without a language or in English comes first.
    """
    wanted = [iri for iri in dict.fromkeys(iris) if _is_plain(iri)][:MOST_LABELS]
    if not wanted:
        return {}
    query = LABELS.replace("$things", " ".join(f"<{iri}>" for iri in wanted))
    rows = await ask(engine, query, _LabelRow)
    rows.sort(key=lambda row: (row.language not in _PREFERRED, row.rank, row.language, row.label))
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row.thing, row.label)
    return found


def _is_plain(iri: str) -> bool:
    """Say whether an IRI can stand between angle brackets, and is absolute (RFC 3987 §2.2)."""
    return ":" in iri and not any(c <= " " or c in '<>"{}|^`\\' for c in iri)


async def ask_answer(
    engine: Engine, query: str, skip: int = 0, size: int | None = None
) -> AnswerText:
    """Return the answer to a query, of a SELECT the rows of one page.

    Args:
        engine: what answers.
        query: a query of any form.
        skip: how many rows come before the page.
        size: how many rows a page has; None for all.

    Raises QueryRefused and EngineError as the engine does, of the query as it was given.
    """
    form = form_of(query)
    text = query if size is None else window(query, skip, size + 1)
    answer = await engine.answer(QueryRequest(text))
    try:
        body = await answer.read()
    finally:
        await answer.close()
    if answer.format != "json":
        return AnswerText(form, text=body.decode("utf-8")[:_SHOWN_TEXT], hints=answer.hints)
    found = await asyncio.to_thread(json.loads, body)
    if "boolean" in found:
        return AnswerText(form, verdict=found["boolean"], hints=answer.hints)
    bindings = found["results"]["bindings"]
    more = size is not None and len(bindings) > size
    kept = bindings[:size]
    iris = [term["value"] for row in kept for term in row.values() if term["type"] == "uri"]
    labels = await ask_labels(engine, iris)
    columns = found["head"]["vars"]
    return AnswerText(
        form,
        columns,
        [[_cell(row.get(name), labels) for name in columns] for row in kept],
        Table(columns, [[_plain(row.get(name)) for name in columns] for row in kept]),
        more=more,
        hints=answer.hints,
    )


def _cell(term: Mapping[str, Any] | None, labels: Mapping[str, str]) -> Cell | None:
    if term is None:
        return None
    value = term["value"]
    if term["type"] == "uri":
        thing = named(value, labels.get(value, ""))
        return Cell(thing.label, thing)
    if term["type"] == "triple":
        return Cell(json.dumps(value, ensure_ascii=False))
    if term["type"] == "bnode":
        return Cell(f"_:{value}")
    return Cell(value, note=term.get("xml:lang", ""), is_number=term.get("datatype") in _NUMBERS)


def _plain(term: Mapping[str, Any] | None) -> str | None:
    if term is None:
        return None
    value = term["value"]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
