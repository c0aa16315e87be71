"""Findings as nanopublications, one each (Nanopublication Guidelines, nanopub.net/guidelines).

A nanopublication is four graphs: the head, which names the others; the assertion, which is what was
found; the provenance of the assertion; and what is to be known of the nanopublication itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from smegraph.export.extract import Release
from smegraph.graph.header import CURATORS, DATASET, LICENSE, VERSION
from smegraph.namespaces import (
    DCTERMS,
    GRAPH,
    ONTOLOGY,
    PREFIXES,
    PROV,
    SHAPES,
    XSD,
    prefixes_used,
)
from smegraph.ontology.ontology import SHAPES as SHAPES_GRAPH
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.tables import table
from smegraph.ontology.terms import LABEL, TYPE

NP: Final = "http://www.nanopub.org/nschema#"
_QUERIES: Final = Path(__file__).parent / "queries"
_ROLES: Final = table((_QUERIES / "nanopub.rq").read_text("utf-8"))
FINDING: Final = next(term for role, term in _ROLES if role == "finding")
_OF_A_WORK: Final = tuple(term for role, term in _ROLES if role == "work")
_CODED: Final = (_QUERIES / "coded.rq").read_text("utf-8")


@dataclass(frozen=True)
class _Coding:
    """By which activities and by whom a study's graph was coded."""

    activities: frozenset[str]
    coders: frozenset[str]


# Decision 088: docs/decisions/088-nanopublications.md
def nanopublications(
    release: Release, ontology: Ontology, among: Iterable[ox.Triple]
) -> Iterator[ox.Quad]:
    """Yield the quads of a nanopublication for each finding, in the order of their IRIs.

    Args:
        release: where the findings are.
        ontology: its shape of provenance tells which properties are about where a fact stands.
        among: statements; the findings that are of that class there are taken.
    """
    finding, type_ = ox.NamedNode(FINDING), ox.NamedNode(TYPE)
    wanted = {one.subject for one in among if one.predicate == type_ and one.object == finding}
    said: dict[str, tuple[list[ox.Triple], _Coding]] = {}
    for study, coding in _codings(release).items():
        found: dict[str, list[ox.Triple]] = defaultdict(list)
        for triple in release.store.triples(study):
            if triple.subject in wanted and isinstance(triple.subject, ox.NamedNode):
                found[triple.subject.value].append(triple)
        said |= {iri: (triples, coding) for iri, triples in found.items()}
    places, day = _places(ontology), _day(release)
    for iri in sorted(said):
        triples, coding = said[iri]
        yield from _Nanopublication(iri, release.version).quads(triples, coding, places, day)


def serialized(quads: Iterable[ox.Quad]) -> bytes:
    """Return nanopublications as TriG, with the prefixes that they use."""
    known = [*quads]
    iris = {one.value for quad in known for one in quad if isinstance(one, ox.NamedNode)}
    prefixes = {**prefixes_used(iris), "np": NP}
    text = ox.serialize(known, format=ox.RdfFormat.TRIG, prefixes=prefixes)
    assert text is not None  # no output was named, so the bytes are returned
    return text


