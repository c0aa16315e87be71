"""The header fields of a request that its handling looks at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from starlette.types import Scope

Fields: TypeAlias = Mapping[bytes, bytes]

_FIELDS: Final = frozenset(
    {
        b"accept",
        b"accept-encoding",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"if-unmodified-since",
        b"transfer-encoding",
    }
)


def request_fields(scope: Scope) -> Fields:
    """Return the header fields that are looked at; a repeated one is one list (RFC 9110 §5.3)."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _FIELDS:
            found[name] = found[name] + b", " + value if name in found else value
    return found
