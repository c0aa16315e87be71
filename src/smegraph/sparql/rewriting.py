"""A text with parts replaced, which still knows where each of its characters came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """What stands from `start` to `end` (characters from 0, exclusive) becomes `text`."""

    start: int
    end: int
    text: str


class Rewritten:
    """A text after edits.

    >>> Rewritten("a b c").edited([Edit(2, 3, "long")]).text
    'a long c'
    """

    def __init__(self, text: str) -> None:
        """Take a text that nobody has changed yet."""
        self.text = text
        self._layers: tuple[tuple[list[int], list[Edit]], ...] = ()

    def edited(self, edits: Iterable[Edit]) -> Rewritten:
        """Return the text after edits, none of which may overlap another."""
        ordered = sorted(edits)
        if not ordered:
            return self
        growth = accumulate((_growth(edit) for edit in ordered), initial=0)
        starts = [edit.start + grown for edit, grown in zip(ordered, growth, strict=False)]
        changed = Rewritten("".join(_parts(self.text, ordered)))
        changed._layers = (*self._layers, (starts, ordered))
        return changed

    def origin(self, place: int) -> int:
        """Return where in the first text the character at `place` came from (both from 0)."""
        for starts, edits in reversed(self._layers):
            place = _origin(place, starts, edits)
        return place


def _growth(edit: Edit) -> int:
    return len(edit.text) - (edit.end - edit.start)


def _parts(text: str, edits: Iterable[Edit]) -> Iterator[str]:
    done = 0
    for edit in edits:
        yield text[done : edit.start]
        yield edit.text
        done = edit.end
    yield text[done:]


def _origin(place: int, starts: list[int], edits: list[Edit]) -> int:
    index = bisect_right(starts, place) - 1
    if index < 0:
        return place
    edit, start = edits[index], starts[index]
    beyond = place - start - len(edit.text)
    return edit.end + beyond if beyond >= 0 else min(edit.start + place - start, edit.end)


def blank(text: str) -> str:
    """Return as much white space, with the same ends of lines."""
    return "".join(character if character in "\r\n" else " " for character in text)
