"""The W3C tests of SPARQL 1.1 Service Description, by name (w3c/rdf-tests, sparql11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import httpx
import pyoxigraph
import pytest
import rdflib
from fastapi import FastAPI
from pyoxigraph import RdfFormat, Store, Triple
from pyshacl import validate
from starlette.types import Scope

from smegraph.server.endpoints.query import SparqlEndpoint
from smegraph.server.metadata.statistics import ServiceFacts
from smegraph.server.metadata.triples import describe
from smegraph.store.embedded import EmbeddedStore
from tests.server.asgi_client import client_of
from tests.server.inprocess import InProcessEngine, surveyed

SD: Final = "http://www.w3.org/ns/sparql-service-description#"

# Service Description §3: the class that each property belongs to, and the class of its values;
# nothing where the values are formats, names, or come from elsewhere.
SCHEMA: Final[Mapping[str, tuple[str, str | None]]] = {
    "endpoint": ("Service", None),
    "feature": ("Service", None),
    "defaultEntailmentRegime": ("Service", None),
    "entailmentRegime": ("NamedGraph", None),
    "extensionFunction": ("Service", "Function"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", None),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
INSTANCES: Final = {
    "feature": ("DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs",
                "BasicFederatedQuery"),
    "supportedLanguage": ("SPARQL10Query", "SPARQL11Query", "SPARQL11Update"),
}  # fmt: skip
SHAPES: Final = """
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix void: <http://rdfs.org/ns/void#> .
[] sh:targetClass sd:Service ;
    sh:property [ sh:path sd:endpoint ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path sd:defaultDataset ; sh:maxCount 1 ; sh:class sd:Dataset ] ,
        [ sh:path sd:supportedLanguage ; sh:minCount 1 ] ,
        [ sh:path sd:resultFormat ; sh:minCount 1 ; sh:pattern "^http://www.w3.org/ns/formats/" ] .
[] sh:targetClass sd:Dataset ; sh:property [ sh:path sd:defaultGraph ; sh:maxCount 1 ] .
[] sh:targetClass sd:NamedGraph ;
    sh:property [ sh:path sd:name ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path sd:graph ; sh:maxCount 1 ] .
[] sh:targetClass void:Dataset ;
    sh:property [ sh:path void:triples ; sh:maxCount 1 ; sh:datatype xsd:integer ] .
"""


def schema() -> str:
    """The shapes, with one for each property of the vocabulary."""
    shapes = [SHAPES]
    for name, (domain, values) in SCHEMA.items():
        shapes.append(f"[] sh:targetSubjectsOf sd:{name} ; sh:class sd:{domain} .")
        if values:
            shapes.append(f"[] sh:targetObjectsOf sd:{name} ; sh:class sd:{values} .")
    for name, allowed in INSTANCES.items():
        listed = " ".join(f"sd:{one}" for one in allowed)
        shapes.append(f"[] sh:targetObjectsOf sd:{name} ; sh:in ( {listed} ) .")
    return "\n".join(shapes)


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    """A client of an endpoint that describes itself by the address that it was asked at."""
    triples = Store()
    triples.load("<http://e.org/g> { <http://e.org/a> a <http://e.org/C> }", RdfFormat.TRIG)
    store = EmbeddedStore(triples)
    facts = surveyed(store, ServiceFacts(writable=True, services=("http://other.example/",)))

    async def described(scope: Scope) -> Sequence[Triple]:
        host = dict(scope["headers"])[b"host"].decode()
        return describe(facts, f"http://{host}{scope['path']}")

    app = FastAPI()
    app.mount("/", SparqlEndpoint(InProcessEngine(store), describe=described))
    with client_of(app) as client:
        yield client


def description(http: httpx.Client) -> Store:
    store = Store()
    store.load(http.get("/sparql", headers={"Accept": "application/n-triples"}).content,
               RdfFormat.N_TRIPLES)  # fmt: skip
    return store


def test_returns_rdf(http: httpx.Client) -> None:
    """GET on the endpoint returns RDF."""
    for media_type in ("text/turtle", "application/rdf+xml", "application/n-triples"):
        answer = http.get("/sparql", headers={"Accept": media_type})
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == media_type
        format = RdfFormat.from_media_type(media_type)
        assert len(list(pyoxigraph.parse(answer.content, format))) > 10


def test_has_endpoint_triple(http: httpx.Client) -> None:
    """The description contains a matching sd:endpoint triple."""
    endpoint = f"{http.base_url}/sparql".replace("//sparql", "/sparql")
    assert description(http).query(
        f"ASK {{ ?service a <{SD}Service> ; <{SD}endpoint> <{endpoint}> }}"
    )


def test_conforms_to_schema(http: httpx.Client) -> None:
    """The description conforms to the schema: the vocabulary of Service Description §3."""
    told = rdflib.Graph().parse(http.get("/sparql", headers={"Accept": "text/turtle"}).content)
    conforms, _, report = validate(told, shacl_graph=rdflib.Graph().parse(data=schema()))
    assert conforms, report
    used = {str(p).removeprefix(SD) for p in told.predicates() if str(p).startswith(SD)}
    assert used == SCHEMA.keys()
