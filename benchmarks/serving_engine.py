"""The engine alone, in a process of its own: the time of a query without a server around it.

As a program (`python serving_engine.py GRAPH`) it loads a file of N-Triples into memory, says
"ready", and for each line, a query in JSON, prints the seconds that it took to evaluate and to
serialise.
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

    def __init__(self, graph: Path, log: Path) -> None:
        """Start the process and load the graph."""
        self._log = log
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(graph)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._line()

    def ask(self, text: str) -> float:
        """Return the seconds that a query took, into JSON or N-Triples."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        return float(self._line())

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        if not (line := self._process.stdout.readline()):
            raise BenchmarkError(f"{self.name} has ended: {self._log.read_text()[-2000:]}")
        return line.strip()


def _main() -> None:
    from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store

    store = Store()
    store.bulk_load(path=sys.argv[1], format=RdfFormat.N_TRIPLES)
    print("ready", flush=True)
    for line in sys.stdin:
        text = json.loads(line)
        begun = time.perf_counter()
        result = store.query(text)
        if isinstance(result, QueryTriples):
            result.serialize(format=RdfFormat.N_TRIPLES)
        else:
            result.serialize(format=QueryResultsFormat.JSON)
        print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    _main()
