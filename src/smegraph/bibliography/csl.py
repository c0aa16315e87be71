"""CSL-JSON read as records (Citation Style Language 1.0.2, `csl-data.json`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from smegraph.bibliography.markup import characters
from smegraph.bibliography.names import parse, take_apart
from smegraph.bibliography.record import Name, Reading, Record, clean

_NAMES = {"author", "editor"}
_DATES = {"issued"}
_BETWEEN = re.compile(r"[\s,]*")
_NEXT = re.compile(r"\}\s*,\s*(?=\{)")
_ITEMS = re.compile(r'\A\s*\{\s*"(?:items|references)"\s*:\s*(?=\[)')
_JOINED = re.compile(r";| and | ?& ?|\bet al\b", re.IGNORECASE)
MAX_BROKEN = 1_000
_MEND = "Mend it there, or export the references again."


def read(text: str, reading: Reading) -> None:
    """Add the items of a CSL-JSON text to a reading, and what is wrong with the others."""
    lines = _Lines(text)
    for begin, item in _items(text, reading, lines):
        line = lines.at(begin)
        if not isinstance(item, dict):
            message = f"A record is {json.dumps(item)[:40]}, not an object."
            reading.refuse(line, "unreadable-record", message, _MEND)
            continue
        record = Record("", line)
        record.id = clean(str(item.get("id", "")))[:80]
        try:
            _fill(record, item, reading)
        except _WrongForm as error:
            message = f"{record.shown} cannot be read: {error}."
            reading.refuse(line, "unreadable-record", message, _MEND)
            continue
        reading.records.append(record)


class _WrongForm(ValueError):
    """A variable that does not have the form that the schema gives it."""


class _Lines:
    """Line numbers of rising positions in a text."""

    def __init__(self, text: str) -> None:
        self._text, self._position, self._line = text, 0, 1

    def at(self, position: int) -> int:
        """Return the line of a position; asked in any order, but quick in rising order."""
        if position < self._position:
            return self._text.count("\n", 0, position) + 1
        self._line += self._text.count("\n", self._position, position)
        self._position = position
        return self._line


def _items(text: str, reading: Reading, lines: _Lines) -> Iterator[tuple[int, object]]:
    """Each item with its position; behind one that is no JSON, reading goes on at the next."""
    decoder = json.JSONDecoder()
    position = match.end() if (match := _ITEMS.match(text)) else 0
    position = _skip(text, position)
    inside = text.startswith("[", position)
    position = _skip(text, position + inside)
    broken = 0
    while position < len(text) and text[position] not in "]":
        if broken == MAX_BROKEN:
            message = f"After {MAX_BROKEN:,} records that are not JSON, the rest is not read."
            reading.refuse(lines.at(position), "unreadable-record", message, _MEND)
            return
        try:
            item, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            reading.refuse(lines.at(position), "unreadable-record", _reason(error), _MEND)
            broken += 1
            after = _NEXT.search(text, max(position, getattr(error, "pos", position) - 1))
            if after is None:
                return
            position = after.end()
            continue
        yield position, item
        position = _skip(text, end)
        if not inside:
            return
    if position >= len(text) and inside:
        message = 'The file ends without the closing "]": records may be missing at its end.'
        reading.refuse(lines.at(len(text)), "unreadable-record", message, _MEND)


def _skip(text: str, position: int) -> int:
    match = _BETWEEN.match(text, position)
    return match.end() if match else position


def _reason(error: ValueError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "The record is nested too deeply."
    if not isinstance(error, json.JSONDecodeError):
        return "The record holds a number with thousands of digits."
    return f"The record is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."


def _fill(record: Record, item: dict[str, object], reading: Reading) -> None:
    for name, value in item.items():
        if name in _NAMES:
            _put_names(record, name, value)
        elif name in _DATES:
            record.put(name, _date(name, value))
        elif isinstance(value, str):
            record.put(name, _text(record, name, value) if reading.wants(name) else value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            record.put(name, str(value))


def _text(record: Record, variable: str, value: str) -> str:
    told: list[str] = []
    text = characters(value, told)
    record.flaws += [f"{variable}: {one}" for one in told]
    return text


def _put_names(record: Record, variable: str, value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _WrongForm(f"{variable} is not a list of names")
    for one in value:
        parts = {
            key: clean(_text(record, variable, text))
            for key, text in one.items()
            if isinstance(text, str)
        }
        record.put_names(variable, _names(parts, variable, record))


def _names(parts: dict[str, str], variable: str, record: Record) -> list[Name]:
    """Return the name of an item; several, where one was filled with a list."""

    def tell(said: str) -> None:
        record.flaws.append(f"{variable}: {said}")

    name = _name(parts)
    found = take_apart(name.text, tell) if _may_be_list(name) else []
    if len(found) > 1 or (name.is_person and _JOINED.search(name.text) and found):
        return [parse(one, tell) for one in found]
    return [name]


def _may_be_list(name: Name) -> bool:
    """Whether a name has a mark of several: in CSL-JSON, "and" may belong to an organization."""
    if name.is_person:
        return _JOINED.search(name.text) is not None
    return ";" in name.family or name.family.count(",") > name.family.count(" and ") > 0


def _name(parts: dict[str, str]) -> Name:
    if literal := parts.get("literal"):
        return Name(literal.strip(), is_person=False)
    # Particles belong to the family name, as in the other formats.
    words = (parts.get(key, "") for key in ("dropping-particle", "non-dropping-particle", "family"))
    family = " ".join(word.strip() for word in words if word.strip())
    given, suffix = parts.get("given", "").strip(), parts.get("suffix", "").strip()
    return Name(family, given, suffix) if family else Name(given)


def _date(variable: str, value: object) -> str:
    """Return a date as text; of a span, the beginning."""
    if not isinstance(value, dict):
        raise _WrongForm(f"{variable} is not a date")
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return "-".join(str(part) for part in parts[0] if part is not None)
    return str(value.get("raw") or value.get("literal") or "")
