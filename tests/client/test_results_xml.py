"""Results in XML are read without entities, and never a part of them."""

from __future__ import annotations

import pytest

from smegraph.client import UnexpectedAnswer
from smegraph.client.results_xml import read_xml

NAMESPACE = "http://www.w3.org/2005/sparql-results#"
ROW = '<result><binding name="a"><literal>x</literal></binding></result>'
WHOLE = (
    f'<sparql xmlns="{NAMESPACE}"><head><variable name="a"/><link href="x"/></head>'
    f"<results>\n{ROW}\n</results></sparql>"
)


def test_a_document_is_read() -> None:
    document = read_xml(WHOLE.encode())
    assert (document.names, document.truth) == (["a"], None)
    assert document.rows == [{"a": {"type": "literal", "value": "x"}}]


@pytest.mark.parametrize("length", range(0, len(WHOLE), 7))
def test_a_document_that_is_cut_short_is_none(length: int) -> None:
    with pytest.raises(UnexpectedAnswer, match=r"no whole XML document: .*line"):
        read_xml(WHOLE[:length].encode())


def test_a_declaration_of_entities_is_refused_before_any_is_read() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    outside = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'
    for declaration in (bomb, outside):
        body = declaration + WHOLE.replace(">x<", ">&b;<")
        with pytest.raises(UnexpectedAnswer, match=r"line 1.*declares a document type"):
            read_xml(body.encode())


def test_a_triple_is_read() -> None:
    part = "<{0}><{1}>{2}</{1}></{0}>"
    inner = "".join(
        part.format(*each)
        for each in (
            ("subject", "bnode", "s"), ("predicate", "uri", "p"), ("object", "literal", "o"),
        )
    )  # fmt: skip
    body = WHOLE.replace("<literal>x</literal>", f"<triple>{inner}</triple>")
    assert read_xml(body.encode()).rows == [
        {
            "a": {
                "type": "triple",
                "value": {
                    "subject": {"type": "bnode", "value": "s"},
                    "predicate": {"type": "uri", "value": "p"},
                    "object": {"type": "literal", "value": "o"},
                },
            }
        }
    ]


@pytest.mark.parametrize("inside", ["", "<unbound/>"])
def test_a_binding_without_a_term_is_none(inside: str) -> None:
    body = WHOLE.replace("<literal>x</literal>", inside)
    assert read_xml(body.encode()).rows == [{}]


def test_another_coding_is_read() -> None:
    body = f'<?xml version="1.0" encoding="ISO-8859-1"?>{WHOLE.replace(">x<", ">é<")}'
    assert read_xml(body.encode("latin-1")).rows == [{"a": {"type": "literal", "value": "é"}}]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (NAMESPACE, "http://elsewhere/", "as the root"),
        ("sparql", "html", "as the root"),
        ("literal", "number", "cannot stand in 'binding'"),
        ("<results>", "<results>words", "text cannot stand in 'results'"),
        ('binding name="a"', "binding", "a name is missing"),
        ("<literal>x</literal>", "<literal>x</literal><uri>y</uri>", "has two terms"),
        (ROW, ROW.replace("</result>", '<binding name="a"/></result>'), "stands twice in a row"),
        ("</results>", "</results><boolean>true</boolean>", "both results and a truth value"),
        ("</results>", "</results><results/>", "'results' stands twice"),
        (f"<results>\n{ROW}\n</results>", "<boolean>yes</boolean>", "'yes' is no truth value"),
        (f"<results>\n{ROW}\n</results>", "", "neither results nor a truth value"),
        (
            "<literal>x</literal>",
            "<triple><object>" * 99 + "</object></triple>" * 99,
            "nested too deeply",
        ),
        ("<sparql", '<?xml version="1.0" encoding="EBCDIC-9"?><sparql', "XML"),
    ],
)
def test_what_is_no_result_is_told_with_its_reason(old: str, new: str, why: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=why):
        read_xml(WHOLE.replace(old, new).encode())
