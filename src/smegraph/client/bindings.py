"""Values in the place of a query's variables; none can become another part of the query.

It is done on the tokens of the text, as neither the SPARQL 1.1 Protocol nor a VALUES clause (which
is joined after grouping) does the same for every query, here and at a service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pyoxigraph

from smegraph.client.errors import InvalidBinding
from smegraph.client.values import to_term
from smegraph.namespaces import PREFIXES
from smegraph.sparql.engine_text import query_texts
from smegraph.sparql.tokens import Token, calls_service, tokens


def bind(text: str, bindings: Mapping[str, object]) -> str:
    """Return a query in which values stand for variables, wherever these stood.

    The names go with or without "?". Raises InvalidBinding: a value that is no RDF term, a name
    that is no variable of the query, or one that must stay a variable (what SELECT names, what AS
    and VALUES bind).

    >>> bind("SELECT ?name { ?firm rdfs:label ?name # ?firm\\n}", {"firm": to_term("x")})
    'SELECT ?name {  "x"  rdfs:label ?name # ?firm\\n}'
    """
    values = {name.lstrip("?$"): str(to_term(value)) for name, value in bindings.items()}
    found = tokens(text)
    used = {token.text[1:] for token in found if token.kind == "variable"}
    _check_readings(found, values)
    if missing := [name for name in values if name not in used]:
        raise InvalidBinding(f"The query has no variable {_names(missing)}.")
    bound = "".join(_bound(text, found, values))
    if _is_malformed(bound) and not _is_malformed(text):
        raise InvalidBinding(
            f"A value cannot stand for {_names(values)} everywhere in this query. What SELECT "
            "names, what AS and VALUES bind, and what GROUP BY names alone must stay variables; "
            "and only an IRI can be a property or a graph."
        )
    return bound


def _names(names: Mapping[str, str] | list[str]) -> str:
    return ", ".join(f"?{name}" for name in names)


def _check_readings(found: list[Token], values: Mapping[str, str]) -> None:
    """Refuse what may be an IRI or a comparison: `?a<?b&&?c>?d` is read in either way."""
    for token in found:
        inside = re.findall(r"[?$](\w+)", token.text) if token.kind == "iri" else ()
        if clash := [name for name in inside if name in values]:
            raise InvalidBinding(
                f"It is not clear whether {token.text} is an IRI or compares {_names(clash)}. "
                'Put a space behind "<", or give the variable another name.'
            )


def _bound(text: str, found: list[Token], values: Mapping[str, str]) -> Iterator[str]:
    """Yield the text in parts; a value is set apart, lest it grow together with what follows."""
    end = 0
    for token in found:
        name = token.text[1:]
        if token.kind == "variable" and name in values:
            yield text[end : token.start]
            yield f" {values[name]} "
            end = token.end
    yield text[end:]


def _is_malformed(text: str) -> bool:
    """Return whether the engine cannot parse a query; what calls SERVICE is not tried.

    Parsing means asking an empty store, and a call would leave this machine.
    """
    return all(_is_refused(asked) for asked in query_texts(text))


def _is_refused(text: str) -> bool:
    if calls_service(text):
        return False
    try:
        pyoxigraph.Store().query(text, prefixes=dict(PREFIXES))
    except SyntaxError:
        return True
    except (RuntimeError, OSError, ValueError):  # It is parsed, and fails at something else.
        return False
    return False
