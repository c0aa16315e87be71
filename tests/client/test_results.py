"""Results of other services are read as they write them: whole, or an error with its place."""

from __future__ import annotations

import json

import pytest
from rdflib import BNode, URIRef

from smegraph.client import Text, UnexpectedAnswer
from smegraph.client.results import count_rows
from tests.client.conftest import JSON, Say, reply

QUERY = "SELECT * { ?a ?b ?c }"
XML = "application/sparql-results+xml"


def table(*rows: dict[str, object], names: tuple[str, ...] = ("a", "b")) -> str:
    return json.dumps(
        {
            "head": {"link": [], "vars": names},
            "results": {"distinct": False, "ordered": True, "bindings": rows},
        }
    )


def bnode(label: str) -> dict[str, str]:
    return {"type": "bnode", "value": label}


def as_xml(body: str, names: str = '<variable name="a"/><variable name="b"/>') -> str:
    return (
        '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'
        f"<head>{names}</head><results>{body}</results></sparql>"
    )


def xml_bnodes(*labels: str) -> str:
    rows = (
        f'<result><binding name="a"><bnode>{each}</bnode></binding></result>' for each in labels
    )
    return as_xml("".join(rows))


def xml_truth(value: str) -> str:
    return (
        '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/>'
        f"<boolean>{value}</boolean></sparql>"
    )


LABELS = ("nodeID://b10046", "t12:3", "a b", "ü", "b0", "nodeID://b10046")


@pytest.mark.parametrize(
    "answer",
    [
        reply(table(*({"a": bnode(label)} for label in LABELS))),
        reply(xml_bnodes(*LABELS), XML),
    ],
    ids=["JSON", "XML"],
)
def test_any_label_is_a_blank_node_and_each_label_is_one(say: Say, answer: bytes) -> None:
    _, connection = say(answer)
    nodes = connection.select(QUERY).column("a")
    assert all(isinstance(node, BNode) for node in nodes)
    assert nodes[0] == nodes[-1]
    assert len({*nodes}) == len({*LABELS})


def test_what_virtuoso_writes_is_read(say: Say) -> None:
    row = {
        "a": {"type": "typed-literal", "datatype": "http://d", "value": "1"},
        "callret-1": bnode("nodeID://b1"),
    }
    _, connection = say(reply(table(row, names=("a", "callret-1"))))
    rows = connection.select(QUERY)
    assert rows.variables == ("a", "callret-1")
    assert rows[0][0] == "1"


@pytest.mark.parametrize(
    ("odd", "shown"),
    [
        ({"type": "uri", "value": "http://a b"}, "'http://a b'"),
        ({"type": "uri", "value": "a/b"}, "'a/b'"),
        ({"type": "uri", "value": "http://a/<x>"}, "'http://a/<x>'"),
        ({"type": "literal", "value": "x", "xml:lang": "en_US"}, "'en_US'"),
        ({"type": "literal", "value": "x", "datatype": "integer"}, "'integer'"),
    ],
)
def test_a_term_that_is_none_is_told_with_its_row_its_variable_and_a_remedy(
    say: Say, odd: dict[str, object], shown: str
) -> None:
    good = {"a": {"type": "literal", "value": "x"}}
    _, connection = say(reply(table(good, {**good, "b": odd})))
    with pytest.raises(UnexpectedAnswer, match=r"Row 2, \?b: .*STR\(\)") as caught:
        connection.select(QUERY)
    assert shown in str(caught.value)
    assert (caught.value.members["row"], caught.value.members["variable"]) == (2, "b")


def test_a_term_that_is_none_is_told_in_xml_as_well(say: Say) -> None:
    body = '<result><binding name="b"><literal xml:lang="en_US">x</literal></binding></result>'
    _, connection = say(reply(as_xml(body), XML))
    with pytest.raises(UnexpectedAnswer, match=r"Row 1, \?b: .*'en_US'"):
        connection.select(QUERY)


@pytest.mark.parametrize(
    "media_type", [XML, f"{XML}; charset=utf-8", "application/xml", "text/xml"]
)
def test_xml_is_read_as_json_is(say: Say, media_type: str) -> None:
    body = (
        '<result><binding name="a"><uri>http://a/?x&amp;y</uri></binding>'
        '<binding name="b"><literal> two\n</literal></binding></result>'
        '<result><binding name="b"><literal xml:lang="fi">Yritys</literal></binding></result>'
        '<result><binding name="b"><literal datatype="http://www.w3.org/2001/XMLSchema#integer">7'
        "</literal></binding></result>"
    )
    _, connection = say(reply(as_xml(body), media_type))
    rows = connection.select(QUERY)
    assert [*rows] == [(URIRef("http://a/?x&y"), " two\n"), (None, "Yritys"), (None, 7)]
    text = rows[1].b
    assert isinstance(text, Text)
    assert text.language == "fi"


