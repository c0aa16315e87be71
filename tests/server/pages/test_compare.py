"""Papers side by side."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smegraph.namespaces import ID
from smegraph.server.pages.compare import ComparedRow, Comparison, compare
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.works import works_named
from tests.server.pages.conftest import engine_of


@pytest.fixture(scope="module")
def comparison(papers_release: Path) -> Comparison:
    async def made() -> Comparison:
        lookup = Lookup(engine_of(papers_release))
        papers = await works_named(lookup, [f"{ID}work-li", f"{ID}work-berg"])
        return await compare(lookup, papers)

    return asyncio.run(made())


def row(comparison: Comparison, title: str) -> ComparedRow:
    return next(one for one in comparison.rows if one.title == title)


def test_what_not_all_have_is_marked(comparison: Comparison) -> None:
    authors = row(comparison, "Authors")
    assert authors.differs
    assert authors.cells[0].items == (("Li, W.", False), ("Berg, A.", True))
    assert authors.cells[1].items == (("Berg, A.", True),)
    assert not row(comparison, "Countries of a paper").differs


def test_findings_stand_with_their_basis_by_effect_and_direction(comparison: Comparison) -> None:
    trust = row(comparison, "on trust")
    assert [cell.text for cell in trust.cells] == [
        "↑ positive: 1 (literature statement)", "↓ negative: 1 (literature statement)",
    ]  # fmt: skip
    cost = row(comparison, "on cost")
    assert cost.cells[0].text == "↓ negative: 1 (literature statement), 1 with a reserve"
    assert cost.cells[1].items == ()
    titles = [one.title for one in comparison.rows]
    assert titles.index("on trust") < titles.index("on cost")  # what both have stands first


def test_table_markdown_and_latex_hold_the_same(comparison: Comparison) -> None:
    table = comparison.table()
    assert table.columns == ["compared", "differs", "Li & Berg (2020)", "Berg (2022)"]
    assert ["Samples", "yes", "120 firms", ""] in table.rows
    markdown = comparison.to_markdown()
    assert "| Samples | **120 firms** | not told |" in markdown
    assert r"Platforms \<b\>in\</b\> China" in markdown
    latex = comparison.to_latex()
    assert r"Samples & \textbf{120 firms} & not told \\" in latex
    assert r"Li \& Berg (2020)" in latex
    assert r"$\downarrow$" in latex
    assert latex.count("\\\\\n") == len(comparison.rows) + 1
