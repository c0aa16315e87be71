"""Class expressions of OWL 2 in words, as the Manchester syntax has them (W3C 2012, §2.4).

Blank nodes stand for expressions; the words are a list of texts and of things to link to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from smegraph.namespaces import OWL, RDF
from smegraph.server.pages.things import Named

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Words: TypeAlias = tuple[str | Named, ...]
Facts: TypeAlias = Mapping[str, Sequence[Term]]

_NIL: Final = RDF + "nil"
_DEEPEST: Final = 20
_QUANTIFIERS: Final = {
    OWL + "someValuesFrom": "some",
    OWL + "allValuesFrom": "only",
    OWL + "hasValue": "value",
}
_NUMBERS: Final = {
    OWL + "minQualifiedCardinality": "min",
    OWL + "maxQualifiedCardinality": "max",
    OWL + "qualifiedCardinality": "exactly",
    OWL + "minCardinality": "min",
    OWL + "maxCardinality": "max",
    OWL + "cardinality": "exactly",
}
_JOINED: Final = {OWL + "intersectionOf": "and", OWL + "unionOf": "or"}


class Expressions:
    """Writes the expressions of one ontology."""

    def __init__(self, triples: Iterable[Triple], name: Callable[[str], Named]) -> None:
        """Take the ontology, and what names a thing."""
        self._name = name
        self._facts: dict[BlankNode, dict[str, list[Term]]] = {}
        for triple in triples:
            if isinstance(triple.subject, BlankNode):
                about = self._facts.setdefault(triple.subject, {})
                about.setdefault(triple.predicate.value, []).append(triple.object)

    def words(self, term: Term, depth: int = 0) -> Words:
        """Return a term in words: a name, a literal, or an expression."""
        if isinstance(term, NamedNode):
            return (self._name(term.value),)
        if isinstance(term, Literal):
            return (term.value,)
        if not isinstance(term, BlankNode) or depth > _DEEPEST:
            return ("…",)
        return tuple(self._expression(self._facts.get(term, {}), depth + 1))

    def items(self, head: Term) -> Iterator[Term]:
        """Yield the members of an RDF list; a list that runs in a circle ends."""
        seen: set[Term] = set()
        while isinstance(head, BlankNode) and head not in seen:
            seen.add(head)
            facts = self._facts.get(head, {})
            yield from facts.get(RDF + "first", ())[:1]
            head = next(iter(facts.get(RDF + "rest", ())), NamedNode(_NIL))

    def _expression(self, facts: Facts, depth: int) -> Iterator[str | Named]:
        for property, word in _JOINED.items():
            if property in facts:
                yield from self._joined(facts[property][0], word, depth)
                return
        if OWL + "complementOf" in facts:
            yield "not "
            yield from self._inner(facts[OWL + "complementOf"][0], depth)
        elif OWL + "oneOf" in facts:
            yield "{ "
            yield from self._listed(facts[OWL + "oneOf"][0], ", ", depth)
            yield " }"
        elif OWL + "inverseOf" in facts:
            yield "inverse "
            yield from self.words(facts[OWL + "inverseOf"][0], depth)
        else:
            yield from self._restriction(facts, depth)

    def _restriction(self, facts: Facts, depth: int) -> Iterator[str | Named]:
        if OWL + "onProperty" not in facts:
            yield "…"
            return
        yield from self.words(facts[OWL + "onProperty"][0], depth)
        for property, word in _QUANTIFIERS.items():
            if property in facts:
                yield f" {word} "
                yield from self._inner(facts[property][0], depth)
        for property, word in _NUMBERS.items():
            if property in facts:
                yield f" {word} "
                yield from self.words(facts[property][0], depth)
        for property in (OWL + "onClass", OWL + "onDataRange"):
            if property in facts:
                yield " "
                yield from self._inner(facts[property][0], depth)
        if OWL + "hasSelf" in facts:
            yield " Self"

    def _joined(self, head: Term, word: str, depth: int) -> Iterator[str | Named]:
        for index, item in enumerate(self.items(head)):
            if index:
                yield f" {word} "
            yield from self._inner(item, depth)

    def _listed(self, head: Term, mark: str, depth: int) -> Iterator[str | Named]:
        for index, item in enumerate(self.items(head)):
            if index:
                yield mark
            yield from self.words(item, depth)

    def _inner(self, term: Term, depth: int) -> Iterator[str | Named]:
        """Yield a part of an expression, between brackets where it has parts itself."""
        words = self.words(term, depth)
        if len(words) > 1:
            yield "("
            yield from words
            yield ")"
        else:
            yield from words