def test_a_truth_value_in_xml_is_read(say: Say) -> None:
    _, connection = say(reply(xml_truth("true"), XML), reply(xml_truth("false"), XML))
    assert connection.ask("ASK { ?a ?b ?c }") is True
    assert connection.ask("ASK { ?a ?b ?c }") is False


def test_a_service_of_xml_alone_can_be_connected_to(say: Say) -> None:
    service, connection = say(reply(xml_bnodes("b0"), XML), probe=reply(xml_truth("true"), XML))
    assert len(connection.select(QUERY)) == 1
    assert XML in service.asked[0].headers["accept"]


@pytest.mark.parametrize("media_type", ["text/csv", "application/x-binary-rdf-results-table"])
def test_what_cannot_be_read_without_loss_is_named(say: Say, media_type: str) -> None:
    _, connection = say(reply("a,b\r\n", f"{media_type}; charset=utf-8"))
    with pytest.raises(UnexpectedAnswer, match=rf"answers with {media_type}.*{JSON.split('+')[0]}"):
        connection.select(QUERY)


TSV = "text/tab-separated-values"


def test_rows_are_counted_where_the_engine_reads_them() -> None:
    row = {"a": {"type": "literal", "value": "x"}}
    assert count_rows(table(row, row).encode()) == 2
    assert count_rows(table({"a": bnode("a b")}).encode()) is None
    assert count_rows(b'{"head": {}, "boolean": true}') is None


def test_tab_separated_values_are_read(say: Say) -> None:
    _, connection = say(reply('?a\t?b\n<http://a/>\t"x"@fi\n\t7\n', f"{TSV}; charset=utf-8"))
    rows = connection.select(QUERY)
    assert [*rows] == [(URIRef("http://a/"), "x"), (None, 7)]


def test_tab_separated_values_with_a_term_that_is_none_are_refused(say: Say) -> None:
    _, connection = say(reply("?a\n<http://a b>\n", TSV), reply("?a\n<http://a/>\t7\n", TSV))
    for _ in range(2):
        with pytest.raises(UnexpectedAnswer, match="tab-separated values"):
            connection.select(QUERY)


def test_tab_separated_values_without_a_length_may_be_a_part(say: Say) -> None:
    _, connection = say(f"HTTP/1.1 200 OK\r\nContent-Type: {TSV}\r\n\r\n?a\n7\n".encode())
    with pytest.raises(UnexpectedAnswer, match="does not tell how long"):
        connection.select(QUERY)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (table({"c": bnode("b0")}), r"\?c, which is not in its head"),
        ('{"head": {"vars": [1]}, "results": {"bindings": []}}', "names 1, which is no variable"),
        ('{"head": {"vars": ["a"]}, "results": {"bindings": [[]]}}', "Row 1 .* no solution"),
        ('{"head": {"vars": ["a"]}, "results": {"bindings": []}, "boolean": 1}', "no results"),
        ('{"head": {}, "boolean": "true"}', "no results of a query"),
        ("[]", "no results of a query"),
        ("[" * 100_000, "is no JSON"),
        (table({"a": bnode("a b")})[:-3], "is no JSON, or not all of it"),
    ],
)
def test_json_that_is_no_result_says_why(say: Say, body: str, why: str) -> None:
    _, connection = say(reply(body))
    with pytest.raises(UnexpectedAnswer, match=why):
        connection.select(QUERY)


def test_a_literal_that_is_longer_than_the_engine_reads_is_whole(say: Say) -> None:
    long = "x" * (17 * 2**20)
    _, connection = say(reply(table({"a": {"type": "literal", "value": long}})))
    assert connection.select(QUERY)[0].a == long


def test_a_variable_that_stands_twice_in_the_head_is_one(say: Say) -> None:
    row = {"a": {"type": "literal", "value": "x"}}
    _, connection = say(reply(table(row, names=("a", "a"))))
    assert connection.select(QUERY).variables == ("a",)


def test_triples_that_are_nested_too_deeply_are_no_answer(say: Say) -> None:
    depth = 400
    inner = '{"type": "triple", "value": {"object": ' * depth + "{}" + "}}" * depth
    body = f'{{"head": {{"vars": ["a"]}}, "results": {{"bindings": [{{"a": {inner}}}]}}}}'
    _, connection = say(reply(body))
    with pytest.raises(UnexpectedAnswer, match="Row 1"):
        connection.select(QUERY)
