"""Names of the ontology in a table beside the code: a query that is nothing but VALUES."""

from __future__ import annotations

import pyoxigraph as ox

from smegraph.namespaces import PREFIXES


def table(query: str) -> list[tuple[str, ...]]:
    """Return the rows of a query that asks no graph, in the order in which they are written.

    >>> table('SELECT ?kind ?class { VALUES (?kind ?class) { ("notes" skos:note) } }')
    [('notes', 'http://www.w3.org/2004/02/skos/core#note')]
    """
    found = ox.Store().query(query, prefixes=dict(PREFIXES))
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(term.value for term in row) for row in found]
