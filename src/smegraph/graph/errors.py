"""What SHACL and the reasoner refuse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from smegraph.errors import SmegraphError
from smegraph.graph.triples import iri_of, subject_of
from smegraph.namespaces import shorten


class ShapeError(SmegraphError):
    """A graph that a SHACL shape refuses."""


class InconsistencyError(SmegraphError):
    """Facts that contradict the ontology or each other, as the reasoner found.

    `study` names the graph; `facts` holds the clashing triples in N-Triples, and `places`
    the file and row of their subjects, where they are known, by IRI. The message shows the facts
    with prefixed names.
    """

    def __init__(
        self,
        study: str,
        facts: Iterable[str],
        reason: str,
        places: Mapping[str, str] | None = None,
    ) -> None:
        self.study, self.facts, self.reason = study, tuple(facts), reason
        self.places = dict(places or {})
        super().__init__("\n".join([f"{study}: {reason}", *map(self._shown, self.facts)]))

    def located(self, places: Mapping[str, str]) -> InconsistencyError:
        """Return the same refusal with the places of its subjects."""
        return InconsistencyError(self.study, self.facts, self.reason, places)

    def _shown(self, fact: str) -> str:
        place = self.places.get(iri_of(subject_of(fact)))
        text = re.sub(r"<([^>]*)>", lambda match: shorten(match[1]), fact)
        return f"  {text}  ({place})" if place else f"  {text}"


class ReasonerError(SmegraphError):
    """HermiT could not run or refused the ontology itself."""
