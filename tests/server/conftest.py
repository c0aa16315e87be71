"""A small release shaped like the real ones, and a server that answers for it over HTTP."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from pyoxigraph import NamedNode, RdfFormat, Store

from smegraph.namespaces import PREFIXES
from smegraph.server import Settings, create_app
from smegraph.server.http.protocol import uvicorn_config

HEAD = "".join(f"@prefix {prefix}: <{start}> .\n" for prefix, start in PREFIXES.items())

FINNISH = """
id:work-finnish a sme:SourceDocument ; rdfs:label "Two Finnish software firms" .
id:firm-finnish-a a sme:Firm ; rdfs:label "Firm A" ; sme:founded 2014 .
id:firm-finnish-b a sme:Firm ; rdfs:label "Firm B" ; sme:founded 2015 .
id:firm-year-a-2018 a sme:FirmObservation ; sme:ofFirm id:firm-finnish-a ; sme:year 2018 ;
    sme:turnover 80000.0 ; sme:exports 32000.0 ; sme:reportedIn id:work-finnish .
id:firm-year-a-2019 a sme:FirmObservation ; sme:ofFirm id:firm-finnish-a ; sme:year 2019 ;
    sme:turnover 160000.0 ; sme:exports 112000.0 ; sme:reportedIn id:work-finnish .
id:firm-year-b-2018 a sme:FirmObservation ; sme:ofFirm id:firm-finnish-b ; sme:year 2018 ;
    sme:headcount 7 ; sme:reportedIn id:work-finnish .
id:facebook a sme:Platform ; rdfs:label "Facebook" .
"""

ARNONE = """
id:work-arnone-deprince a sme:SourceDocument ; rdfs:label "Arnone & Deprince" .
id:firm-cuberdon a sme:Firm ; rdfs:label "Cuberdon" ; sme:product "<b>\\"nez\\" & co</b>" .
id:use-cuberdon-facebook a sme:PlatformUse ; sme:ofFirm id:firm-cuberdon ;
    sme:onChannel id:facebook ; sme:reportedIn id:work-arnone-deprince .
id:facebook a sme:Platform .
"""

GRAPHS = {"study-finnish": FINNISH, "work-arnone-deprince": ARNONE}

QUESTION = """\
# title: Which firms does the graph know & <b>name</b>?
# answer: three
SELECT ?name WHERE { ?firm a sme:Firm ; rdfs:label ?name } ORDER BY ?name
"""


def write_release(folder: Path) -> Path:
    """Write a release with two studies' graphs and one question into a folder."""
    store = Store(str(folder / "store"))
    for name, turtle in GRAPHS.items():
        graph = NamedNode(PREFIXES["graph"] + name)
        store.load(HEAD + turtle, format=RdfFormat.TURTLE, to_graph=graph)
    store.flush()
    del store
    (folder / "manifest.json").write_text(json.dumps({"version": "1.2.3"}))
    (folder / "report.json").write_text("{}")
    (folder / "questions" / "small-firms").mkdir(parents=True)
    (folder / "questions" / "small-firms" / "known.rq").write_text(QUESTION)
    return folder


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("release"))


@contextmanager
def answering(**settings: Any) -> Iterator[httpx.Client]:
    """A client of a real service, with its worker processes, on a free port of this machine."""
    named = Settings(**{"port": 0, "workers": 2, **settings})
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn_config(create_app(named), named))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive(), "the server does not start"
        assert time.monotonic() < deadline, "the server does not start in time"
        time.sleep(0.01)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with httpx.Client(base_url=address, timeout=60) as http:
        yield http
    server.should_exit = True
    thread.join(60)


@pytest.fixture(scope="session")
def service(release: Path) -> Iterator[httpx.Client]:
    """A client of the small release's service."""
    with answering(dataset=release) as http:
        yield http


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[..., httpx.Client]]:
    """Serves a release, or what other settings name, while a file's tests last.

    It returns a client of the service.
    """
    with ExitStack() as stack:

        def start(release: Path, **settings: Any) -> httpx.Client:
            return stack.enter_context(answering(dataset=release, **settings))

        yield start
