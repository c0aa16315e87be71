"""Where a query or an update is wrong, and what was expected there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from smegraph.sparql.engine_text import decoded_text
from smegraph.sparql.probe import LONGEST_KEYWORD, NEVER_A_TOKEN, Fault, Probe, spaced
from smegraph.sparql.rules import Faulty, broken_rule
from smegraph.sparql.tokens import Token, tokens
from smegraph.suggest import nearest

_LONGEST_EXAMINED: Final = 20_000
_SHOWN: Final = 14
_SHORTEST_MISTYPED: Final = 4
_SENTENCE: Final = re.compile(r"[A-Za-z]+ [A-Za-z* ]*[a-z]{2}")
_SHARED: Final = re.compile(r"The blank node (_:\S+) cannot be shared by multiple blocks")

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
    "Unexpected aggregate": "an aggregate such as COUNT cannot stand here",
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

    `prefixes` and `base` are what the query may use without declaring it. It is tried over an
    empty store, and reaches no other machine.
    """
    if shared := _SHARED.match(message):
        return _shared_label(query, shared[1])
    probe = Probe(prefixes, base, is_update)
    fault = probe.fault(query) or Fault.of(query, message)
    if fault is None:
        return Diagnosis(1, 1, "", (), message)
    exact = _exact(query, probe) if len(query) <= _LONGEST_EXAMINED else None
    return exact or _at(query, fault.place, _reason(fault) or "the query is malformed near here")


def _at(query: str, place: int, reason: str, found: str = "") -> Diagnosis:
    line = query.count("\n", 0, place) + 1
    return Diagnosis(line, place - query.rfind("\n", 0, place), found[:60], (), reason)


def _exact(query: str, probe: Probe) -> Diagnosis | None:
    """Return the fault by its token; nothing where spacing the tokens has mended the query."""
    decoded = decoded_text(query)
    found = tokens(decoded.text)

    def told(token: Token | None, reason: str, text: str = "") -> Diagnosis:
        place = decoded.origin(token.start) if token else len(query)
        return _at(query, place, reason, text)

    if mark := _open_quote(found):
        return told(mark, "this quotation mark opens a string that is not closed")
    parts = [token.text for token in found]
    stopped = probe.fault_among(parts)
    if stopped is None:
        return None
    index, fault = stopped
    if rule := broken_rule(Faulty(probe, found, index)):
        return told(rule.token, rule.reason)
    wrong = found[index] if index < len(found) else None
    diagnosis = told(wrong, _reason(fault), wrong.text if wrong else "")
    if diagnosis.reason:
        return diagnosis
    return replace(diagnosis, expected=_expected(spaced(parts[:index]), probe))


def _open_quote(found: Sequence[Token]) -> Token | None:
    """Return a quotation mark that opens no whole string: the engine blames the query's end."""
    marks = (token for token in found if token.kind == "operator" and token.text in "\"'")
    return next(marks, None)


def _shared_label(update: str, label: str) -> Diagnosis:
    """Return the place of a blank node that an earlier INSERT DATA of the request has, too."""
    block, first = 0, None
    for token in tokens(update):
        block += token.kind == "word" and token.text.upper() == "DATA"
        if token.kind == "blank" and token.text == label:
            first = block if first is None else first
            if block != first:
                reason = "an earlier INSERT DATA of this request has this blank node; rename it"
                return _at(update, token.start, reason, label)
    return Diagnosis(1, 1, label, (), "two INSERT DATA of this request share this blank node")


def _expected(before: str, probe: Probe) -> tuple[str, ...]:
    """Return what the grammar allows after `before`: signs and kinds of token, then keywords.

    At the end of the text the engine names every sign that it missed. A keyword it names only
    where exactly as many characters follow as the keyword has, so each length is asked in turn.
    """
    text, keywords = probe.mended(before), set[str]()
    end = probe.raw_fault(text)
    signs = {_kind(item) for item in end.items()} if end else set()
    for length in range(1, LONGEST_KEYWORD + 1):
        fault = probe.refusal(text + NEVER_A_TOKEN * length)
        items = fault.items() if fault else ()
        keywords |= {item for item in items if item.isupper() and len(item) == length}
    if "EOF" in keywords and probe.is_update:
        signs.add(";")
    if "CLEAR" in keywords:
        keywords |= {"BASE", "PREFIX"}  # The engine takes them once; they are mended elsewhere.
    keywords -= {"EOF", "SERVICE"}  # The grammar has the latter; this endpoint refuses it.
    return (*sorted(signs - {""}), *sorted(keywords))


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


def _reason(fault: Fault) -> str:
    """Return the sentence among the expectations: what a check beyond the grammar says."""
    said = next((item for item in fault.items() if _SENTENCE.match(item)), "")
    return _REASONS.get(said, said.rstrip("."))
