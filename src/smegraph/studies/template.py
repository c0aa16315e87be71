"""Empty sheets for a new study, and the codebook that explains every column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from smegraph.errors import SmegraphError
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import STUDY, Column, Schema, Sheet, value_kind
from smegraph.ontology.terms import IDENTIFIER
from smegraph.sheets.csvfile import write_csv
from smegraph.studies.columns import plain_kinds
from smegraph.studies.strangers import RECORD

CODEBOOK = "codebook.md"
MAX_LISTED = 60


def write_template(
    folder: Path, ontology: Ontology, schema: Schema, names: Sequence[str] = ()
) -> list[Path]:
    """Write empty sheets and a codebook; nothing that is there is overwritten.

    Args:
        folder: the folder of the study, made when it is missing; its name becomes the key.
        ontology: where the columns' meanings and the vocabulary stand.
        schema: the sheets.
        names: the sheets to write; all of them when there are none.

    Returns:
        The files that were written. A codebook that is there is kept, as it explains all sheets.

    Raises:
        SmegraphError: a sheet is unknown, a file is there already, or the name is no key.
    """
    key = folder.resolve().name
    matcher = schema.record.by_path[IDENTIFIER].matcher
    if matcher and not matcher.search(key):
        raise SmegraphError(
            f'"{key}" cannot be the key of a study; name the folder in small letters, digits and '
            "hyphens."
        )
    sheets = _choose(schema, names)
    texts = {folder / _file_name(sheet): _empty(sheet, folder, ontology) for sheet in sheets}
    taken = [path.name for path in texts if path.exists()]
    if taken:
        raise SmegraphError(
            f"{folder} holds {', '.join(taken)} already; choose others with --sheet, "
            "or another folder."
        )
    if not (folder / CODEBOOK).exists():
        texts[folder / CODEBOOK] = codebook(_choose(schema, ()), ontology)
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def _choose(schema: Schema, names: Sequence[str]) -> list[Sheet]:
    if unknown := [name for name in names if name not in schema.sheets]:
        raise SmegraphError(
            f"There is no sheet {', '.join(unknown)}. Sheets are: {', '.join(schema.sheets)}."
        )
    if names:
        return [schema.sheets[name] for name in schema.sheets if name in names]
    return [schema.record, *schema.tables(STUDY)]


def _file_name(sheet: Sheet) -> str:
    return RECORD if sheet.is_record else f"{sheet.name}.csv"


def _empty(sheet: Sheet, folder: Path, ontology: Ontology) -> str:
    if not sheet.is_record:
        return write_csv([column.name for column in sheet.columns], [])
    lines = [f"# {sheet.comment}", "# What the document does not tell is left empty."]
    for column in sheet.columns:
        example = f" Example: {column.example}" if column.example else ""
        need = "" if column.required else " May stay empty."
        lines += ["", f"# {column.description}{need}{example}"]
        value = folder.resolve().name if column.path == IDENTIFIER else ""
        lines.append(f"{column.name}: {value}".rstrip())
    return "\n".join(lines) + "\n"


def codebook(sheets: Sequence[Sheet], ontology: Ontology) -> str:
    """Every sheet and column in Markdown: meaning, type, allowed values, example."""
    lines = ["# Codebook", ""]
    lines += [
        "Each sheet is a CSV file in UTF-8 with the column names in its first row (`study` is "
        "`study.yaml`). Several values in a cell are separated by `;`. A reference is a key, a "
        "label or an alternative label. What the document does not tell stays empty.",
        "",
    ]
    for sheet in sheets:
        lines += [f"## {sheet.name}: {sheet.title}", "", sheet.comment, "", _key(sheet), ""]
        lines += ["| column | meaning | holds | example |", "|---|---|---|---|"]
        lines += [_row(column, ontology) for column in sheet.columns]
        lines.append("")
        lines += _lists(sheet, ontology)
    lines += _long_lists(sheets, ontology)
    return "\n".join(lines).rstrip() + "\n"


def _key(sheet: Sheet) -> str:
    if column := sheet.by_path.get(IDENTIFIER):
        made = "" if column.required else ", or the study's key and the label when it is empty"
        return f"Key of a row: `{column.name}`{made}."
    names = [f"`{sheet.by_path[path].name}`" for path in sheet.key if path in sheet.by_path]
    return f"Key of a row: {', '.join(names)}{' together' if len(names) > 1 else ''}."


def _row(column: Column, ontology: Ontology) -> str:
    count = "required" if column.required else "optional"
    if not column.single:
        count += ", one or more" if column.required else ", any number"
    accepted = f"; also {plain_kinds(column)}" if column.accepts else ""
    holds = f"{value_kind(column, ontology)} ({count}){accepted}"
    cells = (f"`{column.name}`", column.description, holds, column.example)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _lists(sheet: Sheet, ontology: Ontology) -> Iterator[str]:
    """Yield the allowed values of the columns that have a short list of them."""
    for column in sheet.columns:
        values = list(column.options) or _concepts(column, ontology)
        if values:
            yield f"Allowed in `{column.name}`: {', '.join(values)}."
            yield ""


def _concepts(column: Column, ontology: Ontology) -> list[str]:
    """Return the labels of what a column may name, or where they stand if they are many."""
    if column.class_ is None:
        return []
    members = _members(column.class_, ontology)
    if len(members) > MAX_LISTED:
        kind = ontology.label(column.class_)
        return [f'{len(members)} values, listed at the end under "{kind}"']
    return sorted(map(ontology.label, members))


def _members(class_: str, ontology: Ontology) -> list[str]:
    return [
        iri
        for iri, types in ontology.concepts()
        if any(class_ in ontology.superclasses(type_) for type_ in types)
    ]


def _long_lists(sheets: Sequence[Sheet], ontology: Ontology) -> Iterator[str]:
    """Yield the lists that are too long for each column that has them, with definitions.

    What stands in a shorter list is left out of a longer one.
    """
    classes = {column.class_ for sheet in sheets for column in sheet.columns if column.class_}
    lists = {class_: _members(class_, ontology) for class_ in classes}
    listed: set[str] = set()
    for class_ in sorted(lists, key=lambda class_: (len(lists[class_]), class_)):
        if len(lists[class_]) <= MAX_LISTED:
            continue
        fresh = [iri for iri in lists[class_] if iri not in listed]
        beside = " (beside those above)" if len(fresh) < len(lists[class_]) else ""
        yield from (f"## List: {ontology.label(class_)}{beside}", "")
        for iri in sorted(fresh, key=ontology.label):
            yield f"- **{ontology.label(iri)}**: {ontology.definition(iri) or ''}".rstrip(": ")
        yield ""
        listed.update(fresh)
