"""The service in RDF: SPARQL 1.1 Service Description (W3C 2013) and VoID (W3C 2011)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from smegraph.namespaces import BASE, PREFIXES, prefixes_used
from smegraph.release.turtle_text import readable_turtle
from smegraph.results.formats import GRAPH_FORMATS, TABLE_FORMATS
from smegraph.server.metadata.statistics import GraphFacts, ServiceFacts

Term: TypeAlias = NamedNode | Literal
Statements: TypeAlias = Iterator[tuple[NamedNode, NamedNode, Term]]

WELL_KNOWN: Final = "/.well-known/void"

_GEO: Final = "http://www.opengis.net/def/function/geosparql/"
# What Oxigraph 0.5 has beyond SPARQL 1.1 §17: casts to more datatypes, and parts of GeoSPARQL.
_CASTS: Final = (
    "date time duration dayTimeDuration yearMonthDuration gYear gYearMonth gMonth gMonthDay gDay"
)
_SPATIAL: Final = (
    "asGeoJSON centroid convexHull coordinateDimension difference dimension distance ehContains "
    "ehCoveredBy ehCovers ehDisjoint ehEquals ehInside ehMeet ehOverlap envelope getSRID "
    "intersection isEmpty isSimple length perimeter rcc8dc rcc8ec rcc8eq rcc8ntpp rcc8ntppi "
    "rcc8po rcc8tpp rcc8tppi relate sfContains sfCrosses sfDisjoint sfEquals sfIntersects "
    "sfOverlaps sfTouches sfWithin spatialDimension symDifference union"
)
FUNCTIONS: Final = (
    *(PREFIXES["xsd"] + name for name in _CASTS.split()),
    *(_GEO + name for name in _SPATIAL.split()),
)

_SEP: Final = "https://github.com/w3c/sparql-dev/blob/main/SEP/"
_SPARQL_12: Final = "https://www.w3.org/TR/sparql12-query/"
# Fragment of the feature's IRI, what a person is told, where it is specified, an example.
EXTENSIONS: Final = (
    ("triple-terms", "Triple terms (SPARQL 1.2).", _SPARQL_12,
     "SELECT (TRIPLE(<a:s>, <a:p>, 1) AS ?t) {}"),
    ("base-direction", "Literals with a base direction (SPARQL 1.2).", _SPARQL_12,
     'SELECT (LANGDIR("a"@en--ltr) AS ?d) {}'),
    ("lateral", "LATERAL joins.", _SEP + "SEP-0006/sep-0006.md",
     "SELECT * { VALUES ?x { 1 } LATERAL { BIND(?x AS ?y) } }"),
    ("adjust", "ADJUST, and arithmetic of dates, times and durations.",
     _SEP + "SEP-0002/sep-0002.md",
     'SELECT (ADJUST("2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>, "PT1H"'
     "^^<http://www.w3.org/2001/XMLSchema#dayTimeDuration>) AS ?d) {}"),
)  # fmt: skip

_UNION: Final = (
    "The default graph is the union of all graphs, each triple once: a query without GRAPH or "
    "FROM sees the triples of every graph."
)
_STRICT: Final = "The default graph holds no triple of the named graphs; ask for those by GRAPH."
_WRITABLE: Final = " An update sees the default graph as it is stored."
_MATERIALISED: Final[Mapping[str, str]] = {
    BASE + "graph/inferred": "What follows from each study by the axioms (OWL 2 DL), written "
    "out when the release was built. Queries match it as it stands (simple entailment).",
    BASE + "graph/derived": "What the rules of smegraph compute, written out when the release was "
    "built. Queries match it as it stands (simple entailment).",
}
_FORMATS: Final = "http://www.w3.org/ns/formats/"
# https://www.w3.org/ns/formats/: the last part of each format's IRI, by our name for it.
_FORMAT_NAMES: Final[Mapping[str, str]] = {
    "json": "SPARQL_Results_JSON", "xml": "SPARQL_Results_XML", "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV", "turtle": "Turtle", "ntriples": "N-Triples",
    "rdfxml": "RDF_XML", "jsonld": "JSON-LD", "trig": "TriG", "nquads": "N-Quads",
}  # fmt: skip


def _sd(name: str) -> NamedNode:
    return NamedNode(PREFIXES["sd"] + name)


def _void(name: str) -> NamedNode:
    return NamedNode(PREFIXES["void"] + name)


_A: Final = NamedNode(PREFIXES["rdf"] + "type")
_LABEL: Final = NamedNode(PREFIXES["rdfs"] + "label")
_COMMENT: Final = NamedNode(PREFIXES["rdfs"] + "comment")
_SEE_ALSO: Final = NamedNode(PREFIXES["rdfs"] + "seeAlso")
_SIMPLE: Final = NamedNode("http://www.w3.org/ns/entailment/Simple")


def describe(facts: ServiceFacts, endpoint: str) -> list[Triple]:
    """Return the description of the service at `endpoint`, an absolute IRI.

    It follows SPARQL 1.1 Service Description §3, with counts of VoID §4.6. Everything in it has
    an IRI, a fragment of the endpoint's, and no statement stands twice.
    """
    service = NamedNode(endpoint)
    statements = (
        *_service(facts, service),
        *_extensions(facts, service),
        *_dataset(facts, service),
        *_graphs(facts, service),
    )
    return _together(statements)


def void_triples(facts: ServiceFacts, endpoint: str, base: str) -> list[Triple]:
    """Return the description of the dataset for `/.well-known/void` below `base` (VoID §7.2)."""
    service = NamedNode(endpoint)
    document, dataset = NamedNode(base.rstrip("/") + WELL_KNOWN), _part(service, "dataset")
    statements = (
        (document, _A, _void("DatasetDescription")),
        (document, NamedNode(PREFIXES["foaf"] + "primaryTopic"), dataset),
        *_dataset(facts, service),
        *_graphs(facts, service),
    )
    return _together(statements)


def _together(statements: Iterable[tuple[NamedNode, NamedNode, Term]]) -> list[Triple]:
    """Return statements once each, those about one thing together, in the order of the things."""
    about: dict[NamedNode, dict[Triple, None]] = {}
    for statement in statements:
        about.setdefault(statement[0], {})[Triple(*statement)] = None
    return [triple for triples in about.values() for triple in triples]


def _part(service: NamedNode, fragment: str) -> NamedNode:
    return NamedNode(f"{service.value}#{fragment}")


def _service(facts: ServiceFacts, service: NamedNode) -> Statements:
    """Yield what the service does (§3.2, §3.4)."""
    yield service, _A, _sd("Service")
    yield service, _sd("endpoint"), service
    yield service, _sd("supportedLanguage"), _sd("SPARQL11Query")
    yield service, _sd("defaultEntailmentRegime"), _SIMPLE
    yield service, _sd("defaultDataset"), _part(service, "dataset")
    yield service, _sd("availableGraphs"), _part(service, "dataset")
    yield service, _COMMENT, _text(_default_graph(facts))
    if facts.union:
        yield service, _sd("feature"), _sd("UnionDefaultGraph")
    if facts.services:
        yield service, _sd("feature"), _sd("BasicFederatedQuery")
        listed = ", ".join(sorted(facts.services))
        yield service, _COMMENT, _text(f"SERVICE may call these and no others: {listed}.")
    for format in (*TABLE_FORMATS, *GRAPH_FORMATS):
        yield service, _sd("resultFormat"), _format(format.name)
    if facts.writable:
        yield service, _sd("supportedLanguage"), _sd("SPARQL11Update")
        yield service, _sd("feature"), _sd("EmptyGraphs")
        for format in GRAPH_FORMATS:
            yield service, _sd("inputFormat"), _format(format.name)


def _default_graph(facts: ServiceFacts) -> str:
    return (_UNION if facts.union else _STRICT) + (_WRITABLE if facts.writable else "")


def _format(name: str) -> NamedNode:
    return NamedNode(_FORMATS + _FORMAT_NAMES[name])


def _extensions(facts: ServiceFacts, service: NamedNode) -> Statements:
    """Yield what goes beyond SPARQL 1.1 (§3.2.6, §3.2.8)."""
    for iri in FUNCTIONS:
        yield service, _sd("extensionFunction"), NamedNode(iri)
        yield NamedNode(iri), _A, _sd("Function")
    for fragment, label, specification, example in EXTENSIONS:
        feature = _part(service, fragment)
        yield from _feature(service, feature, label)
        yield feature, _SEE_ALSO, NamedNode(specification)
        yield feature, _COMMENT, _text(f"For example: {example}")
    if facts.prefixes:
        feature = _part(service, "default-prefixes")
        yield from _feature(service, feature, "Prefixes that need no declaration.")
        for prefix, start in PREFIXES.items():
            yield feature, _COMMENT, _text(f"PREFIX {prefix}: <{start}>")


def _feature(service: NamedNode, feature: NamedNode, label: str) -> Statements:
    yield service, _sd("languageExtension"), feature
    yield feature, _A, _sd("Feature")
    yield feature, _LABEL, _text(label)


def _dataset(facts: ServiceFacts, service: NamedNode) -> Statements:
    """Yield what the data are as a whole (§3.3.1, VoID §3 to §5)."""
    dataset, graph = _part(service, "dataset"), _part(service, "default-graph")
    for kind in (_sd("Dataset"), _sd("GraphCollection"), _void("Dataset")):
        yield dataset, _A, kind
    yield dataset, _void("sparqlEndpoint"), service
    yield dataset, _sd("defaultGraph"), graph
    yield graph, _A, _sd("Graph")
    yield from _counts(graph, facts.default)
    whole = facts.default if facts.union else _sum(facts)
    yield from _counts(dataset, whole)
    if facts.version:
        yield dataset, NamedNode(PREFIXES["owl"] + "versionInfo"), _text(facts.version)
    if facts.source:
        yield dataset, NamedNode(PREFIXES["dcterms"] + "isVersionOf"), NamedNode(facts.source)
    for name, value in facts.about:
        yield dataset, NamedNode(name), value
    if facts.space:
        yield dataset, _void("uriSpace"), _text(facts.space)
    for iri in facts.examples:
        yield dataset, _void("exampleResource"), NamedNode(iri)
    yield from _partitions(facts, service, dataset)


def _sum(facts: ServiceFacts) -> GraphFacts:
    """Return how many statements all graphs have together, where the default one is apart."""
    counts = [graph.triples for graph in (facts.default, *facts.named)]
    known = [count for count in counts if count is not None]
    return GraphFacts(triples=sum(known) if len(known) == len(counts) else None)


def _counts(node: NamedNode, graph: GraphFacts) -> Statements:
    """Yield the statistics of a graph (VoID §4.6)."""
    yield node, _A, _void("Dataset")
    counts = {
        "triples": graph.triples,
        "distinctSubjects": graph.subjects,
        "properties": graph.properties,
        "classes": graph.classes,
    }
    for name, count in counts.items():
        if count is not None:
            yield node, _void(name), _integer(count)


def _partitions(facts: ServiceFacts, service: NamedNode, dataset: NamedNode) -> Statements:
    """Yield the classes and properties in use, and the vocabularies that they are from."""
    for iri, count in facts.classes:
        part = _part(service, f"class-{_short(iri)}")
        yield dataset, _void("classPartition"), part
        yield part, _void("class"), NamedNode(iri)
        yield part, _void("entities"), _integer(count)
    for iri, count in facts.properties:
        part = _part(service, f"property-{_short(iri)}")
        yield dataset, _void("propertyPartition"), part
        yield part, _void("property"), NamedNode(iri)
        yield part, _void("triples"), _integer(count)
    terms = (iri for iri, _ in (*facts.classes, *facts.properties))
    for namespace in sorted({_namespace(iri) for iri in terms} - {""}):
        yield dataset, _void("vocabulary"), NamedNode(namespace)


def _graphs(facts: ServiceFacts, service: NamedNode) -> Statements:
    """Yield the named graphs (§3.3.2 to §3.3.4)."""
    dataset = _part(service, "dataset")
    for graph in facts.named:
        named = _part(service, f"graph-{_short(graph.name)}")
        content = _part(service, f"triples-{_short(graph.name)}")
        yield dataset, _sd("namedGraph"), named
        yield named, _A, _sd("NamedGraph")
        yield named, _sd("name"), NamedNode(graph.name)
        yield named, _sd("graph"), content
        yield named, _sd("entailmentRegime"), _SIMPLE
        if graph.name in _MATERIALISED:
            yield named, _COMMENT, _text(_MATERIALISED[graph.name])
        yield content, _A, _sd("Graph")
        yield from _counts(content, graph)
        for name, value in graph.about:
            yield content, NamedNode(name), value
    if facts.left_out:
        told = f"Only {len(facts.named)} of the named graphs are described here."
        yield dataset, _COMMENT, _text(told)


def _short(iri: str) -> str:
    """Return a name for an IRI that is stable and can be a fragment."""
    return hashlib.sha256(iri.encode()).hexdigest()[:12]


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _text(text: str) -> Literal:
    return Literal(text)


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(PREFIXES["xsd"] + "integer"))


def to_bytes(triples: Sequence[Triple], format: RdfFormat) -> bytes:
    """Write triples with those of the known prefixes that they use; Turtle is grouped."""
    if format == RdfFormat.TURTLE:
        return readable_turtle(triples).encode()
    nodes = (term for triple in triples for term in triple if isinstance(term, NamedNode))
    prefixes = prefixes_used(node.value for node in nodes)
    body = pyoxigraph.serialize(triples, format=format, prefixes=prefixes)
    assert body is not None  # It is None only when an output file is given.
    return body
