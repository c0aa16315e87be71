"""The engine alone, in a process of its own: the time of a query without a server around it.

As a program (`python serving_engine.py GRAPH [--union]`) it loads a file of N-Triples or N-Quads
into memory, says "ready", and for each line, a query in JSON, prints the seconds that it took to
evaluate and to serialise; for a query in a list, the result in JSON. With --union the default graph
is the union of all graphs, by the engine's own switch.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from measure import BenchmarkError


class Engine:
    """pyoxigraph on a graph in memory, as smegraph calls it."""

    name = "pyoxigraph alone"

    def __init__(self, graph: Path, log: Path, *options: str) -> None:
        """Start the process and load the graph."""
        self._log = log
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(graph), *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._line()

    def ask(self, text: str) -> float:
        """Return the seconds that a query took, into JSON or N-Triples."""
        return float(self._tell(text))

    def answer(self, text: str) -> bytes:
        """Return the result of a SELECT in JSON."""
        return self._tell([text]).encode()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _tell(self, message: str | list[str]) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        if not (line := self._process.stdout.readline()):
            raise BenchmarkError(f"{self.name} has ended: {self._log.read_text()[-2000:]}")
        return line.strip()


def _main() -> None:
    from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store

    path, *options = sys.argv[1:]
    store = Store()
    store.bulk_load(path=path, format=RdfFormat.from_extension(path.rpartition(".")[2]))
    print("ready", flush=True)
    for line in sys.stdin:
        message = json.loads(line)
        text = message if isinstance(message, str) else message[0]
        begun = time.perf_counter()
        result = store.query(text, use_default_graph_as_union="--union" in options)
        if isinstance(result, QueryTriples):
            body = result.serialize(format=RdfFormat.N_TRIPLES)
        else:
            body = result.serialize(format=QueryResultsFormat.JSON)
        seconds = time.perf_counter() - begun
        print(seconds if isinstance(message, str) else (body or b"").decode(), flush=True)


if __name__ == "__main__":
    _main()
