"""Checks of the links to others: what `smegraph link check` says, one check for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from smegraph.audit.findings import Check, Hit, Level
from smegraph.audit.inputs import AuditInputs, EngineCheck
from smegraph.errors import Problem

_SSSOM: Final = "SSSOM 1.0, section TSV"
_SKOS: Final = "SKOS Reference, section 10 (mapping properties)"
_HOUSE: Final = "docs/decisions/076-links.md"

# The kinds of problems that a check tells, with what is wrong and where that stands.
_KINDS: Final[dict[str, tuple[tuple[str, ...], str, str]]] = {
    "no-license": (("no-license",), "A set of links without a licence", _SSSOM),
    "no-set-id": (("no-set-id",), "A set of links without an IRI", _SSSOM),
    "set-id": (("wrong-set-id", "duplicate-set"), "A set with another IRI than its own", _HOUSE),
    "predicate": (("unknown-predicate",), "A property that links do not have here", _HOUSE),
    "same-as": (("owl-same-as",), "owl:sameAs between ours and theirs", _HOUSE),
    "curie": (
        ("iri-for-curie", "space-in-curie", "unknown-prefix", "curie", "prefix", "no-iri"),
        "Something else where a CURIE must stand",
        _SSSOM,
    ),
    "column": (
        ("unknown-column", "no-column", "duplicate-column", "no-columns"),
        "A column that SSSOM does not have, or lacks",
        _SSSOM,
    ),
    "justification": (
        ("no-justification", "unknown-justification"),
        "A link without a justification",
        _SSSOM,
    ),
    "date": (("date",), "A date that is none of ISO 8601", _SSSOM),
    "subject": (
        ("unknown-subject", "former-subject"),
        "A link of something that is not here, or is deprecated",
        _HOUSE,
    ),
    "absent": (
        ("absent-subject",),
        "A link of the ontology's whose subject is not in the data",
        _HOUSE,
    ),
    "object": (("unknown-object", "former-object", "own-object"), "A link to nothing", _HOUSE),
    "two-exact": (
        ("two-exact", "two-subjects"),
        "One thing that is the same as several of one scheme",
        _SKOS,
    ),
    "exact-and-broad": (
        ("exact-and-broad",),
        "An exact match beside a broader or narrower one in one scheme",
        f"{_SKOS}, S46",
    ),
    "case-firm": (("case-firm",), "A link of a firm that a study examines", "CONTRIBUTING.md, 3"),
    "duplicate-row": (("duplicate-row",), "A link that stands twice", _HOUSE),
    "property": (
        ("match-of-no-concept", "wrong-property"),
        "A property that does not fit the kind of thing",
        f"{_SKOS}; {_HOUSE}",
    ),
    "copied-label": (("copied-label",), "A label whose licence forbids a copy", "ODbL 1.0"),
    "form": (
        (
            "cells", "choice", "duplicate-entry", "encoding", "entry", "file-too-large", "iri",
            "no-value", "number", "space", "tsv-syntax", "turtle-syntax", "unknown-entry",
            "unknown-file", "yaml-syntax",
        ),
        "A file of links that is not of its form",
        _SSSOM,
    ),
    "trust": (("no-title", "no-version"), "A set of links that does not say what it is", _SSSOM),
}  # fmt: skip
_WARNINGS: Final = ("absent", "trust")


def _finder(kinds: tuple[str, ...]) -> Callable[[Check, AuditInputs], Iterator[Hit]]:
    def find(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
        return (_hit(problem) for problem in inputs.link_problems if problem.kind in kinds)

    return find


def _hit(problem: Problem) -> Hit:
    place = problem.place()
    return Hit(f"{problem.file}, {place}" if place else problem.file, problem.message)


def _check(name: str, title: str, source: str) -> Check:
    level: Level = "warning" if name in _WARNINGS else "error"
    remedy = "`smegraph link check` says what would be right."
    return Check(f"links/{name}", title, level, source, remedy)


KINDS: Final = frozenset(kind for kinds, _, _ in _KINDS.values() for kind in kinds)
LINK_CHECKS: Final = tuple(
    EngineCheck(_check(name, title, source), _finder(kinds))
    for name, (kinds, title, source) in _KINDS.items()
)
