"""What a query names: terms, strings in the place of an object, and filters by language.

It is read from the tokens, for hints. What cannot be told surely from them is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from smegraph.sparql.tokens import COMMENT, IRI, LANGUAGE, STRINGS, Token, tokens

_STRING: Final = f"(?:{'|'.join(STRINGS)})"
_TAGGED: Final = f"{_STRING}(?:{LANGUAGE})?"
# As `tokens` has it, but that nothing is tried in two ways, and that no group is captured.
_NAME: Final = (
    r"(?:[^\W\d_][\w.·‿⁀-]*+)?:"
    r"(?:[\w:·‿⁀-]++|\.++(?=[\w:·‿⁀%\\-])|%[0-9A-Fa-f]{2}|\\[^\w\s])*+"
)
_CALL: Final = r"(?i:\blang(?:matches)?\s*\()"
_ITEM: Final = re.compile(
    "|".join(
        (
            r"[^\w<:\"'#(=]++(?:(?<=[?$])\w++)?",  # what begins no item, and variables
            rf"((?:{_NAME}|{IRI})(?:\s+{_TAGGED})?|{_TAGGED}|{_CALL})",
            COMMENT,
            rf"[(=]\s*{_TAGGED}",  # never an object of a pattern
            r"_:\w+",
            r"\w++",
        )
    ),
    re.DOTALL,
)
# A word between white space that holds no item, begins none and ends none, nor a comment.
_PLAIN_WORD: Final = re.compile(
    r"(?!.*(?i:lang)|(?i:prefix|base|version)$)[^:<>\"'#\\]*+", re.DOTALL
)
_ASKING: Final = r"(?!.*(?<![?$\w])(?i:lang|langmatches|prefix|base|version)$)"
_WORD: Final = re.compile(rf"{_ASKING}(?:(?:{IRI}|[^<\"'#\\])*+|{_TAGGED}[;.,)}}\]]*+)", re.DOTALL)
_DECLARED: Final = rf"(?i:PREFIX)\s*+[^\s<>:]*+:\s*+{IRI}|(?i:BASE)\s*+{IRI}"
_PROLOGUE: Final = re.compile(
    rf"(?:\s++|{COMMENT}|{_DECLARED}|(?i:VERSION)\s*+{_STRING})*+", re.DOTALL
)
_DECLARATION: Final = re.compile(rf"{COMMENT}|({_DECLARED})", re.DOTALL)
_DECLARING: Final = frozenset({"PREFIX", "BASE", "VERSION"})


@dataclass(frozen=True, slots=True)
class Named:
    """A term that a query looks for, as it is written there."""

    text: str


@dataclass(frozen=True, slots=True)
class Matched:
    """A string as the object of a pattern; `verb` is its predicate, empty for a variable."""

    text: str
    verb: str


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A filter that asks for a language of a variable which only `verb` gives values to.

    Attributes:
        language: the string that names the language, as it is written.
        ranges: whether it names a range (LANGMATCHES), which holds other languages too.
        named: all else that the query names.
        classed: the verbs whose object is a variable; "" where a verb is a variable itself.
    """

    verb: str
    language: str
    ranges: bool
    named: frozenset[str] = frozenset()
    classed: frozenset[str] = frozenset()


Mention: TypeAlias = Named | Matched | InLanguage


def split_prologue(query: str) -> tuple[str, int]:
    """Return the declarations of a query's prologue, and where the rest begins."""
    found = _PROLOGUE.match(query)
    end = found.end() if found else 0
    return "\n".join(filter(None, _DECLARATION.findall(query, 0, end))), end


def items(query: str, start: int) -> list[str]:
    """Return, from `start` on, all that a mention can be made of, in one pass; "" means nothing.

    An item is an IRI, a name, or a string with its language, or one of the former with the string
    behind it; or the beginning of a call of LANG.
    """
    return _ITEM.findall(query, start)


def is_plain(word: str) -> bool:
    """Say whether a word of a query, as `str.split` has it, has nothing to do with any mention."""
    return _PLAIN_WORD.fullmatch(word) is not None


def is_whole(word: str) -> bool:
    """Say whether a word that begins outside of strings and comments also ends so.

    A word that decides what the next one means is not whole.
    """
    return _WORD.fullmatch(word) is not None


def mentions(query: str, start: int) -> Iterator[Mention]:
    """Yield what a query looks for in the data, from `start` (behind its prologue) on.

    A template of CONSTRUCT makes terms, SERVICE asks other data, and a datatype need be in none.
    """
    found = [token for token in tokens(query) if token.start >= start]
    if any(token.kind == "word" and token.text.upper() in _DECLARING for token in found):
        return  # There is more of a prologue than was understood.
    reader = _Reader(found)
    read = [*reader.read()]
    yield from read
    yield from _filters(reader, frozenset(one.text for one in read if isinstance(one, Named)))


