"""Solutions as SPARQL 1.1 Query Results CSV.

The engine puts no quotation marks around an IRI with a comma, so that its row has a field too many
(Results CSV §3.2, RFC 4180 §2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from smegraph.csv_fields import SPECIAL, quoted

_Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

_BETWEEN: Final = "\x1f"  # stands for the comma in a row that has nothing to quote
_ROWS: Final = 1000
_PLAIN: Final = frozenset({NamedNode, Literal})


# Decision 027: docs/decisions/027-own-csv-writer.md
def write_csv(solutions: QuerySolutions, write: Callable[[bytes], object]) -> None:
    """Write the solutions in pieces, below a row with the names of the variables."""
    names = [variable.value for variable in solutions.variables]
    lines = [",".join(names)]
    for row in _rows(solutions, len(names) - 1):
        lines.append(row)
        if len(lines) == _ROWS:
            write(_encoded(lines))
            lines.clear()
    write(_encoded(lines))


def _rows(solutions: QuerySolutions, commas: int) -> Iterator[str]:
    for solution in solutions:
        fields = [term.value if type(term) in _PLAIN else _text(term) for term in solution]
        row = _BETWEEN.join(fields)
        if row.count(_BETWEEN) == commas and not SPECIAL.search(row):
            yield row.replace(_BETWEEN, ",")
        else:
            yield ",".join(map(quoted, fields))


def _text(term: _Term | None) -> str:
    """Return a term as a field shows it: an IRI and a literal by their text alone."""
    if term is None:
        return ""
    if isinstance(term, Triple):
        return f"{_text(term.subject)} {_text(term.predicate)} {_text(term.object)}"
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value


def _encoded(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()
