"""Exports of the release of the tests, and graphs to compare them."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pyoxigraph as ox

from smegraph.export.extract import Release
from smegraph.export.formats import FORMATS
from smegraph.export.job import Job, Scope, prepare


def made(release: Release, scope: Scope, form: str, value: str = "", *, header: bool = True) -> str:
    """What an export writes, as a text."""
    file = io.BytesIO()
    prepare(release, Job(scope, value, FORMATS[form], header)).write(file)
    return file.getvalue().decode("utf-8")


def canonical(triples: Iterable[ox.Triple]) -> ox.Dataset:
    """A graph that is equal to another one where they differ in names of blank nodes only."""
    found = ox.Dataset(ox.Quad(*triple) for triple in triples)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


def read(text: str | bytes, form: ox.RdfFormat = ox.RdfFormat.TURTLE) -> list[ox.Triple]:
    """The triples of a text."""
    return [quad.triple for quad in ox.parse(text, format=form)]
