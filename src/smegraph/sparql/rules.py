"""Rules of SPARQL beyond its grammar, told as rules and where they are broken.

The engine tells of some at the end of a group or of the query, and of some not at all. Each is
tried: where a text without what the rule forbids gets further than the text itself, that is the
fault (SPARQL 1.1 Query §18.2.1, §18.2.4, and the notes to §19.8).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from smegraph.sparql.probe import NESTING, Probe
from smegraph.sparql.tokens import Token

_FRESH: Final = "?nothing_is_called_so"
_MOST_TRIED: Final = 50
_ESCAPE: Final = re.compile(r"\\(?:([^tbnrf\"'\\uU])|(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))|[uU])")
_LAST: Final = 0x10FFFF
_DIGITS: Final = {"\\u": "four", "\\U": "eight"}


@dataclass(frozen=True, slots=True)
class Broken:
    """The rule that a token breaks, as a sentence without its full stop."""

    token: Token
    reason: str


@dataclass(frozen=True, slots=True)
class Faulty:
    """A text that is wrong: its tokens, and the index of the one at which the engine stops."""

    probe: Probe
    tokens: Sequence[Token]
    wrong: int

    def words(self) -> list[str]:
        """Return the tokens as texts."""
        return [token.text for token in self.tokens]

    def gets_further(self, parts: Sequence[str]) -> bool:
        """Say whether the engine gets beyond the fault with other texts for the tokens."""
        return self.probe.reach(parts) > self.wrong

    def culprit(self, others: Sequence[tuple[int, str]]) -> int | None:
        """Return the index of the first token that must be replaced, if that helps.

        `others` are the indices that may be, with what would stand there.
        """
        parts = self.words()
        for index, other in others:
            parts[index] = other
        if not others or not self.gets_further(parts):
            return None
        for index, _ in others[:_MOST_TRIED]:
            parts[index] = self.tokens[index].text
            if not self.gets_further(parts):
                return index
        return None

    def word(self, index: int) -> str:
        """Return a token in capitals where it is a word; nothing elsewhere."""
        is_there = 0 <= index < len(self.tokens) and self.tokens[index].kind == "word"
        return self.tokens[index].text.upper() if is_there else ""


def broken_rule(faulty: Faulty) -> Broken | None:
    """Return the rule that a text breaks; nothing where its grammar is wrong."""
    return next((found for rule in _RULES if (found := rule(faulty)) is not None), None)


def _bind(faulty: Faulty) -> Broken | None:
    """Find what BIND names, and the group before it has already."""
    return _named_again(
        faulty,
        [index for index in _names_given(faulty) if _opened_by(faulty, index, "BIND")],
        "BIND cannot give a value to {}, which the pattern before it has already; take another "
        "name",
    )


def _select_expression(faulty: Faulty) -> Broken | None:
    """Find a name that SELECT gives, and another has already."""
    return _named_again(
        faulty,
        [index for index in _names_given(faulty) if not _opened_by(faulty, index, "BIND")],
        "SELECT cannot give the name {} to an expression, since there is such a variable already; "
        "take another name",
    )


def _named_again(faulty: Faulty, indices: list[int], reason: str) -> Broken | None:
    fresh = [(index, f"{_FRESH}{index}") for index in indices]
    culprit = faulty.culprit(fresh)
    if culprit is None:
        return None
    token = faulty.tokens[culprit]
    return Broken(token, reason.format(token.text))


def _names_given(faulty: Faulty) -> Iterator[int]:
    """Yield the indices of the variables that come after AS."""
    for index, token in enumerate(faulty.tokens):
        if token.kind == "variable" and faulty.word(index - 1) == "AS":
            yield index


def _opened_by(faulty: Faulty, index: int, word: str) -> bool:
    """Say whether the bracket around a token belongs to a word."""
    depth = 0
    for place in range(index - 1, -1, -1):
        depth += NESTING.get(faulty.tokens[place].text, 0)
        if depth == 1:
            return faulty.word(place - 1) == word
    return False


def _star(faulty: Faulty) -> Broken | None:
    """Find `SELECT *` with GROUP BY."""
    stars = [
        (index, f"(1 AS {_FRESH}{index})")
        for index, token in enumerate(faulty.tokens)
        if token.text == "*"
        and (
            faulty.word(index - 1) == "SELECT"
            or (faulty.word(index - 1) in _SETS and faulty.word(index - 2) == "SELECT")
        )
    ]
    culprit = faulty.culprit(stars)
    if culprit is None:
        return None
    reason = "SELECT * does not go with GROUP BY or an aggregate; name what is to be selected"
    return Broken(faulty.tokens[culprit], reason)


_SETS: Final = ("DISTINCT", "REDUCED")


def _ungrouped(faulty: Faulty) -> Broken | None:
    """Find what SELECT names and nobody groups by."""
    plain = [
        (index, f"(1 AS {_FRESH}{index})")
        for index in _selected(faulty)
        if faulty.tokens[index].kind == "variable"
    ]
    culprit = faulty.culprit(plain)
    if culprit is None:
        return None
    token = faulty.tokens[culprit]
    reason = (
        f"SELECT names {token.text}, a variable that is neither grouped by nor bound by an "
        "aggregate; add it to GROUP BY, or select SAMPLE of it"
    )
    return Broken(token, reason)


def _ungrouped_expression(faulty: Faulty) -> Broken | None:
    """Find what an expression of SELECT names and nobody groups by."""
    constant = [
        (index, "<urn:nothing>")
        for opening in _selected(faulty)
        if faulty.tokens[opening].text == "("
        for index in _inside(faulty.tokens, opening)
        if faulty.tokens[index].kind == "variable" and faulty.word(index - 1) != "AS"
    ]
    culprit = faulty.culprit(constant)
    if culprit is None:
        return None
    token = faulty.tokens[culprit]
    reason = (
        f"SELECT computes with {token.text}, a variable that is neither grouped by nor bound by "
        "an aggregate; add it to GROUP BY, or take SAMPLE of it"
    )
    return Broken(token, reason)


def _selected(faulty: Faulty) -> Iterator[int]:
    """Yield the indices of the variables and of the brackets in each SELECT clause."""
    for index in range(len(faulty.tokens)):
        if faulty.word(index) == "SELECT":
            yield from _clause(faulty, index + 1)


def _clause(faulty: Faulty, start: int) -> Iterator[int]:
    index = start + (faulty.word(start) in _SETS)
    while index < len(faulty.tokens):
        token = faulty.tokens[index]
        if token.kind != "variable" and token.text != "(":
            return
        yield index
        index = _inside(faulty.tokens, index).stop + 1 if token.text == "(" else index + 1


def _inside(tokens: Sequence[Token], opening: int) -> range:
    """Return the indices between a bracket and the one that closes it."""
    depth = 0
    for index in range(opening, len(tokens)):
        depth += NESTING.get(tokens[index].text, 0)
        if depth == 0:
            return range(opening + 1, index)
    return range(opening + 1, len(tokens))


def _blank_again(faulty: Faulty) -> Broken | None:
    """Find a label of a blank node in a second basic graph pattern."""
    if faulty.wrong >= len(faulty.tokens) or faulty.tokens[faulty.wrong].kind != "blank":
        return None
    token = faulty.tokens[faulty.wrong]
    parts = faulty.words()
    parts[faulty.wrong] = "_:nothing_is_called_so"
    if not faulty.gets_further(parts):
        return None
    reason = (
        f"the blank node {token.text} stands in another group of triple patterns already; "
        "take a variable"
    )
    return Broken(token, reason)


def _in_template(faulty: Faulty) -> Broken | None:
    """Find a blank node in what is deleted, or a variable in data."""
    start = _last(faulty, ("DELETE", "INSERT"))
    if start is None:
        return None
    word, following = faulty.word(start), faulty.word(start + 1)
    form = f"{word} {following}" if following in ("DATA", "WHERE") else word
    opening = start + 1 + (form != word)
    body = [faulty.tokens[index] for index in _inside(faulty.tokens, opening)]
    parts = faulty.words()
    if word == "DELETE" and (first := next(_blanks(body), None)):
        parts[start] = "INSERT {}" if following == "WHERE" else "INSERT"
        if faulty.gets_further(parts):
            instead = "write it into WHERE as a variable" if form == word else "take a variable"
            if following == "DATA":
                instead = "delete with DELETE WHERE and a variable in its place"
            return Broken(first, f"there can be no blank node in {form}; {instead}")
    if following == "DATA" and (
        first := next((token for token in body if token.kind == "variable"), None)
    ):
        parts[start : start + 2] = ["INSERT", ""]
        if faulty.gets_further(parts):
            instead = f"write {word} {{ … }} WHERE {{ … }}"
            return Broken(first, f"there can be no variable in {form}; {instead}")
    return None


def _last(faulty: Faulty, words: Iterable[str]) -> int | None:
    """Return the index of the last of some words before the fault."""
    before = range(min(faulty.wrong, len(faulty.tokens) - 1), -1, -1)
    return next((index for index in before if faulty.word(index) in words), None)


def _blanks(body: Sequence[Token]) -> Iterator[Token]:
    for token, following in zip(body, [*body[1:], None], strict=True):
        is_list = token.text == "(" and following is not None and following.text != ")"
        if token.kind == "blank" or token.text == "[" or is_list:
            yield token


def _values(faulty: Faulty) -> Broken | None:
    """Find a row of VALUES that is too short or too long, or a variable that it names twice."""
    start = _last(faulty, ("VALUES",))
    if start is None or start + 1 >= len(faulty.tokens) or faulty.tokens[start + 1].text != "(":
        return None
    names = [faulty.tokens[index] for index in _inside(faulty.tokens, start + 1)]
    texts = [token.text[1:] for token in names]
    for index, token in enumerate(names):
        if texts[index] in texts[:index]:
            return Broken(token, f"VALUES names {token.text} twice")
    opening = start + len(names) + 3
    if opening >= len(faulty.tokens) or faulty.tokens[opening].text != "{":
        return None
    for index in _inside(faulty.tokens, opening):
        if faulty.tokens[index].text == "(":
            row = [faulty.tokens[place] for place in _inside(faulty.tokens, index)]
            if (count := sum(_begins_value(row))) != len(names):
                reason = (
                    f"this row of VALUES has {count} of {len(names)} values; UNDEF stands for none"
                )
                return Broken(faulty.tokens[index], reason)
    return None


def _begins_value(row: Sequence[Token]) -> Iterator[bool]:
    """Yield for each token of a row whether a value begins with it."""
    before = ""
    for token in row:
        yield before != "^^" and token.kind not in ("language", "operator")
        before = token.text


def _string(faulty: Faulty) -> Broken | None:
    """Find an escape that there is not."""
    if faulty.wrong >= len(faulty.tokens) or faulty.tokens[faulty.wrong].kind != "string":
        return None
    token = faulty.tokens[faulty.wrong]
    escapes = _ESCAPE.finditer(token.text.replace("\\\\", "  "))
    return next((Broken(token, why) for escape in escapes if (why := _wrong_escape(escape))), None)


def _wrong_escape(escape: re.Match[str]) -> str:
    """Return what is wrong with an escape; nothing where it is right."""
    other, four, eight = escape.groups()
    if other:
        return f"{escape.group()} is no escape in a string; a backslash itself is \\\\"
    if not (four or eight):
        return f"{escape.group()} needs {_DIGITS[escape.group()]} hexadecimal digits"
    code = int(four or eight, 16)
    if code > _LAST:
        return f"{escape.group()} is beyond the last character, \\U0010FFFF"
    if 0xD800 <= code <= 0xDFFF:  # the surrogates
        return f"{escape.group()} is half a character; write it as \\U with eight digits"
    return ""


def _grouped_form(faulty: Faulty) -> Broken | None:
    """Find a group of another form than SELECT, which the engine does not know."""
    forms = takewhile(lambda word: word != "SELECT", filter(None, map(faulty.word, _all(faulty))))
    form = next((word for word in forms if word in ("ASK", "CONSTRUCT")), None)
    if form is None:
        return None
    clause = _last(faulty, ("GROUP", "HAVING"))
    if clause is None or not _is_outside(faulty.tokens[:clause]):
        return None
    parts = faulty.words()[:clause]
    if faulty.probe.reach(parts) <= len(parts):
        return None
    reason = (
        f"the engine does not group for {form}; group in a subquery, "
        f"{form} … {{ SELECT … GROUP BY … }}"
    )
    return Broken(faulty.tokens[clause], reason)


def _unknown_name(faulty: Faulty) -> Broken | None:
    """Find a prefix that nobody declares, or an IRI that is relative to nothing."""
    if faulty.wrong >= len(faulty.tokens):
        return None
    token, parts = faulty.tokens[faulty.wrong], faulty.words()
    declares = faulty.word(faulty.wrong - 1) == "BASE" or faulty.word(faulty.wrong - 2) == "PREFIX"
    reason = _UNKNOWN.get(token.kind)
    if reason is None or (declares and token.kind == "name"):
        return None
    parts[faulty.wrong] = "<urn:x-nothing:a>"
    return Broken(token, f"{reason}: {token.text}") if faulty.gets_further(parts) else None


_UNKNOWN: Final = {
    "name": "this prefix is not declared, and smegraph knows none of that name",
    "iri": "this is not an absolute IRI",
}


def _all(faulty: Faulty) -> range:
    return range(len(faulty.tokens))


def _is_outside(before: Sequence[Token]) -> bool:
    return sum(NESTING.get(token.text, 0) for token in before) == 0


_RULES: Final[tuple[Callable[[Faulty], Broken | None], ...]] = (
    _string, _values, _blank_again, _in_template, _bind, _select_expression, _star, _ungrouped,
    _ungrouped_expression, _grouped_form, _unknown_name,
)  # fmt: skip
