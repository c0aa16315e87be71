"""The page `/audit` says what the audit of the release found, and escapes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from smegraph.audit.findings import Check, Finding, Outcome, Report
from smegraph.server.pages.audit import render_file
from tests.server.conftest import write_release

Serve = Callable[[Path], httpx.Client]

CHECK = Check("oops/P06-cycle", "A class below itself", "error", "OOPS!, P06", "Break the circle.")
MEANT = Check("oops/P13-no-inverse", "No inverse", "info", "OOPS!, P13", "Name it.")
LEFT = Check("hermit/ontology", "No model", "error", "OWL 2", "Find the axioms.")


def report(*findings: Finding) -> Report:
    meant = Finding(MEANT.name, "info", "sme:uses", explained="One way to ask.")
    outcomes = [
        Outcome(LEFT, skipped="No Java."),
        Outcome(CHECK, findings),
        Outcome(MEANT, (meant,)),
    ]
    return Report("https://w3id.org/smegraph/ontology", "0.1.0", False, outcomes)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return write_release(tmp_path)


def test_page_names_what_was_found_with_its_remedy(release: Path, serve: Serve) -> None:
    found = Finding(CHECK.name, "error", "sme:A", "sme:B", "modules/core.ttl:3")
    (release / "audit.json").write_text(report(found).as_json(), "utf-8")
    client = serve(release)
    page = client.get("/audit")
    assert page.status_code == 200
    for said in ("Something is wrong.", "sme:A", "modules/core.ttl:3", "Break the circle.",
                 "One way to ask.", "No Java."):  # fmt: skip
        assert said in page.text
    assert client.get("/audit.json").json()["errors"] == 1
    assert 'href="/audit"' in client.get("/").text


def test_release_without_an_audit_has_no_page(release: Path, serve: Serve) -> None:
    client = serve(release)
    assert client.get("/audit").status_code == 404
    assert 'href="/audit"' not in client.get("/").text


def test_what_was_found_is_escaped() -> None:
    page = render_file(report(Finding(CHECK.name, "error", "<b>&", "<script>")))
    assert "<code>&lt;b&gt;&amp;</code>" in page
    assert "<script>" not in page


def test_report_without_findings_says_so() -> None:
    assert "No error, and every warning is explained." in render_file(report())
