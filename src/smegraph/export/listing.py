"""The files of a release, as its manifest lists them, for whoever takes them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from smegraph.graph.header import LICENSE
from smegraph.release_files import (
    AUDIT,
    CONTEXT,
    COVERAGE,
    MANIFEST,
    MAPPINGS,
    QUESTIONS,
    SHAPES,
    TRIG,
    TURTLE,
    VERSIONS,
)

PATH: Final = "/data"  # of the service
MEDIA_TYPES: Final = {
    ".ttl": "text/turtle; charset=utf-8", ".trig": "application/trig; charset=utf-8",
    ".nt": "application/n-triples", ".nq": "application/n-quads", ".rdf": "application/rdf+xml",
    ".jsonld": "application/ld+json", ".json": "application/json",
    ".rq": "application/sparql-query", ".csv": "text/csv; charset=utf-8",
    ".tsv": "text/tab-separated-values; charset=utf-8",
}  # fmt: skip
_OTHER: Final = "application/octet-stream"
_WHAT: Final = {
    TRIG: "All graphs, each by its name, as TriG",
    CONTEXT: "The JSON-LD context: short names of classes, properties and concepts",
    SHAPES: "The shapes by which sheets and graphs are checked (SHACL)",
    AUDIT: "What the audit found in the ontology",
    COVERAGE: "How much of the documents is coded",
    MANIFEST: "The files of the release, with sizes and digests",
}


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a release.

    Attributes:
        name: its path within the release.
        bytes: its size.
        sha256: its digest, in hexadecimal digits.
        media_type: as Content-Type has it.
        what: what it holds, for people.
    """

    name: str
    bytes: int
    sha256: str
    media_type: str
    what: str

    @property
    def path(self) -> str:
        """Where the service has it, below its own address."""
        return f"{PATH}/{self.name}"

    @property
    def tag(self) -> str:
        """The strong entity tag: other bytes have another one."""
        return f'"{self.sha256}"'

    @property
    def bare_type(self) -> str:
        """The media type without its parameters."""
        return self.media_type.partition(";")[0]

    def to_json(self, root: str) -> dict[str, Any]:
        """Return what the list tells of it; `root` is the path of the site."""
        return {
            "name": self.name,
            "url": f"{root}{self.path}",
            "bytes": self.bytes,
            "sha256": self.sha256,
            "mediaType": self.bare_type,
            "license": LICENSE,
            "what": self.what,
        }


def data_files(release: Path) -> list[DataFile]:
    """Return the files that a release's manifest lists, and the manifest; none without one."""
    path = release / MANIFEST
    try:
        listed = json.loads(path.read_text("utf-8"))["files"]
        found = [_file(name, one["bytes"], one["sha256"]) for name, one in listed.items()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    text = path.read_bytes()
    own = _file(MANIFEST, len(text), hashlib.sha256(text).hexdigest())
    return sorted([*found, own], key=lambda one: ("/" in one.name, one.name))


def _file(name: str, size: int, sha256: str) -> DataFile:
    path = PurePosixPath(name)
    what = _WHAT.get(name) or _kind(path) or name
    return DataFile(name, size, sha256, MEDIA_TYPES.get(path.suffix, _OTHER), what)


def _kind(path: PurePosixPath) -> str:
    """Return what a file in a folder of a release holds."""
    match path.parts:
        case (folder, _) if folder == TURTLE:
            return f"The graph {path.stem}, as Turtle"
        case (folder, topic, _) if folder == QUESTIONS:
            kind = "A question" if path.suffix == ".rq" else "The expected answer to a question"
            return f"{kind} on {topic.replace('-', ' ')}"
        case (folder, _) if folder == MAPPINGS:
            return "A set of links (SSSOM)" if path.suffix == ".tsv" else "A rule that makes links"
        case (folder, version, _) if folder == VERSIONS:
            return f"The ontology, version {version}"
        case _:
            return ""
