"""`smegraph export`: parts of a release as files for others."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from smegraph.cli.options import out_option

if TYPE_CHECKING:
    from smegraph.export.extract import Release
    from smegraph.export.formats import Compression
    from smegraph.export.job import Scope

_FLAGS: Final = {
    "study": "--study", "graph": "--graph", "ontology": "--ontology", "vocabulary": "--vocabulary",
    "about": "--about", "query_file": "--query", "expression": "-e", "class_": "--class",
    "as_": "--as",
}  # fmt: skip
_FORMATS: Final = (
    "turtle", "ntriples", "rdfxml", "jsonld", "functional", "trig", "nanopub", "nquads", "csv",
    "parquet", "sheets", "bibtex", "ris", "csl",
)  # fmt: skip


@click.command()
@click.option("--study", metavar="KEY", help="The graph of one study.")
@click.option("--graph", metavar="NAME", help="One graph, by its name or IRI.")
@click.option("--ontology", is_flag=True, help="Classes and properties, in one file.")
@click.option("--vocabulary", is_flag=True, help="The controlled vocabularies.")
@click.option("--about", metavar="CONCEPT",
              help="All facts on a concept and all below it, with works and places.")  # fmt: skip
@click.option("--query", "query_file", metavar="FILE", help="The answer to a query; - reads it.")
@click.option("-e", "expression", metavar="QUERY", help="The answer to this query.")
@click.option("--class", "class_", metavar="NAME", help="A table of the things of a class.")
@click.option("--as", "as_", metavar="VOCABULARY",
              help="All in other words: schema.org, org, qb (data cubes), fabio.")  # fmt: skip
@click.option("-o", "--output", "target", metavar="FILE", default="-",
              help="Where it goes; its ending tells format and compression.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(_FORMATS), help="Where no ending tells it.")
@click.option("--compress", type=click.Choice(["none", "gzip", "zstd"]),
              help="Where no ending (.gz, .zst) tells it.")  # fmt: skip
@click.option(
    "--no-header", is_flag=True, help="Nothing but what is asked for: no title, licence, citation."
)
@out_option
def export(
    target: str,
    form: str | None,
    compress: Compression | None,
    no_header: bool,
    out: Path,
    **scopes: str | bool | None,
) -> None:
    """Write the graph, or a part of it, in a format of your choice.

    Without a scope it is all of it. Each file says what it is, under which licence, of which
    release, and how to cite it.
    """
    from smegraph.cli.opening import open_current
    from smegraph.export.extract import Release
    from smegraph.export.formats import chosen
    from smegraph.export.job import Job, prepare
    from smegraph.export.output import output
    from smegraph.export.tables import metadata_file
    from smegraph.release.releases import Releases

    place = None if target == "-" else Path(target)
    scope, value = _scope(scopes)
    release = Release(open_current(out), Releases(out).current_release().name)
    if form == "sheets":
        _write_sheets(release, scope, value, place)
        return
    found, compression = chosen(place, form or _usual(place, scope), compress)
    with _working(f"export {scope} as {found.name}"):
        made = prepare(release, Job(scope, value, found, header=not no_header))
        with output(place, compression) as file:
            made.write(file)
    if place is not None and made.metadata is not None:
        metadata_file(place).write_text(made.metadata(place.name), "utf-8")


def _write_sheets(release: Release, scope: Scope, study: str, folder: Path | None) -> None:
    """Write the sheets of a study, and say how many there are."""
    from smegraph.export.sheets import RECORD, write_sheets

    if scope != "study" or folder is None:
        raise click.UsageError("Sheets are those of a study, in a folder: --study KEY -o FOLDER.")
    names = write_sheets(release, study, folder)
    record = f" and {RECORD}" if (folder / RECORD).exists() else ""
    click.echo(f"{len(names)} sheets{record} in {folder}.", err=True)


def _scope(scopes: Mapping[str, str | bool | None]) -> tuple[Scope, str]:
    """Return what is taken and its name, or the text of the query."""
    from smegraph.cli.terminal import read_query

    given = {name: value for name, value in scopes.items() if value}
    if len(given) > 1:
        flags = " and ".join(_FLAGS[name] for name in given)
        raise click.UsageError(f"{flags} cannot go together; take one of them.")
    for name, value in given.items():
        if name in ("query_file", "expression"):
            file, expression = scopes["query_file"], scopes["expression"]
            return "query", read_query(_text(file), _text(expression))
        scope: Scope = name.rstrip("_")  # type: ignore[assignment]
        return scope, str(value)
    return "whole", ""


def _text(value: str | bool | None) -> str | None:
    return value if isinstance(value, str) else None


@contextmanager
def _working(step: str) -> Iterator[None]:
    """Show on a terminal that something is done, and for how long."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.add_task(step, total=None)
        yield


def _usual(place: Path | None, scope: Scope) -> str | None:
    """Return the format for standard output where none is named."""
    if place is not None:
        return None
    return "csv" if scope == "class" else "turtle"
