"""`smegraph ingest`: checked sheets as N-Quads."""

from __future__ import annotations

import gc
import sys
from itertools import chain, islice
from pathlib import Path

import click

from smegraph.cli.options import (
    all_option,
    data_option,
    is_given,
    links_option,
    ontology_option,
    sheets_here,
)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--out", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Where the N-Quads go.  [default: standard output]")  # fmt: skip
@ontology_option
@data_option
@links_option
@all_option
@click.pass_context
def ingest(
    context: click.Context,
    paths: tuple[Path, ...],
    target: Path | None,
    ontology_folder: Path | None,
    data_folder: Path,
    follow_links: bool,
) -> None:
    """Turn checked sheets into N-Quads, without reasoning.

    PATHS are folders of studies; without any, all studies and the reference data are taken, or that
    study alone in whose folder you are.
    """
    from smegraph.studies.check import ingest_studies
    from smegraph.studies.project import Project

    if inside := sheets_here(context, bool(paths) or is_given(context, "data_folder"), "taken"):
        paths = (inside,)
    project = Project.find(ontology_folder, data_folder, follow_links=follow_links)
    results = ingest_studies(project, paths)
    gc.freeze()  # all of it is in use until the process ends
    rows = chain.from_iterable(result.rows() for result in results)
    if target is None:
        sys.stdout.writelines(rows)
        return
    with target.open("wb") as file:
        while batch := "".join(islice(rows, 500)):
            file.write(batch.encode("utf-8"))
