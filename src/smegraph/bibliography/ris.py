"""RIS read as records: the lines are cut into records here, whose tags rispy reads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rispy.parser import RisParser

from smegraph.bibliography.record import Name, Reading, Record

_TAG = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*))?$")
_START, _END, _TYPE = "TY", "ER", "TY"
_NAMES = {"AU", "A1", "A2", "A3", "A4", "ED"}
_WHOLE = {"BOOK", "EBOOK", "EDBOOK"}  # where T2 is the series, and BT the title itself
_INITIALS_FIRST = re.compile(r"((?:[^\W\d_]\.[ -]?)+)\s*(\S.*)")
_CUT = "Export the references again."


class _Tags(dict[str, str]):
    """Every tag keeps its own name."""

    def __missing__(self, tag: str) -> str:
        return tag


@dataclass
class _Lines:
    """The lines of one record, each with its tag and value, continued lines joined."""

    line: int
    tags: list[tuple[str, str]] = field(default_factory=list)

    def text(self) -> str:
        return "\n".join(f"{tag}  - {value}" for tag, value in [*self.tags, (_END, "")])


def read(text: str, reading: Reading) -> None:
    """Add the records of a RIS text to a reading, and what is wrong with the others."""
    current: _Lines | None = None
    astray = False
    for number, line in enumerate(text.split("\n"), start=1):
        match = _TAG.match(line.strip())
        tag, value = (match[1], (match[2] or "").strip()) if match else ("", line.strip())
        if tag == _START:
            if current:
                _keep(current, reading, f"ER is missing before line {number}.")
            current, astray = _Lines(number, [(tag, value)]), False
        elif current is None:
            if tag and tag != _END and not astray:
                message = f'"{line.strip()[:60]}" stands in no record: TY is missing before it.'
                reading.refuse(number, "unreadable-record", message, _CUT)
                astray = True
        elif tag == _END:
            _keep(current, reading)
            current = None
        elif tag:
            current.tags.append((tag, value))
        elif value:
            last, before = current.tags[-1]
            current.tags[-1] = (last, f"{before} {value}".strip())
    if current:
        message = "The file ends within this record: ER is missing."
        reading.refuse(current.line, "unreadable-record", message, _CUT)


def _keep(lines: _Lines, reading: Reading, flaw: str = "") -> None:
    parser = RisParser(
        mapping=_Tags(), list_tags=[], delimiter_tags_mapping={}, enforce_list_tags=False
    )
    for found in parser.parse(lines.text()):
        record = Record("", lines.line)
        for tag, value in found.items():
            values = value if isinstance(value, list) else [value]
            if tag in _NAMES:
                record.put_names(tag, [_name(text, record) for text in values if text])
            for text in values if tag not in _NAMES else ():
                record.put(tag, text)
        _arrange(record)
        record.flaws += [flaw] if flaw else []
        reading.records.append(record)


def _arrange(record: Record) -> None:
    """Give every tag the one meaning that the mapping knows."""
    fields = record.fields
    record.id = fields.get("ID", "") or fields.get("LB", "")
    first, last = fields.get("SP", ""), fields.get("EP", "")
    if first and last and "-" not in first and first != last:
        fields["SP"] = f"{first}-{last}"
    if fields.get(_TYPE) in _WHOLE:
        fields.pop("T2", None)
        if title := fields.pop("BT", None):
            fields.setdefault("TI", title)


def _name(text: str, record: Record) -> Name:
    """`Family, Given, Suffix`; a name without a comma is an organization's."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1:
        given = parts[1]
        if not given and len(parts) == 2:  # so EndNote marks an organization
            return Name(parts[0], is_person=False)
        return Name(parts[0], given, ", ".join(part for part in parts[2:] if part))
    if match := _INITIALS_FIRST.fullmatch(text):
        return Name(match[2], match[1].strip())
    record.flaws.append(f'The name "{text[:60]}" has no comma: taken for an organization.')
    return Name(text, is_person=False)
