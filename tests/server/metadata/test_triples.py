"""What the service tells of itself and of its data."""

from __future__ import annotations

import re

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from smegraph.namespaces import PREFIXES
from smegraph.results.formats import FORMATS, GRAPH_FORMATS
from smegraph.server.metadata.statistics import ServiceFacts
from smegraph.server.metadata.triples import (
    EXTENSIONS,
    FUNCTIONS,
    WELL_KNOWN,
    describe,
    void_triples,
)
from tests.server.inprocess import surveyed
from tests.server.metadata.sample import DATA, opened

ENDPOINT = "http://example.org/sparql"
GEO = "http://www.opengis.net/def/function/geosparql/"
WKT = "^^<http://www.opengis.net/ont/geosparql#wktLiteral>"
SQUARE, OTHER = (f'"POLYGON(({points}))"{WKT}' for points in (
    "0 0,0 2,2 2,2 0,0 0", "1 1,1 3,3 3,3 1,1 1"))  # fmt: skip
METRE = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"
CALLS = {
    "date": '"2020-01-01"', "time": '"10:00:00"', "duration": '"P1Y"', "gYear": '"2020"',
    "dayTimeDuration": '"P1D"', "yearMonthDuration": '"P1Y"', "gYearMonth": '"2020-01"',
    "gMonth": '"--01"', "gMonthDay": '"--01-01"', "gDay": '"---01"',
    "distance": f'"POINT(1 1)"{WKT}, "POINT(2 1)"{WKT}, {METRE}', "length": f"{SQUARE}, {METRE}",
    "perimeter": f"{SQUARE}, {METRE}", "relate": f'{SQUARE}, {OTHER}, "T*****FF*"',
} | dict.fromkeys(("asGeoJSON", "centroid", "convexHull", "coordinateDimension", "dimension",
    "envelope", "getSRID", "isEmpty", "isSimple", "spatialDimension"), SQUARE)  # fmt: skip


def asked(triples: list[Triple], pattern: str) -> list[tuple[str, ...]]:
    """The sorted solutions of a pattern over triples."""
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    found = store.query(f"SELECT * {{ {pattern} }}", prefixes=dict(PREFIXES))
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return sorted(tuple(term.value for term in row) for row in found)  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def facts() -> ServiceFacts:
    return surveyed(opened())


@pytest.fixture(scope="module")
def described(facts: ServiceFacts) -> list[Triple]:
    return describe(facts, ENDPOINT)


class TestFeatures:
    def test_a_union_default_graph_is_said_plainly(self, described: list[Triple]) -> None:
        assert asked(described, "?service sd:feature sd:UnionDefaultGraph") == [(ENDPOINT,)]
        ((comment,),) = asked(described, f"<{ENDPOINT}> rdfs:comment ?comment")
        assert "union of all graphs" in comment

    def test_a_strict_default_graph_too(self) -> None:
        told = describe(surveyed(opened(union=False), ServiceFacts(union=False)), ENDPOINT)
        assert asked(told, "?service sd:feature ?feature") == []
        ((comment,),) = asked(told, f"<{ENDPOINT}> rdfs:comment ?comment")
        assert "no triple of the named graphs" in comment

    def test_a_read_only_service_takes_no_updates(self, described: list[Triple]) -> None:
        languages = asked(described, "?service sd:supportedLanguage ?language")
        assert languages == [(PREFIXES["sd"] + "SPARQL11Query", ENDPOINT)]
        assert asked(described, "?service sd:inputFormat ?format") == []

    def test_a_writable_service_tells_what_it_takes(self) -> None:
        told = describe(ServiceFacts(writable=True), ENDPOINT)
        assert asked(told, "?s sd:supportedLanguage sd:SPARQL11Update ; sd:feature sd:EmptyGraphs")
        assert len(asked(told, "?s sd:inputFormat ?format")) == len(GRAPH_FORMATS)

    def test_federation_is_told_only_with_the_services_allowed(
        self, described: list[Triple]
    ) -> None:
        feature = "?s sd:feature sd:BasicFederatedQuery"
        assert asked(described, feature) == []
        told = describe(ServiceFacts(services=("http://other.example/sparql",)), ENDPOINT)
        assert asked(told, feature) == [(ENDPOINT,)]
        assert asked(told, '?s rdfs:comment ?c FILTER CONTAINS(?c, "http://other.example/sparql")')

    def test_every_format_has_the_iri_that_w3c_gives_it(self, described: list[Triple]) -> None:
        told = {format for format, _ in asked(described, "?service sd:resultFormat ?format")}
        names = "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV "
        names += "Turtle N-Triples RDF_XML JSON-LD TriG N-Quads"
        assert told == {f"http://www.w3.org/ns/formats/{name}" for name in names.split()}
        assert len(told) == len(FORMATS)

    @pytest.mark.parametrize("iri", FUNCTIONS)
    def test_every_extension_function_that_is_told_of_can_be_called(self, iri: str) -> None:
        name = re.split("[/#]", iri)[-1]
        arguments = CALLS.get(name, f"{SQUARE}, {OTHER}")
        found = opened().query(f"SELECT (<{iri}>({arguments}) AS ?value) {{}}")
        assert isinstance(found, pyoxigraph.QuerySolutions)
        assert next(found)["value"] is not None

    @pytest.mark.parametrize("example", [extension[3] for extension in EXTENSIONS])
    def test_every_language_extension_that_is_told_of_is_there(self, example: str) -> None:
        found = opened().query(example)
        assert isinstance(found, pyoxigraph.QuerySolutions)
        assert all(term is not None for term in next(found))

    def test_prefixes_are_told_only_when_they_are_known(self, described: list[Triple]) -> None:
        pattern = "?feature rdfs:comment ?c FILTER STRSTARTS(?c, 'PREFIX ')"
        assert len(asked(described, pattern)) == len(PREFIXES)
        assert asked(describe(ServiceFacts(prefixes=False), ENDPOINT), pattern) == []


