"""`/data/export` over HTTP: parts of a release, made for who asks."""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from smegraph.namespaces import GRAPH
from tests.server.conftest import answering

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FINNISH = {"graph": "study-finnish"}


def get(service: httpx.Client, **parameters: str) -> httpx.Response:
    return service.get("/data/export", params=parameters)


def stored(release: Path, graph: str) -> set[ox.Triple]:
    """What a graph of the release's file holds, read from a copy of it."""
    store = ox.Store.read_only(str(release / "store"))
    name = ox.NamedNode(GRAPH + graph)
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, name)}


@pytest.mark.parametrize(
    ("form", "engine", "media_type"),
    [
        ("turtle", ox.RdfFormat.TURTLE, "text/turtle; charset=utf-8"),
        ("ntriples", ox.RdfFormat.N_TRIPLES, "application/n-triples"),
        ("rdfxml", ox.RdfFormat.RDF_XML, "application/rdf+xml"),
        ("trig", ox.RdfFormat.TRIG, "application/trig; charset=utf-8"),
        ("nquads", ox.RdfFormat.N_QUADS, "application/n-quads"),
        ("jsonld", ox.RdfFormat.JSON_LD, "application/ld+json"),
    ],
)
def test_a_graph_comes_in_each_format(
    service: httpx.Client, release: Path, form: str, engine: ox.RdfFormat, media_type: str
) -> None:
    found = get(service, **FINNISH, format=form)
    assert (found.status_code, found.headers["content-type"]) == (200, media_type)
    assert {q.triple for q in ox.parse(found.content, engine)} == stored(release, "study-finnish")
    ending = ox.RdfFormat.TURTLE.file_extension if form == "turtle" else engine.file_extension
    name = f'attachment; filename="smegraph-study-finnish.{ending}"'
    assert found.headers["content-disposition"] == name
    assert 'rel="license"' in found.headers["link"]


def test_an_answer_says_what_it_is(service: httpx.Client) -> None:
    query = "CONSTRUCT WHERE { ?firm a sme:Firm ; rdfs:label ?name }"
    told = get(service, query=query, format="turtle").text
    for said in ("dcterms:license", 'owl:versionInfo "1.2.3"', "dcterms:bibliographicCitation"):
        assert said in told
    bare = get(service, query=query, format="ntriples", **{"no-header": ""}).text
    assert bare.count("\n") == 6


def test_a_table_has_metadata_at_the_address_that_it_names(service: httpx.Client) -> None:
    found = get(service, **{"class": "Firm"})
    rows = [*csv.DictReader(io.StringIO(found.text))]
    assert {row["label"] for row in rows} == {"Firm A", "Firm B", "Cuberdon"}
    address = found.headers["link"].partition('rel="describedby"')[0].rsplit("<", 1)[1]
    told = service.get(address.partition(">")[0])
    assert told.headers["content-type"] == "application/csvm+json"
    assert service.get(told.json()["url"]).content == found.content
    names = [one["name"] for one in told.json()["tableSchema"]["columns"]]
    assert names == [*rows[0]]


def test_who_has_it_is_told_so_and_head_has_no_body(service: httpx.Client) -> None:
    whole = get(service, **FINNISH)
    again = service.get(
        "/data/export", params=FINNISH, headers={"If-None-Match": whole.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    head = service.head("/data/export", params=FINNISH, headers={"Accept-Encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(whole.content)
    other = get(service, graph="work-arnone-deprince")
    assert other.headers["etag"] != whole.headers["etag"]


def test_what_changes_by_itself_has_no_tag(service: httpx.Client) -> None:
    found = get(service, query="SELECT (NOW() AS ?now) {}")
    assert "etag" not in found.headers
    assert found.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_it_is_encoded_for_who_takes_that(service: httpx.Client, coding: str) -> None:
    plain = get(service, **FINNISH).content
    asked = {"Accept-Encoding": coding}
    with service.stream("GET", "/data/export", params=FINNISH, headers=asked) as found:
        data = b"".join(found.iter_raw())
    assert found.headers["content-encoding"] == coding
    assert {"gzip": gzip.decompress, "zstd": zstd.decompress}[coding](data) == plain


def test_a_file_that_is_packed_stays_so(service: httpx.Client) -> None:
    found = get(service, **FINNISH, format="nquads", compress="gzip")
    assert found.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in found.headers
    assert found.headers["content-disposition"].endswith('.nq.gz"')
    assert gzip.decompress(found.content) == get(service, **FINNISH, format="nquads").content


@pytest.mark.parametrize(
    ("parameters", "status", "kind", "parameter", "said"),
    [
        ({"graph": "nowhere"}, 400, "invalid-parameter", "graph", "study-finnish"),
        ({"class": "Fimr"}, 400, "invalid-parameter", "class", "Did you mean Firm"),
        ({"as": "schema"}, 400, "invalid-parameter", "as", "schema.org"),
        ({"graph": "study-finnish", "format": "csv"}, 400, "invalid-parameter", "format",
         "class=Firm"),
        ({"query": "SELECT * { ?s ?p ?o }", "format": "turtle"}, 400, "invalid-parameter", "format",
         "CONSTRUCT"),
        ({"query": "SELECT * {\n ?s a }"}, 400, "malformed-query", None, "Line 2"),
        ({"query": "DELETE WHERE { ?s ?p ?o }"}, 403, "read-only", None, "update"),
        ({"nonsense": "1"}, 400, "unknown-parameter", "nonsense", "format"),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_told_with_what_can(
    service: httpx.Client,
    parameters: dict[str, str],
    status: int,
    kind: str,
    parameter: str | None,
    said: str,
) -> None:
    found = get(service, **parameters)
    told = found.json()
    assert found.headers["content-type"] == "application/problem+json"
    assert (found.status_code, told["type"].rpartition("/")[2]) == (status, kind)
    assert told.get("parameter") == parameter
    assert said in told["detail"]


def test_an_export_ends_at_its_deadline(release: Path) -> None:
    with answering(dataset=release, timeout=0.01) as client:
        found = client.get("/data/export", params=FINNISH)
    assert found.status_code == 504
    assert found.json()["type"].endswith("/deadline-exceeded")


def test_the_page_has_forms_that_need_no_script(service: httpx.Client) -> None:
    page = service.get("/data", headers={"Accept": "text/html"}).text
    assert '<form action="/data/export" method="get">' in page
    for name in ("about", "class", "format"):
        assert f'name="{name}"' in page
