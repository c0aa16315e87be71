"""The project's own IRIs: at which address of the service each of them is answered."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from smegraph.namespaces import BASE, GRAPH, PREFIXES, SME, shorten
from smegraph.ontology.terms import TYPE
from smegraph.results.formats import GRAPH_FORMATS

TERMS: Final = "/ontology/terms/"
DATASET: Final = BASE + "dataset"
SHAPES_DOCUMENT: Final = BASE + "shapes"
MAPPINGS: Final = BASE + "mappings/"
COMPUTED_GRAPHS: Final = frozenset({GRAPH + "derived", GRAPH + "inferred"})
"""The graphs that hold what follows from what documents say."""

PAGE: Final = "html"
SUFFIXES: Final = (PAGE, *(found.extension for found in GRAPH_FORMATS))

_FIRST: Final = frozenset(
    {"ontology", "vocab", "id", "graph", "shapes", "sheet", "dataset", "mappings", "problem"}
)
_BETWEEN: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_KEPT: Final = "/:@!$&'()*+,;=~"  # beside letters and digits, what stands in a path as it is


def iri_at(path: str) -> str:
    """Return the IRI that is answered at a path, as the path is after percent-decoding.

    >>> iri_at("/id/firm-cuberdon"), iri_at("/ontology/terms/Firm")
    ('https://w3id.org/smegraph/id/firm-cuberdon', 'https://w3id.org/smegraph/ontology#Firm')
    """
    if path.startswith(TERMS):
        return SME + path.removeprefix(TERMS)
    return BASE + path.removeprefix("/")


def path_of(iri: str) -> str | None:
    """Return the path at which the service answers an IRI; None for other people's IRIs.

    The page of a term stands for its hash IRI, since no server is told what stands behind "#".

    >>> path_of("https://w3id.org/smegraph/ontology#Firm"), path_of("https://example.org/")
    ('/ontology/terms/Firm', None)
    """
    if not iri.startswith(BASE):
        return None
    if iri.startswith(SME) and iri != SME:
        return TERMS + quote(iri.removeprefix(SME), safe=_KEPT)
    rest, mark, fragment = iri.removeprefix(BASE).partition("#")
    if rest.partition("/")[0] not in _FIRST:
        return None
    return "/" + quote(rest, safe=_KEPT) + (mark + quote(fragment, safe=_KEPT) if fragment else "")


def without_suffix(path: str) -> tuple[str, str | None]:
    """Return a path without the suffix of a form, and that suffix.

    >>> without_suffix("/ontology/0.1.0.ttl"), without_suffix("/ontology/0.1.0")
    (('/ontology/0.1.0', 'ttl'), ('/ontology/0.1.0', None))
    """
    start, _, suffix = path.rpartition(".")
    return (start, suffix) if suffix in SUFFIXES and start[-1:] not in ("", "/") else (path, None)


def plain_name(iri: str) -> str:
    """Return what a person reads of an IRI that has no label.

    >>> plain_name("http://purl.org/dc/terms/title"), plain_name("http://example.org/a/b")
    ('dcterms:title', 'http://example.org/a/b')
    """
    return shorten(iri).removeprefix("<").removesuffix(">")


def property_name(iri: str) -> str:
    """Return what a person reads of a property without a label: its own name, in words.

    >>> property_name("http://www.w3.org/2004/02/skos/core#scopeNote"), property_name("urn:a")
    ('scope note', 'urn:a')
    """
    if iri == TYPE:
        return "is a"
    prefix, mark, name = shorten(iri).partition(":")
    if not mark or prefix not in PREFIXES:
        return plain_name(iri)
    return _BETWEEN.sub(" ", name).lower()
