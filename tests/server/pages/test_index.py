"""The page to ask from: its counts, and its questions by topic."""

from __future__ import annotations

import asyncio
from pathlib import Path

from smegraph.release.questions import Question
from smegraph.server.pages.index import COUNTS, Counts, QueryPage, Topic, ask_counts, by_topic
from smegraph.server.pages.site import dataset_site
from tests.server.pages.conftest import Visitor, engine_of


def filed(name: str, topic: str) -> Question:
    return Question(topic, name, f"{name}?", (), "ASK {}", None)


def test_counts_are_of_studies_facts_statements_and_notes(release: Path, whole: Path) -> None:
    assert asyncio.run(ask_counts(engine_of(release))) == Counts(2, 4, 37, 0)
    assert asyncio.run(ask_counts(engine_of(whole))).notes == 2


def test_the_query_of_the_counts_stands_in_a_file() -> None:
    assert COUNTS.startswith("# How much")
    assert "PREFIX" not in COUNTS


def test_questions_without_topics_are_one_group_in_their_order() -> None:
    found = [filed(name, "") for name in ("b", "a")]
    assert by_topic(found) == (Topic("", tuple(found)),)
    assert by_topic([]) == ()


def test_questions_are_grouped_by_topic_in_their_order() -> None:
    found = [filed("c", "exports"), filed("b", "small-firms"), filed("a", "small-firms")]
    assert by_topic(found) == (
        Topic("Exports", (found[0],)),
        Topic("Small firms", (found[1], found[2])),
    )


def test_topics_are_headings_of_the_list() -> None:
    page = QueryPage(title="t", lead="l", questions=[filed("a", "exports"), filed("b", "firms")])
    text = Visitor(dataset_site(page, "", {})).get("/").text
    assert text.index("<h3>Exports</h3>") < text.index(">a?</a>") < text.index("<h3>Firms</h3>")
