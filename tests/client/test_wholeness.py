"""An answer that the service does not call whole is an error, and no shorter table."""

from __future__ import annotations

import json

import pytest

from smegraph.client import ClientError, IncompleteAnswer
from tests.client.conftest import ONE_ROW, Say, reply

QUERY = "SELECT * { ?a ?b ?c }"
TRIPLE = "<http://a/> <http://b/> <http://c/> .\n"
NT = "application/n-triples"


def rows(number: int) -> str:
    row = {"a": {"type": "literal", "value": "1"}}
    return json.dumps({"head": {"vars": ["a"]}, "results": {"bindings": [row] * number}})


@pytest.mark.parametrize("status", [201, 202, 204, 206, 207, 226])
def test_a_status_of_no_whole_answer_is_an_error(say: Say, status: int) -> None:
    _, connection = say(reply(ONE_ROW, status=status))
    with pytest.raises(IncompleteAnswer, match=f"not whole. The service answers {status}:") as got:
        connection.select(QUERY)
    assert got.value.status == status


@pytest.mark.parametrize("method", ["ask", "construct", "describe"])
def test_so_it_is_for_every_form_of_query(say: Say, method: str) -> None:
    answers = {"ask": ('{"boolean": true}',)}
    _, connection = say(reply(*answers.get(method, (TRIPLE, NT)), status=206))
    with pytest.raises(IncompleteAnswer, match="a part of the answer"):
        getattr(connection, method)(f"{method.upper()} WHERE {{ ?a ?b ?c }}")


@pytest.mark.parametrize("status", [200, 206])
def test_a_service_whose_time_was_over_is_quoted(say: Say, status: int) -> None:
    told = {"X_SQL_State": "S1TAT", "X_SQL_Message": "RC...: Returning incomplete results"}
    _, connection = say(reply(ONE_ROW, status=status, **told))
    with pytest.raises(IncompleteAnswer, match=r"Returning incomplete results\. Ask for less"):
        connection.select(QUERY)


def test_an_answer_through_a_transforming_proxy_is_whole(say: Say) -> None:
    _, connection = say(reply(ONE_ROW, status=203), reply(ONE_ROW, X_SQL_State="00000"))
    assert len(connection.select(QUERY)) == len(connection.select(QUERY)) == 1


def test_as_many_rows_as_the_service_sends_may_not_be_all(say: Say) -> None:
    _, connection = say(reply(rows(3), X_SPARQL_MaxRows="3"))
    with pytest.raises(IncompleteAnswer, match="has 3 rows, and the service sends 3 at the most"):
        connection.select(QUERY)


def test_fewer_rows_than_the_service_sends_are_all(say: Say) -> None:
    _, connection = say(reply(rows(2), X_SPARQL_MaxRows="3"))
    assert len(connection.select(QUERY)) == 2


@pytest.mark.parametrize(
    ("query", "is_whole"),
    [
        (f"{QUERY} LIMIT 3", True),
        (f"{QUERY} OFFSET 3 limit 2", True),
        (f"{QUERY} LIMIT 4", False),
        ("SELECT * { { SELECT * { ?a ?b ?c } LIMIT 3 } }", False),
        (f"{QUERY} # LIMIT 3", False),
    ],
)
def test_a_page_that_the_query_asked_for_is_whole(say: Say, query: str, is_whole: bool) -> None:
    _, connection = say(reply(rows(3), X_SPARQL_MaxRows="3"))
    if is_whole:
        assert len(connection.select(query)) == 3
    else:
        with pytest.raises(IncompleteAnswer):
            connection.select(query)


def test_as_many_triples_as_the_service_sends_may_not_be_all(say: Say) -> None:
    _, connection = say(reply(TRIPLE, NT, X_SPARQL_MaxRows="1"))
    with pytest.raises(IncompleteAnswer):
        connection.construct("CONSTRUCT WHERE { ?a ?b ?c }")


def test_an_update_that_is_not_carried_out_yet_is_told(say: Say) -> None:
    _, connection = say(reply("", status=202))
    with pytest.raises(IncompleteAnswer, match="not carried out yet"):
        connection.update("INSERT DATA {}")


def test_a_service_of_which_no_answer_is_whole_is_no_endpoint(say: Say) -> None:
    with pytest.raises(ClientError, match="206"):
        say(probe=reply("{}", status=206))
