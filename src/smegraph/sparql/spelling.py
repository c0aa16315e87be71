"""What the grammar of SPARQL 1.1 allows and the engine refuses, written as the engine takes it.

Each function returns edits that leave the meaning as it is. Strings, IRIs, comments and names are
never touched: the edits are made between tokens (SPARQL 1.1 Query §19.8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from smegraph.sparql.rewriting import Edit, blank
from smegraph.sparql.tokens import Token, tokens

_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})")
_NO_SPACE_BEFORE_BRACKET: Final = frozenset({"CONCAT", "COALESCE", "BNODE"})
_EMPTY: Final = frozenset({("(", ")"), ("[", "]")})
_HIDING: Final = re.compile(r"<(?!.*//).*[()'#]")
_LAST: Final = 0x10FFFF


def escape_edits(text: str) -> list[Edit]:
    """Return the edits that put characters for their escapes, `\\u0041` for one (§19.2).

    In strings and IRIs the engine reads them itself, and in comments they mean nothing.
    """
    if "\\u" not in text and "\\U" not in text:
        return []
    found = (
        _ESCAPE.match(text, token.start)
        for token in tokens(text)
        if token.kind == "operator" and token.text == "\\"
    )
    codes = ((match, int(match.group()[2:], 16)) for match in found if match)
    return [Edit(*match.span(), chr(code)) for match, code in codes if _is_character(code)]


def _is_character(code: int) -> bool:
    return code <= _LAST and not 0xD800 <= code <= 0xDFFF  # the surrogates


def spelling_edits(text: str, found: Sequence[Token]) -> Iterator[Edit]:
    """Yield the edits for what stands in a query or an update; `found` are its tokens."""
    yield from _brackets(text, found)
    yield from _repeated_variables(found)
    yield from _negated_nothing(found)
    yield from _truth_values(found)
    if any(token.text.upper() == "GROUP" for token in found):
        yield from _renamed_keys(found)


def _brackets(text: str, found: Sequence[Token]) -> Iterator[Edit]:
    """Move the bracket of `CONCAT (` to its function, and clear comments out of `( )`."""
    for before, token in pairwise(found):
        between = text[before.end : token.start]
        if not between:
            continue
        is_function = before.kind == "word" and before.text.upper() in _NO_SPACE_BEFORE_BRACKET
        if is_function and token.text == "(":
            yield Edit(before.end, token.end, f"({blank(between)}")
        elif (before.text, token.text) in _EMPTY and "#" in between:
            yield Edit(before.end, token.start, blank(between))


def _repeated_variables(found: Sequence[Token]) -> Iterator[Edit]:
    """Take out what SELECT names a second time: `SELECT ?x ?x` selects ?x."""
    for index, token in enumerate(found):
        if token.kind == "word" and token.text.upper() == "SELECT":
            yield from _repeated_in_clause(found[index + 1 :])


def _repeated_in_clause(following: Sequence[Token]) -> Iterator[Edit]:
    depth, seen = 0, set()
    for token in following:
        if token.text in ("(", ")"):
            depth += 1 if token.text == "(" else -1
        elif depth == 0 and token.kind == "variable":
            if token.text[1:] in seen:
                yield Edit(token.start, token.end, blank(token.text))
            seen.add(token.text[1:])
        elif depth == 0 and token.text.upper() not in ("DISTINCT", "REDUCED"):
            return


def _negated_nothing(found: Sequence[Token]) -> Iterator[Edit]:
    """Write the path `!()`, any predicate at all (§18.4), as two that share no triple."""
    for mark, opening, closing in zip(found, found[1:], found[2:], strict=False):
        if (mark.text, opening.text, closing.text) == ("!", "(", ")"):
            yield Edit(mark.start, mark.end, "(!a|a")
            yield Edit(opening.start, opening.end, " ")


def _truth_values(found: Sequence[Token]) -> Iterator[Edit]:
    """Write TRUE and FALSE in small letters: keywords may be in any (§19.8, note 1)."""
    for token in found:
        lower = token.text.lower()
        if token.kind == "word" and lower in ("true", "false") and token.text != lower:
            yield Edit(token.start, token.end, lower)


def _renamed_keys(found: Sequence[Token]) -> Iterator[Edit]:
    """Write `(?a AS ?b)` as an expression: the engine forgets the name of a key in GROUP BY."""
    for opening, variable, word in zip(found, found[1:], found[2:], strict=False):
        is_renamed = opening.text == "(" and variable.kind == "variable"
        if is_renamed and word.text.upper() == "AS":
            yield Edit(variable.start, variable.end, f"COALESCE({variable.text})")


def group_concat_edits(found: Sequence[Token]) -> list[Edit]:
    """Return the edits that make of GROUP_CONCAT a plain string, as §18.5.1.7 has it.

    The engine keeps a language tag that all share. There are none where brackets could be hidden
    in what looks like an IRI and may be a comparison.
    """
    if any(token.kind == "iri" and _HIDING.match(token.text) for token in found):
        return []
    edits, opened = [], list[bool]()
    for before, token in pairwise(found):
        is_call = before.kind == "word" and before.text.upper() == "GROUP_CONCAT"
        if token.text == "(":
            opened.append(is_call)
            if is_call:
                edits.append(Edit(before.start, before.start, "STR("))
        elif token.text == ")" and opened and opened.pop():
            edits.append(Edit(token.end, token.end, ")"))
    return edits
