"""The prefixes that every query, page and export of smegraph knows without declaring them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

BASE: Final = "https://w3id.org/smegraph/"

PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sme": BASE + "ontology#",
        "voc": BASE + "vocab/",
        "id": BASE + "id/",
        "graph": BASE + "graph/",
        "shapes": BASE + "shapes#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "dcterms": "http://purl.org/dc/terms/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "prov": "http://www.w3.org/ns/prov#",
        "void": "http://rdfs.org/ns/void#",
        "vann": "http://purl.org/vocab/vann/",
        "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "org": "http://www.w3.org/ns/org#",
        "qb": "http://purl.org/linked-data/cube#",
        "schema": "https://schema.org/",
        "bibo": "http://purl.org/ontology/bibo/",
        "cito": "http://purl.org/spar/cito/",
        "fabio": "http://purl.org/spar/fabio/",
        "doco": "http://purl.org/spar/doco/",
        "sd": "http://www.w3.org/ns/sparql-service-description#",
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
    namespaces = {_namespace(iri) for iri in iris}
    return {prefix: start for prefix, start in PREFIXES.items() if start in namespaces}


def _namespace(iri: str) -> str:
    """Return an IRI up to and with its last "#" or "/"."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def shorten(iri: str) -> str:
    """Return an IRI as a prefixed name where one of the prefixes fits, else in angle brackets.

    >>> shorten("https://w3id.org/smegraph/id/firm-cuberdon"), shorten("http://example.org/")
    ('id:firm-cuberdon', '<http://example.org/>')
    """
    namespace = _namespace(iri)
    for prefix, known in PREFIXES.items():
        if known == namespace and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"
