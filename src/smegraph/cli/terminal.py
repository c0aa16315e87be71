"""What commands show on a terminal: tables of results, and answers to questions."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console

from smegraph.release.questions import Answer
from smegraph.release.turtle_text import turtle_of_answer
from smegraph.results.formats import FORMATS, formats_for
from smegraph.results.serialise import serialise
from smegraph.store import EmbeddedStore
from smegraph.tables import Column, table_text, term_cell

WIDE = 200


def print_result(store: EmbeddedStore, text: str, form: str) -> None:
    """Answer a query on standard output, as a table for people or in a format by name.

    Raises:
        click.UsageError: the format does not fit the query.
    """
    result = store.query(text)
    if form == "table":
        if isinstance(result, ox.QuerySolutions):
            _print_solutions(result)
            return
        form = "turtle" if isinstance(result, ox.QueryTriples) else "csv"
    allowed = [found.name for found in formats_for(result)]
    if form not in allowed:
        raise click.UsageError(f"This query can be answered as {', '.join(allowed)}, not {form}.")
    body = serialise(result, FORMATS[form], turtle=turtle_of_answer)
    # Nothing is stripped: in CSV an empty line at the end is a row without a value.
    sys.stdout.buffer.write(body if body.endswith(b"\n") else body + b"\n")
    sys.stdout.flush()


def console() -> Console:
    """Where text for people goes: as wide as the terminal, or `WIDE` where there is none."""
    width = None if sys.stdout.isatty() else WIDE
    return Console(width=width, markup=False, highlight=False, soft_wrap=True)


def _print_solutions(result: ox.QuerySolutions) -> None:
    columns = [Column(variable.value) for variable in result.variables]
    rows = [[term_cell(term) for term in solution] for solution in result]
    if rows:
        click.echo(table_text(columns, rows, console().width))
    click.echo(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")


def print_answer(answer: Answer) -> None:
    """One line for a right answer, the rows that differ for a wrong one."""
    mark = "ok  " if answer.is_right else "FAIL"
    rows = f"{answer.rows} row{'' if answer.rows == 1 else 's'}"
    click.echo(f"{mark} {answer.question.path}: {answer.question.title} ({rows})")
    if answer.error:
        click.echo(f"     {answer.error}")
    for sign, found in (("expected", answer.missing), ("found   ", answer.surplus)):
        for row in found:
            click.echo(f"     {sign} {_csv(row)}")
    if answer.misplaced:
        click.echo("     the rows come in another order than expected")


def _csv(row: tuple[str, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(row)
    return buffer.getvalue()


def read_query(file: str | None, expression: str | None) -> str:
    """Return the text of a query from `-e`, from a file, or from standard input (`-`).

    Raises:
        click.UsageError: there is none, there are two, or the file cannot be read.
    """
    if (file is None) == (expression is None):
        raise click.UsageError("Give a file (or - for standard input), or -e 'SELECT ...'.")
    if expression is not None:
        return expression
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(str(file)).read_bytes()
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"The query cannot be read: {error}") from error


def answer_as_json(answer: Answer) -> dict[str, object]:
    """Return an answer as plain values for JSON."""
    return {
        "topic": answer.question.topic,
        "question": answer.question.name,
        "title": answer.question.title,
        "sources": answer.question.sources,
        "right": answer.is_right,
        "rows": answer.rows,
        "missing": [list(row) for row in answer.missing],
        "surplus": [list(row) for row in answer.surplus],
        "misplaced": answer.misplaced,
        "error": answer.error,
    }
