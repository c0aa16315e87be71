"""`smegraph locate`: where a passage stands in a text."""

from __future__ import annotations

from pathlib import Path

import click


# A passage may begin with a minus sign, and there is no option but --help.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("start")
@click.argument("end", required=False)
def locate(source: Path, start: str, end: str | None) -> None:
    """Find a passage in the text SOURCE: offsets and hash for the columns of a sheet.

    START is how the passage begins and END how it ends; without END the passage is START. Spaces
    and line ends count as one.
    """
    from smegraph.studies.passages import locate as find

    for passage in find(source, start, end):
        click.echo(
            f"charStart {passage.start}, charEnd {passage.end}, passageHash {passage.digest}"
        )
