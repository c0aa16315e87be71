"""`smegraph link`: links to the vocabularies and data of others."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from smegraph.cli.options import (
    all_option,
    data_option,
    form_option,
    ontology_option,
    wants_all,
)

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("link")
def link() -> None:
    """Check, propose and take in links to the vocabularies and data of others."""


@link.command("check")
@ontology_option
@data_option
@click.option("--target", "targets", type=_FILE, multiple=True, metavar="FILE",
              help="A vocabulary that is linked to, as RDF or OBO: objects must be in it. "
                   "May stand several times.")  # fmt: skip
@form_option
@all_option
@click.pass_context
def check(
    context: click.Context,
    ontology_folder: Path | None,
    data_folder: Path,
    targets: tuple[Path, ...],
    form: str,
) -> None:
    """Report every error in the links of ontology/mappings/ and data/links/.

    The exit code is 1 when there is an error. A build refuses the same errors.
    """
    from smegraph.errors import count_errors
    from smegraph.links.targets import read_target
    from smegraph.problem_report import as_json, as_text
    from smegraph.studies.project import Project

    project = Project.find(ontology_folder, data_folder)
    problems = project.link_problems([read_target(path) for path in targets])
    text = as_text(problems, every=wants_all(context)) if form == "text" else as_json(problems)
    click.echo(text)
    if form == "text":
        rows, sets = sum(len(one.links) for one in project.links), len(project.links)
        click.echo(f"{rows} rows in {sets} file{'' if sets == 1 else 's'}.")
    if count_errors(problems):
        sys.exit(1)
