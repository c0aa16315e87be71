"""The questions of a release: `/questions`, and a page for each with its answer and its places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI

from smegraph.namespaces import PREFIXES
from smegraph.release.questions import Question
from smegraph.server.endpoints.refusals import problem_of
from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.ask_answer import ask_answer, ask_labels
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.things import named
from smegraph.server.pages.views import Parameters, Table, View, add_view
from smegraph.sparql.errors import QueryRefused
from smegraph.suggest import did_you_mean

PATH: Final = "/questions"
_WORDS: Final = "q"
_TOPIC: Final = "topic"
_COLUMNS: Final = ("topic", "name", "question", "address")
_DIGITS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A question as pages list it: its address below the root, its topic, and what it asks."""

    address: str
    topic: str
    heading: str
    title: str
    name: str

    @classmethod
    def of(cls, question: Question) -> Entry:
        """Return a question as pages list it."""
        address = f"{PATH}/{quote(question.path)}"
        return cls(address, question.topic, question.heading, question.title, question.name)


def natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Return a key by which texts are in the order in which people count.

    >>> sorted(["cq100", "cq9", "cq10", "a"], key=natural)
    ['a', 'cq9', 'cq10', 'cq100']
    """
    parts = _DIGITS.split(text.casefold())
    return tuple((not p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in parts)


def entries(questions: Sequence[Question]) -> list[Entry]:
    """Return the questions as pages list them: by topic, then by name."""
    ordered = sorted(questions, key=lambda one: (natural(one.topic), natural(one.name)))
    return [Entry.of(question) for question in ordered]


def chosen(found: Sequence[Entry], words: str, topic: str) -> list[Entry]:
    """Return the questions of a topic, any if it is empty, in which each of some words stands."""
    wanted = words.casefold().split()
    return [
        one for one in found
        if topic in ("", one.topic)
        and all(word in f"{one.title} {one.heading}".casefold() for word in wanted)
    ]  # fmt: skip


# Decision 094: docs/decisions/094-questions.md
def add_questions(
    app: FastAPI, layout: Layout, engine: Engine, questions: Sequence[Question]
) -> None:
    """Add the list of questions and a page for each; without questions there is none."""
    if not questions:
        return
    listed = entries(questions)
    topics = {one.topic: one.heading for one in listed}
    by_path = {question.path: question for question in questions}

    async def show_list(parameters: Parameters, _: Mapping[str, str]) -> View:
        words, topic = _choice(parameters, topics)
        found = chosen(listed, words, topic)
        groups = {
            heading: [one for one in found if one.topic == name] for name, heading in topics.items()
        }
        values = {
            "groups": {heading: ones for heading, ones in groups.items() if ones},
            "words": words, "topic": topic, "topics": topics, "total": len(listed),
        }  # fmt: skip
        rows = [(one.topic, one.name, one.title, layout.root + one.address) for one in found]
        return View("questions.html", values, Table(_COLUMNS, rows))

    async def show(parameters: Parameters, path: Mapping[str, str]) -> View:
        question = by_path.get(path["path"])
        if question is None:
            meant = did_you_mean(path["path"], by_path, f"{PATH} lists all that there are.")
            raise HttpProblem("not-found", f"No question is called {path['path']}. {meant}")
        if parameters:
            raise HttpProblem("unknown-parameter", "The page of a question has no parameters.")
        return await _answered(engine, question, listed)

    add_view(app, layout, engine, PATH, show_list)
    add_view(app, layout, engine, PATH + "/{path:path}", show)


def _choice(parameters: Parameters, topics: Mapping[str, str]) -> tuple[str, str]:
    """Return the words and the topic that an address states; raises HttpProblem."""
    found = {name: value for name, value in parameters if value}
    unknown = next((name for name, _ in parameters if name not in (_WORDS, _TOPIC)), None)
    if unknown is not None:
        raise HttpProblem(
            "unknown-parameter", f"There is no {unknown}; there are {_WORDS} and {_TOPIC}."
        )
    topic = found.get(_TOPIC, "")
    if topic and topic not in topics:
        meant = did_you_mean(topic, topics, f"There are {', '.join(topics)}.")
        raise HttpProblem("invalid-parameter", f"No topic is called {topic}. {meant}")
    return found.get(_WORDS, ""), topic


async def _answered(engine: Engine, question: Question, listed: Sequence[Entry]) -> View:
    """Return the page of a question with its whole answer."""
    try:
        answer = await ask_answer(engine, question.text)
    except QueryRefused as error:
        raise problem_of(error) from error
    places = [_place(source) for source in question.sources]
    labels = await ask_labels(engine, places)
    same = [one for one in listed if one.topic == question.topic]
    values = {
        "question": question, "answer": answer,
        "places": [named(place, labels.get(place, "")) for place in places],
        "others": [one for one in same if one.name != question.name],
    }  # fmt: skip
    table = answer.table
    if answer.verdict is not None:
        table = Table(("answer",), [(answer.verdict,)])
    return View("question.html", values, table, query=question.text)


def _place(source: str) -> str:
    """Return the IRI of a place that a question names by a prefixed name; others as they are."""
    prefix, colon, local = source.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else source
