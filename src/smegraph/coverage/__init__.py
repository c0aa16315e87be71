"""How much of the studies' texts lies in coded passages, and what nobody coded yet.

Coverage is counted in characters that are not white space. The headings that a study's text parts
point at are no text to code, and so are left out. What a row of literature (a citation, an entry
of a list of references, a work, an author) points at is counted apart: that a citation stands in a
sentence does not make the sentence coded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from smegraph.coverage.document import to_document
from smegraph.coverage.report import Filter
from smegraph.coverage.studies import StudyCoverage, cover_folders, cover_studies

__all__ = [
    "Filter", "StudyCoverage", "as_json", "cover_folders", "cover_studies", "to_document",
]  # fmt: skip


def as_json(document: Mapping[str, Any]) -> str:
    """Return the document that `to_document` makes, as text."""
    return json.dumps(document, ensure_ascii=False, indent=2)
