"""How much of the studies' texts is coded: the page at `/coverage`, and as a file of its own.

It is made of the document that `smegraph coverage --format json` writes, which points at passages
by offsets and digests and holds no word of a source.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from pydantic import TypeAdapter

from smegraph.server.pages.asking import record
from smegraph.server.pages.layout import Layout, add_report
from smegraph.server.pages.rendering import render_alone

_TEMPLATE: Final = "coverage.html"


@record
class Passage:
    """A passage that nobody coded."""

    start: int
    end: int
    characters: int
    sha256: str


@record
class Part:
    """A section or a table of a text."""

    label: str
    depth: int
    state: str
    characters: int
    content_percent: float | None
    coded_percent: float | None
    paragraphs: int
    paragraphs_with_content: int
    open: tuple[Passage, ...]


@record
class Source:
    """The file of a text."""

    file: str


@record
class Fault:
    """What keeps a text from being measured."""

    message: str
    remedy: str = ""


@record
class Study:
    """A study and its text; without parts when that could not be measured."""

    study: str
    label: str
    source: Source
    problems: tuple[Fault, ...]
    length: int = 0
    content_percent: float | None = None
    coded_percent: float | None = None
    parts: tuple[Part, ...] = ()

    @property
    def to_code(self) -> int:
        """How many parts have a text to code."""
        return sum(part.paragraphs > 0 for part in self.parts)

    @property
    def done(self) -> int:
        """How many of them are done."""
        return sum(part.paragraphs > 0 and part.state == "done" for part in self.parts)

    @property
    def left(self) -> int:
        """How many passages nobody coded."""
        return sum(len(part.open) for part in self.parts)


def add_coverage(app: FastAPI, layout: Layout, file: Path) -> None:
    """Add the page of a release that was built with its sources, and its coverage as data."""
    studies = read_studies(json.loads(file.read_text("utf-8")))
    add_report(app, layout, file, _TEMPLATE, studies=studies)


def render_file(document: Mapping[str, Any]) -> str:
    """Return the page as one that stands alone in a file."""
    return render_alone(_TEMPLATE, data="", studies=read_studies(document))


def read_studies(document: Mapping[str, Any]) -> list[Study]:
    """Return the studies of a coverage document; raises ValueError when it is none."""
    return TypeAdapter(list[Study]).validate_python(document["studies"])
