"""Competency questions: all are answered as expected, and a wrong expectation shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.namespaces import PREFIXES
from smegraph.release.questions import Question, ask, load_questions
from smegraph.store import EmbeddedStore

if TYPE_CHECKING:
    from tests.conftest import Release

FOLDER = Path(__file__).parents[2] / "ontology" / "questions"
ALL = load_questions(FOLDER)
NAMES = "SELECT ?name { ?x rdfs:label ?name } ORDER BY ?name"


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    """Three things with names, of which two are alike."""
    held = ox.Store()
    for number, name in enumerate(["Movy", "Dragon", "Dragon"]):
        thing = ox.NamedNode(f"{PREFIXES['id']}firm-{number}")
        held.add(ox.Quad(thing, ox.NamedNode(PREFIXES["rdfs"] + "label"), ox.Literal(name)))
    return EmbeddedStore(held)


def question(expected: str | None, text: str = NAMES) -> Question:
    return Question("naming", "names", "Which names are there?", ("Table 1",), text, expected)


@pytest.mark.parametrize("asked", ALL, ids=[asked.path for asked in ALL])
def test_question_is_answered_as_expected(asked: Question, released: Release) -> None:
    answer = ask(asked, EmbeddedStore(released.path / "store"))
    assert answer.error is None
    assert (answer.missing, answer.surplus) == ((), ())
    assert not answer.misplaced
    assert answer.is_right


@pytest.mark.parametrize("asked", ALL, ids=[asked.path for asked in ALL])
def test_question_tells_its_source_and_has_a_title_of_its_own(asked: Question) -> None:
    assert asked.sources
    assert [other.title for other in ALL].count(asked.title) == 1


def test_every_question_lies_in_a_topic_under_a_name_without_a_number() -> None:
    topics = {asked.topic for asked in ALL}
    assert topics == {path.name for path in FOLDER.iterdir()}
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in (*topics, *names(ALL)))
    assert len(set(names(ALL))) == len(ALL)
    assert len(topics) <= 13


def names(questions: list[Question]) -> list[str]:
    return [asked.name for asked in questions]


def test_every_file_of_a_topic_is_half_of_a_question() -> None:
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*")}
    assert found == {f"{asked.path}{ending}" for asked in ALL for ending in (".rq", ".csv")}


def test_question_that_a_note_refers_to_is_there() -> None:
    paths = {asked.path for asked in ALL}
    referred = [path for q in ALL for path in re.findall(r"\(see ([a-z-]+/[a-z-]+)\)", q.text)]
    assert len(referred) > 1
    assert set(referred) <= paths


def test_questions_come_by_topic_and_then_by_title(tmp_path: Path) -> None:
    for path, title in (("b/x", "Who?"), ("b/y", "How?"), ("a-topic/z", "Why?"), ("w", "When?")):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / f"{path}.rq").write_text(f"# title: {title}\n{NAMES}", "utf-8")
    found = load_questions(tmp_path)
    assert [asked.path for asked in found] == ["w", "a-topic/z", "b/y", "b/x"]
    assert [asked.heading for asked in found] == ["", "A topic", "B", "B"]


def test_release_carries_the_questions_and_their_answers(released: Release) -> None:
    carried = released.path / "questions"
    found = {p.relative_to(carried).as_posix(): p for p in carried.rglob("*") if p.is_file()}
    assert {name: path.read_bytes() for name, path in found.items()} == {
        f"{asked.path}{ending}": (FOLDER / f"{asked.path}{ending}").read_bytes()
        for asked in ALL
        for ending in (".rq", ".csv")
    }


def test_right_answer_is_right(store: EmbeddedStore) -> None:
    answer = ask(question("name\r\nDragon\r\nDragon\r\nMovy\r\n"), store)
    assert answer.is_right
    assert answer.rows == 3


def test_missing_and_surplus_rows_are_told(store: EmbeddedStore) -> None:
    answer = ask(question("name\nDragon\nDragon\nSkills\n"), store)
    assert not answer.is_right
    assert (answer.missing, answer.surplus) == ((("Skills",),), (("Movy",),))


def test_row_that_comes_more_often_than_expected_is_told(store: EmbeddedStore) -> None:
    answer = ask(question("name\nDragon\nMovy\n"), store)
    assert not answer.is_right
    assert answer.missing == ()
    assert set(answer.surplus) == {("Dragon",)}


def test_rows_in_another_order_are_told(store: EmbeddedStore) -> None:
    answer = ask(question("name\nMovy\nDragon\nDragon\n"), store)
    assert (answer.missing, answer.surplus, answer.misplaced) == ((), (), True)
    assert not answer.is_right


def test_other_head_is_told(store: EmbeddedStore) -> None:
    answer = ask(question("label\nDragon\nDragon\nMovy\n"), store)
    assert (answer.missing, answer.surplus) == ((("label",),), (("name",),))


def test_question_without_an_expected_answer_is_not_right(store: EmbeddedStore) -> None:
    answer = ask(question(None), store)
    assert not answer.is_right
    assert answer.error == "There is no expected answer."


@pytest.mark.parametrize(
    ("text", "reason"),
    [("SELECT ?name {", "Line 1, column 15"), ("SELECT (<urn:f>(1) AS ?x) {}", "urn:f")],
)
def test_query_that_cannot_be_answered_is_told(
    store: EmbeddedStore, text: str, reason: str
) -> None:
    answer = ask(question("name\n", text), store)
    assert not answer.is_right
    assert reason in str(answer.error)


def test_yes_is_told_from_no(store: EmbeddedStore) -> None:
    assert ask(question("true", "ASK { ?x ?p ?name }"), store).is_right
    assert not ask(question("false", "ASK { ?x ?p ?name }"), store).is_right


def test_question_without_a_title_is_called_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "which-names.rq").write_text(NAMES, "utf-8")
    (found,) = load_questions(tmp_path)
    assert (found.title, found.sources, found.expected) == ("which names", (), None)


def test_title_sources_and_answer_are_read(tmp_path: Path) -> None:
    head = "# title: Which names are there? \n# source: Table 1\n# source: Table 2\n"
    (tmp_path / "names.rq").write_text(head + NAMES, "utf-8")
    (tmp_path / "names.csv").write_text("name\n", "utf-8")
    (found,) = load_questions(tmp_path)
    assert (found.name, found.title) == ("names", "Which names are there?")
    assert found.sources == ("Table 1", "Table 2")
    assert found.text == NAMES + "\n"
    assert found.expected == "name\n"


def test_row_without_a_value_is_missed(store: EmbeddedStore) -> None:
    unbound = "SELECT ?x { VALUES ?x { 1 UNDEF } } ORDER BY DESC(?x)"
    assert ask(question("x\n1\n\n", unbound), store).is_right
    answer = ask(question("x\n1\n", unbound), store)
    assert answer.surplus == (("",),)
