"""Ask one point query after the other, never one twice; print each one's fate as JSON.

Run as ``python -m tests.storm.well_behaved PORT``; it ends when its input does. It is a process of
its own, so that its figures are those of the service and not of the load.
"""

from __future__ import annotations

import http.client
import json
import select
import sys
import time
from typing import Final
from urllib.parse import quote

from tests.storm.dataset import SUBJECTS, point

_EVERY: Final = 0.02
_STEP: Final = 7919  # a prime: every subject has its turn, in no order


def ask(port: int) -> list[tuple[float, float, int, bool]]:
    """Return of each question: when it was sent, seconds until its answer, status, is it right."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    begin = time.perf_counter()
    fates = []
    number = 0
    ended = False
    while not ended:
        number += 1
        sent = time.perf_counter() - begin
        query, answer = point(number * _STEP % SUBJECTS)
        connection.request("GET", f"/sparql?query={quote(query)}", headers={"Accept": "text/csv"})
        response = connection.getresponse()
        body = response.read()
        took = time.perf_counter() - begin - sent
        fates.append((sent, took, response.status, body == answer))
        pause = max(0.0, sent + _EVERY - (time.perf_counter() - begin))
        ended = bool(select.select([sys.stdin], [], [], pause)[0])
    connection.close()
    return fates


if __name__ == "__main__":
    print(json.dumps(ask(int(sys.argv[1]))))
