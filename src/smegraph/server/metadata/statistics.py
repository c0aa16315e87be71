"""What there is to tell of a dataset: its graphs, how much they hold, and of what kinds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import pyoxigraph
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, Triple

from smegraph.namespaces import DCTERMS, OWL, PROV, RDF, RDFS, SH, SKOS, VOID
from smegraph.server.engine.engine import Engine, QueryRequest
from smegraph.server.engine.errors import EngineError
from smegraph.sparql.errors import QueryRefused

Row: TypeAlias = Mapping[str, NamedNode | pyoxigraph.BlankNode | Literal | Triple]
Rows: TypeAlias = Mapping[str, Sequence[Row]]
About: TypeAlias = tuple[tuple[str, NamedNode | Literal], ...]

GRAPHS_TOLD: Final = 20_000
_PARTITIONS: Final = 100
_EXAMPLES: Final = 5
_SUBSET: Final = VOID + "subset"
_PART: Final = DCTERMS + "isPartOf"
_TOLD: Final = (
    *(DCTERMS + name for name in (
        "title", "description", "license", "rights", "modified", "created", "issued", "creator",
        "publisher", "source", "isPartOf",
    )),
    *(PROV + name for name in (
        "wasGeneratedBy", "wasDerivedFrom", "hadPrimarySource", "wasAttributedTo",
    )),
    OWL + "versionInfo",
)  # fmt: skip
# The languages of ontologies: what is of these classes is no example of the data.
_ONTOLOGICAL: Final = (RDF, RDFS, OWL, SKOS, SH, VOID)

_ANY: Final = "{ { %s } UNION { GRAPH ?any { %s } } }"
_COUNTS: Final = (
    "(COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?p) AS ?properties)"
)


def queries(union: bool) -> dict[str, str]:
    """Return the questions to ask of a dataset, each with the name that its rows go under.

    Each takes one pass over the data, however many graphs there are.
    """

    def anywhere(pattern: str) -> str:
        return f"{{ {pattern} }}" if union else _ANY % (pattern, pattern)

    told = " ".join(f"<{iri}>" for iri in (*_TOLD, _SUBSET))
    strangers = " && ".join(f'!STRSTARTS(STR(?class), "{start}")' for start in _ONTOLOGICAL)
    return {
        "default": f"SELECT {_COUNTS} {{ ?s ?p ?o }}",
        "default classes": "SELECT (COUNT(DISTINCT ?class) AS ?classes) { ?s a ?class }",
        "named": f"SELECT ?graph {_COUNTS} {{ GRAPH ?graph {{ ?s ?p ?o }} }} "
        f"GROUP BY ?graph LIMIT {GRAPHS_TOLD + 1}",
        "named classes": "SELECT ?graph (COUNT(DISTINCT ?class) AS ?classes) "
        "{ GRAPH ?graph { ?s a ?class } } GROUP BY ?graph",
        "classes": f"SELECT ?class (COUNT(DISTINCT ?s) AS ?entities) {anywhere('?s a ?class')} "
        f"GROUP BY ?class ORDER BY DESC(?entities) ?class LIMIT {_PARTITIONS}",
        "properties": f"SELECT ?property (COUNT(*) AS ?triples) {anywhere('?s ?property ?o')} "
        f"GROUP BY ?property ORDER BY DESC(?triples) ?property LIMIT {_PARTITIONS}",
        "examples": "SELECT ?class (MIN(STR(?s)) AS ?example) (COUNT(*) AS ?n) "
        f"{{ {anywhere('?s a ?class')} FILTER(isIRI(?s) && {strangers}) }} "
        f"GROUP BY ?class ORDER BY DESC(?n) ?class LIMIT {_EXAMPLES}",
        "space": "SELECT (MIN(STR(?s)) AS ?first) (MAX(STR(?s)) AS ?last) "
        f"{{ {anywhere('?s ?p ?o')} FILTER isIRI(?s) }}",
        "about": "SELECT DISTINCT ?dataset ?property ?value "
        f"{{ {anywhere(f'?dataset a <{VOID}Dataset> ; ?property ?value')} "
        f"VALUES ?property {{ {told} }} FILTER(isIRI(?dataset) && !isBlank(?value)) }}",
    }


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """What is told of a graph; None stands for a count that is not known.

    Attributes:
        name: its IRI; empty for the default graph.
        about: properties and values that the data state of it, such as its title.
    """

    name: str = ""
    triples: int | None = None
    subjects: int | None = None
    properties: int | None = None
    classes: int | None = None
    about: About = ()


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What is told of the service and its data.

    Attributes:
        union: whether the default graph is the union of all graphs.
        writable: whether updates are taken.
        services: the addresses that SERVICE may call.
        prefixes: whether the usual prefixes need no declaration.
        version: the name of the state of the data.
        named: the named graphs, sorted by name.
        left_out: whether there are more named graphs than are told of.
        classes: the classes with most instances, and how many each has.
        properties: the properties with most triples, and how many each has.
        examples: IRIs of some things that the data are about.
        space: what the IRIs of all subjects begin with; empty when there is nothing of the kind.
        source: the IRI that the data have for the dataset as a whole, or empty.
        about: what they state of it.
    """

    union: bool = True
    writable: bool = False
    services: tuple[str, ...] = ()
    prefixes: bool = True
    version: str = ""
    default: GraphFacts = GraphFacts()
    named: tuple[GraphFacts, ...] = ()
    left_out: bool = False
    classes: tuple[tuple[str, int], ...] = ()
    properties: tuple[tuple[str, int], ...] = ()
    examples: tuple[str, ...] = ()
    space: str = ""
    source: str = ""
    about: About = ()


