"""The names of the files and folders of a release, and the version that it states."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

MANIFEST: Final = "manifest.json"
REPORT: Final = "report.json"
COVERAGE: Final = "coverage.json"
AUDIT: Final = "audit.json"
STORE: Final = "store"
QUESTIONS: Final = "questions"
MAPPINGS: Final = "mappings"
SHAPES: Final = "shapes.ttl"
TURTLE: Final = "turtle"
VERSIONS: Final = "versions"  # in it, of each published version of the ontology: <version>/
ONTOLOGY_FILE: Final = "ontology.ttl"  # in the folder of a version
TRIG: Final = "smegraph.trig"
CONTEXT: Final = "context.jsonld"  # of JSON-LD


def stated_version(release: Path) -> str:
    """Return the version that the manifest of a release states.

    Raises:
        ValueError: the manifest states none, or is no JSON.
        OSError: it cannot be read.
    """
    manifest = json.loads((release / MANIFEST).read_text("utf-8"))
    if not isinstance(manifest, dict) or "version" not in manifest:
        raise ValueError("it has no version")
    return str(manifest["version"])
