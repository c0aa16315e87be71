"""`smegraph audit`: what it says to people and to programs, and how it ends."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from smegraph.cli.main import main
from tests.audit.conftest import copy_checks, write_ontology

if TYPE_CHECKING:
    from tests.conftest import Checkout

FAULT = 'sme:a a owl:Class ; rdfs:label "a"@en ; rdfs:subClassOf sme:Unknown .'


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["audit", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def small(checkout: Checkout, folder: Path, turtle: str) -> Path:
    """The folder of a small ontology beside the checks of this checkout."""
    return copy_checks(checkout.ontology, write_ontology(folder / "ontology", turtle))


def test_command_ends_with_1_when_there_is_an_error(checkout: Checkout, tmp_path: Path) -> None:
    folder = small(checkout, tmp_path, FAULT)
    code, output = run("--ontology-only", "--ontology", folder, "--out", tmp_path / "out")
    assert code == 1
    assert "error owl2dl/5.8.1-undeclared-class: A class that is used" in output
    assert "modules/small.ttl:" in output


def test_command_gives_json_and_a_page(checkout: Checkout, tmp_path: Path) -> None:
    page = tmp_path / "audit.html"
    options = ("--ontology", checkout.ontology, "--out", tmp_path / "out", "--html", page)
    code, output = run("--ontology-only", *options, "--format", "json")
    report = json.loads(output)
    assert (code, report["errors"]) == (0, 0)
    assert all(entry["remedy"] and entry["source"] for entry in report["ran"])
    text = page.read_text("utf-8")
    assert "Is the ontology sound?" in text
    assert "<link" not in text


def test_strict_fails_on_a_warning_without_an_explanation(
    checkout: Checkout, tmp_path: Path
) -> None:
    turtle = 'sme:A a owl:Class ; rdfs:label "a"@en ; rdfs:subClassOf owl:Thing .'
    folder = small(checkout, tmp_path, turtle)
    header = (checkout.ontology / "smegraph.ttl").read_text("utf-8")
    imported = re.compile(r"    owl:imports\n[^;]*;\n")  # none of them is in the small ontology
    (folder / "smegraph.ttl").write_text(imported.sub("", header), "utf-8")
    shutil.copy(checkout.ontology / "modules" / "reused.ttl", folder / "modules")
    options = ("--ontology-only", "--ontology", folder, "--out", tmp_path / "out")
    assert run(*options)[0] == 0
    assert run(*options, "--strict")[0] == 1


def test_whole_audit_asks_the_service_of_the_release(checkout: Checkout, tmp_path: Path) -> None:
    folder, out = small(checkout, tmp_path, "sme:A a owl:Class ."), tmp_path / "out"
    _, output = run("--ontology", folder, "--data", tmp_path, "--out", out, "--format", "json")
    skipped = {entry["name"]: entry.get("skipped") for entry in json.loads(output)["ran"]}
    reason = f"{out} holds no release; `smegraph build` makes one."
    assert skipped["foops/URI1-does-not-resolve"] == reason
    assert "hermit/ontology" in skipped
    assert skipped["hermit/ontology"] is None
