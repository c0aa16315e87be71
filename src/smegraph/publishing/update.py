"""A difference as a SPARQL 1.1 Update that turns the first side into the second.

Blank nodes have no name that an update could take them by. What hangs together by blank nodes is
found by its whole shape instead and removed with it; the patch is tried before it is given away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count

import pyoxigraph as ox

from smegraph.graph.triples import is_blank, parts
from smegraph.namespaces import shorten
from smegraph.publishing.difference import Difference
from smegraph.publishing.errors import ComparisonError
from smegraph.publishing.sides import DEFAULT, Side, side_of


def as_update(difference: Difference) -> str:
    """Return the update; graphs' headers are part of it, as the store has them too.

    It changes named graphs alone, or the default graph where a side is a file of triples. The
    default graph of a release, which is the union of all others, is the reader's to renew.

    Raises:
        ComparisonError: blank nodes stand in a way that no pattern tells apart.
    """
    old, new = difference.old, difference.new
    blocks: list[str] = []
    tangled: set[str] = set()
    for graph in sorted({*old.graphs, *new.graphs}):
        before, after = old.whole(graph), new.whole(graph)
        gone, fresh = sorted(before - after), sorted(after - before)
        if any(map(_has_blank, gone)):
            tangled.add(graph)
        blocks += _removing(graph, gone)
        blocks += _adding(graph, fresh)
    text = " ;\n\n".join(blocks) + ("\n" if blocks else "")
    if tangled:
        _try(text, old.only(tangled), new.only(tangled))
    return text


def apply(text: str, side: Side) -> Side:
    """Return what an update makes of a side.

    Raises:
        ComparisonError: it is no update.
    """
    store = ox.Store()
    for graph in side.graphs:
        name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        data = "".join(side.whole(graph)).encode()
        store.bulk_load(input=data, format=ox.RdfFormat.N_TRIPLES, to_graph=name)
    try:
        store.update(text)
    except (SyntaxError, OSError) as error:
        raise ComparisonError(f"The update cannot be applied: {error}") from error
    return side_of(f"{side.name}, patched", store)


def _try(text: str, old: Side, new: Side) -> None:
    """Refuse a patch that does not lead to the second side."""
    patched, wanted = apply(text, old), apply("", new)
    for graph in {*patched.graphs, *wanted.graphs}:
        if graph in new.graphs and patched.whole(graph) != wanted.whole(graph):
            raise ComparisonError(
                f"No update leads from {old.name} to {new.name}: blank nodes of "
                f"{shorten(graph) if graph else 'the default graph'} that change look like others "
                "that stay. Load the graph anew instead."
            )


def _removing(graph: str, lines: Iterable[str]) -> Iterator[str]:
    plain, hanging = _split(lines)
    if plain:
        yield f"DELETE DATA {{{_within(graph, plain)}}}"
    for component in hanging:
        yield _deleting(graph, component)


def _adding(graph: str, lines: Iterable[str]) -> Iterator[str]:
    plain, hanging = _split(lines)
    fresh = [*plain, *(text for component in hanging for text in component)]
    if fresh:
        yield f"INSERT DATA {{{_within(graph, fresh)}}}"


def _deleting(graph: str, component: list[str]) -> str:
    """Return the operation that removes what hangs together, where it is that and no more."""
    numbers = count()
    names: dict[str, str] = defaultdict(lambda: f"?b{next(numbers)}")
    rows = [tuple(names[t] if is_blank(t) else t for t in parts(text)) for text in component]
    pattern = [" ".join(row) + " .\n" for row in rows]
    exact = []
    for variable in names.values():
        own = [(p, o) for s, p, o in rows if s == variable]
        others = " || ".join(f"(?p = {p} && ?o = {o})" for p, o in own) or "false"
        triple = f"GRAPH <{graph}> {{ {variable} ?p ?o }}" if graph else f"{variable} ?p ?o"
        exact.append(f"  FILTER NOT EXISTS {{ {triple} FILTER (!({others})) }}\n")
        exact.append(f"  FILTER isBlank({variable})\n")
    return (
        f"DELETE {{{_within(graph, pattern)}}}\nWHERE {{{_within(graph, pattern)}{''.join(exact)}}}"
    )


def _within(graph: str, lines: Iterable[str]) -> str:
    """Return lines as a block of triples, in a graph where there is one."""
    if graph == DEFAULT:
        return "\n" + "".join(f"  {text}" for text in lines)
    return f"\n  GRAPH <{graph}> {{\n" + "".join(f"    {text}" for text in lines) + "  }\n"


def _split(lines: Iterable[str]) -> tuple[list[str], list[list[str]]]:
    """Return the lines without blank nodes, and the others by what hangs together."""
    plain: list[str] = []
    blank: list[str] = []
    for text in lines:
        (blank if _has_blank(text) else plain).append(text)
    above: dict[str, str] = {}

    def root(node: str) -> str:
        while (upper := above.setdefault(node, node)) != node:
            node = upper
        return node

    for text in blank:
        nodes = _blanks(text)
        for node in nodes:
            above[root(node)] = root(nodes[0])
    components: dict[str, list[str]] = defaultdict(list)
    for text in blank:
        components[root(_blanks(text)[0])].append(text)
    return plain, [components[node] for node in sorted(components)]


def _blanks(text: str) -> list[str]:
    subject, _, value = parts(text)
    return [term for term in (subject, value) if is_blank(term)]


def _has_blank(text: str) -> bool:
    return bool(_blanks(text))
