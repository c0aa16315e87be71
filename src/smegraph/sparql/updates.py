"""A SPARQL 1.1 Update made ready for the engine: what it may not reach, which dataset it sees."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode

from smegraph.sparql.diagnosis import Diagnosis, diagnose
from smegraph.sparql.errors import DatasetConflict, InvalidGraphName, MalformedQuery
from smegraph.sparql.tokens import Token, is_query, some_reading, tokens

_BETWEEN: Final = r"(?:\s|#[^\n\r]*(?:[\n\r]|$))*"
_LOAD: Final = re.compile(
    rf"LOAD{_BETWEEN}(?:SILENT{_BETWEEN})?<(?P<iri>[^<>\s]*)>", re.IGNORECASE | re.ASCII
)
_GLUED_LOAD: Final = re.compile(r"load(?P<silent>silent)?(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_DATASET_WORDS: Final = ("USING", "WITH")


# Decision 028: docs/decisions/028-silent-refusals.md
def calls_load(
    update: str, prefixes: Collection[str] = (), allowed: Collection[str] = frozenset()
) -> bool:
    """Say whether some reading of the update holds the operation LOAD (SPARQL 1.1 Update §3.1.4).

    LOAD of one of the `allowed` IRIs, written in full, is passed over. The engine knows no word
    boundaries: `LOADx:y` is both a prefixed name and LOAD of `x:y`, and counts as the latter when
    there is a prefix `x` (declared, or among `prefixes`). The answer is never a wrong "no".
    """
    if "load" not in update.lower():
        return False

    def is_load(found: re.Match[str]) -> bool:
        if "prefix" in found.re.groupindex:
            return _may_load(found["prefix"], update, prefixes)
        if "load" not in found.group().lower():
            return False
        loaded = _LOAD.match(update, found.start())
        return loaded is None or loaded["iri"] not in allowed

    return some_reading(update, is_load)


def _may_load(name: str, update: str, prefixes: Collection[str]) -> bool:
    """Say whether the part of a prefixed name before its colon may be LOAD and another prefix."""
    found = _GLUED_LOAD.fullmatch(name)
    if found is None:
        return False
    rests = {found["rest"], (found["silent"] or "") + found["rest"]}
    return any(rest in prefixes or _declares(update, rest) for rest in rests)


def _declares(update: str, prefix: str) -> bool:
    return re.search(rf"(?i:prefix){_BETWEEN}{re.escape(prefix)}:", update) is not None


def malformed(
    update: str, message: str, prefixes: Mapping[str, str], base: str | None
) -> MalformedQuery:
    """Return the error that tells where an update is wrong, from what the engine says."""
    if is_query(update):
        reason = "this is a query, and an update was asked for: send it as `query`"
        return MalformedQuery(Diagnosis(1, 1, "", (), reason))
    return MalformedQuery(diagnose(update, prefixes, message, base, is_update=True))


def with_dataset(
    update: str, default_graphs: Sequence[str] | None, named_graphs: Sequence[str] | None
) -> str:
    """Return the update with USING and USING NAMED before each WHERE (SPARQL 1.1 Update §3.1.3).

    The clauses stand on the line of their WHERE, so that lines keep their numbers. Raises
    InvalidGraphName, DatasetConflict when the update has USING, USING NAMED or WITH itself, and
    MalformedQuery when a WHERE cannot be told from the word that it is glued to.
    """
    if default_graphs is None and named_graphs is None:
        return update
    clauses = "".join(f"USING {graph} " for graph in _graphs(default_graphs))
    clauses += "".join(f"USING NAMED {graph} " for graph in _graphs(named_graphs))
    parts, done = [], 0
    for place, pattern in _wheres(update):
        parts += [update[done:place], pattern, " ", clauses]
        done = place
    return "".join([*parts, update[done:]])


def _graphs(iris: Sequence[str] | None) -> Iterator[NamedNode]:
    for iri in iris or ():
        try:
            yield NamedNode(iri)
        except ValueError as error:
            raise InvalidGraphName(f"{iri!r} is not an absolute IRI: {error}.") from error


def _wheres(update: str) -> Iterator[tuple[int, str]]:
    """Yield where each operation's WHERE stands, and what goes before the clauses there.

    `DELETE WHERE {P}` is short for `DELETE {P} WHERE {P}` and takes clauses in the long form only.
    """
    depth, found = 0, tokens(update)
    for index, token in enumerate(found):
        depth += _NESTING.get(token.text, 0) if token.kind == "operator" else 0
        if depth or token.kind != "word":
            continue
        word = token.text.upper()
        if word in _DATASET_WORDS:
            raise DatasetConflict
        if word == "WHERE":
            short = index > 0 and found[index - 1].text.upper() == "DELETE"
            yield token.start, _group(update, found[index + 1 :]) if short else ""
        elif any(part in word for part in ("WHERE", *_DATASET_WORDS)):
            raise _glued(update, token)


_NESTING: Final = {"{": 1, "{|": 1, "}": -1, "|}": -1}


def _group(update: str, following: Sequence[Token]) -> str:
    """Return the text of the group that the tokens begin with, on one line."""
    depth = 0
    for token in following:
        depth += _NESTING.get(token.text, 0) if token.kind == "operator" else 0
        if depth == 0:
            return " " + " ".join(_on_one_line(part) for part in following if part.end <= token.end)
    return ""


def _on_one_line(token: Token) -> str:
    """Return a token with escapes for the ends of lines that a long string may hold."""
    if token.kind != "string":
        return token.text
    return token.text.replace("\n", "\\n").replace("\r", "\\r")


def _glued(update: str, token: Token) -> MalformedQuery:
    line = update.count("\n", 0, token.start) + 1
    column = token.start - update.rfind("\n", 0, token.start)
    reason = "put spaces between keywords when the request names the dataset"
    return MalformedQuery(Diagnosis(line, column, token.text[:60], (), reason))
