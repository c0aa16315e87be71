"""BibTeX and BibLaTeX read as records, by bibtexparser and pylatexenc."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Iterator

from bibtexparser.entrypoint import parse_string
from bibtexparser.exceptions import BlockAbortedException
from bibtexparser.library import Library
from bibtexparser.middlewares.names import (
    InvalidNameError,
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ParsingFailedBlock,
    String,
)
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from smegraph.bibliography.record import Name, Reading, Record, clean

TYPE = "@type"
_NAMES = {"author", "editor"}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_INHERITED = ("year", "date", "editor", "publisher", "address", "location", "series")
_MARKUP = re.compile(r"[\\$~]|``|''|--|[?!]`")
_BARE = re.compile(r"(?<!\\)([%&])")  # LaTeX would take the rest for a comment or a table
_BROKEN = "Look for a missing brace, quotation mark or comma in it, or export it again."

# Its complaints are ours to report, each with its place.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())


def read(text: str, reading: Reading) -> None:
    """Add the entries of a BibTeX text to a reading, and what is wrong with the others."""
    library = parse_string(text, parse_stack=[])
    macros = _macros(library)
    found: dict[str, Record] = {}
    parents: list[tuple[Record, str]] = []
    for block in library.blocks:
        entry, flaw = _entry_of(block)
        if entry is None:
            _refuse(block, reading)
            continue
        try:
            record = _record(entry, macros, reading.wants)
        except (_Unreadable, RecursionError) as error:
            reason = str(error) if isinstance(error, _Unreadable) else "its braces are too deep."
            message = f'The record "{entry.key}" cannot be read: {reason}'
            line = (entry.start_line or 0) + 1
            reading.refuse(line, "unreadable-record", message, _BROKEN)
            continue
        record.flaws += [flaw] if flaw else []
        reading.records.append(record)
        found.setdefault(record.id.casefold(), record)
        if parent := record.fields.get("crossref"):
            parents.append((record, parent.casefold()))
    for record, parent in parents:
        _inherit(record, found.get(parent))


def _entry_of(block: Block) -> tuple[Entry | None, str]:
    """Return the entry of a block and its flaw, also where the library calls it a failure."""
    if isinstance(block, Entry):
        return block, ""
    if isinstance(block, DuplicateFieldKeyBlock):
        inner = block.ignore_error_block
        names = ", ".join(sorted(block.duplicate_keys))
        return _entry_of(inner)[0] if inner else None, f"{names} stands twice; the first is taken."
    if isinstance(block, DuplicateBlockKeyBlock):
        inner = block.ignore_error_block
        return _entry_of(inner)[0] if inner else None, "Another record has the same name."
    return None, ""


def _refuse(block: Block, reading: Reading) -> None:
    if not isinstance(block, ParsingFailedBlock):
        return  # a comment, a preamble or a macro
    start = clean((block.raw or "").split("\n", 1)[0])[:60]
    error = block.error
    reason = error.abort_reason if isinstance(error, BlockAbortedException) else str(error)
    message = f'The record that begins with "{start}" cannot be read: {clean(reason)}.'
    reading.refuse((block.start_line or 0) + 1, "unreadable-record", message, _BROKEN)


def _macros(library: Library) -> dict[str, str]:
    """Return the texts of `@string`, in which earlier ones may stand, and of the months."""
    macros = {month: str(number) for number, month in enumerate(_MONTHS, start=1)}
    for block in library.blocks:
        if isinstance(block, String):
            with contextlib.suppress(_Unreadable):  # whoever uses it will say so
                macros[block.key.casefold()] = _resolve(str(block.value), macros)
    return macros


def _record(entry: Entry, macros: dict[str, str], wants: Callable[[str], bool]) -> Record:
    record = Record(clean(entry.key), (entry.start_line or 0) + 1)
    record.put(TYPE, entry.entry_type.casefold())
    for field in entry.fields:
        name = field.key.casefold()
        try:
            value = _resolve(str(field.value), macros)
        except _Unreadable as error:
            raise _Unreadable(f"{name}: {error}") from error
        if (name in _NAMES or wants(name)) and (word := _unknown_macro(str(field.value), macros)):
            record.flaws.append(f'{name}: "{word}" is no macro of the file; it is taken as a word.')
        if name in _NAMES:
            _put_names(record, name, value)
        elif wants(name) or name == "crossref":
            record.put(name, _text(name, value))
    return record


def _text(name: str, value: str) -> str:
    if name == "pages":
        value = value.replace("--", "-")  # TeX for the dash of a range
    return decode(value)


class _Unreadable(ValueError):
    """A value that is no BibTeX."""


def _resolve(raw: str, macros: dict[str, str]) -> str:
    """Return a value without its delimiters, macros put in and joined by `#`."""
    parts = []
    for piece in _pieces(raw):
        if piece[:1] in ('"', "{"):
            if _end(piece) != len(piece) - 1:
                raise _Unreadable(f'a comma is missing behind "{clean(piece)[:60]}".')
            parts.append(piece[1:-1])
        elif piece.isdigit():
            parts.append(piece)
        elif piece.casefold() in macros:
            parts.append(macros[piece.casefold()])
        elif re.fullmatch(r"[^\s{}\"]+", piece):
            parts.append(piece)  # a bare word, which BibTeX would take for an unknown macro
        else:
            raise _Unreadable(f'"{clean(piece)[:60]}" must stand between braces.')
    return "".join(parts)


def _unknown_macro(raw: str, macros: dict[str, str]) -> str:
    """Return the first bare word in a value that is neither a number nor a macro."""
    bare = (piece for piece in _pieces(raw) if piece[:1] not in ('"', "{") and not piece.isdigit())
    return next((clean(piece) for piece in bare if piece.casefold() not in macros), "")


def _pieces(raw: str) -> Iterator[str]:
    """Yield the parts of a value between the `#` that join them."""
    depth, quoted, begin = 0, False, 0
    for match in re.finditer(r'\\.|[{}"#]', raw, re.DOTALL):
        mark = match.group()
        if mark == '"' and depth == 0:
            quoted = not quoted
        elif mark in "{}":
            depth += 1 if mark == "{" else -1
        elif mark == "#" and depth == 0 and not quoted:
            yield raw[begin : match.start()].strip()
            begin = match.end()
    yield raw[begin:].strip()


def _end(piece: str) -> int:
    """Where the delimiter is closed with which a piece begins."""
    depth, closing = 0, '"' if piece[0] == '"' else "}"
    for match in re.finditer(r'\\.|[{}"]', piece[1:], re.DOTALL):
        mark = match.group()
        if mark == closing and depth == 0:
            return match.start() + 1
        depth += {"{": 1, "}": -1}.get(mark, 0)
    return -1


def _inherit(record: Record, parent: Record | None) -> None:
    """Take over what a part does not say itself from the volume that its `crossref` names."""
    if parent is None:
        record.flaws.append(f'Its crossref "{record.fields["crossref"]}" is not in the file.')
        return
    for name in _INHERITED:
        if name in parent.fields:
            record.fields.setdefault(name, parent.fields[name])
        if name in parent.names:
            record.names.setdefault(name, parent.names[name])
    if title := parent.fields.get("title"):
        record.fields.setdefault("booktitle", title)


# ---------------------------------------------------------------------- names and LaTeX


def _put_names(record: Record, field: str, value: str) -> None:
    raw = split_multiple_persons_names(value)
    if len(raw) == 1 and ";" in value and "{" not in value:
        raw = value.split(";")
        record.flaws.append(f'The names in {field} are separated by ";" instead of "and".')
    record.put_names(field, [_name(one.strip(), record) for one in raw if one.strip()])


def _name(raw: str, record: Record) -> Name:
    if raw.startswith("{") and _end(raw) == len(raw) - 1:
        return Name(clean(decode(raw[1:-1])), is_person=False)
    try:
        parts = parse_single_name_into_parts(raw)
    except InvalidNameError as error:
        record.flaws.append(f'The name "{clean(raw)[:60]}" is odd: {clean(error.reason)}.')
        parts = parse_single_name_into_parts(raw, strict=False)
    family = _words(parts.von + parts.last)
    return Name(family, _words(parts.first), _words(parts.jr))


def _words(parts: list[str]) -> str:
    return clean(decode(" ".join(parts)))


def _latex() -> LatexNodes2Text:
    context = get_default_latex_context_db()
    plain = [MacroTextSpec(name, simplify_repl="%s") for name in ("url", "href")]
    context.add_context_category("plain-addresses", prepend=True, macros=plain)
    return LatexNodes2Text(latex_context=context, math_mode="verbatim")


_LATEX = _latex()


def decode(text: str) -> str:
    """LaTeX as plain text: accents, braces, commands.

    >>> decode(r"{\\'E}cole de {SME}s: S{\\o}ren \\& 50% of {\\"O}zt{\\"u}rk")
    'École de SMEs: Søren & 50% of Öztürk'
    """
    if not _MARKUP.search(text):
        return text.replace("{", "").replace("}", "")
    return str(_LATEX.latex_to_text(_BARE.sub(r"\\\1", text))).replace("\xa0", " ")
