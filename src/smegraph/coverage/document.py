"""Coverage as plain values for JSON: offsets, counts and digests, and never a word of a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from smegraph.coverage.measure import Coverage, Part, percent
from smegraph.coverage.studies import StudyCoverage
from smegraph.errors import Problem


def to_document(studies: Sequence[StudyCoverage]) -> dict[str, Any]:
    """Return the coverage of studies as a JSON object with the member `studies`."""
    return {"studies": [_study(study) for study in studies]}


def _study(study: StudyCoverage) -> dict[str, Any]:
    counts = _coverage(study.coverage) if study.coverage else {}
    return {
        "study": study.study,
        "label": study.label,
        "source": {"file": study.file, "sha256": study.sha256},
        **counts,
        "problems": [_problem(problem) for problem in study.problems],
    }


def _problem(problem: Problem) -> dict[str, object]:
    """Return a problem without the folder, which is another one on each machine."""
    return replace(problem, file=Path(problem.file).name).to_json()


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "length": max((part.end for part in coverage.parts), default=0),
        **_counts(coverage),
        "parts": [_part(part) for part in coverage.parts],
    }


def _counts(of: Coverage | Part) -> dict[str, Any]:
    """Return counts and shares: of what rows of content point at, and of what any row points at."""
    return {
        "characters": of.characters,
        "content": of.content,
        "coded": of.coded,
        "contentPercent": percent(of.content, of.characters),
        "codedPercent": percent(of.coded, of.characters),
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "id": part.key or None,
        "label": part.label,
        "kind": part.kind,
        "locator": part.locator or None,
        "parent": part.part_of,
        "depth": part.depth,
        "state": part.state,
        "start": part.start,
        "end": part.end,
        **_counts(part),
        "paragraphs": part.paragraphs,
        "paragraphsWithContent": part.touched,
        "open": [
            {
                "start": run.start,
                "end": run.end,
                "characters": run.characters,
                "sha256": run.digest,
            }
            for run in part.runs
        ],
    }
