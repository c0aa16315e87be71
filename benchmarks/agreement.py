"""Whether two N-Quads files agree; runs as a process of its own, as it needs much memory.

    python benchmarks/agreement.py OURS THEIRS STUDY

It prints JSON: the quads of both, how many they share, and how many of ours are of the two kinds
that the mapping leaves out (labels of firm-years, the study's record).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyoxigraph as ox

_ID = "https://w3id.org/smegraph/id/"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def read(path: Path) -> set[ox.Quad]:
    """The distinct quads of a file."""
    return set(ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS))


def kind(quad: ox.Quad, study: str) -> str:
    """Which of the parts that the mapping leaves out a quad belongs to, if any."""
    subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
    if subject == f"{_ID}work-{study}":
        return "record"
    if subject.startswith(f"{_ID}firm-year-") and quad.predicate.value == _LABEL:
        return "labels"
    return "other"


def compare(ours: Path, theirs: Path, study: str) -> dict[str, int]:
    """How two files agree; ``ours_other`` and ``theirs_only`` must be 0."""
    first, second = read(ours), read(theirs)
    alone = [kind(quad, study) for quad in first - second]
    return {
        "ours": len(first),
        "theirs": len(second),
        "shared": len(first & second),
        "ours_labels": alone.count("labels"),
        "ours_record": alone.count("record"),
        "ours_other": alone.count("other"),
        "theirs_only": len(second - first),
    }


if __name__ == "__main__":
    print(json.dumps(compare(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])))
