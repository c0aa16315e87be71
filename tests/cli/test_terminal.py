"""What commands show: progress, results, answers to questions, and the query that they read."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pyoxigraph as ox
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from smegraph.cli.terminal import (
    WIDE,
    answer_as_json,
    console,
    print_answer,
    print_result,
    read_query,
)
from smegraph.namespaces import ID, RDFS
from smegraph.release.questions import Answer, Question
from smegraph.store import EmbeddedStore

LABEL = NamedNode(RDFS + "label")
ALL = "SELECT ?x ?name { ?x rdfs:label ?name } ORDER BY ?name"
QUESTION = Question("firms", "names", "Which names?", ("id:text-part-a",), "SELECT …", "name\n")
Shown = Callable[[str, str], str]


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    """Two things with names; one of them has no IRI."""
    held = ox.Store()
    held.add(Quad(NamedNode(ID + "firm-movy"), LABEL, Literal("Movy", language="en")))
    held.add(Quad(BlankNode("b1"), LABEL, Literal("[red]Skills[/red]")))
    return EmbeddedStore(held)


@pytest.fixture
def shown(store: EmbeddedStore, capsysbinary: pytest.CaptureFixture[bytes]) -> Shown:
    """What `print_result` writes for a query in a format."""

    def show(text: str, form: str) -> str:
        print_result(store, text, form)
        return capsysbinary.readouterr().out.decode()

    return show


def cells(line: str) -> list[str]:
    return re.split(" {2,}", line.strip())


# ---------------------------------------------------------------- results


def test_a_table_has_a_row_for_each_solution_and_their_number(shown: Shown) -> None:
    head, _, *rows, count = shown(ALL, "table").splitlines()
    assert cells(head) == ["x", "name"]
    assert cells(rows[0]) == ["id:firm-movy", "Movy"]
    assert len(rows) == 2
    assert count == "2 rows"


def test_a_text_in_brackets_is_no_markup_in_a_table(shown: Shown) -> None:
    assert "[red]Skills[/red]" in shown(ALL, "table")


def test_a_value_that_is_missing_is_an_empty_cell(shown: Shown) -> None:
    *_, row, count = shown("SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) } }", "table").splitlines()
    assert (cells(row), count) == (["1"], "1 row")


def test_a_table_without_rows_has_no_head(shown: Shown) -> None:
    assert shown("SELECT ?x { ?x a sme:Firm }", "table") == "0 rows\n"


def test_a_long_value_is_folded_and_not_cut(shown: Shown) -> None:
    text = shown(f"SELECT ('{'ab' * WIDE}' AS ?x) {{}}", "table")
    assert text.count("ab") == WIDE


def test_a_truth_value_is_one_word_where_a_table_is_asked(shown: Shown) -> None:
    assert shown("ASK {}", "table") == "true\n"


def test_a_graph_is_turtle_where_a_table_is_asked(shown: Shown) -> None:
    read = ox.parse(shown("DESCRIBE id:firm-movy", "table"), format=ox.RdfFormat.TURTLE)
    assert [quad.subject.value for quad in read] == [ID + "firm-movy"]


def test_a_format_is_written_as_it_is_with_one_line_end_behind_it(shown: Shown) -> None:
    assert shown("SELECT ?x { VALUES ?x { UNDEF } }", "csv") == "x\r\n\r\n"
    text = shown("ASK {}", "json")
    assert json.loads(text)["boolean"] is True
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("query", "form", "allowed"),
    [("ASK {}", "turtle", "json, xml, csv, tsv"), ("DESCRIBE id:a", "csv", "turtle, ntriples")],
)
def test_a_format_that_does_not_fit_is_refused_with_those_that_do(
    shown: Shown, query: str, form: str, allowed: str
) -> None:
    with pytest.raises(click.UsageError, match=f"can be answered as {allowed}.*, not {form}"):
        shown(query, form)


def test_text_for_people_is_wide_and_has_no_markup_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    printer = console()
    printer.print("[bold]x[/bold]")
    assert capsys.readouterr().out == "[bold]x[/bold]\n"
    assert printer.width == WIDE


# ---------------------------------------------------------------- answers to questions


def test_a_right_answer_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(Answer(QUESTION, 1))
    assert capsys.readouterr().out == "ok   firms/names: Which names? (1 row)\n"


def test_a_wrong_answer_shows_the_rows_that_differ_as_csv(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_answer(Answer(QUESTION, 3, missing=(("Movy, Ltd", "1"),), surplus=(("Skills", ""),)))
    assert capsys.readouterr().out.splitlines() == [
        "FAIL firms/names: Which names? (3 rows)",
        '     expected "Movy, Ltd",1',
        "     found    Skills,",
    ]


def test_an_answer_in_another_order_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(Answer(QUESTION, 2, misplaced=True))
    _, reason = capsys.readouterr().out.splitlines()
    assert reason == "     the rows come in another order than expected"


def test_a_question_that_cannot_be_asked_shows_the_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_answer(Answer(QUESTION, 0, error="There is no expected answer."))
    assert capsys.readouterr().out.splitlines() == [
        "FAIL firms/names: Which names? (0 rows)", "     There is no expected answer.",
    ]  # fmt: skip


def test_programs_get_all_of_an_answer_as_json() -> None:
    answer = Answer(QUESTION, 2, missing=(("a",),), surplus=(("b", "c"),), misplaced=False)
    assert json.loads(json.dumps(answer_as_json(answer))) == {
        "topic": "firms",
        "question": "names",
        "title": "Which names?",
        "sources": ["id:text-part-a"],
        "right": False,
        "rows": 2,
        "missing": [["a"]],
        "surplus": [["b", "c"]],
        "misplaced": False,
        "error": None,
    }


# ---------------------------------------------------------------- the query


def test_a_query_may_be_given_itself() -> None:
    assert read_query(None, "ASK {}") == "ASK {}"


def test_a_query_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("ASK { ?é ?p ?o }", encoding="utf-8")
    assert read_query(str(tmp_path / "q.rq"), None) == "ASK { ?é ?p ?o }"


def test_a_query_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.TextIOWrapper(io.BytesIO("ASK { ?é ?p ?o }".encode()), encoding="ascii")
    monkeypatch.setattr(sys, "stdin", given)
    assert read_query("-", None) == "ASK { ?é ?p ?o }"


@pytest.mark.parametrize(("file", "expression"), [(None, None), ("q.rq", "ASK {}")])
def test_a_query_is_given_in_one_way(file: str | None, expression: str | None) -> None:
    with pytest.raises(click.UsageError, match="Give a file"):
        read_query(file, expression)


@pytest.mark.parametrize("name", ["none.rq", "latin.rq", "folder"])
def test_a_query_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "latin.rq").write_bytes("ASK { ?é ?p ?o }".encode("latin-1"))
    (tmp_path / "folder").mkdir()
    with pytest.raises(click.UsageError, match="The query cannot be read"):
        read_query(str(tmp_path / name), None)
