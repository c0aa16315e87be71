"""Refuse what XML 1.0 cannot carry; the engine writes it as if it could."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Triple

from smegraph.store.formats import NotWritable

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
