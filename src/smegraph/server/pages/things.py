"""What the graph knows of one thing: what it says, where that stands, and what points at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from smegraph.namespaces import BASE, DCTERMS, OWL, PREFIXES, PROV, RDF, RDFS, SKOS, SME, XSD
from smegraph.ontology.tables import table
from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import ask, load_query, on, record
from smegraph.server.pages.iris import COMPUTED_GRAPHS, path_of, plain_name, property_name

THING: Final = load_query("thing")
COUNTS: Final = load_query("pointing-counts")
POINTING: Final = load_query("pointing")

MOST_SHOWN: Final = 50
_LABEL, _TITLE, _TYPE = RDFS + "label", DCTERMS + "title", RDF + "type"
_PREFERRED, _DEFINITION = SKOS + "prefLabel", SKOS + "definition"
_DESCRIPTION: Final = DCTERMS + "description"
_REPLACED_BY, _DEPRECATED = DCTERMS + "isReplacedBy", OWL + "deprecated"
# What says where a fact stands, in the order in which a reader wants it.
_PLACE: Final = tuple(name for (name,) in table(load_query("place")))
_SHOWN_ELSEWHERE: Final = frozenset(
    {_LABEL, _TYPE, _DEFINITION, _REPLACED_BY, _DEPRECATED, *_PLACE, PROV + "hadPrimarySource"}
)
_OF_PROPERTY: Final = (
    "SELECT ?thing ?label\nWHERE {{\n  ?thing {property} {thing}\n"
    "  OPTIONAL {{ ?thing rdfs:label ?label }}\n}}\nORDER BY ?label ?thing\n"
)
_PLAIN: Final = frozenset(
    {"", RDF + "langString", *(XSD + name for name in ("string", "integer", "decimal", "anyURI"))}
)
_BOOLEANS: Final = {"true": "yes", "false": "no"}


@record
class ThingRow:
    """A row of `thing.rq`: a value, and a graph that states it."""

    property: str
    value: str
    is_thing: bool
    graph: str
    property_label: str = ""
    language: str = ""
    datatype: str = ""
    value_label: str = ""
    graph_title: str = ""


@record
class CountRow:
    """A row of `pointing-counts.rq`."""

    property: str
    count: int
    property_label: str = ""


@record
class PointingRow:
    """A row of `pointing.rq`: a thing that points, and one document and place where it does."""

    property: str
    subject: str
    subject_label: str = ""
    study: str = ""
    study_label: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A thing as a page names it.

    Attributes:
        iri: its IRI.
        label: what a person reads.
        path: where the service answers for it; empty for other people's things.
    """

    iri: str
    label: str
    path: str = ""

    @property
    def is_web_address(self) -> bool:
        """Whether a browser can go there, as it stands."""
        return self.iri.startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class Value:
    """A value: a thing, or a text with its language or datatype; and the graphs that state it."""

    text: str
    thing: Named | None
    note: str
    graphs: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A property with its values."""

    property: Named
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Pointer:
    """A thing that points at another, with the documents and places that report it."""

    thing: Named
    places: tuple[tuple[Named | None, str], ...]


@dataclass(frozen=True, slots=True)
class Pointing:
    """The things that point with one property: how many, the first of them, a query for all."""

    property: Named
    count: int
    first: tuple[Pointer, ...]
    query: str


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing as its page shows it.

    Attributes:
        name: the thing itself.
        kinds: its classes, those that a document or a curator gave it first.
        definition: what it is; may be empty.
        is_deprecated: whether nothing should use it any more.
        replaced_by: what is to be used in its place.
        place: the document and the place in it where a fact stands.
        stated: what documents and curators say of it.
        follows: what only follows from that, by axioms and rules.
        pointing: what points at it, by property.
    """

    name: Named
    kinds: tuple[Named, ...]
    definition: str
    is_deprecated: bool
    replaced_by: tuple[Named, ...]
    place: tuple[Statement, ...]
    stated: tuple[Statement, ...]
    follows: tuple[Statement, ...]
    pointing: tuple[Pointing, ...]

    @property
    def pointing_count(self) -> int:
        """How many statements point at it."""
        return sum(found.count for found in self.pointing)


async def ask_thing(engine: Engine, iri: str) -> Thing | None:
    """Return what the graph knows of a thing, by three queries; None where it does not name it."""
    rows = await ask(engine, on(THING, thing=iri), ThingRow)
    counts = await ask(engine, on(COUNTS, thing=iri), CountRow)
    if not rows and not counts:
        return None
    pointing = await ask(engine, on(POINTING, thing=iri), PointingRow) if counts else []
    return thing_of(iri, rows, counts, pointing)


def named(iri: str, label: str = "") -> Named:
    """Return a thing as a page names it."""
    return Named(iri, label or plain_name(iri), path_of(iri) or "")


