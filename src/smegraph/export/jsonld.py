"""JSON-LD with short names, written node by node (JSON-LD 1.1)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pyoxigraph as ox

from smegraph.namespaces import XSD, namespace_of
from smegraph.ontology.terms import TYPE
from smegraph.release.context import used_of

_INTEGER, _BOOLEAN, _STRING = (XSD + name for name in ("integer", "boolean", "string"))
_EXACT: Final = 2**53  # integers up to here are the same for every reader of JSON


class Names:
    """Shortens IRIs as a context defines them, and remembers the names that were used."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self.context, self.used = context, set[str]()
        self._types: dict[str, str | None] = {}
        self._terms: dict[str, str] = {}
        self._prefixes: dict[str, str] = {}
        for name, said in context.items():
            iri = said["@id"] if isinstance(said, dict) else said
            if name.startswith("@"):
                continue
            if isinstance(said, str) and said.endswith(("#", "/")):
                self._prefixes.setdefault(said, name)
                continue
            self._terms.setdefault(iri, name)
            self._types[name] = said.get("@type") if isinstance(said, dict) else None

    def term(self, iri: str) -> str:
        """Return the name of a property or class, or of what a property leads to by its name."""
        found = self._terms.get(iri)
        if found is None:
            return self.iri(iri)
        self.used.add(found)
        return found

    def iri(self, iri: str) -> str:
        """Return an IRI with a prefix where one fits."""
        start = namespace_of(iri)
        prefix, local = self._prefixes.get(start), iri[len(start) :]
        if prefix is None or not local or local.startswith("//"):
            return iri
        self.used.add(prefix)
        return f"{prefix}:{local}"

    def type_of(self, name: str) -> str | None:
        """Return how the values of a property are read that goes by a name."""
        return self._types.get(name)


def write(triples: Iterable[ox.Triple], context: Mapping[str, Any]) -> Iterator[str]:
    """Yield a document with a node for each subject, and the part of the context that it uses.

    Nodes stand in the order of their IRIs.
    """
    by_subject: dict[ox.NamedNode | ox.BlankNode | ox.Triple, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        by_subject[triple.subject].append(triple)
    names = Names(context)
    nodes = [_json(_node(one, by_subject.pop(one), names)) for one in sorted(by_subject, key=str)]
    yield f'{{"@context": {_json(used_of(context, names.used))},\n"@graph": [\n'
    for at, node in enumerate(nodes):
        yield f"{',' if at else ''}{node}\n"
    yield "]}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _node(subject: object, triples: Sequence[ox.Triple], names: Names) -> dict[str, Any]:
    values: dict[str, list[Any]] = {}
    for triple in sorted(triples, key=lambda t: (t.predicate.value, str(t.object))):
        if triple.predicate.value == TYPE and isinstance(triple.object, ox.NamedNode):
            values.setdefault("@type", []).append(names.term(triple.object.value))
            continue
        name = names.term(triple.predicate.value)
        values.setdefault(name, []).append(_value(triple.object, names, names.type_of(name)))
    types = {"@type": values.pop("@type")} if "@type" in values else {}
    found = {"@id": _id(subject, names), **types, **dict(sorted(values.items()))}
    return {name: v[0] if isinstance(v, list) and len(v) == 1 else v for name, v in found.items()}


def _id(node: object, names: Names) -> str:
    return names.iri(node.value) if isinstance(node, ox.NamedNode) else str(node)


def _value(value: object, names: Names, coerced: str | None) -> object:
    if not isinstance(value, ox.Literal):
        if coerced == "@vocab" and isinstance(value, ox.NamedNode):
            return names.term(value.value)
        return _id(value, names) if coerced == "@vocab" else {"@id": _id(value, names)}
    datatype = value.datatype.value
    native = _native(value.value, datatype)
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if native is not None and coerced in (None, datatype):
        return native
    if coerced == datatype:
        return value.value
    if datatype == _STRING:
        return value.value if coerced is None else {"@value": value.value}
    return {"@value": value.value, "@type": names.iri(datatype)}


def _native(text: str, datatype: str) -> int | bool | None:
    """Return a value of JSON that is read as the same literal (JSON-LD 1.1 API, section 8.2)."""
    if datatype == _BOOLEAN and text in ("true", "false"):
        return text == "true"
    if datatype == _INTEGER and text.removeprefix("-").isdigit() and abs(int(text)) < _EXACT:
        return int(text) if str(int(text)) == text else None
    return None
