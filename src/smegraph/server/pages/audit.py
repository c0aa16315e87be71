"""Show what the audit found: the page at `/audit`, and the same as a file of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from smegraph.audit.findings import Check, Finding, Outcome, Report
from smegraph.audit.text import summary
from smegraph.release_files import AUDIT
from smegraph.server.pages.layout import add_report, file_page

_TITLE: Final = "Is the ontology sound?"
_DESCRIPTION: Final = "What the audit of the ontology looked at, and what it found."
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


def add_audit(app: FastAPI, release: Path, version: str) -> bool:
    """Add the page when the release holds an audit; returns whether it does."""
    path = release / AUDIT
    if not path.is_file():
        return False
    main = _main(Report.from_json(path.read_text("utf-8")))
    add_report(app, path, title=_TITLE, description=_DESCRIPTION, main=main, version=version)
    return True


def render_file(report: Report) -> str:
    """Return the page as one that stands alone in a file."""
    return file_page(title=_TITLE, description=_DESCRIPTION, main=_main(report))


def _main(report: Report) -> str:
    counts = report.counts()
    entries = ("checks", "errors", "warnings", "explained")
    shown = "".join(f"<div><dt>{name}</dt><dd>{counts[name]}</dd></div>" for name in entries)
    named = f"<code>{escape(report.ontology)}</code>, version {escape(report.version)}."
    intro = (
        f'<section class="intro"><h1>{_TITLE}</h1><p class="verdict">{_verdict(report)}</p>'
        f'<p class="lead">The audit of {named} {_SCOPES[report.full]}</p>'
        f'<dl class="counts">{shown}</dl></section>'
    )
    parts = (
        ("Found, and not explained", _open(report)),
        ("Found, and meant as it is", _explained(report)),
        ("All checks", _families(report.outcomes)),
    )
    sections = (
        f'<section class="study"><h2>{title}</h2>{"".join(part)}</section>' for title, part in parts
    )
    return "\n".join([intro, *sections, f'<p class="quiet">{escape(summary(report))}</p>'])


_SCOPES: Final = {
    False: "It looked at the ontology by itself, as every build does. <code>smegraph audit</code> "
    "adds the reasoner, the studies, the questions and the passages.",
    True: "It looked at the ontology, all the studies together, the reasoner, the questions and "
    "the service.",
}
_NOTHING: Final = '<p class="quiet">Nothing.</p>'


def _verdict(report: Report) -> str:
    if report.open("error"):
        return "Something is wrong."
    if report.open("warning"):
        return "No error; some warnings are not explained yet."
    return "No error, and every warning is explained."


def _open(report: Report) -> Iterator[str]:
    """The findings that nobody has explained, under their checks."""
    checks = {outcome.check.name: outcome.check for outcome in report.outcomes}
    found = report.open("error", "warning", "info")
    if not found:
        yield _NOTHING
    for name, group in groupby(found, key=lambda finding: finding.check):
        yield from _group(checks[name], list(group))


def _group(check: Check, findings: list[Finding]) -> Iterator[str]:
    title = escape(check.title)
    yield f"<h3>{escape(check.level.capitalize())}: {title} ({len(findings)})</h3>"
    yield f"<p>{escape(check.remedy)}</p>"
    yield f'<p class="quiet">{escape(check.source)} · <code>{escape(check.name)}</code></p>'
    columns = {"Where": [f"<code>{escape(found.place)}</code>" for found in findings]}
    columns["What"] = [escape(found.value or "") for found in findings]
    columns["File"] = [escape(found.file or "") for found in findings]
    told = {name: cells for name, cells in columns.items() if any(cells)}
    rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in zip(*told.values(), strict=True))
    yield _table(f"{title}: where", told, (f"<tr>{row}</tr>" for row in rows))


def _table(label: str, head: Iterable[str], rows: Iterable[str]) -> str:
    cells = "".join(f'<th scope="col">{name}</th>' for name in head)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>'
        f"<thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _explained(report: Report) -> Iterator[str]:
    """What is meant as it is, with the reason."""
    found = [finding for finding in report.findings if finding.explained]
    if not found:
        yield _NOTHING
    titles = {outcome.check.name: outcome.check.title for outcome in report.outcomes}
    found.sort(key=lambda f: (f.check, f.explained or "", f.place))
    for (name, reason), group in groupby(found, key=lambda f: (f.check, f.explained or "")):
        places = [f"<code>{escape(finding.place)}</code>" for finding in group]
        yield (
            f'<details class="left"><summary>{escape(titles[name])} ({len(places)})'
            "</summary>"
            f"<p>{escape(reason)}</p><p>{', '.join(places)}</p></details>"
        )


def _families(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Every check, whether it found something or was left out."""
    for family, group in groupby(outcomes, key=lambda outcome: outcome.check.family):
        found = list(group)
        ran = sum(outcome.skipped is None for outcome in found)
        title = escape(_FAMILIES.get(family, family))
        table = _table(title, ("Looks for", "Found", "Level", "Source"), map(_row, found))
        yield (
            f'<details class="left"><summary>{title} ({ran} of {len(found)} checks made)</summary>'
            f"{table}</details>"
        )


def _row(outcome: Outcome) -> str:
    check = outcome.check
    found = str(len(outcome.findings)) if outcome.skipped is None else escape(outcome.skipped)
    return (
        f"<tr><td>{escape(check.title)}<br><small>{escape(check.name)}</small></td>"
        f"<td>{found}</td><td>{escape(check.level)}</td><td>{escape(check.source)}</td></tr>"
    )
