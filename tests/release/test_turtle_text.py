"""Readable Turtle is the graph that went in, once more, in one order."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import pyoxigraph as ox
from hypothesis import example, given
from hypothesis import strategies as st
from rdflib import Graph

from smegraph.namespaces import ID, OWL, PREFIXES, RDF, XSD
from smegraph.ontology.terms import LABEL, TYPE
from smegraph.release.turtle_text import WIDTH, Names, readable_turtle, turtle_of_answer

if TYPE_CHECKING:
    from smegraph.ontology.ontology import Ontology

FIRST, REST, NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))
A, B, P = (ox.NamedNode(f"http://example.org/{name}") for name in "abp")
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_IRI = st.sampled_from([ID + n for n in ("a", "b", "c.", "d-1", "é", "-x", "a%20b", "a(b)", "")])
_BLANK = st.sampled_from("uvwxyz").map(ox.BlankNode)
_NODE = st.one_of(_IRI.map(ox.NamedNode), _BLANK)
_NUMBER = st.sampled_from(["1", "+1.", "-01", "1.5", ".5", "1e3", "1.0E0", "INF", "true", "maybe"])
_KIND = st.sampled_from(["integer", "decimal", "double", "boolean", "string", "gYear"])
_VALUE = st.one_of(
    _NODE,
    st.just(NIL),
    _TEXT.map(ox.Literal),
    _TEXT.map(lambda text: ox.Literal(text, language="en-gb")),
    st.builds(lambda t, k: ox.Literal(t, datatype=ox.NamedNode(XSD + k)), _NUMBER, _KIND),
)
_PREDICATE = st.sampled_from(
    [ox.NamedNode(TYPE), ox.NamedNode(LABEL), FIRST, REST, ox.NamedNode("https://example.org/p#q")]
)
_TRIPLES = st.lists(st.builds(ox.Triple, _NODE, _PREDICATE, _VALUE), max_size=12, unique_by=str)


def read(text: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


def canonical(triples: Iterable[ox.Triple]) -> ox.Dataset:
    found = ox.Dataset(ox.Quad(*triple) for triple in triples)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


def chain(length: int, end: ox.NamedNode | ox.BlankNode = B) -> list[ox.Triple]:
    """`length` blank nodes, each the value of the one before, below A."""
    nodes = [A, *(ox.BlankNode(f"n{at}") for at in range(length)), end]
    return [ox.Triple(one, P, other) for one, other in pairwise(nodes)]


def listed(members: Sequence[ox.NamedNode | ox.BlankNode]) -> list[ox.Triple]:
    """A list below A."""
    cells = [ox.BlankNode(f"l{at}") for at in range(len(members))]
    found = [ox.Triple(A, P, cells[0])]
    for cell, member, rest in zip(cells, members, [*cells[1:], NIL], strict=True):
        found += [ox.Triple(cell, FIRST, member), ox.Triple(cell, REST, rest)]
    return found


X, Y = ox.BlankNode("x"), ox.BlankNode("y")


@given(_TRIPLES)
@example([ox.Triple(X, P, X)])
@example([ox.Triple(X, P, Y), ox.Triple(Y, P, X)])
@example([ox.Triple(A, P, X), ox.Triple(B, P, X)])
@example([ox.Triple(A, P, X), ox.Triple(X, FIRST, B), ox.Triple(X, REST, X)])
@example([ox.Triple(A, P, X), ox.Triple(X, FIRST, B), ox.Triple(X, FIRST, A)])
@example(listed([X, Y]))
@example(chain(60, X))
@example([ox.Triple(A, P, ox.Triple(X, P, Y)), ox.Triple(Y, P, B)])
@example([ox.Triple(A, P, ox.Literal('a "b" \\ \n\r\t\x00\x7f\u2028 .'))])
def test_what_is_written_reads_back_as_what_went_in(triples: list[ox.Triple]) -> None:
    assert canonical(read(readable_turtle(triples))) == canonical(triples)


@given(_TRIPLES, st.randoms(use_true_random=False))
def test_equal_graphs_have_equal_texts(triples: list[ox.Triple], shuffler: random.Random) -> None:
    names = {letter: ox.BlankNode(new) for letter, new in zip("uvwxyz", "cdefgh", strict=True)}

    def other(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> object:
        return names[term.value] if isinstance(term, ox.BlankNode) else term

    renamed = [ox.Triple(other(s), p, other(o)) for s, p, o in triples]  # type: ignore[arg-type]
    shuffled = shuffler.sample(renamed, len(renamed))
    assert readable_turtle(shuffled) == readable_turtle(triples)


@given(_TRIPLES)
def test_names_of_blank_nodes_may_stay_as_they_are(triples: list[ox.Triple]) -> None:
    assert canonical(read(turtle_of_answer(triples, PREFIXES))) == canonical(triples)


@given(_TRIPLES)
def test_prefixes_are_declared_that_are_used(triples: list[ox.Triple]) -> None:
    text = readable_turtle(triples)
    head, _, body = text.partition("\n\n") if text.startswith("@prefix") else ("", "", text)
    for line in filter(None, head.split("\n")):
        assert line.split()[1] in body, line


def test_a_blank_node_that_is_used_once_stands_where_it_is_used() -> None:
    some = ox.NamedNode(OWL + "someValuesFrom")
    triples = [
        ox.Triple(A, P, X),
        ox.Triple(X, ox.NamedNode(TYPE), ox.NamedNode(OWL + "Restriction")),
        ox.Triple(X, some, B),
    ]
    a, b, p = (str(node) for node in (A, B, P))
    text = f"{a} {p} [ a owl:Restriction ; owl:someValuesFrom {b} ] ."
    assert readable_turtle(triples).split("\n\n")[1] == text + "\n"


def test_a_list_stands_in_brackets_whatever_its_length() -> None:
    short = readable_turtle(listed([A, B]), prefixes={"ex": "http://example.org/"})
    assert short.endswith("\nex:a ex:p ( ex:a ex:b ) .\n")
    members = [ox.NamedNode(f"http://example.org/member-{at}") for at in range(5000)]
    long = readable_turtle(listed(members), prefixes={"ex": "http://example.org/"})
    assert long.count("\n\t\tex:member-") == 5000
    assert set(canonical(read(long))) == set(canonical(listed(members)))


def test_lines_are_short_where_things_are() -> None:
    values = [ox.Triple(A, P, ox.NamedNode(f"{ID}thing-{at}")) for at in range(40)]
    assert all(len(line) <= WIDTH for line in readable_turtle(values).split("\n"))


def test_a_chain_of_any_length_is_written() -> None:
    triples = chain(20_000)
    assert len(read(readable_turtle(triples, blank=None))) == len(triples)


def test_two_texts_with_other_letters_share_no_blank_node() -> None:
    shared = [ox.Triple(A, P, X), ox.Triple(B, P, X)]
    assert "_:one0" in readable_turtle(shared, blank="one")
    assert "_:two0" in readable_turtle(shared, shared, blank="two")
    assert "_:twoh0" in readable_turtle(shared, shared, blank="two")


def test_the_header_of_an_ontology_and_that_of_the_file_stand_first() -> None:
    ontology = ox.NamedNode("http://example.org/z")
    triples = [
        ox.Triple(A, P, B),
        ox.Triple(ontology, ox.NamedNode(TYPE), ox.NamedNode(OWL + "Ontology")),
    ]
    text = readable_turtle(triples, [ox.Triple(B, P, A)], prefixes={"ex": "http://example.org/"})
    subjects = [block.split()[0] for block in text.split("\n\n")[1:]]
    assert subjects == ["ex:b", "ex:z", "ex:a"]


def test_the_class_stands_first_then_the_label() -> None:
    pairs = [(P, B), (ox.NamedNode(LABEL), ox.Literal("a")), (ox.NamedNode(TYPE), B)]
    text = readable_turtle([ox.Triple(A, *pair) for pair in pairs])
    at = [text.index(found) for found in (" a ", "rdfs:label ", f"{P} ")]
    assert at == sorted(at)


def test_a_prefix_may_end_in_any_character() -> None:
    names = Names({"stato": "http://example.org/STATO_", "ex": "http://example.org/"})
    assert names.short("http://example.org/STATO_0000001") == "stato:0000001"
    assert names.short("http://example.org/other") == "ex:other"


def test_no_blank_node_of_the_ontology_has_a_name(ontology: Ontology) -> None:
    triples = [*ontology.triples("modules")]
    text = readable_turtle(triples)
    assert "_:" not in text
    assert "\towl:members ( " in text
    assert canonical(read(text)) == canonical(triples)


def test_rdflib_reads_the_same_graph(ontology: Ontology) -> None:
    triples = [*ontology.triples("modules")]
    read_by_rdflib = Graph().parse(data=readable_turtle(triples), format="turtle")
    lines = read_by_rdflib.serialize(format="nt11", encoding="utf-8")
    theirs = (quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
    assert canonical(theirs) == canonical(triples)
