"""What an unknown IRI was perhaps meant to be."""

from __future__ import annotations

import asyncio

import pytest

from smegraph.namespaces import BASE, ID, SME, VOC
from smegraph.server.pages.missing import MOST, near_matches

LABELS = {
    ID + "firm-cuberdon": "Cuberdon", ID + "networking": "Networking Ltd",
    VOC + "networking": "networking", VOC + "network-density": "",
    SME + "Firm": "firm", BASE + "graph/reference": "Reference",
    **{f"{ID}finding-{number}": f"Finding {number}" for number in range(100, 200)},
}  # fmt: skip


@pytest.mark.parametrize(
    ("iri", "first"),
    [
        (ID + "firm-cuberdn", ID + "firm-cuberdon"),
        (VOC + "netwroking", VOC + "networking"),
        (ID + "netwroking", ID + "networking"),
        (SME + "Frim", SME + "Firm"),
        (BASE + "graph/refrence", BASE + "graph/reference"),
        (VOC + "firm-cuberdon", ID + "firm-cuberdon"),
    ],
)
def test_the_likest_name_stands_first(iri: str, first: str) -> None:
    found = asyncio.run(near_matches(iri, LABELS))
    assert found[0].iri == first
    assert found[0].path


@pytest.mark.parametrize("iri", [ID + "zzzzqqqq", ID, ID + "x" * 500])
def test_what_looks_like_nothing_has_no_match(iri: str) -> None:
    assert asyncio.run(near_matches(iri, LABELS)) == []


def test_there_are_few_matches() -> None:
    assert len(asyncio.run(near_matches(ID + "finding-1x", LABELS))) == MOST