class _Nanopublication:
    """The names of a finding's nanopublication in a release: hash IRIs of the finding."""

    def __init__(self, finding: str, version: str) -> None:
        self.finding, self._version = ox.NamedNode(finding), version
        start = f"{finding}#nanopub-{version}"
        self.itself = ox.NamedNode(start)
        self.head, self.assertion, self.provenance, self.info = (
            ox.NamedNode(f"{start}-{part}")
            for part in ("head", "assertion", "provenance", "pubinfo")
        )

    def quads(
        self, said: Sequence[ox.Triple], coding: _Coding, places: frozenset[str], day: str
    ) -> Iterator[ox.Quad]:
        """Yield the four graphs, head first."""
        told = sorted(said, key=str)
        yield from self._head()
        for triple in told:
            if triple.predicate.value not in places:
                yield _in(triple, self.assertion)
        yield from self._provenance(told, coding, places)
        yield from self._info(coding, day)

    def _head(self) -> Iterator[ox.Quad]:
        parts = (
            (TYPE, ox.NamedNode(NP + "Nanopublication")),
            (NP + "hasAssertion", self.assertion),
            (NP + "hasProvenance", self.provenance),
            (NP + "hasPublicationInfo", self.info),
        )
        for name, value in parts:
            yield ox.Quad(self.itself, ox.NamedNode(name), value, self.head)

    def _provenance(
        self, told: Sequence[ox.Triple], coding: _Coding, places: frozenset[str]
    ) -> Iterator[ox.Quad]:
        """Yield who says so and where, of the assertion; and where the finding stands."""
        works = sorted(
            {t.object.value for t in told
             if t.predicate.value in _OF_A_WORK and isinstance(t.object, ox.NamedNode)}
        )  # fmt: skip
        links = {
            "wasDerivedFrom": works,
            "wasGeneratedBy": sorted(coding.activities),
            "wasAttributedTo": sorted(coding.coders),
        }
        for name, values in links.items():
            for value in values:
                link = ox.NamedNode(PROV + name)
                yield ox.Quad(self.assertion, link, ox.NamedNode(value), self.provenance)
        for triple in told:
            if triple.predicate.value in places:
                yield _in(triple, self.provenance)

    def _info(self, coding: _Coding, day: str) -> Iterator[ox.Quad]:
        key = self.finding.value.rpartition("/")[2].removeprefix("finding-")
        label = f"A finding of smegraph: {key}"
        said: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            (LABEL, ox.Literal(label)),
            (DCTERMS + "license", ox.NamedNode(LICENSE)),
            (DCTERMS + "isPartOf", ox.NamedNode(DATASET)),
            (PROV + "wasDerivedFrom", ox.NamedNode(DATASET)),
            (VERSION, ox.Literal(self._version)),
            *((DCTERMS + "creator", ox.NamedNode(one)) for one in sorted(coding.coders)),
        ]
        if not coding.coders:
            said.append((DCTERMS + "creator", ox.Literal(CURATORS)))
        if day:
            time = ox.Literal(f"{day}T00:00:00Z", datatype=ox.NamedNode(XSD + "dateTime"))
            said.append((DCTERMS + "created", time))
        for name, value in said:
            yield ox.Quad(self.itself, ox.NamedNode(name), value, self.info)


def _in(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _codings(release: Release) -> dict[str, _Coding]:
    """Return for each study's graph by what and by whom it was coded."""
    found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for study, coding, coder in release.solutions(_CODED):
        if study.value.startswith(GRAPH):
            found[study.value][0].add(coding.value)
            found[study.value][1].add(coder.value)
    return {study: _Coding(*map(frozenset, pair)) for study, pair in sorted(found.items())}


def _places(ontology: Ontology) -> frozenset[str]:
    """Return the properties that tell where a fact stands, who coded it, and how sure that is."""
    sh = PREFIXES["sh"]
    triples = [*ontology.triples(SHAPES_GRAPH)]
    of_shape = {
        t.object for t in triples
        if t.subject == ox.NamedNode(SHAPES + "Provenance")
        and t.predicate == ox.NamedNode(sh + "property")
    }  # fmt: skip
    paths = {
        t.object.value for t in triples
        if t.subject in of_shape and t.predicate == ox.NamedNode(sh + "path")
        and isinstance(t.object, ox.NamedNode)
    }  # fmt: skip
    return frozenset({*paths, *_OF_A_WORK})


def _day(release: Release) -> str:
    """Return the day of the release, which is the ontology's; "" where it tells none."""
    query = f"SELECT ?day {{ <{ONTOLOGY}> <{DCTERMS}issued> ?day }} ORDER BY DESC(?day) LIMIT 1"
    return next((row[0].value for row in release.solutions(query)), "")
