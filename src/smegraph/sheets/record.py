"""``study.yaml`` read as a sheet with one row: a YAML mapping from column names to values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from smegraph.errors import Problem
from smegraph.sheets.table import Table, read_text

MAX_RECORD_CHARACTERS = 1_000_000


def read_record(path: Path, shown: str) -> Table:
    """Read a record; what is wrong with it stands in the table's ``problems``.

    Scalars are taken as they are written, so that ``2020`` and ``"2020"`` are one; a list becomes
    several values. Anchors and aliases are refused, as they could make a small file huge.
    """
    table = Table(shown)
    text = read_text(path, shown)
    if isinstance(text, Problem):
        table.problems.append(text)
    elif len(text) > MAX_RECORD_CHARACTERS:
        table.problems.append(
            Problem(shown, kind="file-too-large", message="The record has over 1 MB.")
        )
    else:
        _parse(text, table)
    return table


def _parse(text: str, table: Table) -> None:
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise _refused("An alias (*name) cannot stand in a record.", event.start_mark)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if not isinstance(node, yaml.MappingNode):
            raise _refused("The record must be a list of lines such as `id: my-study`.", None)
        _take(node, table)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        table.problems.append(
            Problem(
                table.file,
                row=mark.line + 1 if mark else None,
                kind="yaml-syntax",
                message=f"The record cannot be read as YAML: {error.problem}.",
                remedy="A text with a colon or a # in it must stand between quotation marks.",
            )
        )
    except yaml.YAMLError as error:
        table.problems.append(
            Problem(table.file, kind="yaml-syntax", message=f"Not YAML: {error}.")
        )


def _refused(message: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=message, problem_mark=mark)


def _take(node: yaml.MappingNode, table: Table) -> None:
    cells: list[str] = []
    place = node.start_mark.line + 1
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _refused("A name must stand before each colon.", key.start_mark)
        if key.value in table.head:
            raise _refused(f"`{key.value}` stands twice.", key.start_mark)
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
    raise _refused("A value must be a text, a number or a list of them.", node.start_mark)
