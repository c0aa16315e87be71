"""Checks that are SPARQL queries: `ontology/audit/<family>/<code>-<name>.rq`.

A query selects `?place` and, where it helps, `?value`. Its default graph holds the ontology
(the header, modules and vocabularies); shapes and sheet annotations are in `<urn:shapes>` and
`<urn:sheet>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from smegraph.audit.findings import LEVELS, Check, Hit
from smegraph.namespaces import PREFIXES
from smegraph.ontology.errors import RuleError
from smegraph.tables import Term, term_text

FOLDER, EXTERNAL_FILE = "audit", "external-terms.txt"
_NAMED = ("title", "level", "source", "remedy")
_COMMENT = re.compile(r"^#\s*(\w+):\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class QueryCheck:
    """A check with its query."""

    check: Check
    text: str

    def run(self, store: ox.Store) -> list[Hit]:
        """Return what the query selects.

        Raises:
            RuleError: it is no SELECT of `?place`.
        """
        try:
            result = store.query(self.text, prefixes=dict(PREFIXES))
        except SyntaxError as error:
            raise RuleError(f"The check {self.check.name} is not SPARQL: {error}") from error
        if not isinstance(result, ox.QuerySolutions) or ox.Variable("place") not in (
            result.variables
        ):
            raise RuleError(f"The check {self.check.name} does not SELECT ?place.")
        has_value = ox.Variable("value") in result.variables
        found = {
            Hit(row["place"], _value(row["value"]) if has_value else None)
            for row in result
            if row["place"] is not None
        }
        return sorted(found, key=lambda hit: (str(hit.place), hit.value or ""))


def _value(term: Term | None) -> str | None:
    """Return the text of a term; none for a blank node, which has no name to show."""
    return None if isinstance(term, ox.BlankNode | None) else term_text(term)


def query_files(ontology: Path) -> list[Path]:
    """Return the files that decide what the queries of an ontology folder find."""
    return sorted((ontology / FOLDER).glob("*/*.rq"))


def load_queries(ontology: Path) -> list[QueryCheck]:
    """Return the checks of an ontology folder, in the order of their names.

    Raises:
        RuleError: a query lacks one of its comments, or has an unknown one.
    """
    return [_load(path) for path in query_files(ontology)]


def _load(path: Path) -> QueryCheck:
    name = f"{path.parent.name}/{path.stem}"
    text = path.read_text(encoding="utf-8")
    said = {match[1]: match[2] for match in _COMMENT.finditer(text)}
    for missing in set(_NAMED) - said.keys():
        raise RuleError(f"The check {name} has no comment `# {missing}:`.")
    for unknown in said.keys() - set(_NAMED):
        raise RuleError(f"The check {name} has an unknown comment `# {unknown}:`.")
    level = next((level for level in LEVELS if level == said["level"]), None)
    if level is None:
        raise RuleError(f"The check {name} has the level {said['level']}, not {_or(LEVELS)}.")
    check = Check(name, said["title"], level, said["source"], said["remedy"])
    return QueryCheck(check, text)


def _or(words: Iterable[str]) -> str:
    return " or ".join(words)
