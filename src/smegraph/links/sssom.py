"""SSSOM files read strictly: every row is taken, or the file has an error that names it.

The format is the TSV of SSSOM 1.0 (https://w3id.org/sssom/spec, "TSV"): a head of YAML in lines
that begin with `#`, the names of the columns, and a line for each mapping.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import yaml

from smegraph.errors import Problem, Severity
from smegraph.links.curies import Fault, expand, is_iri
from smegraph.links.model import Link, MappingSet
from smegraph.links.slots import (
    BUILT_IN,
    CHOICES,
    COLUMNS,
    CURIE_MAP,
    JUSTIFICATION,
    JUSTIFICATIONS,
    METADATA,
    OWL_SAME_AS,
    PREDICATE,
    PREDICATES,
    REQUIRED,
    Kind,
)
from smegraph.namespaces import PREFIXES, shorten
from smegraph.sheets.table import decode
from smegraph.suggest import did_you_mean, nearest

ENDING: Final = ".sssom.tsv"
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_START: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*")  # of an IRI
_NUMBER: Final = re.compile(r"0(?:\.\d+)?|1(?:\.0+)?")


# Decision 076: docs/decisions/076-links.md
def read_sssom(path: Path, shown: str) -> MappingSet:
    """Return a file of links with all that is wrong with it; rows in are rows out.

    Raises:
        OSError: the file cannot be read.
    """
    text = decode(path.read_bytes(), shown)
    if isinstance(text, Problem):
        return MappingSet(path, shown, problems=[text])
    return parse_sssom(text, path, shown)


def parse_sssom(text: str, path: Path, shown: str, *, is_shared: bool = False) -> MappingSet:
    """Return what the text of a file of links says, with all that is wrong with it."""
    found = MappingSet(path, shown, is_shared=is_shared)
    _Reader(found).read(text.replace("\r\n", "\n"))
    return found


class _Reader:
    """Reads one file into a set."""

    def __init__(self, found: MappingSet) -> None:
        self._found = found

    def read(self, text: str) -> None:
        lines = text.removesuffix("\n").split("\n")
        head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
        self._metadata(lines[:head])
        if head == len(lines) or not lines[head]:
            self._tell("no-columns", "There are no columns.", "Write their names.", head + 1)
            return
        columns = self._columns(lines[head].split("\t"), head + 1)
        for number, line in enumerate(lines[head + 1 :], start=head + 2):
            self._found.links.append(self._row(line, columns, number))

    # ------------------------------------------------------------------------------- the head

    def _metadata(self, lines: Sequence[str]) -> None:
        try:
            node = yaml.compose("\n".join(line[1:] for line in lines), Loader=yaml.BaseLoader)
        except yaml.YAMLError as error:
            mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
            why = error.problem if isinstance(error, yaml.MarkedYAMLError) else str(error)
            remedy = "A text with a colon in it must stand between quotation marks."
            row = mark.line + 1 if mark else None
            self._tell("yaml-syntax", f"The head cannot be read as YAML: {why}.", remedy, row)
            return
        if node is not None and not isinstance(node, yaml.MappingNode):
            self._tell("yaml-syntax", "The head must hold names with values.", "Write both.", 1)
            return
        entries = node.value if node is not None else []
        # The prefixes come first, as other entries are written with them.
        for key, value in sorted(entries, key=lambda entry: entry[0].value != CURIE_MAP):
            self._entry(str(key.value), value, key.start_mark.line + 1)
        self._required()

    def _entry(self, name: str, value: yaml.Node, row: int) -> None:
        if name in self._found.places:
            self._tell("duplicate-entry", f'"{name}" stands twice.', "Keep one.", row, name)
            return
        self._found.places[name] = row
        if name == CURIE_MAP:
            self._prefixes(value, row)
        elif name not in METADATA:
            remedy = did_you_mean(name, METADATA, "The head of SSSOM 1.0 has no such entry.")
            self._tell("unknown-entry", f'"{name}" is no entry of SSSOM.', remedy, row, name)
        else:
            self._found.metadata[name] = self._values(name, value, row)

    def _values(self, name: str, value: yaml.Node, row: int) -> tuple[str, ...]:
        nodes = value.value if isinstance(value, yaml.SequenceNode) else [value]
        if not all(isinstance(node, yaml.ScalarNode) for node in nodes):
            self._tell("entry", f'"{name}" holds names with values.', "Write texts.", row, name)
            return ()
        values = tuple(str(node.value) for node in nodes if node.value)
        kind = METADATA[name]
        if len(values) > 1 and not kind.endswith("s"):
            self._tell("entry", f'"{name}" has several values.', "Keep one.", row, name)
        for text in values:
            self._tell_fault(self._fault(name, kind, text), row, name, text)
        return values

    def _prefixes(self, value: yaml.Node, row: int) -> None:
        if not isinstance(value, yaml.MappingNode):
            self._tell("entry", "curie_map holds no prefixes.", "Write `prefix: IRI`.", row)
            return
        for key, namespace in value.value:
            prefix, iri, line = str(key.value), str(namespace.value), key.start_mark.line + 1
            usual = BUILT_IN.get(prefix) or PREFIXES.get(prefix)
            if prefix in self._found.prefixes:
                self._tell("duplicate-entry", f'"{prefix}" stands twice.', "Keep one.", line)
            elif not isinstance(namespace, yaml.ScalarNode) or not _START.fullmatch(iri):
                self._tell("prefix", f'"{prefix}" stands for no IRI.', "Write one.", line, prefix)
            elif usual and usual != iri:
                message = f'"{prefix}" stands for {iri}; elsewhere it stands for {usual}.'
                self._tell("prefix", message, "Write that, or take another prefix.", line, prefix)
            self._found.prefixes.setdefault(prefix, iri)

    def _required(self) -> None:
        wanted = {
            "mapping_set_id": ("no-set-id", "The set has no mapping_set_id.", _SET_ID),
            "license": ("no-license", "The set has no license.", _LICENSE),
        }
        for name, (kind, message, remedy) in wanted.items():
            if not self._found.metadata.get(name):
                self._tell(kind, message, remedy, None, name)
        for name, what in _TRUST.items():
            if not self._found.metadata.get(name):
                remedy = f"Write # {name}: in the head."
                self._tell(f"no-{what}", f"The set has no {what}.", remedy, None, name, "warning")

    # ------------------------------------------------------------------------------- the rows

    def _columns(self, names: Sequence[str], row: int) -> list[str]:
        for name, count in Counter(names).items():
            if count > 1:
                self._tell("duplicate-column", f'"{name}" stands twice.', "Keep one.", row, name)
            if name not in COLUMNS:
                near = nearest(name, COLUMNS)
                remedy = f'Did you mean "{near}"?' if near else "Take it out."
                self._tell("unknown-column", f'"{name}" is no column of SSSOM.', remedy, row, name)
        for name in REQUIRED:
            if name not in names:
                kind = "no-justification" if name == JUSTIFICATION else "no-column"
                self._tell(kind, f"There is no column {name}.", "Add it.", row, name)
        self._found.columns = list(names)
        return self._found.columns

    def _row(self, line: str, columns: Sequence[str], number: int) -> Link:
        try:
            (values,) = csv.reader([line], delimiter="\t", strict=True) if line else ([],)
        except (csv.Error, ValueError) as error:
            remedy = "Write a quotation mark inside of quotation marks twice."
            self._tell("tsv-syntax", f"The row cannot be read: {error}.", remedy, number)
            return Link(number, "", "", "")
        if len(values) != len(columns):
            message = f"The row has {len(values)} cells, and there are {len(columns)} columns."
            self._tell("cells", message, "Put a tab between two cells.", number)
        cells = {name: cell for name, cell in zip(columns, values, strict=False) if cell and name}
        for name, cell in cells.items():
            if kind := COLUMNS.get(name):
                for text in cell.split("|") if kind.endswith("s") else [cell]:
                    self._tell_fault(self._fault(name, kind, text), number, name, text)
        for name in REQUIRED:
            if name in columns and not cells.get(name):
                kind_ = "no-justification" if name == JUSTIFICATION else "no-value"
                self._tell(kind_, "The cell is empty.", "Fill it.", number, name)
        subject, predicate, object_ = (self._iri(cells, name) for name in REQUIRED[:3])
        return Link(number, subject, predicate, object_, cells)

    def _iri(self, cells: Mapping[str, str], name: str) -> str:
        found = expand(cells[name], self._found.prefixes) if name in cells else ""
        return found if isinstance(found, str) else ""

    def _fault(self, name: str, kind: Kind, text: str) -> Fault | None:
        if kind in ("curie", "curies"):
            return _curie(name, text, self._found.prefixes)
        if kind == "choice":
            if text in CHOICES[name]:
                return None
            remedy = did_you_mean(text, CHOICES[name], f"It is one of {', '.join(CHOICES[name])}.")
            return Fault("choice", f'"{text}" is no value of this column.', remedy)
        return _FORMS[kind](text)

    # ------------------------------------------------------------------------------ what is said

    def _tell_fault(self, fault: Fault | None, row: int, column: str, value: str) -> None:
        if fault:
            problem = (column, fault.kind, fault.message, value, fault.remedy)
            self._found.problems.append(Problem(self._found.shown, row, *problem))

    def _tell(
        self,
        kind: str,
        message: str,
        remedy: str,
        row: int | None,
        column: str | None = None,
        severity: Severity = "error",
    ) -> None:
        problem = Problem(self._found.shown, row, column, kind, message, None, remedy, severity)
        self._found.problems.append(problem)


_SET_ID: Final = "Write # mapping_set_id: with the IRI of the set."
_LICENSE: Final = "Write # license: with the IRI of a licence."
_TRUST: Final = {"mapping_set_title": "title", "mapping_set_version": "version"}


def _curie(name: str, text: str, prefixes: Mapping[str, str]) -> Fault | None:
    """Return what is wrong with a CURIE of a column."""
    iri = expand(text, prefixes)
    if isinstance(iri, Fault):
        return iri
    if name == PREDICATE and iri == OWL_SAME_AS:
        message = "owl:sameAs would make all that either says true of both."
        return Fault(
            "owl-same-as", message, "Write skos:exactMatch of concepts, else schema:sameAs."
        )
    allowed: Sequence[str] = {PREDICATE: PREDICATES, JUSTIFICATION: JUSTIFICATIONS}.get(name, ())
    if allowed and iri not in allowed:
        words = {shorten(one): one for one in allowed}
        remedy = did_you_mean(text, words, f"It is one of {', '.join(words)}.")
        kind = "unknown-predicate" if name == PREDICATE else "unknown-justification"
        return Fault(kind, f'"{text}" is none that is used here.', remedy)
    return None


def _text(text: str) -> Fault | None:
    if text != text.strip() or "\r" in text:
        message = f'White space stands around "{text.strip()}".'
        return Fault("space", message, "Take it away.")
    return None


def _date(text: str) -> Fault | None:
    try:
        sound = bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        sound = False
    message = f'"{text}" is no date of ISO 8601.'
    return None if sound else Fault("date", message, "Write year-month-day, as in 2026-11-30.")


def _number(text: str) -> Fault | None:
    message = f'"{text}" is no number from 0 to 1.'
    return None if _NUMBER.fullmatch(text) else Fault("number", message, "Write one, as in 0.95.")


def _uri(text: str) -> Fault | None:
    message = f'"{text}" is no absolute IRI.'
    return None if is_iri(text) else Fault("iri", message, "Write it whole, with its scheme.")


_FORMS: Final[Mapping[Kind, Callable[[str], Fault | None]]] = {
    "text": _text,
    "texts": _text,
    "date": _date,
    "number": _number,
    "uri": _uri,
    "uris": _uri,
}
