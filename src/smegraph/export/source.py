"""What exports read from: a release's store, or whatever else answers queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol, TypeAlias

import pyoxigraph as ox

from smegraph.namespaces import PREFIXES
from smegraph.sparql.tokens import prefixes_in

Result: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]
Ask: TypeAlias = Callable[[str], tuple[str, bytes]]

TABLE: Final = "json"  # formats of what is asked, by the names that the service has for them
GRAPH: Final = "ntriples"


class Source(Protocol):
    """A dataset whose default graph is the union of all graphs."""

    def query(self, text: str, *, prefixes: Mapping[str, str] | None = None) -> Result:
        """Return the answer to a query; `prefixes` take the place of the usual ones.

        Raises:
            QueryRefused: it cannot be answered.
        """

    def triples(self, graph: str, subject: str | None = None) -> Iterable[ox.Triple]:
        """Return the statements of a named graph, or those on one subject."""

    def graph_names(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""


# Decision 087: docs/decisions/087-exports-on-demand.md
class AskedSource:
    """A source that has no store: it asks queries of others, and reads what they answer."""

    def __init__(self, ask: Ask, own: str = "") -> None:
        """Take what answers a query with the format (`TABLE` or `GRAPH`) and the bytes.

        `own` is a query that is asked as it is written, so that places in it stay right; in others
        the usual prefixes are declared.
        """
        self._ask, self._own = ask, own
        self._last: tuple[str, tuple[str, bytes]] | None = None

    def query(self, text: str, *, prefixes: Mapping[str, str] | None = None) -> Result:
        """Return the answer to a query (`Source.query`); the last one is kept."""
        known = {} if text == self._own else PREFIXES if prefixes is None else prefixes
        used = prefixes_in(text, known).items()
        asked = "".join(f"PREFIX {name}: <{start}>\n" for name, start in used) + text
        if self._last is None or self._last[0] != asked:
            self._last = asked, self._ask(asked)
        form, body = self._last[1]
        if form == TABLE:
            return ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
        return (quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES))

    def triples(self, graph: str, subject: str | None = None) -> Iterable[ox.Triple]:
        """Return the statements of a named graph (`Source.triples`)."""
        about = "?s" if subject is None else str(ox.NamedNode(subject))
        pattern = f"{about} ?p ?o"
        found = self.query(f"CONSTRUCT {{ {pattern} }} {{ GRAPH <{graph}> {{ {pattern} }} }}")
        assert not isinstance(found, ox.QuerySolutions | ox.QueryBoolean)
        return found

    def graph_names(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""
        found = self.query("SELECT DISTINCT ?g { GRAPH ?g {} }")
        assert isinstance(found, ox.QuerySolutions)
        return sorted(row[0].value for row in found)
