"""`study.yaml` read as a sheet with one row: a YAML mapping from column names to values."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import yaml

from smegraph.errors import Problem
from smegraph.sheets.table import Table, read_text

MAX_RECORD_CHARACTERS = 1_000_000
_DEPTH = 2  # the record, and a list of values
_LIST = "Write `name: value`, or a list of values with `- ` before each."


def read_record(path: Path, shown: str) -> Table:
    """Read a record; what is wrong with it stands in the table's `problems`.

    Scalars are taken as they are written, so that `2020` and `"2020"` are one; a list becomes
    several values. Anchors and aliases are refused, as they could make a small file huge.
    """
    table = Table(shown)
    text = read_text(path, shown)
    if isinstance(text, Problem):
        table.problems.append(text)
    elif len(text) > MAX_RECORD_CHARACTERS:
        table.problems.append(
            Problem(
                shown,
                kind="file-too-large",
                message=f"The record has {len(text):,} characters.",
                remedy=f"At most {MAX_RECORD_CHARACTERS:,} are read; facts belong into sheets.",
            )
        )
    else:
        _parse(text, table)
    return table


class _Mark(Protocol):
    """A place in a YAML text; PyYAML has two classes of them."""

    @property
    def line(self) -> int: ...


class _Refused(ValueError):
    """YAML that is no record; `remedy` says what would be."""

    def __init__(self, message: str, remedy: str, mark: _Mark | None = None) -> None:
        self.message, self.remedy, self.row = message, remedy, mark.line + 1 if mark else 1
        super().__init__(message)


def _parse(text: str, table: Table) -> None:
    try:
        _look_ahead(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            raise _Refused("The record is empty.", _LIST)
        if not isinstance(node, yaml.MappingNode):
            raise _Refused("The record must hold names with values.", _LIST, node.start_mark)
        _take(node, table)
    except _Refused as error:
        table.head.clear()  # half a record would seem to lack the other half
        problem = Problem(table.file, error.row, None, "record", error.message, None, error.remedy)
        table.problems.append(problem)
    except yaml.YAMLError as error:
        table.problems.append(_syntax(error, table.file))


def _look_ahead(text: str) -> None:
    """Refuse what could make a small file huge or deep; a record needs neither."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            message = "An alias (*name) cannot stand in a record."
            raise _Refused(message, "Write the value itself.", event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEPTH:
            raise _Refused("A list cannot stand inside a list.", _LIST, event.start_mark)


def _syntax(error: yaml.YAMLError, file: str) -> Problem:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    reason = error.problem if isinstance(error, yaml.MarkedYAMLError) else str(error)
    return Problem(
        file,
        row=mark.line + 1 if mark else None,
        kind="yaml-syntax",
        message=f"The record cannot be read as YAML: {reason}.",
        remedy="A text with a colon or a # in it must stand between quotation marks.",
    )


def _take(node: yaml.MappingNode, table: Table) -> None:
    cells: list[str] = []
    place = node.start_mark.line + 1
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _Refused("A name must stand before each colon.", _LIST, key.start_mark)
        if key.value in table.head:
            raise _Refused(f'The entry "{key.value}" stands twice.', "Keep one.", key.start_mark)
        table.head.append(key.value)
        table.lines[key.value] = key.start_mark.line + 1
        cells.append(_cell(value))
    table.rows.append(cells)
    table.places.append(place)


def _cell(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return "" if node.tag.endswith(":null") else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        parts = [_cell(item) for item in node.value]
        return "; ".join(part.replace(";", "\\;") for part in parts)
    raise _Refused("A value must be a text, a number or a list of them.", _LIST, node.start_mark)
