"""The servers, each started as its documentation says, and the memory that they take."""

from __future__ import annotations

import contextlib
import http.client
import re
import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from environment import prepare
from measure import BenchmarkError
from serving_http import upload

PEERS = "rdflib-endpoint 0.6.3 and oxigraph 0.5.13"
OXIGRAPH_IN_MEMORY = "oxigraph in memory"
_UNION = "--union-default-graph"
_PINS = Path(__file__).parent / "requirements-peers.txt"
_FORKING = 0.3  # seconds in which a server may still start processes that share its memory
_PATIENCE = 300.0  # seconds to load the graph
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")


@dataclass
class Server:
    """A server that runs and has loaded the graph.

    Attributes:
        path: where it answers queries.
        settings: what it was told, for the report.
        loading: seconds from its start until it had loaded the graph.
        loaded: MiB of all its processes at that moment.
    """

    name: str
    process: subprocess.Popen[bytes]
    port: int
    path: str
    settings: str
    loading: float
    loaded: float = 0.0

    def stop(self) -> None:
        """End it; what it has started is its own to end."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def memory(self) -> float:
        """The memory of all its processes in MiB; what they share counts once (PSS)."""
        return sum(_pss(process) for process in _tree(self.process.pid)) / 1024


# Takes the Python of the peers, the graph, and a folder for logs and data.
Start = Callable[[Path, Path, Path], Server]


@contextlib.contextmanager
def ours(graph: Path, work: Path, *options: str) -> Iterator[Server]:
    """Have ours running by itself, with the graph loaded."""
    server = start_ours(work, graph, work, *options)
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def running(
    folder: Path, work: Path, graph: Path, starts: Sequence[Start]
) -> Iterator[list[Server]]:
    """Have servers running with the graph loaded."""
    python = prepare(folder / "peers-venv", _PINS, PEERS, "build")
    with contextlib.ExitStack() as stack:
        servers: list[Server] = []
        for begin in starts:
            servers.append(begin(python, graph, work))
            time.sleep(_FORKING)
            servers[-1].loaded = servers[-1].memory()
            stack.callback(servers[-1].stop)
            print(f"{servers[-1].name} loaded in {servers[-1].loading:.1f} s", file=sys.stderr)
        yield servers


def start_ours(_: Path, graph: Path, work: Path, *options: str) -> Server:
    """Start smegraph with its default settings; its log goes into a file."""
    command = [sys.executable, "-m", "smegraph", "serve", "--dataset", str(graph), "--port", "0"]
    command += options
    begun = time.perf_counter()
    with (work / "smegraph.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    assert process.stdout is not None
    readable = select.select([process.stdout], [], [], _PATIENCE)[0]
    line = process.stdout.readline().decode() if readable else ""
    if not (found := _ADDRESS.search(line)):
        process.kill()
        log_text = (work / "smegraph.log").read_text(encoding="utf-8", errors="replace")
        raise BenchmarkError(f"smegraph did not start: {line!r}\n{log_text[-2000:]}")
    settings = " ".join(("as it comes: the graph in memory, logs on", *options))
    server = Server("smegraph", process, int(found[1]), "/sparql", settings, 0.0)
    try:
        _wait_until_ready(server)
    except BenchmarkError:
        server.stop()
        raise
    server.loading = time.perf_counter() - begun
    return server


def _wait_until_ready(server: Server) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", "/ready")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.02)
    raise BenchmarkError(f"{server.name} is not ready after {_PATIENCE:.0f} s.")


def start_rdflib_endpoint(python: Path, graph: Path, work: Path) -> Server:
    """Start rdflib-endpoint by its command line."""
    port = free_port()
    program = str(python.with_name("rdflib-endpoint"))
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(graph)]
    process, loading = start(command, port, work / "rdflib-endpoint.log")
    settings = "as it comes: rdflib's store in memory, uvloop and httptools, logs on"
    return Server("rdflib-endpoint", process, port, "/", settings, loading)


def start_oxigraph(python: Path, graph: Path, work: Path) -> Server:
    """Start the oxigraph server and load the graph by the Graph Store Protocol.

    In memory it answers about twice as many point queries as from disk.
    """
    return _oxigraph(python, work, graph, "/store?default", "application/n-triples")


def start_oxigraph_union(python: Path, graph: Path, work: Path) -> Server:
    """Start the oxigraph server as it keeps a dataset, on disk, with the union as default graph."""
    folder = work / "oxigraph"
    shutil.rmtree(folder, ignore_errors=True)
    options = ("--location", str(folder), _UNION)
    server = _oxigraph(python, work, graph, "/store", "application/n-quads", *options)
    server.settings = f"on disk, {_UNION}"
    return server


def start_oxigraph_union_in_memory(python: Path, graph: Path, work: Path) -> Server:
    """Start the oxigraph server without a place on disk: what it is given ends with it.

    It answers scans and joins three to six times as fast as from disk.
    """
    server = _oxigraph(python, work, graph, "/store", "application/n-quads", _UNION)
    server.name, server.settings = OXIGRAPH_IN_MEMORY, f"kept nowhere, {_UNION}"
    return server


def _oxigraph(
    python: Path, work: Path, graph: Path, target: str, media_type: str, *options: str
) -> Server:
    port = free_port()
    command = [str(python.with_name("oxigraph")), "serve", "--bind", f"127.0.0.1:{port}", *options]
    process, loading = start(command, port, work / "oxigraph.log")
    server = Server("oxigraph", process, port, "/query", "the graph in memory", loading)
    try:
        server.loading += upload(port, target, graph, media_type)
    except BenchmarkError:
        server.stop()
        raise
    return server


def start(
    command: list[str], port: int, log: Path, folder: Path | None = None
) -> tuple[subprocess.Popen[bytes], float]:
    """Start a server, in a folder, that takes connections when it has loaded its files."""
    begun = time.perf_counter()
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, cwd=folder)
    while time.perf_counter() - begun < _PATIENCE and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return process, time.perf_counter() - begun
        time.sleep(0.05)
    process.kill()
    text = log.read_text(encoding="utf-8", errors="replace")
    raise BenchmarkError(f"{command[0]} did not start:\n{text[-2000:]}")


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _tree(root: int) -> list[int]:
    """A process and all that it has started, and these have."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found = [root]
    for process in found:  # It grows while it is read.
        found += parents.get(process, [])
    return found


def _pss(process: int) -> int:
    """The proportional share of memory of a process in KiB; 0 if it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
