"""Read the tokens of a SPARQL query, to answer what the engine cannot be asked.

Oxigraph has no switch for federated queries and does not tell whether a query has a dataset
clause. Both follow from the query's words, once strings, IRIs and comments are set apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_IRI: Final = r"""<(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>"""
_STRING: Final = (
    r'"""(?:\\.|[^\\])*?"""',
    r"'''(?:\\.|[^\\])*?'''",
    r'"(?:[^"\\\n\r]|\\.)*"',
    r"'(?:[^'\\\n\r]|\\.)*'",
)
_COMMENT: Final = r"#[^\n\r]*"
_VARIABLE: Final = r"[?$]\w+"
_LANGUAGE: Final = r"@[A-Za-z]+(?:-+[A-Za-z0-9]+)*"
_BLANK: Final = r"_:[\w.·‿⁀-]+"
_NAME: Final = r"(?P<prefix>(?:[^\W\d_][\w.·‿⁀-]*)?):(?:[\w:.·‿⁀-]|%[0-9A-Fa-f]{2}|\\[^\w\s])*"

_TOKEN: Final = re.compile(
    "|".join(
        (
            r"(?P<space>\s+)",
            f"(?P<comment>{_COMMENT})",
            f"(?P<iri>{_IRI})",
            f"(?P<string>{'|'.join(_STRING)})",
            f"(?P<variable>{_VARIABLE})",
            f"(?P<language>{_LANGUAGE})",
            f"(?P<blank>{_BLANK})",
            f"(?P<name>{_NAME})",
            r"(?P<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)",
            r"(?P<word>\w+)",
            r"(?P<operator><<\(|\)>>|\{\||\|\}|<<|>>|\^\^|\|\||&&|!=|<=|>=|.)",
        )
    ),
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind, its text, and where it begins (characters from 0)."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the token ends (characters from 0, exclusive)."""
        return self.start + len(self.text)


def tokens(query: str) -> list[Token]:
    """Return the tokens of a query without white space and comments (SPARQL 1.1 Query §19.8)."""
    return [
        Token(match.lastgroup or "", match.group(), match.start())
        for match in _TOKEN.finditer(query)
        if match.lastgroup not in ("space", "comment")
    ]


def has_dataset_clause(query: str) -> bool:
    """Say whether the query names its own dataset with FROM (SPARQL 1.1 Query §13.2)."""
    return any(token.kind == "word" and token.text.upper() == "FROM" for token in tokens(query))


_PROLOGUE_WORDS: Final = frozenset({"BASE", "PREFIX", "VERSION"})
_UPDATE_WORDS: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)


def is_update(query: str) -> bool:
    """Say whether the first word after the prologue begins a SPARQL 1.1 Update operation."""
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    return next((word for word in words if word not in _PROLOGUE_WORDS), "") in _UPDATE_WORDS


# How the text may go on from one position, in every way the engine might read it. The engine's
# grammar has no word boundaries (`trueSERVICE <x>{}` is a federated call, and so is `SERVICE:x{}`)
# and decides by context whether "<" opens an IRI or means "less than".
_SKIPPED: Final = re.compile(
    f"(?:{_COMMENT})|(?:{_VARIABLE})|(?:{_LANGUAGE})|(?:{_BLANK})", re.DOTALL
)
_PREFIXED: Final = re.compile(_NAME)
_OPENS_GROUP: Final = re.compile(r"(?:\s|#[^\n\r]*(?:[\n\r]|$))*\{")
_WORD: Final = re.compile(r"\w+")
_STRICT_IRI: Final = re.compile(_IRI)
_ANY_IRI: Final = re.compile(r"<[^>]*>")
_STRINGS: Final = tuple(re.compile(pattern, re.DOTALL) for pattern in _STRING)


def calls_service(query: str) -> bool:
    """Say whether some reading of the query holds the keyword SERVICE (SPARQL 1.1 Federation §2).

    Every reading is followed, so the answer is never a wrong "no"; a wrong "yes" needs an IRI or a
    string that reads as a graph pattern from its middle. Escapes such as `\\u0053` cannot form
    keywords in this engine, so they need no reading of their own.
    """
    waiting, seen = [0], {0}
    while waiting:
        start = waiting.pop()
        if start >= len(query):
            continue
        ends = _readings(query, start)
        if ends is None:
            return True
        for end in ends:
            if end not in seen:
                seen.add(end)
                waiting.append(end)
    return False


def _readings(query: str, start: int) -> list[int] | None:
    """Return where the token at `start` may end, in each reading; None when it is SERVICE."""
    character = query[start]
    if character in "\"'":
        return _readings_of_quote(query, start)
    if character == "<":
        return _readings_of_angle(query, start)
    if skipped := _SKIPPED.match(query, start):
        return [skipped.end()]
    if name := _PREFIXED.match(query, start):
        federated = "service" in name["prefix"].lower()
        return None if federated and _OPENS_GROUP.match(query, name.end()) else [name.end()]
    if word := _WORD.match(query, start):
        return None if "service" in word.group().lower() else [word.end()]
    return [start + 1]


def _readings_of_quote(query: str, start: int) -> list[int]:
    """Return where a string may end; nothing when it does not, since it is no token then.

    The engine takes the long form where it can, and cannot where an escape is wrong.
    """
    ends = []
    for string in _STRINGS:
        if match := string.match(query, start):
            ends.append(match.end())
            if "\\" not in match.group():
                break
    return ends


def _readings_of_angle(query: str, start: int) -> list[int]:
    """Return where "<" may lead: past an IRI, and past the operator where one could stand."""
    iri = _ANY_IRI.match(query, start)
    ends = [iri.end()] if iri else []
    strict = _STRICT_IRI.match(query, start)
    if strict is None or _could_be_comparison(strict.group()[1:-1]):
        ends.append(start + 1)
    return ends


def _could_be_comparison(text: str) -> bool:
    """Say whether `<text>` might be "less than" with something to hide behind the operator.

    Two slashes in a row are no SPARQL outside of comments and strings, which rules out every IRI
    with an authority; and without a bracket, a comment or a quotation mark nothing can follow
    that closes the expression.
    """
    before = re.split(r"[#']", text, maxsplit=1)[0]
    return "//" not in before and any(character in text for character in ")#'")
