"""The values of BibTeX's fields: delimiters, `#` and the macros that `@string` defines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from smegraph.bibliography.errors import BibliographyError
from smegraph.bibliography.record import clean

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# Decision 060: docs/decisions/060-imports-lose-nothing.md
MAX_MACRO_CHARACTERS = 50_000
MAX_EXPANSION = 20  # how much longer than its file all that macros stand for may be


class Unreadable(ValueError):
    """A value that is no BibTeX."""


class Macros:
    """The texts of `@string`, in which earlier ones may stand, and of the months.

    What they stand for is bounded, one by one and in all: a macro made of twice another, made of
    twice another, would be longer than any memory.
    """

    def __init__(self, file: str, size: int) -> None:
        self._file = file
        self._texts = {month: str(number) for number, month in enumerate(_MONTHS, start=1)}
        self._left = 1_000_000 + MAX_EXPANSION * size

    def define(self, key: str, value: str, line: int) -> None:
        """Enter a macro; of one that cannot be read, whoever uses it will say so.

        Raises:
            BibliographyError: it stands for too long a text.
        """
        try:
            text = self.resolve(value)
        except Unreadable:
            return
        if len(text) > MAX_MACRO_CHARACTERS:
            raise BibliographyError(
                f'{self._file}, line {line}: the macro "{clean(key)[:60]}" stands for a text of '
                f"over {MAX_MACRO_CHARACTERS:,} characters. Shorten it. Nothing was changed."
            )
        self._texts[key.casefold()] = text

    def resolve(self, raw: str) -> str:
        """Return a value without its delimiters, macros put in and joined by `#`.

        Raises:
            Unreadable: it is no value.
            BibliographyError: the macros of the file stand for too much.
        """
        parts = []
        for piece in _pieces(raw):
            if piece[:1] in ('"', "{"):
                if end(piece) != len(piece) - 1:
                    raise Unreadable(f'a comma is missing behind "{clean(piece)[:60]}".')
                parts.append(piece[1:-1])
            elif piece.isdigit():
                parts.append(piece)
            elif piece.casefold() in self._texts:
                parts.append(self._expand(piece))
            elif re.fullmatch(r"[^\s{}\"]+", piece):
                parts.append(piece)  # a bare word, which BibTeX would take for an unknown macro
            else:
                raise Unreadable(f'"{clean(piece)[:60]}" must stand between braces.')
        return "".join(parts)

    def _expand(self, piece: str) -> str:
        text = self._texts[piece.casefold()]
        self._left -= len(text)
        if self._left < 0:
            raise BibliographyError(
                f"The macros (@string) of {self._file} stand for over {MAX_EXPANSION} times as "
                "much text as the file has. Write the texts out, or export the references again. "
                "Nothing was changed."
            )
        return text

    def unknown(self, raw: str) -> str:
        """Return the first bare word in a value that is neither a number nor a macro."""
        return next((clean(piece) for piece in _bare(_pieces(raw)) if self._lacks(piece)), "")

    def _lacks(self, piece: str) -> bool:
        return piece.casefold() not in self._texts


def _bare(pieces: Iterable[str]) -> Iterator[str]:
    return (piece for piece in pieces if piece[:1] not in ('"', "{") and not piece.isdigit())


def _pieces(raw: str) -> Iterator[str]:
    """Yield the parts of a value between the `#` that join them."""
    depth, quoted, begin = 0, False, 0
    for match in re.finditer(r'\\.|[{}"#]', raw, re.DOTALL):
        mark = match.group()
        if mark == '"' and depth == 0:
            quoted = not quoted
        elif mark in "{}":
            depth += 1 if mark == "{" else -1
        elif mark == "#" and depth == 0 and not quoted:
            yield raw[begin : match.start()].strip()
            begin = match.end()
    yield raw[begin:].strip()


def end(piece: str) -> int:
    """Where the delimiter is closed with which a piece begins."""
    depth, closing = 0, '"' if piece[0] == '"' else "}"
    for match in re.finditer(r'\\.|[{}"]', piece[1:], re.DOTALL):
        mark = match.group()
        if mark == closing and depth == 0:
            return match.start() + 1
        depth += {"{": 1, "}": -1}.get(mark, 0)
    return -1
