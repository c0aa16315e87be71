"""The engine's parser asked, over an empty store, where a text is wrong.

Oxigraph matches a keyword by taking as many characters as the keyword has, so the position that
it reports lies up to fourteen characters beyond the fault. With wide gaps between the tokens it is
exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from pyoxigraph import Store

from smegraph.sparql.engine_text import decoded_text, mended_query, mended_update
from smegraph.sparql.prologues import UnclearPrologue
from smegraph.sparql.rewriting import Rewritten
from smegraph.sparql.tokens import tokens

LONGEST_KEYWORD: Final = 14  # ENCODE_FOR_URI
NEVER_A_TOKEN: Final = "\x01"
_REACHING: Final = re.compile("service|load", re.IGNORECASE)
NESTING: Final[Mapping[str, int]] = {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}
_GAP: Final = " " * (LONGEST_KEYWORD + 2)
_MESSAGE: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_ITEM: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\[[^\]]*\](?:\])?|<unreported>|[^,"\[]+')


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a text is wrong (characters from 0), and what the engine expected there."""

    place: int
    expectation: str

    @classmethod
    def of(cls, text: str, message: str) -> Fault | None:
        """Return the fault that a message of the engine tells; nothing where it has no place."""
        found = _MESSAGE.match(message)
        if found is None:
            return None
        lines = text.split("\n")[: int(found[1]) - 1]
        place = sum(len(line) + 1 for line in lines) + int(found[2]) - 1
        return cls(min(place, len(text)), found[3])

    def items(self) -> Iterator[str]:
        """Split what was expected into its items."""
        for match in _ITEM.finditer(self.expectation):
            if item := match.group().strip():
                yield item


@dataclass(frozen=True, slots=True)
class Probe:
    """Parses queries or updates, and reaches no other machine.

    Attributes:
        prefixes: what a text may use without declaring it.
        base: what its relative IRIs are relative to.
        is_update: whether the texts are updates.
    """

    prefixes: Mapping[str, str]
    base: str | None
    is_update: bool

    def fault(self, text: str) -> Fault | None:
        """Return the first fault of a text, mended where the engine is narrower than SPARQL."""
        if self.raw_fault(text) is None:
            return None
        try:
            mended = self._mended(text)
        except UnclearPrologue as unclear:
            decoded = decoded_text(text)
            if unclear.reason:
                return Fault(decoded.origin(unclear.token.start), unclear.reason)
            mended = decoded.edited(unclear.alone(decoded.text))
        found = self.raw_fault(mended.text)
        return found and Fault(mended.origin(found.place), found.expectation)

    def mended(self, text: str) -> str:
        """Return a text as the engine takes it, or as it is where that cannot be told."""
        try:
            return self._mended(text).text
        except UnclearPrologue as unclear:
            decoded = decoded_text(text)
            return decoded.edited(unclear.alone(decoded.text)).text

    def raw_fault(self, text: str) -> Fault | None:
        """Return the fault that the engine finds in a text as it stands.

        What may reach another machine is made unfit to run: only brackets tell whether it is whole.
        """
        if not may_reach(text):
            return self.refusal(text)
        fault = self.refusal(f"{text}\n{NEVER_A_TOKEN}")
        if fault is None or fault.place < len(text):
            return fault
        opened = sum(NESTING.get(token.text, 0) for token in tokens(text))
        return Fault(len(text), fault.expectation) if opened else None

    def refusal(self, text: str) -> Fault | None:
        """Return the fault of a text as it stands, which is carried out where it has none."""
        store = Store()
        run = store.update if self.is_update else store.query
        try:
            with suppress(RuntimeError, OSError, ValueError):  # It parses; nothing else is asked.
                run(text, base_iri=self.base, prefixes=dict(self.prefixes))
        except SyntaxError as error:
            return Fault.of(text, str(error))
        return None

    def fault_among(self, parts: Sequence[str]) -> tuple[int, Fault] | None:
        """Return which of the tokens in a row is wrong, `len(parts)` for the end, and the fault."""
        fault = self.fault(spaced(parts))
        if fault is None:
            return None
        ends = accumulate(len(part) + len(_GAP) for part in parts)
        return sum(end <= fault.place for end in ends), fault

    def reach(self, parts: Sequence[str]) -> int:
        """Return how many tokens in a row are right; more than there are where all of it is."""
        found = self.fault_among(parts)
        return len(parts) + 1 if found is None else found[0]

    def _mended(self, text: str) -> Rewritten:
        if self.is_update:
            return mended_update(text, self.prefixes, self.base)
        return mended_query(text)


def may_reach(text: str) -> bool:
    """Say whether a text may hold SERVICE or LOAD; never a wrong "no"."""
    return _REACHING.search(text) is not None


def spaced(parts: Sequence[str]) -> str:
    """Return tokens with wide gaps between them."""
    return "".join(part + _GAP for part in parts)
