"""RDF terms as the Python values that a researcher works with, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final, TypeAlias

import pyoxigraph
import rdflib
from pyoxigraph import BlankNode, NamedNode, Triple
from rdflib import BNode, URIRef

from smegraph.client.errors import InvalidBinding
from smegraph.namespaces import PREFIXES
from smegraph.tables import Term as Term

_XSD: Final = PREFIXES["xsd"]
_STRING: Final = URIRef(_XSD + "string")
_LANGUAGE_STRING: Final = URIRef(PREFIXES["rdf"] + "langString")


class Text(str):
    """The text of a literal with a language, or of a datatype that Python has no value for.

    It is a `str` in every respect; what else the literal says stands beside it.

    >>> label = Text("Firma", language="de")
    >>> label == "Firma", label.language, Text("P1Y", datatype=URIRef("xsd:duration")).datatype
    (True, 'de', rdflib.term.URIRef('xsd:duration'))
    """

    language: str | None
    datatype: URIRef

    def __new__(cls, text: str, language: str | None = None, datatype: URIRef = _STRING) -> Text:
        """Take the lexical form, and a language tag (BCP 47) or a datatype."""
        self = super().__new__(cls, text)
        self.language = language
        self.datatype = _LANGUAGE_STRING if language else datatype
        return self


Value: TypeAlias = (
    URIRef | BNode | str | bool | int | float | Decimal | date | datetime | time | Triple | None
)


def _boolean(text: str) -> bool:
    return text in ("true", "1")


_DATE: Final = r"\d{4}-\d\d-\d\d"
_TIME: Final = r"\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)?"
_INTEGER: Final = (r"[+-]?\d+", int)
_DOUBLE: Final = (r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN", float)

# By datatype: the lexical forms (XML Schema 1.1 Part 2 §3) that Python reads without loss, and
# what reads them. A year is its number. What is not here keeps its text: nothing is guessed.
_READERS: Final[Mapping[str, tuple[str, Callable[[str], Value]]]] = {
    **{
        _XSD + name: _INTEGER
        for name in (
            "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger",
            "nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt",
            "unsignedShort", "unsignedByte",
        )
    },
    _XSD + "decimal": (r"[+-]?(?:\d+\.?\d*|\.\d+)", Decimal),
    _XSD + "double": _DOUBLE,
    _XSD + "float": _DOUBLE,
    _XSD + "boolean": (r"true|false|1|0", _boolean),
    _XSD + "date": (_DATE, date.fromisoformat),
    _XSD + "dateTime": (f"{_DATE}T{_TIME}", datetime.fromisoformat),
    _XSD + "dateTimeStamp": (f"{_DATE}T{_TIME}", datetime.fromisoformat),
    _XSD + "time": (_TIME, time.fromisoformat),
    _XSD + "gYear": (r"-?\d{4,}", int),
}  # fmt: skip

_PATTERNS: Final = {
    datatype: re.compile(pattern, re.ASCII) for datatype, (pattern, _) in _READERS.items()
}


def to_python(term: Term | None) -> Value:
    """Return the value of a term; None for a variable without one.

    IRIs come as `rdflib.URIRef` and blank nodes as `rdflib.BNode`, which both are `str`. Literals
    come as str, bool, int, Decimal, float, date, datetime, time; a gYear as int; one with a
    language, of another datatype, or that Python cannot hold (the year 10000), as `Text`.

    >>> to_python(pyoxigraph.Literal("10.29", datatype=NamedNode(_XSD + "decimal")))
    Decimal('10.29')
    """
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.Literal):
        return _literal(term)
    return BNode(term.value) if isinstance(term, BlankNode) else term


def _literal(literal: pyoxigraph.Literal) -> Value:
    text, datatype = literal.value, literal.datatype.value
    if datatype == str(_STRING):
        return text
    if literal.language:
        return Text(text, literal.language)
    if datatype in _READERS and _PATTERNS[datatype].fullmatch(text):
        try:
            return _READERS[datatype][1](text)
        except ValueError:  # the right form, but no such day, or beyond what Python holds
            pass
    return Text(text, datatype=URIRef(datatype))


_DATATYPES: Final[Mapping[type, str]] = {
    datetime: _XSD + "dateTime",
    date: _XSD + "date",
    time: _XSD + "time",
}


def to_term(value: object) -> NamedNode | pyoxigraph.Literal:
    """Return the term for a value: an IRI (`IRI`, that is `rdflib.URIRef`) or a literal.

    A plain str is a string, not an IRI. Terms of rdflib and pyoxigraph are taken as well. Raises
    InvalidBinding for blank nodes, which no query can name, and for what is no RDF value.

    >>> str(to_term(2014)), str(to_term(URIRef("https://example.org/a")))
    ('"2014"^^<http://www.w3.org/2001/XMLSchema#integer>', '<https://example.org/a>')
    """
    try:
        found = _term(value)
    except ValueError as error:
        raise InvalidBinding(f"{value!r} cannot stand in a query: {error}.") from error
    if found is None:
        raise InvalidBinding(
            f"{value!r} cannot stand in a query: an IRI (smegraph.client.IRI), a text, a number, "
            "a truth value or a date can."
        )
    return found


def _term(value: object) -> NamedNode | pyoxigraph.Literal | None:
    if isinstance(value, NamedNode | pyoxigraph.Literal):
        return value
    if isinstance(value, URIRef):
        return NamedNode(str(value))
    if isinstance(value, Text | rdflib.Literal):
        return _literal_term(value)
    if isinstance(value, BNode):
        return None
    if isinstance(value, bool | int | float | str):
        return pyoxigraph.Literal(value)
    if isinstance(value, Decimal):
        return _typed(format(value, "f"), _XSD + "decimal") if value.is_finite() else None
    datatype = _DATATYPES.get(type(value))
    return _typed(value.isoformat(), datatype) if datatype else None  # type: ignore[attr-defined]


def _literal_term(value: Text | rdflib.Literal) -> pyoxigraph.Literal:
    if value.language:
        return pyoxigraph.Literal(str(value), language=value.language)
    return _typed(str(value), value.datatype or _STRING)


def _typed(text: str, datatype: str) -> pyoxigraph.Literal:
    return pyoxigraph.Literal(text, datatype=NamedNode(datatype))
