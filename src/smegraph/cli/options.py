"""The options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.core import ParameterSource

from smegraph.ontology.locate import ONTOLOGY_VARIABLE
from smegraph.studies.place import DATA, Place, find_place

FOLDER = click.Path(file_okay=False, path_type=Path)


def here(context: click.Context) -> Place:
    """Return where the command works, and say so once where that is not the working folder."""
    found = context.meta.get(_PLACE)
    if found is None:
        found = context.meta[_PLACE] = find_place(Path()) or Place(Path())
        if not found.is_root:
            click.echo(f"smegraph: the project is {found.root.resolve()}.", err=True)
    return found


_PLACE = "smegraph.place"  # of the commands' shared memory


def sheets_here(
    context: click.Context, given: bool, what: str, *, reference: bool = True
) -> Path | None:
    """Return the study in which the command works, where none is named, and say that it is meant.

    Args:
        context: the command's.
        given: whether a study is named, or the data of another project.
        what: what is done with the study.
        reference: whether the folder of the reference data may be meant as well.
    """
    place = here(context)
    sheets = None if given or not (reference or place.is_in_study) else place.sheets
    if sheets is not None:
        click.echo(f"smegraph: only {sheets.resolve().name} is {what}, as you are in it.", err=True)
    return sheets


def is_given(context: click.Context, name: str) -> bool:
    """Whether an option was given on the command line."""
    return context.get_parameter_source(name) == ParameterSource.COMMANDLINE


def _from_root(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path:
    """Return a folder that was named, or the one of the project by the option's own name."""
    if value is not None:
        return value
    return here(context).root / ("build" if parameter.name == "out" else DATA)


def _find_ontology(
    context: click.Context, parameter: click.Parameter, value: Path | None
) -> Path | None:
    """Return the folder that was named, or that of the project; else it is looked for later."""
    if value is not None or os.environ.get(ONTOLOGY_VARIABLE) or Path("ontology").is_dir():
        return value
    found = here(context).root / "ontology"
    return found if found.is_dir() else None


ontology_option = click.option(
    "--ontology", "ontology_folder", type=FOLDER, metavar="DIR", callback=_find_ontology,
    help="The ontology folder.  [default: $SMEGRAPH_ONTOLOGY, or ontology]",
)  # fmt: skip
data_option = click.option(
    "--data", "data_folder", type=FOLDER, metavar="DIR", callback=_from_root,
    help="The folder with reference/ and studies/.  [default: data, here or in a folder above]",
)  # fmt: skip
sources_option = click.option(
    "--sources", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
    help="The folder of source documents, to prove every passage against.",
)  # fmt: skip
links_option = click.option(
    "--follow-links", is_flag=True, help="Follow links that lead out of the folder of data."
)
out_option = click.option(
    "--out", type=FOLDER, metavar="DIR", callback=_from_root,
    help="The folder of releases.  [default: build, beside data]",
)  # fmt: skip
form_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="For people or for programs.",
)  # fmt: skip


_ALL_PROBLEMS = "smegraph.all-problems"  # of the commands' shared memory


def _keep_all(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    context.meta[_ALL_PROBLEMS] = value


all_option = click.option(
    "--all", is_flag=True, expose_value=False, callback=_keep_all,
    help="List every error, those of which there are many and those that follow from others too.",
)  # fmt: skip


def wants_all(context: click.Context) -> bool:
    """Whether every error should be listed."""
    return bool(context.meta.get(_ALL_PROBLEMS))
