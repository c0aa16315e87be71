"""What an import tells people."""

from __future__ import annotations

from collections.abc import Iterator

from smegraph.bibliography.importing import ImportResult
from smegraph.bibliography.known import PART
from smegraph.errors import Problem


def problem_lines(result: ImportResult) -> Iterator[str]:
    """Every record that could not be read, and every doubt, with its line; then how many."""
    for problem in result.problems:
        yield _sentence(problem)
    if result.errors:
        yield f"{_count(result.errors, 'record')} could not be read; the others were taken."


def _sentence(problem: Problem) -> str:
    mark = "warning: " if problem.severity == "warning" else ""
    place = f"{problem.file}, line {problem.row}" if problem.row else problem.file
    remedy = f" {problem.remedy}" if problem.remedy else ""
    return f"{place}: {mark}{problem.message}{remedy}"


def summary_lines(result: ImportResult, study: str, dry_run: bool) -> Iterator[str]:
    """Yield what was written, or would be."""
    if dry_run and result.differences:
        yield result.differences
    yield f"{_count(result.records, 'record')}, {result.there} of works that {study} has already."
    for sheet, count in result.counts.items():
        if count:
            yield f"{sheet}.{PART}.csv: {_count(count, 'new row')}."
    if result.filled:
        yield f"{_count(result.filled, 'empty cell')} filled."
    if not result.changes:
        yield "Nothing changes."
    elif dry_run:
        yield "Nothing was written, as this is a dry run."


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
