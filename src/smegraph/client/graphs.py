"""Triples as an rdflib graph, with the prefixes that every smegraph query knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyoxigraph
import rdflib
from pyoxigraph import BlankNode, NamedNode, Triple
from rdflib import BNode, Graph, URIRef

from smegraph.client.display import graph_as_html
from smegraph.client.errors import UnexpectedAnswer
from smegraph.client.values import Term
from smegraph.namespaces import PREFIXES

_STRING: Final = PREFIXES["xsd"] + "string"


class ShownGraph(Graph):
    """An rdflib graph that a notebook shows as a table of its first triples.

    Attributes:
        hints: sentences on the query that made it (`Rows.hints`).
    """

    hints: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        """Return the first triples as notebooks show them."""
        return graph_as_html(self, self.hints)


def make_graph(triples: Iterable[Triple], hints: tuple[str, ...] = ()) -> ShownGraph:
    """Return the triples as a graph; raises UnexpectedAnswer for a triple inside of a triple."""
    graph = ShownGraph(bind_namespaces="none")
    graph.hints = hints
    for prefix, start in PREFIXES.items():
        graph.bind(prefix, start)
    for triple in triples:
        graph.add((_node(triple.subject), _node(triple.predicate), _node(triple.object)))
    return graph


def _node(term: Term) -> rdflib.term.Node:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if isinstance(term, pyoxigraph.Literal):
        return _literal(term)
    raise UnexpectedAnswer(f"rdflib has no place for a triple inside of a triple: {term}.")


def _literal(literal: pyoxigraph.Literal) -> rdflib.Literal:
    """Return a literal as it was written: rdflib would write 01 as 1."""
    if literal.language:
        return rdflib.Literal(literal.value, lang=literal.language)
    datatype = literal.datatype.value
    if datatype == _STRING:
        return rdflib.Literal(literal.value)
    return rdflib.Literal(literal.value, datatype=URIRef(datatype), normalize=False)
