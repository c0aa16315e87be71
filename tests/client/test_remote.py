"""A service's answers are read in the formats that it may send, and refused in others."""

from __future__ import annotations

import pytest

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
