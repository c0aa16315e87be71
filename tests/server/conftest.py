"""A small release shaped like the real ones, and a server that answers for it over HTTP."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pyoxigraph import NamedNode, RdfFormat, Store

from smegraph.prefixes import PREFIXES
from smegraph.server import create_app

HEAD = "".join(f"@prefix {prefix}: <{start}> .\n" for prefix, start in PREFIXES.items())

FINNISH = """
id:work-finnish a sme:Study ; rdfs:label "Two Finnish software firms" .
id:firm-finnish-a a sme:Firm ; rdfs:label "Firm A" ; sme:founded 2014 .
id:firm-finnish-b a sme:Firm ; rdfs:label "Firm B" ; sme:founded 2015 .
id:firm-year-a-2018 a sme:FirmYear ; sme:ofFirm id:firm-finnish-a ; sme:year 2018 ;
    sme:turnover 80000.0 ; sme:exports 32000.0 ; sme:reportedIn id:work-finnish .
id:firm-year-a-2019 a sme:FirmYear ; sme:ofFirm id:firm-finnish-a ; sme:year 2019 ;
    sme:turnover 160000.0 ; sme:exports 112000.0 ; sme:reportedIn id:work-finnish .
id:firm-year-b-2018 a sme:FirmYear ; sme:ofFirm id:firm-finnish-b ; sme:year 2018 ;
    sme:headcount 7 ; sme:reportedIn id:work-finnish .
id:facebook a sme:Platform ; rdfs:label "Facebook" .
"""

ARNONE = """
id:work-arnone-deprince a sme:Study ; rdfs:label "Arnone & Deprince"@en .
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
    (folder / "questions").mkdir()
    (folder / "questions" / "firms.rq").write_text(QUESTION)
    return folder


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("release"))


@contextmanager
def answering(app: FastAPI) -> Iterator[httpx.Client]:
    """A client of a real server on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the server does not start"
        time.sleep(0.01)
    with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as http:
        yield http
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def service(release: Path) -> Iterator[httpx.Client]:
    """A client of the small release's service."""
    with answering(create_app(release)) as http:
        yield http


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], httpx.Client]]:
    """Serves a release and returns a client of it."""
    with ExitStack() as stack:
        yield lambda release: stack.enter_context(answering(create_app(release)))
