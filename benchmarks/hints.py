"""What hints cost a query whose terms are known: this code beside another checkout's, over HTTP.

    python benchmarks/hints.py RELEASE --other CHECKOUT [--requests N]

Both serve the same release at once and are asked by turns over one connection each, the first one
changing from round to round, so that a busy machine weighs on both. Each text is new, so that no
cache answers. Printed are the medians in microseconds, and the ratio with half of what it may be
off (the interval of 95 % from resampling the rounds). It is run by hand: no mark depends on it.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import select
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from measure import BenchmarkError

_ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:(\d+)/")
_PATIENCE: Final = 120.0  # seconds
_WARM: Final = 100  # rounds that are not counted
_RESAMPLED: Final = 500
_PREFIXES: Final = (
    "PREFIX sme: <https://w3id.org/smegraph/ontology#>\n"
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
)
# A number takes the place of %d, so that no text comes twice.
QUERIES: Final = {
    "one pattern": "SELECT ?firm { ?firm a sme:Firm } LIMIT %d",
    "a label": 'SELECT ?x { ?x rdfs:label "LinkedIn" } LIMIT %d',
    "four patterns": (
        "SELECT ?firm ?year ?share { ?x sme:ofFirm/rdfs:label ?firm ; sme:year ?year ;"
        " sme:exportIntensity ?share } ORDER BY ?firm LIMIT %d"
    ),
    "declared prefixes": _PREFIXES
    + 'SELECT ?x { ?x a sme:Platform ; rdfs:label ?l FILTER(CONTAINS(?l, "Face")) } LIMIT %d',
}


@contextmanager
def serving(checkout: Path, release: Path) -> Iterator[http.client.HTTPConnection]:
    """Have a checkout's code serve a release; yields a connection to it."""
    command = [sys.executable, "-m", "smegraph", "serve", "--dataset", str(release), "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(checkout / "src")}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        assert process.stdout is not None
        ready = select.select([process.stdout], [], [], _PATIENCE)[0]
        found = _ADDRESS.search(process.stdout.readline().decode() if ready else "")
        if found is None:
            raise BenchmarkError(f"{checkout} does not serve {release}.")
        yield http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=_PATIENCE)
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def ask(connection: http.client.HTTPConnection, query: str) -> float:
    """Return how long an answer takes, in microseconds."""
    target = "/sparql?" + urlencode({"query": query})
    begun = time.perf_counter()
    connection.request("GET", target, headers={"Accept": "text/csv"})
    response = connection.getresponse()
    response.read()
    took = (time.perf_counter() - begun) * 1e6
    if response.status != 200 or response.headers["X-Cache"] != "miss":
        raise BenchmarkError(f"{response.status} {response.headers['X-Cache']} for {query}")
    if response.headers["Smegraph-Hint"]:
        raise BenchmarkError(f"{query} has a hint: {response.headers['Smegraph-Hint']}")
    return took


def rounds(
    ours: http.client.HTTPConnection, other: http.client.HTTPConnection, query: str, number: int
) -> list[tuple[float, float]]:
    """Return the times of both for each round; who is asked first changes."""
    found = []
    for turn in range(_WARM + number):
        text = query % (1000 + turn)
        if turn % 2:
            first, second = ask(ours, text), ask(other, text)
        else:
            second, first = ask(other, text), ask(ours, text)
        found.append((first, second))
    return found[_WARM:]


def ratio(times: list[tuple[float, float]]) -> float:
    """Return the median of ours by the median of the other's."""
    ours, other = zip(*times, strict=True)
    return statistics.median(ours) / statistics.median(other)


def uncertainty(times: list[tuple[float, float]]) -> float:
    """Return half of the interval in which the ratio lies, of 95 % (bootstrap)."""
    chance = random.Random(1)
    again = sorted(ratio(chance.choices(times, k=len(times))) for _ in range(_RESAMPLED))
    return (again[int(_RESAMPLED * 0.975)] - again[int(_RESAMPLED * 0.025)]) / 2


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure hints.", allow_abbrev=False)
    parser.add_argument("release", type=Path, help="a release, or another dataset of smegraph's")
    parser.add_argument("--other", type=Path, required=True, help="the checkout to compare with")
    parser.add_argument("--requests", type=int, default=1000, help="for each query and each code")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        here = Path(__file__).resolve().parent.parent
        ours = stack.enter_context(serving(here, arguments.release))
        other = stack.enter_context(serving(arguments.other.resolve(), arguments.release))
        for name, query in QUERIES.items():
            times = rounds(ours, other, query, arguments.requests)
            first, second = (statistics.median(column) for column in zip(*times, strict=True))
            print(
                f"{name}: {first:.0f} µs, {second:.0f} µs without hints, "
                f"ratio {ratio(times):.3f} ± {uncertainty(times):.3f}"
            )


if __name__ == "__main__":
    main()
