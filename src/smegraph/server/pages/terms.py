"""The ontology as its pages show it: its header, its terms, and what each of them means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from smegraph.namespaces import DCTERMS, ONTOLOGY, OWL, RDF, RDFS, SKOS, SME
from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import ask, ask_graph, load_query, record
from smegraph.server.pages.expressions import Expressions, Term, Words
from smegraph.server.pages.things import Named, named

QUERY: Final = load_query("ontology")
LABELS: Final = load_query("ontology-labels")

_KINDS: Final = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "datatype property",
    OWL + "AnnotationProperty": "annotation property",
    OWL + "NamedIndividual": "individual",
}
HEADINGS: Final = {
    "class": "Classes",
    "object property": "Object properties",
    "datatype property": "Datatype properties",
    "annotation property": "Annotation properties",
    "individual": "Individuals",
}
# What is shown of a term, each with its heading, in this order.
_SHOWN: Final = {
    OWL + "equivalentClass": "is the same as",
    RDFS + "subClassOf": "is a kind of",
    RDFS + "subPropertyOf": "is a kind of",
    OWL + "disjointWith": "shares nothing with",
    RDFS + "domain": "leads from",
    RDFS + "range": "leads to",
    OWL + "inverseOf": "is the inverse of",
    OWL + "propertyChainAxiom": "follows from",
    OWL + "hasKey": "is told apart by",
    RDFS + "seeAlso": "see also",
    DCTERMS + "source": "source",
    SKOS + "example": "for example",
    SKOS + "scopeNote": "use",
    SKOS + "editorialNote": "note",
    SKOS + "changeNote": "change",
}
_LISTS: Final = {OWL + "propertyChainAxiom": " then ", OWL + "hasKey": ", "}
_HEADER: Final = {
    OWL + "versionInfo": "version",
    DCTERMS + "issued": "issued",
    DCTERMS + "modified": "changed",
    DCTERMS + "creator": "creator",
    DCTERMS + "publisher": "publisher",
    DCTERMS + "license": "licence",
    DCTERMS + "source": "source",
    DCTERMS + "bibliographicCitation": "citation",
}


@record
class LabelRow:
    """A row of `ontology-labels.rq`."""

    thing: str
    label: str


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of a term under one heading, each in words."""

    heading: str
    values: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class TermText:
    """A term as a page shows it; its anchor is the fragment of its IRI."""

    name: Named
    anchor: str
    kind: str
    definition: str
    notes: tuple[Note, ...]
    is_deprecated: bool
    replaced_by: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Terms of one kind, by label; those that nothing should use stand last."""

    heading: str
    anchor: str
    terms: tuple[TermText, ...]


class OntologyText:
    """An ontology that is read: what its header says, and its terms."""

    def __init__(self, triples: Iterable[Triple], labels: Mapping[str, str]) -> None:
        """Take its triples, and the labels of what it names beside its own terms."""
        self.triples = tuple(triples)
        self._labels = dict(labels)
        self._about: dict[str, dict[str, list[Term]]] = {}
        for triple in self.triples:
            if isinstance(triple.subject, NamedNode):
                about = self._about.setdefault(triple.subject.value, {})
                about.setdefault(triple.predicate.value, []).append(triple.object)
        for iri, about in self._about.items():
            label = _text(about.get(RDFS + "label", ()))
            if label:
                self._labels[iri] = label
        self._expressions = Expressions(self.triples, self.named)

    @cached_property
    def title(self) -> str:
        """What the ontology is called."""
        return _text(self._header.get(DCTERMS + "title", ())) or ONTOLOGY

    @cached_property
    def description(self) -> str:
        """What it is on."""
        return _text(self._header.get(DCTERMS + "description", ()))

    @cached_property
    def version_iri(self) -> str:
        """The IRI of its version; empty where it has none."""
        return self._iri(OWL + "versionIRI")

    @cached_property
    def licence(self) -> str:
        """The IRI of its licence; empty where it states none."""
        return self._iri(DCTERMS + "license")

    def _iri(self, property: str) -> str:
        found = self._header.get(property, ())
        return found[0].value if found and isinstance(found[0], NamedNode) else ""

    @cached_property
    def header(self) -> tuple[Note, ...]:
        """What its header says of version, makers, licence and sources."""
        return tuple(self._notes(self._header, _HEADER))

    @property
    def _header(self) -> Mapping[str, list[Term]]:
        return self._about.get(ONTOLOGY, {})

    @cached_property
    def terms(self) -> Mapping[str, TermText]:
        """Its own terms by their local names, in the order of their labels."""
        found = (self._term(iri, about) for iri, about in self._about.items() if _is_own(iri))
        ordered = sorted(filter(None, found), key=lambda term: term.name.label.casefold())
        return {term.anchor: term for term in ordered}

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Its terms by kind."""
        return tuple(
            Section(heading, heading.lower().replace(" ", "-"), terms)
            for kind, heading in HEADINGS.items()
            if (terms := tuple(
                sorted(
                    (term for term in self.terms.values() if term.kind == kind),
                    key=lambda term: term.is_deprecated,
                )
            ))
        )  # fmt: skip

    def document_on(self, name: str) -> list[Triple]:
        """Return all that the ontology says of a term, with the expressions in it."""
        found: list[Triple] = []
        nodes: list[NamedNode | BlankNode] = [NamedNode(SME + name)]
        by_subject: dict[NamedNode | BlankNode, list[Triple]] = {}
        for triple in self.triples:
            if not isinstance(triple.subject, Triple):
                by_subject.setdefault(triple.subject, []).append(triple)
        while nodes:
            triples = by_subject.pop(nodes.pop(), [])
            found += triples
            nodes += [one.object for one in triples if isinstance(one.object, BlankNode)]
        return found

    def named(self, iri: str) -> Named:
        """Return a thing that the ontology names, with its label."""
        return named(iri, self._labels.get(iri, ""))

    def _term(self, iri: str, about: Mapping[str, list[Term]]) -> TermText | None:
        types = {found.value for found in about.get(RDF + "type", ())
                 if isinstance(found, NamedNode)}  # fmt: skip
        kind = next((word for known, word in _KINDS.items() if known in types), None)
        if kind is None:
            return None
        return TermText(
            name=self.named(iri),
            anchor=iri.removeprefix(SME),
            kind=kind,
            definition=_text(about.get(SKOS + "definition", ())),
            notes=tuple(self._notes(about, _SHOWN)),
            is_deprecated=_text(about.get(OWL + "deprecated", ())) == "true",
            replaced_by=tuple(
                self.named(found.value)
                for found in about.get(DCTERMS + "isReplacedBy", ())
                if isinstance(found, NamedNode)
            ),
        )

    def _notes(
        self, about: Mapping[str, list[Term]], headings: Mapping[str, str]
    ) -> Iterator[Note]:
        for property, heading in headings.items():
            values = [self._words(property, value) for value in about.get(property, ())]
            if values:
                yield Note(heading, tuple(sorted(values, key=_plain)))

    def _words(self, property: str, value: Term) -> Words:
        mark = _LISTS.get(property)
        if mark is None:
            return self._expressions.words(value)
        words: list[str | Named] = []
        for item in self._expressions.items(value):
            words += [mark, *self._expressions.words(item)]
        return tuple(words[1:])


async def ask_ontology(engine: Engine) -> OntologyText:
    """Return the ontology of the release, by two queries."""
    triples = await ask_graph(engine, QUERY)
    return OntologyText(triples, await ask_labels(engine))


async def ask_labels(engine: Engine) -> dict[str, str]:
    """Return the labels of what the ontology names beside its own terms."""
    return {row.thing: row.label for row in await ask(engine, LABELS, LabelRow)}


def _is_own(iri: str) -> bool:
    return iri.startswith(SME) and iri != SME


def _plain(words: Words) -> str:
    return "".join(word if isinstance(word, str) else word.label for word in words).casefold()


def _text(values: Iterable[Term]) -> str:
    """Return the first literal, by its text; nothing where there is none."""
    return min((value.value for value in values if isinstance(value, Literal)), default="")
