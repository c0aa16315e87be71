"""What is ours that can be linked, with its labels: concepts, terms, and things of the data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from smegraph.links.errors import TargetError
from smegraph.links.known import Known
from smegraph.links.target import Label, Role
from smegraph.namespaces import DCTERMS, RDFS, SKOS, VOC
from smegraph.ontology.ontology import MODULES, VOCABULARY, Ontology, local_name
from smegraph.ontology.tables import table
from smegraph.ontology.terms import FORMER_NAMES, NAMES, OTHER_NAMES, SPELLINGS
from smegraph.suggest import did_you_mean

_QUERIES: Final = Path(__file__).parent / "queries"
_SCHEME: Final = VOC + "scheme-"
_ROLES: Final[dict[str, Role]] = {
    **dict.fromkeys(NAMES, "preferred"),
    OTHER_NAMES: "other",
    SPELLINGS: "other",
    **dict.fromkeys(FORMER_NAMES, "loose"),
}
_TEXTS: Final = (SKOS + "definition", SKOS + "scopeNote", RDFS + "comment")
_UP: Final = tuple(name for (name,) in table((_QUERIES / "broader.rq").read_text("utf-8")))
_IN: Final = SKOS + "inScheme"
# Kinds that are no schemes: what is asked for, and the class of the things.
_CLASSES: Final = {row[0]: row[1] for row in table((_QUERIES / "kinds.rq").read_text("utf-8"))}
_WHOLE: Final = ("concepts", "classes", "properties")
_RANK: Final = {"preferred": 0, "other": 1, "loose": 2}


@dataclass
class Term:
    """A thing of ours.

    Attributes:
        iri: its IRI.
        kind: what kind of thing it is (`Known.kinds`).
        labels: what it is called.
        above: what is broader.
        texts: its definition and notes.
    """

    iri: str
    kind: str
    labels: list[Label] = field(default_factory=list)
    above: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Its preferred label, or the end of its IRI."""
        return self.labels[0].text if self.labels else local_name(self.iri)


def own_terms(ontology: Ontology, facts: Iterable[str], known: Known, kind: str) -> list[Term]:
    """Return the things of a kind, in the order of their IRIs.

    Args:
        ontology: the ontology.
        facts: the statements of the sheets in N-Quads or N-Triples lines.
        known: what kinds of things they are.
        kind: `concepts`, `classes`, `properties`, the end of a scheme's name such as `industries`
            or `methods`, or things of the data such as `countries` or `platforms`.

    Raises:
        TargetError: there is no such kind.
    """
    triples = list(ontology.triples(MODULES, VOCABULARY))
    wanted = _wanted(triples, known, kind)
    if wanted is None:
        kinds = (*_WHOLE, *_schemes(triples), *_CLASSES)
        raise TargetError(
            f'"{kind}" is no kind of things. '
            + did_you_mean(kind, kinds, f"There are {', '.join(kinds)}.")
        )
    terms = {iri: Term(iri, known.kinds[iri]) for iri in sorted(wanted - known.former)}
    for triple in (*triples, *_labelling(facts)):
        if isinstance(triple.subject, ox.NamedNode) and triple.subject.value in terms:
            _take(terms[triple.subject.value], triple.predicate.value, triple.object)
    for term in terms.values():
        term.labels = sorted(dict.fromkeys(term.labels), key=lambda label: _RANK[label.role])
    return list(terms.values())


def _wanted(triples: Sequence[ox.Triple], known: Known, kind: str) -> set[str] | None:
    if kind in _WHOLE:
        one = {"concepts": "concept", "classes": "class", "properties": "property"}[kind]
        return {iri for iri, found in known.kinds.items() if found == one}
    if kind in _CLASSES:
        return {
            iri
            for iri, types in known.types.items()
            if _CLASSES[kind] in types and known.kinds[iri] == "thing"
        }
    schemes = _schemes(triples)
    found = [name for name in schemes if name == kind] or [
        name for name in schemes if name.endswith(f"-{kind}")
    ]
    return schemes[found[0]] & known.kinds.keys() if len(found) == 1 else None


def _schemes(triples: Iterable[ox.Triple]) -> dict[str, set[str]]:
    """Return the concepts of each scheme, by the end of its IRI."""
    schemes: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        if triple.predicate.value == _IN and isinstance(triple.object, ox.NamedNode):
            name = triple.object.value.removeprefix(_SCHEME)
            schemes[name].add(str(getattr(triple.subject, "value", "")))
    return dict(sorted(schemes.items()))


def _take(term: Term, predicate: str, value: object) -> None:
    if isinstance(value, ox.Literal):
        if predicate in _ROLES:
            term.labels.append(Label(value.value, _ROLES[predicate]))
        elif predicate in _TEXTS:
            term.texts.append(value.value)
    elif predicate in _UP and isinstance(value, ox.NamedNode):
        term.above.add(value.value)


def _labelling(facts: Iterable[str]) -> list[ox.Triple]:
    """Return the statements that name things or say where they lie."""
    wanted = [f"<{name}>" for name in (*_ROLES, *_UP, DCTERMS + "title")]
    lines = "".join(line for line in facts if any(name in line for name in wanted))
    return [quad.triple for quad in ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS)]
