"""The real service as a process, on a dataset made for the storm."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.storm import dataset
from tests.storm.processes import MARK, marked

ROOT = Path(__file__).parents[2]


@dataclass
class Service:
    """A process that serves, its address, and its log."""

    process: subprocess.Popen[str]
    port: int
    mark: str
    log: Path
    spool: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pids(self) -> set[int]:
        return marked(self.mark)

    def client(self, **named: object) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=60, **named)  # type: ignore[arg-type]


@contextmanager
def serving(folder: Path, *arguments: str | Path) -> Iterator[Service]:
    """`smegraph serve` with all its processes, which are ended whatever happens."""
    mark, log, spool = uuid.uuid4().hex, folder / "log", folder / "spool"
    variables = {**os.environ, "PYTHONPATH": str(ROOT / "src"), MARK: mark}
    command = [sys.executable, "-m", "smegraph", "serve", "--port", "0", "--log-format", "json"]
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*command, "--spool", str(spool), *map(str, arguments)],
            cwd=ROOT, env=variables, text=True, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://" in line, log.read_text()
        address = next(word for word in line.split() if word.startswith("http://"))
        yield Service(process, int(address.rstrip("/").rsplit(":", 1)[1]), mark, log, spool)
    finally:
        for pid in [process.pid, *marked(mark)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.communicate()


Serve = Callable[..., Service]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts services; arguments are those of the command."""
    with ExitStack() as stack:

        def start(*arguments: str | Path) -> Service:
            folder = tmp_path_factory.mktemp("service")
            return stack.enter_context(serving(folder, *arguments))

        yield start


@pytest.fixture(scope="session")
def triples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty thousand statements as N-Triples."""
    return dataset.write(tmp_path_factory.mktemp("dataset") / "storm.nt")
