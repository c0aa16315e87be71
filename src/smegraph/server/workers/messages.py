"""Messages between the service and its processes: a small head, and a body of bytes.

On the socket a message is two lengths (32 bits each, big endian), a head in JSON, and the body as
it is. A worker is given strangers' queries, so the service must not unpickle what comes from it.
"""

from __future__ import annotations

import socket
import struct
from typing import Any, Final, TypeAlias

from pydantic_core import from_json, to_json

_LENGTHS: Final = struct.Struct("!II")
_SIZE: Final = _LENGTHS.size
_CHUNK: Final = 1 << 20

Head: TypeAlias = Any  # a list: what is told, and the values that go with it
Message: TypeAlias = tuple[Head, bytes]


# Decision 026: docs/decisions/026-worker-messages.md
def pack(head: Head, body: bytes = b"") -> bytes:
    """Return a message as it goes over a socket.

    >>> pack(["ready", 7], b"x")
    b'\\x00\\x00\\x00\\x0b\\x00\\x00\\x00\\x01["ready",7]x'
    """
    encoded = to_json(head)
    return _LENGTHS.pack(len(encoded), len(body)) + encoded + body


class Unpacker:
    """Cuts a stream of bytes into messages; it holds what is left of one that is not whole."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages that are whole with `data`."""
        messages, buffer = [], self._buffer
        buffer += data
        start = 0
        while len(buffer) - start >= _SIZE:
            head, body = _LENGTHS.unpack_from(buffer, start)
            middle = start + _SIZE + head
            end = middle + body
            if len(buffer) < end:
                break
            messages.append(
                (from_json(bytes(buffer[start + _SIZE : middle])), bytes(buffer[middle:end]))
            )
            start = end
        del buffer[:start]
        return messages


def receive(connection: socket.socket) -> Message | None:
    """Wait for one message and return it; None when the other side has gone."""
    lengths = _exactly(connection, _SIZE)
    if lengths is None:
        return None
    head, body = _LENGTHS.unpack(lengths)
    text = _exactly(connection, head)
    rest = _exactly(connection, body) if body else b""
    return None if text is None or rest is None else (from_json(text), rest)


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    parts = []
    while size:
        part = connection.recv(min(size, _CHUNK))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
