"""Turtle that people read: grouped, ordered, prefixed, with nested nodes and lists.

What is written reads back as the graph that went in (up to the names of blank nodes), and equal
graphs have equal texts (RDF 1.1 Turtle, sections 2.6 to 2.8).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import pyoxigraph as ox

from smegraph.namespaces import OWL, PREFIXES, RDF, SKOS, XSD, namespace_of
from smegraph.ontology.terms import LABEL, TYPE

WIDTH: Final = 100  # columns, up to which things stand on one line
_DEEP: Final = 24  # nodes within each other; what lies deeper is written by itself
_TAB: Final = "\t"
_TAB_WIDTH: Final = 4

_Subject: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Triple
_Term: TypeAlias = _Subject | ox.Literal
_Values: TypeAlias = dict[str, list[_Term]]

_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", RDF + "nil"
_ONTOLOGY = ox.NamedNode(OWL + "Ontology")
_LEADING = {iri: at for at, iri in enumerate((TYPE, LABEL, SKOS + "prefLabel"))}

# PN_LOCAL without escapes and colons, and with the letters of Latin scripts only.
_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff"
_LOCAL: Final = re.compile(rf"[{_LETTER}0-9_](?:[{_LETTER}0-9_.\-]*[{_LETTER}0-9_\-])?")
# Forms without quotation marks (INTEGER, DECIMAL, DOUBLE, BooleanLiteral).
_BARE: Final = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "double": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_STRING, _LANG_STRING = XSD + "string", RDF + "langString"
_ESCAPES: Final = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)},
    **{ord(raw): "\\" + short for raw, short in zip('\\"\n\r\t\b\f', '\\"nrtbf', strict=True)},
}


# Decision 078: docs/decisions/078-readable-turtle.md
def readable_turtle(
    triples: Iterable[ox.Triple],
    header: Iterable[ox.Triple] = (),
    *,
    prefixes: Mapping[str, str] = PREFIXES,
    blank: str | None = "b",
) -> str:
    """Return a graph as Turtle in one order, whatever the order of what goes in.

    Prefixes are declared where they are used. An ontology's header stands first, then subjects in
    the order of their IRIs, each once; of a subject, its class and its label stand first. A blank
    node that is used once is nested, `[ … ]`, and a list is `( … )`. Other blank nodes that are
    used get names that depend on the graph alone (RDF Dataset Canonicalization, RDFC-1.0).

    Args:
        triples: the graph; a triple may come twice.
        header: what stands before all else, such as title and licence of the file.
        prefixes: those that may be declared, namespaces by prefix.
        blank: the first letters of blank nodes' names, for texts that become one text; with None
            they keep the names that they have, and equal graphs may differ in them.

    >>> a, b = ox.NamedNode("urn:a"), ox.BlankNode()
    >>> label = ox.NamedNode(LABEL)
    >>> print(readable_turtle([ox.Triple(a, label, b), ox.Triple(b, label, ox.Literal(1))]))
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    <BLANKLINE>
    <urn:a> rdfs:label [ rdfs:label 1 ] .
    <BLANKLINE>
    """
    names = Names(prefixes)
    blocks = [*_blocks(header, names, blank and blank + "h"), *_blocks(triples, names, blank)]
    return "\n\n".join(["\n".join(names.declared()), *blocks]).lstrip("\n") + "\n"


def _blocks(triples: Iterable[ox.Triple], names: Names, blank: str | None) -> Iterator[str]:
    """Yield the text of each subject."""
    known = set(triples)
    shape = _Shape(known)
    if shape.named and blank is not None:
        known = _canonical(known, blank)
        shape = _Shape(known)
    return _Blocks(shape, names).texts()


def turtle_of_answer(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> str:
    """Return an answer's graph as `readable_turtle` does; blank nodes keep their names.

    An answer is not worth what naming them anew may cost.
    """
    return readable_turtle(triples, prefixes=prefixes, blank=None)


class Names:
    """Shortens IRIs, and remembers which prefixes were used.

    >>> names = Names({"ex": "http://example.org/"})
    >>> names.short("http://example.org/a"), names.short("http://example.org/a/b")
    ('ex:a', '<http://example.org/a/b>')
    >>> list(names.declared())
    ['@prefix ex: <http://example.org/> .']
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._by_start = {start: prefix for prefix, start in reversed([*prefixes.items()])}
        odd = [start for start in self._by_start if not start.endswith(("/", "#"))]
        self._odd = sorted(odd, key=len, reverse=True)
        self._starts = dict(prefixes)
        self._used: set[str] = set()
        self._kept: dict[str, str] = {}

    def short(self, iri: str) -> str:
        """Return an IRI as a prefixed name where one can be written, else in angle brackets."""
        found = self._kept.get(iri)
        if found is None:
            found = self._kept[iri] = self._shortened(iri)
        return found

    def declared(self) -> Iterator[str]:
        """Yield a declaration for each prefix that was used, in alphabetical order."""
        for prefix in sorted(self._used):
            yield f"@prefix {prefix}: <{self._starts[prefix]}> ."

    def _shortened(self, iri: str) -> str:
        odd = next((start for start in self._odd if iri.startswith(start)), None)
        start = odd or namespace_of(iri)
        prefix, local = self._by_start.get(start), iri[len(start) :]
        if prefix is None or not _LOCAL.fullmatch(local):
            return str(ox.NamedNode(iri))
        self._used.add(prefix)
        return f"{prefix}:{local}"


