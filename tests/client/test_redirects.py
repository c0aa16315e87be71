"""Queries go on to where they are sent; updates and tokens do not."""

from __future__ import annotations

import pytest

from smegraph.client import NotAuthorized, UnexpectedAnswer
from smegraph.client.redirects import endpoint_of, same_origin
from tests.client.conftest import ONE_ROW, TRUE, Say, problem, reply

QUERY = "SELECT * { ?a ?b ?c }"
LONG = f"{QUERY} # {'x' * 3000}"
MOVED = [301, 302, 307, 308]


def to(location: str, status: int = 307) -> bytes:
    return reply("", "text/plain", status, Location=location)


@pytest.mark.parametrize("status", MOVED)
@pytest.mark.parametrize("query", [QUERY, LONG], ids=["GET", "POST"])
def test_a_query_follows_with_its_method_and_its_graphs(say: Say, status: int, query: str) -> None:
    there, _ = say(reply(ONE_ROW))
    here, connection = say(to(there.address, status))
    assert len(connection.select(query, graphs="http://g/")) == 1
    (first,), (second,) = here.asked, there.asked
    assert second.method == first.method == ("GET" if query == QUERY else "POST")
    assert second.parameters == first.parameters
    assert ("default-graph-uri", "http://g/") in second.parameters


def test_an_address_that_carries_the_query_is_asked_as_it_is(say: Say) -> None:
    there, _ = say(reply(ONE_ROW))
    _, connection = say(to(f"{there.address}?query=SELECT&more=1"))
    connection.select(QUERY)
    assert there.asked[0].parameters == [("query", "SELECT"), ("more", "1")]


def test_a_relative_address_is_one_of_the_same_service(say: Say) -> None:
    service, connection = say(to("other?a=b#c"), reply(ONE_ROW))
    connection.select(QUERY)
    assert service.asked[1].target.startswith("/other?a=b&query=")


@pytest.mark.parametrize("query", [QUERY, LONG], ids=["GET", "POST"])
def test_see_other_names_what_to_get(say: Say, query: str) -> None:
    service, connection = say(to("/result/1", 303), to("/result/2", 302), reply(ONE_ROW))
    assert len(connection.select(query)) == 1
    assert [(asked.method, asked.target) for asked in service.asked[1:]] == [
        ("GET", "/result/1"),
        ("GET", "/result/2"),
    ]


def test_the_address_of_one_result_does_not_become_the_endpoint(say: Say) -> None:
    there, _ = say(TRUE)
    service, connection = say(reply(ONE_ROW), probe=to(f"{there.address}/result/1", 303))
    connection.select(QUERY)
    assert service.asked[0].parameters == [("query", QUERY)]


def test_the_parameters_of_an_endpoint_stay_with_it(say: Say) -> None:
    there, _ = say(TRUE, reply(ONE_ROW))
    moved = f"{there.address}?repository=a&query=ASK+%7B%7D"
    service, connection = say(probe=to(moved, 301))
    assert connection.select(QUERY) is not None
    assert there.asked[-1].parameters == [("repository", "a"), ("query", QUERY)]
    assert service.asked == []


def test_a_circle_is_told(say: Say) -> None:
    _, connection = say(to("/a"), to("/b"), to("/a"))
    with pytest.raises(UnexpectedAnswer, match=r"/sparql leads round in a circle, back to .*/a\."):
        connection.select(QUERY)


def test_a_chain_has_an_end(say: Say) -> None:
    service, connection = say(*(to(f"/{n}") for n in range(30)))
    with pytest.raises(UnexpectedAnswer, match="more than 10 times, at last to"):
        connection.select(QUERY)
    assert len(service.asked) == 11


@pytest.mark.parametrize(
    ("location", "where"),
    [
        ("file:///etc/passwd", "'file:///etc/passwd', which is no address of the web"),
        ("mailto:a@example.org", "no address of the web"),
        ("http://[", "no address of the web"),
        ("", "nowhere"),
    ],
)
def test_what_is_no_address_is_told(say: Say, location: str, where: str) -> None:
    _, connection = say(to(location))
    with pytest.raises(UnexpectedAnswer, match=rf"/sparql .*leads.*{where}"):
        connection.select(QUERY)


@pytest.mark.parametrize("status", [*MOVED, 303])
def test_an_update_is_not_sent_on_and_names_the_new_address(say: Say, status: int) -> None:
    there, _ = say(reply("", status=204))
    here, connection = say(to(there.address, status), token="secret")
    with pytest.raises(UnexpectedAnswer) as caught:
        connection.update("INSERT DATA {}")
    assert there.address in str(caught.value)
    assert (caught.value.status, caught.value.members["location"]) == (status, there.address)
    assert (len(here.asked), there.asked) == (1, [])


def test_an_update_goes_to_the_address_that_was_given(say: Say) -> None:
    there, _ = say()
    here, connection = say(to(there.address), probe=to(there.address, 301))
    with pytest.raises(UnexpectedAnswer, match=there.address):
        connection.update("INSERT DATA {}")
    assert (len(here.asked), there.asked) == (1, [])


def test_a_token_follows_within_its_origin(say: Say) -> None:
    service, connection = say(to("/other"), reply(ONE_ROW), token="secret")
    connection.select(QUERY)
    assert service.asked[1].headers["authorization"] == "bearer secret"


@pytest.mark.parametrize("status", [*MOVED, 303])
@pytest.mark.parametrize("query", [QUERY, LONG], ids=["GET", "POST"])
def test_a_token_follows_to_no_other_origin(say: Say, status: int, query: str) -> None:
    there, _ = say(reply(ONE_ROW))
    _, connection = say(to(there.address, status), token="secret")
    connection.select(query)
    assert "authorization" not in there.asked[0].headers


def test_a_token_follows_to_no_other_origin_that_the_endpoint_has_moved_to(say: Say) -> None:
    there, _ = say(reply(ONE_ROW))
    _, connection = say(probe=to(there.address, 301), token="secret")
    connection.select(QUERY)
    assert "authorization" not in there.asked[0].headers


def test_who_wants_the_token_at_another_origin_is_named(say: Say) -> None:
    there, _ = say(problem("unauthorized", 401, "A token is needed."))
    here, connection = say(to(there.address), token="secret")
    with pytest.raises(NotAuthorized, match=rf"needed\. {there.address} is of another origin"):
        connection.select(QUERY)
    assert here.address != there.address


def test_a_new_address_that_does_not_answer_is_named(say: Say) -> None:
    there, _ = say()
    there.close()
    _, connection = say(to(there.address))
    with pytest.raises(Exception, match=rf"{there.address} cannot be reached"):
        connection.select(QUERY)


def test_an_endpoint_is_what_remains_without_the_query() -> None:
    assert endpoint_of("http://a/x?query=ASK%7B%7D&named-graph-uri=g") == "http://a/x"
    assert endpoint_of("http://a/x?a=%20") == "http://a/x?a=%20"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("http://a.example:80/y", True),
        ("http://A.example/", True),
        ("http://a.example:81/x", False),
        ("https://a.example/x", False),
        ("http://b.a.example/x", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(other: str, same: bool) -> None:
    assert same_origin("http://a.example/x", other) is same
