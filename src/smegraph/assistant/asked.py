"""The competency questions: which there are, and the answer to one, with the works behind it."""

from __future__ import annotations

from typing import Any, Final

from smegraph.assistant.asking import Asker, among, load_query, rows_of
from smegraph.assistant.errors import ToolRefused
from smegraph.assistant.querying import run
from smegraph.client import Row, Rows
from smegraph.suggest import near

_QUESTIONS: Final = load_query("questions")
_QUESTION: Final = load_query("question")
_PARTS: Final = load_query("parts-read")


def questions(asker: Asker, topic: str | None = None) -> dict[str, Any]:
    """Return the questions of a topic, or of all, each with the name by which it is asked.

    Raises:
        ToolRefused: there is no such topic, or the source has no questions.
    """
    rows = rows_of(asker, _QUESTIONS)
    if not rows:
        raise ToolRefused("This source has no questions. Use query in place of them.")
    topics = sorted({str(row.topic) for row in rows if row.topic})
    if topic is not None and (topic := topic.replace("-", " ").casefold()) not in topics:
        alike = near(topic, topics, count=3)
        hint = f"Did you mean {' or '.join(alike)}?" if alike else ""
        raise ToolRefused(f"No topic is called {topic!r}. {hint} There are: {', '.join(topics)}.")
    found = [row for row in rows if topic in (None, row.topic)]
    listed = [{"name": str(row.name), "question": str(row.question)} for row in found]
    return {"topics": topics, "questions": listed}


def ask_question(asker: Asker, name: str) -> dict[str, Any]:
    """Return the answer to a question, its query, and what was read to answer it.

    Raises:
        ToolRefused: there is no such question.
    """
    rows = rows_of(asker, _QUESTION, {"wanted": _meant(asker, name)})
    sources = {str(row.source) for row in rows if row.source}
    read = _read(asker, sources)
    answer = run(asker, str(rows[0].text), behind={str(row.document) for row in read})
    answer.pop("no_places", None)
    places = [_place(row) for row in read]
    return {
        "question": str(rows[0].question),
        "read_in": places,
        **answer,
        "query": str(rows[0].text),
    }


def _meant(asker: Asker, name: str) -> str:
    """Return the name of a question, given it or its last part; raises ToolRefused for others."""
    known = [str(row.name) for row in rows_of(asker, _QUESTIONS)]
    wanted = name.strip().casefold().replace(" ", "-")
    if wanted in known:
        return wanted
    ends = {one.rsplit("/", 1)[-1]: one for one in known}
    found = [one for one in known if one.rsplit("/", 1)[-1] == wanted]
    if len(found) == 1:
        return found[0]
    alike = found or near(wanted, known, count=5, cutoff=0.5)
    alike = alike or [ends[one] for one in near(wanted, ends, count=5)]
    hint = f"Did you mean {', '.join(alike)}?" if alike else "list_questions tells the names."
    raise ToolRefused(f"No question is called {name!r}. {hint}")


def _read(asker: Asker, parts: set[str]) -> Rows:
    """Return the parts of texts, or whole works, that a person read to answer a question."""
    return rows_of(asker, among(_PARTS, "part", sorted(parts)))


def _place(row: Row) -> dict[str, str]:
    whole = row.part == row.document
    return {"document": str(row.label)} | ({} if whole else {"place": str(row.place)})
