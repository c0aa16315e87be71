"""The graph of links: a statement for each row, and descriptions that count them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.links.mappings import graph_of
from smegraph.namespaces import GRAPH, ID, PREFIXES, VOC
from tests import conftest
from tests.links.conftest import COLUMNS, HEAD, KNOWN, ROW

if TYPE_CHECKING:
    from tests.conftest import Checkout, Release
    from tests.links.conftest import Read

SOUND = ROW.replace("voc:apple", "voc:software")
JUSTIFIED = "semapv:ManualMappingCuration"
ROWS = (
    ROW,
    f"voc:pear\tskos:closeMatch\tex:2\t{JUSTIFIED}",
    f"id:place-orchard\tschema:sameAs\tex:3\t{JUSTIFIED}",
    f"sme:Fruit\tskos:closeMatch\tex:4\t{JUSTIFIED}",
    f"sme:Fruit\trdfs:subClassOf\tex:5\t{JUSTIFIED}",
)


def ask(triples: list[ox.Triple], query: str) -> list[tuple[str, ...]]:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    found = store.query(query, prefixes=dict(PREFIXES))
    assert isinstance(found, ox.QuerySolutions)
    return sorted(tuple(term.value for term in row) for row in found)


def test_each_row_is_one_statement(read: Read) -> None:
    triples = graph_of([read(*ROWS[:3])], {}, KNOWN)
    assert ask(triples, "SELECT ?s ?o { ?s skos:exactMatch|skos:closeMatch|schema:sameAs ?o }") == [
        (ID + "place-orchard", "https://example.org/fruit/3"),
        (VOC + "apple", "https://example.org/fruit/1"),
        (VOC + "pear", "https://example.org/fruit/2"),
    ]


def test_a_match_is_stated_of_concepts_only(read: Read) -> None:
    triples = graph_of([read(*ROWS)], {}, KNOWN)
    assert ask(triples, "SELECT ?p ?o { sme:Fruit ?p ?o }") == [
        (PREFIXES["rdfs"] + "subClassOf", "https://example.org/fruit/5")
    ]


def test_denied_row_is_no_statement(read: Read) -> None:
    columns = "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification"
    row = f"voc:apple\tskos:exactMatch\tNot\tex:1\t{JUSTIFIED}"
    triples = graph_of([read(row, columns=columns)], {}, KNOWN)
    assert ask(triples, "SELECT ?o { voc:apple ?p ?o }") == []


def test_linkset_says_what_it_links_and_where_it_is_from(read: Read) -> None:
    triples = graph_of([read(*ROWS)], {}, KNOWN)
    found = ask(
        triples,
        """SELECT ?title ?licence ?version ?file ?target ?predicate ?n {
          <https://w3id.org/smegraph/mappings/fruit> void:subset ?x .
          ?x a void:Linkset, prov:Entity ;
            dcterms:title ?title ; dcterms:license ?licence ; owl:versionInfo ?version ;
            prov:hadPrimarySource ?file ; void:objectsTarget ?target ;
            void:linkPredicate ?predicate ;
            void:triples ?n ; void:subjectsTarget <https://w3id.org/smegraph/dataset> }""",
    )
    file = "https://w3id.org/smegraph/mappings/fruit.sssom.tsv"
    licence, target = "https://creativecommons.org/licenses/by/4.0/", "https://example.org/fruit/"
    assert [row[:5] for row in found] == [("Fruit", licence, "1", file, target)] * 4
    names = [PREFIXES["rdfs"] + "subClassOf", PREFIXES["skos"] + "closeMatch",
             PREFIXES["skos"] + "exactMatch", PREFIXES["schema"] + "sameAs"]  # fmt: skip
    assert [row[5:] for row in found] == [(name, "1") for name in names]


def test_target_is_the_vocabulary_that_the_head_names(read: Read) -> None:
    head = HEAD + "#object_source: ex:all\n"
    triples = graph_of([read(head=head)], {}, KNOWN)
    assert ask(triples, "SELECT ?t { ?x void:objectsTarget ?t }") == [
        ("https://example.org/fruit/all",)
    ]


# ---------------------------------------------------------------------------- in a release


@pytest.mark.parametrize(
    ("doi", "iri"),
    [
        ("10.1016/S0969-5931(98)00034-5", "10.1016/s0969-5931(98)00034-5"),
        ("10.1002/(SICI)1097-0266(199708)18:7<509::AID>3.0.CO;2-Z",
         "10.1002/(sici)1097-0266(199708)18:7%3C509::aid%3E3.0.co;2-z"),
        ("10.1000/a%b#c?d+e [f]", "10.1000/a%25b%23c%3Fd%2Be%20%5Bf%5D"),
        ("10.1000/a!b&d'e*f=g@h,i", "10.1000/a!b&d'e*f=g@h,i"),
    ],
)  # fmt: skip
def test_doi_becomes_the_iri_that_the_handbook_asks_for(dois: str, doi: str, iri: str) -> None:
    store = ox.Store()
    work, name = ox.NamedNode("urn:w"), ox.NamedNode(PREFIXES["bibo"] + "doi")
    store.add(ox.Quad(work, name, ox.Literal(doi)))
    found = store.query(dois, prefixes=dict(PREFIXES))
    assert isinstance(found, ox.QueryTriples)
    assert [triple.object.value for triple in found] == [f"https://doi.org/{iri}"]  # type: ignore[union-attr]


