"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(file_okay=False, path_type=Path)
ontology_option = click.option(
    "--ontology", "ontology_folder", type=FOLDER, metavar="DIR",
    help="The ontology folder.  [default: $SMEGRAPH_ONTOLOGY, or ontology]",
)  # fmt: skip
data_option = click.option(
    "--data", "data_folder", type=FOLDER, default=Path("data"), show_default=True, metavar="DIR",
    help="The folder with reference/ and studies/.",
)  # fmt: skip
sources_option = click.option(
    "--sources", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
    help="The folder of source documents, to prove every passage against.",
)  # fmt: skip
out_option = click.option(
    "--out", type=FOLDER, default=Path("build"), show_default=True, metavar="DIR",
    help="The folder of releases.",
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
