"""Harm a service in every way that clients can, for some seconds; print what came of it as JSON.

Run as ``python -m tests.storm.load PORT SECONDS SEED SHARE``. One process and one event loop, so
that the load takes little of the machine that the service has to share with it. The slow readers
begin; when all of them read, the others join them. A storm lasts until all of what makes it one
was done (a share of `LEAST`), however busy the machine is, and as long as was asked for at least.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import count
from typing import Final
from urllib.parse import quote

RUNAWAYS: Final = 8
HOGS: Final = 8
LEAVERS: Final = 100
SLOW: Final = 200
FUZZERS: Final = 10

# Over the fifty thousand statements of the dataset: an aggregate that takes minutes and little
# memory, a sort that takes all of it in a second, a text that takes all of it at once, a result of
# 2 MB, one without an end, and work for a minute.
RUNAWAY: Final = (
    "SELECT ?b (AVG(STRLEN(STR(?c))) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?b ORDER BY ?n"
)
HOG: Final = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
HOG_AT_ONCE: Final = (
    "SELECT (STRLEN(?t9) AS ?n) { ?a <http://x/name> ?t0 "
    + " ".join(f"BIND(CONCAT({', '.join([f'?t{i}'] * 8)}) AS ?t{i + 1})" for i in range(9))
    + " }"
)
LARGE: Final = "SELECT * { ?s ?p ?o }"
ENDLESS: Final = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
COMPUTING: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"

# What has to happen of each kind, whatever the rest of it comes to.
LEAST: Final[dict[tuple[str, ...], int]] = {
    ("runaway 503", "runaway 504"): RUNAWAYS,
    ("runaway 504",): 1,
    ("hog 503", "hog 504", "hog 507"): HOGS,
    ("hog 507",): 1,
    ("left answer",): LEAVERS,
    ("left computation",): LEAVERS,
    ("broken 400",): 300,
    ("broken 431",): 10,
    ("broken 414",): 10,
}
_PATIENCE: Final = 300.0  # seconds until what has not happened counts as missing
_DEADLINE: Final = 5  # seconds that a query has which the service cannot answer
_AGAIN: Final = 0.05  # seconds until what ended is asked again, Retry-After or not
_numbers = count()

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Client = Callable[[], Awaitable[None]]


class Storm:
    """The clients, and the tally of what they did and got."""

    def __init__(self, port: int, seed: int, share: float) -> None:
        self.port = port
        self.readers = math.ceil(share * SLOW)
        self.least = {names: math.ceil(share * n) for names, n in LEAST.items()}
        self.random = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.most_reading = 0
        self.reading = 0

    @asynccontextmanager
    async def connected(self, buffer: int = 0) -> AsyncIterator[Connection]:
        """A connection, cut off at the end; `buffer` are the bytes that the kernel takes ahead."""
        sock = socket.socket()
        sock.setblocking(False)
        if buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
        reader, writer = await asyncio.open_connection(sock=sock, limit=buffer or 2**16)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    def ask(self, writer: asyncio.StreamWriter, text: str, known: bool = False) -> None:
        """Send a query, which was never asked before unless it is to be known."""
        own = "" if known else f" # {next(_numbers)} {self.random.random()}"
        writer.write(request(text + own))

    async def heavy(self, kind: str, text: str, known: bool) -> None:
        """Ask for what the service cannot give."""
        async with self.connected() as (reader, writer):
            self.ask(writer, text, known)
            self.done[f"{kind} {await status(reader)}"] += 1

    async def leaver(self) -> None:
        """Ask, and go in the middle of the answer or of the computation."""
        text = self.random.choice((LARGE, ENDLESS, COMPUTING))
        async with self.connected() as (reader, writer):
            self.ask(writer, text)
            if text != COMPUTING:
                found = await status(reader)
                begun = found == 200 and await reader.read(1000)
                self.done[f"left {'answer' if begun else found}"] += 1
            else:
                found = await _within(self.random.uniform(0, 1), status(reader))
                self.done[f"left {found or 'computation'}"] += 1

    async def slow(self) -> None:
        """Ask for much, and take some hundred bytes of it in a second."""
        async with self.connected(buffer=2048) as (reader, writer):
            self.ask(writer, LARGE)
            found = await status(reader)
            self.done[f"slow {found}"] += 1
            if found == 200:
                await self._read_slowly(reader)

    async def _read_slowly(self, reader: asyncio.StreamReader) -> None:
        self.reading += 1
        self.most_reading = max(self.most_reading, self.reading)
        try:
            while await reader.read(400):
                await asyncio.sleep(1)
            self.done["slow broken"] += 1  # The whole would take an hour.
        finally:
            self.reading -= 1

    async def fuzzer(self) -> None:
        """Send what is no HTTP, or not quite."""
        async with self.connected() as (reader, writer):
            writer.write(self.random.choice(BROKEN)(self.random))
            if self.random.random() < 0.3:
                writer.write_eof()
            found = await _within(0.5, status(reader))
            self.done[f"broken {found or 'unanswered'}"] += 1

    @property
    def missing(self) -> dict[str, int]:
        """How often what makes a storm was done, of what was not done often enough."""
        times = {names: sum(self.done[name] for name in names) for names in self.least}
        few = {" or ".join(names): n for names, n in times.items() if n < self.least[names]}
        enough = self.most_reading >= self.readers
        return few if enough else {**few, "reading": self.most_reading}

    async def rage(self, seconds: float) -> None:
        """Let all of them go on for so long, and until nothing is missing."""
        tasks = [asyncio.ensure_future(self._again(self.slow, 1.0)) for _ in range(self.readers)]
        await _until(lambda: self.most_reading == self.readers, _PATIENCE)
        tasks += [asyncio.ensure_future(self._again(*client)) for client in self._clients()]
        await asyncio.sleep(seconds)
        await _until(lambda: not self.missing, _PATIENCE)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _clients(self) -> Iterator[tuple[Client, float]]:
        """Yield what each of the others does again and again, and about how long it pauses (s).

        Of what is heavy one half is always the same query, and the other half never is.
        """
        heavy = [("runaway", RUNAWAY)] * RUNAWAYS
        heavy += [("hog", text) for text in (HOG, HOG_AT_ONCE) for _ in range(HOGS // 2)]
        for i, (kind, text) in enumerate(heavy):
            yield partial(self.heavy, kind, text, i % 2 == 0), _AGAIN
        yield from [(self.leaver, 2.0)] * LEAVERS
        yield from [(self.fuzzer, 0.2)] * FUZZERS

    async def _again(self, client: Client, pause: float) -> None:
        """Let a client come back after each round; a broken connection is one."""
        await asyncio.sleep(self.random.uniform(0, pause))
        while True:
            try:
                await client()
            except OSError as error:
                self.done[f"connection {type(error).__name__}"] += 1
            await asyncio.sleep(self.random.uniform(0.5, 1.5) * pause)


async def _until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait until something holds, and no longer than that."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        await asyncio.sleep(0.1)


async def _within(seconds: float, work: Awaitable[int]) -> int:
    """Wait so long for something; 0 when it takes longer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            return await work
    return 0


