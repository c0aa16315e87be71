"""Shapes whose parts have targets of their own, so that a validator asks each part once.

pySHACL takes the nodes of a node shape one by one, and for each of them it reads every property
shape anew. A property shape that is aimed at the same nodes itself is read once for all of them.
It finds the same: what `sh:property` finds are the results of the property shape (SHACL, section
4.7.2), and a node conforms to what `sh:node` names where it conforms to each part (4.7.1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from smegraph.namespaces import RDF, RDFS, SH
from smegraph.ontology.terms import TYPE

if TYPE_CHECKING:
    from rdflib.term import Node

    Triple = tuple[Node, Node, Node]
    Values = dict[str, list[Node]]

_AIM, _PATH, _OFF = SH + "targetClass", SH + "path", SH + "deactivated"
_PROPERTY, _NODE = SH + "property", SH + "node"
_PARTS: Final = (_PROPERTY, _NODE)
# What constrains nothing by itself; a node shape that holds no more than this is its parts.
_NO_CONSTRAINT: Final = (*_PARTS, _AIM, SH + "message", SH + "severity", TYPE)
_MARK: Final = "urn:smegraph:member-of:"


# Decision 090: docs/decisions/090-shapes-in-parts.md
@dataclass(frozen=True)
class ShapeTargets:
    """The shapes of an ontology, and ways to aim them at the members of classes.

    Attributes:
        triples: the shapes, with `sh:targetClass`.
    """

    triples: Sequence[Triple]

    def whole(self, members: Mapping[str, Iterable[str]]) -> Iterator[Triple]:
        """Yield the shapes, aimed at nodes by name (SHACL, section 2.1.3.1), not at classes.

        The context has nodes of the same classes, which others answer for. pySHACL can be given the
        nodes to look at, but takes as long again to find each of them in its list.

        Args:
            members: IRIs of the nodes to look at, by the IRI of each class that they belong to.
        """
        from rdflib import URIRef

        aim = URIRef(f"{SH}targetNode")
        for shape, predicate, value in self.triples:
            if str(predicate) == _AIM:
                yield from ((shape, aim, URIRef(node)) for node in members.get(str(value), ()))
            else:
                yield shape, predicate, value

    @cached_property
    def in_parts(self) -> list[Triple] | None:
        """The shapes, each part aimed at what has a mark; None where that may find something else.

        A node that has a result with `whole` has one with these shapes too, and no other node has.
        The results themselves may differ: a part of what `sh:node` names has its own here.
        """
        from rdflib import BNode, URIRef

        if any(_PATH in values and _PROPERTY in values for values in self._values.values()):
            return None  # then results are about other nodes than those that are aimed at
        found = [triple for triple in self.triples if str(triple[1]) != _AIM]
        aim = URIRef(f"{SH}targetSubjectsOf")
        for shape, classes in self._reached.items():
            aimed = shape
            if self._parts(shape):
                aimed = BNode()
                rest = list(self._rest(shape))
                if all(predicate in _NO_CONSTRAINT for predicate, _ in rest):
                    continue
                found += ((aimed, URIRef(predicate), value) for predicate, value in rest)
            found += ((aimed, aim, URIRef(_MARK + class_)) for class_ in classes)
        return found

    def marks(self, members: Mapping[str, Iterable[str]]) -> Iterator[Triple]:
        """Yield the marks by which `in_parts` finds the members of classes."""
        from rdflib import URIRef

        for class_ in {class_ for classes in self._reached.values() for class_ in classes}:
            mark = URIRef(_MARK + class_)
            for node in map(URIRef, members.get(class_, ())):
                yield node, mark, node

    @cached_property
    def _values(self) -> dict[Node, Values]:
        """What is said of each shape, by predicate."""
        said: dict[Node, Values] = defaultdict(lambda: defaultdict(list))
        for shape, predicate, value in self.triples:
            said[shape][str(predicate)].append(value)
        return {shape: dict(values) for shape, values in said.items()}

    @cached_property
    def _reached(self) -> dict[Node, set[str]]:
        """The classes whose members each shape looks at, by itself or as a part of others."""
        reached: dict[Node, set[str]] = {}
        for shape, values in self._values.items():
            for class_ in map(str, values.get(_AIM, ())):
                waiting = [shape]
                while waiting:
                    one = waiting.pop()
                    if class_ not in reached.setdefault(one, set()):
                        reached[one].add(class_)
                        waiting += self._parts(one)
        return reached

    def _parts(self, shape: Node) -> list[Node]:
        """Return the shapes that a node shape is made of, if it is a node shape that is in use."""
        values = self._values[shape]
        if _PATH in values or _OFF in values:
            return []
        return [part for of in _PARTS for part in values.get(of, ()) if self._is_part(of, part)]

    def _is_part(self, of: str, part: Node) -> bool:
        values = self._values.get(part)
        return values is not None and (_PATH in values) is (of == _PROPERTY)

    def _rest(self, shape: Node) -> Iterator[tuple[str, Node]]:
        """Yield what is said of a node shape beside its targets and its parts."""
        parts = self._parts(shape)
        for predicate, values in self._values[shape].items():
            if predicate == _AIM or not predicate.startswith((SH, RDF, RDFS)):
                continue
            for value in values:
                if not (predicate in _PARTS and value in parts):
                    yield predicate, value
