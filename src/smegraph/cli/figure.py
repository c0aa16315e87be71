"""`smegraph figure`: the kinds of classes as a drawing."""

from __future__ import annotations

from pathlib import Path

import click

from smegraph.cli.options import ontology_option


@click.command()
@click.option(
    "--out", "target", required=True, metavar="FILE", help="Where the SVG goes.",
    type=click.Path(dir_okay=False, path_type=Path),
)  # fmt: skip
@ontology_option
def figure(target: Path, ontology_folder: Path | None) -> None:
    """Draw the kinds of classes of the ontology, and the classes below them, as SVG."""
    from smegraph.ontology.figure import draw
    from smegraph.studies.project import Project

    drawn = draw(Project.find(ontology_folder).ontology)
    target.write_text(drawn, encoding="utf-8")
