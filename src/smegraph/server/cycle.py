"""Write the head of a response quickly: uvicorn checks every field of every response anew."""

from __future__ import annotations

from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    RequestResponseCycle,
)

from smegraph.server.headers import RAW_STANDARD_HEADERS, RawHeader

_MOST_LINES: Final = 4096
_STANDARD: Final = [*RAW_STANDARD_HEADERS]
_STANDARD_COUNT: Final = len(_STANDARD)
_STANDARD_LINES: Final = b"".join(b"%b: %b\r\n" % header for header in _STANDARD)
_SPECIAL: Final = frozenset({b"content-length", b"transfer-encoding", b"connection"})


class QuickCycle(RequestResponseCycle):
    """uvicorn's request and response, which encodes a header field once: most are always the same.

    Whatever is out of the ordinary is left to uvicorn.
    """

    _LINES: Final[dict[RawHeader, bytes]] = {}

    async def send(self, message: Any) -> None:
        """Take a message of the application (ASGI, `http.response.start` above all)."""
        quick = not (self.response_started or self.disconnected or self.flow.write_paused)
        if not quick or message["type"] != "http.response.start" or not self._begin(message):
            await super().send(message)

    def _begin(self, message: Any) -> bool:
        """Write the head of a response with a length; say whether that was done."""
        length = None
        parts, headers = [STATUS_LINE[message["status"]]], message["headers"]
        if headers[:_STANDARD_COUNT] == _STANDARD:
            parts.append(_STANDARD_LINES)
            headers = headers[_STANDARD_COUNT:]
        for header in (*self.default_headers, *headers):
            line = self._LINES.get(header)
            if line is None and header[0].lower() in _SPECIAL:
                if header[0] != b"content-length":
                    return False
                length = int(header[1])
                line = b"content-length: %d\r\n" % length
            parts.append(line or self._line(header))
        if length is None or not self.keep_alive:
            return False
        self.response_started, self.waiting_for_100_continue = True, False
        self.expected_content_length, self.chunked_encoding = length, False
        parts.append(b"\r\n")
        self.transport.write(b"".join(parts))
        return True

    def _line(self, header: RawHeader) -> bytes:
        """Encode a field as uvicorn does, and keep it."""
        name, value = header
        if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
            raise RuntimeError("A header field has a character that it may not have.")
        if len(self._LINES) >= _MOST_LINES:
            self._LINES.clear()
        line = self._LINES[header] = b"%b: %b\r\n" % (name.lower(), value)
        return line
