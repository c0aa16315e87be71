"""What the audit of the ontology found: the page at `/audit`, and the same as a file of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from smegraph.audit.findings import Check, Finding, Outcome, Report
from smegraph.audit.text import summary
from smegraph.server.pages.layout import Layout, add_report
from smegraph.server.pages.rendering import render_alone

_TEMPLATE: Final = "audit.html"
_COUNTED: Final = ("checks", "errors", "warnings", "explained")
_FAMILIES: Final = {
    "audit": "The list of what is accepted",
    "facts": "OWL 2 DL, with the facts of all studies",
    "foops": "FOOPS!: findable, accessible, reusable",
    "hermit": "The reasoner HermiT",
    "oops": "OOPS!: pitfalls of modelling",
    "owl2dl": "OWL 2 DL",
    "passages": "Passages",
    "project": "The rules of this project",
    "questions": "Questions",
    "read": "Other readers",
    "robot": "ROBOT report",
    "shacl": "SHACL",
    "sheets": "Sheets",
    "skos": "SKOS",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A check with what it found and nobody has explained."""

    check: Check
    findings: tuple[Finding, ...]

    @property
    def has_values(self) -> bool:
        """Whether the check tells what it found, and not only where."""
        return any(finding.value for finding in self.findings)

    @property
    def has_files(self) -> bool:
        """Whether it is known where that is written."""
        return any(finding.file for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Explained:
    """What is meant as it is: the check that found it, the reason, and the places."""

    title: str
    reason: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """The checks of one catalogue; `ran` of them were made."""

    title: str
    outcomes: tuple[Outcome, ...]
    ran: int


def add_audit(app: FastAPI, layout: Layout, file: Path) -> None:
    """Add the page of a release's audit, and the audit itself as data."""
    values = arrange(Report.from_json(file.read_text("utf-8")))
    add_report(app, layout, file, _TEMPLATE, **values)


def render_file(report: Report) -> str:
    """Return the page as one that stands alone in a file."""
    return render_alone(_TEMPLATE, data="", **arrange(report))


def arrange(report: Report) -> dict[str, object]:
    """Return what the page shows of a report."""
    counts = report.counts()
    return {
        "report": report,
        "counts": {name: counts[name] for name in _COUNTED},
        "found": list(_found(report)),
        "explained": list(_explained(report)),
        "families": list(_families(report.outcomes)),
        "summary": summary(report),
    }


def _found(report: Report) -> Iterator[Found]:
    checks = {outcome.check.name: outcome.check for outcome in report.outcomes}
    found = report.open("error", "warning", "info")
    for name, group in groupby(found, key=lambda finding: finding.check):
        yield Found(checks[name], tuple(group))


def _explained(report: Report) -> Iterator[Explained]:
    titles = {outcome.check.name: outcome.check.title for outcome in report.outcomes}
    found = [(f.check, f.explained, f.place) for f in report.findings if f.explained]
    for (name, reason), group in groupby(sorted(found), key=lambda entry: entry[:2]):
        yield Explained(titles[name], reason, tuple(place for _, _, place in group))


def _families(outcomes: Iterable[Outcome]) -> Iterator[Family]:
    for family, group in groupby(outcomes, key=lambda outcome: outcome.check.family):
        found = tuple(group)
        ran = sum(outcome.skipped is None for outcome in found)
        yield Family(_FAMILIES.get(family, family), found, ran)
