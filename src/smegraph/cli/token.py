"""The command `smegraph token`: make, list and revoke the tokens of a writable dataset."""

from __future__ import annotations

from pathlib import Path

import click

from smegraph.cli.options import FOLDER
from smegraph.server.dataset.access_tokens import PERMISSIONS, TokenFile

_dataset = click.option(
    "--dataset", type=FOLDER, metavar="DIR",
    help="The folder of the dataset.",
)  # fmt: skip


@click.group("token", invoke_without_command=True)
@_dataset
@click.option(
    "--scope", "scopes", type=click.Choice(PERMISSIONS), multiple=True,
    help="What the token permits; may stand several times.",
)  # fmt: skip
@click.option("--label", default="", metavar="TEXT", help="What the token is for.")
@click.pass_context
def token(
    context: click.Context, dataset: Path | None, scopes: tuple[str, ...], label: str
) -> None:
    """Make a token that permits changes to a dataset, and print it, this once."""
    if context.invoked_subcommand is not None:
        if dataset or scopes or label:
            raise click.UsageError(f"Options go after `{context.invoked_subcommand}`.")
        return
    if dataset is None:
        raise click.UsageError("Missing option '--dataset'.")
    if not scopes:
        raise click.UsageError(f"Missing option '--scope': one of {', '.join(PERMISSIONS)}.")
    permitted = [permission for permission in PERMISSIONS if permission in scopes]
    click.echo(TokenFile(dataset).create(permitted, label))


@token.command("list")
@_dataset
def list_tokens(dataset: Path | None) -> None:
    """List identifiers, scopes, dates and labels; the tokens themselves are not kept."""
    folder = _given(dataset)
    if not folder.is_dir():
        raise click.BadParameter(f"There is no folder {folder}.", param_hint="'--dataset'")
    for stored in TokenFile(folder).tokens():
        shown = (stored.id, ",".join(stored.scopes), stored.created, stored.label)
        click.echo("\t".join(shown).rstrip())


@token.command("revoke")
@_dataset
@click.argument("identifier", metavar="ID")
def revoke_token(dataset: Path | None, identifier: str) -> None:
    """Refuse a token from now on, in a service that runs too."""
    TokenFile(_given(dataset)).revoke(identifier)


def _given(dataset: Path | None) -> Path:
    if dataset is None:
        raise click.UsageError("Missing option '--dataset'.")
    return dataset
