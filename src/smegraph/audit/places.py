"""Where a finding stands: the name of the term, and the file and line that define it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from smegraph.audit.findings import Place
from smegraph.namespaces import RDF, shorten
from smegraph.ontology.ontology import local_name

_PREFIX = re.compile(r"^@?prefix\s+(\S*):\s*<([^>]*)>", re.IGNORECASE)
_SUBJECT = re.compile(r"^(?:<([^>\s]*)>|([A-Za-z][\w-]*)?:([^\s;,.()\[\]]+))")
_TYPE = RDF + "type"


class Places:
    """The terms of some Turtle files, and the way from an anonymous expression to its term."""

    def __init__(self, store: ox.Store, folder: Path, files: Iterable[Path]) -> None:
        self._store = store
        self._lines: dict[str, str] = {}
        for path in files:
            self._read(path, folder)

    def _read(self, path: Path, folder: Path) -> None:
        prefixes: dict[str, str] = {}
        shown = path.relative_to(folder).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            if declared := _PREFIX.match(line):
                prefixes[declared[1]] = declared[2]
            elif subject := _SUBJECT.match(line):
                iri = subject[1] or prefixes.get(subject[2] or "", "") + subject[3]
                self._lines.setdefault(iri, f"{shown}:{number}")

    def name(self, place: Place) -> str:
        """Return a term as a prefixed name, an anonymous expression by the term that it is of."""
        owner = self._owner(place)
        if isinstance(owner, ox.NamedNode):
            return shorten(owner.value)
        if isinstance(owner, ox.BlankNode):
            return self._axiom(owner)
        return owner.value if isinstance(owner, ox.Literal) else str(owner)

    def file(self, place: Place) -> str | None:
        """Return file and line of a term."""
        owner = self._owner(place)
        if isinstance(owner, ox.BlankNode):
            owner = next(iter(self._members(owner)), owner)
        return self._lines.get(owner.value) if isinstance(owner, ox.NamedNode) else None

    def _owner(self, place: Place) -> Place:
        """Return the nearest named subject above a blank node, or the topmost blank node."""
        seen: set[ox.BlankNode] = set()
        while isinstance(place, ox.BlankNode) and place not in seen:
            seen.add(place)
            above = [quad.subject for quad in self._store.quads_for_pattern(None, None, place)]
            if not above:
                break
            place = min(above, key=lambda term: (isinstance(term, ox.BlankNode), str(term)))
        return place

    def _axiom(self, node: ox.BlankNode) -> str:
        """Return an axiom without a name as its kind and what it speaks of."""
        types = (q.object for q in self._store.quads_for_pattern(node, ox.NamedNode(_TYPE), None))
        named = (local_name(type_.value) for type_ in types if isinstance(type_, ox.NamedNode))
        kind = next(named, "statement")
        members = [shorten(member.value) for member in self._members(node)]
        return f"{kind}({', '.join(members[:3])}{', …' if len(members) > 3 else ''})"

    def _members(self, node: ox.BlankNode) -> list[ox.NamedNode]:
        found: list[ox.NamedNode] = []
        todo: list[ox.BlankNode] = [node]
        seen = {node}
        while todo:
            for quad in self._store.quads_for_pattern(todo.pop(), None, None):
                term = quad.object
                if isinstance(term, ox.BlankNode) and term not in seen:
                    seen.add(term)
                    todo.append(term)
                elif isinstance(term, ox.NamedNode) and quad.predicate.value != _TYPE:
                    found.append(term)
        return sorted((m for m in set(found) if m.value != RDF + "nil"), key=lambda m: m.value)
