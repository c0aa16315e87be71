"""Sets of links as documents: each row with how it was verified, as a page and in RDF."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from smegraph.namespaces import OWL, PREFIXES, SKOS, VOC
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.mappings import ROWS, Row, page_of, row_triples
from smegraph.server.pages.things import Named
from smegraph.store.embedded import store_union
from tests.server.conftest import HEAD
from tests.server.pages.conftest import Visitor, site_of
from tests.server.pages.linked_release import write_linked_release

SETS = "https://w3id.org/smegraph/mappings/"
FRUIT_HEAD = """\
# mapping_set_id: https://w3id.org/smegraph/mappings/purposes
# mapping_set_version: "1"
# license: https://creativecommons.org/licenses/by/4.0/
# curie_map:
#   ex: https://example.org/
#   semapv: https://w3id.org/semapv/vocab/
#   skos: http://www.w3.org/2004/02/skos/core#
#   voc: https://w3id.org/smegraph/vocab/
""" + "\t".join(
    ("subject_id", "subject_label", "predicate_modifier", "predicate_id", "object_id",
     "mapping_justification", "author_label", "confidence", "mapping_date", "comment")
)  # fmt: skip
SURE = (
    "voc:networking\tnetworking\t\tskos:closeMatch\tex:networking\tsemapv:ManualMappingCuration\t"
    "Ada\t0.9\t2026-11-30\tboth <b>definitions</b> read"
)
DENIED = (
    "voc:networking\tnetworking\tNot\tskos:exactMatch\tex:nets\tsemapv:LexicalMatching\t"
    "Ada\t0.5\t2026-11-30\tnets for fish"
)
RULE = f"""
<{SETS}dois> a void:Dataset ; dcterms:title "DOIs" ; void:subset <{SETS}dois/linkset/1> .
<{SETS}dois/linkset/1> void:linkPredicate schema:sameAs ; void:objectsTarget <https://doi.org/> .
id:work-named schema:sameAs <https://doi.org/10.1/a> , <https://example.org/other> .
"""


def many(count: int) -> str:
    rows = (SURE.replace("ex:networking", f"ex:n{number:04}") for number in range(count))
    return "\n".join([FRUIT_HEAD, *rows])


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_linked_release(tmp_path_factory.mktemp("mappings"))
    store = Store(str(folder / "store"))
    for turtle in (RULE, f'<{SETS}many> dcterms:title "Many" .'):
        graph = NamedNode(PREFIXES["graph"] + "mappings")
        store.load(HEAD + turtle, format=RdfFormat.TURTLE, to_graph=graph)
    store_union(store)
    store.flush()
    del store
    (folder / "mappings").mkdir()
    (folder / "mappings" / "purposes.sssom.tsv").write_text(
        "\n".join([FRUIT_HEAD, SURE, DENIED]) + "\n", "utf-8"
    )
    (folder / "mappings" / "many.sssom.tsv").write_text(many(2 * ROWS + 1), "utf-8")
    return folder


@pytest.fixture(scope="module")
def visitor(release: Path) -> Visitor:
    return Visitor(site_of(release))


def test_a_page_lists_rows_with_how_they_were_verified(visitor: Visitor) -> None:
    page = visitor.get("/mappings/purposes.html").text
    assert 'id="networking.closeMatch.networking"' in page
    assert "both &lt;b&gt;definitions&lt;/b&gt; read" in page
    assert "manual mapping curation, Ada, 2026-11-30, confidence 0.9" in page
    assert page.index("not <span") > page.index("confidence 0.9")
    assert 'href="/vocab/networking"' in page
    assert 'href="https://example.org/nets"' in page


def test_rdf_states_a_link_and_what_is_said_of_it_and_nothing_that_was_denied(
    visitor: Visitor,
) -> None:
    told = {
        quad.triple
        for quad in parse(visitor.get("/mappings/purposes.ttl").content, RdfFormat.TURTLE)
    }
    close, exact = NamedNode(SKOS + "closeMatch"), NamedNode(SKOS + "exactMatch")
    assert [t.object.value for t in told if t.predicate == close] == [
        "https://example.org/networking"
    ]
    assert not [t for t in told if t.predicate == exact]
    axioms = {t.subject for t in told if t.object == NamedNode(OWL + "Axiom")}
    assert {one.value.rpartition("#")[2] for one in axioms} == {
        "networking.closeMatch.networking", "networking.exactMatch.nets",
    }  # fmt: skip
    assert 'sssom/predicate_modifier> "Not"' in visitor.get("/mappings/purposes.nt").text


def test_a_match_of_a_class_is_an_axiom_and_no_statement() -> None:
    match = Named(SKOS + "closeMatch", "close match")
    ours, theirs = Named(PREFIXES["sme"] + "Firm", "firm"), Named("https://example.org/A", "A")
    told = [*row_triples(SETS + "a", [Row("a", ours, match, theirs)])]
    assert not [t for t in told if t.predicate.value == SKOS + "closeMatch"]
    concept = Named(VOC + "networking", "networking")
    told = [*row_triples(SETS + "a", [Row("a", concept, match, theirs)])]
    assert [t for t in told if t.predicate.value == SKOS + "closeMatch"]


def test_what_a_rule_computed_is_listed_from_the_graph(visitor: Visitor) -> None:
    page = visitor.get("/mappings/dois.html").text
    assert 'id="work-named.sameAs.a"' in page
    assert "https://doi.org/10.1/a" in page
    assert "by a rule" in page
    assert 'id="work-named.sameAs.other"' not in page


def test_a_long_set_comes_page_by_page_in_each_form(visitor: Visitor) -> None:
    first = visitor.get("/mappings/many", accept="text/html")
    assert first.text.count('<tr id="') == ROWS
    assert 'href="?page=2"' in first.text
    assert '</mappings/many.html?page=2>; rel="next"' in first.headers["link"]
    assert 'rel="prev"' not in first.headers["link"]
    last = visitor.get("/mappings/many?page=3", accept="text/turtle")
    assert last.headers["content-location"] == "/mappings/many.ttl?page=3"
    assert last.text.count("annotatedSource") == 1
    assert last.headers["etag"] != visitor.get("/mappings/many.ttl?page=2").headers["etag"]
    anchors = {
        line.split('"')[1]
        for number in (1, 2, 3)
        for line in visitor.get(f"/mappings/many.html?page={number}").text.splitlines()
        if '<tr id="' in line
    }
    assert len(anchors) == 2 * ROWS + 1


@pytest.mark.parametrize("asked", ["0", "4", "-1", "x", "²", "1.0"])
def test_a_page_that_there_is_not_is_told_with_those_there_are(
    visitor: Visitor, asked: str
) -> None:
    answer = visitor.get(f"/mappings/many.ttl?page={asked}")
    assert answer.status_code == 404
    assert "pages 1 to 3" in answer.json()["detail"]


def test_no_rows_are_one_empty_page() -> None:
    assert page_of([], None).pages == 1
    with pytest.raises(HttpProblem, match="pages 1 to 1"):
        page_of([], "2")


def test_a_set_that_there_is_not_has_no_rows(visitor: Visitor) -> None:
    for path in ("/mappings/none", "/mappings/..%2Fmanifest", "/mappings/.hidden"):
        assert visitor.get(path).status_code == 404
