"""What XML 1.0 cannot carry, which is refused, and what the engine would lose, which is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from pyoxigraph import Triple

from smegraph.results.errors import NotWritable

_CONTROLS: Final = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
_NONCHARACTERS: Final = ("\ufffe".encode(), "\uffff".encode())
_LONGEST: Final = 3  # bytes of a character that is forbidden
_NAME_AT_END: Final = re.compile(r"[^\W\d][\w.·-]*$")


class CharacterCheck:
    """Looks at the parts of an XML document for characters outside of XML 1.0 §2.2."""

    def __init__(self) -> None:
        """Start before the document."""
        self._tail = b""

    def feed(self, part: bytes) -> None:
        """Take the next part, cut anywhere; raises NotWritable at a forbidden character."""
        joined = self._tail + part
        controls = len(part.translate(None, _CONTROLS)) != len(part)
        if controls or any(found in joined for found in _NONCHARACTERS):
            raise NotWritable(
                "The results hold a control character, which XML cannot carry. Ask for another "
                "format."
            )
        self._tail = joined[1 - _LONGEST :]


def kept_line_ends(write: Callable[[bytes], object]) -> Callable[[bytes], object]:
    """Return what writes parts with a carriage return as a reference (XML 1.0 §2.11).

    The engine writes the character itself, which whoever reads the document takes for a line feed.
    """
    return lambda part: write(part.replace(b"\r", b"&#xD;"))


def with_names(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield the triples; raises NotWritable at a predicate that cannot be an XML element."""
    known = set()
    for triple in triples:
        predicate = triple.predicate.value
        if predicate not in known:
            if not _NAME_AT_END.search(predicate):
                raise NotWritable(
                    f"RDF/XML cannot name the property <{predicate}>. Ask for Turtle, N-Triples "
                    "or JSON-LD."
                )
            known.add(predicate)
        yield triple
