"""What is wrong with links, beyond the form of their files: all of it at once.

The public validators let most of this pass; `docs/decisions/076-links.md` has the list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from smegraph.errors import Problem, Severity
from smegraph.links.known import Kind, Known
from smegraph.links.model import Link, MappingSet
from smegraph.links.slots import (
    EXACT,
    HIERARCHICAL,
    MATCHES,
    OBJECT,
    OWL_SAME_AS,
    PREDICATE,
    SAME_AS,
    SCHEMATIC,
    SEE_ALSO,
    SUBJECT,
)
from smegraph.links.target import Target
from smegraph.namespaces import BASE, ID, namespace_of, shorten
from smegraph.suggest import did_you_mean

# Decision 076: docs/decisions/076-links.md
# Vocabularies whose labels may not be copied, with the reason.
UNCOPIED: Final = {"http://zbw.eu/stw/": "STW is under the ODbL"}
_FITTING: Final[Mapping[Kind, tuple[str, ...]]] = {
    "concept": (*MATCHES, SEE_ALSO),
    "class": (*MATCHES, *SCHEMATIC, SEE_ALSO),
    "property": (*MATCHES, *SCHEMATIC, SEE_ALSO),
    "thing": (SAME_AS, SEE_ALSO),
    "case firm": (),
}
_Place = tuple[MappingSet, Link]


def check_sets(
    sets: Sequence[MappingSet], known: Known, targets: Sequence[Target] = ()
) -> list[Problem]:
    """Return what is wrong with sets of links, in the order of the files.

    Args:
        sets: the files.
        known: what there is here.
        targets: the vocabularies that are at hand; each object in one of their namespaces must
            be there.
    """
    found = [problem for one in sets for problem in one.problems]
    found += _same_ids(sets)
    for one in sets:
        for link in one.links:
            found += _check_link(one, link, known, targets)
    found += _check_together([(one, link) for one in sets for link in one.stated()])
    found += _duplicates([(one, link) for one in sets for link in one.links if link.is_whole])
    return sorted(found, key=lambda problem: (problem.file, problem.row or 0))


def _check_link(
    one: MappingSet, link: Link, known: Known, targets: Sequence[Target]
) -> Iterator[Problem]:
    if link.subject:
        yield from _check_subject(one, link, known)
    if link.object.startswith(BASE):
        message = f"{shorten(link.object)} is ours."
        remedy = "Say it in the vocabulary itself: skos:related, skos:broader."
        yield _problem(one, link, OBJECT, "own-object", message, remedy)
    elif link.object:
        yield from _check_object(one, link, targets)
    for start, reason in UNCOPIED.items():
        if link.object.startswith(start) and link.cells.get("object_label"):
            message = f"A label is copied, and {reason}."
            yield _problem(one, link, "object_label", "copied-label", message, "Empty the cell.")


def _check_subject(one: MappingSet, link: Link, known: Known) -> Iterator[Problem]:
    kind, name = known.kinds.get(link.subject), shorten(link.subject)
    if kind is None and one.is_shared and link.subject.startswith(ID):
        message = f"{name} is not in these data, and is not linked."
        remedy = "It may be in those of others; if it is in none, correct it."
        yield _problem(one, link, SUBJECT, "absent-subject", message, remedy, "warning")
    elif kind is None:
        near = namespace_of(link.subject)
        names = (shorten(iri) for iri in known.kinds if iri.startswith(near))
        remedy = did_you_mean(name, names, "Name a thing of the ontology or of the data.")
        yield _problem(one, link, SUBJECT, "unknown-subject", f"{name} is not here.", remedy)
    elif kind == "case firm":
        message = f"{name} is a case of a study, and cases stay as anonymous as they are."
        yield _problem(one, link, SUBJECT, "case-firm", message, "Take the row out.")
    elif link.subject in known.former:
        message, remedy = f"{name} is deprecated.", "Link what replaces it."
        yield _problem(one, link, SUBJECT, "former-subject", message, remedy)
    elif link.predicate and link.predicate not in (*_FITTING[kind], OWL_SAME_AS):
        is_match = link.predicate in MATCHES
        message = f"{name} is a {kind}, to which {shorten(link.predicate)} does not fit."
        fitting = ", ".join(shorten(predicate) for predicate in _FITTING[kind])
        code = "match-of-no-concept" if is_match else "wrong-property"
        yield _problem(one, link, PREDICATE, code, message, f"Of a {kind}, write {fitting}.")


def _check_object(one: MappingSet, link: Link, targets: Sequence[Target]) -> Iterator[Problem]:
    inside = [target for target in targets if scheme_of(link.object) in target.schemes]
    if inside and not any(link.object in target.iris for target in inside):
        message = f"{link.object} is not in {inside[0].name}."
        yield _problem(one, link, OBJECT, "unknown-object", message, "Look it up there.")
    elif any(link.object in target.former for target in inside):
        message = f"{link.object} is deprecated in {inside[0].name}."
        yield _problem(one, link, OBJECT, "former-object", message, "Link what replaces it.")


def scheme_of(iri: str) -> str:
    """Return the namespace in which something lies, also where its IRI ends in a slash.

    >>> scheme_of("https://sws.geonames.org/660013/"), scheme_of("urn:a#b")
    ('https://sws.geonames.org/', 'urn:a#')
    """
    return namespace_of(iri.rstrip("/"))


def _check_together(places: Iterable[_Place]) -> Iterator[Problem]:
    """Yield what rows say against each other."""
    exact: dict[tuple[str, str], list[_Place]] = defaultdict(list)
    wider: dict[tuple[str, str], list[_Place]] = defaultdict(list)
    same: dict[str, list[_Place]] = defaultdict(list)
    for place in places:
        link = place[1]
        key = (link.subject, scheme_of(link.object))
        if link.predicate in EXACT:
            exact[key].append(place)
            same[link.object].append(place)
        elif link.predicate in HIERARCHICAL:
            wider[key].append(place)
    for key, found in exact.items():
        if len({link.object for _, link in found}) > 1:
            message = f"{shorten(key[0])} is said to be the same as several things of {key[1]}."
            yield from _each(found, OBJECT, "two-exact", message, "Keep the one that it is.")
        if key in wider:
            message = f"{shorten(key[0])} has an exact and a broader or narrower match in {key[1]}."
            remedy = "Keep the exact one, or make it skos:closeMatch."
            yield from _each(found, PREDICATE, "exact-and-broad", message, remedy)
    for iri, found in same.items():
        subjects = sorted({shorten(link.subject) for _, link in found})
        if len(subjects) > 1:
            message = f"{' and '.join(subjects)} are said to be the same as {iri}."
            yield from _each(found, SUBJECT, "two-subjects", message, "Keep the one that it is.")


def _each(
    places: Iterable[_Place], column: str, kind: str, message: str, remedy: str
) -> Iterator[Problem]:
    return (_problem(one, link, column, kind, message, remedy) for one, link in places)


def _duplicates(places: Iterable[_Place]) -> Iterator[Problem]:
    """Yield the rows of a pair that has one; a pair is related once, in one way."""
    first: dict[tuple[str, str, str], _Place] = {}
    for one, link in places:
        pair = (link.subject, link.predicate, link.object)
        if pair in first:
            other, earlier = first[pair]
            where = "" if other is one else f" of {other.shown}"
            message = f"The same stands in row {earlier.row}{where}."
            yield _problem(one, link, None, "duplicate-row", message, "Keep one of them.")
        first.setdefault(pair, (one, link))


def _same_ids(sets: Iterable[MappingSet]) -> Iterator[Problem]:
    first: dict[str, MappingSet] = {}
    for one in sets:
        if one.iri in first:
            message = f"{first[one.iri].shown} has the same mapping_set_id."
            row = one.places.get("mapping_set_id")
            yield Problem(
                one.shown, row, "mapping_set_id", "duplicate-set", message, one.iri,
                "Give each set its own.",
            )  # fmt: skip
        elif one.iri:
            first[one.iri] = one


def _problem(
    one: MappingSet,
    link: Link,
    column: str | None,
    kind: str,
    message: str,
    remedy: str,
    severity: Severity = "error",
) -> Problem:
    value = link.cells.get(column) if column else None
    return Problem(one.shown, link.row, column, kind, message, value, remedy, severity)
