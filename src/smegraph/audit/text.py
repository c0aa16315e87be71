"""An audit on a terminal: what is wrong with where and what to do, then what is explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from rich.console import Console
from rich.text import Text

from smegraph.audit.findings import Finding, Level, Report

_STYLES: dict[Level, str] = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_PLACES = 12


def print_report(report: Report, console: Console) -> None:
    """Print what has no explanation, the explained findings by reason, and the counts."""
    checks = {outcome.check.name: outcome.check for outcome in report.outcomes}
    for name, group in groupby(report.open("error", "warning", "info"), key=lambda f: f.check):
        check, findings = checks[name], list(group)
        head = Text.assemble((check.level, _STYLES[check.level]), f" {name}: {check.title}.")
        console.print(head)
        console.print(Text(f"    {check.remedy} ({check.source})", "dim"))
        for line in _places(findings):
            console.print(Text(f"  {line}"))
    for line in _explained(report):
        console.print(Text(line))
    for line in _left_out(report) if report.full else ():
        console.print(Text(line, "dim"))
    console.print(summary(report))


def _places(findings: list[Finding]) -> Iterator[str]:
    for finding in findings[:_PLACES]:
        file = f"{finding.file}: " if finding.file else ""
        yield f"{file}{finding.place}" + (f" ({finding.value})" if finding.value else "")
    if len(findings) > _PLACES:
        yield f"… and {len(findings) - _PLACES} more (all of them with --format json)"


def _explained(report: Report) -> Iterator[str]:
    reasons = Counter((f.check, f.explained) for f in report.findings if f.explained)
    for (name, reason), count in sorted(reasons.items(), key=lambda entry: str(entry[0])):
        yield f"explained {name} ({count}): {reason}"


def _left_out(report: Report) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for outcome in report.outcomes:
        if outcome.skipped:
            reasons.setdefault(outcome.skipped, []).append(outcome.check.name)
    for reason, names in reasons.items():
        yield f"left out ({len(names)}): {reason} {', '.join(names)}"


def summary(report: Report) -> str:
    """Return one sentence with the counts.

    >>> summary(Report("", "", True, []))
    '0 checks: no error, no warning.'
    """
    counts = report.counts()
    words = [_count(counts["errors"], "error"), _count(counts["warnings"], "warning")]
    words += [f"{counts[kind]} {kind}" for kind in ("infos", "explained") if counts[kind]]
    skipped = f" ({counts['skipped']} left out)" if counts["skipped"] else ""
    return f"{counts['checks']} checks{skipped}: {', '.join(words)}."


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'s' if number > 1 else ''}"
