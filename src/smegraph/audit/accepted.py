"""Findings that are accepted, each with its reason: `ontology/audit/accepted.yaml`.

The file is a list of entries `check`, `place` and `reason`. Check and place may hold `*`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from smegraph.audit.findings import Check, Finding, Outcome
from smegraph.audit.queries import FOLDER
from smegraph.ontology.errors import RuleError

FILE = "accepted.yaml"
_KEYS = {"check", "place", "reason"}
UNUSED = Check(
    "audit/unused-acceptance",
    "An acceptance that matches nothing",
    "warning",
    "CONTRIBUTING.md, The audit",
    f"Remove the entry from {FOLDER}/{FILE}: what it accepted is gone.",
)


@dataclass(frozen=True)
class Acceptance:
    """What is accepted, where, and why."""

    check: str
    place: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Return whether a finding is among those accepted."""
        return fnmatchcase(finding.check, self.check) and fnmatchcase(finding.place, self.place)


def accepted_file(ontology: Path) -> Path:
    """Return where the acceptances of an ontology folder stand."""
    return ontology / FOLDER / FILE


def load_acceptances(ontology: Path) -> list[Acceptance]:
    """Return the acceptances of an ontology folder; none when there is no file.

    Raises:
        RuleError: the file is no list of entries with check, place and reason.
    """
    path = accepted_file(ontology)
    if not path.is_file():
        return []
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except yaml.YAMLError as error:
        raise RuleError(f"{path} is not YAML: {error}") from error
    if not isinstance(entries, list):
        raise RuleError(f"{path} is no list.")
    return [_entry(path, entry) for entry in entries]


def _entry(path: Path, entry: object) -> Acceptance:
    if not isinstance(entry, dict) or entry.keys() != _KEYS:
        raise RuleError(f"{path}: an entry has check, place and reason, and nothing else: {entry}")
    values = {key: str(value).strip() for key, value in entry.items() if value is not None}
    if not all(values.get(key) for key in _KEYS):
        raise RuleError(f"{path}: an entry without a check, a place or a reason: {entry}")
    return Acceptance(**values)


def explain(outcomes: Iterable[Outcome], acceptances: Sequence[Acceptance]) -> list[Outcome]:
    """Return the outcomes with the reasons put to what is accepted.

    An acceptance that matches nothing is a finding of its own, unless a check was left out that
    it may be for.
    """
    used: set[Acceptance] = set()
    explained = [_explain(outcome, acceptances, used) for outcome in outcomes]
    left_out = [outcome.check.name for outcome in explained if outcome.skipped is not None]
    idle = []
    for acceptance in acceptances:
        waits = any(fnmatchcase(name, acceptance.check) for name in left_out)
        if acceptance not in used and not waits:
            text = f"{acceptance.check} at {acceptance.place}"
            idle.append(Finding(UNUSED.name, UNUSED.level, text, acceptance.reason))
    return [*explained, Outcome(UNUSED, tuple(idle))]


def _explain(outcome: Outcome, acceptances: Sequence[Acceptance], used: set[Acceptance]) -> Outcome:
    findings = []
    for finding in outcome.findings:
        covering = [acceptance for acceptance in acceptances if acceptance.covers(finding)]
        used.update(covering)
        reason = covering[0].reason if covering else None
        findings.append(replace(finding, explained=reason))
    return replace(outcome, findings=tuple(findings))
