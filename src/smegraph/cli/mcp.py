"""`smegraph mcp`: the tools for a language model, over standard input and output."""

from __future__ import annotations

import importlib.util

import click

from smegraph.errors import SmegraphError


@click.command()
@click.argument("source", default="build")
@click.option("--url", help="Ask a service at this address instead.")
@click.option(
    "--token", envvar="SMEGRAPH_TOKEN", help="A bearer token for the service [SMEGRAPH_TOKEN]."
)
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=30.0, show_default=True,
    help="Seconds that a query may take.",
)  # fmt: skip
@click.option(
    "--rows", type=click.IntRange(min=1), default=200, show_default=True,
    help="Rows that an answer shows at most.",
)  # fmt: skip
def mcp(source: str, url: str | None, token: str | None, timeout: float, rows: int) -> None:
    """Offer the graph to a language model (MCP, by standard input and output).

    SOURCE is a folder of releases, a release, or a folder or file of RDF. A client such as a
    desktop assistant starts this command; docs/machines.md shows its settings.
    """
    if importlib.util.find_spec("mcp") is None:
        raise SmegraphError("The MCP server needs an extra: pip install 'smegraph[mcp]'.")
    from smegraph.assistant.asking import Limits, open_asker
    from smegraph.assistant.server import make_server

    asker = open_asker(url or source, Limits(seconds=timeout, rows=rows), token)
    try:
        make_server(asker).run("stdio")
    finally:
        asker.close()
