"""The ontology folder as a queryable store: classes, labels, keys and concepts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph as ox

from smegraph.namespaces import OWL, RDF, RDFS, SKOS
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.terms import NAMES

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
MODULES, VOCABULARY, SHAPES = "modules", "vocabulary", "shapes"
_FOLDERS = (MODULES, VOCABULARY, SHAPES)
_TYPE, _HEADER = ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Ontology")
_IMPORTS = ox.NamedNode(OWL + "imports")


def _named_apart(term: Term, prefix: str) -> Any:
    return ox.BlankNode(f"{prefix}{term.value}") if isinstance(term, ox.BlankNode) else term


def _headers(
    read: Iterable[tuple[str, Iterable[ox.Triple]]],
) -> set[ox.NamedNode | ox.BlankNode | ox.Triple]:
    """Return the ontologies that files of modules and vocabulary declare."""
    return {
        triple.subject
        for kind, triples in read
        for triple in triples
        if kind != SHAPES and (triple.predicate, triple.object) == (_TYPE, _HEADER)
    }


def _merge(read: Sequence[tuple[str, Iterable[ox.Triple]]]) -> Iterator[tuple[str, ox.Triple]]:
    """Yield the triples of all files as one ontology: that of the first file.

    An import of what is not among the files becomes its import, so that it is not lost.
    """
    own = _headers(read[:1])
    known = _headers(read)
    for kind, triples in read:
        for triple in triples:
            if kind == SHAPES:
                yield kind, triple
            elif triple.predicate == _IMPORTS:
                if triple.object not in known:
                    yield from ((MODULES, ox.Triple(o, _IMPORTS, triple.object)) for o in own)
            elif triple.subject not in known or triple.subject in own:
                yield kind, triple


def local_name(iri: str) -> str:
    """Return the part of an IRI after the last `#` or `/`."""
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


@dataclass
class Ontology:
    """The Turtle files of one ontology folder, each kind in a graph of its own.

    Attributes:
        folder: the folder that was read.
        store: an in-memory store; the graphs are named `urn:modules`, `urn:vocabulary`
            and `urn:shapes`.
        files: every file that was read, in order; their bytes decide whether a build is
            out of date.
    """

    folder: Path
    store: ox.Store = field(default_factory=ox.Store)
    files: list[Path] = field(default_factory=list)
    _above: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    # As they are written: the store turns every integer into an xsd:integer.
    _triples: dict[str, dict[ox.Triple, None]] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, folder: Path) -> Ontology:
        """Read `smegraph.ttl` and the Turtle files of modules, vocabulary and shapes.

        To an editor each module and vocabulary is an ontology of its own, which imports what it
        needs. Here all are one: the header of `smegraph.ttl` stays, the others go, and so do the
        imports of one another.

        Raises:
            OntologyError: a folder or a header is missing, or a file is not Turtle.
        """
        ontology = cls(folder)
        header = folder / "smegraph.ttl"
        if not header.is_file():
            raise OntologyError(f"{folder} holds no ontology: smegraph.ttl is missing.")
        read = [(MODULES, ontology._read(header, MODULES))]
        for kind in _FOLDERS:
            for path in sorted((folder / kind).glob("*.ttl")):
                read.append((kind, ontology._read(path, kind)))
        for kind, triple in _merge(read):
            graph = ox.NamedNode(f"urn:{kind}")
            ontology.store.add(ox.Quad(triple.subject, triple.predicate, triple.object, graph))
            ontology._triples.setdefault(kind, {})[triple] = None
        return ontology

    def _read(self, path: Path, kind: str) -> list[ox.Triple]:
        try:
            quads = ox.Dataset(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        except SyntaxError as error:
            raise OntologyError(f"{path} is not Turtle: {error}") from error
        except OSError as error:
            raise OntologyError(f"{path} cannot be read: {error}") from error
        # Blank nodes get one name in every run, and never that of another file's.
        quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        prefix = re.sub(r"[^a-z0-9]", "", kind + path.stem)
        triples = []
        for quad in quads:
            subject, value = (_named_apart(t, prefix) for t in (quad.subject, quad.object))
            triples.append(ox.Triple(subject, quad.predicate, value))
        self.files.append(path)
        return triples

    def triples(self, *kinds: str) -> Iterator[ox.Triple]:
        """Yield the triples of the given kinds (`modules`, `vocabulary`, `shapes`)."""
        for kind in kinds:
            yield from self._triples.get(kind, ())

    def objects(self, subject: str | ox.NamedNode | ox.BlankNode, predicate: str) -> list[Term]:
        """Return the objects of a subject and a predicate, in the order of their text."""
        node = ox.NamedNode(subject) if isinstance(subject, str) else subject
        found = self.store.quads_for_pattern(node, ox.NamedNode(predicate), None)
        return sorted((quad.object for quad in found), key=str)

    def value(self, subject: str | ox.NamedNode | ox.BlankNode, predicate: str) -> Term | None:
        """Return the first object of a subject and a predicate, or None."""
        return next(iter(self.objects(subject, predicate)), None)

    def items(self, head: Term) -> list[Term]:
        """Return the members of an RDF list."""
        members: list[Term] = []
        while isinstance(head, ox.NamedNode | ox.BlankNode) and head.value != RDF + "nil":
            first = self.value(head, RDF + "first")
            rest = self.value(head, RDF + "rest")
            if first is None or rest is None:
                raise OntologyError("An RDF list in the ontology has no end.")
            members.append(first)
            head = rest
        return members

    @cached_property
    def _parents(self) -> dict[str, list[str]]:
        parents: dict[str, list[str]] = {}
        pattern = (None, ox.NamedNode(RDFS + "subClassOf"), None)
        for quad in self.store.quads_for_pattern(*pattern):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                parents.setdefault(quad.subject.value, []).append(quad.object.value)
        return parents

    def superclasses(self, iri: str) -> frozenset[str]:
        """Return a class and all the classes above it (`rdfs:subClassOf`)."""
        found = self._above.get(iri)
        if found is None:
            found = self._above[iri] = self._closure(iri, self._parents)
        return found

    @staticmethod
    def _closure(iri: str, edges: dict[str, list[str]]) -> frozenset[str]:
        seen, todo = {iri}, [iri]
        while todo:
            for parent in edges.get(todo.pop(), ()):
                if parent not in seen:
                    seen.add(parent)
                    todo.append(parent)
        return frozenset(seen)

    def label(self, iri: str) -> str:
        """Return the label of a term, or the last part of its IRI when it has none."""
        for predicate in NAMES:
            value = self.value(iri, predicate)
            if isinstance(value, ox.Literal):
                return value.value
        return local_name(iri)

    def definition(self, iri: str) -> str | None:
        """Return the `skos:definition` of a term."""
        value = self.value(iri, SKOS + "definition")
        return value.value if isinstance(value, ox.Literal) else None

    def example(self, iri: str) -> str | None:
        """Return the `skos:example` of a term."""
        value = self.value(iri, SKOS + "example")
        return value.value if isinstance(value, ox.Literal) else None

    def key(self, iri: str) -> tuple[str, ...]:
        """Return the properties that identify an instance of a class (`owl:hasKey`)."""
        head = self.value(iri, OWL + "hasKey")
        members = self.items(head) if head is not None else []
        return tuple(member.value for member in members if isinstance(member, ox.NamedNode))

    def is_class(self, iri: str) -> bool:
        """Whether the ontology declares the IRI as a class."""
        declared = ox.Quad(
            ox.NamedNode(iri),
            ox.NamedNode(RDF + "type"),
            ox.NamedNode(OWL + "Class"),
            ox.NamedNode(f"urn:{MODULES}"),
        )
        return declared in self.store

    def concepts(self) -> Iterator[tuple[str, list[str]]]:
        """Every individual of the vocabulary, with the classes that it is declared to have."""
        graph = ox.NamedNode(f"urn:{VOCABULARY}")
        types: dict[str, list[str]] = {}
        for quad in self.store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), None, graph):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                types.setdefault(quad.subject.value, []).append(quad.object.value)
        for iri in sorted(types):
            yield iri, sorted(types[iri])
