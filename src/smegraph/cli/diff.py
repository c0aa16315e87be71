"""`smegraph diff`: what two releases, or two files, do not have in common."""

from __future__ import annotations

import json
from pathlib import Path

import click

from smegraph.cli.options import out_option


@click.command()
@click.argument("a")
@click.argument("b")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "update"]), default="text",
    show_default=True, help="For people, for programs, or as a SPARQL update that turns A into B.",
)  # fmt: skip
@click.option("--all", "every", is_flag=True, help="List every thing, however many of a kind.")
@out_option
def diff(a: str, b: str, form: str, every: bool, out: Path) -> None:
    """Say what two releases do not have in common, graph by graph and in words.

    A and B are folders of releases, versions of them (such as 0.1.0, current, or the twelve digits
    of a build), or Turtle, TriG, N-Triples or N-Quads files. What a release says of itself in the
    headers of its graphs is no difference. The exit code is 0 whether they differ or not.
    """
    from smegraph.publishing.difference import compare
    from smegraph.publishing.sides import open_side
    from smegraph.publishing.update import as_update
    from smegraph.publishing.words import SHOWN, as_text, in_words, to_json

    places = (out / "releases", out, out.parent / "releases")
    difference = compare(open_side(a, *places), open_side(b, *places))
    if form == "update":
        click.echo(as_update(difference), nl=False)
        return
    words = in_words(difference)
    if form == "json":
        click.echo(json.dumps(to_json(difference, words), indent=2, ensure_ascii=False))
        return
    click.echo(as_text(difference, words, None if every else SHOWN), nl=False)
