"""What the graph says of one thing: labels, statements in both directions, and places."""

from __future__ import annotations

from typing import Any, Final

from smegraph.assistant.asking import Asker, load_query, rows_of
from smegraph.assistant.errors import ToolRefused
from smegraph.assistant.sources import framed, places
from smegraph.assistant.terms import Names
from smegraph.client import IRI, Row, Rows
from smegraph.namespaces import shorten

_FROM: Final = load_query("told-of")
_TO: Final = load_query("told-with")
_VALUES: Final = 12  # of one property in one direction
_PLACES: Final = 20


def describe(asker: Asker, names: Names, thing: str) -> dict[str, Any]:
    """Return what is said of a thing and with it, and where it stands in the documents.

    Raises:
        ToolRefused: nothing is called so.
    """
    iri = names.resolve(thing)
    told = rows_of(asker, _FROM, {"thing": IRI(iri)})
    others = rows_of(asker, _TO, {"thing": IRI(iri)})
    if not told and not others:
        raise ToolRefused(f"{shorten(iri)} is in no graph. Look its name up with find_terms.")
    where = places(asker, [iri])
    answer: dict[str, Any] = {
        "term": shorten(iri),
        "label": names.label(iri),
        "says": _by_property(told, names),
        "is_named_by": _by_property(others, names),
        "places": where[:_PLACES],
    }
    if len(where) > _PLACES:
        answer["more_places"] = len(where) - _PLACES
    return framed(asker, answer, _works(iri, told))


def _by_property(rows: Rows, names: Names) -> dict[str, dict[str, Any]]:
    """Return the values of each property with its label: the first ones, and how many more."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row.property), []).append(row)
    found: dict[str, dict[str, Any]] = {}
    for property_, group in groups.items():
        values = list(dict.fromkeys(_value(row) for row in group))
        shown: dict[str, Any] = {"property": names.label(property_), "values": values[:_VALUES]}
        if len(values) > _VALUES:
            shown["more"] = len(values) - _VALUES
        found[shorten(property_)] = shown
    return found


def _value(row: Row) -> str:
    if not isinstance(row.other, IRI):
        return str(row.other)
    name = shorten(row.other)
    return f"{row.label} ({name})" if row.label else name


def _works(iri: str, told: Rows) -> set[str]:
    """Return the works behind what is said: documents and those who found it."""
    return {iri} | {str(row.other) for row in told if row.isSource}
