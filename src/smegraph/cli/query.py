"""`smegraph query`: a query answered without a server."""

from __future__ import annotations

from pathlib import Path

import click

from smegraph.cli.options import out_option
from smegraph.errors import SmegraphError


@click.command()
@click.argument("file", required=False)
@click.option("-e", "expression", metavar="QUERY", help="The query itself.")
@click.option(
    "--format", "form", default="table", show_default=True,
    type=click.Choice(
        ["table", "json", "csv", "tsv", "xml", "turtle", "ntriples", "rdfxml", "jsonld"]
    ),
    help="How the answer is written.",
)  # fmt: skip
@out_option
def query(file: str | None, expression: str | None, form: str, out: Path) -> None:
    """Answer a SPARQL query without a server.

    FILE holds the query; - reads it from standard input. The usual prefixes need no declaration.
    """
    from smegraph.cli.opening import open_current
    from smegraph.cli.terminal import print_result, read_query
    from smegraph.sparql.errors import QueryRefused, UpdateRefused

    text = read_query(file, expression)
    store = open_current(out)
    try:
        print_result(store, text, form)
        for hint in store.hints(text):
            click.echo(f"Hint: {hint}", err=True)
    except UpdateRefused as error:
        raise SmegraphError(
            f"{error} `smegraph serve --dataset DIR --writable` takes it: send it as `update` by "
            "POST to /sparql."
        ) from error
    except QueryRefused as error:
        raise SmegraphError(str(error)) from error
