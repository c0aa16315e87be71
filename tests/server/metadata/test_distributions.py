"""The files of a release as DCAT distributions."""

from __future__ import annotations

from pyoxigraph import NamedNode

from smegraph.export.listing import DataFile
from smegraph.namespaces import PREFIXES
from smegraph.server.metadata.distributions import distributions

DATASET = NamedNode("http://localhost/sparql#dataset")
FILES = [
    DataFile("smegraph.trig", 12, "ab" * 32, "application/trig; charset=utf-8", "All graphs"),
    DataFile("turtle/one.ttl", 7, "cd" * 32, "text/turtle; charset=utf-8", "One graph"),
    DataFile("questions/a/b.rq", 3, "ef" * 32, "application/sparql-query", "A question"),
]


def test_rdf_files_are_distributions_with_size_digest_media_type_and_licence() -> None:
    told = distributions(FILES, DATASET, "http://localhost")
    dcat = PREFIXES["dcat"]
    nodes = [t.object for t in told if t.predicate.value == dcat + "distribution"]
    assert len(nodes) == 2
    (first,) = (t.subject for t in told if str(t.object).startswith('"All graphs"'))
    said = {t.predicate.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]: t.object for t in told
            if t.subject == first}  # fmt: skip
    assert said["byteSize"].value == "12"
    assert said["mediaType"].value.endswith("/application/trig")
    assert said["downloadURL"].value == "http://localhost/data/smegraph.trig"
    assert said["license"].value.startswith("https://creativecommons.org/")
    (sha256,) = (t.object for t in told if t.subject == said["checksum"]
                 and t.predicate.value.endswith("checksumValue"))  # fmt: skip
    assert sha256.value == "ab" * 32


def test_the_dump_is_the_file_with_all_graphs() -> None:
    told = distributions(FILES, DATASET, "http://localhost")
    dumps = [t.object.value for t in told if t.predicate.value == PREFIXES["void"] + "dataDump"]
    assert dumps == ["http://localhost/data/smegraph.trig"]


def test_data_without_files_have_no_distributions() -> None:
    assert distributions([], DATASET, "http://localhost") == []
