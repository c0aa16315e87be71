"""Rules: CONSTRUCT queries of `ontology/rules` that add what a description logic cannot derive.

The rules of `before-reasoning` run once on a study, so that the reasoner sees what they add; the
others run on the whole graph until they add nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

import pyoxigraph as ox

from smegraph.namespaces import PREFIXES
from smegraph.ontology.errors import RuleError
from smegraph.ontology.rules import Rule

MAX_ROUNDS = 50


def apply_once(rules: Iterable[Rule], store: ox.Store) -> list[str]:
    """Return what the rules add to the union of the store's graphs: N-Triples lines, sorted.

    Raises:
        RuleError: a rule is no CONSTRUCT query.
    """
    return sorted({text for rule in rules for text in _new(rule, store, set(), frozenset())})


def apply_to_fixpoint(
    rules: Iterable[Rule],
    store: ox.Store,
    graph: ox.NamedNode,
    known: Set[str] = frozenset(),
) -> list[str]:
    """Add what the rules derive to `graph` until they derive nothing more.

    Args:
        rules: the rules.
        store: all graphs.
        graph: the one that is added to.
        known: what the store holds, in N-Triples lines, so that less has to be looked up there.

    Returns:
        All added triples as N-Triples lines, sorted.

    Raises:
        RuleError: a rule is no CONSTRUCT query, or the rules feed each other without end.
    """
    kept = tuple(rules)
    added: set[str] = set()
    seen: set[ox.Triple] = set()
    for _ in range(MAX_ROUNDS):
        fresh = sorted({text for rule in kept for text in _new(rule, store, seen, known)})
        if not fresh:
            return sorted(added)
        added.update(fresh)
        store.load(input="".join(fresh).encode(), format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
    raise RuleError(f"The rules still add triples after {MAX_ROUNDS} rounds.")


def _new(rule: Rule, store: ox.Store, seen: set[ox.Triple], known: Set[str]) -> Iterator[str]:
    """Yield what a rule adds; what it gave before stands in `seen`."""
    try:
        result = store.query(rule.text, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        if not isinstance(result, ox.QueryTriples):
            raise RuleError(f"The rule {rule.name}.rq is no CONSTRUCT query.")
        triples = set(result) - seen
    except SyntaxError as error:
        raise RuleError(f"The rule {rule.name}.rq is not SPARQL: {error}") from error
    except RuntimeError as error:  # what the engine finds out only as it evaluates
        raise RuleError(f"The rule {rule.name}.rq cannot be evaluated: {error}") from error
    seen |= triples
    for triple in triples:
        text = f"{triple} .\n"
        if text in known:
            continue
        # An IRI is written in one way, so that the lines tell all; a number in several, and a blank
        # node has another label in the store.
        pattern = (triple.subject, triple.predicate, triple.object, None)
        ends = (triple.subject, triple.object)
        told = known and all(isinstance(end, ox.NamedNode) for end in ends)
        if told or next(iter(store.quads_for_pattern(*pattern)), None) is None:
            yield text
