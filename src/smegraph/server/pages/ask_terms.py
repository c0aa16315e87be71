"""What the editor completes: classes, properties, concepts and things, found by name or label."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse

from smegraph.namespaces import PREFIXES, namespace_of
from smegraph.server.engine.engine import Engine
from smegraph.server.http.body import decode, read_body
from smegraph.server.http.fields import request_fields
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.ask_answer import MOST_LABELS, ask_labels
from smegraph.server.pages.asking import ask, load_query, record
from smegraph.server.pages.iris import plain_name
from smegraph.server.pages.lookup import Insert, Lookup, Tables

PATH: Final = "/ask/terms"
LABELS_PATH: Final = "/ask/labels"
MOST: Final = 30
"""How many terms are offered at once."""
KINDS: Final = ("class", "property", "concept", "thing")
_LONGEST: Final = 100  # characters that are looked for
_LIMIT: Final = 256 * 1024  # bytes of a list of IRIs
_TIMEOUT: Final = 10.0  # seconds in which it comes
_PARTS: Final = re.compile(r"[^\W_]+")
_LOCAL: Final = re.compile(r"[^\W_](?:[\w-]*\w)?|[^\W_]", re.ASCII)
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_SCHEMA: Final = """
CREATE TABLE term (iri TEXT PRIMARY KEY, kind INTEGER, label TEXT) WITHOUT ROWID;
CREATE TABLE word (word TEXT, iri TEXT, first INTEGER, PRIMARY KEY (word, iri)) WITHOUT ROWID;
"""


@record
class _TermRow:
    term: str


@record
class _LabelRow:
    term: str
    label: str
    is_concept: bool


async def _fill(engine: Engine, insert: Insert) -> None:
    """Fill the tables: a row for each term, and one for each word of its labels and its name."""
    classes = {row.term for row in await ask(engine, load_query("term-classes"), _TermRow)}
    properties = {row.term for row in await ask(engine, load_query("term-properties"), _TermRow)}
    named = await ask(engine, load_query("term-labels"), _LabelRow)
    terms, words = await asyncio.to_thread(_rows, classes, properties, named)
    await insert("term", terms)
    await insert("word", words)


def _rows(
    classes: set[str], properties: set[str], named: Iterable[_LabelRow]
) -> tuple[list[tuple[str, int, str]], list[tuple[str, str, int]]]:
    kinds = {**dict.fromkeys(properties, 1), **dict.fromkeys(classes, 0)}
    labels: dict[str, str] = {}
    words: list[tuple[str, str, int]] = []
    for row in named:
        kinds.setdefault(row.term, 2 if row.is_concept else 3)
        labels.setdefault(row.term, row.label)
        words += _words(row.term, row.label)
    for iri in kinds:
        words += _words(iri, _HUMP.sub(" ", iri.removeprefix(namespace_of(iri))))
    return [(iri, kind, labels.get(iri, plain_name(iri))) for iri, kind in kinds.items()], words


def _words(iri: str, text: str) -> list[tuple[str, str, int]]:
    parts = _PARTS.findall(text.casefold())[:20]
    return [(part, iri, int(place == 0)) for place, part in enumerate(parts)]


TERMS: Final = Tables("terms", _SCHEMA, _fill, "CREATE INDEX by_iri ON word (iri); ANALYZE")
"""Tables of all terms: term, word."""


@record
class TermRow:
    """A term as the tables have it; `kind` is a place in `KINDS`."""

    iri: str
    kind: int
    label: str


# Decision 093: docs/decisions/093-editor.md
async def find_terms(lookup: Lookup, text: str, kind: str = "") -> list[TermRow]:
    """Return up to 30 terms each of whose words begins like one of a text.

    Args:
        lookup: the tables.
        text: what was typed: words of a label, or a prefixed name as far as it is written.
        kind: what is wanted where it was typed, one of `KINDS`; it comes first. May be empty.
    """
    prefix, colon, local = text.rpartition(":")
    namespace = PREFIXES.get(prefix, "") if colon else ""
    words = _PARTS.findall(_HUMP.sub(" ", local if colon else text).casefold()[:_LONGEST])[:6]
    if not words and not namespace:
        return []
    conditions = [
        f"iri IN (SELECT iri FROM word WHERE word >= :w{n} AND word < :w{n} || char(1114111))"
        for n in range(len(words))
    ]
    if namespace:
        conditions.append("iri >= :start AND iri < :start || char(1114111)")
    first = (
        "EXISTS (SELECT 1 FROM word WHERE word.iri = term.iri AND first AND word >= :w0 "
        "AND word < :w0 || char(1114111)) DESC, "
        if words
        else ""
    )
    sql = (
        f"SELECT iri, kind, label FROM term WHERE {' AND '.join(conditions)} "
        f"ORDER BY kind = :kind DESC, {first}kind = 3, LENGTH(label), label LIMIT :most"
    )
    values = {f"w{n}": word for n, word in enumerate(words)}
    if namespace and not kind and local[:1].isalpha():  # As nearly all vocabularies write them.
        kind = "class" if local[0].isupper() else "property"
    wanted = KINDS.index(kind) if kind in KINDS else -1
    return await lookup.rows(
        TERMS, sql, {**values, "start": namespace, "kind": wanted, "most": MOST}, TermRow
    )


def offered(row: TermRow) -> dict[str, str]:
    """Return a term as the editor takes it: how it is written, and with which prefix."""
    namespace = namespace_of(row.iri)
    prefix = next((name for name, start in PREFIXES.items() if start == namespace), "")
    local = row.iri.removeprefix(namespace)
    fits = bool(prefix) and _LOCAL.fullmatch(local) is not None
    return {
        "iri": row.iri,
        "kind": KINDS[row.kind],
        "label": row.label,
        "insert": f"{prefix}:{local}" if fits else f"<{row.iri}>",
        "prefix": prefix if fits else "",
        "namespace": namespace if fits else "",
    }


def add_terms(app: FastAPI, engine: Engine, lookup: Lookup) -> None:
    """Add what the editor asks for: terms that fit a text, and the labels of things."""

    @app.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    async def terms(request: Request) -> JSONResponse:
        text, kind = _asked(request.query_params.multi_items())
        found = [offered(row) for row in await find_terms(lookup, text, kind)]
        return JSONResponse({"terms": found}, headers={"Cache-Control": "no-cache"})

    @app.post(LABELS_PATH, include_in_schema=False)
    async def labels(request: Request) -> JSONResponse:
        fields = request_fields(request.scope)
        body = await read_body(request.receive, fields, limit=_LIMIT, timeout=_TIMEOUT)
        iris = decode(body).split()
        if len(iris) > MOST_LABELS:
            raise HttpProblem(
                "invalid-parameter", f"Labels are told of {MOST_LABELS} things at once at most."
            )
        return JSONResponse({"labels": await ask_labels(engine, iris)})


def _asked(parameters: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return the text and the kind that a request names; raises HttpProblem."""
    found: Mapping[str, str] = dict(parameters)
    unknown = next((name for name in found if name not in ("q", "kind")), None)
    if unknown is not None:
        raise HttpProblem("unknown-parameter", f"There is no {unknown}; there are q and kind.")
    text, kind = found.get("q", ""), found.get("kind", "")
    if kind and kind not in KINDS:
        raise HttpProblem("invalid-parameter", f"No kind is {kind}; there are {', '.join(KINDS)}.")
    return text, kind
