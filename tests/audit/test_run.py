"""The audit of this checkout, the short form that builds make, and what it says in JSON."""

from __future__ import annotations

import json
import re
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from smegraph.audit.errors import AuditError
from smegraph.audit.findings import Check, Finding, Outcome, Report
from smegraph.audit.gate import audit_ontology, refuse
from smegraph.audit.run import audit_all
from smegraph.build import build
from smegraph.cli.audit import release_application
from smegraph.cli.main import main
from smegraph.ontology.ontology import Ontology
from smegraph.release.releases import Releases
from smegraph.studies.project import Project

if TYPE_CHECKING:
    from tests.audit.conftest import Make
    from tests.conftest import Checkout, Release

FAULT = 'sme:a a owl:Class ; rdfs:label "a"@en ; rdfs:subClassOf sme:Unknown .'


def test_ontology_has_no_error(ontology: Ontology) -> None:
    refuse(audit_ontology(ontology))


def test_whole_audit_finds_no_error_in_ontology_and_studies(workplace: Checkout) -> None:
    site = partial(release_application, workplace.build)
    report = audit_all(workplace.ontology, workplace.data, workplace.build, site=site)
    assert report.open("error") == []
    assert [o.check.name for o in report.outcomes if o.skipped] == ["passages/hashes"]
    assert {outcome.check.family for outcome in report.outcomes} >= {"facts", "hermit", "foops"}


def test_short_form_says_what_it_left_out(make: Make) -> None:
    report = audit_ontology(make("").ontology)
    skipped = {o.check.name: o.skipped for o in report.outcomes if o.skipped}
    assert "hermit/all-studies" in skipped
    assert "smegraph audit" in skipped["hermit/all-studies"]


def test_short_form_is_kept_until_the_ontology_changes(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = audit_ontology(make(FAULT).ontology, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("smegraph.audit.run.look_at_ontology", lambda _: pytest.fail("looked again"))
        assert audit_ontology(make(FAULT).ontology, tmp_path).to_json() == first.to_json()
    changed = make(FAULT + ' id:a sme:number "many"^^xsd:integer .').ontology
    assert audit_ontology(changed, tmp_path).to_json() != first.to_json()


def copied_checks(make: Make, checkout: Checkout, turtle: str) -> Ontology:
    """A small ontology beside the checks of this checkout."""
    ontology = make(turtle).ontology
    shutil.copytree(checkout.ontology / "audit", ontology.folder / "audit")
    (ontology.folder / "audit" / "accepted.yaml").unlink()
    return ontology


def test_error_refuses_with_place_and_remedy(make: Make, checkout: Checkout) -> None:
    with pytest.raises(AuditError) as refusal:
        refuse(audit_ontology(copied_checks(make, checkout, FAULT)))
    (sentence,) = [s for s in refusal.value.errors if "owl2dl/5.8.1-undeclared-class" in s]
    assert sentence.startswith("modules/small.ttl:")
    assert "sme:a (sme:Unknown): A class that is used and not declared." in sentence
    assert "modules/reused.ttl" in sentence


def test_build_refuses_an_ontology_with_an_error_and_leaves_the_release(
    workplace: Checkout,
) -> None:
    before = Releases(workplace.build).current_release()
    module = workplace.ontology / "modules" / "firm.ttl"
    text = module.read_text("utf-8") + "\nsme:Firm rdfs:subClassOf sme:Unknown .\n"
    module.write_text(text, "utf-8")
    with pytest.raises(AuditError, match="sme:Unknown"):
        build(Project(workplace.ontology, workplace.data), workplace.build)
    assert Releases(workplace.build).current_release() == before


def test_release_holds_what_the_audit_of_the_ontology_found(released: Release) -> None:
    report = json.loads((released.path / "audit.json").read_text("utf-8"))
    assert (report["errors"], report["full"]) == (0, False)


def test_report_comes_back_from_its_json() -> None:
    check = Check("oops/P06-cycle", "A cycle", "error", "OOPS!", "Break it.")
    found = Finding(check.name, "error", "sme:A", "sme:B", "modules/a.ttl:3", "Meant.")
    left = Outcome(Check("hermit/x", "X", "error", "S", "R"), skipped="No Java.")
    report = Report("urn:o", "1", True, [left, Outcome(check, (found,))])
    assert Report.from_json(report.as_json()).to_json() == report.to_json()
    assert report.counts() == {
        "checks": 1, "skipped": 1, "errors": 0, "warnings": 0, "infos": 0, "explained": 1,
    }  # fmt: skip


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["audit", "--ontology-only", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_command_ends_with_1_when_there_is_an_error(
    make: Make, checkout: Checkout, tmp_path: Path
) -> None:
    folder = copied_checks(make, checkout, FAULT).folder
    code, output = run("--ontology", folder, "--out", tmp_path / "out")
    assert code == 1
    assert "error owl2dl/5.8.1-undeclared-class: A class that is used" in output
    assert "modules/small.ttl:" in output


def test_command_gives_json_and_a_page(checkout: Checkout, tmp_path: Path) -> None:
    page = tmp_path / "audit.html"
    options = ("--ontology", checkout.ontology, "--out", tmp_path / "out", "--html", page)
    code, output = run(*options, "--format", "json")
    report = json.loads(output)
    assert (code, report["errors"]) == (0, 0)
    assert all(entry["remedy"] and entry["source"] for entry in report["ran"])
    text = page.read_text("utf-8")
    assert "Is the ontology sound?" in text
    assert "<link" not in text


def test_strict_fails_on_a_warning_without_an_explanation(
    make: Make, checkout: Checkout, tmp_path: Path
) -> None:
    turtle = 'sme:A a owl:Class ; rdfs:label "a"@en ; rdfs:subClassOf owl:Thing .'
    folder = copied_checks(make, checkout, turtle).folder
    header = (checkout.ontology / "smegraph.ttl").read_text("utf-8")
    imported = re.compile(r"    owl:imports\n[^;]*;\n")  # none of them is in the small ontology
    (folder / "smegraph.ttl").write_text(imported.sub("", header), "utf-8")
    shutil.copy(checkout.ontology / "modules" / "reused.ttl", folder / "modules")
    options = ("--ontology", folder, "--out", tmp_path / "out")
    assert run(*options)[0] == 0
    assert run(*options, "--strict")[0] == 1
