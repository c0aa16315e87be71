"""What acts on a construct, and what it acts on: claims with their works, basis and places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from smegraph.assistant.asking import Asker, among, load_query, rows_of
from smegraph.assistant.errors import ToolRefused
from smegraph.assistant.sources import framed
from smegraph.assistant.terms import Names
from smegraph.client import IRI, Row
from smegraph.namespaces import VOC, shorten

_FINDINGS: Final = load_query("findings")
_MODERATORS: Final = load_query("moderators")
DIRECTIONS: Final = {
    "lowers": "negative",
    "raises": "positive",
    "no effect": "no-effect",
    "unclear": "unsigned",
    "nonlinear": "nonlinear",
}
_WORDS: Final = {f"{VOC}{sign}": word for word, sign in DIRECTIONS.items()}
_SHOWN: Final = 60  # statements in one answer


def claims(
    asker: Asker, names: Names, construct: str, direction: str = "any", side: str = "causes"
) -> dict[str, Any]:
    """Return what acts on a construct (`causes`), or what it acts on (`effects`).

    A relation has its works by basis, and each finding with the place where it stands. What lies
    below the construct (`skos:broader`) is included.

    Raises:
        ToolRefused: there is no such construct.
    """
    iri = names.resolve(construct, ("concept",))
    end = "?effect" if side == "causes" else "?cause"
    rows = list(rows_of(asker, _FINDINGS.replace("$end", end), {"construct": IRI(iri)}))
    wanted = [row for row in rows if direction in ("any", _word(row))]
    if not rows:
        raise ToolRefused(_nothing(names.label(iri), side))
    moderators = _moderators(asker, {str(row.finding) for row in wanted})
    relations = _relations(wanted, moderators)
    works = {str(row[name]) for row in wanted for name in ("work", "document")}
    by_word = Counter(_word(row) for row in _first_of_each(rows))
    answer = {
        "construct": {"term": shorten(iri), "label": names.label(iri)},
        "asked": f"{'what acts on it' if side == 'causes' else 'what it acts on'}: {direction}",
        "findings_by_direction": dict(sorted(by_word.items())),
        "relations": relations,
    }
    if left := len(_first_of_each(wanted)) - sum(len(r["findings"]) for r in relations):
        answer["not_shown"] = f"{left} findings; ask for one direction, or a narrower construct."
    return framed(asker, answer, works)


def _nothing(label: str, side: str) -> str:
    other = "effects" if side == "causes" else "causes"
    ends = "effect" if side == "causes" else "cause"
    return (
        f"No finding has {label!r} or a construct below it as its {ends}. Try side={other!r}, or "
        "find_terms with other words; that nothing is found is no evidence that there is nothing."
    )


def _relations(rows: Iterable[Row], moderators: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return the rows by cause, effect and direction, those with most works first."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((str(row.cause), str(row.effect), _word(row)), []).append(row)
    found = [_relation(group, moderators) for group in groups.values()]
    found.sort(key=lambda one: (-one["works"], one["cause"], one["effect"], one["direction"]))
    left = _SHOWN
    for one in found:
        one["findings"] = one["findings"][:left]
        left -= len(one["findings"])
    return [one for one in found if one["findings"]]


def _relation(rows: list[Row], moderators: dict[str, list[str]]) -> dict[str, Any]:
    first = rows[0]
    basis: dict[str, set[str]] = {}
    for row in rows:
        basis.setdefault(str(row.basis), set()).add(str(row.work))
    return {
        "cause": str(first.causeLabel),
        "cause_term": shorten(str(first.cause)),
        "direction": _word(first),
        "effect": str(first.effectLabel),
        "effect_term": shorten(str(first.effect)),
        "works": len({str(row.work) for row in rows}),
        "works_by_basis": {name: len(works) for name, works in sorted(basis.items())},
        "findings": [_finding(rows, one, moderators) for one in _first_of_each(rows)],
    }


def _finding(rows: list[Row], first: Row, moderators: dict[str, list[str]]) -> dict[str, Any]:
    own = [row for row in rows if row.finding == first.finding]
    shown: dict[str, Any] = {
        "says": str(first.statement),
        "found_by": list(dict.fromkeys(str(row.workLabel) for row in own)),
        "basis": str(first.basis),
        "document": str(first.documentLabel),
        "place": str(first.place or "not told"),
        "finding": shorten(str(first.finding)),
    }
    if first.hedged:
        shown["hedged"] = True
    if conditions := list(dict.fromkeys(str(row.condition) for row in own if row.condition)):
        shown["condition"] = conditions
    if found := moderators.get(str(first.finding)):
        shown["moderated_by"] = found
    return shown


def _moderators(asker: Asker, findings: set[str]) -> dict[str, list[str]]:
    if not findings:
        return {}
    found: dict[str, list[str]] = {}
    for row in rows_of(asker, among(_MODERATORS, "finding", sorted(findings))):
        found.setdefault(str(row.finding), []).append(f"{row.moderator}: {row.direction}")
    return found


def _first_of_each(rows: Iterable[Row]) -> list[Row]:
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(str(row.finding), row)
    return list(first.values())


def _word(row: Row) -> str:
    return _WORDS.get(str(row.sign)) or str(row.signLabel)
