"""Which version a release may have, by what changed (Semantic Versioning 2.0.0)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from smegraph.graph.triples import is_blank, parts
from smegraph.namespaces import GRAPH, ONTOLOGY, OWL, RDFS, SKOS, shorten
from smegraph.ontology.terms import TYPE
from smegraph.ontology.versions import VERSION
from smegraph.publishing.difference import Difference
from smegraph.publishing.errors import PublishingError
from smegraph.publishing.sides import Side
from smegraph.publishing.things import COMPUTED
from smegraph.publishing.words import Words

_ABOVE: Final = (RDFS + "subClassOf", RDFS + "subPropertyOf")
_SAID: Final = {  # of OWL, what is an annotation and no axiom
    OWL + name for name in (
        "deprecated", "versionInfo", "versionIRI", "priorVersion", "backwardCompatibleWith",
        "incompatibleWith", "imports",
    )
}  # fmt: skip
_AXIOMS: Final = {TYPE, RDFS + "domain", RDFS + "range", *_ABOVE}
_SHOWN: Final = 3


class Version(NamedTuple):
    """A version that a release may have: three numbers."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Return the version of a text.

        Raises:
            PublishingError: it is none.
        """
        match = VERSION.fullmatch(text)
        if match is None:
            raise PublishingError(
                f"{text!r} is no version of a release; three numbers such as 0.2.0 would be right."
            )
        return cls(*map(int, match.groups()))

    def __str__(self) -> str:
        return ".".join(map(str, self))

    def next(self, level: Level) -> Version:
        """Return the version that follows for changes of a level.

        While the first number is 0, the second counts what otherwise the first does (section 4).
        """
        if level is Level.MAJOR and self.major:
            return Version(self.major + 1, 0, 0)
        if level in (Level.MAJOR, Level.MINOR):
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)


class Level(IntEnum):
    """How much a release changes."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True)
class Judgement:
    """How much changed, and what says so."""

    level: Level
    reason: str


# Decision 081: docs/decisions/081-published-releases.md
def judge(difference: Difference, words: Words) -> Judgement:
    """Return how much a difference changes; what disappears is looked at elsewhere.

    Major is what takes something away that followed from the ontology before: an axiom of a term
    that is still in use. Minor is what adds: things, terms, axioms, and deprecations (section 7).
    All else corrects.
    """
    kept = {one.thing.iri for one in words.deprecated}
    lost = sorted(_lost(difference, kept))
    if lost:
        return Judgement(Level.MAJOR, f"what followed from these no longer does: {_some(lost)}")
    if words.added:
        named = [shorten(thing.iri) for thing in words.added]
        return Judgement(Level.MINOR, f"{len(named)} things or terms are new: {_some(named)}")
    if words.deprecated:
        named = [shorten(one.thing.iri) for one in words.deprecated]
        return Judgement(Level.MINOR, f"these are deprecated: {_some(named)}")
    gained = sorted(_axioms(difference, "added"))
    if gained:
        return Judgement(Level.MINOR, f"more follows from these: {_some(gained)}")
    stated = [found for graph, found in difference.graphs.items() if graph not in COMPUTED]
    if all(found.is_empty for found in stated):
        return Judgement(Level.NONE, "nothing that is stated has changed")
    count = len(words.changed)
    return Judgement(Level.PATCH, f"{count} things say something else, and nothing is new")


def check_version(version: Version, last: Version, judgement: Judgement) -> None:
    """Refuse a version that says less than what changed, or that does not follow the last one.

    Raises:
        PublishingError: with what would be right, and why.
    """
    if judgement.level is Level.NONE:
        raise PublishingError(f"There is nothing to publish: {judgement.reason} since {last}.")
    levels = [level for level in Level if level >= judgement.level]
    allowed = sorted({last.next(level) for level in levels} | {Version(last.major + 1, 0, 0)})
    if version in allowed:
        return
    right, *others = map(str, allowed)
    also = f" (or {' or '.join(others)})" if others else ""
    raise PublishingError(
        f"{version} would be wrong: the last version is {last}, and {judgement.reason}. That is a "
        f"{judgement.level.name.lower()} change, so {right} would be right{also}."
    )


def _lost(difference: Difference, deprecated: Iterable[str]) -> Iterator[str]:
    """Yield the terms that lost an axiom which does not follow in another way."""
    above = _hierarchy(difference.new)
    for graph in (GRAPH + "ontology", GRAPH + "vocabulary"):
        found = difference.graphs.get(graph)
        for text in found.removed if found else ():
            subject, predicate, value = parts(text)
            if subject[1:-1] in deprecated or not _is_axiom(subject, predicate[1:-1]):
                continue
            if predicate[1:-1] in _ABOVE and value in _reach(subject, above):
                continue
            yield _named(subject, predicate)


def _axioms(difference: Difference, side: str) -> Iterator[str]:
    found = difference.graphs.get(GRAPH + "ontology")
    if found is not None:
        for text in found.added if side == "added" else found.removed:
            subject, predicate, _ = parts(text)
            if _is_axiom(subject, predicate[1:-1]):
                yield _named(subject, predicate)


def _is_axiom(subject: str, predicate: str) -> bool:
    """Whether a statement of the ontology or the vocabulary is more than a text about a term.

    What hangs on a blank node is part of the statement that leads there, or of an axiom about
    several things, which begins with a type.
    """
    if subject == f"<{ONTOLOGY}>":
        return False
    if is_blank(subject):
        return predicate == TYPE
    of_owl = predicate.startswith(OWL) and predicate not in _SAID
    return of_owl or predicate in _AXIOMS or predicate == SKOS + "inScheme"


def _named(subject: str, predicate: str) -> str:
    who = "an axiom about several terms" if is_blank(subject) else shorten(subject[1:-1])
    return f"{who} ({shorten(predicate[1:-1])})"


def _hierarchy(side: Side) -> dict[str, set[str]]:
    """Return what each class or property is below, one step up."""
    above: dict[str, set[str]] = defaultdict(set)
    for text in side.graphs.get(GRAPH + "ontology", ()):
        subject, predicate, value = parts(text)
        if predicate[1:-1] in _ABOVE and not is_blank(value):
            above[subject].add(value)
    return above


def _reach(term: str, above: dict[str, set[str]]) -> set[str]:
    todo, seen = [term], set[str]()
    while todo:
        fresh = above.get(todo.pop(), set()) - seen
        seen |= fresh
        todo += fresh
    return seen


def _some(names: Iterable[str]) -> str:
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
