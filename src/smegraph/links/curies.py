"""CURIEs: what stands for an IRI in a cell of SSSOM, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

import pyoxigraph as ox

from smegraph.links.slots import BUILT_IN
from smegraph.suggest import did_you_mean

_CURIE: Final = re.compile(r"([A-Za-z_][\w.-]*):([^\s<>\"{}|\\^`]+)")
_IRI: Final = re.compile(r"<.*>|[A-Za-z][A-Za-z0-9+.-]*://.*|urn:.*|mailto:.*", re.DOTALL)


class Fault(NamedTuple):
    """What is wrong with a cell: a name for programs, a sentence, and what would be right."""

    kind: str
    message: str
    remedy: str


def expand(cell: str, prefixes: Mapping[str, str]) -> str | Fault:
    """Return the IRI that a CURIE stands for (W3C CURIE Syntax 1.0), or what is wrong with it.

    >>> expand("skos:closeMatch", {})
    'http://www.w3.org/2004/02/skos/core#closeMatch'
    >>> expand("http://zbw.eu/stw/descriptor/19037-3", {"stw": "http://zbw.eu/stw/descriptor/"})[2]
    'Write stw:19037-3.'
    """
    known = {**BUILT_IN, **prefixes}
    if re.search(r"\s", cell):
        message = f'"{cell}" holds white space, which no CURIE has.'
        return Fault("space-in-curie", message, "Take it out; %20 stands for a space in an IRI.")
    if _IRI.fullmatch(cell):
        return _iri_for_curie(cell, known)
    found = _CURIE.fullmatch(cell)
    if found is None:
        message = f'"{cell}" is no CURIE.'
        return Fault("curie", message, "Write a prefix of curie_map, a colon and a name.")
    prefix, name = found.groups()
    if prefix not in known:
        message = f'The prefix "{prefix}" is not in curie_map.'
        return Fault("unknown-prefix", message, did_you_mean(prefix, known, f'Add "{prefix}:".'))
    return known[prefix] + name if is_iri(known[prefix] + name) else _no_iri(cell)


def _iri_for_curie(cell: str, known: Mapping[str, str]) -> Fault:
    iri = cell.removeprefix("<").removesuffix(">")
    short = compact(iri, known)
    remedy = f"Write {short}." if short else "Give its namespace a prefix in curie_map."
    return Fault("iri-for-curie", f'"{cell}" is a whole IRI, where a CURIE must stand.', remedy)


def _no_iri(cell: str) -> Fault:
    message = f'"{cell}" does not stand for an IRI.'
    return Fault("curie", message, "Look at the namespace in curie_map.")


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI (RFC 3987) with something behind its scheme."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return bool(re.match(r"(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:.|https?://[^/?#]", text))


def compact(iri: str, prefixes: Mapping[str, str]) -> str | None:
    """Return an IRI as a CURIE with the longest namespace that fits, or None.

    >>> compact("urn:a/b", {"a": "urn:a/", "u": "urn:"})
    'a:b'
    """
    fits = [(len(start), prefix) for prefix, start in prefixes.items() if iri.startswith(start)]
    for length, prefix in sorted(fits, reverse=True):
        if _CURIE.fullmatch(curie := f"{prefix}:{iri[length:]}"):
            return curie
    return None
