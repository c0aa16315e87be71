"""What can be wrong in the ontology folder."""

from __future__ import annotations

from smegraph.errors import SmegraphError


class OntologyError(SmegraphError):
    """The folder `ontology/` cannot be read or contradicts itself."""


class RuleError(SmegraphError):
    """A rule or a question in `ontology/` that cannot be run."""


class UnsupportedAxiom(SmegraphError):
    """An axiom that no rule can stand for; the message says what it holds."""
