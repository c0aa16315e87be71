"""What strangers upload becomes N-Triples, or is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from smegraph.server.dataset.errors import MalformedDocument
from smegraph.server.dataset.interface import Document
from smegraph.server.dataset.upload_process import convert
from smegraph.server.engine.errors import InsufficientStorage

BASE = "http://example.org/graphs/g"
TRIPLE = "<http://example.org/a> <http://example.org/b> <http://example.org/c> ."
RDF_XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
    '<rdf:Description rdf:about="http://example.org/a"><e:b rdf:resource="http://example.org/c"/>'
    "</rdf:Description></rdf:RDF>"
)


class Uploads:
    """Documents on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.output = folder / "out.nt"
        self._count = 0

    def document(self, text: str, media_type: str = "text/turtle", name: str = "") -> Document:
        self._count += 1
        path = self._folder / str(self._count)
        path.write_text(text)
        return str(path), media_type, name

    def converted(self, *documents: Document) -> list[str]:
        """The triples that come out, as N-Triples."""
        count = convert(documents, BASE, self.output)
        triples = [str(quad.triple) for quad in parse(path=self.output, format=RdfFormat.N_TRIPLES)]
        assert len(triples) == count
        return triples


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path)


@pytest.mark.parametrize(
    ("media_type", "text"),
    [
        ("text/turtle", TRIPLE),
        ("application/n-triples", TRIPLE),
        ("application/n-quads", TRIPLE),
        ("application/trig", f"{{ {TRIPLE} }}"),
        ("application/rdf+xml", RDF_XML),
        (
            "application/ld+json",
            '{"@id": "http://example.org/a", "http://example.org/b": '
            '{"@id": "http://example.org/c"}}',
        ),
    ],
)
def test_every_format_is_converted(uploads: Uploads, media_type: str, text: str) -> None:
    found = uploads.converted(uploads.document(text, media_type))
    assert found == [TRIPLE.removesuffix(" .")]


def test_documents_are_put_together_and_their_blank_nodes_kept_apart(uploads: Uploads) -> None:
    documents = [uploads.document("_:x <urn:p> 1 .") for _ in range(2)]
    assert len({triple.split()[0] for triple in uploads.converted(*documents)}) == 2


def test_blank_nodes_get_labels_that_nobody_could_guess(uploads: Uploads) -> None:
    document = uploads.document("_:x <urn:p> 1 .")
    assert uploads.converted(document) != uploads.converted(document)
    assert "_:x " not in uploads.output.read_text()


def test_relative_iris_start_at_the_graph(uploads: Uploads) -> None:
    (found,) = uploads.converted(uploads.document("<> <#p> <other> ."))
    assert found == f"<{BASE}> <{BASE}#p> <http://example.org/graphs/other>"


def test_no_document_makes_an_empty_file(uploads: Uploads) -> None:
    assert uploads.converted() == []


def test_a_fault_has_its_place_and_the_name_of_its_document(uploads: Uploads) -> None:
    document = uploads.document(f"{TRIPLE}\n<urn:a> <urn:b>", name="cities.ttl")
    with pytest.raises(MalformedDocument, match=r"^Line 2, column \d+: cities\.ttl: ") as caught:
        uploads.converted(document)
    assert caught.value.line == 2
    assert caught.value.column is not None
    assert caught.value.reason.startswith("cities.ttl: ")
    assert "Parser error" not in str(caught.value)


def test_named_graphs_are_refused_as_one_graph_is_addressed(uploads: Uploads) -> None:
    document = uploads.document(f"<urn:g> {{ {TRIPLE} }}", "application/trig")
    with pytest.raises(MalformedDocument, match="it holds named graphs"):
        uploads.converted(document)


def test_xml_entities_that_could_fill_the_memory_are_refused(uploads: Uploads) -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + RDF_XML
    with pytest.raises(MalformedDocument, match="entities are nested or long"):
        uploads.converted(uploads.document(bomb, "application/rdf+xml"))


def test_a_remote_json_ld_context_is_not_fetched(uploads: Uploads) -> None:
    remote = '{"@context": "http://127.0.0.1:9/context", "@id": "urn:a", "p": 1}'
    with pytest.raises(MalformedDocument, match="the JSON-LD context lies elsewhere"):
        uploads.converted(uploads.document(remote, "application/ld+json"))


def test_the_work_ends_where_less_is_left_on_the_disk_than_shall_stay_free(
    uploads: Uploads,
) -> None:
    with pytest.raises(InsufficientStorage):
        convert([uploads.document(TRIPLE)], BASE, uploads.output, keep_free=10**18)
