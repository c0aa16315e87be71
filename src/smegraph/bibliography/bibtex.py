"""BibTeX and BibLaTeX read as records, by bibtexparser and pylatexenc."""

from __future__ import annotations

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

from smegraph.bibliography.latex import decode
from smegraph.bibliography.markup import characters
from smegraph.bibliography.names import (
    as_bibtex,
    belongs_together,
    is_organization,
    take_apart,
)
from smegraph.bibliography.record import Name, Reading, Record, clean, is_others
from smegraph.bibliography.values import Macros, Unreadable, end
from smegraph.sheets.table import MAX_CELL_CHARACTERS

TYPE = "@type"
_NAMES = {"author", "editor"}
_LITERAL = {"doi", "url", "eprint"}  # where no dash and no space is meant
_LIGATURE = re.compile(r"([-'`])(?=\1)")
_WITHIN = re.compile(r"\{([^{}\s,]*)\}(?=\w)|(?<=\w)\{([^{}\s,]*)\}")
_INHERITED = ("year", "date", "editor", "publisher", "address", "location", "series")
_BROKEN = "Look for a missing brace, quotation mark or comma in it, or export it again."

# Its complaints are ours to report, each with its place.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
logging.getLogger("bibtexparser").propagate = False


def read(text: str, reading: Reading) -> None:
    """Add the entries of a BibTeX text to a reading, and what is wrong with the others."""
    library = parse_string(text, parse_stack=[])
    macros = _macros(library, reading.file, len(text))
    found: dict[str, Record] = {}
    parents: list[tuple[Record, str]] = []
    for block in library.blocks:
        entry, flaw = _entry_of(block)
        if entry is None:
            _refuse(block, reading)
            continue
        try:
            record = _record(entry, macros, reading.wants)
        except (Unreadable, RecursionError) as error:
            reason = str(error) if isinstance(error, Unreadable) else "its braces are too deep."
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


def _macros(library: Library, file: str, size: int) -> Macros:
    macros = Macros(file, size)
    for block in library.blocks:
        if isinstance(block, String):
            macros.define(block.key, str(block.value), (block.start_line or 0) + 1)
    return macros


def _record(entry: Entry, macros: Macros, wants: Callable[[str], bool]) -> Record:
    record = Record(clean(entry.key), (entry.start_line or 0) + 1)
    record.put(TYPE, entry.entry_type.casefold())
    for field in entry.fields:
        name = field.key.casefold()
        raw = str(field.value)
        try:
            value = macros.resolve(raw)
        except Unreadable as error:
            raise Unreadable(f"{name}: {error}") from error
        if (name in _NAMES or wants(name)) and (word := macros.unknown(raw)):
            record.flaws.append(f'{name}: "{word}" is no macro of the file; it is taken as a word.')
        if name in _NAMES:
            _put_names(record, name, value)
        elif wants(name) or name == "crossref":
            record.put(name, _text(record, name, value))
    return record


def _text(record: Record, name: str, value: str) -> str:
    if len(value) > MAX_CELL_CHARACTERS:
        return value  # whose record is refused
    told: list[str] = []
    if name == "pages":
        text = decode(re.sub("-{2,3}", "-", value), told)  # TeX for the dash of a range
    elif name in _LITERAL:
        text = decode(_LIGATURE.sub(r"\1{}", value.replace("~", r"\~{}")), told)
    else:
        text = decode(value, told)
    text = characters(text, told)
    record.flaws += [f"{name}: {one}" for one in told]
    return text


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
    told: list[str] = []
    text = _WITHIN.sub(lambda match: match[1] or match[2] or "", decode(value, told, braces=True))
    text = characters(clean(text), told)
    raw = [one.strip() for one in split_multiple_persons_names(text) if one.strip()]
    natural = any("," not in one and " " in one for one in raw)
    names = [
        name
        for one in _rejoined(raw, told.append)
        for name in _names_in(one, told.append, natural and len(raw) > 1)
    ]
    record.flaws += [f"{field}: {one}" for one in told]
    record.put_names(field, [_name(one, field, record) for one in names])


def _names_in(raw: str, told: Callable[[str], None], natural: bool) -> list[str]:
    if "{" in raw:
        inner = clean(raw.replace("{", "").replace("}", ""))
        if raw[0] == "{" and end(raw) == len(raw) - 1 and len(take_apart(inner, _nothing)) > 1:
            told(f'"{inner[:60]}" is one organization, as the braces say; it looks like a list.')
        return [raw]
    names = take_apart(raw, told, natural)
    return names if len(names) > 1 else [as_bibtex(one) for one in names]


def _nothing(said: str) -> None:
    """Leave a doubt untold."""


def _rejoined(raw: list[str], told: Callable[[str], None]) -> Iterator[str]:
    """Yield names, in which an organization is whole whose name has "and" in it."""
    at = 0
    while at < len(raw):
        name, after = raw[at], raw[at + 1] if at + 1 < len(raw) else ""
        if belongs_together(name, after):
            name = f"{name} and {after}"
            at += 1
        if "{" not in name and is_organization(name, sure=True):
            told(f'"{name[:60]}" is taken for one organization; braces around it would say so.')
            name = f"{{{name}}}"
        elif "{" not in name and is_organization(name):
            told(f'"{name[:60]}" is read as a person; braces around it would make it one name.')
        yield name
        at += 1


def _name(raw: str, field: str, record: Record) -> Name:
    if raw.startswith("{") and end(raw) == len(raw) - 1:
        return Name(_words([raw]), is_person=False)
    if is_others(raw):
        return Name(raw)
    if " & " in raw and "," not in raw:
        record.flaws.append(f'{field}: "{_words([raw])[:60]}" is taken for an organization.')
        return Name(_words([raw]), is_person=False)
    try:
        parts = parse_single_name_into_parts(raw)
    except InvalidNameError as error:
        record.flaws.append(f'The name "{clean(raw)[:60]}" is odd: {clean(error.reason)}.')
        parts = parse_single_name_into_parts(raw, strict=False)
    family = _words(parts.von + parts.last)
    return Name(family, _words(parts.first), _words(parts.jr))


def _words(parts: list[str]) -> str:
    return clean(" ".join(parts).replace("{", "").replace("}", ""))
