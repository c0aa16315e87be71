"""Turtle in canonical order, so that a change of the ontology shows as a small difference."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from smegraph.ontology.errors import OntologyError

if TYPE_CHECKING:
    from rdflib.term import Node

_LINE_END = "\ufdd0"  # a code point that Unicode sets aside and no text holds


def canonical_turtle(text: str, name: str = "the text") -> str:
    """Return the same graph with sorted subjects, predicates and objects (rdflib's `longturtle`).

    Raises:
        OntologyError: the text is not Turtle.
    """
    from rdflib import OWL, Graph
    from rdflib.plugins.serializers.longturtle import LongTurtleSerializer

    class Serializer(LongTurtleSerializer):
        """Marks the line ends inside literals, so that the lines can be tidied without harm."""

        def label(self, node: Node, position: int) -> str:
            text: str = super().label(node, position)  # type: ignore[no-untyped-call]
            return text.replace("\n", _LINE_END)

    try:  # rdflib also takes what is not Turtle, and fails in many ways on what it does not take
        for _ in ox.parse(text, format=ox.RdfFormat.TURTLE):
            pass
    except SyntaxError as error:
        raise OntologyError(f"{name} is not Turtle: {error}") from error
    graph = Graph(bind_namespaces="none")
    graph.parse(data=text, format="turtle")
    stream = io.BytesIO()
    serializer = Serializer(graph)  # type: ignore[no-untyped-call]
    serializer.topClasses = [OWL.Ontology]  # the header of a file stands first
    serializer.serialize(stream)
    lines = stream.getvalue().decode("utf-8").split("\n")
    kept = [line.rstrip() for line in lines]
    # The writer leaves empty lines inside lists.
    body = [
        line for number, line in enumerate(kept) if line or not kept[number - 1].startswith(" ")
    ]
    return "\n".join(body).strip().replace(_LINE_END, "\n") + "\n"


def format_files(paths: Iterable[Path], *, write: bool) -> list[Path]:
    """Return the files that are not in canonical order; with `write` they are put into it.

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
