"""`study.yaml` read as a sheet with one row: a YAML mapping from column names to values."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from smegraph.errors import Problem
from smegraph.sheets.invisible import plain
from smegraph.sheets.table import Table, read_text
from smegraph.sheets.yaml_faults import LIST, Fault, Lines, Refused, find_faults, refuse

MAX_RECORD_CHARACTERS = 1_000_000


def read_record(path: Path, shown: str) -> Table:
    """Read a record; what is wrong with it stands in the table's `problems`.

    Scalars are taken as they are written, so that `2020` and `"2020"` are one; a list becomes
    several values. What YAML would leave out or change is refused: comments behind values, anchors,
    aliases, tags, `null` (`yaml_faults`).
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


# What makes a line of YAML an entry or an item: white space, a hyphen, or a name with its colon.
_MARKUP = re.compile(r"^(?:[^\S\n]*-[^\S\n]+|[^\s:#\"'-][^\s:#]*:[^\S\n]+|[^\S\n]+)", re.MULTILINE)
_STARTS = re.compile(r"^[\u00ad\u200b-\u200f\u2060\ufeff]+", re.MULTILINE)


def _parse(text: str, table: Table) -> None:
    # YAML takes an invisible character, or a space that is not ASCII's, for a letter.
    text = _MARKUP.sub(lambda match: plain(match.group()), _STARTS.sub("", text))
    faults: list[Fault] = []
    try:
        find_faults(text, faults)
        node = None if faults else yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None and not isinstance(node, yaml.MappingNode):
            raise refuse("The record must hold names with values.", LIST, node.start_mark)
        if node is not None:
            _take(node, table)
        elif not faults:
            raise refuse("The record is empty.", LIST)
    except Refused as error:
        faults = list(error.faults)
    except yaml.YAMLError as error:
        table.problems.append(_syntax(error, text, table.file))
    if faults:
        table.head.clear()  # half a record would seem to lack the other half
    for line, entry, message, remedy, kind in faults:
        table.problems.append(Problem(table.file, line, entry, kind, message, None, remedy))


# What the parser says, for those who do not know YAML.
_REASONS = {
    "mapping values are not allowed here": "a second colon in the line would begin another entry"
}


def _syntax(error: yaml.YAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    reason = error.problem if isinstance(error, yaml.MarkedYAMLError) else str(error)
    remedy = (
        "A text with a colon or a # in it, or with a sign such as @ % - or ` at its beginning, "
        "must stand between quotation marks."
    )
    if reason and "'\\t'" in reason:
        remedy = "Indent with spaces; YAML takes no tab there."
    elif mark and mark.index < len(text):
        remedy += f" {Lines(text).quoted(mark.index)}."
    return Problem(
        file,
        row=mark.line + 1 if mark else None,
        kind="yaml-syntax",
        message=f"The record cannot be read as YAML: {_REASONS.get(str(reason), reason)}.",
        remedy=remedy,
    )


def _take(node: yaml.MappingNode, table: Table) -> None:
    cells: list[str] = []
    place = node.start_mark.line + 1
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise refuse("A name must stand before each colon.", LIST, key.start_mark)
        name = plain(key.value).strip()
        if name in table.head:
            raise refuse(f'The entry "{name}" stands twice.', "Keep one.", key.start_mark)
        table.head.append(name)
        table.lines[name] = key.start_mark.line + 1
        if isinstance(value, yaml.SequenceNode):
            table.lists.add(name)
        cells.append(_cell(value))
    table.rows.append(cells)
    table.places.append(place)


def _cell(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return "" if node.tag.endswith(":null") else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        parts = [_cell(item) for item in node.value]
        return "; ".join(part.replace(";", "\\;") for part in parts)
    raise refuse("A value must be a text, a number or a list of them.", LIST, node.start_mark)
