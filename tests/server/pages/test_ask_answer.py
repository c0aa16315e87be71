"""An answer as pages show it: labels, links, pages of rows, and what there is to download."""

from __future__ import annotations

import asyncio
from pathlib import Path

from smegraph.namespaces import ID
from smegraph.server.pages.ask_answer import ask_answer, ask_labels
from tests.server.pages.conftest import engine_of

FIRMS = "SELECT ?firm ?name ?year { ?firm a sme:Firm ; rdfs:label ?name OPTIONAL { ?firm sme:founded ?year } } ORDER BY ?name"  # noqa: E501


def test_things_are_read_by_their_labels_and_lead_to_their_pages(release: Path) -> None:
    found = asyncio.run(ask_answer(engine_of(release), FIRMS))
    firm, name, year = found.rows[1]
    assert firm is not None
    assert firm.thing is not None
    assert (found.rows[0][0] or firm).text == "Cuberdon"
    assert (firm.text, firm.thing.path) == ("Firm A", "/id/firm-finnish-a")
    assert name is not None
    assert year is not None
    assert (name.is_number, year.is_number, found.rows[0][2]) == (False, True, None)
    assert found.table.rows[1] == [f"{ID}firm-finnish-a", "Firm A", "2014"]


def test_a_page_knows_whether_there_are_more_rows(release: Path) -> None:
    engine = engine_of(release)
    first = asyncio.run(ask_answer(engine, FIRMS, 0, 2))
    last = asyncio.run(ask_answer(engine, FIRMS, 2, 2))
    assert ((len(first.rows), first.more), (len(last.rows), last.more)) == ((2, True), (1, False))


def test_other_forms_are_a_verdict_and_a_text(release: Path) -> None:
    engine = engine_of(release)
    assert asyncio.run(ask_answer(engine, "ASK { ?x a sme:Finding }")).verdict is False
    graph = asyncio.run(ask_answer(engine, "CONSTRUCT WHERE { ?x a sme:Firm }"))
    assert "firm-cuberdon" in graph.text
    assert graph.form == "CONSTRUCT"


def test_labels_are_told_of_what_has_one_and_can_be_asked(release: Path) -> None:
    iris = [f"{ID}facebook", f"{ID}nothing", "urn:a b", "x", "urn:<a>"]
    assert asyncio.run(ask_labels(engine_of(release), iris)) == {f"{ID}facebook": "Facebook"}
    assert asyncio.run(ask_labels(engine_of(release), [])) == {}
