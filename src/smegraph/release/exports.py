"""The files of a release that others read: a Turtle file for each graph, and all as TriG."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from smegraph.namespaces import GRAPH, prefixes_used, shorten
from smegraph.release.context import context_of
from smegraph.release.former import Former, turtle_file
from smegraph.release.turtle_text import readable_turtle
from smegraph.release_files import CONTEXT, TRIG, TURTLE


def write_exports(
    folder: Path,
    graphs: Mapping[str, Sequence[str]],
    digests: Mapping[str, str] | None = None,
    former: Former | None = None,
    headers: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write `turtle/<graph>.ttl`, `smegraph.trig` and `context.jsonld`.

    Their order does not depend on the input's.

    Each is written by `readable_turtle`. The header of a graph stands before all else.

    Args:
        folder: the release.
        graphs: N-Triples lines by graph IRI.
        digests: of the lines, by graph IRI; with them graphs can be taken over.
        former: the release before this one, from which graphs with the same digest are taken.
        headers: what each graph says in this release only, by graph IRI.
    """
    (folder / TURTLE).mkdir()
    texts: dict[str, str] = {}
    for graph in sorted(graphs):
        header = _parted(_turtle((headers or {}).get(graph, ())))
        found = _taken(former, graph, digests, header) if former and digests else None
        text = _together(header, found or _parted(_turtle(graphs[graph], _letters(graph))))
        turtle_file(folder, graph).write_bytes(text.encode("utf-8"))
        texts[graph] = text
    (folder / TRIG).write_bytes(trig_of(texts).encode("utf-8"))
    context = context_of(
        *(_triples(graphs.get(GRAPH + of, ())) for of in ("ontology", "vocabulary"))
    )
    text = json.dumps({"@context": context}, ensure_ascii=False, indent=1) + "\n"
    (folder / CONTEXT).write_text(text, "utf-8")


def trig_of(texts: Mapping[str, str]) -> str:
    """Return as TriG what `readable_turtle` has written of each graph, by graph IRI.

    No two of the graphs may have a name of a blank node in common.
    """
    heads: set[str] = set()
    blocks: list[str] = []
    for graph, text in texts.items():
        head, body = _parted(text)
        if body:
            heads |= {*head, *_prefixes([graph])}
            blocks.append(_block(graph, body))
    return "\n".join([*sorted(heads), "", *blocks]).rstrip() + "\n"


def _letters(graph: str) -> str:
    """Return what begins the names of a graph's blank nodes: no two graphs of TriG share one."""
    return re.sub(r"[^A-Za-z0-9]", "", graph.rsplit("/", 1)[-1]) + "-b"


_Parts: TypeAlias = tuple[list[str], list[str]]


# Decision 072: docs/decisions/072-who-says-so.md
def _taken(former: Former, graph: str, digests: Mapping[str, str], header: _Parts) -> _Parts | None:
    """Return a graph as the former release wrote it, without the header that it had there."""
    text = former.turtle(graph, digests[graph])
    if text is None:
        return None
    head, body = _parted(text)
    old_head, old_body = _parted(_turtle(former.headers.get(graph, ())))
    if old_head != header[0] or body[: len(old_body)] != old_body:
        return None
    return head, body[len(old_body) + 1 if old_body else 0 :]


def _together(header: _Parts, graph: _Parts) -> str:
    """Return the Turtle of a header and of what stands below it."""
    head, bodies = sorted({*header[0], *graph[0]}), [*filter(None, (header[1], graph[1]))]
    text = "\n\n".join("\n".join(body) for body in bodies)
    return "\n".join([*head, "", text]).rstrip() + "\n"


def _turtle(lines: Sequence[str], blank: str = "b") -> str:
    """Return N-Triples lines as readable Turtle; `blank` begins the names of blank nodes."""
    return readable_turtle(_triples(lines), blank=blank)


def _triples(lines: Sequence[str]) -> Iterator[ox.Triple]:
    for quad in ox.parse(input="".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES):
        yield quad.triple


def _parted(text: str) -> tuple[list[str], list[str]]:
    """Return the lines of a Turtle file that declare prefixes, and those behind them."""
    head, _, body = text.partition("\n\n") if text.startswith("@prefix") else ("", "", text)
    return head.split("\n") if head else [], [] if not body.strip() else body.rstrip().split("\n")


def _block(graph: str, body: Iterable[str]) -> str:
    """Return the lines of a Turtle file as a graph of TriG (RDF 1.1 TriG, section 2.2)."""
    lines = (f"\t{line}" if line else line for line in body)
    return "\n".join([f"{shorten(graph)} {{", "", *lines, "", "}"])


def _prefixes(iris: Iterable[str]) -> list[str]:
    return _declared(prefixes_used(iris))


def _declared(prefixes: Mapping[str, str]) -> list[str]:
    return sorted(f"@prefix {prefix}: <{start}> ." for prefix, start in prefixes.items())
