"""Problems shown to people (grouped by file) and to programs (JSON)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from smegraph.errors import Problem, count_errors

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def as_text(problems: Sequence[Problem]) -> str:
    """Every problem in a sentence under the name of its file, and a count at the end."""
    lines: list[str] = []
    for file, group in groupby(sorted(problems, key=_by_place), key=lambda p: p.file):
        lines.append(visible(file))
        for problem in group:
            mark = "warning: " if problem.severity == "warning" else ""
            lines.append(f"  {mark}{visible(problem.sentence())}")
    lines.append(summary(problems))
    return "\n".join(lines)


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
