"""PREFIX and BASE before the later operations of an update (SPARQL 1.1 Update, grammar rule 29).

The engine takes one prologue, at the beginning. A later one is taken out, and the names and IRIs
behind it are written in full, as the engine itself resolves them at that place. So the update stays
one text, which is carried out as a whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from smegraph.sparql.meanings import terms_meant
from smegraph.sparql.rewriting import Edit, blank
from smegraph.sparql.tokens import Token

_LATER: Final = re.compile(
    r";(?:\s|#[^\n\r]*(?:[\n\r]|$))*(?:PREFIX|BASE)(?!\w)", re.IGNORECASE | re.ASCII
)
_NESTING: Final[Mapping[str, int]] = {"{": 1, "{|": 1, "}": -1, "|}": -1}
_EXPRESSION: Final = re.compile(r"<(?!.*//).*(?:&&|\|\||[,)])")


class UnclearPrologue(Exception):
    """A later prologue is malformed, or what follows it cannot be told.

    Attributes:
        token: where.
        kept: the ranges of the prologues before it (characters from 0).
        reason: why, as a sentence for a person; empty where the engine can say it.
    """

    def __init__(self, token: Token, kept: Sequence[tuple[int, int]], reason: str = "") -> None:
        """Take the place, what is known before it, and the reason."""
        super().__init__(reason)
        self.token, self.kept, self.reason = token, kept, reason

    def alone(self, text: str) -> list[Edit]:
        """Return the edits that leave the prologues and what follows from here."""
        ends = [0, *(end for _, end in self.kept)]
        starts = [*(start for start, _ in self.kept), self.token.start]
        between = zip(ends, starts, strict=True)
        return [Edit(end, start, blank(text[end:start])) for end, start in between if end < start]


def has_later_prologue(update: str) -> bool:
    """Say whether an update may have a prologue behind a ";"; never a wrong "no"."""
    return _LATER.search(update) is not None


@dataclass(frozen=True, slots=True)
class _Known:
    """What is declared at one place, and what need not be."""

    prefixes: Mapping[str, str]
    base: str | None
    declared: str = ""

    def resolved(self, terms: Iterable[str]) -> list[str] | None:
        """Return the IRIs that terms stand for; nothing where the engine refuses one."""
        found = terms_meant(terms, self.declared, self.prefixes, self.base)
        return None if found is None else [str(getattr(term, "value", "")) for term in found]

    def each(self, terms: Sequence[str]) -> dict[str, str]:
        """Return the IRIs of those terms that have one."""
        whole = self.resolved(terms)
        if whole is not None:
            return dict(zip(terms, whole, strict=True))
        single = {term: self.resolved([term]) for term in terms}
        return {term: iris[0] for term, iris in single.items() if iris}


def prologue_edits(
    text: str, found: Sequence[Token], prefixes: Mapping[str, str], base: str | None
) -> Iterator[Edit]:
    """Yield the edits that take later prologues out of an update; `found` are its tokens.

    `prefixes` and `base` are what it may use without declaring it. What has no meaning at its
    place stays as it is, for the engine to refuse. Raises UnclearPrologue.
    """
    if not has_later_prologue(text):
        return
    known, kept, is_later = _Known(prefixes, base), list[tuple[int, int]](), False
    for index, operation in enumerate(_operations(found)):
        size = _prologue_size(operation, kept)
        if size:
            start, end = operation[0].start, operation[size - 1].end
            known = _Known(prefixes, base, f"{known.declared}\n{text[start:end]}")
            if known.resolved([]) is None:
                raise UnclearPrologue(operation[0], kept)
            kept.append((start, end))
            if index:
                is_later = True
                yield Edit(start, end, blank(text[start:end]))
        if is_later:
            yield from _expanded(operation[size:], known, kept)


def _operations(found: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens of each operation with its prologue, without the ";" between them."""
    depth, start = 0, 0
    for index, token in enumerate(found):
        if token.kind == "operator":
            depth += _NESTING.get(token.text, 0)
            if token.text == ";" and depth == 0:
                yield found[start:index]
                start = index + 1
    yield found[start:]


def _prologue_size(operation: Sequence[Token], kept: Sequence[tuple[int, int]]) -> int:
    """Return how many tokens the prologue has."""
    size = 0
    while size < len(operation):
        word = operation[size].text.upper()
        kinds = {"PREFIX": ("name", "iri"), "BASE": ("iri",)}.get(word)
        if kinds is None:
            break
        following = operation[size + 1 : size + 1 + len(kinds)]
        if tuple(token.kind for token in following) != kinds:
            raise UnclearPrologue(operation[0], kept)
        size += 1 + len(kinds)
    return size


def _expanded(
    operation: Sequence[Token], known: _Known, kept: Sequence[tuple[int, int]]
) -> Iterator[Edit]:
    """Yield the edits that write the names and the IRIs of an operation in full."""
    for token in _unclear(operation):
        raise UnclearPrologue(token, kept, _COMPARISON)
    terms = [token for token in operation if token.kind in ("name", "iri")]
    iris = known.each(list(dict.fromkeys(token.text for token in terms)))
    for token in terms:
        if token.text in iris and token.text != (full := f"<{iris[token.text]}>"):
            yield Edit(token.start, token.end, full)


_COMPARISON: Final = (
    'it is not clear whether this is an IRI or a comparison; put a space behind "<", or a prefix '
    "in the place of the IRI"
)


def _unclear(operation: Sequence[Token]) -> Iterator[Token]:
    """Yield what is an IRI by its characters, and "less than" to the engine, as in `(?a<1&&?b>2)`.

    Two slashes are no part of an expression.
    """
    opened = [""]
    for before, token in pairwise(operation):
        if before.text in _OPENING:
            opened.append(before.text)
        elif before.text in _CLOSING and len(opened) > 1:
            opened.pop()
        is_second = opened[-1] == "(" and (before.kind in _OPERANDS or before.text == ")")
        if token.kind == "iri" and is_second and _EXPRESSION.match(token.text):
            yield token


_OPENING: Final = frozenset("({[")
_CLOSING: Final = frozenset(")}]")
_OPERANDS: Final = frozenset({"variable", "number", "string", "language", "name", "iri", "word"})
