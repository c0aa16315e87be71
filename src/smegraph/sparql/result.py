"""What a query gives: solutions, a truth value, or triples."""

from __future__ import annotations

from typing import TypeAlias

import pyoxigraph

QueryResult: TypeAlias = (
    pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples
)
