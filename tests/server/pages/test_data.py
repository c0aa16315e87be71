"""`/data`: a release's files as RFC 9110 and RFC 9530 want them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.conftest import answering, write_release

NAME = "turtle/one.ttl"
BODY = ("<urn:a> <urn:b> <urn:c> .\n" * 200).encode()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    release = write_release(tmp_path_factory.mktemp("data"))
    files = {NAME: BODY, "context.jsonld": b'{"@context": {}}\n', "smegraph.trig": b""}
    for name, data in files.items():
        (release / name).parent.mkdir(exist_ok=True)
        (release / name).write_bytes(data)
    listed = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
    }
    (release / "manifest.json").write_text(json.dumps({"version": "1.2.3", "files": listed}))
    with answering(dataset=release) as http:
        yield http


def digest(data: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


def raw(client: httpx.Client, **headers: str) -> httpx.Response:
    told = {"Accept-Encoding": "identity"} | {n.replace("_", "-"): v for n, v in headers.items()}
    return client.get(f"/data/{NAME}", headers=told)


def test_the_list_is_a_page_and_json(client: httpx.Client) -> None:
    page = client.get("/data", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert f'href="/data/{NAME}"' in page.text
    assert 'href="/data"' in client.get("/").text
    for path, accept in (("/data", "application/json"), ("/data.json", "*/*")):
        told = client.get(path, headers={"Accept": accept}).json()
        found = {one["name"]: one for one in told["files"]}
        assert {"manifest.json", NAME} <= found.keys()
        assert found[NAME]["sha256"] == hashlib.sha256(BODY).hexdigest()
        assert found[NAME]["bytes"] == len(BODY)
        assert found[NAME]["mediaType"] == "text/turtle"
        assert client.get(found[NAME]["url"]).content == BODY


def test_a_file_comes_with_name_digest_and_tag(client: httpx.Client) -> None:
    found = raw(client)
    assert (found.status_code, found.content) == (200, BODY)
    assert found.headers["content-type"] == "text/turtle; charset=utf-8"
    assert found.headers["content-disposition"] == 'attachment; filename="one.ttl"'
    assert found.headers["repr-digest"] == digest(BODY)
    assert found.headers["etag"] == f'"{hashlib.sha256(BODY).hexdigest()}"'
    assert found.headers["accept-ranges"] == "bytes"
    assert "content-encoding" not in found.headers
    head = client.head(f"/data/{NAME}", headers={"Accept-Encoding": "identity"})
    assert (head.content, head.headers["content-length"]) == (b"", str(len(BODY)))


def test_who_has_it_is_told_so(client: httpx.Client) -> None:
    for coding in ("identity", "gzip"):
        tag = raw(client, Accept_Encoding=coding).headers["etag"]
        again = raw(client, Accept_Encoding=coding, If_None_Match=tag)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_parts_are_answered(client: httpx.Client) -> None:
    part = raw(client, Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, BODY[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(BODY)}"
    assert part.headers["repr-digest"] == digest(BODY)
    assert raw(client, Range="bytes=-5").content == BODY[-5:]
    several = raw(client, Range="bytes=0-1,5-6")
    assert several.status_code == 206
    assert several.headers["content-type"].startswith("multipart/byteranges")
    beyond = raw(client, Range="bytes=999999-")
    assert beyond.status_code == 416
    assert beyond.headers["content-range"] == f"bytes */{len(BODY)}"
    assert raw(client, Range="lines=1-2").status_code == 200


def test_a_part_of_something_else_is_not_answered(client: httpx.Client) -> None:
    tag = raw(client).headers["etag"]
    assert raw(client, Range="bytes=0-1", If_Range=tag).status_code == 206
    assert raw(client, Range="bytes=0-1", If_Range='"another"').status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_file_is_encoded_where_that_is_asked_for(client: httpx.Client, coding: str) -> None:
    with client.stream("GET", f"/data/{NAME}", headers={"Accept-Encoding": coding}) as found:
        data = b"".join(found.iter_raw())
    assert found.headers["content-encoding"] == coding
    assert found.headers["repr-digest"] == digest(data)
    assert found.headers["etag"] != raw(client).headers["etag"]
    assert len(data) < len(BODY) / 5
    if coding == "gzip":
        assert gzip.decompress(data) == BODY


def test_the_context_has_an_address_of_its_own(client: httpx.Client) -> None:
    found = client.get("/context.jsonld")
    assert (found.status_code, found.json()) == (200, {"@context": {}})
    assert found.headers["content-type"] == "application/ld+json"


@pytest.mark.parametrize("name", ["turtle/on.ttl", "../report.json", "report.json", "store/LOCK"])
def test_nothing_else_of_the_folder_is_given_out(client: httpx.Client, name: str) -> None:
    found = client.get(f"/data/{name.replace('..', '%2e%2e')}")
    assert found.status_code == 404
    assert found.headers["content-type"] == "application/problem+json"


def test_a_wrong_name_is_told_with_the_nearest(client: httpx.Client) -> None:
    assert f'Did you mean "{NAME}"?' in client.get("/data/turtle/on.ttl").json()["detail"]


def test_the_files_stand_in_the_description_of_the_dataset(client: httpx.Client) -> None:
    from rdflib import Graph, Namespace, URIRef

    dcat, void = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://rdfs.org/ns/void#")
    base = str(client.base_url).rstrip("/")
    for path in ("/.well-known/void", "/sparql"):
        told = Graph().parse(
            data=client.get(path, headers={"Accept": "text/turtle"}).text, format="turtle"
        )
        dataset = URIRef(f"{base}/sparql#dataset")
        assert [*told.objects(dataset, void.dataDump)] == [URIRef(f"{base}/data/smegraph.trig")]
        sizes = {
            str(told.value(one, dcat.downloadURL)): int(str(told.value(one, dcat.byteSize)))
            for one in told.objects(dataset, dcat.distribution)
        }
        assert sizes == {f"{base}/data/{NAME}": len(BODY), f"{base}/data/smegraph.trig": 0}


def test_a_release_without_a_list_has_no_data(
    tmp_path: Path, serve: Callable[[Path], httpx.Client]
) -> None:
    client = serve(write_release(tmp_path))
    assert 'href="/data"' not in client.get("/").text
