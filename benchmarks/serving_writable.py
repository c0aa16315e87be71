"""Ours with a dataset that takes updates, new for each run, with graphs that are put into it."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from measure import BenchmarkError
from serving_http import upload
from serving_servers import Server, ours

_SCOPES = ("--scope", "update", "--scope", "graph-store")


@dataclass(frozen=True)
class Writable:
    """A server, the token that permits changes, and the seconds that the graphs took."""

    server: Server
    token: str
    loading: float


@contextlib.contextmanager
def writable(work: Path, graphs: Mapping[str, Path]) -> Iterator[Writable]:
    """Have it running with a file of N-Triples in each graph."""
    dataset = work / "dataset"
    shutil.rmtree(dataset, ignore_errors=True)
    token = _token(dataset)
    with ours(dataset, work, "--writable") as server:
        loading = 0.0
        for graph, file in graphs.items():
            target = f"/graphs?graph={quote(graph, safe='')}"
            loading += upload(server.port, target, file, "application/n-triples", token)
        yield Writable(server, token, loading)


def _token(dataset: Path) -> str:
    command = [sys.executable, "-m", "smegraph", "token", "--dataset", str(dataset), *_SCOPES]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"There is no token: {done.stderr[-2000:]}")
    return done.stdout.strip()