class TestData:
    def test_every_named_graph_is_there_with_its_counts(self, described: list[Triple]) -> None:
        found = asked(
            described,
            "?dataset sd:namedGraph ?named . ?named a sd:NamedGraph ; sd:name ?name ; "
            "sd:graph/void:triples ?n ; sd:graph/void:classes ?c FILTER(STR(?name) = "
            "'http://example.org/two' && ?n = 3 && ?c = 2)",
        )
        assert len(found) == 1
        assert len(asked(described, "?dataset sd:namedGraph/sd:name ?name")) == 3

    def test_the_default_graph_of_a_strict_service_is_counted_alone(self) -> None:
        strict = ServiceFacts(union=False)
        facts = surveyed(opened(DATA + "e:x e:p e:y .", union=False), strict)
        assert facts.default.triples == 1
        assert ("http://example.org/p", 4) in facts.properties
        told = describe(facts, ENDPOINT)
        assert asked(told, f"<{ENDPOINT}#dataset> void:triples ?n") == [("16",)]

    def test_classes_and_properties_are_partitions(self, described: list[Triple]) -> None:
        part = "?d void:classPartition ?p . ?p void:class <http://example.org/Firm> ; "
        assert "2" in asked(described, part + "void:entities ?n")[0]
        assert asked(described, "?d void:vocabulary <http://example.org/>")

    def test_what_the_data_state_of_themselves_is_told(self, described: list[Triple]) -> None:
        dataset = f"<{ENDPOINT}#dataset>"
        assert asked(described, f"{dataset} dcterms:title ?title") == [("All",)]
        assert asked(described, f"{dataset} dcterms:isVersionOf ?of") == [
            ("http://example.org/all",)
        ]
        titles = asked(described, "?n sd:graph ?g . ?g dcterms:title ?title")
        assert [row for row in titles if "The first" in row]

    def test_materialised_inferences_are_explained(self) -> None:
        graph = PREFIXES["graph"] + "inferred"
        told = describe(surveyed(opened(f"<{graph}> {{ <e:a> <e:b> <e:c> }}")), ENDPOINT)
        found = asked(told, f"?g sd:name <{graph}> ; sd:entailmentRegime ?r ; rdfs:comment ?c")
        assert "http://www.w3.org/ns/entailment/Simple" in found[0]
        assert any("by the axioms" in term for term in found[0])

    def test_nothing_is_a_blank_node_or_said_twice(self, described: list[Triple]) -> None:
        assert not any(isinstance(t, pyoxigraph.BlankNode) for s in described for t in s)
        assert len(set(described)) == len(described)

    def test_an_empty_dataset_is_described(self) -> None:
        told = describe(surveyed(opened("")), ENDPOINT)
        assert asked(told, "?s sd:defaultDataset/sd:defaultGraph/void:triples ?n") == [
            ("0", ENDPOINT)
        ]
        assert asked(told, "?d sd:namedGraph ?g") == []

    def test_ten_thousand_graphs_are_described(self) -> None:
        graphs = (
            f"<http://e.org/{n}> {{ <http://e.org/s> <http://e.org/p> {n} }}" for n in range(10_000)
        )
        facts = surveyed(opened("\n".join(graphs)))
        assert (len(facts.named), facts.left_out) == (10_000, False)
        names = {triple.object.value for triple in describe(facts, ENDPOINT)
                 if triple.predicate.value == PREFIXES["sd"] + "name"}  # fmt: skip
        assert len(names) == 10_000


def test_void_is_about_the_dataset_of_the_endpoint(facts: ServiceFacts) -> None:
    told = void_triples(facts, ENDPOINT, "http://example.org/")
    (found,) = asked(
        told,
        "?document a void:DatasetDescription ; foaf:primaryTopic ?dataset ."
        f"?dataset a void:Dataset ; void:sparqlEndpoint <{ENDPOINT}>",
    )
    assert set(found) == {"http://example.org" + WELL_KNOWN, f"{ENDPOINT}#dataset"}


def test_literals_and_names_of_the_data_are_kept_as_they_are() -> None:
    trig = DATA.replace('"All"', '"Alles"@de')
    told = describe(surveyed(opened(trig)), ENDPOINT)
    title = NamedNode(PREFIXES["dcterms"] + "title")
    assert Literal("Alles", language="de") in {t.object for t in told if t.predicate == title}
