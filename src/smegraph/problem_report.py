"""Problems shown to people (causes first, grouped by file) and to programs (JSON)."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import PurePath
from typing import Final

from smegraph.errors import Problem, count_errors

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_PARTICULARS = re.compile(r'".*"|\d+', re.DOTALL)  # of a message: what it is about
MOST: Final = 20  # problems of one kind that are all shown
FIRST: Final = 5  # of more, so many
_FILES: Final = 3
ALL: Final = "--all lists them"
# With an error of such a kind a whole file is not read, or not where it lies.
_OF_A_FILE: Final = frozenset(
    {
        "cell-too-large", "csv-syntax", "empty-file", "encoding", "file-too-large", "link",
        "misplaced-sheet", "misplaced-study", "missing-record", "missing-sheet", "record",
        "separator",
        "unknown-file", "unknown-sheet", "unreadable", "yaml-syntax",
    }
)  # fmt: skip


# Decision 055: docs/decisions/055-causes-first.md
def as_text(problems: Sequence[Problem], *, every: bool = False) -> str:
    """Return problems in sentences under the names of their files, and a count at the end.

    Files that others depend on come first; what follows from their faults is summed up there. Of
    many problems of one kind the first are shown.

    Args:
        problems: what is wrong.
        every: show each problem.
    """
    ordered = sorted(problems, key=_causes_first(problems))
    notes = {} if every else _summed_up(ordered)
    lines: list[str] = []
    numbered = ((n, p) for n, p in enumerate(ordered) if notes.get(n) != "")
    for file, group in groupby(numbered, key=lambda entry: entry[1].file):
        lines.append(visible(file))
        for number, problem in group:
            mark = "warning: " if problem.severity == "warning" else ""
            lines.append(f"  {mark}{visible(problem.sentence())}")
            lines += [f"  {visible(note)}" for note in notes.get(number, "").splitlines()]
    lines.append(summary(problems))
    return "\n".join(lines)


def _causes_first(problems: Iterable[Problem]) -> Callable[[Problem], tuple[object, ...]]:
    causes = {p.follows for p in problems}
    causes |= {p.file for p in problems if p.kind in _OF_A_FILE and p.severity == "error"}
    return lambda problem: (problem.file not in causes, *_by_place(problem))


def _summed_up(ordered: Sequence[Problem]) -> dict[int, str]:
    """Return by position what is said behind a problem; of one that is left out, nothing at all."""
    notes: dict[int, str] = {}
    following: dict[str, list[int]] = defaultdict(list)
    kinds: dict[object, list[int]] = defaultdict(list)
    last = {p.file: n for n, p in enumerate(ordered) if p.follows is None}
    for number, problem in enumerate(ordered):
        if problem.follows in last:
            following[problem.follows].append(number)
        else:
            kinds[_kind(problem)].append(number)
    for numbers in kinds.values():
        if len(numbers) > MOST:
            rest = numbers[FIRST:]
            notes |= dict.fromkeys(rest, "")
            at = numbers[FIRST - 1]
            notes[at] = _more([ordered[n] for n in rest], ordered[at].file)
    shown = {p.file: n for n, p in enumerate(ordered) if p.follows is None and notes.get(n) != ""}
    for file, numbers in following.items():
        notes |= dict.fromkeys(numbers, "")
        at = shown.get(file, last[file])
        notes[at] = "\n".join(
            filter(None, (notes.get(at), _follow([ordered[n] for n in numbers], file)))
        )
    return notes


def _kind(problem: Problem) -> object:
    words = _PARTICULARS.sub("…", problem.message).partition(": ")[0]
    return problem.severity, problem.kind, problem.column, words


def _more(problems: Sequence[Problem], beside: str) -> str:
    word = problems[0].severity if len(problems) == 1 else f"{problems[0].severity}s"
    return f"… and {len(problems)} more {word} of this kind, in {_files(problems, beside)} ({ALL})."


def _follow(problems: Sequence[Problem], cause: str) -> str:
    files = _files(problems, cause)
    if len(problems) == 1:
        text = f"1 more error follows from this: a row in {files} refers to"
    else:
        text = f"{len(problems)} more errors follow from this: rows in {files} refer to"
    return f"{text} what should stand there ({ALL})."


def _files(problems: Iterable[Problem], beside: str) -> str:
    """Name the files with most of some problems; those beside a file are named shortly."""
    counts = Counter(problem.file for problem in problems).most_common()
    here = PurePath(beside).parent
    paths = [PurePath(file) for file, _ in counts[:_FILES]]
    names = [path.name if path.parent == here else str(path) for path in paths]
    rest = len(counts) - len(names)
    return ", ".join(names) + (f" and {rest} more file{'' if rest == 1 else 's'}" if rest else "")


def as_json(problems: Sequence[Problem]) -> str:
    """Return a JSON object with the members `problems`, `errors` and `warnings`."""
    errors = count_errors(problems)
    document = {
        "errors": errors,
        "warnings": len(problems) - errors,
        "problems": [problem.to_json() for problem in sorted(problems, key=_by_place)],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def summary(problems: Iterable[Problem]) -> str:
    """`2 errors and 1 warning`, or that all is well."""
    found = list(problems)
    errors = count_errors(found)
    counts = [(errors, "error"), (len(found) - errors, "warning")]
    words = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts if n]
    return " and ".join(words) + "." if words else "No errors."


def visible(text: str) -> str:
    """Return the text with every control character written out, as a terminal would obey it."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", text)


def _by_place(problem: Problem) -> tuple[str, int, str, str]:
    return (problem.file, problem.row or 0, problem.column or "", problem.message)
