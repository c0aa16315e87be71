"""Which other services a text calls, and where instead (SPARQL 1.1 Federated Query §2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from smegraph.sparql.errors import FederationRefused
from smegraph.sparql.rewriting import Edit, Rewritten
from smegraph.sparql.tokens import Token, calls_service, tokens

# An IRI at which there is no machine: the engine fails at once, and sends nothing.
NOWHERE: Final = "urn:smegraph:service-not-allowed"

_TARGETS: Final = frozenset({"iri", "name", "variable"})
_IN_FULL: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\\]*>")


@dataclass(frozen=True, slots=True)
class Call:
    """SERVICE in a text.

    Attributes:
        target: what names the other service.
        is_silent: whether its failure is passed over.
        is_inner: whether it stands in the group of another call: that service calls it.
    """

    target: Token
    is_silent: bool
    is_inner: bool

    @property
    def iri(self) -> str | None:
        """The IRI, where it is written in full."""
        return self.target.text[1:-1] if _IN_FULL.fullmatch(self.target.text) else None


def service_calls(text: str) -> Iterator[Call]:
    """Yield each call, as the text is usually read.

    >>> [call.iri for call in service_calls("ASK { SERVICE SILENT <http://a/> {} }")]
    ['http://a/']
    """
    found = tokens(text) if "service" in text.lower() else []
    depth, groups, is_next = 0, list[int](), False  # the depths of the groups of calls
    for place, token in enumerate(found):
        if token.text == "{":
            depth += 1
            groups += [depth] if is_next else []
            is_next = False
        elif token.text == "}":
            if groups and groups[-1] == depth:
                groups.pop()
            depth -= 1
        elif call := _call_at(found, place, is_inner=bool(groups)):
            is_next = True
            yield call


def _call_at(found: Sequence[Token], place: int, *, is_inner: bool) -> Call | None:
    word = found[place].text.upper() if found[place].kind == "word" else ""
    if word not in ("SERVICE", "SERVICESILENT"):
        return None
    following = found[place + 1 : place + 3]
    is_silent = word == "SERVICESILENT"
    if not is_silent and following and following[0].text.upper() == "SILENT":
        is_silent, following = True, following[1:]
    if not following or following[0].kind not in _TARGETS:
        return None
    return Call(following[0], is_silent, is_inner)


# Decision 054: docs/decisions/054-answers-of-other-services.md
def routed(
    text: str, allowed: Collection[str], address_of: Callable[[str], str] | None = None
) -> str:
    """Return a text that calls no service but those that are allowed.

    With SILENT, one that is not allowed is called nowhere, which fails: that gives the empty
    solution. `address_of` gives the address to call in the place of an allowed one. Raises
    FederationRefused for any other call, in whichever way the text may be read.
    """
    edits, passed = [], {*allowed}
    for call in service_calls(text):
        instead = _instead(call, allowed, address_of)
        if instead is not None and NOWHERE not in text:
            edits.append(Edit(call.target.start, call.target.end, f" <{instead}> "))
            passed.add(instead)
    changed = Rewritten(text).edited(edits).text
    if calls_service(changed, passed):
        raise FederationRefused(allowed)
    return changed


def _instead(
    call: Call, allowed: Collection[str], address_of: Callable[[str], str] | None
) -> str | None:
    """Return what to call in the place of a service; nothing where the call stays as it is."""
    iri = call.iri
    if iri is not None and iri in allowed:
        return address_of(iri) if address_of and not call.is_inner else None
    # What is not written in full may stand for one that is allowed.
    is_nowhere = call.is_silent and (iri is not None or not allowed)
    return NOWHERE if is_nowhere else None
