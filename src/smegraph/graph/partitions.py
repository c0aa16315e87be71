"""What things of which class have which properties: VoID partitions of the whole dataset.

Query editors complete from them. The form is that of void-generator, which SIB's sparql-editor
reads: a class partition (VoID, W3C Note 2011, section 4.5) has property partitions, and each of
these names the classes of its objects, or their datatypes by `void-ext:datatypePartition`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Final, TypeAlias

from smegraph.graph.header import DATASET
from smegraph.graph.triples import datatype_of, iri_of, line, memberships, named, parts
from smegraph.namespaces import GRAPH, SME, VOID, VOID_EXT, XSD, namespace_of, prefix_of
from smegraph.ontology.ontology import local_name
from smegraph.sheets.literals import literal

PARTITIONS: Final = GRAPH + "partitions"

Kinds: TypeAlias = frozenset[str]  # the classes of one thing, by IRI
_Use: TypeAlias = tuple[str, str]  # a class and a property, by IRI


# Decision 084: docs/decisions/084-questions-and-partitions.md
def partitions(graphs: Iterable[Iterable[str]]) -> list[str]:
    """Return the partitions of the union of graphs.

    Args:
        graphs: N-Triples lines of each graph; a triple in two of them is counted once.

    Returns:
        N-Triples lines, sorted.
    """
    union = {text for lines in graphs for text in lines}
    kinds = _kinds(union)
    members = Counter(class_ for classes in kinds.values() for class_ in classes)
    triples: Counter[_Use] = Counter()
    objects: dict[_Use, set[Kinds]] = defaultdict(set)
    datatypes: dict[_Use, set[str]] = defaultdict(set)
    for (subject, predicate, target), count in _uses(union, kinds).items():
        for class_ in subject:
            use = class_, predicate
            triples[use] += count
            if isinstance(target, str):
                datatypes[use].add(target)
            elif target:
                objects[use].add(target)
    lines = [text for class_, count in members.items() for text in _of_class(class_, count)]
    for use, count in triples.items():
        lines += _of_property(use, count)
        lines += _of_objects(use, narrowest(objects[use], members))
        lines += _of_datatypes(use, datatypes[use])
    return sorted(lines)


def _kinds(lines: Iterable[str]) -> dict[str, Kinds]:
    """Return the classes of each thing that has an IRI, by the thing as it is written."""
    found: dict[str, set[str]] = defaultdict(set)
    for subject, class_ in memberships(lines):
        found[subject].add(class_)
    shared: dict[Kinds, Kinds] = {}  # a set for all that have the same classes
    return {thing: shared.setdefault(key := frozenset(of), key) for thing, of in found.items()}


def _uses(
    lines: Iterable[str], kinds: Mapping[str, Kinds]
) -> Counter[tuple[Kinds, str, Kinds | str]]:
    """Count the triples by classes of the subject, property, and classes or datatype of the object.

    An object without a class has the empty set.
    """
    nothing: Kinds = frozenset()
    counts: Counter[tuple[Kinds, str, Kinds | str]] = Counter()
    for text in lines:
        subject, predicate, value = parts(text)
        if subject in kinds:
            target = datatype_of(value) or kinds.get(value, nothing)
            counts[kinds[subject], iri_of(predicate), target] += 1
    return counts


def narrowest(objects: Set[Kinds], members: Mapping[str, int]) -> list[str]:
    """Return few classes that together have all objects, each as narrow as can be.

    Args:
        objects: the classes of each object.
        members: how many things each class has; of two classes with the same objects, the one
            with fewer members is taken, then one of smegraph's own.

    >>> sets = {frozenset({"Thing", "Work"}), frozenset({"Thing", "Work", "Review"})}
    >>> narrowest(sets, {"Thing": 9, "Work": 5, "Review": 1})
    ['Work']
    """
    left, found = set(objects), []
    while left:
        shared = Counter(class_ for kinds in left for class_ in kinds)
        best = min(shared, key=lambda c: (-shared[c], members[c], not c.startswith(SME), c))
        found.append(best)
        left = {kinds for kinds in left if best not in kinds}
    return sorted(found)


def _of_class(class_: str, count: int) -> Iterator[str]:
    part = _node(class_)
    yield line(named(DATASET), named(VOID + "classPartition"), part)
    yield line(part, named(VOID + "class"), named(class_))
    yield line(part, named(VOID + "entities"), _number(count))


def _of_property(use: _Use, count: int) -> Iterator[str]:
    class_, predicate = use
    part = _node(class_, predicate)
    yield line(_node(class_), named(VOID + "propertyPartition"), part)
    yield line(part, named(VOID + "property"), named(predicate))
    yield line(part, named(VOID + "triples"), _number(count))


def _of_objects(use: _Use, classes: Iterable[str]) -> Iterator[str]:
    for class_ in classes:
        part = _node(*use, class_)
        yield line(_node(*use), named(VOID + "classPartition"), part)
        yield line(part, named(VOID + "class"), named(class_))


def _of_datatypes(use: _Use, datatypes: Iterable[str]) -> Iterator[str]:
    for datatype in datatypes:
        part = _node(*use, datatype)
        yield line(_node(*use), named(VOID_EXT + "datatypePartition"), part)
        yield line(part, named(VOID_EXT + "datatype"), named(datatype))


def _node(*iris: str) -> str:
    """Return the node of a class, of its property, and of what that leads to."""
    return named(f"{PARTITIONS}#{'.'.join(map(_short, iris))}")


def _short(iri: str) -> str:
    """Return what tells an IRI from others in the IRI of a partition."""
    namespace = namespace_of(iri)
    if namespace == SME:
        return local_name(iri)
    start = prefix_of(namespace) or namespace.split("://", 1)[-1].strip("/#").replace("/", "-")
    return f"{start}-{local_name(iri)}"


def _number(value: int) -> str:
    return literal(str(value), XSD + "integer")
