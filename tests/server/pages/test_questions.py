"""The pages of questions: the list and its filter, and each question with its answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.release.questions import Question
from smegraph.server.pages.questions import chosen, entries, natural
from tests.server.pages.conftest import SCRIPT, Visitor, site_of


@pytest.fixture(scope="module")
def asked(release: Path) -> Visitor:
    return Visitor(site_of(release))


def question(name: str, topic: str = "firms", title: str = "") -> Question:
    return Question(topic, name, title or f"{name}?", (), "ASK {}", None)


def test_names_are_in_the_order_in_which_people_count() -> None:
    found = entries([question(name) for name in ("cq100", "cq9", "cq10", "cq09")])
    assert [one.name for one in found] == ["cq09", "cq9", "cq10", "cq100"]
    assert natural("a2b10") < natural("a10b2")


def test_questions_are_chosen_by_words_of_title_and_topic() -> None:
    found = entries([question("a", "firms", "Which firm exports?"), question("b", "reviews")])
    assert [one.name for one in chosen(found, "EXPORTS firm", "")] == ["a"]
    assert [one.name for one in chosen(found, "", "reviews")] == ["b"]
    assert chosen(found, "exports", "reviews") == []


def test_a_question_is_the_heading_and_its_answer_stands_below(asked: Visitor) -> None:
    page = asked.get("/questions/small-firms/known")
    assert "<h1" in page.text
    assert page.text.index("</h1>") < page.text.index("Cuberdon") < page.text.index("<summary>")
    assert "/ask#query=%23" in page.text
    assert "<b>name</b>" not in page.text
    assert page.headers["etag"]


def test_the_answer_is_there_as_data_at_the_same_address(asked: Visitor) -> None:
    assert asked.get("/questions/small-firms/known.csv").text.splitlines() == [
        "name", "Cuberdon", "Firm A", "Firm B",
    ]  # fmt: skip
    assert asked.get("/questions/small-firms/known.json").json()["rows"][0] == {"name": "Cuberdon"}
    assert asked.get("/questions.csv").text.startswith("topic,name,question,address\r\n")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/questions?topic=small-firms&q=graph", 200), ("/questions?topic=firm", 400),
        ("/questions?words=x", 400), ("/questions/small-firms/knwn", 404),
        ("/questions/small-firms/known?x=1", 400),
    ],
)  # fmt: skip
def test_what_there_is_not_is_told_with_what_would_be_right(
    asked: Visitor, path: str, status: int
) -> None:
    assert asked.get(path, accept="text/html").status_code == status


def test_an_empty_choice_offers_the_next_wider_one(asked: Visitor) -> None:
    text = asked.get("/questions?topic=small-firms&q=zebra").text
    assert 'href="/questions?q=zebra"' in text


def test_what_a_release_brings_is_escaped(visitor: Visitor) -> None:
    for path in ("/questions", "/questions/firms"):
        assert SCRIPT not in visitor.get(path).text
