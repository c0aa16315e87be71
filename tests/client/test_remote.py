"""A service's answers are read in the formats that it may send, and refused in others."""

from __future__ import annotations

import pytest

import smegraph
from smegraph.client import UnexpectedAnswer, WrongForm
from tests.client.conftest import ONE_ROW, TRUE, Say, reply

QUERY = "SELECT * {}"


@pytest.mark.parametrize("body", ["", "<html>", ONE_ROW[:-1], ONE_ROW + "x", "{}"])
def test_a_table_that_is_none_gives_nothing(say: Say, body: str) -> None:
    _, connection = say(reply(body))
    with pytest.raises(UnexpectedAnswer):
        connection.select(QUERY)


def test_a_page_for_people_is_no_answer(say: Say) -> None:
    _, connection = say(reply("<html>", "text/html; charset=utf-8"))
    with pytest.raises(UnexpectedAnswer, match="text/html"):
        connection.select(QUERY)


def test_a_truth_value_is_no_table_and_a_table_is_none(say: Say) -> None:
    _, connection = say(TRUE, reply(ONE_ROW))
    with pytest.raises(WrongForm):
        connection.select(QUERY)
    with pytest.raises(WrongForm):
        connection.ask("ASK { }")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("<http://a/> <http://b/> <http://c/> .", "text/turtle; charset=utf-8"),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://b/">'
            '<rdf:Description rdf:about="http://a/"><x:p rdf:resource="http://c/"/>'
            "</rdf:Description></rdf:RDF>",
            "application/rdf+xml",
        ),
    ],
)
def test_graphs_of_other_services_come_in_their_formats(
    say: Say, body: str, media_type: str
) -> None:
    _, connection = say(reply(body, media_type))
    assert len(connection.construct("CONSTRUCT WHERE { }")) == 1


@pytest.mark.parametrize("odd", ["<http://a b>", "<http://a<b>", '"x"@en_US'])
def test_a_graph_with_a_term_that_is_none_says_where(say: Say, odd: str) -> None:
    body = f"<http://a/> <http://b/> 'x' .\n<http://a/> <http://b/> {odd} .\n"
    _, connection = say(reply(body, "text/turtle"))
    with pytest.raises(UnexpectedAnswer, match="line 2"):
        connection.construct("CONSTRUCT WHERE { }")


def test_a_graph_with_a_term_that_the_engine_cannot_read_says_what_would_do(say: Say) -> None:
    long = f'<http://a/> <http://b/> "{"x" * (17 * 2**20)}" .\n'
    _, connection = say(reply(long, "application/n-triples"))
    with pytest.raises(UnexpectedAnswer, match=r"more than 16 MiB.*SELECT"):
        connection.construct("CONSTRUCT WHERE { }")


def test_the_address_of_an_endpoint_may_have_characters_that_no_iri_has(say: Say) -> None:
    service, _ = say(TRUE, reply("<a> <b> <c> .", "text/turtle"))
    with smegraph.connect(f"{service.address}?repository=a|b") as connection:
        assert len(connection.construct("CONSTRUCT WHERE { }")) == 1
    assert service.asked[1].parameters[0] == ("repository", "a|b")
