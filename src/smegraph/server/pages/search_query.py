"""The SPARQL query for the facts that a search shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from smegraph.server.pages.joins import Asked, MayBe
from smegraph.server.pages.search_shown import Searched


def query_of(searched: Searched, asked: Asked, things: Iterable[MayBe], parts: int) -> str:
    """Return the SPARQL query for the facts of a search, with the things of each part."""
    values: dict[int, list[str]] = {}
    for thing in things:
        values.setdefault(thing.part, []).append(f"<{thing.iri}>")
    lines = []
    for line in searched.asked.splitlines():
        if not line.startswith("#? "):
            lines.append(line)
            continue
        name, _, text = line.removeprefix("#? ").partition(" ")
        lines += _lines(name, text, asked, values, parts)
    return "\n".join(lines[2:]) + "\n"


def _lines(
    name: str, text: str, asked: Asked, values: Mapping[int, Sequence[str]], parts: int
) -> list[str]:
    """Return a line of the query as often as something is asked by what it names."""
    if name == "word":
        every = values.get(-1, [])
        return [
            text.replace("$values", " ".join(dict.fromkeys([*values[part], *every])))
            .replace("$name", f"?thing{part + 1}")
            .replace("$number", str(part + 1))
            for part in range(parts)
            if part in values
        ]
    if name == "restated":
        return [] if asked.restated else [text]
    if name not in asked.chosen:
        return []
    value = f"<{asked.iris[name]}>" if name in asked.iris else asked.chosen[name]
    return [text.replace("$values", value)]
