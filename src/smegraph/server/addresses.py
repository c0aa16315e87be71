"""The addresses, origins and names of hosts that settings hold: what is right, or what would be.

Each function returns the value in its one form, and raises WrongAddress with what would be right.
"""

from __future__ import annotations

import re
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from smegraph.results.formats import GRAPH_FORMATS
from smegraph.server.errors import WrongAddress

ANY: Final = "*"
NONE: Final = "none"

# What stands first in a path of the service itself; tests hold it against the routes.
# Pages that are there as data, too.
_VIEWS: Final = (
    "about",
    "ask",
    "changes",
    "classes",
    "constructs",
    "direction",
    "disagreements",
    "evidence",
    "findings",
    "firms",
    "glossary",
    "meta",
    "papers",
    "platforms",
    "questions",
    "search",
    "start",
    "studies",
    "thing",
)

OWN_PATHS: Final = frozenset(
    {
        ".well-known", "audit", "audit.json", "context.jsonld", "contradictions",
        "coverage", "coverage.json", "data", "data.json", "dataset",
        "graph", "graphs", "health", "id", "mappings", "metrics", "ontology",
        "openapi.json", "problem", "ready", "shapes", "sheet", "sparql", "static", "vocab",
        *(name + suffix for name in _VIEWS
          for suffix in ("", ".csv", ".xlsx", ".json", ".svg", ".bib", ".ris", ".csl")),
        *(f"papers{suffix}" for suffix in (".md", ".tex")),
        *(f"{name}.{suffix}" for name in ("dataset", "ontology", "problem", "shapes", "sheet")
          for suffix in ("html", *(found.extension for found in GRAPH_FORMATS))),
    }
)  # fmt: skip

_SCHEMES: Final = ("http", "https")
_PORTS: Final = {"http": 80, "https": 443}
_PATH: Final = re.compile(r"(?:/(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)*", re.ASCII)
_NAME: Final = re.compile(
    r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*", re.ASCII
)
_EXAMPLE: Final = "https://example.org/small-firms"


def service_address(url: str) -> str:
    """Return the address of another service, which a query may call, as it is."""
    parts = _split(url)
    if parts is None or parts.scheme not in _SCHEMES or not parts.netloc or parts.fragment:
        raise WrongAddress("an address such as https://example.org/sparql would be right")
    return url


def base_address(url: str) -> str:
    """Return the address at which clients see the service, without a slash at its end.

    >>> base_address("HTTPS://Example.org/small-firms/graph/")
    'https://example.org/small-firms/graph'
    """
    parts = _split(url)
    if parts is None or parts.scheme not in _SCHEMES or not parts.hostname:
        raise WrongAddress(f"an address such as {_EXAMPLE} would be right")
    if parts.query or parts.fragment or parts.username is not None or url[-1:] in "?#":
        raise WrongAddress(
            f"it names the service, so it has no user, query or fragment; {_EXAMPLE} would be right"
        )
    origin, path = f"{parts.scheme}://{_netloc(parts, _EXAMPLE)}", parts.path.rstrip("/")
    segments = path.split("/")
    if not _PATH.fullmatch(path) or {".", ".."} & {*segments} or "%2f" in path.lower():
        raise WrongAddress(
            "its path is made of parts between single slashes, in which all but letters, digits "
            f"and a few marks is percent-encoded; {origin}/small-firms would be right"
        )
    if len(segments) > 1 and segments[1] in OWN_PATHS:
        raise WrongAddress(
            f"/{segments[1]} is an address of the service itself, below its first page; the "
            f"address of that page, such as {origin} or {origin}/small-firms, would be right"
        )
    return origin + path


def origin(text: str) -> str:
    """Return the origin of a site as browsers send it (RFC 6454 §6.2), `*`, or `none`.

    >>> origin("https://Example.org")
    'https://example.org'
    """
    if text.lower() in (ANY, NONE):
        return text.lower()
    if text.lower() == "null":
        raise WrongAddress(
            "null stands for every file and every sandboxed page; the origin of a site, such as "
            "https://example.org, or * would be right"
        )
    parts = _split(text if "://" in text else f"https://{text}")
    if parts is None or parts.scheme not in _SCHEMES or not parts.hostname or "*" in parts.netloc:
        raise WrongAddress(
            "the origin of one site, such as https://example.org or http://localhost:3000, * for "
            "all, or none would be right"
        )
    right = f"{parts.scheme}://{_netloc(parts, 'https://example.org')}"
    if text.lower() != right:
        raise WrongAddress(
            f"an origin is a scheme, a host, and a port unless it is the usual one: {right} would "
            "be right"
        )
    return right


def host(text: str) -> str:
    """Return the name or IP address of a host, a wildcard such as `*.example.org`, or `*`.

    An IPv6 address stands without brackets in what is returned.

    >>> host("*.Example.org"), host("[::1]")
    ('*.example.org', '::1')
    """
    if text == ANY:
        return text
    wildcard, name = ("*.", text[2:]) if text.startswith("*.") else ("", text)
    parts = _split(name if "://" in name else f"//{name if name.count(':') < 2 else _boxed(name)}")
    found = _host_name(parts.hostname) if parts is not None and parts.hostname else None
    if found is None:
        raise WrongAddress(
            "the name of a host, such as graph.example.org, an IP address, *.example.org for all "
            "names below one, or * would be right"
        )
    if wildcard and _is_ip(found):
        raise WrongAddress(f"an IP address has nothing below it: {found} would be right")
    if _host_name(name.strip("[]")) != found or not name.isascii() or name.endswith("."):
        raise WrongAddress(
            f"a host stands in ASCII, without scheme, port and path: {wildcard}{found} would be "
            "right"
        )
    return wildcard + found


def proxy(text: str) -> str:
    """Return the IP address or network of a proxy, or `*`, as it is."""
    try:
        if text != ANY:
            ip_network(text, strict=False)
    except ValueError as error:
        raise WrongAddress(
            "an IP address, a network such as 10.0.0.0/8, or * would be right"
        ) from error
    return text


def _split(url: str) -> SplitResult | None:
    """Return the parts of an address; None where it has a part that none can have."""
    if url != url.strip() or re.search(r"[\s\\\x00-\x1f]", url):
        return None
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.port != 0:
            return parts
    return None


def _netloc(parts: SplitResult, example: str) -> str:
    """Return host and port as browsers write them: in ASCII, without the usual port."""
    found = _host_name(parts.hostname or "")
    if found is None:
        raise WrongAddress(f"its host is no name and no IP address; {example} would be right")
    named = f"[{found}]" if ":" in found else found
    return named if parts.port in (None, _PORTS[parts.scheme]) else f"{named}:{parts.port}"


def _host_name(name: str) -> str | None:
    """Return a name in ASCII and lower case, or an IP address in its shortest form."""
    with suppress(ValueError):
        return str(ip_address(name))
    with suppress(UnicodeError):
        ascii = name.encode("idna").decode("ascii").lower().removesuffix(".")
        if _NAME.fullmatch(ascii) and not ascii.replace(".", "").isdigit():
            return ascii
    return None


def _is_ip(name: str) -> bool:
    with suppress(ValueError):
        return bool(ip_address(name))
    return False


def _boxed(address: str) -> str:
    return address if address.startswith("[") else f"[{address}]"