def _canonical(triples: Iterable[ox.Triple], blank: str) -> set[ox.Triple]:
    """Return a graph in which blank nodes have names that depend on the graph alone."""
    plain, others = set(), ox.Dataset()
    for triple in triples:
        if _has_blank(triple):
            others.add(ox.Quad(*triple))
        else:
            plain.add(triple)
    others.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return plain | {_renamed(quad.triple, blank) for quad in others}


def _renamed(triple: ox.Triple, blank: str) -> ox.Triple:
    subject, predicate, value = triple
    new = value if isinstance(value, ox.Literal) else _new_name(value, blank)
    return ox.Triple(_new_name(subject, blank), predicate, new)


def _new_name(term: _Subject, blank: str) -> _Subject:
    """Return a node that RDFC-1.0 has named `c14n…` under a shorter name."""
    if isinstance(term, ox.BlankNode):
        return ox.BlankNode(blank + term.value.removeprefix("c14n"))
    return _renamed(term, blank) if isinstance(term, ox.Triple) else term


def _has_blank(triple: ox.Triple) -> bool:
    return any(
        isinstance(term, ox.BlankNode) or (isinstance(term, ox.Triple) and _has_blank(term))
        for term in triple
    )


def _blanks_within(triple: ox.Triple) -> Iterator[ox.BlankNode]:
    for term in triple:
        if isinstance(term, ox.BlankNode):
            yield term
        elif isinstance(term, ox.Triple):
            yield from _blanks_within(term)


class _Shape:
    """Which nodes of a graph stand by themselves, and which within others.

    Attributes:
        values: objects by subject and predicate's IRI.
        nested: blank nodes that stand where they are used.
        named: blank nodes that need a name.
        roots: subjects that stand by themselves, in no order.
    """

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        """Take each triple once."""
        self.values: dict[_Subject, _Values] = defaultdict(lambda: defaultdict(list))
        self._uses: Counter[ox.BlankNode] = Counter()
        for triple in triples:
            subject, predicate, value = triple
            self.values[subject][predicate.value].append(value)
            if isinstance(value, ox.BlankNode):
                self._uses[value] += 1
            for term in (subject, value):
                if isinstance(term, ox.Triple):
                    self._uses.update(dict.fromkeys(_blanks_within(term), 2))
        self.nested: set[_Subject] = set()
        self.named = {node for node, uses in self._uses.items() if uses > 1}
        self._find_nested()
        self.roots = [node for node in self.values if node not in self.nested]

    def _find_nested(self) -> None:
        """Go down from what stands by itself; what is not reached then is a circle."""
        roots = [node for node in self.values if node in self.named or not self._uses[node]]  # type: ignore[index]
        self._go_down(roots)
        reached = self.named | self.nested
        self.named.update(node for node in self._uses if node not in reached)

    def _go_down(self, roots: Iterable[_Subject]) -> None:
        waiting = deque((node, 0) for node in roots)
        while waiting:
            node, depth = waiting.popleft()
            for predicate, values in self.values.get(node, {}).items():
                below = depth if predicate == _REST else depth + 1
                for value in values:
                    if not isinstance(value, ox.BlankNode) or value in self.named:
                        continue
                    if below > _DEEP:
                        self.named.add(value)
                    else:
                        self.nested.add(value)
                    waiting.append((value, 0 if below > _DEEP else below))

    def items(self, node: _Term) -> list[_Term] | None:
        """Return the members of a list that can be written as one, else None."""
        members: list[_Term] = []
        while node != _END:
            values = self.values.get(node) if node in self.nested else None  # type: ignore[arg-type]
            if values is None or values.keys() != {_FIRST, _REST}:
                return None
            first, rest = values[_FIRST], values[_REST]
            if len(first) > 1 or len(rest) > 1:
                return None
            members.append(first[0])
            node = rest[0]
        return members