async def survey(engine: Engine, known: ServiceFacts, timeout: float = 10.0) -> ServiceFacts:
    """Return `known` with what an engine answers, one question after another.

    Of `known` the fields up to `version` are kept; its `union` says how the engine's default graph
    is made. Each question may take `timeout` seconds. What cannot be answered in time, or at all,
    is left out, so that a description of a huge dataset says less and still comes.
    """
    found = {}
    for name, text in queries(known.union).items():
        request = QueryRequest(text, timeout=timeout)
        try:
            body = await (await engine.answer(request)).read()
        except (QueryRefused, EngineError):
            continue
        found[name] = await asyncio.to_thread(_read, body)
    return _facts(found, known)


def _read(body: bytes) -> list[Row]:
    found = pyoxigraph.parse_query_results(body, QueryResultsFormat.JSON)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [
        {name: term for name, term in zip(names, row, strict=True) if term is not None}
        for row in found
    ]


def _facts(rows: Rows, known: ServiceFacts) -> ServiceFacts:
    """Put the answers together."""
    default = _graph("", rows.get("default", ()), rows.get("default classes", ()), ())
    about, subsets = _about(rows.get("about", ()))
    named = list(_named(rows, about))
    tops = sorted(about.keys() - subsets - {graph.name for graph in named})
    source = tops[0] if len(tops) == 1 else ""
    return replace(
        known,
        default=default,
        named=tuple(named[:GRAPHS_TOLD]),
        left_out=len(named) > GRAPHS_TOLD,
        classes=_partitions(rows.get("classes", ()), "class", "entities"),
        properties=_partitions(rows.get("properties", ()), "property", "triples"),
        examples=tuple(sorted(_text(row, "example") for row in rows.get("examples", ()))),
        space=_space(rows.get("space", ())),
        source=source,
        about=tuple(about.get(source, ())),
    )


def _named(
    rows: Rows, about: Mapping[str, list[tuple[str, NamedNode | Literal]]]
) -> list[GraphFacts]:
    """Return the graphs that have an IRI, as the others cannot be asked for."""
    classes = {_text(row, "graph"): row for row in rows.get("named classes", ())}
    graphs = (
        _graph(name, [row], [classes[name]] if name in classes else (), about.get(name, ()))
        for row in rows.get("named", ())
        if isinstance(row.get("graph"), NamedNode)
        for name in [_text(row, "graph")]
    )
    return sorted(graphs, key=lambda graph: graph.name)


def _graph(
    name: str,
    counts: Sequence[Row],
    classes: Sequence[Row],
    about: Sequence[tuple[str, NamedNode | Literal]],
) -> GraphFacts:
    row = counts[0] if counts else {}
    return GraphFacts(
        name,
        _number(row, "triples"),
        _number(row, "subjects"),
        _number(row, "properties"),
        _number(classes[0], "classes") if classes else (0 if name and counts else None),
        tuple(about),
    )


def _about(
    rows: Sequence[Row],
) -> tuple[dict[str, list[tuple[str, NamedNode | Literal]]], set[str]]:
    """Return what is stated of each dataset, and the datasets that are a part of another."""
    about: dict[str, list[tuple[str, NamedNode | Literal]]] = {}
    subsets = set()
    for row in rows:
        dataset, name, value = _text(row, "dataset"), _text(row, "property"), row.get("value")
        if name == _SUBSET:
            subsets.add(_text(row, "value"))
        elif isinstance(value, NamedNode | Literal):
            about.setdefault(dataset, []).append((name, value))
        if name == _PART:
            subsets.add(dataset)
    for stated in about.values():
        stated.sort(key=lambda entry: (entry[0], str(entry[1])))
    return about, subsets


def _partitions(rows: Sequence[Row], name: str, count: str) -> tuple[tuple[str, int], ...]:
    return tuple(
        (_text(row, name), _number(row, count) or 0)
        for row in rows
        if isinstance(row.get(name), NamedNode)
    )


def _space(rows: Sequence[Row]) -> str:
    """Return the namespace that all subjects share: that of the first and of the last by name."""
    first, last = next(((_text(row, "first"), _text(row, "last")) for row in rows), ("", ""))
    shared = "".join(_while_equal(first, last))
    shared = shared[: max(shared.rfind("/"), shared.rfind("#")) + 1]
    _, _, rest = shared.partition("://")
    return shared if rest.strip("/") else ""


def _while_equal(first: str, last: str) -> Iterator[str]:
    for one, other in zip(first, last, strict=False):
        if one != other:
            return
        yield one


def _text(row: Row, name: str) -> str:
    term = row.get(name)
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _number(row: Row, name: str) -> int | None:
    return int(text) if (text := _text(row, name)) else None