@pytest.fixture
def dois(repository: Path) -> str:
    """The rule that makes IRIs of DOIs."""
    return (repository / "ontology/mappings/dois.rq").read_text("utf-8")


def test_each_doi_of_the_data_is_a_link(released: Release) -> None:
    query = """SELECT (COUNT(DISTINCT ?work) AS ?n) { ?work bibo:doi ?doi
      FILTER EXISTS { GRAPH graph:mappings { ?work schema:sameAs ?iri } }
      FILTER EXISTS { ?x void:linkPredicate schema:sameAs } }"""
    ((linked,),) = released.ask(query)
    ((all_,),) = released.ask("SELECT (COUNT(DISTINCT ?work) AS ?n) { ?work bibo:doi ?doi }")
    assert linked == all_
    assert int(all_) >= 98


def test_linksets_count_what_is_in_the_graph(released: Release) -> None:
    ((stated,),) = released.ask(
        "SELECT (SUM(?n) AS ?sum) { GRAPH graph:mappings { ?x a void:Linkset ; void:triples ?n } }"
    )
    ((counted,),) = released.ask(
        """SELECT (COUNT(*) AS ?n) { GRAPH graph:mappings { ?s ?p ?o
        FILTER(?s != graph:mappings && !CONTAINS(STR(?s), "/smegraph/mappings/")) } }"""
    )
    assert stated == counted != "0"


def test_no_rule_and_no_reasoner_sees_a_link(released: Release) -> None:
    """What is only linked to is in no graph but that of the links."""
    rows = released.ask(
        """SELECT DISTINCT ?g { GRAPH graph:mappings { ?s skos:exactMatch|skos:broadMatch ?theirs }
        GRAPH ?g { ?theirs ?p ?o } }"""
    )
    assert rows == []
    derived = f"SELECT ?x {{ <{GRAPH}derived> prov:wasDerivedFrom ?x }}"
    assert (f"{GRAPH}mappings",) not in released.ask(derived)


def test_case_firms_are_not_linked(released: Release) -> None:
    query = "SELECT ?x { ?x sme:caseIn ?study . GRAPH graph:mappings { ?x ?p ?o } }"
    assert released.ask(query) == []


def test_nothing_is_owl_same_as(released: Release) -> None:
    assert released.ask("SELECT ?x { ?x owl:sameAs ?y }") == []


def test_files_of_links_are_in_the_release(released: Release, repository: Path) -> None:
    files = {p.name for p in (repository / "ontology/mappings").iterdir()}
    assert {p.name for p in (released.path / "mappings").iterdir()} == {
        name for name in files if name.endswith((".sssom.tsv", ".rq"))
    }


def test_with_another_link_nothing_is_validated_or_reasoned_over_again(
    workplace: Checkout,
) -> None:
    kept = {path: path.stat().st_mtime_ns for path in files_of(workplace.build / "cache")}
    own = workplace.data / "links" / "fruit.sssom.tsv"
    own.parent.mkdir()
    own.write_text(f"{HEAD}{COLUMNS}\n{SOUND}\n", "utf-8")
    done = workplace.run("build")
    assert done.returncode == 0, done.stderr
    after = {path: path.stat().st_mtime_ns for path in files_of(workplace.build / "cache")}
    assert after == kept
    release = conftest.Release.current(workplace.build)
    query = "SELECT ?o { GRAPH graph:mappings { voc:software skos:exactMatch ?o } }"
    assert ("https://example.org/fruit/1",) in release.ask(query)
    assert (release.path / "mappings" / own.name).read_bytes() == own.read_bytes()


def test_build_refuses_what_the_check_refuses(small_workplace: Checkout) -> None:
    own = small_workplace.data / "links" / "fruit.sssom.tsv"
    own.parent.mkdir()
    own.write_text(f"{HEAD}{COLUMNS}\n{SOUND.replace('software', 'softwear')}\n", "utf-8")
    before = conftest.Release.current(small_workplace.build).path
    done = small_workplace.run("build", "--no-reason")
    assert done.returncode == 1
    assert "row 15" in done.stderr
    assert "voc:softwear is not here" in done.stderr
    assert conftest.Release.current(small_workplace.build).path == before


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
