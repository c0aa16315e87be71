"""OWL 2 functional syntax, written by horned-owl (OWL 2 Structural Specification, W3C 2012)."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from smegraph.export.errors import WriterMissing
from smegraph.namespaces import prefixes_used


def functional_syntax(triples: Iterable[ox.Triple]) -> str:
    """Return an ontology in functional syntax: a line for each axiom, in one order.

    Raises:
        WriterMissing: py-horned-owl is not installed.
    """
    try:
        import pyhornedowl  # type: ignore[import-not-found, unused-ignore]
    except ImportError as error:
        raise WriterMissing(
            "Functional syntax is written by horned-owl: pip install 'smegraph[owl]'. RDF/XML and "
            "Turtle need nothing, and OWL tools read them.",
            "format",
        ) from error
    known = sorted(triples, key=str)  # what follows wants the header's class before its version
    iris = {term.value for triple in known for term in triple if isinstance(term, ox.NamedNode)}
    xml = ox.serialize(known, format=ox.RdfFormat.RDF_XML)
    assert xml is not None  # no output was named, so the bytes are returned
    ontology = pyhornedowl.open_ontology_from_string(xml.decode("utf-8"), "owl")
    for prefix, start in prefixes_used(iris).items():
        ontology.prefix_mapping.add_prefix(prefix, start)
    return str(ontology.save_to_string("ofn")).rstrip() + "\n"
