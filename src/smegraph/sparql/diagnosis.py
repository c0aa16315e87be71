"""Where a query is wrong, and what was expected there.

Oxigraph matches a keyword by taking as many characters as the keyword has, so the position that
it reports lies up to fourteen characters beyond the fault, often at the end of the query. Parsing
the query again with wide gaps between its tokens makes the position exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from pyoxigraph import Store

from smegraph.sparql.tokens import Token, tokens
from smegraph.suggest import nearest

_LONGEST_KEYWORD: Final = 14  # ENCODE_FOR_URI
_GAP: Final = " " * (_LONGEST_KEYWORD + 2)
_NEVER_A_TOKEN: Final = "\x01"
_LONGEST_EXAMINED: Final = 20_000
_SHOWN: Final = 14
_SHORTEST_MISTYPED: Final = 4
_MESSAGE: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_ITEM: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\[[^\]]*\](?:\])?|<unreported>|[^,"\[]+')
_SENTENCE: Final = re.compile(r"[A-Za-z]+ [A-Za-z ]*[a-z]{2}")

_KINDS: Final[Mapping[str, str]] = {
    "?": "variable", "$": "variable", "<": "IRI", ":": "prefixed name", "_:": "blank node",
    '"': "string", "'": "string", '"""': "string", "'''": "string", "#": "", "<<": "",
    "<<(": "", "+": "", "-": "", ".": ".", "@": "language tag",
}  # fmt: skip

_REASONS: Final[Mapping[str, str]] = {
    "Prefix not found": "this prefix is not declared, and smegraph knows none of that name",
    "IRI parsing failed": "this is not an absolute IRI",
    "The SELECT contains a variable that is unbound": (
        "SELECT names a variable that is neither grouped by nor bound"
    ),
    "Duplicated variable name in SELECT": "SELECT names a variable twice",
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Where a query is wrong: line and column count characters from 1."""

    line: int
    column: int
    found: str
    expected: tuple[str, ...]
    reason: str

    def sentence(self) -> str:
        """Return the fault as one or two sentences for a person."""
        place = f"Line {self.line}, column {self.column}: "
        if self.reason:
            return f"{place}{self.reason}" + (f": {self.found}" if self.found else "") + "."
        found = f"{self.found!r} cannot stand here" if self.found else "the query ends too early"
        if meant := self._meant():
            return f"{place}{found}; did you mean {meant}?"
        if not self.expected:
            return f"{place}{found}."
        shown = [item if item[0].isalpha() else repr(item) for item in self.expected]
        more = ", …" if len(shown) > _SHOWN else ""
        one_of = "one of " if len(shown) > 1 else ""
        return f"{place}{found}; expected {one_of}{', '.join(shown[:_SHOWN])}{more}."

    def _meant(self) -> str:
        """Return the keyword that was probably mistyped, or nothing."""
        if len(self.found) < _SHORTEST_MISTYPED:
            return ""
        return nearest(self.found, self.expected, cutoff=0.7) or ""


def diagnose(
    query: str,
    prefixes: Mapping[str, str],
    message: str,
    base: str | None = None,
    *,
    is_update: bool = False,
) -> Diagnosis:
    """Return the place of a syntax error; `message` is what the engine said of the whole query.

    `prefixes` and `base` are what the query may use without declaring it. An update, which must
    hold neither SERVICE nor LOAD, is tried on an empty store of its own.
    """
    engine = partial(_update if is_update else _query, base_iri=base, prefixes=dict(prefixes))
    parse = partial(_parse, engine)
    found = _MESSAGE.match(message)
    if found is None:
        return Diagnosis(1, 1, "", (), message)
    line, column = int(found[1]), int(found[2])
    reason = _reason(found[3])
    if len(query) > _LONGEST_EXAMINED:
        return Diagnosis(line, column, "", (), reason or "the query is malformed near here")
    exact = _open_string(query) or _exact_token(query, parse)
    if exact is None:
        return Diagnosis(line, column, "", (), reason or "the query is malformed near here")
    before, wrong, reason = exact
    start = wrong.start if wrong else len(query)
    line = query.count("\n", 0, start) + 1
    column = start - (query.rfind("\n", 0, start) + 1) + 1
    expected = () if reason else _expected(before, parse)
    return Diagnosis(line, column, wrong.text[:60] if wrong else "", expected, reason)


def _open_string(query: str) -> tuple[str, Token, str] | None:
    """Return a quotation mark that opens no whole string: the engine blames the query's end."""
    marks = (token for token in tokens(query) if token.kind == "operator" and token.text in "\"'")
    mark = next(marks, None)
    return ("", mark, "this quotation mark opens a string that is not closed") if mark else None


def _exact_token(query: str, parse: _Parser) -> tuple[str, Token | None, str] | None:
    """Return the spaced text before the first wrong token, that token (None: the end), a reason."""
    spaced, starts, found = "", [], tokens(query)
    for token in found:
        starts.append(len(spaced))
        spaced += token.text + _GAP
    fault = parse(spaced)
    if fault is None:
        return None  # Spacing has mended the query: only the engine's own position is left.
    line, column, rest = fault
    offset = sum(len(part) + 1 for part in spaced.split("\n")[: line - 1]) + column - 1
    reason = _reason(rest)
    if offset >= len(spaced):
        return spaced, None, reason
    index = max(i for i, start in enumerate(starts) if start <= offset)
    return spaced[: starts[index]], found[index], reason


_Fault = tuple[int, int, str]
_Parser = Callable[[str], _Fault | None]


def _query(text: str, **known: Any) -> None:
    Store().query(text, **known)


def _update(text: str, **known: Any) -> None:
    with suppress(RuntimeError, OSError, ValueError):  # It parses; nothing else is asked.
        Store().update(text, **known)


def _parse(engine: Callable[[str], None], text: str) -> _Fault | None:
    """Parse over an empty store; return line, column and expectation of the fault, if any."""
    try:
        engine(text)
    except SyntaxError as error:
        found = _MESSAGE.match(str(error))
        return (int(found[1]), int(found[2]), found[3]) if found else None
    return None


def _expected(before: str, parse: _Parser) -> tuple[str, ...]:
    """Return what the grammar allows after `before`: signs and kinds of token, then keywords.

    At the end of the text the engine names every sign that it missed. A keyword it names only
    where exactly as many characters follow as the keyword has, so each length is asked in turn.
    """
    end = parse(before)
    signs = {_kind(item) for item in _items(end[2])} if end else set()
    keywords = set()
    for length in range(1, _LONGEST_KEYWORD + 1):
        fault = parse(before + _NEVER_A_TOKEN * length)
        items = _items(fault[2]) if fault else ()
        keywords |= {item for item in items if item.isupper() and len(item) == length}
    keywords.discard("SERVICE")  # The grammar has it; this endpoint refuses it.
    return (*sorted(signs - {""}), *sorted(keywords))


def _items(expectation: str) -> Iterator[str]:
    """Split the engine's list of expectations."""
    for match in _ITEM.finditer(expectation):
        if item := match.group().strip():
            yield item


def _kind(item: str) -> str:
    """Return one expectation as a person would say it, or nothing."""
    if item.startswith('"'):
        sign = item[1:-1].replace('\\"', '"').replace("\\'", "'")
        return _KINDS.get(sign, sign)
    if item.startswith("['0'"):
        return "number"
    if item.startswith("['A'"):
        return "prefixed name"
    return ""


def _reason(expectation: str) -> str:
    """Return the sentence among the expectations: what a check beyond the grammar says."""
    said = next((item for item in _items(expectation) if _SENTENCE.match(item)), "")
    return _REASONS.get(said, said)
