"""Names and terms: what a model calls a thing, and the thing that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from smegraph.assistant.asking import Asker, among, load_query, rows_of
from smegraph.assistant.errors import ToolRefused
from smegraph.namespaces import PREFIXES, shorten
from smegraph.suggest import near

KINDS: Final = ("concept", "class", "property", "thing")

_NAMES: Final = load_query("names")
_DEFINITIONS: Final = load_query("definitions")
_LABELS: Final = load_query("labels")
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True)
class Named:
    """A term with one of its names; `kind` is one of `KINDS`, the label the first of its names."""

    iri: str
    name: str
    kind: str
    label: str


class Names:
    """The names of all terms of a source, asked for once."""

    def __init__(self, asker: Asker) -> None:
        """Take what answers."""
        self._asker = asker

    @cached_property
    def _all(self) -> list[Named]:
        rows = [(str(r.term), str(r.name), str(r.kind)) for r in rows_of(self._asker, _NAMES)]
        labels = self._labels(iri for iri, _, _ in rows)
        return [Named(iri, name, kind, labels.get(iri, name)) for iri, name, kind in rows]

    @cached_property
    def _known(self) -> dict[str, str]:
        return {row.iri: row.label for row in self._all}

    def _labels(self, iris: Iterable[str]) -> dict[str, str]:
        wanted = set(iris)
        rows = rows_of(self._asker, _LABELS)
        return {str(row.term): str(row.label) for row in rows if str(row.term) in wanted}

    def find(self, text: str, kind: str | None = None, count: int = 10) -> list[dict[str, str]]:
        """Return terms with a name like the text: the same, with its words, or like it."""
        found = self._matches(text, kind)[:count]
        rows = rows_of(self._asker, among(_DEFINITIONS, "term", (one.iri for one, _ in found)))
        definitions = {str(row.term): str(row.definition) for row in rows}
        return [_shown(one, how, definitions.get(one.iri)) for one, how in found]

    def _matches(self, text: str, kind: str | None) -> list[tuple[Named, str]]:
        pool = [one for one in self._all if kind in (None, one.kind)]
        folded, words = text.casefold().strip(), set(_WORD.findall(text.casefold()))
        same = [one for one in pool if one.name.casefold() == folded]
        holding = [one for one in pool if words and words <= _words(one.name)]
        holding.sort(key=lambda one: (len(one.name), one.iri))
        alike = near(text, (one.name for one in pool), count=10, cutoff=0.7)
        like = [one for name in alike for one in pool if one.name == name]
        told = [(one, "same name") for one in same]
        told += [(one, "has these words") for one in holding]
        told += [(one, "similar name") for one in like]
        first: dict[str, tuple[Named, str]] = {}
        for one, how in told:
            first.setdefault(one.iri, (one, how))
        return list(first.values())

    def resolve(self, text: str, kinds: Sequence[str] = KINDS) -> str:
        """Return the IRI that an IRI, a prefixed name or a label names.

        Raises:
            ToolRefused: nothing is called so, or several things are.
        """
        text = text.strip()
        if iri := _as_iri(text):
            return iri
        same = {
            one.iri: one
            for one in self._all
            if one.kind in kinds and one.name.casefold() == text.casefold()
        }
        by_label = [one for one in same.values() if one.label.casefold() == text.casefold()]
        found = by_label if len(by_label) == 1 else list(same.values())
        if len(found) == 1:
            return found[0].iri
        if found:
            names = ", ".join(f"{shorten(one.iri)} ({one.kind})" for one in found)
            raise ToolRefused(f"{text!r} is the name of several: {names}. Give one of these.")
        alike = [m for m in self._matches(text, None) if m[0].kind in kinds][:5]
        names = ", ".join(f"{one.label!r} ({shorten(one.iri)})" for one, _ in alike)
        hint = f"Did you mean {names}?" if alike else "Try find_terms with other words."
        raise ToolRefused(f"Nothing is called {text!r}. {hint}")

    def label(self, iri: str) -> str:
        """Return the label of a term, or its shortened IRI."""
        return self._known.get(iri) or shorten(iri)


def _as_iri(text: str) -> str | None:
    bare = text.removeprefix("<").removesuffix(">")
    if "://" in bare and not _UNSAFE.search(bare):
        return bare
    prefix, colon, name = text.partition(":")
    if colon and prefix in PREFIXES and name and not _UNSAFE.search(name):
        return PREFIXES[prefix] + name
    return None


_UNSAFE: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')  # what no IRI holds (SPARQL 1.1, rule 139)


def _words(name: str) -> set[str]:
    return set(_WORD.findall(name.casefold()))


def _shown(one: Named, how: str, definition: str | None) -> dict[str, str]:
    shown = {"term": shorten(one.iri), "label": one.label, "kind": one.kind, "match": how}
    if one.name != one.label:
        shown["name"] = one.name
    if definition:
        shown["definition"] = definition
    return shown
