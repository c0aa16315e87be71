"""The first rows of a result, or triples of a graph, as a table for a terminal or a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nsmallest
from html import escape
from typing import Final, TypeAlias

from pyoxigraph import NamedNode
from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from smegraph.client.values import Term
from smegraph.namespaces import shorten
from smegraph.problem_report import visible
from smegraph.tables import Column, table_text, term_cell

Terms: TypeAlias = Sequence[Sequence[Term | None]]

SHOWN: Final = 20
_WIDTH: Final = 60
_LONGEST: Final = 1000  # characters of a cell of a page, which breaks its lines
_LINKED: Final = ("http://", "https://")


def as_text(variables: Sequence[str], rows: Terms, hints: Iterable[str] = ()) -> str:
    """Return the first rows in columns of at most 60 characters, how many there are, and hints."""
    columns = [Column(name, widest=_WIDTH) for name in variables]
    cells = ([term_cell(term) for term in row] for row in rows[:SHOWN])
    told = "".join(f"\nHint: {visible(hint)}" for hint in hints)
    return f"{table_text(columns, cells)}\n({_count(len(rows))}){told}"


def as_html(variables: Sequence[str], rows: Terms, hints: Iterable[str] = ()) -> str:
    """Return the first rows as an HTML table, then hints; everything in it is escaped."""
    cells = ([_html(term) for term in row] for row in rows[:SHOWN])
    return _table(variables, cells, _count(len(rows)), hints)


def graph_as_html(graph: Graph, hints: Iterable[str] = ()) -> str:
    """Return the first triples, in the order of their texts, as `as_html` does rows."""
    first = nsmallest(SHOWN, graph, key=lambda triple: tuple(map(str, triple)))
    cells = ([_node_html(node) for node in triple] for triple in first)
    return _table(("subject", "predicate", "object"), cells, _count(len(graph), "triple"), hints)


def _table(
    heads: Iterable[str], rows: Iterable[Iterable[str]], count: str, hints: Iterable[str]
) -> str:
    """Return a table of cells that are HTML, and hints, which are text."""
    head = "".join(f"<th>{escape(visible(name))}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    told = "".join(f"<p>Hint: {escape(visible(hint))}</p>" for hint in hints)
    return f"{table}<p>{count}</p>{told}"


def _count(number: int, one: str = "row") -> str:
    counted = f"{number} {one}{'' if number == 1 else 's'}"
    return f"{counted}, the first {SHOWN} shown" if number > SHOWN else counted


def _html(term: Term | None) -> str:
    iri = term.value if isinstance(term, NamedNode) else ""
    return _cell(term_cell(term), iri)


def _node_html(node: Node) -> str:
    if isinstance(node, URIRef):
        return _cell(shorten(str(node)), str(node))
    return _cell(node.n3() if isinstance(node, BNode) else str(node))


def _cell(text: str, iri: str = "") -> str:
    """Return a text, cut where it is long; an IRI as a link only where it leads to the web."""
    line = " ".join(text.split())
    shown = escape(visible(line if len(line) <= _LONGEST else line[:_LONGEST] + "…"))
    return f'<a href="{escape(iri)}">{shown}</a>' if iri.startswith(_LINKED) else shown
