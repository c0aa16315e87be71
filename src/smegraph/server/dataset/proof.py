"""Prove of a change that it can be read again, before it counts.

The engine writes a term of any length, and reads none of more than 16 MiB, whatever the format. So
a term has a limit, in bytes as it stands in N-Triples, where a character takes up to six: what one
way takes in, every other way can load.
"""

from __future__ import annotations

import re
from collections import deque
from pathlib import Path
from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from smegraph.server.dataset.errors import MalformedDocument, TermTooLong
from smegraph.sparql.tokens import QUOTED

TOKEN_TOO_LONG: Final = "buffer maximal size"  # what the engine says of one, in a MemoryError
LONGEST: Final = 8 * 2**20  # bytes; half of what the engine reads
WIDEST: Final = 6  # bytes in N-Triples for one of a value
_SHORT: Final = 200  # characters of a term that a message shows

# What N-Triples writes as two bytes, and as six.
_TWO: Final = re.compile(rb'["\\\n\r\t\x08\x0c]')
_SIX: Final = re.compile(rb"[\x00-\x07\x0b\x0e-\x1f\x7f]")

# What can make a term longer than those that it is made of, or bring one from elsewhere.
_GROWING: Final = re.compile(
    r"\b(?:concat|group_concat|replace|encode_for_uri|ucase|lcase|service|load)\b", re.IGNORECASE
)
_TERMS: Final = ("s", "p", "o", "g")
_TOO_LONG: Final = f"""SELECT ?s ?p ?o ?g {{
  {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }}
  FILTER({" || ".join(f"STRLEN(STR(?{name})) > %(most)d" for name in _TERMS)})
}}"""


# Decision 052: docs/decisions/052-proved-before-it-counts.md
def prove_document(path: Path, limit: int | None = None) -> None:
    """Prove that a file of N-Triples can be read, and that no term of it is above the limit.

    Raises TermTooLong, and MalformedDocument when it cannot be read.
    """
    if limit is not None:
        with path.open("rb") as file:
            for line in file:
                if len(line) > limit:
                    _check_statement(line, limit)
    try:
        deque(pyoxigraph.parse(path=path, format=RdfFormat.N_TRIPLES, lenient=True), maxlen=0)
    except SyntaxError as error:
        said = f"what it states cannot be written down and read again: {error.args[0]}"
        raise MalformedDocument(said) from error


def _check_statement(line: bytes, limit: int) -> None:
    """Refuse a line of N-Triples with a term that is too long; no IRI has a space there."""
    subject, predicate, rest = line.split(b" ", 2)
    value = rest.removesuffix(b"\n").removesuffix(b" .")
    for term in (subject, predicate):
        if len(term) > limit:
            raise TermTooLong(f"An IRI {_told(len(term), limit)}, and begins {_shown(term)}.")
    if len(value) > limit:
        kind = "literal" if value.startswith(b'"') else "term"
        raise TermTooLong(
            f"The value of {_shown(predicate)} of {_shown(subject)} is a {kind} that "
            f"{_told(len(value), limit)}."
        )


def prove_text(text: str, limit: int) -> None:
    """Raise TermTooLong with its place when a term that stands in a text is too long.

    The text is an update, or Turtle or one of its kin, which have the same tokens.
    """
    if len(text) * WIDEST <= limit:
        return
    for token in QUOTED.finditer(text):
        written = token.group()
        if len(written) * WIDEST > limit and not written.startswith("#"):
            size = _written_size(written)
            if size > limit:
                before = text[: token.start()]
                line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
                kind = "IRI" if written.startswith("<") else "literal"
                raise TermTooLong(f"This {kind} {_told(size, limit)}.", line, column)


def _written_size(token: str) -> int:
    """Return the bytes that a string or an IRI of SPARQL takes in N-Triples.

    A string with a wrong escape takes none: the engine tells what is wrong with it.
    """
    if token.startswith("<"):
        return len(token.encode("utf-8", "surrogatepass"))
    try:
        found = Store().query(f"SELECT ?value {{ VALUES ?value {{ {token} }} }}")
    except (SyntaxError, UnicodeEncodeError):
        return 0
    assert isinstance(found, QuerySolutions)
    value = next(found)["value"]
    assert isinstance(value, Literal)
    return size_of(value.value.encode()) + 2


def size_of(value: bytes) -> int:
    """Return the bytes that a value in UTF-8 takes between the quotes of N-Triples.

    >>> size_of("a\\nb".encode())
    4
    """
    return len(value) + len(_TWO.findall(value)) + 5 * len(_SIX.findall(value))


def may_grow(text: str) -> bool:
    """Say whether an update may make a term that is longer than each that it is made of."""
    return _GROWING.search(text) is not None


def prove_store(store: Store, limit: int) -> None:
    """Raise TermTooLong when a store holds a literal or an IRI that is too long."""
    found = store.query(_TOO_LONG % {"most": limit // WIDEST})
    assert isinstance(found, QuerySolutions)
    for solution in found:
        for name in _TERMS:
            size, term = _size_of_term(solution[name]), _cut(str(solution[name]))
            if size > limit and name == "o":
                subject, predicate = (_cut(str(solution[other])) for other in "sp")
                raise TermTooLong(
                    f"The value of {predicate} of {subject} would be a term that "
                    f"{_told(size, limit)}."
                )
            if size > limit:
                raise TermTooLong(f"An IRI {_told(size, limit)}, and would begin {term}.")


def _size_of_term(term: object) -> int:
    """Return the bytes that a term takes in N-Triples, a datatype or a language left out."""
    if isinstance(term, Literal):
        return size_of(term.value.encode()) + 2
    return len(term.value.encode()) + 2 if isinstance(term, NamedNode) else 0


def _told(size: int, limit: int) -> str:
    return f"takes {size} bytes in N-Triples, and {limit} is the limit"


def _shown(term: bytes) -> str:
    return _cut(term.decode("utf-8", "replace"))


def _cut(term: str) -> str:
    return term if len(term) <= _SHORT else f"{term[:_SHORT]}…"
