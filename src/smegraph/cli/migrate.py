"""`smegraph migrate`: sheets and datasets that an earlier release has written."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from smegraph.cli.options import data_option, is_given, ontology_option, sheets_here


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@ontology_option
@data_option
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would be changed.")
@click.option(
    "--update", is_flag=True, help="Print a SPARQL update that does the same for a dataset."
)
@click.pass_context
def migrate(
    context: click.Context,
    paths: tuple[Path, ...],
    ontology_folder: Path | None,
    data_folder: Path,
    dry_run: bool,
    update: bool,
) -> None:
    """Give sheets the names of today: of files, of columns, and of the concepts that cells name.

    A column whose values are rows of another sheet today is taken away, and that sheet is written.

    PATHS are folders of studies; without any, all studies and the reference data are looked at, or
    that study in whose folder you are. A dataset that was made with an earlier ontology gets the
    terms of today by the update that --update prints. The exit code is 1 when something has to be
    done by hand.
    """
    from smegraph.studies.migrating import Change, changes
    from smegraph.studies.moving import moves
    from smegraph.studies.project import Project

    if inside := sheets_here(context, bool(paths) or is_given(context, "data_folder"), "migrated"):
        paths = (inside,)
    project = Project.find(ontology_folder, data_folder, None)
    if update:
        from smegraph.ontology.deprecations import replacements, update_text

        click.echo(update_text(project.ontology, replacements(project.ontology)))
        return
    found: list[Change] = []
    for step in (moves, changes):  # a sheet that is written has the concepts of today
        project = Project.find(ontology_folder, data_folder, None)
        folders = [project.include(path) for path in paths] or project.folders
        batch = [c for folder in folders for c in step(folder, project.schema, project.ontology)]
        for change in batch:
            if change.obstacle is None and not dry_run:
                change.carry_out()
            by_hand = f" (not done: {change.obstacle})" if change.obstacle else ""
            click.echo(f"{change.path}: {change.told}{by_hand}")
        found += batch
    if not found:
        click.echo("Nothing to do: the sheets have the names of today.")
    if any(change.obstacle for change in found):
        sys.exit(1)
