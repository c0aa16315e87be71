"""`smegraph format`: Turtle in canonical order."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from smegraph.cli.options import ontology_option
from smegraph.ontology.locate import ontology_dir


@click.command("format")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; exit with 1 if something would."
)
@ontology_option
def format_(paths: tuple[Path, ...], only_check: bool, ontology_folder: Path | None) -> None:
    """Put Turtle files (those of the ontology when none are named) into canonical order."""
    from smegraph.ontology.turtle import format_files

    files = paths or tuple(sorted(ontology_dir(ontology_folder).rglob("*.ttl")))
    changed = format_files(files, write=not only_check)
    for path in changed:
        click.echo(f"{path} {'is not' if only_check else 'was not'} in canonical order")
    if changed and only_check:
        sys.exit(1)
