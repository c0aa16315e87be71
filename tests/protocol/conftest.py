"""Services for the W3C's SPARQL 1.1 Protocol tests (w3c/rdf-tests, sparql/sparql11/protocol)."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from smegraph.namespaces import PREFIXES
from smegraph.server.dataset.access_tokens import TokenFile
from tests.server.conftest import answering

DATA = "http://kasei.us/2009/09/sparql/data/"
NAMES = ("data0.rdf", "data1.rdf", "data2.rdf", "data3.rdf")


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a read-only service; each of the suite's graphs calls itself a document."""
    file = tmp_path_factory.mktemp("protocol") / "data.nq"
    kind = f"<{PREFIXES['rdf']}type> <{PREFIXES['foaf']}Document>"
    file.write_text("".join(f"<{DATA}{name}> {kind} <{DATA}{name}> .\n" for name in NAMES))
    with answering(dataset=file) as http:
        yield http


@pytest.fixture(scope="session")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client, with a token for updates, of a service over a dataset that takes them."""
    folder = tmp_path_factory.mktemp("writable")
    with answering(dataset=folder, writable=True) as http:
        http.headers["Authorization"] = f"Bearer {TokenFile(folder).create(['update'])}"
        yield http
