"""A file of references as text, and which of the formats it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from smegraph.bibliography import bibtex, csl, ris
from smegraph.bibliography.errors import BibliographyError
from smegraph.bibliography.record import Reading

MAX_FILE_BYTES = 64 * 1024 * 1024
BIBTEX, RIS, CSL = "bibtex", "ris", "csl"
TITLES = {BIBTEX: "BibTeX", RIS: "RIS", CSL: "CSL-JSON"}
READERS: dict[str, Callable[[str, Reading], None]] = {
    BIBTEX: bibtex.read,
    RIS: ris.read,
    CSL: csl.read,
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNS = (
    (CSL, re.compile(r"\A\s*(?:\[\s*(?:\{|\]|\Z)|\{\s*(?:\"|\Z))")),
    (RIS, re.compile(r"^[ \t]*TY  ?- ?", re.MULTILINE)),
    (BIBTEX, re.compile(r"^[ \t]*@\s*\w+\s*[{(]", re.MULTILINE)),
)
_STRANGERS = (
    ("an XML file", re.compile(r"\A\s*<")),
    ("a PubMed (nbib) file", re.compile(r"\A\s*PMID- ")),
    ("a tagged EndNote (enw) file", re.compile(r"\A\s*%0 ")),
    ("a CSV file", re.compile(r'\A"?Key"?,"?Item Type')),
)
_FORMATS = "smegraph reads BibTeX (.bib), RIS (.ris) and CSL-JSON (.json)."
_EXPORT = (
    f"{_FORMATS} In Zotero: File, Export Library, and one of these; in EndNote: File, Export, "
    "and the style BibTeX or RefMan (RIS)."
)


def read_references(
    path: Path,
    encoding: str | None = None,
    form: str | None = None,
    wanted: Mapping[str, Collection[str]] | None = None,
) -> Reading:
    """Read a file of references; what the file holds decides its format, not its ending.

    Args:
        path: the file.
        encoding: what it is encoded in; UTF-8, or what a byte order mark says, when None.
        form: `bibtex`, `ris` or `csl`; found in the text when None.
        wanted: the fields that matter, by format; all when None.

    Raises:
        BibliographyError: the file cannot be read at all; the message says how to mend it.
    """
    shown = path.name
    text = _decode(_bytes(path), shown, encoding)
    if not text.strip():
        raise BibliographyError(f"{shown} is empty. Export the references anew.")
    form = form or _recognise(text, shown)
    reading = Reading(shown, form, frozenset((wanted or {}).get(form, ())))
    READERS[form](text, reading)
    if not reading.records and not reading.problems:
        raise BibliographyError(f"{shown} holds no records of {TITLES[form]}.")
    return reading


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise BibliographyError(
                f"{path.name} has {size:,} bytes; at most {MAX_FILE_BYTES:,} are read. Export the "
                "references in several files, without abstracts and notes."
            )
        return path.read_bytes()
    except OSError as error:
        raise BibliographyError(f"{path} cannot be read: {error}") from error


def _decode(data: bytes, shown: str, encoding: str | None) -> str:
    """Return the text with line feeds, without a byte order mark."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    wanted = encoding or marked
    try:
        text = data.decode(wanted)
    except UnicodeDecodeError as error:
        raise BibliographyError(_broken(data, shown, wanted, error)) from error
    except (LookupError, UnicodeError) as error:
        raise BibliographyError(f'"{wanted}" is no encoding of texts. {_TRY}') from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


_TRY = "Usual ones are utf-8, cp1252 (Windows), mac-roman and utf-16."


def _broken(data: bytes, shown: str, wanted: str, error: UnicodeDecodeError) -> str:
    line = data.count(b"\n", 0, error.start) + 1
    begin = data.rfind(b"\n", 0, error.start) + 1
    before = data[max(begin, error.start - 30) : error.start].decode("utf-8", "replace")
    place = f"line {line}, byte 0x{data[error.start]:02X}" + (
        f' behind "{before.strip()}"' if before.strip() else ""
    )
    hint = "export it again as UTF-8, or say what it is encoded in"
    return (
        f"{shown} is not {wanted.upper()}: {place}. Either {hint}, "
        "mostly --encoding cp1252. Nothing was changed."
    )


def _recognise(text: str, shown: str) -> str:
    for form, sign in _SIGNS:
        if sign.search(text):
            return form
    for kind, sign in _STRANGERS:
        if sign.search(text):
            raise BibliographyError(f"{shown} looks like {kind}. {_EXPORT}")
    raise BibliographyError(f"{shown} is in none of the formats. {_EXPORT}")
