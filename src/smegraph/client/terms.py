"""RDF terms out of what results in JSON or XML tell of them; what is none is named."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final, TypeAlias

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Triple

from smegraph.client.values import Term
from smegraph.namespaces import PREFIXES

Told: TypeAlias = Mapping[str, object]

_LANGUAGE_STRINGS: Final = frozenset(
    {PREFIXES["rdf"] + "langString", PREFIXES["rdf"] + "dirLangString"}
)
_ENCODED: Final = "label-"
_SHOWN: Final = 80  # characters
_MEMBERS: Final = frozenset({"type", "value", "datatype", "xml:lang", "its:dir"})
_AS_TEXT: Final = "STR() of the variable, in the query, gives its text"


class NoTerm(ValueError):
    """What stands in the place of a term is none; the message says why."""


def make_term(told: object) -> Term:
    """Return the term that a member of a solution tells (Query Results JSON Format §3.2.2).

    Raises NoTerm.

    >>> make_term({"type": "bnode", "value": "nodeID://b1"}) == make_term(
    ...     {"type": "bnode", "value": "nodeID://b1"}
    ... )
    True
    """
    if not isinstance(told, Mapping):
        raise NoTerm(f"{_shown(told)} is no term")
    if unknown := [name for name in told if name not in _MEMBERS]:
        raise NoTerm(f"its term has the member {_shown(unknown[0])}, which says nothing known")
    kind, value = told.get("type"), told.get("value")
    if kind in ("triple", "statement"):
        return _triple(value)
    if not isinstance(value, str):
        raise NoTerm(f"its value is {_shown(value)}, which is no text")
    if kind == "bnode":
        return blank_node(value)
    _check_characters(value)
    if kind in ("uri", "iri"):
        return _iri(value)
    if kind in ("literal", "typed-literal"):
        return _literal(value, told)
    raise NoTerm(f"{_shown(kind)} is no type of term")


def blank_node(label: str) -> BlankNode:
    """Return the blank node of a label, which may be any text: Virtuoso writes `nodeID://b1`.

    One label gives one node, and two give two. A label that Turtle would not take is written in
    hexadecimal digits; so is one that looks as if it had been.

    >>> str(blank_node("b1")), str(blank_node("b 1"))
    ('_:b1', '_:label-622031')
    """
    if not label.startswith(_ENCODED):
        with suppress(ValueError):
            return BlankNode(label)
    return BlankNode(_ENCODED + label.encode("utf-8", "surrogatepass").hex())


def _iri(text: str) -> NamedNode:
    try:
        return NamedNode(text)
    except ValueError as error:
        raise NoTerm(f"{_shown(text)} is no absolute IRI: {error}. {_AS_TEXT}") from error


def _literal(text: str, told: Told) -> Literal:
    datatype, language = _text(told, "datatype"), _text(told, "xml:lang")
    direction = _text(told, "its:dir")
    try:
        if not language:
            return Literal(text, datatype=_iri(datatype)) if datatype else Literal(text)
        if datatype and datatype not in _LANGUAGE_STRINGS:
            raise NoTerm(f"{_shown(text)} has both a language and the datatype {_shown(datatype)}")
        if direction:
            return Literal(text, language=language, direction=BaseDirection(direction))
        return Literal(text, language=language)
    except NoTerm:
        raise
    except ValueError as error:
        why = f"{_shown(text)} has the language tag {_shown(language)}, which is none: {error}"
        raise NoTerm(f"{why}. {_AS_TEXT}") from error


def _text(told: Told, name: str) -> str:
    """Return a member that may be missing, as nothing then."""
    found = told.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise NoTerm(f"its {name} is {_shown(found)}, which is no text")
    _check_characters(found)
    return found


def _check_characters(text: str) -> None:
    """Refuse what JSON can escape and Unicode has not: half of a pair of surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NoTerm(f"{_shown(text)} has half of a character") from error


def _triple(parts: object) -> Triple:
    if not isinstance(parts, Mapping):
        raise NoTerm(f"its triple is {_shown(parts)}")
    try:
        return Triple(*(make_term(parts.get(name)) for name in ("subject", "predicate", "object")))  # type: ignore[arg-type]
    except TypeError as error:
        raise NoTerm(f"its triple has a term where none of its kind may stand: {error}") from error


def _shown(found: object) -> str:
    """Return the beginning of what was told, in quotation marks and with escapes."""
    text = ascii(found) if isinstance(found, str) and not found.isprintable() else repr(found)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
