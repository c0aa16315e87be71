"""The names of the files and folders of a release."""

from __future__ import annotations

from typing import Final

MANIFEST: Final = "manifest.json"
REPORT: Final = "report.json"
COVERAGE: Final = "coverage.json"
AUDIT: Final = "audit.json"
STORE: Final = "store"
QUESTIONS: Final = "questions"
TURTLE: Final = "turtle"
TRIG: Final = "smegraph.trig"
