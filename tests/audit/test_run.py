"""The whole audit: of this checkout, and of an ontology that nothing else is there for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette

from smegraph.audit.findings import Report
from smegraph.audit.run import audit_all
from smegraph.studies.project import Project
from tests.audit.conftest import CLASSES, copy_checks, write_ontology

if TYPE_CHECKING:
    from tests.conftest import Audited, Checkout

FAULT = 'sme:a a owl:Class ; sme:p "many"^^xsd:integer .'


def test_whole_audit_finds_no_error_in_ontology_and_studies(audited: Audited) -> None:
    *said, summary = audited.output.splitlines()
    assert summary.split(": ")[1].startswith("no error, ")
    (left_out,) = [line for line in said if line.startswith("left out (")]
    assert left_out.endswith(" passages/hashes")
    assert all(f"{family}/" in audited.page for family in ("facts", "hermit", "foops"))


def left_out(report: Report) -> dict[str, set[str]]:
    """The families of the checks that were left out, by the reason."""
    reasons: dict[str, set[str]] = {}
    for outcome in report.outcomes:
        if outcome.skipped is not None:
            reasons.setdefault(outcome.skipped, set()).add(outcome.check.family)
    return reasons


def test_checks_without_studies_and_service_are_left_out_for_that_reason(tmp_path: Path) -> None:
    write_ontology(tmp_path / "ontology", CLASSES)
    report = audit_all(Project(tmp_path / "ontology", tmp_path / "data"), tmp_path / "build")
    reasons = left_out(report)
    assert {"facts", "sheets", "shacl"} <= reasons[f"{tmp_path / 'data'} holds no studies."]
    assert reasons["No service is given; `smegraph audit` asks that of the release."] == {"foops"}
    assert report.open("error") == []


def test_service_that_is_given_is_asked(tmp_path: Path) -> None:
    write_ontology(tmp_path / "ontology", CLASSES)
    report = audit_all(
        Project(tmp_path / "ontology", tmp_path / "data"), tmp_path / "build", site=Starlette
    )
    assert "foops" not in set().union(*left_out(report).values())
    assert "foops/URI1-does-not-resolve" in {finding.check for finding in report.findings}


def test_finding_has_its_file_and_line(tmp_path: Path, checkout: Checkout) -> None:
    ontology = write_ontology(tmp_path / "ontology", FAULT)
    copy_checks(checkout.ontology, ontology)
    report = audit_all(Project(ontology.folder, tmp_path / "data"), tmp_path / "build")
    (finding,) = [f for f in report.findings if f.check == "owl2dl/4-lexical-form"]
    assert (finding.place, finding.level) == ("sme:a", "error")
    assert (finding.file or "").startswith("modules/small.ttl:")


def test_progress_is_told_step_by_step(tmp_path: Path) -> None:
    write_ontology(tmp_path / "ontology", CLASSES)
    told: list[tuple[int, int, str]] = []
    audit_all(
        Project(tmp_path / "ontology", tmp_path / "data"), tmp_path / "build",
        progress=lambda done, total, step: told.append((done, total, step)),
    )  # fmt: skip
    assert [done for done, _, _ in told] == list(range(told[0][1]))
    assert told[0][2] == "the ontology"