def request(query: str) -> bytes:
    """Return what asks a query of the service."""
    return (
        f"GET /sparql?timeout={_DEADLINE}&query={quote(query)} HTTP/1.1\r\nHost: localhost\r\n"
        "Accept: text/csv\r\nAccept-Encoding: identity\r\n\r\n".encode()
    )


async def status(reader: asyncio.StreamReader) -> int:
    """Read the first line of a response and return its status; 0 when none comes."""
    line = (await reader.readline()).split()
    return int(line[1]) if len(line) > 1 and line[0].startswith(b"HTTP/") else 0


Broken = Callable[[random.Random], bytes]
_POST = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
_GET = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n"

BROKEN: Final[tuple[Broken, ...]] = (
    lambda chance: chance.randbytes(chance.randint(1, 5000)),
    lambda chance: b"GET /" + chance.randbytes(50) + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    lambda chance: b"GET /sparql?query=%" + chance.randbytes(3).hex().encode()
    + b"%FF%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    lambda chance: _GET + b"Host: a\r\n" + chance.randbytes(20) + b": x\r\n\r\n",
    lambda chance: _GET + b"Host: a\r\nAccept: " + chance.randbytes(200) + b"\r\n\r\n",
    lambda chance: _GET + b"Host: a\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    lambda chance: _GET + b"Host: a\r\n" + b"x: y\r\n" * 1000 + b"\r\n",
    lambda chance: _GET + b"\r\n",
    lambda chance: b"GET /" + b"a" * 50_000,
    lambda chance: _POST + b"Content-Length: 1000\r\n\r\nASK{",
    lambda chance: _POST + b"Content-Length: 2\r\n\r\nASK{} and more",
    lambda chance: _POST + b"Content-Length: -5\r\n\r\nASK{}",
    lambda chance: _POST + b"Content-Length: 99999999999999999999\r\n\r\nASK{}",
    lambda chance: _POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    lambda chance: _POST + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nASK{}\r\n",
    lambda chance: _POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\nFFFFFFFFFFFFFFFFF\r\n",
    lambda chance: _POST + b"Content-Length: 300\r\n\r\n" + chance.randbytes(300),
    lambda chance: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + chance.randbytes(500),
    lambda chance: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + chance.randbytes(30),
    lambda chance: (_GET + b"Host: a\r\n\r\n") * 100,
)  # fmt: skip


async def _main(port: int, seconds: float, seed: int, share: float) -> None:
    storm = Storm(port, seed, share)
    await storm.rage(seconds)
    print(json.dumps({"done": storm.done, "missing": storm.missing}))


if __name__ == "__main__":
    _, *told = sys.argv
    asyncio.run(_main(int(told[0]), float(told[1]), int(told[2]), float(told[3])))
