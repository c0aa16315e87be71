"""Sheets of a study from its graph: read again, they make the same graph.

What the graph does not hold cannot come back: the order of rows and of several values in a cell,
the name by which a reference was written (here it is a key), the file in which a row stood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox
import yaml

from smegraph.export.errors import ExportError
from smegraph.export.extract import Release
from smegraph.namespaces import GRAPH, XSD
from smegraph.ontology.locate import ontology_dir
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import STUDY, Column, Schema, Sheet
from smegraph.ontology.terms import IDENTIFIER, MENTION_OF, TYPE
from smegraph.sheets.csvfile import write_csv

RECORD: Final = "study.yaml"
_WHOLE: Final = frozenset(
    XSD + name for name in ("gYear", "integer", "nonNegativeInteger", "positiveInteger")
)

_Values: TypeAlias = dict[str, list[ox.NamedNode | ox.Literal]]


@dataclass(frozen=True)
class Names:
    """What cells call things: the key of each, and what a concept is called."""

    keys: Mapping[str, str]
    ontology: Ontology

    def of(self, iri: str) -> str:
        """Return the key of a thing, or the label of a concept."""
        return self.keys.get(iri) or self.ontology.label(iri)


def sheets_of(
    triples: Iterable[ox.Triple], keys: Mapping[str, str], ontology: Ontology, schema: Schema
) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each sheet of a study that has rows.

    Args:
        triples: the study's graph.
        keys: the key of each thing that a cell may name, by IRI.
        ontology: labels of concepts.
        schema: the sheets.
    """
    subjects = _by_subject(triples)
    mentions = {
        thing.value: values for values in subjects.values() for thing in values.get(MENTION_OF, ())
    }
    names = Names(keys, ontology)
    for sheet in schema.tables(STUDY):
        rows = [
            _row(sheet, subjects, mentions.get(iri, {}), iri, names)
            for iri in sorted(_members(sheet, subjects))
        ]
        columns = [at for at in range(len(sheet.columns)) if any(row[at] for row in rows)]
        if columns:
            head = [sheet.columns[at].name for at in columns]
            yield sheet.name, write_csv(head, [[row[at] for at in columns] for row in rows])


def record_of(
    triples: Iterable[ox.Triple],
    keys: Mapping[str, str],
    ontology: Ontology,
    schema: Schema,
    study: str,
) -> str:
    """Return the `study.yaml` of a study; empty where its graph does not describe its document.

    Args:
        triples: the study's graph.
        keys: the key of each thing, by IRI.
        ontology: labels of concepts.
        schema: the sheets.
        study: the key of the study.
    """
    subjects, names = _by_subject(triples), Names(keys, ontology)
    sheet = schema.record
    documents = [iri for iri in _members(sheet, subjects) if keys.get(iri) == study]
    record: dict[str, object] = {}
    for iri in documents[:1]:
        for column in sheet.columns:
            values = _node(column, subjects[iri], subjects).get(column.predicate, ())
            found = [_scalar(column, value, names) for value in sorted(values, key=str)]
            if found:
                record[column.name] = found[0] if column.single else found
    if not record:
        return ""
    return yaml.safe_dump(record, sort_keys=False, allow_unicode=True, width=88)


def _scalar(column: Column, value: ox.NamedNode | ox.Literal, names: Names) -> str | int:
    if isinstance(value, ox.Literal) and column.datatype in _WHOLE:
        return int(value.value)
    return _text(replace(column, single=True), value, names)


def _by_subject(triples: Iterable[ox.Triple]) -> dict[str, _Values]:
    subjects: dict[str, _Values] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode) and not isinstance(
            triple.object, ox.BlankNode | ox.Triple
        ):
            subjects[triple.subject.value][triple.predicate.value].append(triple.object)
    return subjects


def _members(sheet: Sheet, subjects: Mapping[str, _Values]) -> Iterator[str]:
    """Yield the things that a sheet describes: of its class, or of one that a column names."""
    kinds = sheet.column(TYPE)
    classes = {ox.NamedNode(sheet.class_), *(kinds.options.values() if kinds else ())}
    return (iri for iri, values in subjects.items() if classes.intersection(values.get(TYPE, ())))


def _row(
    sheet: Sheet, subjects: Mapping[str, _Values], mention: _Values, iri: str, names: Names
) -> Sequence[str]:
    own = subjects[iri]
    return [
        _cell(
            column,
            mention if mention and column.of_mention else _node(column, own, subjects),
            names,
        )
        for column in sheet.columns
    ]


def _node(column: Column, own: _Values, subjects: Mapping[str, _Values]) -> _Values:
    """Return the statements on the node of which a column speaks."""
    if column.via is None:
        return own
    found = own.get(column.via, ())
    return subjects.get(found[0].value, {}) if found else {}


def _cell(column: Column, values: _Values, names: Names) -> str:
    found = values.get(column.predicate, ())
    return "; ".join(_text(column, value, names) for value in sorted(found, key=str))


def _text(column: Column, value: ox.NamedNode | ox.Literal, names: Names) -> str:
    for option, term in column.options.items():
        if term == value:
            return option
    if isinstance(value, ox.NamedNode):
        return names.of(value.value)
    return value.value.replace(";", "\\;") if not column.single else value.value


# Decision 079: docs/decisions/079-exports.md
def write_sheets(release: Release, study: str, folder: Path) -> list[str]:
    """Write the sheets of a study and its `study.yaml` into a folder; return the sheets' names.

    Raises:
        ExportError: there is no such study, or the folder holds something.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise ExportError(f"{folder} holds something; sheets go into a folder of their own.")
    triples = [*release.study(study).graphs[GRAPH + study]()]
    rows = release.solutions(f"SELECT ?x ?key {{ ?x <{IDENTIFIER}> ?key }}")
    keys = {thing.value: key.value for thing, key in rows}
    ontology = Ontology.load(ontology_dir())
    schema = Schema.read(ontology)
    texts = dict(sheets_of(triples, keys, ontology, schema))
    record = record_of(triples, keys, ontology, schema, study)
    folder.mkdir(parents=True, exist_ok=True)
    if record:
        (folder / RECORD).write_text(record, "utf-8", newline="\n")
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, "utf-8", newline="")
    return [*texts]
