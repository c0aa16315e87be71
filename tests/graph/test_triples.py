"""Lines of N-Triples are taken apart and put together in one place."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.graph import triples
from smegraph.graph.triples import (
    iri_of,
    is_blank,
    line,
    lines_of,
    memberships,
    named,
    parts,
    predicate_of,
    subject_of,
    without_graphs,
)
from smegraph.ontology.terms import TYPE

IRIS = st.from_regex(r"urn:[a-z0-9]+", fullmatch=True).map(ox.NamedNode)
TEXTS = st.text(st.characters(blacklist_categories=["Cs"]))
LITERALS = TEXTS.map(ox.Literal) | TEXTS.map(lambda text: ox.Literal(text, language="en"))
TRIPLES = st.builds(ox.Triple, IRIS, IRIS, IRIS | LITERALS)


@given(TRIPLES)
def test_a_line_is_taken_apart_into_the_terms_as_they_are_written(triple: ox.Triple) -> None:
    (text,) = lines_of([triple])
    assert parts(text) == (str(triple.subject), str(triple.predicate), str(triple.object))
    assert line(*parts(text)) == text
    assert (subject_of(text), predicate_of(text)) == parts(text)[:2]


@given(st.lists(TRIPLES))
def test_lines_are_what_a_reader_of_n_triples_takes(found: list[ox.Triple]) -> None:
    lines = lines_of(found)
    read = ox.parse("".join(lines), format=ox.RdfFormat.N_TRIPLES)
    assert {quad.triple for quad in read} == set(found)
    assert lines == sorted(lines)


@pytest.mark.parametrize("end", ["", "\n", " .", " .\n"])
def test_a_line_may_lack_its_end(end: str) -> None:
    assert parts(f'<urn:a> <urn:b> "a . b"{end}') == ("<urn:a>", "<urn:b>", '"a . b"')


def test_quads_become_triples_each_once() -> None:
    quads = ['<urn:b> <urn:p> "x <y>" <urn:g> .\n', '<urn:b> <urn:p> "x <y>" <urn:h> .\n']
    assert without_graphs(quads) == ['<urn:b> <urn:p> "x <y>" .\n']


def test_only_a_type_is_a_membership() -> None:
    told = [line("_:x", named(TYPE), named("urn:C")), line("<urn:a>", named("urn:p"), "<urn:C>")]
    assert list(memberships(told)) == [("_:x", "urn:C")]


def test_blank_nodes_are_told_from_iris() -> None:
    assert is_blank("_:x <urn:p> <urn:a> .\n")
    assert not is_blank("<urn:a>")
    assert iri_of(named("urn:a")) == "urn:a"


SLICES = re.compile(r"\[1:-[1-9]\]|\.r?split\(' '|' \.\\\\n'|<', 1\)")


def test_no_other_module_of_the_graph_slices_lines(repository: Path) -> None:
    """Quotation marks and angle brackets that are cut off elsewhere are no lines of N-Triples."""
    package = repository / "src" / "smegraph"
    rooms = ("audit", "graph", "release", "studies", "coverage")
    files = [p for room in rooms for p in sorted((package / room).rglob("*.py"))]
    found = {
        path.relative_to(package).as_posix(): cut
        for path in [*files, package / "build.py", package / "errors.py"]
        if path != Path(str(triples.__file__))
        if (cut := SLICES.findall(ast.unparse(ast.parse(path.read_text("utf-8")))))
    }
    # HermiT's own answer is no N-Triples.
    assert found == {"graph/inferences.py": [".split(' '"] * 2}


def test_membership_inside_a_text_is_only_text() -> None:
    text = line(named("urn:a"), named("urn:b"), f'"see {named(TYPE)} <urn:C>"')
    assert list(memberships([text])) == []
