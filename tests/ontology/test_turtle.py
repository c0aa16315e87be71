"""Turtle is put into one order without a change of what it says."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.ontology.errors import OntologyError
from smegraph.ontology.turtle import canonical_turtle, format_files


def graph(text: str) -> set[str]:
    """The triples of a text, with canonical names of blank nodes."""
    folder = ox.Dataset(ox.parse(text, format=ox.RdfFormat.TURTLE))
    folder.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in folder}


def files(repository: Path) -> list[Path]:
    return sorted((repository / "ontology").rglob("*.ttl"))


def test_every_file_of_the_ontology_is_in_canonical_order(repository: Path) -> None:
    assert format_files(files(repository), write=False) == []


def test_the_order_does_not_change_what_the_ontology_says(repository: Path) -> None:
    for path in files(repository):
        text = path.read_text("utf-8")
        assert graph(canonical_turtle(text)) == graph(text), path


def test_shuffled_statements_give_the_same_bytes() -> None:
    one = "PREFIX : <urn:> :a :p 1 , 2 ; :q [ :r ( :x :y ) ] . :b :p :a ."
    two = "@prefix : <urn:> . :b :p :a . :a :q [ :r ( :x :y ) ] . :a :p 2 . :a :p 1 ."
    assert canonical_turtle(one) == canonical_turtle(two)


LITERAL = st.text(
    st.one_of(
        st.sampled_from("\n\r\t \"'\\#;.[]"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufdd0"),
    )
)


@given(LITERAL)
def test_a_literal_stays_as_it_is(text: str) -> None:
    statement = f"<urn:s> <urn:p> {ox.Literal(text)} , [ <urn:q> ( {ox.Literal(text)} ) ] ."
    canonical = canonical_turtle(statement)
    assert graph(canonical) == graph(statement)
    assert canonical_turtle(canonical) == canonical


def test_a_query_in_a_shape_keeps_its_lines() -> None:
    text = canonical_turtle('<urn:s> <urn:p> """SELECT ?x\n\n  WHERE { }  \n""" .')
    assert '"""SELECT ?x\n\n  WHERE { }  \n"""' in text


def test_what_is_no_turtle_is_refused_by_name() -> None:
    with pytest.raises(OntologyError, match=r"my\.ttl is not Turtle"):
        canonical_turtle("<urn:a> <urn:b>", "my.ttl")
