"""What an own IRI that the graph does not name was perhaps meant to be."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from smegraph.namespaces import BASE
from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import ask, load_query, record
from smegraph.server.pages.iris import path_of
from smegraph.server.pages.things import Named, named
from smegraph.suggest import near, sharing_letters

NAMES: Final = load_query("names")
MOST: Final = 5

_LIKELY: Final = 60  # names that are compared letter by letter
_LONGEST: Final = 200  # characters of a name
_ALIKE: Final = 0.6
_DEEPEST: Final = 3  # slashes in the path of a term


@record
class NameRow:
    """A row of `names.rq`."""

    thing: str
    label: str = ""


async def ask_names(engine: Engine) -> dict[str, str]:
    """Return the labels of the project's own things, by IRI; empty where one has none."""
    rows = await ask(engine, NAMES, NameRow)
    return {row.thing: row.label for row in rows if _is_whole(path_of(row.thing))}


def _is_whole(path: str | None) -> bool:
    """Say whether a path is that of a thing, and not of a part such as a graph's class."""
    return path is not None and path.count("/") <= _DEEPEST


async def near_matches(iri: str, labels: Mapping[str, str]) -> list[Named]:
    """Return up to five things whose IRI looks most like one that is not there."""
    return await asyncio.to_thread(_near, iri, labels)


def _near(iri: str, labels: Mapping[str, str]) -> list[Named]:
    """Return the same name elsewhere first, then names of its own kind, then any.

    >>> [found.label for found in _near(BASE + "id/cuberdn", {BASE + "vocab/cuberdon": "x"})]
    ['x']
    """
    place, _, name = iri.removeprefix(BASE).replace("#", "/").rpartition("/")
    if not name or len(name) > _LONGEST:
        return []
    found: dict[str, None] = {}
    by_name: dict[str, list[str]] = {}
    for known in labels:
        by_name.setdefault(
            known.removeprefix(BASE).replace("#", "/").rpartition("/")[2], []
        ).append(known)
    for known in by_name.get(name, ()):
        found[known] = None
    likely = sharing_letters(name, by_name.keys(), _LIKELY)
    for match in near(name, likely, count=2 * MOST, cutoff=_ALIKE):
        for known in sorted(by_name[match], key=lambda one: not one.startswith(BASE + place)):
            found[known] = None
    return [named(known, labels[known]) for known in [*found][:MOST]]
