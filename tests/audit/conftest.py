"""A small ontology of one's own, which checks look at."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from smegraph.audit.inputs import AuditInputs, EngineCheck
from smegraph.namespaces import PREFIXES
from smegraph.ontology.ontology import Ontology
from smegraph.studies.project import Project

HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())
HEADER = "<https://w3id.org/smegraph/ontology> a owl:Ontology .\n"
ID, SME = "https://w3id.org/smegraph/id/", "https://w3id.org/smegraph/ontology#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
CLASSES = """
sme:A a owl:Class ; owl:disjointWith sme:B .
sme:B a owl:Class .
"""

Make = Callable[[str], AuditInputs]


def write_ontology(folder: Path, turtle: str) -> Ontology:
    """An ontology in Turtle, in a folder that it is alone in."""
    (folder / "modules").mkdir(parents=True, exist_ok=True)
    (folder / "smegraph.ttl").write_text(HEAD + HEADER, "utf-8")
    (folder / "modules" / "small.ttl").write_text(HEAD + turtle, "utf-8")
    return Ontology.load(folder)


def copy_checks(real: Path, ontology: Ontology) -> Path:
    """The folder of an ontology with the checks of the real one, and nothing accepted."""
    shutil.copytree(real / "audit", ontology.folder / "audit")
    (ontology.folder / "audit" / "accepted.yaml").unlink()
    return ontology.folder


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """The inputs of an ontology in Turtle, with neither data nor a release."""

    def made(turtle: str) -> AuditInputs:
        ontology = write_ontology(tmp_path / "ontology", turtle)
        return AuditInputs(Project(ontology.folder, tmp_path / "data"), tmp_path / "build")

    return made


def with_parts(inputs: AuditInputs, **parts: object) -> AuditInputs:
    """The inputs with some of their parts given instead of made."""
    inputs.__dict__.update(parts)
    return inputs


def found(check: EngineCheck, inputs: AuditInputs) -> list[tuple[str, str | None]]:
    """What a check finds: places and values as text."""
    return [(str(hit.place), hit.value) for hit in check.run(inputs)]


def fact(subject: str, class_: str) -> str:
    """A line that says of what class a thing is."""
    return f"<{ID}{subject}> {TYPE} <{SME}{class_}> .\n"
