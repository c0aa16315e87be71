"""What follows from statements: HermiT's answer on its command line, read as statements.

HermiT is the one that owlready2 brings. owlready2's own call has it also classify the data
properties in the presence of all facts, which takes six times as long as everything else together
and can only give what the ontology alone gives; here the hierarchies of properties are asked of the
ontology, and classes, members and values of the ontology with the facts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from smegraph.graph.triples import iri_of, line, memberships, named, parts
from smegraph.namespaces import OWL, RDF, RDFS

Ask = Callable[[Sequence[str], Sequence[str]], str]

_AXIOM = re.compile(r"^(\w+)\( (<[^<>]+>(?: <[^<>]+>)*) \)$", re.M)
_VALUES = re.compile(
    r"^<([^<>]+)> \(known instances: (\(.*\)) \| possible instances: .*\)\s*$", re.M
)
_PAIR = re.compile(r"\((<[^<>]+>), (<[^<>]+>)\)")
_SUB = {
    "Type": f"<{RDF}type>",
    "SubClassOf": f"<{RDFS}subClassOf>",
    "SubObjectPropertyOf": f"<{RDFS}subPropertyOf>",
    "SubDataPropertyOf": f"<{RDFS}subPropertyOf>",
}
_EQUIVALENT = {
    "EquivalentClasses": f"<{OWL}equivalentClass>",
    "EquivalentObjectProperties": f"<{OWL}equivalentProperty>",
    "EquivalentDataProperties": f"<{OWL}equivalentProperty>",
}
ORDER = frozenset({*_SUB.values(), *_EQUIVALENT.values()} - {_SUB["Type"]})
# Decision 009: docs/decisions/009-hermit-questions.md
MEMBERS = ("-c", "-I", "-Y")
HIERARCHY = ("-c", "-O", "-D")


def statements(output: str) -> Iterator[str]:
    """HermiT's answer as lines of N-Triples.

    Args:
        output: what it prints for `-c` (classes), `-O` and `-D` (properties), `-I`
            (members) and `-Y` (values of object properties). Anonymous individuals and inverse
            properties have no line.

    >>> list(statements("Type( <urn:a> <urn:B> )"))
    ['<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:B> .\\n']
    """
    for kind, names in _AXIOM.findall(output):
        terms = names.split(" ")
        if kind in _SUB and len(terms) == 2:
            yield line(terms[0], _SUB[kind], terms[1])
        elif kind in _EQUIVALENT:
            for one in terms:
                yield from (line(one, _EQUIVALENT[kind], o) for o in terms if o != one)
    for name, values in _VALUES.findall(output):
        yield from (line(one, named(name), other) for one, other in _PAIR.findall(values))


def impossible(output: str) -> set[str]:
    """Return the IRIs of the classes that can have no member."""
    nothing = f"<{OWL}Nothing>"
    found = set()
    for kind, names in _AXIOM.findall(output):
        terms = names.split(" ")
        if kind == "EquivalentClasses" and nothing in terms:
            found |= set(terms)
        elif kind == "SubClassOf" and terms[-1] == nothing:
            found.add(terms[0])
    return {iri_of(name) for name in found - {nothing}}


def most_specific(entailed: Iterable[str], hierarchy: Iterable[str]) -> list[str]:
    """Return the statements that no other implies by the order of classes and of properties.

    So HermiT gives members and values.

    Args:
        entailed: all members of classes and values of properties, in N-Triples lines.
        hierarchy: which class or property stands below which, in N-Triples lines.
    """
    below: dict[str, set[str]] = {}
    for text in hierarchy:
        lower, predicate, upper = parts(text)
        if predicate in ORDER:
            below.setdefault(upper, set()).add(lower)
    all_below = {term: _all_below(term, below) for term in below}
    under = {  # those that are equivalent stand beside each other
        term: {other for other in found if term not in all_below.get(other, ())}
        for term, found in all_below.items()
    }
    told = set(entailed)

    def is_implied(text: str) -> bool:
        subject, predicate, value = parts(text)
        if predicate == _SUB["Type"]:
            return any(line(subject, predicate, other) in told for other in under.get(value, ()))
        return any(line(subject, other, value) in told for other in under.get(predicate, ()))

    return sorted(text for text in told if not is_implied(text))


def _all_below(term: str, below: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = [term]
    while todo:
        fresh = below.get(todo.pop(), set()) - found
        found |= fresh
        todo += fresh
    return found


# Decision 005: docs/decisions/005-rules-around-reasoning.md
def new_statements(
    inferred: Iterable[str], known: Iterable[str], superclasses: Callable[[str], frozenset[str]]
) -> list[str]:
    """Return what is inferred and not known, sorted; what is true of everything is left out.

    A membership is left out as well when a known membership, or a more special one that is
    inferred, gives it by a subclass that is known: rules close those upward.

    Args:
        inferred: lines of N-Triples.
        known: lines of N-Triples.
        superclasses: gives a class, by its IRI, with the classes that are known to be above it.
    """
    told = set(known)
    members: dict[str, set[str]] = {}
    fresh = [text for text in inferred if text not in told and f"<{OWL}" not in text]
    for subject, class_ in memberships((*fresh, *told)):
        members.setdefault(subject, set()).add(class_)

    def is_above(text: str) -> bool:
        subject, predicate, thing = parts(text)
        below = {_SUB["Type"]: members.get(subject, set()), _SUB["SubClassOf"]: {iri_of(subject)}}
        class_ = iri_of(thing)
        return any(
            class_ in superclasses(other) for other in below.get(predicate, ()) if other != class_
        )

    return sorted({text for text in fresh if not is_above(text)})
