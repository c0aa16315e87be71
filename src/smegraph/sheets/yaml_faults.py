"""What YAML would take away from a value, or make into another, without a word.

A record is written by people who do not think of YAML: `title: The #1 study` is a title to them,
and "The" to YAML. All of it is found in the events of the parser, before a value is made.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple, Protocol

import yaml

_DEPTH = 2  # the record, and a list of values
LIST = "Write `name: value`, or a list of values with `- ` before each."
_LINE_END = "\r\n\x85\u2028\u2029"  # YAML 1.1, section 5.4
_COMMENT = re.compile(rf"#[^{_LINE_END}]*")
_BLOCK_HEADER = re.compile(rf"[|>][-+0-9]*[ \t]+(#[^{_LINE_END}]*)")
# A name with a value that neither is quoted nor holds a list; or an item of a list.
_ENTRY = re.compile(r"""\s*(-|[^\s#:][^#:]*:)\s+([^\s'"|>\[{].*)""")
_ITEM = re.compile(rf"[{_LINE_END}]\s*(-)\s")
_NULL = re.compile(r"~|null|Null|NULL")  # YAML 1.1, tag:yaml.org,2002:null


class Mark(Protocol):
    """A place in a YAML text; PyYAML has two classes of them."""

    @property
    def line(self) -> int: ...

    @property
    def index(self) -> int: ...


class Fault(NamedTuple):
    """What is wrong with a record; `line` counts from 1, `entry` is the name before the colon."""

    line: int
    entry: str | None
    message: str
    remedy: str
    kind: str = "record"


class Refused(ValueError):
    """YAML that is no record; `faults` say what would be."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(faults[0].message)


def refuse(message: str, remedy: str, mark: Mark | None = None) -> Refused:
    """Return the refusal of a record for one reason."""
    return Refused(Fault(mark.line + 1 if mark else 1, None, message, remedy))


def find_faults(text: str, faults: list[Fault]) -> None:
    """Add what would get lost; those before an error of syntax are added before it is raised.

    Raises:
        Refused: an alias or depth, which could make a small file huge.
        yaml.YAMLError: the text is no YAML.
    """
    reader = _Reader(text)
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        faults.extend(reader.read(event))
        if reader.is_over:
            return


class _Reader:
    """Follows the events of one text; `entry` is the entry in which the last one stands."""

    def __init__(self, text: str) -> None:
        self.text, self.lines = text, Lines(text)
        self.entry: str | None = None
        self.is_over = False
        self._depth = self._documents = self._end = 0
        self._awaits_name = False

    def read(self, event: yaml.Event) -> Iterator[Fault]:
        """Yield what is lost between the last event and this one, and in this one."""
        start, end = _start(event).index, _end(event)
        yield from self._comments(self._end, start)
        self._end = max(self._end, end)
        if isinstance(event, yaml.AliasEvent):
            raise refuse(
                "An alias (*name) cannot stand in a record.",
                "Write the value itself. A text that begins with * stands between quotation marks.",
                event.start_mark,
            )
        self._follow(event)
        if isinstance(event, yaml.NodeEvent):
            yield from self._properties(event)
        if isinstance(event, yaml.ScalarEvent):
            yield from self._scalar(event)
        if isinstance(event, yaml.DocumentStartEvent | yaml.DocumentEndEvent):
            yield from self._document(event)

    def _follow(self, event: yaml.Event) -> None:
        """Keep the depth, and the entry's name."""
        if isinstance(event, yaml.CollectionStartEvent):
            self._depth += 1
            if self._depth > _DEPTH:
                raise refuse("A list cannot stand inside a list.", LIST, event.start_mark)
            self._awaits_name = self._depth == 1
        elif isinstance(event, yaml.CollectionEndEvent):
            self._depth -= 1
            self._awaits_name = self._depth == 1
        elif isinstance(event, yaml.ScalarEvent) and self._depth == 1:
            if self._awaits_name:
                self.entry = event.value
            self._awaits_name = not self._awaits_name

    def _comments(self, start: int, end: int) -> Iterator[Fault]:
        """Yield the comments of a stretch between two values that stand behind something."""
        for match in _COMMENT.finditer(self.text, start, end):
            before = self.lines.before(match.start())
            if before.strip() not in ("", "---"):
                yield self._comment(match.start(), match.group())

    def _comment(self, at: int, comment: str) -> Fault:
        shown = _short(comment.rstrip())
        return self._fault(
            at,
            f'YAML takes "{shown}" for a comment and would leave it out.',
            f"{self.lines.quoted(at)}; a comment stands on a line of its own.",
        )

    def _properties(self, event: yaml.NodeEvent) -> Iterator[Fault]:
        at = _start(event).index
        if event.anchor is not None:
            message = f"YAML takes &{_short(event.anchor)} for an anchor and would leave it out."
            yield self._fault(at, message, f"{self.lines.quoted(at)}.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            message = f"YAML takes {_short(self._source(event))} for a tag and would leave it out."
            yield self._fault(at, message, f"{self.lines.quoted(at)}.")

    def _source(self, event: yaml.NodeEvent) -> str:
        """Return a tag as it is written."""
        rest = self.text[_start(event).index : _start(event).index + 200].split(maxsplit=2)
        return next((word for word in rest if word.startswith("!")), "!")

    def _scalar(self, event: yaml.ScalarEvent) -> Iterator[Fault]:
        at = _start(event).index
        if event.style is None and _NULL.fullmatch(event.value) and not self._is_name():
            message = f"YAML takes {event.value} for no value at all."
            remedy = f'Leave the entry empty, or write "{event.value}" between quotation marks.'
            yield self._fault(at, message, remedy)
        if event.style is None and (item := _ITEM.search(self.text, at, _end(event))):
            message = "YAML joins this line to the one before, and would make one text of a list."
            remedy = "Write a space behind the - of every item, and indent them alike."
            yield self._fault(item.start(1), message, remedy)
        if event.style not in ("|", ">"):
            return
        if match := _BLOCK_HEADER.match(self.text, at):
            yield self._comment(match.start(1), match.group(1))
        if not event.value.strip():
            message = f"YAML takes {event.style} for the beginning of a text, and none follows."
            yield self._fault(
                at, message, f"{self.lines.quoted(at)}, or indent the lines of the text."
            )

    def _is_name(self) -> bool:
        """Whether the scalar that was read last is a name."""
        return self._depth == 1 and not self._awaits_name

    def _document(self, event: yaml.DocumentStartEvent | yaml.DocumentEndEvent) -> Iterator[Fault]:
        line = _start(event).line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self.is_over = True
                message = "A second document begins here (---); it would get lost."
                remedy = (
                    "Take the line away; a text of several lines stands behind `name: |`, indented."
                )
                yield Fault(line, None, message, remedy, "yaml-syntax")
        elif event.explicit:
            self.is_over = True
            message = "The record ends here (...); what follows would get lost."
            yield Fault(line, None, message, "Take the line away.")

    def _fault(self, at: int, message: str, remedy: str) -> Fault:
        return Fault(self.lines.number(at), self.entry, message, remedy)


class Lines:
    """The lines of a YAML text, by places in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        ends = re.finditer(r"\r\n|[\r\n\x85\u2028\u2029]", text)
        self._starts = [0, *(match.end() for match in ends)]

    def number(self, at: int) -> int:
        """Return the number of the line of a place, from 1."""
        return bisect_right(self._starts, at)

    def before(self, at: int) -> str:
        """Return what stands before a place in its line."""
        return self._text[self._starts[self.number(at) - 1] : at]

    def line(self, at: int) -> str:
        """Return the line of a place."""
        number = self.number(at)
        end = self._starts[number] if number < len(self._starts) else None
        return self._text[self._starts[number - 1] : end].rstrip()

    def quoted(self, at: int) -> str:
        """Say how the value of a line is written so that YAML keeps all of it."""
        found = _ENTRY.fullmatch(self.line(at)) if len(self.line(at)) <= 300 else None
        if found is None:
            return "Put the whole value between quotation marks"
        name, value = found.groups()
        if re.search(r'["\\]', value):
            return f"Write {name} '" + value.replace("'", "''") + "'"
        return f'Write {name} "{value}"'


def _start(event: yaml.Event) -> Mark:
    mark = event.start_mark
    assert mark is not None  # the parser gives each event its place
    return mark


def _end(event: yaml.Event) -> int:
    return (event.end_mark or _start(event)).index


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:60]} …"
