"""SSSOM files written: proposals for a person, and rows that come into a file that is there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from smegraph.links.candidates import Candidate
from smegraph.links.check import UNCOPIED
from smegraph.links.curies import compact
from smegraph.links.model import MappingSet
from smegraph.links.slots import COLUMNS, CURIE_MAP, LEXICAL, OBJECT, PREDICATE, SUBJECT
from smegraph.links.target import Role
from smegraph.namespaces import PREFIXES, SKOS
from smegraph.version import __version__

PROPOSED: Final = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "mapping_justification", "reviewer_label", "mapping_tool",
    "mapping_tool_version", "review_date", "confidence", "subject_match_field",
    "object_match_field", "match_string", "comment",
)  # fmt: skip
FIELDS: Final[Mapping[Role, str]] = {
    "preferred": SKOS + "prefLabel",
    "other": SKOS + "altLabel",
    "loose": SKOS + "hiddenLabel",
}
_ENTRY: Final = re.compile(rf"#\s*{CURIE_MAP}:\s*$")


def proposals(
    candidates: Iterable[Candidate], head: Mapping[str, str], prefixes: Mapping[str, str]
) -> str:
    """Return an SSSOM file with a row for each proposal, for a person to review.

    Args:
        candidates: the proposals.
        head: what the file says of itself.
        prefixes: the namespaces, among them those of all things that are proposed.
    """
    lines = [f"# {name}: {value}" for name, value in head.items()]
    lines.append(f"# {CURIE_MAP}:")
    lines += [f"#   {prefix}: {prefixes[prefix]}" for prefix in sorted(prefixes)]
    rows = [_proposal(candidate, prefixes) for candidate in candidates]
    return "\n".join(lines) + "\n" + table(PROPOSED, rows)


def _proposal(one: Candidate, prefixes: Mapping[str, str]) -> dict[str, str]:
    copied = not any(one.object.startswith(start) for start in UNCOPIED)

    def short(iri: str) -> str:
        return compact(iri, prefixes) or iri

    return {
        SUBJECT: short(one.term.iri),
        "subject_label": one.term.label,
        PREDICATE: short(one.predicate),
        OBJECT: short(one.object),
        "object_label": one.other.text if copied else "",
        "mapping_justification": short(LEXICAL),
        "mapping_tool": "smegraph link suggest",
        "mapping_tool_version": __version__,
        "confidence": f"{one.confidence:g}",
        "subject_match_field": short(FIELDS[one.own.role]),
        "object_match_field": short(FIELDS[one.other.role]),
        "match_string": one.own.text.replace("|", " "),
        "comment": "; ".join(one.reasons),
    }


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return columns and rows as tab-separated values; a cell with a quotation mark is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([" ".join(row.get(name, "").split()) for name in columns])
    return out.getvalue()


def rewritten(found: MappingSet, text: str, rows: Sequence[Mapping[str, str]],
              prefixes: Mapping[str, str]) -> str:  # fmt: skip
    """Return the text of a file with other rows: its head stays as it is, and gets prefixes.

    Args:
        found: the file.
        text: its text.
        rows: all rows that it will have, in their order.
        prefixes: the namespaces that the rows need.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    head = list(lines[: _head(lines)])
    new = {prefix: start for prefix, start in prefixes.items() if prefix not in found.prefixes}
    at = next((n for n, line in enumerate(head, start=1) if _ENTRY.match(line)), None)
    if new and at is None:
        head.append(f"{_mark(head)}{CURIE_MAP}:")
        at = len(head)
    beside = head[at] if at is not None and at < len(head) else f"{_mark(head)}  x"
    start = beside[: len(beside) - len(beside.lstrip("# "))]
    head[at:at] = [f"{start}{prefix}: {new[prefix]}" for prefix in sorted(new)] if at else []
    return "\n".join(head) + "\n" + table(columns_of(found.columns, rows), rows)


def _mark(head: Sequence[str]) -> str:
    """Return how the lines of a head begin."""
    return "#" if head and not head[0].startswith("# ") else "# "


def _head(lines: Sequence[str]) -> int:
    return next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))


def columns_of(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the columns of a file with those that rows need beside them, in SSSOM's order."""
    needed = {*columns, *(name for row in rows for name, cell in row.items() if cell)}
    order = list(COLUMNS)
    return sorted(needed, key=order.index)


def usual_prefixes(iris: Iterable[str], others: Mapping[str, str]) -> dict[str, str]:
    """Return of the usual prefixes and of others those that some IRIs need.

    >>> usual_prefixes(["http://www.w3.org/2004/02/skos/core#exactMatch"], {})
    {'skos': 'http://www.w3.org/2004/02/skos/core#'}
    """
    known = {**others, **PREFIXES}
    used = (compact(iri, known) for iri in iris)
    names = {curie.partition(":")[0] for curie in used if curie}
    return {prefix: known[prefix] for prefix in sorted(names)}
