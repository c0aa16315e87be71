"""RIS read as records: the lines are cut into records here, whose tags rispy reads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rispy.parser import RisParser

from smegraph.bibliography.markup import characters
from smegraph.bibliography.names import parse, take_apart
from smegraph.bibliography.record import Reading, Record, clean

_TAG = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*))?$")
_START, _END, _TYPE = "TY", "ER", "TY"
_NAMES = {"AU", "A1", "A2", "A3", "A4", "ED"}
_DASH = re.compile(r"[-\u2010-\u2015\u2212]")
_WHOLE = {"BOOK", "EBOOK", "EDBOOK"}  # where T2 is the series, and BT the title itself
_CUT = "Export the references again."


class _Tags(dict[str, str]):
    """Every tag keeps its own name."""

    def __missing__(self, tag: str) -> str:
        return tag


@dataclass
class _Lines:
    """The lines of one record: each tag with its value and the lines that continue it."""

    line: int
    tags: list[tuple[str, list[str]]] = field(default_factory=list)

    def text(self) -> str:
        values = [f"{tag}  - {_joined(tag, lines)}" for tag, lines in self.tags]
        return "\n".join([*values, f"{_END}  - "])


def _joined(tag: str, lines: list[str]) -> str:
    """Return the lines of a value as one; lines of names, each with a comma, are several."""
    several = tag in _NAMES and len(lines) > 1 and all("," in line for line in lines)
    return ("; " if several else " ").join(line for line in lines if line)


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
            current, astray = _Lines(number, [(tag, [value])]), False
        elif current is None:
            if tag and tag != _END and not astray:
                message = f'"{line.strip()[:60]}" stands in no record: TY is missing before it.'
                reading.refuse(number, "unreadable-record", message, _CUT)
                astray = True
        elif tag == _END:
            _keep(current, reading)
            current = None
        elif tag:
            current.tags.append((tag, [value]))
        elif value:
            current.tags[-1][1].append(value)
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
            wanted = reading.wants(tag)
            if tag in _NAMES and wanted:
                _put_names(record, tag, [text for text in values if text])
            for text in values if tag not in _NAMES else ():
                record.put(tag, _text(record, tag, text) if wanted else text)
        _arrange(record)
        record.flaws += [flaw] if flaw else []
        reading.records.append(record)


def _text(record: Record, tag: str, text: str) -> str:
    told: list[str] = []
    text = characters(text, told)
    record.flaws += [f"{tag}: {one}" for one in told]
    return text


def _put_names(record: Record, tag: str, texts: list[str]) -> None:
    def tell(said: str) -> None:
        record.flaws.append(f"{tag}: {said}")

    for text in texts:
        found = take_apart(clean(_text(record, tag, text)), tell)
        record.put_names(tag, [parse(name, tell) for name in found])


def _arrange(record: Record) -> None:
    """Give every tag the one meaning that the mapping knows."""
    fields = record.fields
    record.id = fields.get("ID", "") or fields.get("LB", "")
    first, last = fields.get("SP", ""), fields.get("EP", "")
    if first and last and not _DASH.search(first) and first != last:
        fields["SP"] = f"{first}-{last}"
    if fields.get(_TYPE) in _WHOLE:
        fields.pop("T2", None)
        if title := fields.pop("BT", None):
            fields.setdefault("TI", title)
