"""The made-up studies of the benchmark of pages have all that the pages ask of findings."""

from __future__ import annotations

import random

import pyoxigraph as ox
from pages import FINDINGS, MARKS, PageTime, render, study

from smegraph.namespaces import ID, PREFIXES, VOC
from smegraph.server.pages.asking import load_query

CONSTRUCTS = [f"{VOC}construct-{number}" for number in range(5)]


def made(seed: int) -> str:
    return "".join(study(7, CONSTRUCTS, random.Random(seed)))


def test_the_pages_find_every_made_up_finding() -> None:
    store = ox.Store()
    store.load(input=made(1).encode(), format=ox.RdfFormat.N_TRIPLES)
    found = store.query(load_query("findings"), prefixes=dict(PREFIXES))
    assert isinstance(found, ox.QuerySolutions)
    rows = [*found]
    assert len(rows) == FINDINGS
    assert {row["study"].value for row in rows} == {f"{ID}work-00007"}  # type: ignore[union-attr]


def test_made_up_studies_are_the_same_each_time() -> None:
    assert made(1) == made(1) != made(2)


def test_what_is_above_its_mark_is_said() -> None:
    slow, quick = (
        PageTime("release", "/evidence", 1.0, MARKS["release"] + more, MARKS["release"], 1)
        for more in (1, -1)
    )
    _, first, second = render([slow, quick]).splitlines()
    assert first.endswith("above its mark")
    assert not second.endswith("above its mark")
