"""The gate of every build: the audit of the ontology by itself, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.audit.errors import AuditError
from smegraph.audit.gate import audit_ontology, refuse
from smegraph.build import build
from smegraph.release.releases import Releases
from smegraph.studies.project import Project
from tests.audit.conftest import copy_checks

if TYPE_CHECKING:
    from tests.audit.conftest import Make
    from tests.conftest import Checkout, Release

FAULT = 'sme:a a owl:Class ; rdfs:label "a"@en ; rdfs:subClassOf sme:Unknown .'


def test_ontology_has_no_error(checkout: Checkout) -> None:
    refuse(audit_ontology(Project(checkout.ontology)))


def test_audit_of_the_ontology_says_what_it_left_out(make: Make) -> None:
    report = audit_ontology(make("").project)
    skipped = {o.check.name: o.skipped for o in report.outcomes if o.skipped}
    assert "hermit/all-studies" in skipped
    assert "smegraph audit" in skipped["hermit/all-studies"]


def test_report_is_kept_until_the_ontology_changes(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = audit_ontology(make(FAULT).project, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("smegraph.audit.run.look_at_ontology", lambda _: pytest.fail("looked again"))
        assert audit_ontology(make(FAULT).project, tmp_path).to_json() == first.to_json()
    changed = make(FAULT + ' id:a sme:number "many"^^xsd:integer .').project
    assert audit_ontology(changed, tmp_path).to_json() != first.to_json()


def with_checks(make: Make, checkout: Checkout) -> Project:
    """A small ontology with a fault, beside the checks of this checkout."""
    inputs = make(FAULT)
    copy_checks(checkout.ontology, inputs.ontology)
    return inputs.project


def test_error_refuses_with_place_and_remedy(make: Make, checkout: Checkout) -> None:
    with pytest.raises(AuditError) as refusal:
        refuse(audit_ontology(with_checks(make, checkout)))
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
