"""A bibliographic record in the form that the readers of all formats give it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from smegraph.errors import Problem

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_OTHERS = {
    "others", "et al", "et. al", "and others", "u.a", "u. a", "and al", "& al", "& others",
    "al, et", "al., et", "et alii", "et alia", "et autres", "und andere", "y otros",
}  # fmt: skip
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")  # where a line may break, and the like


@dataclass(frozen=True)
class Name:
    """A person, or an organization, whose name stands whole in `family`."""

    family: str
    given: str = ""
    suffix: str = ""
    is_person: bool = True

    @property
    def text(self) -> str:
        """The name as lists of references print it.

        >>> Name("King", "Martin Luther", "Jr.").text
        'King, Martin Luther, Jr.'
        """
        return ", ".join(part for part in (self.family, self.given, self.suffix) if part)


@dataclass
class Record:
    """One record of a file.

    Attributes:
        id: what the file calls it, or an empty text.
        line: the line in which it begins.
        fields: texts by the format's own names.
        names: lists of names by the format's own names.
        incomplete: the lists of names that end in "and others".
        flaws: what is odd about it, in sentences; it is read all the same.
    """

    id: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[Name]] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)
    flaws: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """What people call the record."""
        return f'The record "{self.id}"' if self.id else "The record"

    def put(self, name: str, value: str) -> None:
        """Keep the first text of a field that says something."""
        text = clean(value)
        if text:
            self.fields.setdefault(name, text)

    def put_names(self, name: str, found: list[Name]) -> None:
        """Add names to a list; "and others" is no name, which is told."""
        for one in found:
            if is_others(one.text):
                if name not in self.incomplete:
                    self.flaws.append(f'"{one.text}" in {name} is no person: some are not listed.')
                self.incomplete.add(name)
            elif one.family:
                self.names.setdefault(name, []).append(one)


@dataclass
class Reading:
    """What a file holds: the records that could be read, and what is wrong with the others.

    `wanted` holds the fields that matter, or nothing when all do: to read an abstract as LaTeX
    would be for nothing.
    """

    file: str
    form: str = ""
    wanted: frozenset[str] = frozenset()
    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wants(self, field: str) -> bool:
        """Whether a field matters."""
        return not self.wanted or field in self.wanted

    def refuse(self, line: int | None, kind: str, message: str, remedy: str) -> None:
        """Name a record, or a file, that cannot be read."""
        message = clean(message)
        self.problems.append(Problem(self.file, line, None, kind, message, None, remedy))


def words(text: str) -> frozenset[str]:
    """Return the words of a text, for lists of them."""
    return frozenset(text.split())


def is_others(name: str) -> bool:
    """Whether a name stands for those that a list leaves out.

    >>> is_others("et al."), is_others("[and others]"), is_others("Al, Ed")
    (True, True, False)
    """
    return name.casefold().strip(" .,;()[]{}") in _OTHERS


def clean(text: str) -> str:
    """Return a text in normal form C on one line, without control and invisible characters.

    >>> clean(" Social\\n   media\\x1b ")
    'Social media'
    """
    text = _CONTROL.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", text)))
    return _SPACE.sub(" ", text).strip()
