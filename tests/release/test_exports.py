"""What a release exports reads back as the graphs that went in, and is the same every time."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from hypothesis import example, given
from hypothesis import strategies as st
from rdflib import Graph, URIRef

from smegraph.namespaces import GRAPH
from smegraph.ontology.terms import LABEL, TYPE
from smegraph.release.exports import write_exports
from smegraph.release.former import Former, digests_of
from smegraph.store import EmbeddedStore

if TYPE_CHECKING:
    from tests.conftest import Release

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_IRI = st.sampled_from([f"https://w3id.org/smegraph/id/{n}" for n in ("a", "b", "c.", "d-1", "é")])
_VALUE = st.one_of(
    _IRI.map(ox.NamedNode),
    _TEXT.map(ox.Literal),
    _TEXT.map(lambda text: ox.Literal(text, language="en")),
    st.integers().map(ox.Literal),
    st.just(ox.Literal("1.50", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))),
)
_TRIPLE = st.builds(
    ox.Triple,
    _IRI.map(ox.NamedNode),
    st.sampled_from([TYPE, LABEL, "https://example.org/p#q"]).map(ox.NamedNode),
    _VALUE,
)
_GRAPHS = st.dictionaries(
    st.sampled_from([GRAPH + "one", GRAPH + "two"]), st.lists(_TRIPLE, unique_by=str), min_size=1
)


def lines(triples: Sequence[ox.Triple]) -> list[str]:
    return [f"{triple} .\n" for triple in triples]


def said(text: str) -> dict[str, list[ox.Triple]]:
    """A graph in which one thing says one text."""
    node = ox.NamedNode("https://w3id.org/smegraph/id/a")
    return {GRAPH + "one": [ox.Triple(node, ox.NamedNode(LABEL), ox.Literal(text))]}


@given(_GRAPHS)
@example(said("line separator\u2028, next line\x85, form feed\x0c, unit\x1f"))
@example(said('a full stop .\nand a brace {\r\n\\ and a quote "'))
@example(said("at the end: {"))
def test_exports_read_back_as_what_went_in(graphs: Mapping[str, Sequence[ox.Triple]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_exports(folder, {graph: lines(triples) for graph, triples in graphs.items()})
        for graph, triples in graphs.items():
            path = folder / "turtle" / f"{graph.rsplit('/', 1)[-1]}.ttl"
            read = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
            assert {quad.triple for quad in read} == set(triples)
        quads = {
            ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph))
            for graph, triples in graphs.items()
            for t in triples
        }
        trig = ox.parse(path=str(folder / "smegraph.trig"), format=ox.RdfFormat.TRIG)
        assert set(trig) == quads


@given(_GRAPHS, st.randoms(use_true_random=False))
def test_exports_do_not_depend_on_the_order_of_what_goes_in(
    graphs: Mapping[str, Sequence[ox.Triple]], shuffler: random.Random
) -> None:
    def exported(some: Mapping[str, Sequence[str]]) -> dict[str, bytes]:
        with tempfile.TemporaryDirectory() as name:
            write_exports(Path(name), some)
            files = sorted(path for path in Path(name).rglob("*") if path.is_file())
            return {path.relative_to(name).as_posix(): path.read_bytes() for path in files}

    shuffled = {}
    for graph in shuffler.sample(sorted(graphs), len(graphs)):
        shuffled[graph] = lines(shuffler.sample(list(graphs[graph]), len(graphs[graph])))
    assert exported(shuffled) == exported({g: lines(triples) for g, triples in graphs.items()})


def test_each_graph_of_the_release_is_one_turtle_file_that_rdflib_reads(released: Release) -> None:
    rows = released.ask("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    counted = {graph: int(count) for graph, count in rows}
    files = {path.stem: path for path in (released.path / "turtle").iterdir()}
    assert {graph.removeprefix(GRAPH) for graph in counted} == set(files)
    for graph, count in counted.items():
        path = files[graph.removeprefix(GRAPH)]
        assert len(Graph().parse(path, format="turtle")) == count, path.name


def test_trig_of_the_release_holds_what_the_store_holds(released: Release) -> None:
    path = str(released.path / "smegraph.trig")
    exported = sum(1 for _ in ox.parse(path=path, format=ox.RdfFormat.TRIG))
    assert exported == EmbeddedStore(released.path / "store").quad_count()


def test_class_of_a_thing_stands_first_and_prefixes_shorten(released: Release) -> None:
    text = (released.path / "turtle" / "arnone-deprince.ttl").read_text("utf-8")
    assert "\nid:firm-cuberdon a sme:Firm ;\n" in text
    assert "qb:" not in text.split("\n\n", 1)[0]


def test_statements_stand_in_the_order_of_their_terms(tmp_path: Path) -> None:
    """Subjects as they are written, with their brackets; properties as IRIs, without."""
    start = "https://example.org/"
    a, b = (ox.NamedNode(start + name) for name in ("a", "a/b"))
    expected = [
        ox.Triple(b, a, ox.Literal("a line .\nand one more .")),
        ox.Triple(a, ox.NamedNode(TYPE), b),
        ox.Triple(a, a, ox.Literal("one")),
        ox.Triple(a, a, ox.Literal("one", language="en")),
        ox.Triple(a, b, a),
    ]
    write_exports(tmp_path, {GRAPH + "one": lines(expected[::-1])})
    read = ox.parse(path=str(tmp_path / "turtle" / "one.ttl"), format=ox.RdfFormat.TURTLE)
    assert [quad.triple for quad in read] == expected


def test_a_graph_that_did_not_change_is_taken_from_the_former_release(tmp_path: Path) -> None:
    """What is taken shows in a line that nobody would write."""
    graphs = {GRAPH + name: lines(said(name)[GRAPH + "one"]) for name in ("one", "two")}
    digests = digests_of(graphs)
    before, after, anew = (tmp_path / name for name in ("before", "after", "anew"))
    for folder in (before, after, anew):
        folder.mkdir()
    write_exports(before, graphs)
    for name in ("one", "two"):
        path = before / "turtle" / f"{name}.ttl"
        path.write_text(path.read_text("utf-8") + "# taken\n", "utf-8")
    changed = {**graphs, GRAPH + "two": lines(said("another")[GRAPH + "one"])}
    former = Former(before, digests)
    write_exports(after, changed, digests_of(changed), former)
    assert "# taken" in (after / "turtle" / "one.ttl").read_text("utf-8")
    assert "# taken" not in (after / "turtle" / "two.ttl").read_text("utf-8")
    write_exports(anew, changed)
    trig = (after / "smegraph.trig").read_text("utf-8")
    assert trig.replace("\t# taken\n", "") == (anew / "smegraph.trig").read_text("utf-8")


def test_a_graph_that_did_not_change_gets_the_header_of_the_new_release(tmp_path: Path) -> None:
    graphs = {GRAPH + name: lines(said(name)[GRAPH + "one"]) for name in ("one", "two")}
    headers = [
        {graph: [f'<{graph}> <{LABEL}> "release {number}" .\n'] for graph in graphs}
        for number in (1, 2)
    ]
    before, after, anew = (tmp_path / name for name in ("before", "after", "anew"))
    for folder in (before, after, anew):
        folder.mkdir()
    write_exports(before, graphs, headers=headers[0])
    path = before / "turtle" / "one.ttl"
    path.write_text(path.read_text("utf-8") + "# taken\n", "utf-8")
    digests = digests_of(graphs)
    write_exports(after, graphs, digests, Former(before, digests, headers[0]), headers[1])
    write_exports(anew, graphs, headers=headers[1])
    assert "# taken" in (after / "turtle" / "one.ttl").read_text("utf-8")
    for name in ("turtle/one.ttl", "turtle/two.ttl", "smegraph.trig"):
        text = (after / name).read_text("utf-8")
        assert "release 1" not in text
        assert text.replace("\t# taken\n", "").replace("# taken\n", "") == (anew / name).read_text(
            "utf-8"
        )


def test_a_header_stands_before_all_else_with_its_prefixes(tmp_path: Path) -> None:
    graph = GRAPH + "one"
    header = [f'<{graph}> <{LABEL}> "one" .\n']
    write_exports(tmp_path, {graph: lines(said("a")[graph])}, headers={graph: header})
    head, *blocks = (tmp_path / "turtle" / "one.ttl").read_text("utf-8").split("\n\n")
    assert "@prefix graph:" in head
    assert blocks == ['graph:one rdfs:label "one" .', 'id:a rdfs:label "a" .\n']


def test_each_file_of_the_release_says_what_it_is(released: Release) -> None:
    version = released.path.resolve().name
    needed = ("title", "license", "creator", "source", "bibliographicCitation")
    for path in sorted((released.path / "turtle").iterdir()):
        told = Graph().parse(path, format="turtle")
        about = list(told.predicate_objects(URIRef(GRAPH + path.stem)))
        names = {str(name).rsplit("/", 1)[-1].rsplit("#", 1)[-1]: value for name, value in about}
        assert set(needed) <= names.keys(), path.name
        assert str(names["versionInfo"]) == version
        assert f"release {version}" in names["bibliographicCitation"]
