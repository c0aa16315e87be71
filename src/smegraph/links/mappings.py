"""The graph of links: a statement for each row, and for each set what it is and where it is from.

A set is a `void:Dataset` whose parts are the linksets of VoID (W3C Note 2011, section 4): one for
each vocabulary that is linked to and each property, as a linkset has one of both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from smegraph.links.check import scheme_of
from smegraph.links.curies import expand
from smegraph.links.known import Known
from smegraph.links.model import Link, MappingSet
from smegraph.links.slots import MATCHES
from smegraph.namespaces import BASE, DCTERMS, GRAPH, OWL, PROV, RDF, VOID, XSD
from smegraph.ontology.ontology import local_name

MAPPINGS: Final = BASE + "mappings/"
_GRAPH: Final = GRAPH + "mappings"
_DATASET: Final = BASE + "dataset"
_LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"


# Decision 076: docs/decisions/076-links.md
def graph_of(
    sets: Iterable[MappingSet], computed: Mapping[str, Iterable[ox.Triple]], known: Known
) -> list[ox.Triple]:
    """Return the statements of all sets with their descriptions, each once.

    Args:
        sets: the files, which must be sound.
        computed: the links that rules give, by the names of their files.
        known: what there is here; a `skos:*Match` is stated of concepts only, as it makes
            a concept of what has it.
    """
    found: dict[ox.Triple, None] = {}
    for one in sets:
        links = [link for link in one.stated() if _is_stated(link, known)]
        for triple in (*map(_triple, links), *_described(one, links)) if links else ():
            found[triple] = None
        if links:
            found[_about(ox.NamedNode(_GRAPH), VOID + "subset", ox.NamedNode(one.iri))] = None
    for file, triples in computed.items():
        for triple in (*(own := list(triples)), *_computed(file, own)):
            found[triple] = None
        part = ox.NamedNode(MAPPINGS + file.removesuffix(".rq"))
        found[_about(ox.NamedNode(_GRAPH), VOID + "subset", part)] = None
    return list(found)


def file_iri(name: str) -> str:
    """Return the IRI of a file of links, by its name in a release."""
    return MAPPINGS + name


def _is_stated(link: Link, known: Known) -> bool:
    kind = known.kinds.get(link.subject)  # None of what is in the data of others only
    return kind == "concept" if link.predicate in MATCHES else kind is not None


def _triple(link: Link) -> ox.Triple:
    return ox.Triple(*(ox.NamedNode(i) for i in (link.subject, link.predicate, link.object)))


def _described(one: MappingSet, links: Iterable[Link]) -> Iterator[ox.Triple]:
    """Yield what a set and its linksets are."""
    title = one.value("mapping_set_title")
    told = _told(title or one.name, one.value("license"), one.path.name)
    texts = {
        OWL + "versionInfo": one.metadata.get("mapping_set_version", ()),
        DCTERMS + "description": one.metadata.get("mapping_set_description", ()),
        DCTERMS + "creator": one.metadata.get("creator_label", ()),
    }
    told += [(name, ox.Literal(text)) for name, values in texts.items() for text in values]
    if day := one.value("mapping_date"):
        told.append((DCTERMS + "issued", ox.Literal(day, datatype=ox.NamedNode(XSD + "date"))))
    yield from _set(one.iri, told, links, lambda link: _source(one, link))


def _source(one: MappingSet, link: Link) -> str:
    """Return the vocabulary that a row links to: the one that it names, or its namespace."""
    named = link.cells.get("object_source") or one.value("object_source")
    iri = expand(named, one.prefixes) if named else ""
    return iri if isinstance(iri, str) and iri else scheme_of(link.object)


def _computed(file: str, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield what a set is that a rule has computed."""
    links = [
        Link(None, t.subject.value, t.predicate.value, t.object.value)
        for t in triples
        if isinstance(t.subject, ox.NamedNode) and isinstance(t.object, ox.NamedNode)
    ]
    name = file.removesuffix(".rq")
    told = _told(f"Links that the rule {name} computes from the data", _LICENSE, file)
    yield from _set(MAPPINGS + name, told, links, lambda link: scheme_of(link.object))


_Told = list[tuple[str, ox.NamedNode | ox.Literal]]


def _told(title: str, license: str, file: str) -> _Told:
    """Return what holds of a set and of each of its parts."""
    return [
        (RDF + "type", ox.NamedNode(PROV + "Entity")),
        (DCTERMS + "license", ox.NamedNode(license)),
        (DCTERMS + "title", ox.Literal(title)),
        (PROV + "hadPrimarySource", ox.NamedNode(file_iri(file))),
    ]


def _set(
    iri: str,
    told: _Told,
    links: Iterable[Link],
    source: Callable[[Link], str],
) -> Iterator[ox.Triple]:
    """Yield the description of a set, and of a linkset for each vocabulary and property in it."""
    parts: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for link in links:
        parts[source(link), link.predicate].add((link.subject, link.object))
    node = ox.NamedNode(iri)
    yield _about(node, RDF + "type", ox.NamedNode(VOID + "Dataset"))
    yield from (_about(node, predicate, value) for predicate, value in told)
    count = sum(len(found) for found in parts.values())
    yield _about(node, VOID + "triples", _number(count))
    for number, ((target, predicate), found) in enumerate(sorted(parts.items()), start=1):
        part = ox.NamedNode(f"{iri}/linkset/{number}-{local_name(predicate)}")
        yield _about(node, VOID + "subset", part)
        yield _about(part, RDF + "type", ox.NamedNode(VOID + "Linkset"))
        yield from (_about(part, name, value) for name, value in told)
        yield _about(part, VOID + "subjectsTarget", ox.NamedNode(_DATASET))
        yield _about(part, VOID + "objectsTarget", ox.NamedNode(target))
        yield _about(part, VOID + "linkPredicate", ox.NamedNode(predicate))
        yield _about(part, VOID + "triples", _number(len(found)))


def _about(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))
