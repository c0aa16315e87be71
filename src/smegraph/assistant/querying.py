"""Any query that reads, with the places of the facts that stand in its answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from smegraph.assistant.asking import Answer, Asker
from smegraph.assistant.errors import ToolRefused
from smegraph.assistant.sources import framed, places
from smegraph.client import IRI, Rows
from smegraph.client.errors import MalformedQuery, ReadOnly, Refused
from smegraph.namespaces import ID, shorten
from smegraph.ontology.terms import FACT
from smegraph.sparql.tokens import is_update, tokens

_FORMS: Final = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct", "DESCRIBE": "describe"}
_LOOKED_UP: Final = 200  # things of an answer whose places are looked up
_NO_PLACES: Final = (
    "No row names a fact, so there are no places. To get them, add the fact to the query: "
    f"SELECT ... ?fact {{ ?fact a {shorten(FACT)} ; ... }}."
)


def run(
    asker: Asker, text: str, *, rows: int | None = None, behind: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the answer to a query, with places and works.

    Args:
        asker: what answers.
        text: a query in SPARQL 1.1; the usual prefixes need no declaration.
        rows: how many rows to show, no more than the limit; None shows as many as the limit allows.
        behind: works that are known to be behind the answer.

    Raises:
        ToolRefused: the text is no query, or the query is not answered.
    """
    shown = min(rows or asker.limits.rows, asker.limits.rows)
    answer, hints = _ask(asker, text)
    found = _things(answer)
    where = places(asker, sorted(found)[:_LOOKED_UP])
    works = {*behind, *(iri for iri in found if "/id/work-" in iri)}
    works |= {
        _iri(entry[name]) for entry in where for name in ("document", "work") if name in entry
    }
    result = {**_shown(answer, shown), "places": where[:shown]}
    if hints:
        result["hints"] = hints
    if not where:
        result["no_places"] = _NO_PLACES
    return framed(asker, result, works)


def _ask(asker: Asker, text: str) -> tuple[Answer, list[str]]:
    try:
        answer = asker.ask(_method(text), text)
    except ReadOnly as error:
        raise ToolRefused(f"The graph is only read. {error}") from error
    except MalformedQuery as error:
        hint = "Mend the query at that place and ask again; the usual prefixes are known."
        raise ToolRefused(f"This is no SPARQL 1.1: {error} {hint}") from error
    except Refused as error:
        raise ToolRefused(str(error)) from error
    return answer, list(answer.hints) if isinstance(answer, Rows) else []


def _method(text: str) -> str:
    """Return the method that asks a query; raises ToolRefused for what is no query."""
    if is_update(text):
        raise ToolRefused("The graph is only read: send SELECT, ASK, CONSTRUCT or DESCRIBE.")
    words = (token.text.upper() for token in tokens(text) if token.kind == "word")
    form = next((word for word in words if word in _FORMS), None)
    if form is None:
        raise ToolRefused("This is no query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE.")
    return _FORMS[form]


def _shown(answer: Answer, rows: int) -> dict[str, Any]:
    if isinstance(answer, bool):
        return {"answer": answer}
    if isinstance(answer, str):
        return {"turtle": answer}
    listed = [
        {name: _value(value) for name, value in row._asdict().items() if value is not None}
        for row in answer[:rows]
    ]
    shown: dict[str, Any] = {"rows": listed, "count": len(answer)}
    if len(answer) > rows:
        shown["not_shown"] = (
            f"{len(answer) - rows} rows: count in the query, or use LIMIT and OFFSET."
        )
    return shown


def _things(answer: Answer) -> set[str]:
    """Return the things of the graph that rows name."""
    if not isinstance(answer, Rows):
        return set()
    return {
        str(value)
        for row in answer
        for value in row
        if isinstance(value, IRI) and value.startswith(ID)
    }


def _value(value: object) -> object:
    if isinstance(value, IRI):
        return shorten(str(value))
    return value if isinstance(value, bool | int | float) else str(value)


def _iri(short: str) -> str:
    return short.replace("id:", ID, 1) if short.startswith("id:") else short.strip("<>")
