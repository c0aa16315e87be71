"""The namespaces, and the prefixes that every query, page and export knows undeclared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

BASE: Final = "https://w3id.org/smegraph/"
ONTOLOGY: Final = BASE + "ontology"
SME: Final = ONTOLOGY + "#"
VOC: Final = BASE + "vocab/"
ID: Final = BASE + "id/"
GRAPH: Final = BASE + "graph/"
SHAPES: Final = BASE + "shapes#"
SHEET: Final = BASE + "sheet#"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SH: Final = "http://www.w3.org/ns/shacl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
PROV: Final = "http://www.w3.org/ns/prov#"
VOID: Final = "http://rdfs.org/ns/void#"
VOID_EXT: Final = "http://ldf.fi/void-ext#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
SCHEMA: Final = "https://schema.org/"

PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sme": SME,
        "voc": VOC,
        "id": ID,
        "graph": GRAPH,
        "shapes": SHAPES,
        "rdf": RDF,
        "rdfs": RDFS,
        "owl": OWL,
        "xsd": XSD,
        "sh": SH,
        "skos": SKOS,
        "dcterms": DCTERMS,
        "dcat": "http://www.w3.org/ns/dcat#",
        "prov": PROV,
        "void": VOID,
        "vann": "http://purl.org/vocab/vann/",
        "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "org": "http://www.w3.org/ns/org#",
        "qb": "http://purl.org/linked-data/cube#",
        "schema": SCHEMA,
        "bibo": "http://purl.org/ontology/bibo/",
        "cito": "http://purl.org/spar/cito/",
        "fabio": "http://purl.org/spar/fabio/",
        "doco": "http://purl.org/spar/doco/",
        "sd": SD,
        "sssom": "https://w3id.org/sssom/",
        "semapv": "https://w3id.org/semapv/vocab/",
        "wd": "http://www.wikidata.org/entity/",
    }
)


def prefixes_used(iris: Iterable[str]) -> dict[str, str]:
    """Return, in the order of `PREFIXES`, those whose namespace begins one of the IRIs.

    >>> prefixes_used(["https://w3id.org/smegraph/id/firm-cuberdon"])
    {'id': 'https://w3id.org/smegraph/id/'}
    """
    namespaces = {namespace_of(iri) for iri in iris}
    return {prefix: start for prefix, start in PREFIXES.items() if start in namespaces}


def namespace_of(iri: str) -> str:
    """Return an IRI up to and with its last "#" or "/"."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def prefix_of(namespace: str) -> str | None:
    """Return the prefix of a namespace, or None where it has none.

    >>> prefix_of("http://www.w3.org/2004/02/skos/core#"), prefix_of("http://example.org/")
    ('skos', None)
    """
    return next((prefix for prefix, start in PREFIXES.items() if start == namespace), None)


def shorten(iri: str) -> str:
    """Return an IRI as a prefixed name where one of the prefixes fits, else in angle brackets.

    >>> shorten("https://w3id.org/smegraph/id/firm-cuberdon"), shorten("http://example.org/")
    ('id:firm-cuberdon', '<http://example.org/>')
    """
    namespace = namespace_of(iri)
    for prefix, known in PREFIXES.items():
        if known == namespace and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"
