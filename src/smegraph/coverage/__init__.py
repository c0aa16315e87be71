"""How much of the studies' texts lies in coded passages, and what nobody coded yet.

Coverage is counted in characters that are not white space. The headings that a study's text parts
point at are no text to code, and so are left out. What a row of literature (a citation, an entry
of a list of references, a work, an author) points at is counted apart: that a citation stands in a
sentence does not make the sentence coded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from smegraph.coverage.document import to_document
from smegraph.coverage.report import Filter, as_text
from smegraph.coverage.studies import StudyCoverage, cover_folders, cover_studies
from smegraph.errors import count_errors
from smegraph.studies.project import Project

__all__ = [
    "Filter", "StudyCoverage", "as_json", "cover_folders", "cover_studies", "report_coverage",
    "to_document",
]  # fmt: skip


def as_json(document: Mapping[str, Any]) -> str:
    """Return the document that `to_document` makes, as text."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def report_coverage(
    project: Project,
    chosen: Sequence[str],
    wanted: Filter,
    *,
    form: str = "text",
) -> tuple[str, bool]:
    """Return the report on the studies that are chosen (all when none is), and whether one failed.

    Raises:
        SmegraphError: a study is not there, or the ontology cannot be read.
    """
    found = cover_studies(project, chosen)
    failed = any(count_errors(study.problems) for study in found)
    found = [wanted.apply(study) for study in found]
    if form == "text":
        return as_text(found, wanted), failed
    document = to_document(found)
    if form == "json":
        return as_json(document), failed
    from smegraph.server.pages.coverage import render_file

    return render_file(document), failed
