"""What a command shows of a long run while it lasts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def build_progress() -> Iterator[Callable[[int, int, str], None]]:
    """Return a progress bar on a terminal, a line for each step elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total, step: click.echo(f"[{done + 1}/{total}] {step}", err=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, step: bar.update(
            task, completed=done, total=total, description=step
        )
