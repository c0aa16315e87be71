"""`smegraph check`: every error in the sheets of studies."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from smegraph.cli.options import (
    all_option,
    data_option,
    form_option,
    is_given,
    links_option,
    ontology_option,
    sheets_here,
    sources_option,
    wants_all,
)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@ontology_option
@data_option
@sources_option
@form_option
@links_option
@all_option
@click.pass_context
def check(
    context: click.Context,
    paths: tuple[Path, ...],
    ontology_folder: Path | None,
    data_folder: Path,
    follow_links: bool,
    sources: Path | None,
    form: str,
) -> None:
    """Report every error in the sheets of studies.

    PATHS are folders of studies, or sheets in them; without any, all studies are checked, or that
    one in whose folder you are. Errors that follow from one in another sheet, and more than twenty
    of one kind, are summed up in the text; JSON holds all of them. The exit code is 1 when there is
    an error.
    """
    from smegraph.errors import count_errors
    from smegraph.problem_report import as_json, as_text
    from smegraph.studies.check import check_studies
    from smegraph.studies.project import Project

    if inside := sheets_here(context, bool(paths) or is_given(context, "data_folder"), "checked"):
        paths = (inside,)
    project = Project.find(ontology_folder, data_folder, sources, follow_links=follow_links)
    problems = check_studies(project, paths)
    text = as_text(problems, every=wants_all(context)) if form == "text" else as_json(problems)
    click.echo(text)
    if count_errors(problems):
        sys.exit(1)