def thing_of(
    iri: str,
    rows: Sequence[ThingRow],
    counts: Sequence[CountRow],
    pointing: Sequence[PointingRow],
) -> Thing:
    """Return a thing as its page shows it, from the rows of the three queries."""
    stated = {(row.property, row.value) for row in rows if row.graph not in COMPUTED_GRAPHS}
    label = _first(rows, (_LABEL, _PREFERRED, _TITLE)) or iri.removeprefix(BASE)
    hidden = {*_SHOWN_ELSEWHERE, *(found for found in (_PREFERRED, _TITLE)
                                   if _first(rows, (found,)) == label)}  # fmt: skip
    shown = [row for row in rows if row.property not in hidden]
    is_stated = [(row.property, row.value) in stated for row in shown]
    types = [row for row in rows if row.property == _TYPE]
    kinds = sorted(
        [row for row in types if row.value_label] or types,
        key=lambda row: ((row.property, row.value) not in stated, row.value_label, row.value),
    )
    return Thing(
        name=named(iri, label),
        kinds=tuple(dict.fromkeys(_thing(row) for row in kinds)),
        definition=_first(rows, (_DEFINITION, _DESCRIPTION)),
        is_deprecated=any(row.property == _DEPRECATED and row.value == "true" for row in rows),
        replaced_by=tuple(
            dict.fromkeys(_thing(row) for row in rows if row.property == _REPLACED_BY)
        ),
        place=_statements((row for row in rows if row.property in _PLACE), _PLACE.index),
        stated=_statements(row for row, one in zip(shown, is_stated, strict=True) if one),
        follows=_statements(row for row, one in zip(shown, is_stated, strict=True) if not one),
        pointing=_pointing(iri, counts, pointing),
    )


def _first(rows: Iterable[ThingRow], properties: Sequence[str]) -> str:
    """Return the value of the first of some properties that there is, as text; else nothing."""
    values: dict[str, str] = {}
    for row in rows:
        if not row.is_thing:
            values.setdefault(row.property, row.value)
    return next((values[found] for found in properties if found in values), "")


def _property(row: ThingRow | CountRow) -> Named:
    return named(row.property, row.property_label or property_name(row.property))


def _thing(row: ThingRow) -> Named:
    return named(row.value, row.value_label)


def _statements(
    rows: Iterable[ThingRow], rank: Callable[[str], int] = lambda property: 0
) -> tuple[Statement, ...]:
    """Return rows by property: by rank, the project's own before others, then by name."""
    kept = [*rows]
    names = {row.property: _property(row) for row in kept}

    def order(row: ThingRow) -> tuple[int, bool, str, str]:
        property = row.property
        return rank(property), not property.startswith(SME), names[property].label, property

    by_property = groupby(sorted(kept, key=order), key=lambda row: row.property)
    return tuple(Statement(names[found], _values([*group])) for found, group in by_property)


def _values(rows: Sequence[ThingRow]) -> tuple[Value, ...]:
    """Return the values of a property, each once with the graphs that state it."""
    graphs: dict[tuple[str, str, str], dict[Named, None]] = {}
    first: dict[tuple[str, str, str], ThingRow] = {}
    for row in rows:
        key = row.value, row.language, row.datatype
        first.setdefault(key, row)
        graphs.setdefault(key, {})[named(row.graph, row.graph_title)] = None
    values = [_value(row, tuple(graphs[key])) for key, row in first.items()]
    return tuple(sorted(values, key=lambda value: (_number(value.text), value.text.casefold())))


def _value(row: ThingRow, graphs: tuple[Named, ...]) -> Value:
    if row.is_thing:
        thing = _thing(row)
        return Value(thing.label, thing, "", graphs)
    if row.datatype == XSD + "boolean":
        return Value(_BOOLEANS.get(row.value, row.value), None, "", graphs)
    datatype = "" if row.datatype in _PLAIN else plain_name(row.datatype).removeprefix("xsd:")
    is_address = row.datatype == XSD + "anyURI" and row.value.startswith(("http://", "https://"))
    address = Named(row.value, row.value) if is_address else None
    language = "" if row.language == "en" else row.language
    return Value(row.value, address, language or datatype, graphs)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("inf")


def _pointing(
    iri: str, counts: Sequence[CountRow], rows: Sequence[PointingRow]
) -> tuple[Pointing, ...]:
    by_property: dict[str, list[PointingRow]] = {}
    for row in rows:
        by_property.setdefault(row.property, []).append(row)
    found = [
        Pointing(
            _property(row),
            row.count,
            _pointers(by_property.get(row.property, [])),
            _OF_PROPERTY.format(property=_written(row.property), thing=_written(iri)),
        )
        for row in counts
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (not one.property.iri.startswith(SME), one.property.label),
        )
    )


def _pointers(rows: Sequence[PointingRow]) -> tuple[Pointer, ...]:
    places: dict[str, dict[tuple[Named | None, str], None]] = {}
    labels: dict[str, str] = {}
    for row in rows:
        labels.setdefault(row.subject, row.subject_label)
        told = places.setdefault(row.subject, {})
        if row.study or row.locator:
            told[named(row.study, row.study_label) if row.study else None, row.locator] = None
    return tuple(
        Pointer(named(subject, label), tuple(places[subject])) for subject, label in labels.items()
    )


def _written(iri: str) -> str:
    """Return an IRI as a query of a person has it: with a usual prefix where one fits."""
    for prefix, start in PREFIXES.items():
        rest = iri.removeprefix(start)
        if rest != iri and rest.replace("-", "").replace("_", "").isalnum() and rest.isascii():
            return f"{prefix}:{rest}"
    return f"<{iri}>"
