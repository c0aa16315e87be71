"""`smegraph template`: empty sheets for a new study."""

from __future__ import annotations

from pathlib import Path

import click

from smegraph.cli.options import FOLDER, ontology_option


@click.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@click.option(
    "--sheet", "names", multiple=True, metavar="NAME", help="Only this sheet (repeatable)."
)
@ontology_option
def template(folder: Path, names: tuple[str, ...], ontology_folder: Path | None) -> None:
    """Write empty sheets for a new study into DIR, with a codebook.

    The name of DIR becomes the key of the study. Nothing that is there is overwritten.
    """
    from smegraph.studies.project import Project
    from smegraph.studies.template import write_template

    project = Project.find(ontology_folder)
    written = write_template(folder, project.ontology, project.schema, names)
    click.echo(f"{len(written)} files in {folder}; read codebook.md, then fill in what you need.")
    click.echo(f"Delete the other sheets. `smegraph check {folder}` says what is missing or wrong.")
    if folder.resolve().parent.name != "studies":
        where = "not in data/studies/, where the other commands look for studies"
        click.echo(f"smegraph: {folder} lies {where}.", err=True)
