"""`smegraph import`: references from BibTeX, RIS or CSL-JSON."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from smegraph.cli.options import data_option, is_given, links_option, ontology_option, sheets_here


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--study", metavar="KEY",
              help="The study with the references.  [default: the one you are in]")  # fmt: skip
@click.option("--coder", metavar="NAME", help="Who answers for the rows.  [default: the study's]")
@click.option("--encoding", metavar="NAME",
              help="What FILE is encoded in, such as cp1252.  [default: UTF-8]")  # fmt: skip
@click.option("--from", "form", type=click.Choice(["bibtex", "ris", "csl"]),
              help="The format of FILE.  [default: found in FILE]")  # fmt: skip
@click.option("--fill", is_flag=True, help="Fill empty cells of rows that people wrote, too.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@ontology_option
@data_option
@links_option
@click.pass_context
def import_(
    context: click.Context,
    file: Path,
    study: str | None,
    coder: str | None,
    encoding: str | None,
    form: str | None,
    fill: bool,
    dry_run: bool,
    ontology_folder: Path | None,
    data_folder: Path,
    follow_links: bool,
) -> None:
    """Bring the references in FILE (BibTeX, RIS or CSL-JSON) into a study.

    New rows go into works.imported.csv, persons.imported.csv, authorships.imported.csv and
    references.imported.csv of the study. A work that any study knows (by its DOI, or by title, year
    and first author) keeps its key. Importing a file twice changes nothing.

    What stands in a cell is never changed: where FILE says otherwise, the difference is told. Empty
    cells are filled in rows that an import wrote; in those that people wrote, with --fill only, as
    their passage in the document does not tell it.

    A record that cannot be read is named, and the others are taken; the exit code is then 1.
    """
    from smegraph.bibliography import import_references
    from smegraph.bibliography.report import problem_lines, summary_lines
    from smegraph.studies.project import Project

    if study is None:
        given = is_given(context, "data_folder")
        inside = sheets_here(context, given, "changed", reference=False)
        if inside is None:
            raise click.UsageError("Say which study lists the references: --study KEY.")
        study = inside.resolve().name
    project = Project.find(ontology_folder, data_folder, follow_links=follow_links)
    result = import_references(
        project, file, study, encoding=encoding, form=form, coder=coder, fill=fill, dry_run=dry_run,
    )  # fmt: skip
    for line in problem_lines(result):
        click.echo(line, err=True)
    for line in summary_lines(result, study, dry_run):
        click.echo(line)
    if result.errors:
        sys.exit(1)
