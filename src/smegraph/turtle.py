"""Turtle in canonical order, so that a change of the ontology shows as a small difference."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from smegraph.errors import OntologyError


def canonical_turtle(text: str, name: str = "the text") -> str:
    """The same graph with sorted subjects, predicates and objects (rdflib's ``longturtle``).

    Raises:
        OntologyError: the text is not Turtle.
    """
    from rdflib import Graph
    from rdflib.plugins.parsers.notation3 import BadSyntax

    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=text, format="turtle")
    except BadSyntax as error:
        raise OntologyError(f"{name} is not Turtle: {error}") from error
    lines = graph.serialize(format="longturtle").splitlines()
    kept = [line.rstrip() for line in lines]
    # The writer leaves empty lines inside lists.
    body = [
        line for number, line in enumerate(kept) if line or not kept[number - 1].startswith(" ")
    ]
    return "\n".join(body).strip() + "\n"


def format_files(paths: Iterable[Path], *, write: bool) -> list[Path]:
    """The files that are not in canonical order; with ``write`` they are put into it.

    Raises:
        OntologyError: a file is not Turtle.
    """
    changed = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        canonical = canonical_turtle(text, str(path))
        if canonical != text:
            changed.append(path)
            if write:
                path.write_text(canonical, encoding="utf-8")
    return changed
