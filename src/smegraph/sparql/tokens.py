"""The tokens of a SPARQL query, read to answer what the engine cannot be asked.

Oxigraph has no switch for federated queries and does not tell whether a query asks for the time
or for chance. Both follow from the query's words, once strings, IRIs and comments are set apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

# Nothing is tried in two ways, which would take 130 bytes of memory for a character.
IRI: Final = r"""<(?:[^\x00-\x20<>"{}|^`\\]++|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"""
STRINGS: Final = (
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"""',
    r"'''(?:[^'\\]++|\\.|'(?!''))*+'''",
    r'"(?:[^"\\\n\r]++|\\.)*+"',
    r"'(?:[^'\\\n\r]++|\\.)*+'",
)
COMMENT: Final = r"#[^\n\r]*"
# What may hold any character: strings, IRIs and comments (rules 139, 156 to 159).
QUOTED: Final = re.compile("|".join((*STRINGS, IRI, COMMENT)), re.DOTALL)
_VARIABLE: Final = r"[?$]\w+"
LANGUAGE: Final = r"@[A-Za-z]+(?:-+[A-Za-z0-9]+)*"
# A dot is within a name, never at its end (§19.8, rules 142 and 169).
_BLANK: Final = r"_:(?:[\w·‿⁀-]|\.++(?=[\w·‿⁀-]))+"
_NAME: Final = (
    r"(?P<prefix>(?:[^\W\d_][\w.·‿⁀-]*)?):"
    r"(?:[\w:·‿⁀-]|\.++(?=[\w:·‿⁀%\\-])|%[0-9A-Fa-f]{2}|\\[^\w\s])*"
)

_TOKEN: Final = re.compile(
    "|".join(
        (
            r"(?P<space>\s+)",
            f"(?P<comment>{COMMENT})",
            f"(?P<iri>{IRI})",
            f"(?P<string>{'|'.join(STRINGS)})",
            f"(?P<variable>{_VARIABLE})",
            f"(?P<language>{LANGUAGE})",
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
        """The place where the token ends (characters from 0, exclusive)."""
        return self.start + len(self.text)


def tokens(query: str) -> list[Token]:
    """Return the tokens of a query without white space and comments (SPARQL 1.1 Query §19.8)."""
    return [
        Token(match.lastgroup or "", match.group(), match.start())
        for match in _TOKEN.finditer(query)
        if match.lastgroup not in ("space", "comment")
    ]


def prefixes_in(query: str, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes that the query may use, and some more: the engine parses each anew."""
    return {prefix: start for prefix, start in prefixes.items() if f"{prefix}:" in query}


_PROLOGUE_WORDS: Final = frozenset({"BASE", "PREFIX", "VERSION"})
_QUERY_WORDS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATE_WORDS: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)


def is_query(text: str) -> bool:
    """Say whether the first word after the prologue begins a query."""
    return _first_word(text) in _QUERY_WORDS


def is_update(text: str) -> bool:
    """Say whether the first word after the prologue begins a SPARQL 1.1 Update operation."""
    return _first_word(text) in _UPDATE_WORDS


def _first_word(text: str) -> str:
    """Return the first word after the prologue in capitals; nothing when there is none."""
    words = (match.group().upper() for match in _TOKEN.finditer(text) if match.lastgroup == "word")
    return next((word for word in words if word not in _PROLOGUE_WORDS), "")


def token_at(query: str, start: int) -> Token | None:
    """Return the first token at or after `start`; nothing when only space and comments are left."""
    while match := _TOKEN.match(query, start):
        if match.lastgroup not in ("space", "comment"):
            return Token(match.lastgroup or "", match.group(), match.start())
        start = match.end()
    return None


# How the text may go on from one position, in every way the engine might read it. The engine's
# grammar has no word boundaries (`trueSERVICE <x>{}` is a federated call, and so is `SERVICE:x{}`)
# and decides by context whether "<" opens an IRI or means "less than".
_SKIPPED: Final = re.compile(
    f"(?:{COMMENT})|(?:{_VARIABLE})|(?:{LANGUAGE})|(?:{_BLANK})", re.DOTALL
)
_PREFIXED: Final = re.compile(_NAME)
_BETWEEN: Final = r"(?:\s|#[^\n\r]*(?:[\n\r]|$))*"
_OPENS_GROUP: Final = re.compile(_BETWEEN + r"\{")
_CALL: Final = re.compile(
    rf"SERVICE{_BETWEEN}(?:SILENT{_BETWEEN})?<(?P<iri>[^<>\s]*)>", re.IGNORECASE | re.ASCII
)
_WORD: Final = re.compile(r"\w+")
_STRICT_IRI: Final = re.compile(IRI)
_ANY_IRI: Final = re.compile(r"<[^>]*>")
_STRINGS: Final = tuple(re.compile(pattern, re.DOTALL) for pattern in STRINGS)


def calls_service(query: str, allowed: Collection[str] = frozenset()) -> bool:
    """Say whether some reading of the query holds the keyword SERVICE (SPARQL 1.1 Federation §2).

    A keyword that is followed by one of the `allowed` IRIs, written in full, is passed over: a
    variable or a prefixed name never is. Every reading is followed, so the answer is never a wrong
    "no"; a wrong "yes" needs an IRI or a string that reads as a graph pattern from its middle.
    Escapes such as `\\u0053` cannot form keywords in this engine; where they are decoded before it
    is asked (smegraph.sparql.engine_text), the question is put again.
    """
    if "service" not in query.lower():
        return False

    def is_call(found: re.Match[str]) -> bool:
        if found.re is _PREFIXED:
            federated = "service" in found["prefix"].lower()
            return federated and _OPENS_GROUP.match(query, found.end()) is not None
        if "service" not in found.group().lower():
            return False
        called = _CALL.match(query, found.start())
        return called is None or called["iri"] not in allowed

    return some_reading(query, is_call)


# What may follow such a name: its list of arguments, or a comment before that; for SERVICE, what
# names the other service.
_CHANGING: Final = re.compile(r"(?:now|rand|uuid|bnode)\s*[(#]|service\s*[<#?$:\w]")


# Decision 029: docs/decisions/029-entity-tags.md
def is_deterministic(query: str) -> bool:
    """Say whether the query gives the same result each time, as long as the data stay the same.

    It does unless it calls NOW, RAND, UUID, STRUUID or BNODE (SPARQL 1.1 Query §17.4.2, §17.4.4,
    §17.4.5), or another service. The text is only searched, in linear time, as this is asked
    outside of the workers: the answer is never a wrong "yes", and a wrong "no" costs a cache entry.
    An escape such as `\\u004E` may stand for a letter of a name.
    """
    lower = query.lower()
    return "\\u" not in lower and _CHANGING.search(lower) is None


def some_reading(query: str, sought: Callable[[re.Match[str]], bool]) -> bool:
    """Say whether, in some reading of the query, a word or a prefixed name is what is sought."""
    waiting, seen = [0], {0}
    while waiting:
        start = waiting.pop()
        if start >= len(query):
            continue
        ends = _readings(query, start, sought)
        if ends is None:
            return True
        for end in ends:
            if end not in seen:
                seen.add(end)
                waiting.append(end)
    return False


def _readings(query: str, start: int, sought: Callable[[re.Match[str]], bool]) -> list[int] | None:
    """Return where the token at `start` may end, in each reading; None when it is the sought."""
    character = query[start]
    if character in "\"'":
        return _readings_of_quote(query, start)
    if character == "<":
        return _readings_of_angle(query, start)
    if skipped := _SKIPPED.match(query, start):
        return [skipped.end()]
    if found := _PREFIXED.match(query, start) or _WORD.match(query, start):
        return None if sought(found) else [found.end()]
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
    if strict is None or could_be_comparison(strict.group()[1:-1]):
        ends.append(start + 1)
    return ends


def could_be_comparison(text: str) -> bool:
    """Say whether `<text>` might be "less than" with something to hide behind the operator.

    Two slashes in a row are no SPARQL outside of comments and strings, which rules out every IRI
    with an authority; and without a bracket, a comment or a quotation mark nothing can follow
    that closes the expression.
    """
    before = re.split(r"[#']", text, maxsplit=1)[0]
    return "//" not in before and any(character in text for character in ")#'")
