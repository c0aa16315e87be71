"""The gate of every build: the audit of the ontology by itself, and its refusal."""

from __future__ import annotations

from pathlib import Path

from smegraph.audit.accepted import accepted_file
from smegraph.audit.errors import AuditError
from smegraph.audit.findings import Check, Finding, Report
from smegraph.audit.fingerprint import code_digest
from smegraph.audit.queries import EXTERNAL_FILE, query_files
from smegraph.audit.stores import sheet_file
from smegraph.files import digest_file
from smegraph.memo import Entry
from smegraph.ontology.versions import TERMS_LIST, VERSIONS
from smegraph.studies.project import Project


def audit_ontology(project: Project, folder: Path | None = None) -> Report:
    """Return what is wrong in the ontology, as far as looking at it tells.

    Args:
        project: the one whose ontology is looked at.
        folder: where the report is kept by the hash of its input; None keeps none.

    Raises:
        RuleError: a check or the file of acceptances cannot be used.
    """
    ontology = project.ontology
    files = [*ontology.files, *_audit_files(ontology.folder)]
    named = [f"{path.relative_to(ontology.folder)} {digest_file(path)}\n" for path in files]
    kept = Entry.of(folder, ".json", [code_digest()], named)
    if (known := kept.read()) is not None:
        return Report.from_json(known)
    from smegraph.audit.run import look_at_ontology  # brings the engines, which need a moment

    report = look_at_ontology(project)
    kept.write(report.as_json())
    return report


def _audit_files(ontology: Path) -> list[Path]:
    """Return the files beside modules, vocabulary and shapes that decide what the audit says."""
    audit = accepted_file(ontology).parent
    rest = (accepted_file(ontology), sheet_file(ontology), audit / EXTERNAL_FILE)
    kept = (*rest, ontology / VERSIONS / TERMS_LIST)
    return [*query_files(ontology), *(path for path in kept if path.is_file())]


def refuse(report: Report) -> None:
    """Refuse an ontology with an error that nobody has explained.

    Raises:
        AuditError: with every such error.
    """
    errors = report.open("error")
    if errors:
        remedies = {outcome.check.name: outcome.check for outcome in report.outcomes}
        raise AuditError(_sentence(finding, remedies[finding.check]) for finding in errors)


def _sentence(finding: Finding, check: Check) -> str:
    value = f" ({finding.value})" if finding.value else ""
    file = f"{finding.file}: " if finding.file else ""
    return f"{file}{finding.place}{value}: {check.title}. {check.remedy} [{check.name}]"