_END: Final = ox.NamedNode(_NIL)
_Key: TypeAlias = tuple[int, str]


class _Blocks:
    """Writes the subjects of a graph."""

    def __init__(self, shape: _Shape, names: Names) -> None:
        self._shape, self._names = shape, names

    def texts(self) -> Iterator[str]:
        """Yield the text of each subject, in order."""
        roots = self._shape.roots
        unnamed = {n for n in roots if isinstance(n, ox.BlankNode) and n not in self._shape.named}
        for node in sorted((node for node in roots if node not in unnamed), key=self._place):
            yield self._block(self._term(node), node)
        yield from sorted(self._block("[]", node) for node in unnamed)

    def _place(self, node: _Subject) -> _Key:
        kinds = self._shape.values[node].get(TYPE, ())
        first = 0 if _ONTOLOGY in kinds else 2 if isinstance(node, ox.BlankNode) else 1
        return (first, str(node))

    def _block(self, head: str, node: _Subject) -> str:
        return f"{head} {self._statements(node, 1)} ."

    def _statements(self, node: _Subject, depth: int) -> str:
        """Return predicates and objects of a node, on as many lines as there are predicates."""
        pairs = self._pairs(node, depth)
        return f" ;\n{_TAB * depth}".join(pairs)

    def _pairs(self, node: _Subject, depth: int) -> list[str]:
        values = self._shape.values.get(node, {})
        return [
            f"{self._predicate(iri)}{self._objects(values[iri], depth)}"
            for iri in sorted(values, key=lambda iri: (_LEADING.get(iri, len(_LEADING)), iri))
        ]

    def _predicate(self, iri: str) -> str:
        return "a" if iri == TYPE else self._names.short(iri)

    def _objects(self, values: Sequence[_Term], depth: int) -> str:
        """Return what stands behind a predicate: objects on its line, or on lines of their own."""
        keyed = []
        for value in values:
            text = self._value(value, depth if len(values) == 1 else depth + 1)
            nested = value in self._shape.nested
            keyed.append(((int(nested), text if nested else str(value)), text))
        texts = [text for _, text in sorted(keyed)]
        if len(texts) == 1 or _fits(texts, depth):
            return " " + " , ".join(texts)
        return f"\n{_TAB * (depth + 1)}" + f" ,\n{_TAB * (depth + 1)}".join(texts)

    def _value(self, value: _Term, depth: int) -> str:
        if value == _END:
            return "()"
        if not isinstance(value, ox.BlankNode) or value not in self._shape.nested:
            return self._term(value)
        members = self._shape.items(value)
        if members is not None:
            return self._wrapped(
                "(", [self._value(one, depth + 1) for one in members], "", ")", depth
            )
        pairs = self._pairs(value, depth + 1)
        return self._wrapped("[", pairs, " ;", "]", depth) if pairs else "[]"

    def _wrapped(self, begin: str, parts: Sequence[str], between: str, end: str, depth: int) -> str:
        if _fits(parts, depth):
            return f"{begin} {f'{between} '.join(parts)} {end}"
        inside = f"{between}\n{_TAB * (depth + 1)}".join(parts)
        return f"{begin}\n{_TAB * (depth + 1)}{inside}\n{_TAB * depth}{end}"

    def _term(self, term: _Term) -> str:
        if isinstance(term, ox.NamedNode):
            return self._names.short(term.value)
        if isinstance(term, ox.Literal):
            return self._literal(term)
        if isinstance(term, ox.Triple):
            parts = " ".join(self._term(part) for part in term)
            return f"<<( {parts} )>>"
        return str(term)

    def _literal(self, literal: ox.Literal) -> str:
        datatype, text = literal.datatype.value, literal.value
        bare = _BARE.get(datatype)
        if bare is not None and bare.fullmatch(text):
            return text
        quoted = f'"{text.translate(_ESCAPES)}"'
        if datatype == _STRING:
            return quoted
        if literal.language:
            direction = f"--{str(literal).rsplit('--', 1)[-1]}" if literal.direction else ""
            return f"{quoted}@{literal.language}{direction}"
        return f"{quoted}^^{self._names.short(datatype)}"


def _fits(texts: Iterable[str], depth: int) -> bool:
    """Whether some texts stand side by side on one line."""
    width = depth * _TAB_WIDTH
    for text in texts:
        width += len(text) + 3
        if "\n" in text or width > WIDTH:
            return False
    return True