_BLOCKS: Final = {"VALUES": "values", "SERVICE": "elsewhere"}
_ELSEWHERE: Final = "elsewhere"
_OPENING: Final = ("(", "[", "{|", "<<", "<<(")
_CLOSING: Final = (")", "]", "}", "|}", ">>", ")>>")
_SUBJECTS: Final = ("variable", "name", "iri", "blank")
_BEFORE_VERB: Final = ("]", ")", ";", "[", "{|")
_OPERANDS: Final = ("variable", "number", "string")
_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(slots=True)
class _Reader:
    """Goes through the tokens, and knows within which brackets each of them stands.

    Attributes:
        objects: the verbs of each variable that is an object; "" for one that is a variable.
        others: the variables that may also get values in another way.
        has_open_verb: whether a variable stands, or may stand, as a predicate.
    """

    tokens: Sequence[Token]
    objects: dict[str, set[str]] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    has_open_verb: bool = False
    _within: list[str] = field(default_factory=list)
    _pending: str = ""

    def read(self) -> Iterator[Named | Matched]:
        for index, token in enumerate(self.tokens):
            self._follow(index, token)
            if _ELSEWHERE in self._within or self._pending == _ELSEWHERE:
                continue
            if token.kind in ("name", "iri") and self._is_looked_for(index, token):
                yield Named(token.text)
            elif token.kind == "string" and (verb := self._verb(index)) is not None:
                language = self._text(index + 1) if self._kind(index + 1) == "language" else ""
                if self._text(index + 1) != "^^" and "--" not in language:
                    yield Matched(token.text + language, verb)
            elif token.kind == "variable":
                self._take_variable(index, token)

    def _follow(self, index: int, token: Token) -> None:
        """Keep the brackets that are open, and what kind of block the next one opens."""
        word = token.text.upper()
        if token.kind == "word" and word in _BLOCKS:
            self._pending = _BLOCKS[word]
        elif token.kind == "word" and word == "CONSTRUCT" and self._text(index + 1) == "{":
            self._pending = _ELSEWHERE
        elif token.text == "{":
            self._within.append(self._pending or "group")
            self._pending = ""
        elif token.text in _OPENING:
            self._within.append(token.text)
        elif token.text in _CLOSING and self._within:
            self._within.pop()

    def _is_looked_for(self, index: int, token: Token) -> bool:
        if self._text(index - 1) == "^^":
            return False
        if token.kind == "name" or _SCHEME.match(token.text):
            return True
        # Within `(?a<b&&?c>d)` stands no IRI.
        before = self._kind(index - 1) in _OPERANDS or self._text(index - 1) == ")"
        return not (before and self._within[-1:] == ["("])

    def _take_variable(self, index: int, token: Token) -> None:
        name = token.text[1:]
        if self._text(index - 1).upper() == "AS" or "values" in (*self._within, self._pending):
            self.others.add(name)
        elif (verb := self._verb(index)) is not None:
            self.objects.setdefault(name, set()).add(verb)
        elif self._within[-1:] in (["group"], ["["]):
            self.others.add(name)
            self.has_open_verb |= self._ends_subject(index - 1)

    def _verb(self, index: int) -> str | None:
        """Return the predicate whose object a token is, "" for a variable; None when unsure.

        Of a path of predicates one after the other it is the last.
        """
        if self._within[-1:] not in (["group"], ["["]):
            return None
        place = index - 1
        while self._text(place) == ",":
            place = self._before_object(place)
        last = self.tokens[place] if place > 0 else None
        if last is None or not (last.kind in ("name", "iri", "variable") or last.text == "a"):
            return None
        first = place
        while self._text(first - 1) == "/" and self._kind(first - 2) in ("name", "iri", "word"):
            first -= 2
        before = first - 1
        if before < 0 or not self._ends_subject(before):
            return None
        return "" if last.kind == "variable" else last.text

    def _before_object(self, comma: int) -> int:
        """Return the place before the object that stands before a comma."""
        place = comma - 1
        if self._kind(place) == "language":
            place -= 1
        elif self._text(place - 1) == "^^":
            place -= 2
        return place - 1

    def _ends_subject(self, place: int) -> bool:
        return self._kind(place) in _SUBJECTS or self._text(place) in _BEFORE_VERB

    def _text(self, place: int) -> str:
        return self.tokens[place].text if 0 <= place < len(self.tokens) else ""

    def _kind(self, place: int) -> str:
        return self.tokens[place].kind if 0 <= place < len(self.tokens) else ""


_EQUAL: Final = re.compile(r"FILTER \( LANG \( [?$](\w+) \) = (\S+) \)", re.IGNORECASE)
_REVERSED: Final = re.compile(r"FILTER \( (\S+) = LANG \( [?$](\w+) \) \)", re.IGNORECASE)
_MATCHES: Final = re.compile(
    r"FILTER (?:\( )?LANGMATCHES \( LANG \( [?$](\w+) \) , (\S+) \)(?: \))?", re.IGNORECASE
)


def _filters(reader: _Reader, named: frozenset[str]) -> Iterator[InLanguage]:
    """Yield the filters that ask for a language and for nothing else."""
    text = " ".join(token.text for token in reader.tokens)
    found = [(match[1], match[2], False) for match in _EQUAL.finditer(text)]
    found += [(match[2], match[1], False) for match in _REVERSED.finditer(text)]
    found += [(match[1], match[2], True) for match in _MATCHES.finditer(text)]
    classed = frozenset({verb for verbs in reader.objects.values() for verb in verbs})
    classed |= {""} if reader.has_open_verb else set()
    for variable, language, ranges in found:
        verbs = reader.objects.get(variable, set())
        if len(verbs) == 1 and variable not in reader.others and language[0] in "\"'":
            (verb,) = verbs
            if verb:
                yield InLanguage(verb, language, ranges, named - {verb}, classed)
