"""What a new release takes over from the one before it: the graphs that did not change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from smegraph import namespaces
from smegraph.release_files import REPORT, STORE, TURTLE

WRITTEN: Final = "written"  # in the report of a release


# Decision 053: docs/decisions/053-what-a-release-takes-over.md
@dataclass(frozen=True)
class Former:
    """A sound release that the same code has written.

    Attributes:
        folder: where it lies.
        digests: the digest of each graph's lines, by graph IRI.
        headers: the lines of each graph that only its release has, by graph IRI.
    """

    folder: Path
    digests: Mapping[str, str]
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Former | None:
        """Return a release, which must be sound, or None where other code has written it."""
        try:
            written = json.loads((folder / REPORT).read_text("utf-8"))[WRITTEN]
            if written["by"] != writer():
                return None
            digests = {str(graph): str(of) for graph, of in written["graphs"].items()}
            headers = {str(g): [str(text) for text in of] for g, of in written["headers"].items()}
            return cls(folder, digests, headers)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    @property
    def store(self) -> Path:
        """The folder of its store."""
        return self.folder / STORE

    def turtle(self, graph: str, digest: str) -> str | None:
        """Return the Turtle file of a graph, or None where the graph was another one."""
        if self.digests.get(graph) != digest:
            return None
        return turtle_file(self.folder, graph).read_bytes().decode("utf-8")


def turtle_file(folder: Path, graph: str) -> Path:
    """Where a release has a graph as Turtle."""
    return folder / TURTLE / f"{graph.rsplit('/', 1)[-1]}.ttl"


def digests_of(graphs: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the digest of each graph's lines, by graph IRI."""
    return {
        graph: hashlib.sha256("".join(lines).encode()).hexdigest()
        for graph, lines in graphs.items()
    }


def written(
    digests: Mapping[str, str], headers: Mapping[str, Sequence[str]] | None = None
) -> dict[str, object]:
    """Return what the report of a release says of its graphs, for the release after it."""
    told = {graph: [*lines] for graph, lines in sorted((headers or {}).items())}
    return {"by": writer(), "graphs": dict(sorted(digests.items())), "headers": told}


@cache
def writer() -> str:
    """Return the digest of what decides the form of a release's files beside its statements."""
    digest = hashlib.sha256(ox.__version__.encode())
    for path in (*sorted(Path(__file__).parent.glob("*.py")), Path(namespaces.__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
