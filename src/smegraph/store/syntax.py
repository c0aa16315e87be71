"""Tell by its first bytes in which syntax a file is that may be one of several.

Ontology editors write into `.owl` what they were asked for: RDF/XML, Turtle, or a syntax of OWL
that is no RDF.
"""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from pathlib import Path
from typing import Final, Literal

from smegraph.store.errors import UnknownEncoding
from smegraph.store.rdf_input import as_utf8

Syntax = Literal[
    "RDF/XML", "Turtle", "OWL/XML", "OWL functional syntax", "OWL Manchester syntax", "XML"
]

_HEAD: Final = 2**16  # bytes, an even number for UTF-16
_BEFORE_ROOT: Final = re.compile(
    r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL
)
_ROOT: Final = re.compile(r"<(?:([\w.-]+):)?([\w.-]+)(\s[^>]*)?/?>")
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OWL: Final = "http://www.w3.org/2002/07/owl#"
_FUNCTIONAL: Final = re.compile(r"\s*(?:#[^\n]*\n\s*)*(?:Prefix|Ontology)\s*\(")
_MANCHESTER: Final = re.compile(r"\s*(?:#[^\n]*\n\s*)*(?:Prefix|Namespace|Ontology|Class)\s*:\s")


def syntax_of(path: Path) -> Syntax | None:
    """Return the syntax that the beginning of a file shows; None where it shows none of these.

    Raises OSError when the file cannot be read or unpacked.
    """
    return syntax_in(_beginning(path))


def syntax_in(beginning: bytes) -> Syntax | None:
    """Return the syntax that the beginning of a document shows."""
    try:
        text = as_utf8(beginning).decode("utf-8", "replace")
    except UnknownEncoding:
        return "RDF/XML"  # The parser tells what is wrong with it.
    if _FUNCTIONAL.match(text):
        return "OWL functional syntax"
    if _MANCHESTER.match(text):
        return "OWL Manchester syntax"
    start = 0
    while found := _BEFORE_ROOT.match(text, start):
        start = found.end()
    is_xml = text.lstrip().startswith(("<?xml", "<!"))
    root = _ROOT.match(text, start)
    if root is None or not (is_xml or "xmlns" in (root[3] or "")):
        return "XML" if is_xml else "Turtle" if text.strip() else None
    return _syntax_of_root(root)


def _syntax_of_root(root: re.Match[str]) -> Syntax:
    """Return the syntax of an XML document by its first element."""
    prefix, name, attributes = root[1], root[2], root[3] or ""
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    namespace = re.search(rf"""\b{re.escape(declared)}\s*=\s*["']([^"']*)["']""", attributes)
    if name == "RDF" or (namespace and namespace[1] == _RDF):
        return "RDF/XML"
    if name == "Ontology" and namespace and namespace[1] == _OWL:
        return "OWL/XML"
    return "RDF/XML" if _RDF in attributes else "XML"


def _beginning(path: Path) -> bytes:
    ending = path.suffix.lower()
    try:
        if ending == ".gz":
            with gzip.open(path) as unpacked:
                return unpacked.read(_HEAD)
        if ending == ".bz2":
            with bz2.open(path) as unpacked:
                return unpacked.read(_HEAD)
        with path.open("rb") as file:
            return file.read(_HEAD)
    except (EOFError, zlib.error) as error:
        raise OSError(f"it cannot be unpacked: {error}") from error
