"""What a cell may refer to: nodes by key, label or alternative label, sorted by class."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from smegraph.namespaces import ID, VOC
from smegraph.ontology.deprecations import replacements
from smegraph.ontology.ontology import Ontology, local_name
from smegraph.ontology.terms import FORMER_NAMES, NAMES, NOTATION, OTHER_NAMES, SPELLINGS
from smegraph.sheets.invisible import identity, plain
from smegraph.suggest import near

VOCABULARY = "the vocabulary"
_DASHES = str.maketrans("\u2212\u2013", "--")  # as word processors and documents write a minus
_PREFIXES = {"id:": ID, "voc:": VOC}


@dataclass(frozen=True)
class Node:
    """Something that a cell can name."""

    iri: str
    key: str
    label: str
    names: tuple[str, ...]
    classes: frozenset[str]
    place: str = ""


@dataclass(frozen=True)
class Ambiguous:
    """A name that more than one node bears; `nodes` are the candidates."""

    nodes: tuple[Node, ...]


class _Names:
    """The names of the nodes of one class: exact ones first, then regardless of case."""

    def __init__(self) -> None:
        self.exact: dict[str, Node | Ambiguous] = {}
        self.folded: dict[str, Node | Ambiguous] = {}

    def add(self, node: Node) -> None:
        for key in (node.key, local_name(node.iri)):
            self.exact[key] = node  # a key is unique among the keys and wins over a label
        for name in (node.label, *node.names):
            if name != node.key:
                _put(self.exact, name, node)
            _put(self.folded, identity(name), node)

    def find(self, text: str) -> Node | Ambiguous | None:
        found = self.exact.get(text)
        return found if found is not None else self.folded.get(identity(text))


def _put(names: dict[str, Node | Ambiguous], name: str, node: Node) -> None:
    there = names.get(name)
    if there is None:
        names[name] = node
    elif isinstance(there, Ambiguous):
        if all(other.iri != node.iri for other in there.nodes):
            names[name] = Ambiguous((*there.nodes, node))
    elif there.iri != node.iri and there.key != name:
        names[name] = Ambiguous((there, node))


@dataclass
class NameIndex:
    """All nodes that the rows of one study may refer to.

    `parent` holds what every study shares: vocabulary, reference data and the studies. `notations`
    are signs that stand for concepts, as "+" for positive; `sheets` tells which sheets describe
    things of a class. `former` holds, by the names that nothing bears any more, what they named.
    """

    parent: NameIndex | None = None
    nodes: dict[str, Node] = field(default_factory=dict)
    notations: dict[str, list[Node]] = field(default_factory=dict)
    sheets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    former: dict[str, list[Node]] = field(default_factory=dict)
    _by_class: dict[str | None, _Names] = field(default_factory=dict)

    def add(self, node: Node) -> None:
        """Add a node under every class that it has."""
        if node.iri in self.nodes:
            self._by_class.clear()
        self.nodes[node.iri] = node
        for class_, names in self._by_class.items():
            if class_ is None or class_ in node.classes:
                names.add(node)

    def get(self, iri: str) -> Node | None:
        """Return the node of an IRI."""
        return self.nodes.get(iri) or (self.parent.get(iri) if self.parent else None)

    def find(self, text: str, class_: str | None) -> Node | Ambiguous | None:
        """Return the node that a text names among those of a class (any class when None).

        A prefixed name (`voc:lead-generation`) and a full IRI name a node outright.
        """
        text = _expanded(text)
        if text.startswith("https://"):
            node = self.get(text)
            return node if node and (class_ is None or class_ in node.classes) else None
        found = self._names(class_).find(text) or self._noted(text, class_)
        if found is None and self.parent:
            return self.parent.find(text, class_)
        return found

    def _noted(self, text: str, class_: str | None) -> Node | None:
        """Return the concept of a class for which a sign stands."""
        noted = self.notations.get(text.translate(_DASHES), ())
        found = [node for node in noted if class_ in node.classes]
        return found[0] if len(found) == 1 else None

    def formerly(self, text: str, class_: str | None) -> list[Node]:
        """Return the nodes of a class that had a name, or took the place of what had it."""
        named = self.former.get(identity(_expanded(text)), [])
        found = [node for node in named if class_ is None or class_ in node.classes]
        return found or (self.parent.formerly(text, class_) if self.parent else [])

    def concepts(self, class_: str) -> list[str]:
        """Return the labels of the concepts of the vocabulary that have a class, sorted."""
        own = {
            node.label
            for node in self.nodes.values()
            if node.place == VOCABULARY and class_ in node.classes
        }
        return sorted(own.union(self.parent.concepts(class_) if self.parent else ()))

    def knows(self, class_: str | None) -> bool:
        """Whether there is anything of a class."""
        there = any(class_ in node.classes for node in self.nodes.values())
        return there or (self.parent is not None and self.parent.knows(class_))

    def sheets_of(self, class_: str) -> tuple[str, ...]:
        """Return the names of the sheets that describe things of a class."""
        if class_ in self.sheets or not self.parent:
            return self.sheets.get(class_, ())
        return self.parent.sheets_of(class_)

    def _names(self, class_: str | None) -> _Names:
        if class_ not in self._by_class:
            names = _Names()
            for node in self.nodes.values():
                if class_ is None or class_ in node.classes:
                    names.add(node)
            self._by_class[class_] = names
        return self._by_class[class_]

    def nearest(self, text: str, class_: str | None) -> list[str]:
        """Return the names that look most like the text, of up to three nodes of the class."""
        names: dict[str, tuple[str, Node | Ambiguous]] = {}
        index: NameIndex | None = self
        while index:
            for name, node in index._names(class_).folded.items():
                names.setdefault(name, (node.label if isinstance(node, Node) else name, node))
            for name, node in index._names(class_).exact.items():
                names.setdefault(name.casefold(), (name, node))
            index = index.parent
        found = near(text, names, count=9)
        shown: dict[Node | Ambiguous, str] = {}
        for name in found:
            shown.setdefault(names[name][1], names[name][0])
        return list(shown.values())[:3]


def _expanded(text: str) -> str:
    for prefix, namespace in _PREFIXES.items():
        if text.startswith(prefix):
            return namespace + text[len(prefix) :]
    return text


def slug(text: str) -> str:
    """Return a key made from a name: small letters and digits, joined by hyphens.

    >>> slug("Crea-Appli"), slug("Google+")
    ('crea-appli', 'google')
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", plain(text).replace("ß", "ss"))
        text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def vocabulary_index(ontology: Ontology) -> NameIndex:
    """Return the concepts of the vocabulary, each under its classes and all classes above them.

    Those that are replaced are left out: nothing may refer to them.
    """
    index = NameIndex()
    replaced = replacements(ontology)
    for iri, types in ontology.concepts():
        if iri in replaced:
            continue
        classes = frozenset().union(*(ontology.superclasses(t) for t in types))
        names = tuple(_texts(ontology, iri, OTHER_NAMES, SPELLINGS))
        node = Node(iri, local_name(iri), _name(ontology, iri), names, classes, VOCABULARY)
        index.add(node)
        for text in _texts(ontology, iri, NOTATION):
            index.notations.setdefault(text, []).append(node)
        _enter_former(index, node, _texts(ontology, iri, *FORMER_NAMES))
    for old, new in replaced.items():
        if survivor := index.get(new):
            names = (old, local_name(old), *_texts(ontology, old, *FORMER_NAMES))
            _enter_former(index, survivor, names)
    return index


# Decision 070: docs/decisions/070-labels-and-mentions.md
def _enter_former(index: NameIndex, node: Node, names: Iterable[str]) -> None:
    for name in names:
        there = index.former.setdefault(identity(name), [])
        if node not in there:
            there.append(node)


def _texts(ontology: Ontology, iri: str, *predicates: str) -> list[str]:
    terms = (term for predicate in predicates for term in ontology.objects(iri, predicate))
    return [term.value for term in terms if isinstance(term, ox.Literal)]


def _name(ontology: Ontology, iri: str) -> str:
    for predicate in reversed(NAMES):
        value = ontology.value(iri, predicate)
        if isinstance(value, ox.Literal):
            return value.value
    return ontology.label(iri)
