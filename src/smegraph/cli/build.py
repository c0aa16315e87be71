"""`smegraph build`: from the sheets and the ontology to a release."""

from __future__ import annotations

from pathlib import Path

import click

from smegraph.cli.options import (
    all_option,
    data_option,
    links_option,
    ontology_option,
    out_option,
    sources_option,
)


@click.command()
@ontology_option
@data_option
@sources_option
@out_option
@links_option
@all_option
@click.option(
    "--no-reason", is_flag=True, help="Leave the reasoner out: no gate, no inferred graph."
)
def build(
    ontology_folder: Path | None,
    data_folder: Path,
    follow_links: bool,
    sources: Path | None,
    out: Path,
    no_reason: bool,
) -> None:
    """Check, validate, reason, derive, and make a release when something changed."""
    from smegraph.build import build as run
    from smegraph.cli.progress import build_progress
    from smegraph.studies.project import Project

    project = Project.find(ontology_folder, data_folder, sources, follow_links=follow_links)
    with build_progress() as progress:
        built = run(project, out, reason=not no_reason, progress=progress)
    if built.fresh:
        click.echo(f"Release {built.release.name}: {built.quads} quads in {built.release}")
    else:
        click.echo(f"Release {built.release.name} is up to date.")
    if built.warnings:
        click.echo(f"{len(built.warnings)} warnings stand in its report.json.", err=True)
