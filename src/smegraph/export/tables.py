"""Tables: the things of a class with a column for each property, or the answer to a SELECT query.

A table of a class has the columns of its sheet, in the sheet's order; its metadata are as CSV on
the Web has them (Metadata Vocabulary for Tabular Data, W3C 2015).
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import pyoxigraph as ox

from smegraph.export.errors import ExportError, WriterMissing
from smegraph.export.extract import Release
from smegraph.graph.header import CURATORS, LICENSE
from smegraph.namespaces import BASE, PREFIXES, SME
from smegraph.ontology.ontology import Ontology, local_name
from smegraph.ontology.schema import Schema, Sheet
from smegraph.ontology.terms import LABEL
from smegraph.suggest import near

BETWEEN: Final = "; "  # values of one cell
_ID: Final = "id"
_CSVW: Final = "http://www.w3.org/ns/csvw"


@dataclass(frozen=True)
class Field:
    """A column: its name, its property (None for the thing itself), and its datatype."""

    name: str
    path: str | None
    description: str
    datatype: str
    several: bool


@dataclass(frozen=True)
class Table:
    """A table: its title, its columns, and its rows as texts."""

    title: str
    fields: Sequence[Field]
    rows: Sequence[Sequence[str]]


def class_table(release: Release, ontology: Ontology, schema: Schema, name: str) -> Table:
    """Return the things of a class, inferred members too, in the order of their IRIs.

    Args:
        release: where they are.
        ontology: where the class is.
        schema: the sheets.
        name: the class, as `Firm`, `sme:Firm`, its IRI or its label.

    Raises:
        ExportError: there is no such class, or no sheet describes what is in it.
    """
    iri = _class(ontology, name)
    sheet = _sheet(ontology, schema, iri)
    columns = [column for column in sheet.columns if column.via is None]
    values: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(dict)
    rows = release.solutions(f"SELECT ?x ?p ?o {{ ?x a <{iri}> ; ?p ?o }} ORDER BY ?x ?p ?o")
    for thing, path, value in rows:
        values[thing.value].setdefault(path.value, []).append(value)
    fields = [Field(_ID, None, "The IRI of the thing.", "anyURI", False)]
    for column in columns:
        kind = "anyURI" if column.datatype is None else local_name(column.datatype)
        several = not column.single
        fields.append(Field(column.name, column.predicate, column.description, kind, several))
        if column.is_reference:
            told = f"The labels of what stands in {column.name}."
            fields.append(Field(f"{column.name}Label", column.predicate, told, "string", several))
    fields = [one for one in fields if one.path is None or one.name != _ID]
    labels = _labels(release)
    table = [
        [_cell(one, thing, found, labels) for one in fields] for thing, found in values.items()
    ]
    return Table(f"{ontology.label(iri)} (smegraph)", fields, table)


def _class(ontology: Ontology, name: str) -> str:
    prefix, _, local = name.partition(":")
    iri = PREFIXES[prefix] + local if prefix in PREFIXES else name
    known = {one: one for one in _classes(ontology)}
    known |= {local_name(one): one for one in [*known]}
    known |= {ontology.label(one).casefold(): one for one in [*known.values()]}
    found = known.get(iri) or known.get(SME + name) or known.get(name.casefold())
    if found is None:
        close = near(name, map(local_name, _classes(ontology)), count=3)
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        raise ExportError(f'The ontology has no class "{name}".{hint}', "class")
    return found


def _classes(ontology: Ontology) -> Iterator[str]:
    type_, class_ = (
        ox.NamedNode(iri) for iri in (PREFIXES["rdf"] + "type", PREFIXES["owl"] + "Class")
    )
    for quad in ontology.store.quads_for_pattern(None, type_, class_, ox.NamedNode("urn:modules")):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value


def _sheet(ontology: Ontology, schema: Schema, iri: str) -> Sheet:
    """Return the sheet of a class, or of the next class above that has one."""
    above = sorted(ontology.superclasses(iri), key=lambda one: -len(ontology.superclasses(one)))
    for class_ in above:
        for sheet in schema.sheets.values():
            if sheet.class_ == class_:
                return sheet
    known = ", ".join(sorted(local_name(sheet.class_) for sheet in schema.sheets.values()))
    raise ExportError(
        f"No sheet has the properties of {local_name(iri)}; there are sheets of {known}. "
        "A SELECT query (-e) makes any other table.",
        "class",
    )


def _labels(release: Release) -> dict[str, str]:
    query = f"SELECT ?x (MIN(?label) AS ?text) {{ ?x <{LABEL}> ?label }} GROUP BY ?x"
    return {thing.value: text.value for thing, text in release.solutions(query) if text}


def _cell(
    field: Field,
    thing: str,
    values: Mapping[str, Sequence[ox.NamedNode | ox.Literal]],
    labels: Mapping[str, str],
) -> str:
    if field.path is None:
        return thing
    found = (one.value for one in values.get(field.path, ()))
    is_label = field.name.endswith("Label") and field.datatype == "string"
    return BETWEEN.join(labels.get(one, one) if is_label else one for one in found)


def solutions_table(release: Release, text: str) -> Table:
    """Return the answer to a SELECT query as a table."""
    found = release.solutions(text)
    fields = [Field(name.value, None, "", "string", False) for name in found.variables]
    rows = [[term.value if term else "" for term in row] for row in found]
    return Table("An answer of smegraph", fields, rows)


def write_csv(table: Table, file: IO[bytes]) -> None:
    """Write a table as RFC 4180 has it, in UTF-8."""
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([field.name for field in table.fields])
    writer.writerows(table.rows)
    text.detach()


def write_parquet(table: Table, file: IO[bytes]) -> None:
    """Write a table with a column of texts for each field.

    Raises:
        ExportError: polars is not installed.
    """
    try:
        import polars  # type: ignore[import-not-found, unused-ignore]
    except ImportError as error:
        raise WriterMissing(
            "Parquet is written by polars: pip install 'smegraph[frames]'. CSV needs nothing.",
            "format",
        ) from error
    names = [field.name for field in table.fields]
    columns = {name: [row[at] or None for row in table.rows] for at, name in enumerate(names)}
    schema = dict.fromkeys(names, polars.String)
    polars.DataFrame(columns, schema=schema).write_parquet(file)


def metadata(table: Table, file: str, release: str) -> str:
    """Return the CSVW metadata of a table, which stand beside its file."""
    cited = f"{CURATORS}: {table.title}. In: smegraph, release {release}. {BASE}"
    told: dict[str, Any] = {
        "@context": [_CSVW, {"@language": "en"}],
        "url": file,
        "dc:title": table.title,
        "dc:license": {"@id": LICENSE},
        "dc:source": {"@id": BASE + "dataset"},
        "dc:creator": CURATORS,
        "dc:bibliographicCitation": cited,
        "schema:version": release,
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": {
            "columns": [_described(field) for field in table.fields],
            **({"primaryKey": _ID, "aboutUrl": "{+id}"} if _is_class(table) else {}),
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _is_class(table: Table) -> bool:
    return table.fields[0].name == _ID and table.fields[0].datatype == "anyURI"


def _described(field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"name": field.name, "titles": field.name, "datatype": field.datatype}
    if field.description:
        found["dc:description"] = field.description
    if field.path is not None and not field.name.endswith("Label"):
        found["propertyUrl"] = field.path
    if field.several:
        found["separator"] = BETWEEN
    return found


def metadata_file(target: Path) -> Path:
    """Return where the metadata of a file of CSV stand (Model for Tabular Data, section 5.3)."""
    return target.with_name(f"{target.name}-metadata.json")
