"""What a side says of its things: labels, classes, and the statements of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

import pyoxigraph as ox

from smegraph.graph.header import META
from smegraph.graph.triples import iri_of, is_blank, named, parts
from smegraph.namespaces import BASE, GRAPH, OWL, RDFS
from smegraph.ontology.terms import NAMES, TYPE
from smegraph.publishing.sides import Side

# What is computed from the rest, and so follows its changes.
COMPUTED = frozenset({GRAPH + "inferred", GRAPH + "derived", META})
_GENERAL = (OWL + "NamedIndividual", RDFS + "Resource", OWL + "Thing")


class Things:
    """The named things of a side, by IRI."""

    def __init__(self, side: Side) -> None:
        self.side = side

    @cached_property
    def iris(self) -> frozenset[str]:
        """The things that a statement is about, except in the description of the graphs."""
        return frozenset(
            iri_of(subject)
            for graph, lines in self.side.graphs.items()
            if graph != META
            for text in lines
            if not is_blank(subject := text.split(" ", 1)[0])
        )

    @cached_property
    def own(self) -> frozenset[str]:
        """Those whose IRI is one of this project."""
        return frozenset(iri for iri in self.iris if iri.startswith(BASE))

    @cached_property
    def labels(self) -> dict[str, str]:
        """The label of each thing that has one."""
        found: dict[str, str] = {}
        wanted = tuple(f" {named(name)} " for name in NAMES)
        for text in self._lines(wanted):
            subject, predicate, value = parts(text)
            if predicate[1:-1] in NAMES:
                label = text_of(value)
                iri = subject[1:-1]
                found[iri] = min(found.get(iri, label), label)
        return found

    @cached_property
    def classes(self) -> dict[str, list[str]]:
        """The classes of each thing, those that are stated before those that are computed."""
        stated: dict[str, set[str]] = defaultdict(set)
        computed: dict[str, set[str]] = defaultdict(set)
        wanted = f" {named(TYPE)} "
        for graph, lines in self.side.graphs.items():
            into = computed if graph in COMPUTED else stated
            for text in lines:
                if wanted in text:
                    subject, predicate, value = parts(text)
                    if predicate == named(TYPE) and not is_blank(value):
                        into[iri_of(subject)].add(iri_of(value))
        found = {iri: sorted(of) for iri, of in computed.items()}
        found |= {iri: sorted(of) for iri, of in stated.items()}
        return {iri: [c for c in of if c not in _GENERAL] or of for iri, of in found.items()}

    def statements(self, iris: Iterable[str]) -> dict[str, set[str]]:
        """Return what is stated of some things, as lines, by IRI; what is computed is left out."""
        wanted = {named(iri): iri for iri in iris}
        found: dict[str, set[str]] = {iri: set() for iri in wanted.values()}
        for graph, lines in self.side.graphs.items():
            if graph not in COMPUTED:
                for text in lines:
                    iri = wanted.get(text.split(" ", 1)[0])
                    if iri is not None:
                        found[iri].add(text)
        return found

    def _lines(self, wanted: tuple[str, ...]) -> Iterator[str]:
        for graph, lines in self.side.graphs.items():
            if graph != META:
                yield from (text for text in lines if any(part in text for part in wanted))


def text_of(term: str) -> str:
    """Return the text of a literal that is written in a line.

    >>> text_of('"a \\\\"b\\\\""@en')
    'a "b"'
    """
    (quad,) = ox.parse(input=f"<a:> <a:> {term} .", format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    return quad.object.value
