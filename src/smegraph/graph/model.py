"""Whether facts with what follows from them are a model of the ontology: then they do not clash.

The rules see to every axiom that gives something (`ontology/entailment.py`). Here stands the rest:
axioms that only forbid, and literals. What is wrong here, or of no form that is known here, proves
nothing. It spares HermiT questions where a clash is looked for; whether there is one, HermiT says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from smegraph.graph.triples import iri_of, named, parts
from smegraph.namespaces import OWL, RDF, RDFS, XSD
from smegraph.ontology.axioms import Axioms
from smegraph.ontology.terms import TYPE

_LITERAL: Final = f"{RDFS}Literal"
_STRING, _LANGUAGE = f"{XSD}string", f"{RDF}langString"
_INTEGER, _DECIMAL, _WHOLE = f"{XSD}integer", f"{XSD}decimal", f"{XSD}nonNegativeInteger"
_BOOLEAN, _MOMENT = f"{XSD}boolean", f"{XSD}dateTime"
_NOTHING: Final = f"{OWL}Nothing"

# How the literals of a datatype may be written: fewer ways than XSD 1.1 part 2 has, and numbers of
# no more digits than Oxigraph holds.
_WRITTEN: Final = {
    _INTEGER: re.compile(r"[+-]?[0-9]{1,15}"),
    _WHOLE: re.compile(r"[0-9]{1,15}"),
    _DECIMAL: re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?"),
    _BOOLEAN: re.compile(r"true|false"),
    _MOMENT: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z?"),
}
# Characters that XML does not have, so that no xsd:string holds them, and how they are escaped.
_STRANGE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|\\[ubfU]")
# The datatypes in which all values of another one are.
_HOLDING: Final = {
    _STRING: {_STRING},
    _LANGUAGE: {_LANGUAGE},
    _INTEGER: {_INTEGER, _DECIMAL},
    _WHOLE: {_WHOLE, _INTEGER, _DECIMAL},
    _DECIMAL: {_DECIMAL},
    _BOOLEAN: {_BOOLEAN},
    _MOMENT: {_MOMENT},
}


# Decision 050: docs/decisions/050-clashes-by-models.md
def is_model(axioms: Axioms, stated: Iterable[str], found: Iterable[str]) -> bool:
    """Whether statements, read as an interpretation, violate no axiom that only forbids.

    Args:
        axioms: what the ontology says.
        stated: the facts, those of the ontology among them, as they are written: lines of
            N-Triples.
        found: classes of things and values that are literals, those that follow among them, as
            Oxigraph writes them.
    """
    return all(map(_is_well_written, stated)) and _forbids_nothing(axioms, found)


def has_allowed_value(axioms: Axioms, text: str) -> bool:
    """Whether the value in a line is a thing, or a literal that its property allows for certain."""
    _, predicate, value = parts(text)
    if not value.startswith('"'):
        return True
    ranges = axioms.data_ranges.get(iri_of(predicate), ())
    return _is_well_written(text) and all(_is_in(value, datatype) for datatype in ranges)


def _forbids_nothing(axioms: Axioms, found: Iterable[str]) -> bool:
    """Whether nothing is in classes apart, or has values that its properties do not allow."""
    classes: dict[str, set[str]] = {}
    seen: set[tuple[str, str]] = set()
    for text in found:
        subject, predicate, value = parts(text)
        if predicate == _TYPE:
            classes.setdefault(subject, set()).add(iri_of(value))
        elif value.startswith('"'):
            name = iri_of(predicate)
            if name in axioms.functional_data and (subject, name) in seen:
                return False
            seen.add((subject, name))
            if not all(_is_in(value, datatype) for datatype in axioms.data_ranges.get(name, ())):
                return False
    return not any(
        _NOTHING in kind or any(len(kind & group) > 1 for group in axioms.disjoint)
        for kind in set(map(frozenset, classes.values()))
    )


def _is_well_written(text: str) -> bool:
    """Whether a statement has no literal, or one of a form that is known to have a value."""
    if '"' not in text:
        return True
    _, _, value = parts(text)
    if not value.startswith('"'):
        return True
    datatype = _datatype(value)
    if datatype in (_STRING, _LANGUAGE):
        return _STRANGE.search(value) is None
    form, digits = _WRITTEN.get(datatype), value[1 : value.rindex('"')]
    if form is None or not form.fullmatch(digits):
        return False
    return datatype != _MOMENT or _is_moment(digits)


def _is_moment(digits: str) -> bool:
    try:
        datetime.fromisoformat(digits)
    except ValueError:  # the thirtieth of February
        return False
    return True


def _is_in(value: str, datatype: str) -> bool:
    own = _datatype(value)
    if datatype == _WHOLE and own == _INTEGER:  # as Oxigraph writes all whole numbers
        return not value.startswith('"-')
    return datatype == _LITERAL or datatype in _HOLDING.get(own, ())


def _datatype(value: str) -> str:
    """Return the datatype of a literal as it stands in a line."""
    if value.endswith('"'):
        return _STRING
    return value[value.rindex('"^^<') + 4 : -1] if value.endswith(">") else _LANGUAGE


_TYPE: Final = named(TYPE)
