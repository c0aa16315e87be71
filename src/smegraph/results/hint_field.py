"""The response header that holds hints: a list of strings as structured fields have it.

A hint in ASCII is a String (RFC 9651 §3.3.3), another one a Display String (§3.3.8), so that the
header has characters of ASCII only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote_to_bytes

FIELD: Final = "Smegraph-Hint"
LONGEST: Final = 4096  # bytes of the header: servers and proxies take 8 KiB for all of them

_ASCII: Final = re.compile(r"[ -~]*")
_MEMBER: Final = re.compile(
    r'[ \t]*(?:"(?P<string>(?:[ !#-\[\]-~]|\\[\\"])*)"'
    r'|%"(?P<display>(?:[ !#$&-~]|%[0-9a-f]{2})*)")[ \t]*'
)
_ESCAPED: Final = re.compile(r"\\(.)")


def encode_hints(hints: Iterable[str]) -> bytes:
    """Return hints as the value of the header; those that it has no room for are left out.

    >>> encode_hints(["`sme:couse` is in no graph.", 'The graph has `"Ä"@de`.'])
    b'"`sme:couse` is in no graph.", %"The graph has `%22%c3%84%22@de`."'
    """
    value = b""
    for hint in hints:
        longer = value + (b", " if value else b"") + _member(hint)
        if len(longer) <= LONGEST:
            value = longer
    return value


def _member(hint: str) -> bytes:
    if _ASCII.fullmatch(hint):
        escaped = hint.replace("\\", r"\\").replace('"', r"\"")
        return f'"{escaped}"'.encode("ascii")
    kept = (
        chr(byte) if 0x20 <= byte <= 0x7E and chr(byte) not in '%"' else f"%{byte:02x}"
        for byte in hint.encode("utf-8", "replace")
    )
    return f'%"{"".join(kept)}"'.encode("ascii")


def decode_hints(value: str) -> tuple[str, ...]:
    """Return the hints of a header; none where it is no list of strings.

    >>> decode_hints('"is in no graph.", %"The graph has `%22%c3%84%22@de`."')
    ('is in no graph.', 'The graph has `"Ä"@de`.')
    """
    hints, place = [], 0
    while found := _MEMBER.match(value, place):
        hints.append(_text(found))
        if found.end() == len(value):
            return (*hints,)
        if value[found.end()] != ",":
            break
        place = found.end() + 1
    return ()


def _text(member: re.Match[str]) -> str:
    if member["string"] is not None:
        return _ESCAPED.sub(r"\1", member["string"])
    return unquote_to_bytes(member["display"]).decode("utf-8", "replace")
