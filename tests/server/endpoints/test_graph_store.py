"""The Graph Store HTTP Protocol beyond the W3C's tests: real HTTP, real processes, a real store."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from smegraph.server.dataset.access_tokens import TokenFile
from tests.server.conftest import answering

TURTLE = {"Content-Type": "text/turtle"}
LIMIT = 2**20
AGES_AGO = "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dataset")


@pytest.fixture(scope="module")
def http(folder: Path) -> Iterator[httpx.Client]:
    """A client with a token for graphs."""
    token = TokenFile(folder).create(["graph-store"])
    with answering(dataset=folder, writable=True, body_limit=1, cors_origin=("*",)) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def kind(response: httpx.Response) -> str:
    """The kind of a problem; every one is a problem with the headers that all responses have."""
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-content-type-options"] == "nosniff"
    problem = response.json()
    assert problem["status"] == response.status_code
    return str(problem["type"].rpartition("/")[2])


def put(http: httpx.Client, path: str, turtle: str) -> httpx.Response:
    return http.put(path, content=turtle, headers=TURTLE)


def triples(http: httpx.Client, path: str) -> set[str]:
    response = http.get(path, headers={"Accept": "application/n-triples"})
    assert response.status_code == 200, response.text
    return set(response.text.splitlines())


# ------------------------------------------------------------------------------------ tokens


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"])
def test_nothing_goes_without_a_token(http: httpx.Client, method: str) -> None:
    response = http.request(method, "/graphs?default", headers={"Authorization": ""})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="smegraph"'


def test_a_token_for_updates_is_none_for_graphs(http: httpx.Client, folder: Path) -> None:
    token = TokenFile(folder).create(["update"])
    response = http.get("/graphs?default", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 403
    assert kind(response) == "forbidden"


def test_options_needs_no_token_and_tells_the_methods(http: httpx.Client) -> None:
    response = http.options("/graphs/x", headers={"Authorization": ""})
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, PUT, POST, DELETE, PATCH, OPTIONS"
    assert response.headers["access-control-allow-methods"] == response.headers["allow"]
    assert "Authorization" in response.headers["access-control-allow-headers"]


# -------------------------------------------------------------------------------- addressing


def test_a_graph_has_its_address_as_name(http: httpx.Client) -> None:
    put(http, "/graphs/people", "<#me> <urn:p> <> .")
    address = f"{str(http.base_url).rstrip('/')}/graphs/people"
    assert triples(http, "/graphs/people") == {f"<{address}#me> <urn:p> <{address}> ."}
    assert triples(http, f"/graphs?graph={quote(address)}") == triples(http, "/graphs/people")


def test_an_address_keeps_its_percent_signs(http: httpx.Client) -> None:
    made = put(http, "/graphs/a%20b%C3%A9", "<urn:a> <urn:b> <> .")
    assert made.headers["location"].endswith("/graphs/a%20b%C3%A9")
    assert "a%20b%C3%A9" in triples(http, "/graphs/a%20b%C3%A9").pop()


def test_a_graph_named_by_a_parameter_is_found_at_its_location(http: httpx.Client) -> None:
    made = put(http, "/graphs?graph=" + quote("http://ex.org/?a=b&c=d#é", safe=""), "<x> <y> 1 .")
    assert made.status_code == 201
    integer = "<http://www.w3.org/2001/XMLSchema#integer>"
    expected = {f'<http://ex.org/x> <http://ex.org/y> "1"^^{integer} .'}
    assert triples(http, made.headers["location"]) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/graphs", "conflicting-parameters"),
        ("/graphs?default&graph=urn:g", "conflicting-parameters"),
        ("/graphs/x?default", "conflicting-parameters"),
        ("/graphs?graph=x", "invalid-graph-name"),
        ("/graphs?graph=", "invalid-graph-name"),
        ("/graphs?graph=urn:g&graph=urn:h", "repeated-parameter"),
        ("/graphs?default&default", "repeated-parameter"),
        ("/graphs?default=1", "refused"),
        ("/graphs?format=turtle", "unknown-parameter"),
        ("/graphs?graph=urn:%ff", "not-utf-8"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_request_addresses_one_graph(
    http: httpx.Client, method: str, path: str, expected: str
) -> None:
    response = http.request(method, path)
    assert response.status_code == 400
    assert kind(response) == expected


def test_the_default_graph_is_not_the_union_of_the_others(http: httpx.Client) -> None:
    put(http, "/graphs?default", "<urn:default> <urn:p> <urn:o> .")
    put(http, "/graphs?graph=urn:other", "<urn:other> <urn:p> <urn:o> .")
    assert triples(http, "/graphs?default") == {"<urn:default> <urn:p> <urn:o> ."}


def test_the_default_graph_is_never_absent(http: httpx.Client) -> None:
    assert http.delete("/graphs?default").status_code == 200
    assert http.delete("/graphs?default").status_code == 200
    assert triples(http, "/graphs?default") == set()


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
def test_an_absent_graph_is_not_found(http: httpx.Client, method: str) -> None:
    response = http.request(
        method, "/graphs?graph=urn:absent", headers={"Content-Type": "application/sparql-update"}
    )
    assert response.status_code == 404
    assert kind(response) == "no-such-graph"


def test_other_methods_are_not_allowed(http: httpx.Client) -> None:
    response = http.request("PROPFIND", "/graphs/x")
    assert response.status_code == 405
    assert kind(response) == "method-not-allowed"
    assert "PUT" in response.headers["allow"]


# ----------------------------------------------------------------------------------- formats

FORMATS = {
    "text/turtle": "<urn:a> <urn:b> <urn:c> .",
    "application/n-triples": "<urn:a> <urn:b> <urn:c> .",
    "application/n-quads": "<urn:a> <urn:b> <urn:c> .",
    "application/trig": "{ <urn:a> <urn:b> <urn:c> }",
    "application/ld+json": json.dumps({"@id": "urn:a", "urn:b": {"@id": "urn:c"}}),
    "application/rdf+xml": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
        '<rdf:Description rdf:about="urn:a"><u:b rdf:resource="urn:c"/></rdf:Description></rdf:RDF>'
    ),
}


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_graph_is_taken_in_each_format(http: httpx.Client, media_type: str) -> None:
    http.put(
        "/graphs/format", content=FORMATS[media_type], headers={"Content-Type": media_type}
    ).raise_for_status()
    assert triples(http, "/graphs/format") == {"<urn:a> <urn:b> <urn:c> ."}


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/n-triples", "application/ld+json"]
)
def test_a_graph_is_given_in_the_format_that_is_accepted(
    http: httpx.Client, media_type: str
) -> None:
    put(http, "/graphs/given", "<urn:a> <urn:b> <urn:c> .")
    response = http.get("/graphs/given", headers={"Accept": f"image/png, {media_type};q=0.5"})
    assert response.headers["content-type"].startswith(media_type)
    assert "Accept" in response.headers["vary"]
    parsed = pyoxigraph.parse(response.content, format=RdfFormat.from_media_type(media_type))
    assert [str(quad) for quad in parsed] == ["<urn:a> <urn:b> <urn:c>"]


def test_a_format_that_does_not_exist_is_not_acceptable(http: httpx.Client) -> None:
    response = http.get("/graphs?default", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.json()["offered"]


@pytest.mark.parametrize(
    "content_type", ["text/html", "text/turtle; charset=latin-1", "text/n3", "nonsense"]
)
def test_other_media_types_are_not_supported(http: httpx.Client, content_type: str) -> None:
    response = http.put(
        "/graphs/x", content="<urn:a> <urn:b> 1 .", headers={"Content-Type": content_type}
    )
    assert response.status_code == 415
    assert "text/turtle" in response.json()["supported"]


def test_a_coded_body_is_not_supported(http: httpx.Client) -> None:
    response = http.put("/graphs/x", content=b"x", headers={**TURTLE, "Content-Encoding": "gzip"})
    assert response.status_code == 415
    assert kind(response) == "unsupported-encoding"


def test_a_syntax_error_has_its_place_and_changes_nothing(http: httpx.Client) -> None:
    put(http, "/graphs/stays", "<urn:a> <urn:b> <urn:c> .")
    response = put(http, "/graphs/stays", "<urn:a> <urn:b> 1 .\n<urn:a> zz:b 2 .")
    assert response.status_code == 400
    assert kind(response) == "malformed-graph"
    assert (response.json()["line"], response.json()["column"]) == (2, 9)
    assert "The prefix zz: has not been declared" in response.json()["detail"]
    assert triples(http, "/graphs/stays") == {"<urn:a> <urn:b> <urn:c> ."}


def test_named_graphs_in_a_payload_are_refused(http: httpx.Client) -> None:
    response = http.put(
        "/graphs/x",
        content="<urn:g> { <urn:a> <urn:b> 1 }",
        headers={"Content-Type": "application/trig"},
    )
    assert response.status_code == 400
    assert "it holds named graphs" in response.json()["detail"]


def test_a_context_elsewhere_is_not_fetched(http: httpx.Client) -> None:
    response = http.put(
        "/graphs/x",
        content='{"@context": "http://127.0.0.1:9/context", "a": 1}',
        headers={"Content-Type": "application/ld+json"},
    )
    assert response.status_code == 400
    assert "nothing is fetched" in response.json()["detail"]


def test_an_entity_bomb_is_refused(http: httpx.Client) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE r [<!ENTITY a0 "lol">{entities}]>' + FORMATS["application/rdf+xml"]
    response = http.put("/graphs/x", content=bomb, headers={"Content-Type": "application/rdf+xml"})
    assert response.status_code == 400
    assert "entities are nested" in response.json()["detail"]


def test_plain_entities_are_welcome(http: httpx.Client) -> None:
    document = '<!DOCTYPE r [<!ENTITY u "urn:">]>' + FORMATS["application/rdf+xml"].replace(
        '"urn:a"', '"&u;a"'
    )
    made = http.put(
        "/graphs/entity", content=document, headers={"Content-Type": "application/rdf+xml"}
    )
    assert made.status_code == 201
    assert triples(http, "/graphs/entity") == {"<urn:a> <urn:b> <urn:c> ."}


# --------------------------------------------------------------------------------- multipart


def test_the_files_of_a_form_may_differ_in_format(http: httpx.Client) -> None:
    files = [
        ("file", ("a.ttl", "<urn:a> <urn:b> 1 .", "application/octet-stream")),
        ("file", ("b", '{"@id": "urn:b", "urn:b": "x"}', "application/ld+json")),
        ("file", ("c.nt", "<urn:c> <urn:b> <urn:o> .", "text/plain")),
    ]
    assert http.put("/graphs/form", files=files).status_code == 201
    found = {line.split()[0] for line in triples(http, "/graphs/form")}
    assert found == {"<urn:a>", "<urn:b>", "<urn:c>"}


def test_blank_nodes_of_two_files_are_not_the_same(http: httpx.Client) -> None:
    files = [("file", (f"{n}.ttl", "_:x <urn:b> 1 .", "text/turtle")) for n in range(2)]
    http.put("/graphs/blank", files=files)
    assert len(triples(http, "/graphs/blank")) == 2


def test_the_file_with_a_fault_is_named(http: httpx.Client) -> None:
    files = [
        ("file", ("good.ttl", "<urn:a> <urn:b> 1 .", "text/turtle")),
        ("file", ("bad.ttl", "<urn:a> <urn:b>", "text/turtle")),
    ]
    response = http.post("/graphs/faulty", files=files)
    assert response.status_code == 400
    assert "bad.ttl" in response.json()["detail"]
    assert http.get("/graphs/faulty").status_code == 404


def test_a_file_of_no_known_format_is_not_supported(http: httpx.Client) -> None:
    response = http.post("/graphs/x", files=[("file", ("a.png", b"x", "image/png"))])
    assert response.status_code == 415
    assert "'a.png'" in response.json()["detail"]


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=other"]
)
def test_a_broken_form_is_refused(http: httpx.Client, content_type: str) -> None:
    response = http.post(
        "/graphs/x", content="--x\r\nnonsense", headers={"Content-Type": content_type}
    )
    assert response.status_code == 400


# ------------------------------------------------------------------------------------ bounds


def test_a_body_that_says_it_is_too_large_is_not_read(http: httpx.Client) -> None:
    response = put(http, "/graphs/x", "#" * (LIMIT + 1))
    assert response.status_code == 413
    assert response.json()["limit"] == LIMIT


def test_a_body_of_unsaid_length_is_measured(http: httpx.Client) -> None:
    parts = (b"#" * 100_000 for _ in range(20))
    response = http.put("/graphs/x", content=parts, headers=TURTLE)
    assert response.status_code == 413
    assert kind(response) == "body-too-large"


def test_a_body_of_unsaid_length_within_the_limit_is_taken(http: httpx.Client) -> None:
    parts = (f"<urn:a> <urn:b> {n} .\n".encode() for n in range(20))
    assert http.put("/graphs/parts", content=parts, headers=TURTLE).status_code == 201
    assert len(triples(http, "/graphs/parts")) == 20


def test_a_body_that_does_not_come_is_not_waited_for(tmp_path: Path) -> None:
    token = TokenFile(tmp_path).create(["graph-store"])
    head = (
        f"PUT /graphs/x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: text/turtle\r\nContent-Length: 100\r\n\r\n<urn:a>"
    )
    with answering(dataset=tmp_path, writable=True, body_timeout=0.5) as http:
        address = (http.base_url.host, http.base_url.port or 80)
        with socket.create_connection(address, timeout=60) as client:
            client.sendall(head.encode())
            assert b" 408 " in client.recv(100)


def test_nothing_is_left_of_uploads(http: httpx.Client, folder: Path) -> None:
    put(http, "/graphs/left", "<urn:a> <urn:b> 1 .")
    put(http, "/graphs/left", "nonsense")
    put(http, "/graphs/left", "#" * (LIMIT + 1))
    assert not list((folder / "uploads").iterdir())
    assert not list((folder / "pending").iterdir())


# ------------------------------------------------------------------------ caching and patches


def test_a_client_that_has_the_graph_is_told_so(http: httpx.Client) -> None:
    put(http, "/graphs/kept", "<urn:a> <urn:b> 1 .")
    tag = http.get("/graphs/kept").headers["etag"]
    again = http.get("/graphs/kept", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.content == b""
    put(http, "/graphs/kept", "<urn:a> <urn:b> 2 .")
    assert http.get("/graphs/kept", headers={"If-None-Match": tag}).status_code == 200


def test_head_has_the_length_of_the_body_and_not_the_body(http: httpx.Client) -> None:
    put(http, "/graphs/head", "<urn:a> <urn:b> 1 .")
    head, get = http.head("/graphs/head"), http.get("/graphs/head")
    assert head.headers["content-length"] == str(len(get.content))
    assert head.content == b""


def patch(http: httpx.Client, update: str) -> httpx.Response:
    headers = {"Content-Type": "application/sparql-update"}
    return http.patch("/graphs/patched", content=update, headers=headers)


def test_a_patch_changes_the_graph_that_is_addressed(http: httpx.Client) -> None:
    put(http, "/graphs/patched", "<urn:a> <urn:b> <urn:old> .")
    text = "DELETE { ?s ?p ?o } INSERT { ?s ?p <urn:new> } WHERE { ?s ?p ?o }"
    assert patch(http, text).status_code == 204
    assert triples(http, "/graphs/patched") == {"<urn:a> <urn:b> <urn:new> ."}


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        ("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }", 400, "refused"),
        ("INSERT DATA {", 400, "malformed-update"),
        ("LOAD <http://127.0.0.1:9/>", 403, "federation-refused"),
    ],
)
def test_a_patch_that_cannot_be_is_refused(
    http: httpx.Client, text: str, status: int, expected: str
) -> None:
    put(http, "/graphs/patched", "<urn:a> <urn:b> <urn:c> .")
    response = patch(http, text)
    assert response.status_code == status
    assert kind(response) == expected
    assert triples(http, "/graphs/patched") == {"<urn:a> <urn:b> <urn:c> ."}


def test_a_patch_in_another_language_is_not_supported(http: httpx.Client) -> None:
    response = http.patch("/graphs/patched", content="x", headers=TURTLE)
    assert response.status_code == 415
    assert response.headers["accept-patch"] == "application/sparql-update"


# ------------------------------------------------------------------------------- conditions


def tag_of(http: httpx.Client, path: str, **headers: str) -> str:
    response = http.get(path, headers=headers)
    assert response.status_code == 200
    return str(response.headers["etag"])


def failed(response: httpx.Response) -> bool:
    """Whether a condition did not hold; else the request was met."""
    assert response.status_code in (200, 201, 204, 412), response.text
    return response.status_code == 412 and kind(response) == "precondition-failed"


@pytest.mark.parametrize("accept", [*FORMATS, "text/turtle;q=0.5"])
def test_with_a_strong_tag_the_same_bytes_come(tmp_path: Path, accept: str) -> None:
    """RFC 9110 §8.8.1; from whichever worker they come, as nothing is kept here."""
    header = {"Authorization": f"Bearer {TokenFile(tmp_path).create(['graph-store'])}"}
    turtle = "".join(
        f"[] <urn:p{i}> [ <urn:q> 1, '{i}' ; <urn:r> ( <> [] ) ] ." for i in range(300)
    )
    with answering(dataset=tmp_path, writable=True, cache_size=0, workers=4) as http:
        http.headers.update(header)
        put(http, "/graphs/tagged", turtle)

        def get(number: int) -> tuple[str, bytes]:
            found = http.get("/graphs/tagged", headers={"Accept": accept})
            return found.headers["etag"], found.content

        with ThreadPoolExecutor(4) as threads:
            answers = {*threads.map(get, range(24))}
    assert len(answers) == 1
    assert answers.pop()[0].startswith('"')


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json"])
def test_a_graph_is_replaced_by_who_knows_its_state(http: httpx.Client, accept: str) -> None:
    put(http, "/graphs/known", "<urn:a> <urn:b> 1 .")
    known = {"If-Match": tag_of(http, "/graphs/known", Accept=accept), **TURTLE}
    assert not failed(http.put("/graphs/known", content="<urn:a> <urn:b> 2 .", headers=known))
    assert failed(http.put("/graphs/known", content="<urn:a> <urn:b> 3 .", headers=known))
    assert failed(http.delete("/graphs/known", headers={"If-Match": known["If-Match"]}))
    assert failed(http.post("/graphs/known", content="<urn:a> <urn:b> 4 .", headers=known))
    patch = {"Content-Type": "application/sparql-update", "If-Match": known["If-Match"]}
    assert failed(http.patch("/graphs/known", content="CLEAR DEFAULT", headers=patch))
    assert {line.split('"')[1] for line in triples(http, "/graphs/known")} == {"2"}
    patch["If-Match"] = tag_of(http, "/graphs/known")
    assert not failed(http.patch("/graphs/known", content="CLEAR DEFAULT", headers=patch))


def test_another_graphs_tag_is_none_of_this_one(http: httpx.Client) -> None:
    put(http, "/graphs/one", "<urn:a> <urn:b> 1 .")
    put(http, "/graphs/two", "<urn:a> <urn:b> 1 .")
    headers = {"If-Match": tag_of(http, "/graphs/one")}
    assert failed(http.delete("/graphs/two", headers=headers))


def test_a_graph_is_made_only_where_there_is_none(http: httpx.Client) -> None:
    new = {"If-None-Match": "*", **TURTLE}
    first = http.put("/graphs/only-new", content="<urn:a> <urn:b> 1 .", headers=new)
    assert first.status_code == 201
    assert failed(http.put("/graphs/only-new", content="<urn:a> <urn:b> 2 .", headers=new))
    assert failed(http.put("/graphs?default", content="", headers=new))
    old = {"If-Match": "*", **TURTLE}
    assert not failed(http.put("/graphs/only-new", content="<urn:a> <urn:b> 3 .", headers=old))
    assert failed(http.put("/graphs/never-there", content="<urn:a> <urn:b> 3 .", headers=old))
    assert http.get("/graphs/never-there").status_code == 404


def test_an_absent_graph_is_not_found_whatever_is_required(http: httpx.Client) -> None:
    assert http.delete("/graphs/absent", headers={"If-Match": '"x"'}).status_code == 404
    assert http.get("/graphs/absent", headers={"If-Match": '"x"'}).status_code == 404


def test_a_graph_is_read_only_in_the_state_that_is_required(http: httpx.Client) -> None:
    put(http, "/graphs/read", "<urn:a> <urn:b> 1 .")
    tag = tag_of(http, "/graphs/read")
    assert http.get("/graphs/read", headers={"If-Match": tag}).status_code == 200
    put(http, "/graphs/read", "<urn:a> <urn:b> 2 .")
    assert failed(http.get("/graphs/read", headers={"If-Match": tag}))
    assert failed(http.get("/graphs/read", headers={"If-Unmodified-Since": AGES_AGO}))
    assert failed(http.delete("/graphs/read", headers={"If-Unmodified-Since": AGES_AGO}))


def test_of_many_who_replace_the_same_state_one_does(http: httpx.Client) -> None:
    put(http, "/graphs/raced", "<urn:a> <urn:b> 0 .")
    headers = {"If-Match": tag_of(http, "/graphs/raced"), **TURTLE}

    def replace(number: int) -> int:
        content = f"<urn:a> <urn:b> {number} ."
        return http.put("/graphs/raced", content=content, headers=headers).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = [*threads.map(replace, range(1, 17))]
    assert sorted(statuses) == [204] + [412] * 15
    winner = statuses.index(204) + 1
    assert triples(http, "/graphs/raced").pop().split('"')[1] == str(winner)


# ------------------------------------------------------------------------------ to the letter


@pytest.fixture(scope="module")
def large(http: httpx.Client) -> str:
    """The address of a graph that is sent in parts."""
    turtle = "".join(f"<urn:s{i}> <urn:p> '{'x' * 50}{i}' .\n" for i in range(5000))
    put(http, "/graphs/large", turtle)
    return "/graphs/large"


def test_head_of_a_large_graph_tells_no_wrong_length(http: httpx.Client, large: str) -> None:
    """RFC 9110 §8.6."""
    head, get = http.head(large), http.get(large)
    assert len(get.content) > 2**17
    assert head.headers.get("content-length") == get.headers.get("content-length")
    assert head.headers["etag"] == get.headers["etag"]


def test_a_client_of_http_1_0_gets_a_large_graph_with_its_length(
    http: httpx.Client, large: str
) -> None:
    """RFC 9112 §6.1: it knows no chunks."""
    address = (http.base_url.host, http.base_url.port or 80)
    with socket.create_connection(address, timeout=60) as client:
        token = http.headers["Authorization"]
        client.sendall(f"GET {large} HTTP/1.0\r\nAuthorization: {token}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert f"content-length: {len(body)}".encode() in head.lower()
    assert len(body) > 2**17


def test_a_plus_in_a_graphs_name_is_a_plus(http: httpx.Client) -> None:
    """§4.2: the value is percent-decoded, and no more."""
    assert put(http, "/graphs?graph=urn:a+b", "<urn:a> <urn:b> 1 .").status_code == 201
    assert http.get("/graphs?graph=urn:a%2Bb").status_code == 200


@pytest.mark.parametrize("path", ["/graphs/n%61me", "/%67raphs/name"])
def test_an_address_that_is_written_otherwise_is_the_same(http: httpx.Client, path: str) -> None:
    """RFC 3986 §6.2.2."""
    put(http, "/graphs/name", "<urn:a> <urn:b> 'the same' .")
    assert triples(http, path) == triples(http, "/graphs/name")


def test_a_part_is_not_put_in_the_place_of_a_graph(http: httpx.Client) -> None:
    """RFC 9110 §14.5."""
    put(http, "/graphs/whole", "<urn:a> <urn:b> 1 .")
    before = triples(http, "/graphs/whole")
    headers = {**TURTLE, "Content-Range": "bytes 0-18/100"}
    response = http.put("/graphs/whole", content="<urn:a> <urn:b> 2 .", headers=headers)
    assert (response.status_code, kind(response)) == (400, "refused")
    assert triples(http, "/graphs/whole") == before


def test_without_a_media_type_a_graph_is_rdf_xml(http: httpx.Client) -> None:
    """§5."""
    assert http.put("/graphs/untold", content=FORMATS["application/rdf+xml"]).status_code == 201
    assert triples(http, "/graphs/untold") == {"<urn:a> <urn:b> <urn:c> ."}
    wrong = http.put("/graphs/untold", content=FORMATS["text/turtle"])
    assert (wrong.status_code, kind(wrong)) == (400, "malformed-graph")
    assert "without a Content-Type this is read as RDF/XML" in wrong.json()["detail"]


def test_line_ends_of_rdf_xml_are_read_as_xml_has_them(http: httpx.Client) -> None:
    """XML 1.0 §2.11."""
    document = FORMATS["application/rdf+xml"].replace(
        '<u:b rdf:resource="urn:c"/>', "<u:b>a\r\nb&#xD;c</u:b>"
    )
    headers = {"Content-Type": "application/rdf+xml"}
    assert http.put("/graphs/ends", content=document, headers=headers).is_success
    assert triples(http, "/graphs/ends") == {'<urn:a> <urn:b> "a\\nb\\rc" .'}


def test_nothing_posted_to_a_graph_is_answered_with_nothing(http: httpx.Client) -> None:
    """§5.5."""
    put(http, "/graphs/posted", "<urn:a> <urn:b> 1 .")
    assert http.post("/graphs/posted").status_code == 204


def test_a_patch_starts_its_relative_iris_where_its_graph_does(http: httpx.Client) -> None:
    put(http, "/graphs/based", "<> <urn:p> 1 .")
    update = {"Content-Type": "application/sparql-update"}
    text = "INSERT { <> <urn:q> 2 } WHERE { <> <urn:p> 1 }"
    assert http.patch("/graphs/based", content=text, headers=update).status_code == 204
    assert len({line.split()[0] for line in triples(http, "/graphs/based")}) == 1


def test_who_packs_a_graph_is_told_that_none_is_unpacked(http: httpx.Client) -> None:
    headers = {**TURTLE, "Content-Encoding": "gzip"}
    response = http.put("/graphs/x", content=b"", headers=headers)
    assert (response.status_code, response.headers["accept-encoding"]) == (415, "identity")
