"""A small ontology of one's own, which checks look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smegraph.audit.inputs import AuditInputs
from smegraph.namespaces import PREFIXES
from smegraph.ontology.ontology import Ontology

HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())
HEADER = "<https://w3id.org/smegraph/ontology> a owl:Ontology .\n"

Make = Callable[[str], AuditInputs]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """The inputs of an ontology in Turtle, with neither data nor a release."""

    def made(turtle: str) -> AuditInputs:
        folder = tmp_path / "ontology"
        (folder / "modules").mkdir(parents=True, exist_ok=True)
        (folder / "smegraph.ttl").write_text(HEAD + HEADER, "utf-8")
        (folder / "modules" / "small.ttl").write_text(HEAD + turtle, "utf-8")
        return AuditInputs(Ontology.load(folder), tmp_path / "data", tmp_path / "build")

    return made
