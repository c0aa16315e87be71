"""Ask one point query after the other, never one twice; print each one's fate as JSON.

Run as ``python -m tests.storm.well_behaved PORT SECONDS``. It is a process of its own, so that its
figures are those of the service and not of the load.
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from typing import Final
from urllib.parse import quote

from tests.storm.dataset import SUBJECTS, point

_EVERY: Final = 0.02
_STEP: Final = 7919  # a prime: every subject has its turn, in no order


def ask(port: int, seconds: float) -> list[tuple[float, float, int, bool]]:
    """Return of each question: when it was sent, seconds until its answer, status, is it right."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    begin = time.perf_counter()
    fates = []
    number = 0
    while (sent := time.perf_counter() - begin) < seconds:
        number += 1
        query, answer = point(number * _STEP % SUBJECTS)
        connection.request("GET", f"/sparql?query={quote(query)}", headers={"Accept": "text/csv"})
        response = connection.getresponse()
        body = response.read()
        took = time.perf_counter() - begin - sent
        fates.append((sent, took, response.status, body == answer))
        time.sleep(max(0.0, sent + _EVERY - (time.perf_counter() - begin)))
    connection.close()
    return fates


if __name__ == "__main__":
    print(json.dumps(ask(int(sys.argv[1]), float(sys.argv[2]))))
